"""nbgrader's gradebook, opened once for many submissions, with one transaction for each.

Rows are found, made and filled by nbgrader's own code. That code commits at every step; here
its session works inside a transaction of ours, and its commits wait for the end of it. So a
submission is in the gradebook with all its marks, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy import event, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config, PyFileConfigLoader

from nbgrader import api, utils

from . import submission
from .submission import Assignment

PATIENCE = 60  # seconds to wait for another program that writes


class GradebookError(Exception):
    """The gradebook, or what it should hold, is not there; the message says what to do."""


@dataclass(frozen=True)
class Row:
    """What the gradebook holds of a submission before it is marked.

    ``due``: with an extension, if there is one; ``timestamp``: of the submission marked last.
    """

    flagged: bool = False
    marked: bool = False
    due: datetime | None = None
    timestamp: datetime | None = None


class Gradebook:
    """The gradebook of a course folder with nbgrader's configuration."""

    def __init__(self, root: Path, configuration: str):
        """GradebookError where there is none, or where it cannot be opened."""
        try:
            self.config: Config = PyFileConfigLoader(configuration, str(root)).load_config()
        except Exception as wrong:  # it is a program, and may fail in any way
            raise GradebookError(f"{root / configuration} cannot be read: {wrong}") from wrong
        self.course = CourseDirectory(config=self.config)
        file = make_url(self.course.db_url).database
        sqlite = self.course.db_url.startswith("sqlite:")
        if sqlite and not Path(file).is_file():
            raise GradebookError(f"There is no gradebook yet ({file}). Run: mapt release")
        try:
            self._api = api.Gradebook(self.course.db_url, self.course.course_id)
        except SQLAlchemyError as wrong:
            raise GradebookError(
                f"The gradebook {file} cannot be opened: {_reason(wrong)} "
                "If nbgrader is new here, run: nbgrader db upgrade. Otherwise bring back a copy."
            ) from wrong
        self._api.db.remove()
        self._api.engine.dispose()
        if sqlite:
            event.listen(self._api.engine, "connect", _wait_for_others)
            event.listen(self._api.engine, "begin", _lock_at_once)
        self._scores = SaveAutoGrades(config=self.config)
        self._late = AssignLatePenalties(config=self.config)
        self._late.init_plugin()

    def close(self) -> None:
        """End the connection."""
        self._api.close()

    def check(self, assignment: Assignment) -> None:
        """GradebookError where the gradebook does not have this edition of the assignment."""
        name = assignment.name
        with self._transaction() as gradebook:
            try:
                rows = gradebook.find_notebook(name, name).source_cells
            except api.MissingEntry:
                raise GradebookError(
                    f"“{name}” is not in the gradebook. Run: mapt release {name}"
                ) from None
            known = {row.name: row.checksum for row in rows}
        for cell in assignment.shown:
            told = cell.metadata.get("nbgrader")
            if told and not known.get(told.grade_id) == told.checksum == utils.compute_checksum(
                cell
            ):
                raise GradebookError(
                    f"The cell “{told.grade_id}” of exercises/{name} is not the one in the "
                    f"gradebook. Run: mapt release {name}"
                )
            quiz = assignment.bank.quizzes.get(told.grade_id) if told else None
            worth = quiz and sum(assignment.bank.items[item].points for item in quiz.items)
            if quiz and worth != told.points:
                raise GradebookError(
                    f"The questions of “{quiz.id}” are worth {worth:g} points in items.toml and "
                    f"{told.points} in the release. Run: mapt build, then: mapt release {name}"
                )

    def row(self, assignment: str, trainee: str) -> Row:
        """What the gradebook holds of a trainee's submission now."""
        with self._transaction() as gradebook:
            try:
                submitted = gradebook.find_submission(assignment, trainee)
            except api.MissingEntry:
                return Row(due=gradebook.find_assignment(assignment).duedate)
            [notebook] = [each for each in submitted.notebooks if each.name == assignment]
            unmarked = any(
                grade.auto_score is None and grade.cell_type == "code" for grade in notebook.grades
            )
            due = submission.due(submitted)
            return Row(bool(notebook.flagged), not unmarked, due, submitted.timestamp)

    def waiting(self, assignment: str) -> list[str]:
        """The trainees of whom something is to be read and marked by hand."""
        asked = (
            select(api.SubmittedAssignment.student_id)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .where(api.Assignment.name == assignment)
            .where(api.SubmittedAssignment.needs_manual_grade)
        )
        with self._transaction() as gradebook:
            return sorted(gradebook.db.scalars(asked))

    @contextmanager
    def submission(
        self, assignment: str, trainee: str, timestamp: datetime | None
    ) -> Iterator[api.SubmittedAssignment]:
        """A trainee's submission in the gradebook, made if it is new; saved at the end.

        An exception within, or SIGKILL, leaves the gradebook as it was.
        """
        with self._transaction() as gradebook:
            if self.config.Autograde.get("create_student", True):
                gradebook.update_or_create_student(trainee)
            else:
                gradebook.find_student(trainee)
            told = {"timestamp": timestamp} if timestamp else {}
            yield gradebook.update_or_create_submission(assignment, trainee, **told)

    def save(self, submitted: api.SubmittedAssignment, notebook: NotebookNode) -> None:
        """Write the marks of a marked notebook, and what lateness costs; within a submission."""
        name = submitted.assignment.name
        scores = self._scores
        scores.gradebook, scores.student_id = self._api, submitted.student_id
        scores.notebook_id = scores.assignment_id = name
        for index, cell in enumerate(notebook.cells):
            scores.preprocess_cell(cell, {}, index)
        [row] = [each for each in submitted.notebooks if each.name == name]
        if any(note.damage for note in submission.noted(notebook)):
            row.flagged = True  # set, never cleared: it may be the trainer's own
        row.late_submission_penalty = None
        seconds = submission.seconds_late(submitted.timestamp, submission.due(submitted))
        if seconds > 0:
            self._api.db.flush()  # the score is a sum over the rows
            plugin = self._late.plugin_inst
            penalty = plugin.late_submission_penalty(submitted.student_id, row.score, seconds)
            if penalty is not None:
                row.late_submission_penalty = min(max(penalty, 0), row.score)

    @contextmanager
    def _transaction(self) -> Iterator[api.Gradebook]:
        with self._api.engine.begin() as connection:
            # nbgrader's commits end its session's part; ours, at the end, is the one that counts.
            self._api.db.configure(
                bind=connection,
                join_transaction_mode="rollback_only",
                autoflush=False,  # it flushes at its commits; in between rows are half made
                expire_on_commit=False,
            )
            try:
                yield self._api
                self._api.db.commit()
            finally:
                self._api.db.remove()


def explain(wrong: SQLAlchemyError) -> str:
    """Why the gradebook did not take a submission, in a sentence."""
    if "locked" in str(wrong):
        return (
            f"Another program kept the gradebook busy for {PATIENCE} seconds. "
            "Close it, or wait, and run mapt mark again."
        )
    return f"The gradebook did not take it: {_reason(wrong)}"


def _reason(wrong: SQLAlchemyError) -> str:
    told = str(getattr(wrong, "orig", None) or wrong).splitlines()[0]
    return f"{told.rstrip('.')}."


def _wait_for_others(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by the line below, not by the driver
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")


def _lock_at_once(connection: Any) -> None:
    # From the first look on nobody else writes: what formgrader saves comes before or after.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
