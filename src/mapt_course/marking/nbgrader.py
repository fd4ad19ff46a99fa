"""What the stock nbgrader commands use by configuration (``nbgrader_config.py``).

``nbgrader autograde`` in two stages, as it has them. *Sanitize*: the trainee's notebook is not
cleaned, it is rebuilt. The cells are the released assignment's; of the trainee's own there is
the reflection, and the text of added cells, letter for letter. *Autograde*: where stock
nbgrader would run the notebook, the record is read, and the marks and a table of the responses
become the graded cell's output. There is no kernel.

What a trainer should look at is written into the log, shown above the table, and sets
formgrader's flag on the submission.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearOutput, NbGraderPreprocessor

from .. import bank as banks
from .. import record
from . import folder, marker, table
from .marker import Note

CALL = re.compile(r"from mapt_course import (quiz|reflection|form|hand_in); \1\(\"[a-z0-9-]+\"\)")
# formgrader writes a trainee's name into its pages as it is.
TRAINEE_ID = re.compile(r"\w[\w.@+ -]{0,99}")
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
        self.bank = read_bank(self._folder("source_directory", "."))
        self.submitted = self._folder("submitted_directory", self.student)

    def _folder(self, step: str, student: str) -> Path:
        return _path(self.course, step, student, self.assignment)


class Rebuild(_Stage):
    """Sanitize: the released notebook, with what the trainee wrote put into it as text."""

    def preprocess(self, nb, resources):
        """The rebuilt notebook. ValueError for a trainee whose name could not be shown safely."""
        self._begin(resources)
        if not TRAINEE_ID.fullmatch(self.student):
            raise ValueError(
                f"“{table.one_line(self.student)}” is not a trainee's name: use letters, figures, "
                "spaces and . _ @ + - only. Rename the folder in submitted/ and mark again."
            )
        folder.keep_only_needed(self._folder("autograded_directory", self.student), self.submitted)
        release = self._folder("release_directory", ".") / f"{self.assignment}.ipynb"
        released = nbformat.read(release, as_version=4)
        submission = folder.read_submission(self.submitted, self.assignment)
        difference = folder.compare(submission, released.cells)
        reading = record.read(self.submitted / record.NAME)
        texts = marker.mark_events(self.bank, reading.events).reflections
        notes = [*submission.notes, *difference.notes]
        built = nbformat.v4.new_notebook(
            metadata={
                "kernelspec": released.metadata.get("kernelspec", {}),
                "language_info": {"name": "text", "pygments_lexer": "text"},
                "mapt": {"notes": [[note.text, note.damage] for note in notes]},
            },
            cells=[cell for cell in map(self._cell, _worth_showing(released.cells)) if cell],
        )
        for cell in built.cells:
            told = cell.metadata.get("nbgrader", {})
            if told.get("solution"):
                self._write(cell, texts.get(told["grade_id"]), difference.written)
        built.cells += _added(difference.added)
        return built, resources

    def _cell(self, cell: NotebookNode) -> NotebookNode | None:
        if cell.cell_type != "code":
            return cell
        cell.outputs, cell.execution_count = [], None
        if cell.metadata.get("nbgrader", {}).get("grade"):
            return cell
        # The box for writing: the trainer gets its question in its place.
        called = re.search(r"reflection\(\"([a-z0-9-]+)\"\)", cell.source)
        asked = self.bank.reflections.get(called[1]) if called else None
        if asked is None:
            return None
        return nbformat.v4.new_markdown_cell(f"**{asked.title}.** {asked.prompt}", id=cell.id)

    def _write(self, cell: NotebookNode, text: str | None, written: Mapping[str, str]) -> None:
        beside = written.get(cell.metadata.nbgrader.grade_id)
        parts = [text] if text else []
        if beside and beside != text:
            parts.append(f"(Written into the notebook:)\n{beside}" if text else beside)
        # An untouched cell keeps its source: nbgrader then gives 0 and says “No response”.
        if parts:
            cell.source = table.literal("\n\n".join(parts))


class Mark(_Stage):
    """Autograde, in place of nbgrader's ``Execute``: the record's marks as the cells' outputs."""

    def preprocess(self, nb, resources):
        """The notebook with its outputs; the notes go to the log and to the gradebook's flag."""
        self._begin(resources)
        reading = record.read(self.submitted / record.NAME)
        marks = marker.mark_events(self.bank, reading.events)
        notes = [Note(text, damage) for text, damage in nb.metadata.pop("mapt")["notes"]]
        notes += [*marker.reading_notes(reading), *marks.notes]
        if not reading.events and not reading.skipped:
            notes.append(Note(self._nothing(), damage=False))
        tables = [cell for cell in nb.cells if cell.cell_type == "code"]
        for cell in tables:
            self._set_output(cell, marks, notes if cell is tables[0] else [])
        if notes and not tables:
            told = table.literal("\n".join(["Please note", *(note.text for note in notes)]))
            nb.cells.insert(0, nbformat.v4.new_markdown_cell(told, id="notes"))
        self._report(notes)
        return nb, resources

    def _nothing(self) -> str:
        if (self.submitted / record.NAME).exists():
            return "Nothing was answered."
        return f"Nothing was answered: no “{record.NAME}” was handed in."

    def _set_output(self, cell: NotebookNode, marks: marker.Marks, notes: list[Note]) -> None:
        quiz_id = cell.metadata.nbgrader.grade_id
        cell.source = "The responses and their marks:"  # a trainer has no use for the call
        if quiz_id not in self.bank.quizzes:
            raise ValueError(
                f"The graded cell “{quiz_id}” is no quiz of {self.assignment}/items.toml, and "
                "this configuration runs no code. Mend the assignment, or mark it elsewhere."
            )
        total = marker.total(self.bank, marks, quiz_id)
        cell.outputs = [
            nbformat.v4.new_output(
                "execute_result",
                # nbgrader takes the score from the plain text; people see the table.
                {"text/plain": repr(total.score), "text/html": table.to_html(total, notes)},
            )
        ]

    def _report(self, notes: list[Note]) -> None:
        for note in notes:
            log = self.log.warning if note.damage else self.log.info
            log("%s, %s: %s", self.student, self.assignment, table.one_line(note.text, 400))
        if any(note.damage for note in notes):
            # Set, never cleared: it may be the trainer's own.
            with Gradebook(self.db_url) as gradebook:
                gradebook.find_submission_notebook(
                    self.notebook, self.assignment, self.student
                ).flagged = True
                gradebook.db.commit()


def read_bank(source: Path) -> banks.Bank:
    """The bank with the key of an assignment's source folder; BankError where there is none."""
    return banks.read(source / "items.toml")


def _worth_showing(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The graded cells, and what stands between them; how to begin and hand in is for trainees."""
    graded = [n for n, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("grade")]
    return cells[graded[0] : graded[-1] + 1] if graded else []


def _added(texts: tuple[str, ...]) -> list[NotebookNode]:
    if not texts:
        return []
    what = "A cell" if len(texts) == 1 else f"{len(texts)} cells"
    head = f"**{what} that the trainee added to the notebook** (as text, not marked)"
    return [
        nbformat.v4.new_markdown_cell(source, id=f"added-{n}")
        for n, source in enumerate([head, *(table.literal(text) for text in texts)])
    ]


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
