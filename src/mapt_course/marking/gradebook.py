"""nbgrader's gradebook, opened once for many submissions, with one transaction for each.

Students and submissions are found and made by nbgrader's own code, and its functions give a
cell's score. That code commits at every step; here its session works inside a transaction of
ours, and its commits wait for the end of it. So a submission is in the gradebook with all its
marks, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import bindparam, event, func, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config, PyFileConfigLoader

from nbgrader import api, utils

from . import submission
from .release import own_programs_first
from .submission import Assignment, Refused

PATIENCE = 60  # seconds to wait for another program that writes


class GradebookError(Exception):
    """The gradebook, or what it should hold, is not there; the message says what to do."""


# A submission and its notebook, if there are any; how many of its graded cells of code, which
# marking gives a score at once, have none.
_ROW = (
    select(
        api.Assignment.duedate,
        api.SubmittedAssignment.extension,
        api.SubmittedAssignment.timestamp,
        api.SubmittedNotebook.flagged,
        select(func.count())
        .select_from(api.Grade)
        .join(api.GradeCell.__table__, api.GradeCell.__table__.c.id == api.Grade.cell_id)
        .where(api.Grade.notebook_id == api.SubmittedNotebook.id)
        .where(api.Grade.auto_score.is_(None), api.GradeCell.__table__.c.cell_type == "code")
        .scalar_subquery()
        .label("unmarked"),
    )
    .select_from(api.Assignment)
    .outerjoin(
        api.SubmittedAssignment,
        (api.SubmittedAssignment.assignment_id == api.Assignment.id)
        & (api.SubmittedAssignment.student_id == bindparam("trainee")),
    )
    .outerjoin(
        api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id
    )
    .where(api.Assignment.name == bindparam("assignment"))
)


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

    def __init__(self, root: Path, configuration: str, make: bool = False):
        """GradebookError where there is none (unless it is to be made) or it cannot be opened."""
        try:
            self.config: Config = PyFileConfigLoader(configuration, str(root)).load_config()
        except Exception as wrong:  # it is a program, and may fail in any way
            raise GradebookError(f"{root / configuration} cannot be read: {wrong}") from wrong
        self.course = CourseDirectory(config=self.config)
        file = make_url(self.course.db_url).database
        sqlite = self.course.db_url.startswith("sqlite:")
        if make:
            own_programs_first()
        elif sqlite and not Path(file).is_file():
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
        self._names: dict[str, str] = {}  # of the cells of the assignments that were checked

    def close(self) -> None:
        """End the connection."""
        self._api.close()

    def check(self, assignment: Assignment) -> None:
        """GradebookError where the gradebook does not have this edition of the assignment."""
        name = assignment.name
        with self.transaction() as gradebook:
            try:
                notebook = gradebook.find_notebook(name, name)
            except api.MissingEntry:
                raise GradebookError(
                    f"“{name}” is not in the gradebook. Run: mapt release {name}"
                ) from None
            known = {row.name: row.checksum for row in notebook.source_cells}
            cells = select(api.BaseCell.id, api.BaseCell.name).filter_by(notebook_id=notebook.id)
            self._names |= dict(gradebook.db.execute(cells).all())
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
        asked = {"assignment": assignment, "trainee": trainee}
        with self.transaction() as gradebook:
            found = gradebook.db.execute(_ROW, asked).one()
        extension = found.extension or timedelta()
        due = found.duedate + extension if found.duedate else None
        marked = found.flagged is not None and not found.unmarked
        return Row(bool(found.flagged), marked, due, found.timestamp)

    def waiting(self, assignment: str) -> list[str]:
        """The trainees of whom something is to be read and marked by hand."""
        asked = (
            select(api.SubmittedAssignment.student_id)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .where(api.Assignment.name == assignment)
            .where(api.SubmittedAssignment.needs_manual_grade)
        )
        with self.transaction() as gradebook:
            return sorted(gradebook.db.scalars(asked))

    @contextmanager
    def submission(
        self, assignment: str, trainee: str, timestamp: datetime | None
    ) -> Iterator[api.SubmittedAssignment]:
        """A trainee's submission in the gradebook, made if it is new; saved at the end.

        An exception within, or SIGKILL, leaves the gradebook as it was.
        """
        with self.transaction() as gradebook:
            if self.config.Autograde.get("create_student", True):
                gradebook.update_or_create_student(trainee)
            elif trainee not in [student.id for student in gradebook.students]:
                raise Refused("The gradebook does not know this trainee, and is set to add nobody.")
            told = {"timestamp": timestamp} if timestamp else {}
            yield gradebook.update_or_create_submission(assignment, trainee, **told)

    def save(self, submitted: api.SubmittedAssignment, notebook: NotebookNode) -> None:
        """Write the marks of a marked notebook, and what lateness costs; within a submission."""
        [row] = [each for each in submitted.notebooks if each.name == submitted.assignment.name]
        cells = {
            cell.metadata.nbgrader.grade_id: cell
            for cell in notebook.cells
            if utils.is_grade(cell) or utils.is_solution(cell)
        }
        grades = {self._names.get(grade.cell_id): grade for grade in row.grades}
        comments = {self._names.get(comment.cell_id): comment for comment in row.comments}
        for name, cell in cells.items():
            if name not in grades:
                raise Refused(
                    f"The gradebook has no place for the score of “{name}”: the assignment was "
                    "released with other cells after this submission was marked first."
                )
            if utils.is_grade(cell):
                grade = grades[name]
                grade.auto_score, _ = utils.determine_grade(cell)
                # Who gave a score by hand is asked to look again, as nbgrader has it.
                by_hand = grade.manual_score is not None
                grade.needs_manual_grade = by_hand or grade.auto_score is None
            if utils.is_solution(cell):
                untouched = cell.metadata.nbgrader.checksum == utils.compute_checksum(cell)
                comments[name].auto_comment = "No response." if untouched else None
        if any(note.damage for note in submission.noted(notebook)):
            row.flagged = True  # set, never cleared: it may be the trainer's own
        row.late_submission_penalty = None
        seconds = submission.seconds_late(submitted.timestamp, submission.due(submitted))
        if seconds > 0:
            self._api.db.flush()  # the score is a sum over the rows
            row.late_submission_penalty = self._penalty(submitted.student_id, row.score, seconds)

    def _penalty(self, trainee: str, score: float, seconds: float) -> float | None:
        """What lateness costs by the configuration; nothing, unless it says something of it."""
        if not {"AssignLatePenalties", "LateSubmissionPlugin"} & self.config.keys():
            return None
        from nbgrader.preprocessors import AssignLatePenalties  # seldom needed, slow to load

        late = AssignLatePenalties(config=self.config)
        late.init_plugin()
        penalty = late.plugin_inst.late_submission_penalty(trainee, score, seconds)
        return None if penalty is None else min(max(penalty, 0), score)

    @contextmanager
    def transaction(self) -> Iterator[api.Gradebook]:
        """nbgrader's own gradebook. All that is done with it is saved at the end, or nothing."""
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
            "Close it, or wait, and try again."
        )
    return f"The gradebook failed: {_reason(wrong)}"


def _reason(wrong: SQLAlchemyError) -> str:
    told = str(getattr(wrong, "orig", None) or wrong).splitlines()[0]
    return f"{told.rstrip('.')}."


def _wait_for_others(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by the line below, not by the driver
    connection.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")


def _lock_at_once(connection: Any) -> None:
    # From the first look on nobody else writes: what formgrader saves comes before or after.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
