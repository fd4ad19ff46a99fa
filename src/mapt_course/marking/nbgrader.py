"""What the stock nbgrader commands use by configuration (``nbgrader_config.py``).

``nbgrader autograde`` in two stages, as it has them. *Sanitize*: the trainee's notebook gives
way to one that is rebuilt. *Autograde*: where stock nbgrader would run the notebook, it is
marked from the record. Both are :mod:`~mapt_course.marking.submission`'s. There is no kernel.

What a trainer should look at is written into the log, shown above the table, and sets
formgrader's flag on the submission.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearOutput, NbGraderPreprocessor

from .. import record
from ..foreign import one_line
from . import folder, submission
from .shared import Shared

CALL = re.compile(r"from mapt_course import (quiz|reflection|form|hand_in); \1\(\"[a-z0-9-]+\"\)")
RELEASE = "exercises"


class KeepQuestions(ClearOutput):
    """For release: clear all outputs but the questions that the build wrote under their cell."""

    def preprocess_cell(self, cell, resources, cell_index):
        """Leave a cell of the course's as it is."""
        if cell.cell_type == "code" and CALL.fullmatch(cell.source.strip()):
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)


def before_autograde(notebooks: list[str], **_: Any) -> None:
    """Autograde's ``pre_convert_hook``: make a submission's folder safe to copy.

    ``notebooks`` is nbgrader's own list of the submission's notebooks. nbgrader goes by their
    names and would mark a renamed one never; so the list is made to hold the expected name.
    """
    place = Path(notebooks[0]).parent
    assignment = place.name
    expected = place / f"{assignment}.ipynb"
    release = place.parents[2] / RELEASE / assignment / expected.name
    folder.tidy(place)
    if release.is_file():
        notebooks[:] = [str(expected)]


class Exporter(NotebookExporter):
    """Opens the notebooks that this module has built, and no other.

    For a submission the preprocessors get an empty notebook; :class:`Rebuild` reads the files.
    """

    def from_filename(self, filename, resources=None, **kw):
        """The converted notebook and its resources, as nbconvert has it."""
        told = resources["nbgrader"]
        place = _path(_coursedir(self), "autograded_directory", told["student"], told["assignment"])
        if Path(filename).parent.resolve() == place.resolve():
            return super().from_filename(filename, resources, **kw)
        resources["metadata"] = {"name": told["notebook"], "path": str(Path(filename).parent)}
        return self.from_notebook_node(nbformat.v4.new_notebook(), resources, **kw)


class _Stage(NbGraderPreprocessor):
    """What both stages need to know of a submission."""

    def _begin(self, resources: Mapping[str, Any]) -> None:
        told = resources["nbgrader"]
        self.student, self.assignment = told["student"], told["assignment"]
        self.notebook, self.db_url = told["notebook"], told["db_url"]
        self.course = _coursedir(self)
        self.submitted = self._folder("submitted_directory", self.student)
        submission.refuse(self.student, self.submitted)
        self.known = submission.read_assignment(
            self._folder("source_directory", "."), self._folder("release_directory", ".")
        )
        self.reading = record.read(self.submitted / record.NAME)

    def _folder(self, step: str, student: str) -> Path:
        return _path(self.course, step, student, self.assignment)


class Rebuild(_Stage):
    """Sanitize: the released notebook, with what the trainee wrote put into it as text."""

    def preprocess(self, nb, resources):
        """The rebuilt notebook. Refused for a trainee whose name could not be shown safely."""
        self._begin(resources)
        folder.keep_only_needed(self._folder("autograded_directory", self.student), self.submitted)
        return submission.rebuild(self.known, self.submitted, self.reading), resources


class Mark(_Stage):
    """Autograde, in place of nbgrader's ``Execute``: the record's marks as the cells' outputs."""

    # What one command has read of an assignment's submissions, all of which it goes through.
    _shared: ClassVar[WeakKeyDictionary[Any, dict[str, Shared]]] = WeakKeyDictionary()

    def preprocess(self, nb, resources):
        """The notebook with its outputs; the notes go to the log and to the gradebook's flag."""
        self._begin(resources)
        with Gradebook(self.db_url) as gradebook:
            told = gradebook.find_submission(self.assignment, self.student)
            seconds = submission.seconds_late(told.timestamp, submission.due(told))
            more = [*submission.late(seconds), *self._others().notes(self.student)]
            notes = submission.mark(self.known, nb, self.submitted, self.reading, more)
            for note in notes:
                log = self.log.warning if note.damage else self.log.info
                log("%s, %s: %s", self.student, self.assignment, one_line(note.text, 400))
            if any(note.damage for note in notes):
                # Set, never cleared: it may be the trainer's own.
                gradebook.find_submission_notebook(
                    self.notebook, self.assignment, self.student
                ).flagged = True
                gradebook.db.commit()
        return nb, resources

    def _others(self) -> Shared:
        known = self._shared.setdefault(self.parent, {})
        if self.assignment not in known:
            found = submission.find(self.submitted.parents[1], self.assignment)
            known[self.assignment] = Shared(found)
        return known[self.assignment]


def _coursedir(configurable: Any) -> Any:
    """The course folder of the nbgrader command that an exporter or preprocessor works for."""
    while configurable is not None:
        found = getattr(configurable, "coursedir", None)
        if found is not None:
            return found
        configurable = configurable.parent
    raise RuntimeError("This works within an nbgrader command only.")


def _path(course: Any, step: str, student: str, assignment: str) -> Path:
    return Path(course.format_path(getattr(course, step), student, assignment))
