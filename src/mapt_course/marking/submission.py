"""What becomes of one submission: its notebook rebuilt, and marked from its record.

The stock commands (``nbgrader``) and ``mapt mark`` (``batch``) both come here. The trainee's
notebook is not cleaned, it is rebuilt: the cells are the released assignment's; of the trainee's
own there is the reflection, and the text of added cells, letter for letter. The record's marks
and a table of the responses become the graded cells' output. Nothing is executed.
"""

from __future__ import annotations

import copy
import html
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from .. import bank as banks
from .. import record
from ..foreign import one_line
from ..handin import MARKS
from . import folder, marker, product, table
from .marker import Note

# formgrader writes a trainee's name into its pages as it is.
TRAINEE_ID = re.compile(rf"\w[\w{MARKS}.@+ -]{{0,99}}")

NOTHING = "Nothing was answered"
READ_FOR = "The work above was read for this."
_BOX = re.compile(r"(?:reflection|form)\(\"([a-z0-9-]+)\"\)")


class Refused(ValueError):
    """A submission that is not marked; the message says why, and what to do."""


@dataclass(frozen=True)
class Assignment:
    """What submissions are rebuilt from and marked with.

    ``released``: all cells of the release; ``shown``: those that a trainer gets to see.
    """

    name: str
    bank: banks.Bank
    released: Sequence[NotebookNode]
    shown: Sequence[NotebookNode]
    kernelspec: Mapping[str, Any]


def read_assignment(source: Path, release: Path) -> Assignment:
    """The assignment of a folder with the key and a folder with the released notebook.

    BankError or OSError where one is not there, ValueError where it cannot be read.
    """
    bank = banks.read(source / "items.toml")
    notebook = nbformat.read(release / f"{release.name}.ipynb", as_version=4)
    between = _worth_showing(notebook.cells)
    shown = [cell for cell in (_shown(bank, cell) for cell in between) if cell]
    kernelspec = notebook.metadata.get("kernelspec", {})
    return Assignment(release.name, bank, notebook.cells, shown, kernelspec)


def find(submitted: Path, assignment: str) -> list[Path]:
    """The folders of an assignment's submissions in ``submitted/``, by trainee."""
    try:
        trainees = [each for each in submitted.iterdir() if each.is_dir()]
    except OSError:
        return []
    # What begins with a dot is nobody's, for nbgrader as well.
    places = [each / assignment for each in trainees if not each.name.startswith(".")]
    return sorted(place for place in places if os.path.lexists(place))


def is_folder(submitted: Path) -> bool:
    """Whether a submission's folder is one, and no link leads to it."""
    links = submitted.is_symlink() or submitted.parent.is_symlink()
    return submitted.is_dir() and not links


def refuse(trainee: str, submitted: Path) -> None:
    """Refused for a name that no trainee has, and for a submission that is no folder."""
    if not TRAINEE_ID.fullmatch(trainee):
        raise Refused(
            f"“{one_line(trainee)}” is not a trainee's name: use letters, figures, "
            "spaces and . _ @ + - only. Rename the folder in submitted/ and mark again."
        )
    if not is_folder(submitted):
        raise Refused(
            f"“{one_line(f'{trainee}/{submitted.name}')}” in submitted/ is a link or a file, "
            "not a folder. Put the folder itself there and mark again."
        )


def rebuild(assignment: Assignment, submitted: Path, reading: record.Reading) -> NotebookNode:
    """The released notebook, with what the trainee wrote put into it as text.

    ``submitted``: the submission's folder; ``reading``: its record. What was noted stands in
    the notebook's metadata, and :func:`mark` adds to it.
    """
    submission = folder.read_submission(submitted, assignment.name)
    difference = folder.compare(submission, assignment.released)
    written = marker.written(assignment.bank, reading.events)
    cells = copy.deepcopy(assignment.shown)
    built = NotebookNode(
        nbformat=4,
        nbformat_minor=5,
        metadata=NotebookNode(
            kernelspec=copy.deepcopy(assignment.kernelspec),
            language_info=NotebookNode(name="text", pygments_lexer="text"),
        ),
        cells=cells,
    )
    for cell in cells:
        told = cell.metadata.get("nbgrader", {})
        if cell.id in assignment.bank.forms:
            form = assignment.bank.forms[cell.id]
            cell.source = product.to_html(form, written.forms.get(form.id, {}))
        elif told.get("solution"):
            # A form's criteria: the work stands above, in one piece.
            text = written.reflections.get(told["grade_id"]) or (written.forms and READ_FOR)
            _write(cell, text, difference.written)
    built.cells += _added(difference.added)
    _note(built, [*submission.notes, *difference.notes])
    return built


def mark(
    assignment: Assignment,
    notebook: NotebookNode,
    submitted: Path,
    reading: record.Reading,
    more: Iterable[Note] = (),
) -> list[Note]:
    """Put the record's marks into a rebuilt notebook, as its cells' outputs; all that was noted.

    ``more``: notes that come from elsewhere. Refused where a graded cell is no quiz of the bank.
    """
    marks = marker.mark_events(assignment.bank, reading.events)
    notes = [
        *noted(notebook),
        *marker.reading_notes(reading),
        *marks.notes,
        *_attempts(marks.attempts),
        *marker.time_notes(reading.events, datetime.now(UTC)),
        *more,
    ]
    if not reading.events and not reading.skipped:
        notes.append(_nothing(submitted / record.NAME))
    tables = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in tables:
        _set_output(assignment, cell, marks, notes if cell is tables[0] else [])
    if notes and not tables:
        told = table.literal("\n".join(["Please note", *(note.text for note in notes)]))
        notebook.cells.insert(0, _text_cell("notes", told))
    _note(notebook, notes)
    return notes


def noted(notebook: Mapping[str, Any]) -> list[Note]:
    """The notes in a rebuilt or marked notebook's metadata."""
    told = notebook["metadata"]["mapt"]["notes"]
    return [Note(html.unescape(text), damage) for text, damage in told]


def due(submitted: Any) -> datetime | None:
    """When a submission in the gradebook was due, with its extension."""
    # nbgrader adds an extension even where there is no due date.
    return submitted.duedate if submitted.assignment.duedate else None


def seconds_late(timestamp: datetime | None, due: datetime | None) -> float:
    """How late a submission is; 0 where there is no time or no due date."""
    return max(0.0, (timestamp - due).total_seconds()) if timestamp and due else 0.0


def late(seconds: float) -> list[Note]:
    """A note for who handed in after the due date."""
    if not seconds:
        return []
    minutes = max(1, round(seconds / 60))
    parts = (("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60))
    said = [f"{n} {unit}{'s' if n > 1 else ''}" for unit, n in parts if n][:2]
    return [Note(f"Handed in {' and '.join(said)} after the due date.")]


def _note(notebook: NotebookNode, notes: Iterable[Note]) -> None:
    # Escaped: no file that formgrader reads holds a tag of a trainee's, wherever it stands.
    told = [[html.escape(note.text), note.damage] for note in notes]
    notebook.metadata["mapt"] = NotebookNode(notes=told)


def _attempts(attempts: Sequence[marker.Attempt]) -> list[Note]:
    """What each of several hand-ins came to."""
    if len(attempts) < 2:
        return []
    each = [
        f"{table.points(attempt.score)} points" + (f" on {attempt.at[:10]}" if attempt.at else "")
        for attempt in attempts
    ]
    return [Note(f"Handed in twice: {', then '.join(each)}. The better counts.", damage=False)]


def _nothing(path: Path) -> Note:
    if path.exists():
        return Note(
            f"Nothing was answered: “{record.NAME}” is empty, which the course leaves none."
        )
    return Note(f"Nothing was answered: no “{record.NAME}” was handed in.", damage=False)


def _shown(bank: banks.Bank, cell: NotebookNode) -> NotebookNode | None:
    if cell.cell_type != "code":
        return cell
    if cell.metadata.get("nbgrader", {}).get("grade"):
        return NotebookNode({**cell, "outputs": [], "execution_count": None})
    # The box for writing: the trainer gets its question in its place, or what was filled in.
    called = _BOX.search(cell.source)
    if called and called[1] in bank.forms:
        return _text_cell(called[1], "")
    asked = bank.reflections.get(called[1]) if called else None
    return asked and _text_cell(cell.id, f"**{asked.title}.** {asked.prompt}")


def _write(cell: NotebookNode, text: str | None, written: Mapping[str, str]) -> None:
    beside = written.get(cell.metadata.nbgrader.grade_id)
    parts = [text] if text else []
    if beside and beside != text:
        parts.append(f"(Written into the notebook:)\n{beside}" if text else beside)
    # An untouched cell keeps its source: nbgrader then gives 0 and says “No response”.
    if parts:
        cell.source = table.literal("\n\n".join(parts))


def _set_output(
    assignment: Assignment, cell: NotebookNode, marks: marker.Marks, notes: Sequence[Note]
) -> None:
    quiz_id = cell.metadata.nbgrader.grade_id
    cell.source = "The responses and their marks:"  # a trainer has no use for the call
    if quiz_id not in assignment.bank.quizzes:
        raise Refused(
            f"The graded cell “{quiz_id}” is no quiz of {assignment.name}/items.toml, and "
            "this configuration runs no code. Mend the assignment, or mark it elsewhere."
        )
    total = marker.total(assignment.bank, marks, quiz_id)
    # nbgrader takes the score from the plain text; people see the table.
    data = {"text/plain": repr(total.score), "text/html": table.to_html(total, notes)}
    cell.outputs = [
        NotebookNode(
            output_type="execute_result",
            metadata=NotebookNode(),
            data=NotebookNode(data),
            execution_count=None,
        )
    ]


def _worth_showing(cells: Sequence[NotebookNode]) -> Sequence[NotebookNode]:
    """From the first box or graded cell to the last; how to begin and hand in is for trainees."""
    graded = [n for n, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("grade")]
    boxes = [n for n, cell in enumerate(cells) if _BOX.search(cell.source) and n not in graded]
    return cells[min([*graded, *boxes]) : graded[-1] + 1] if graded else []


def _added(texts: tuple[str, ...]) -> list[NotebookNode]:
    if not texts:
        return []
    what = "A cell" if len(texts) == 1 else f"{len(texts)} cells"
    head = f"**{what} that the trainee added to the notebook** (as text, not marked)"
    return [
        _text_cell(f"added-{n}", source)
        for n, source in enumerate([head, *(table.literal(text) for text in texts)])
    ]


def _text_cell(cell_id: str, source: str) -> NotebookNode:
    # Not by nbformat.v4: it checks each cell against its schema, at more than the marking costs.
    return NotebookNode(cell_type="markdown", id=cell_id, metadata=NotebookNode(), source=source)
