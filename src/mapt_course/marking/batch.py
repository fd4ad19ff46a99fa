"""``mapt mark``: a whole cohort marked in one process, with the stock command's result.

For every submission it writes ``autograded/<trainee>/<assignment>/`` and the gradebook's rows
as ``nbgrader autograde`` does with this course's configuration. What is done is never undone:
the new files are made beside the old ones and take their place around the gradebook's
transaction, so that a submission is marked, or as it was and marked the next time.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from . import quickly  # noqa: F401

# isort: split
import nbformat
from filelock import FileLock
from nbformat.notebooknode import NotebookNode
from sqlalchemy.exc import SQLAlchemyError

from .. import bank as banks
from .. import record
from . import folder, release, submission
from .gradebook import Gradebook, GradebookError, explain
from .marker import Note
from .report import FAILED, MARKED, UNCHANGED, Outcome, Progress, summary
from .shared import Shared
from .submission import Assignment, Refused

STAGING = ".marking-"  # in autograded/: what is not in its place yet
LOCK = ".marking.lock"


def main(assignments: list[str], force: bool = False, root: Path | None = None) -> int:
    """Mark the submissions of the assignments (of all, where none is named).

    ``force``: also what is marked already. 0 where all could be marked.
    """
    sys.stdout.reconfigure(errors="replace")  # names may be of any script, a terminal may not
    try:
        cohort = Cohort(root or release.find_root(Path.cwd()), force)
    except (release.ReleaseError, GradebookError) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    try:
        names = assignments or cohort.assignments()
        if not names:
            print("Nothing is released yet. Run: mapt release", file=sys.stderr)
        return max([cohort.mark(name) for name in names], default=1)
    except SQLAlchemyError as wrong:
        print(explain(wrong), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nStopped. What is marked is kept. Run mapt mark again for the rest.", file=sys.stderr
        )
        raise
    finally:
        cohort.close()


class Cohort:
    """The submissions of a course folder, its gradebook, and the way from one to the other."""

    def __init__(self, root: Path, force: bool):
        self.root, self.force = root, force
        self.gradebook = Gradebook(root, release.CONFIGURATION)
        self.course = self.gradebook.course
        self.autograded = self._path(self.course.autograded_directory, ".", ".")
        try:
            self.autograded.mkdir(exist_ok=True)
            self.lock = FileLock(self.autograded / LOCK)
            with self.lock:  # nobody else is at work: what is left there is of one that was killed
                for left in self.autograded.glob(f"{STAGING}*"):
                    shutil.rmtree(left)
        except OSError as wrong:
            self.close()
            raise GradebookError(
                f"Nothing can be written in {self.autograded}: {wrong.strerror}."
            ) from wrong

    def close(self) -> None:
        """Let go of the gradebook."""
        self.gradebook.close()

    def assignments(self) -> list[str]:
        """The released assignments."""
        source = self._path(self.course.source_directory, ".", ".")
        names = sorted(each.parent.name for each in source.glob("*/items.toml"))
        return [name for name in names if self._release(name).is_dir()]

    def mark(self, name: str) -> int:
        """Mark an assignment's submissions and print what came of it; 0 if all could be marked."""
        try:
            assignment = self._assignment(name)
        except (GradebookError, release.ReleaseError, banks.BankError) as wrong:
            print(wrong, file=sys.stderr)
            return 1
        excluded = self.course.student_id_exclude.split(",")
        submitted = self._path(self.course.submitted_directory, ".", ".")
        places = [p for p in submission.find(submitted, name) if p.parent.name not in excluded]
        shared = Shared(places)
        progress = Progress(name, len(places), sys.stdout)
        outcomes = []
        try:
            for place in places:
                outcomes.append(self._outcome(assignment, place, shared))
                progress.step(outcomes[-1])
        finally:
            progress.end()
            print(summary(name, outcomes, len(self.gradebook.waiting(name))), flush=True)
        return int(any(outcome.state == FAILED for outcome in outcomes))

    def _assignment(self, name: str) -> Assignment:
        """The assignment, once it is sure that all of its parts are of one edition."""
        source = self._path(self.course.source_directory, ".", name)
        if not (source / "items.toml").is_file():
            raise release.ReleaseError(f"There is no assignment “{name}” in {source.parent}.")
        try:
            assignment = submission.read_assignment(source, self._release(name))
        except FileNotFoundError:
            raise release.ReleaseError(
                f"“{name}” is not released. Run: mapt release {name}"
            ) from None
        except (nbformat.reader.NotJSONError, nbformat.ValidationError, KeyError):
            raise release.ReleaseError(
                f"The notebook in {self._release(name)} is damaged. Run: mapt release {name}"
            ) from None
        self.gradebook.check(assignment)
        return assignment

    def _outcome(self, assignment: Assignment, place: Path, shared: Shared) -> Outcome:
        """Mark one submission; whatever happens, the others are not touched."""
        trainee = place.parent.name
        try:
            submission.refuse(trainee, place)
            with self.lock:
                return self._mark(assignment, place, shared)
        except Refused as wrong:
            reason = str(wrong)
        except SQLAlchemyError as wrong:
            reason = explain(wrong)
        except OSError as wrong:
            reason = f"{wrong.strerror or wrong}: {wrong.filename or place}"
        except Exception as wrong:
            reason = f"An unexpected fault: {type(wrong).__name__}: {wrong}"
        return Outcome(trainee, FAILED, (reason,))

    def _mark(self, assignment: Assignment, place: Path, shared: Shared) -> Outcome:
        trainee = place.parent.name
        folder.tidy(place)
        target = self._path(self.course.autograded_directory, trainee, assignment.name)
        row = self.gradebook.row(assignment.name, trainee)
        handed_in = self.course.get_existing_timestamp(str(place))
        common = shared.notes(trainee)
        before = _noted(target / f"{assignment.name}.ipynb")
        if before is not None and row.marked and not self.force:
            marked = self.course.get_existing_timestamp(str(target))
            newer = handed_in and marked and handed_in > marked
            # Who copied from a submission that was marked before makes it worth another look.
            if not newer and all(note in before for note in common):
                # A flag that was taken away has been dealt with.
                told = [note for note in before if row.flagged or not note.damage]
                return Outcome(trainee, UNCHANGED, _remarks(told, shared, trainee))
        late = submission.late(submission.seconds_late(handed_in or row.timestamp, row.due))
        reading = record.read(place / record.NAME)
        notebook = submission.rebuild(assignment, place, reading)
        notes = submission.mark(assignment, notebook, place, reading, [*late, *common])
        with TemporaryDirectory(prefix=STAGING, dir=self.autograded) as staging:
            new, old = Path(staging) / "new", Path(staging) / "old"
            self._write(new, place, assignment.name, notebook)
            with (
                _taking_the_place_of(target, new, old),
                self.gradebook.submission(assignment.name, trainee, handed_in) as submitted,
            ):
                self.gradebook.save(submitted, notebook)
        return Outcome(trainee, MARKED, _remarks(notes, shared, trainee))

    def _write(self, new: Path, place: Path, name: str, notebook: NotebookNode) -> None:
        new.mkdir(mode=0o755)
        folder.bring(place, new)
        folder.keep_only_needed(new, place)
        content = nbformat.v4.writes(notebook) + "\n"
        (new / f"{name}.ipynb").write_text(content, encoding="utf-8")
        shared = self.course.groupshared
        for each in new.iterdir():
            each.chmod(0o664 if shared else 0o444)
        if shared:
            new.chmod(0o2775)

    def _release(self, name: str) -> Path:
        return self._path(self.course.release_directory, ".", name)

    def _path(self, step: str, trainee: str, assignment: str) -> Path:
        return Path(self.course.format_path(step, trainee, assignment))


@contextmanager
def _taking_the_place_of(target: Path, new: Path, old: Path) -> Iterator[None]:
    """Move ``target`` away while the marks are saved, and put ``new`` in its place then.

    Whoever is killed in between leaves no ``target``: that submission is marked the next time.
    """
    target.parent.mkdir(exist_ok=True)
    if target.exists():
        target.rename(old)
    try:
        yield
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    new.rename(target)


def _noted(notebook: Path) -> list[Note] | None:
    """What was noted when a notebook was marked; None where there is none."""
    try:
        return submission.noted(json.loads(notebook.read_bytes()))
    except (OSError, ValueError):
        return None
    except KeyError:  # marked before notes were kept
        return []


def _remarks(notes: Iterable[Note], shared: Shared, trainee: str) -> tuple[str, ...]:
    remarks = [n.text for n in notes if n.damage or n.text.startswith(submission.NOTHING)]
    others = shared.trainees(trainee)
    if remarks and others:
        remarks.append(f"The same entries are in the record of: {', '.join(others)}.")
    return tuple(remarks)
