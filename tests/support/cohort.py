"""A cohort made by code: rows through nbgrader's Gradebook, small notebooks, marks by hand."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from course_copy import CHECKOUT
from nbgrader.api import Gradebook
from sqlalchemy import text
from sqlalchemy.exc import SAWarning

ASSIGNMENT = "roots-check"
REFLECTION = "roots-check-r1"


def course(root: Path, gradebook: Path | None = None) -> Path:
    """A course folder with the configuration, and a copy of a gradebook."""
    root.mkdir(parents=True)
    (root / "solutions").mkdir()
    shutil.copy(CHECKOUT / "nbgrader_config.py", root)
    if gradebook:
        shutil.copy(gradebook, root / "gradebook.db")
    return root


def opened(root: Path) -> Gradebook:
    """The gradebook of a course folder; it does not wait for the disk, which takes most time."""
    gradebook = Gradebook(f"sqlite:///{root / 'gradebook.db'}", "mapt")
    gradebook.db.execute(text("PRAGMA synchronous=OFF"))
    gradebook.db.commit()
    return gradebook


def add_assignment(gradebook: Gradebook) -> None:
    """The cells that ``nbgrader generate_assignment`` makes of roots-check."""
    gradebook.add_assignment(ASSIGNMENT, course_id="mapt")
    gradebook.add_notebook(ASSIGNMENT, ASSIGNMENT)
    where = (ASSIGNMENT, ASSIGNMENT)
    gradebook.add_grade_cell(ASSIGNMENT, *where, max_score=9, cell_type="code")
    gradebook.add_grade_cell(REFLECTION, *where, max_score=4, cell_type="markdown")
    gradebook.add_solution_cell(REFLECTION, *where)


def hand_in(root: Path, trainee: str, text: str = "{}") -> None:
    """The files of a submission that was collected and marked."""
    for step in ("submitted", "autograded"):
        place = root / step / trainee / ASSIGNMENT
        place.mkdir(parents=True, exist_ok=True)
        cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": f"{trainee} wrote"}]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (place / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))
        (place / "responses.jsonl").write_text(f"{text} {trainee}\n")
        (place / "timestamp.txt").write_text("2026-11-20 09:00:00.000000 UTC")
        (place / "submission_secret.txt").write_text("0123456789abcdef" * 8)


def add_trainees(gradebook: Gradebook, trainees: Iterable[str]) -> None:
    """Submissions in the gradebook, not marked yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own, of how it adds its rows
        for trainee in trainees:
            gradebook.add_student(trainee, email=f"{trainee}@example.org")
            gradebook.add_submission(ASSIGNMENT, trainee)


def autograde(gradebook: Gradebook, trainees: Iterable[str], score: float, wrote=True) -> None:
    """The rows that autograding leaves; who wrote no reflection has 0 for it."""
    wanted = set(trainees)
    for submission in gradebook.assignment_submissions(ASSIGNMENT):
        if submission.student_id in wanted:
            for grade in submission.notebooks[0].grades:
                quiz = grade.cell.name == ASSIGNMENT
                grade.auto_score = score if quiz else None if wrote else 0
                again = grade.manual_score is not None
                grade.needs_manual_grade = again or grade.auto_score is None
    gradebook.db.commit()


def give(
    gradebook: Gradebook,
    trainee: str,
    score: float | None = None,
    comment: str | None = None,
    extra: float | None = None,
    cell: str = REFLECTION,
) -> None:
    """A score and a comment as formgrader's GradeHandler and CommentHandler write them."""
    where = (cell, ASSIGNMENT, ASSIGNMENT, trainee)
    grade = gradebook.find_grade(*where)
    grade.manual_score, grade.extra_credit = score, extra
    grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
    if comment is not None:
        gradebook.find_comment(*where).manual_comment = comment
    gradebook.db.commit()


def give_all(gradebook: Gradebook, given: Callable[[str], tuple]) -> None:
    """The same for everybody: ``given`` has score, comment and extra credit of a trainee."""
    for submission in gradebook.assignment_submissions(ASSIGNMENT):
        [notebook] = submission.notebooks
        [grade] = [each for each in notebook.grades if each.cell.name == REFLECTION]
        [comment] = notebook.comments
        grade.manual_score, comment.manual_comment, grade.extra_credit = given(
            submission.student_id
        )
        grade.needs_manual_grade = False
    gradebook.db.commit()


def marks(gradebook: Gradebook, trainees: Iterable[str] | None = None) -> dict[str, tuple]:
    """Score, extra credit, comment of each reflection, and whether it waits."""
    found = {}
    for submission in gradebook.assignment_submissions(ASSIGNMENT):
        name = submission.student_id
        if trainees is None or name in trainees:
            [notebook] = submission.notebooks
            [grade] = [each for each in notebook.grades if each.cell.name == REFLECTION]
            [comment] = notebook.comments
            found[name] = (
                grade.manual_score,
                grade.extra_credit,
                comment.manual_comment,
                grade.needs_manual_grade,
            )
    return found
