"""What nbgrader's gradebook has of an assignment: what was given by hand, and by machine.

All works within a transaction (:meth:`~mapt_course.marking.gradebook.Gradebook.transaction`):
what is written is saved at its end, all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from nbgrader import api

from ..merge import COMMENT, EXTRA, SCORE, TO_READ, Place, Values


@dataclass(frozen=True)
class Row:
    """What the gradebook has of one cell of one submission; ids are None where there is none."""

    grade_id: str | None = None
    auto_score: float | None = None
    score: float | None = None
    extra: float | None = None
    to_read: bool = False
    comment_id: str | None = None
    auto_comment: str | None = None
    comment: str | None = None


_GRADE = ("manual_score", "extra_credit", "needs_manual_grade")
Rows = Mapping[tuple[str, str, str], Row]  # by trainee, notebook, cell


def cells(gradebook: api.Gradebook, assignment: str) -> dict[tuple[str, str, str], tuple]:
    """The assignment's cells by notebook, name and kind: each one's type and highest score."""
    found = {}
    for kind in (api.GradeCell, api.SolutionCell, api.TaskCell):
        graded = kind is not api.SolutionCell
        columns = (kind.cell_type, kind.max_score) if graded else ()
        query = (
            select(api.Notebook.name, kind.name, *columns)
            .join(kind, kind.notebook_id == api.Notebook.id)
            .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
            .where(api.Assignment.name == assignment)
        )
        for notebook, name, *told in gradebook.db.execute(query):
            found[notebook, name, kind.__name__] = tuple(told) or (None, None)
    return found


def read(gradebook: api.Gradebook, assignment: str) -> dict[tuple[str, str, str], Row]:
    """All that was given for an assignment, by trainee, notebook and cell."""
    grade, comment = api.Grade, api.Comment
    columns = {
        grade: {
            "grade_id": grade.id,
            "auto_score": grade.auto_score,
            "score": grade.manual_score,
            "extra": grade.extra_credit,
            "to_read": grade.needs_manual_grade,
        },
        comment: {
            "comment_id": comment.id,
            "auto_comment": comment.auto_comment,
            "comment": comment.manual_comment,
        },
    }
    handed_in, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for table, wanted in columns.items():
        query = (
            select(handed_in.student_id, api.Notebook.name, api.BaseCell.name, *wanted.values())
            .select_from(table)
            .join(api.BaseCell, api.BaseCell.id == table.cell_id)
            .join(notebook, notebook.id == table.notebook_id)
            .join(api.Notebook, api.Notebook.id == notebook.notebook_id)
            .join(handed_in, handed_in.id == notebook.assignment_id)
            .join(api.Assignment, api.Assignment.id == handed_in.assignment_id)
            .where(api.Assignment.name == assignment)
        )
        for trainee, name, cell, *told in gradebook.db.execute(query):
            place = found.setdefault((trainee, name, cell), {})
            place.update(zip(wanted, told, strict=True))
    return {place: Row(**told) for place, told in found.items()}


def given(rows: Rows) -> dict[Place, Any]:
    """What was given by hand, for :func:`~mapt_course.marking.merge.merge`.

    An empty comment is none: formgrader writes one where a comment was taken away.
    """
    values = {}
    for place, row in rows.items():
        told = {SCORE: row.score, EXTRA: row.extra, COMMENT: row.comment or None}
        told[TO_READ] = True if row.to_read else None
        values |= {(*place, field): value for field, value in told.items() if value is not None}
    return values


def write(
    gradebook: api.Gradebook,
    rows: Rows,
    values: Values,
    to_read_again: Collection[tuple[str, str, str]] = (),
) -> None:
    """Make what was given by hand in these rows be what the values say.

    The flag that a cell waits for a mark is as nbgrader sets it: where there is no score at all,
    and where there is one for an earlier hand-in (``to_read_again``: trainee, notebook, cell).
    """
    grades, comments = [], []
    for place, row in rows.items():
        score, extra, comment, to_read = (
            values.get((*place, field)) for field in (SCORE, EXTRA, COMMENT, TO_READ)
        )
        if row.grade_id:
            nothing = score is None and row.auto_score is None
            again = place in to_read_again and score is not None
            told = (score, extra, bool(to_read or nothing or again))
            if told != (row.score, row.extra, row.to_read):
                grades.append({"id": row.grade_id, **dict(zip(_GRADE, told, strict=True))})
        if row.comment_id and comment != (row.comment or None):
            comments.append({"id": row.comment_id, "manual_comment": comment})
    _update(gradebook, api.Grade, grades)
    _update(gradebook, api.Comment, comments)


def submissions(gradebook: api.Gradebook, assignment: str) -> dict[str, dict[str, Any]]:
    """Who handed in, with what a marker's gradebook needs of it, as :func:`take_in` takes it."""
    query = (
        select(api.Student, api.SubmittedAssignment.timestamp, api.SubmittedNotebook)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.student_id == api.Student.id)
        .join(
            api.SubmittedNotebook,
            api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id,
        )
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .where(api.Assignment.name == assignment)
    )
    names = dict(
        gradebook.db.execute(
            select(api.Notebook.id, api.Notebook.name)
            .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
            .where(api.Assignment.name == assignment)
        ).all()
    )
    found: dict[str, dict[str, Any]] = {}
    for student, timestamp, notebook in gradebook.db.execute(query):
        told = found.setdefault(
            student.id,
            {
                "first_name": student.first_name,
                "last_name": student.last_name,
                "timestamp": timestamp.isoformat() if timestamp else None,
                "notebooks": {},
            },
        )
        told["notebooks"][names[notebook.notebook_id]] = {
            "flagged": bool(notebook.flagged),
            "late_penalty": notebook.late_submission_penalty,
        }
    return found


def add_assignment(gradebook: api.Gradebook, assignment: str, cells: Mapping[Any, tuple]) -> None:
    """Make an assignment with its notebooks and cells (as :func:`cells` has them)."""
    own = gradebook.db.scalar(select(api.Assignment).where(api.Assignment.name == assignment))
    own = own or api.Assignment(assignment, course_id=gradebook.course_id or "default_course")
    notebooks = {
        name: api.Notebook(name=name, assignment=own)
        for name in sorted({notebook for notebook, _, _ in cells})
    }
    for (notebook, name, kind), (cell_type, max_score) in cells.items():
        told = {} if cell_type is None else {"cell_type": cell_type, "max_score": max_score}
        getattr(api, kind)(name=name, notebook=notebooks[notebook], **told)
    gradebook.db.add(own)
    gradebook.db.flush()


def take_in(
    gradebook: api.Gradebook,
    assignment: str,
    trainees: Mapping[str, Mapping[str, Any]],
) -> None:
    """Put submissions in, or new hand-ins in the place of old ones; marks by hand are left alone.

    ``trainees``: as :func:`submissions` has them, with ``marked``, a list of notebook, cell,
    score and comment by machine.
    """
    db = gradebook.db
    own = gradebook.find_assignment(assignment)
    known = {each.student_id: each for each in own.submissions}
    for trainee, told in trainees.items():
        submission = known.get(trainee) or _new_submission(gradebook, own, trainee, told)
        when = told["timestamp"]
        submission.timestamp = datetime.fromisoformat(when) if when else None
        for notebook in submission.notebooks:
            state = told["notebooks"].get(notebook.notebook.name, {})
            notebook.flagged = notebook.flagged or state.get("flagged", False)
            notebook.late_submission_penalty = state.get("late_penalty")
    db.flush()
    now = read(gradebook, assignment)
    grades, comments = [], []
    for trainee, told in trainees.items():
        for notebook, cell, auto_score, auto_comment in told["marked"]:
            row = now.get((trainee, notebook, cell), Row())
            if row.grade_id:
                grades.append({"id": row.grade_id, "auto_score": auto_score})
            if row.comment_id:
                comments.append({"id": row.comment_id, "auto_comment": auto_comment})
    _update(gradebook, api.Grade, grades)
    _update(gradebook, api.Comment, comments)


def _update(gradebook: api.Gradebook, table: type, changes: list[dict[str, Any]]) -> None:
    if changes:
        gradebook.db.execute(update(table), changes)


def _new_submission(gradebook, assignment, trainee: str, told: Mapping[str, Any]):
    db = gradebook.db
    student = db.get(api.Student, trainee)
    if student is None:
        names = {name: told[name] for name in ("first_name", "last_name")}
        student = api.Student(id=trainee, **names)
    made = api.SubmittedAssignment(assignment=assignment, student=student)
    for notebook in assignment.notebooks:
        own = api.SubmittedNotebook(notebook=notebook, assignment=made, flagged=False)
        for cell in notebook.grade_cells + notebook.task_cells:
            api.Grade(cell_id=cell.id, notebook=own)
        for cell in notebook.solution_cells + notebook.task_cells:
            api.Comment(cell_id=cell.id, notebook=own)
    db.add(made)
    return made
