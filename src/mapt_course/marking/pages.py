"""formgrader's page of a submission, and the feedback page, by nbgrader's own configuration.

Both are nbconvert templates. ``templates/`` stands before nbgrader's own in the search path:
``formgrade/`` adds the rubric to nbgrader's page, ``feedback/`` is a page of its own. The
templates ask for what stands beside the notebook by the filters of this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import mistune
from bs4 import BeautifulSoup
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import compute_checksum
from traitlets import Bool

import nbgrader

from .. import bank as banks
from .. import course, record
from . import marker, table
from .nbgrader import RELEASE
from .told import told

TEMPLATES = str(Path(__file__).parent / "templates")
NBGRADER_TEMPLATES = str(Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates")


@dataclass(frozen=True)
class Rubric:
    """``cells``: what each cell is read by, by its grade id; ``fault``: why there is nothing."""

    cells: Mapping[str, banks.Criterion] = field(default_factory=dict)
    fault: str = ""


def rubric(resources: Mapping[str, Any]) -> Rubric:
    """A template's filter: the rubric of the submission that nbconvert shows.

    Read anew for each page, so that a trainer can mend a comment while marking.
    """
    path = _source(resources) / "rubric.toml"
    if not path.is_file():
        return Rubric()
    try:
        return Rubric(banks.read_rubric(path).cells)
    except banks.BankError as wrong:
        return Rubric(fault=str(wrong))


class _Comment(mistune.HTMLRenderer):
    def image(self, text, url, title=None):
        """Its name only: a page that is opened offline fetches nothing."""
        return mistune.escape(text)

    def link(self, text, url, title=None):
        """A link to a page or an address for mail; of any other its text."""
        known = url.startswith(("https://", "http://", "mailto:"))
        return super().link(text, url, title) if known else text


# A template's filter: a trainer's comment, Markdown as in formgrader, to HTML. No tag of its own
# comes through: a trainer may have quoted what a trainee wrote.
comment = mistune.create_markdown(renderer=_Comment(escape=True))


class TraineePage(GetGrades):
    """For ``GenerateFeedback.preprocessors``: what a trainee sees, from the marked notebook.

    The table is made anew from the record and the key, with the feedback of each part that may
    be told. Marks of the gradebook come with nbgrader's GetGrades.
    """

    show_right_answers = Bool(
        False,
        help="Show the right answer, and all feedback texts, of items that were not answered "
        "right. A trainee can pass them on to the next cohort.",
    ).tag(config=True)

    def preprocess(self, nb, resources):
        """The notebook with the trainee's tables; ``resources["mapt"]`` has the page's title."""
        place = Path(resources["metadata"]["path"])
        self.bank = banks.read(_source(resources) / "items.toml")
        events = record.read(place / record.NAME).events
        self.marks = marker.mark_events(self.bank, events)
        released = _root(resources) / RELEASE / place.name
        resources["mapt"] = {"title": course.notebook_metadata(released)["title"]}
        return super().preprocess(nb, resources)

    def _get_score(self, cell, resources):
        super()._get_score(cell, resources)
        where = (self.notebook_id, self.assignment_id, self.student_id)
        grade = self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, *where)
        shown = {"waits": grade.auto_score is None and grade.manual_score is None}
        if cell.cell_type == "code":
            shown["own_score"] = self._table(cell, grade)
        else:
            shown["empty"] = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
        cell.metadata["mapt"] = shown

    def _table(self, cell, grade) -> bool:
        """Put the trainee's table into a cell; whether the trainer set the score by hand."""
        total = marker.total(self.bank, self.marks, cell.metadata.nbgrader.grade_id)
        [output] = cell.outputs
        # What was noted of the whole submission stands in the trainer's table only.
        noted = BeautifulSoup(output.data["text/html"], "html.parser").find(role="note")
        noted = f'<div class="mapt-marks">{noted}</div>' if noted else ""
        explained = partial(told, keys=self.show_right_answers)
        output.data["text/html"] = noted + table.to_html(total, told=explained)
        if abs(grade.auto_score - total.score) > 1e-4:
            self.log.warning(
                "%s, %s: the key was changed after the marking. Mark again before you release "
                "the feedback: nbgrader autograde %s --force",
                self.student_id,
                self.assignment_id,
                self.assignment_id,
            )
        return grade.score != grade.auto_score


def _root(resources: Mapping[str, Any]) -> Path:
    """The course folder: the notebook lies in ``<root>/autograded/<trainee>/<assignment>``."""
    return Path(resources["metadata"]["path"]).resolve().parents[2]


def _source(resources: Mapping[str, Any]) -> Path:
    return _root(resources) / "solutions" / Path(resources["metadata"]["path"]).name
