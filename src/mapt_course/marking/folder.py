"""A submission's folder, whatever lies in it.

No link is followed, nothing is read past a limit, and no damage is fatal: each is told as a
:class:`~mapt_course.marking.marker.Note`. A notebook is read as plain JSON: neither nbformat
nor nbconvert sees it.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import record
from ..foreign import one_line
from .marker import Note

LARGEST_NOTEBOOK = 20 * 1024 * 1024  # bytes; an assignment's notebook has about 50,000
MOST_ADDED = 30  # cells added by a trainee that are shown
SET_ASIDE = ".set-aside"  # in a submission's folder: what is no ordinary file
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"
_TIMESTAMP = re.compile(rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?)( [A-Z]{1,5}| [+-]\d{4})?")
KEPT = frozenset({record.NAME, TIMESTAMP, SECRET})  # what autograded/ and feedback/ need


@dataclass(frozen=True)
class Cell:
    """A cell of a foreign notebook, as text; ``points`` is whatever stood there."""

    id: str
    grade_id: str
    source: str
    type: str = ""
    points: Any = None


@dataclass(frozen=True)
class Submission:
    """The cells of a folder's notebook (None: it could not be read), and what was noted."""

    cells: tuple[Cell, ...] | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Difference:
    """How a trainee's notebook differs from the assignment's.

    ``written``: sources of the open (manually graded) cells, by grade id; ``added``: texts of
    cells that are the trainee's own.
    """

    written: Mapping[str, str] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def read_file(path: Path, largest: int) -> bytes:
    """The bytes of an ordinary file; OSError or ValueError (with a reason) for anything else."""
    # NONBLOCK: a pipe that somebody put there must not make the marking wait for ever.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("it is no ordinary file")
        read = b"" if status.st_size > largest else stream.read(largest + 1)
    if status.st_size > largest or len(read) > largest:
        raise ValueError(f"it is larger than {largest // 1024:,} kB")
    return read


def read_submission(folder: Path, assignment: str) -> Submission:
    """The submission in a folder. A notebook under another name is taken if it is the only one."""
    notes = [
        Note(
            f"“{one_line(each.name)}” was set aside: "
            "it is a link or no ordinary file, too large, or damaged."
        )
        for each in sorted(_entries(folder / SET_ASIDE))
    ]
    notebooks = sorted(each for each in _entries(folder) if each.suffix == ".ipynb")
    expected = folder / f"{assignment}.ipynb"
    others = [each for each in notebooks if each != expected]
    names = ", ".join(f"“{one_line(each.name)}”" for each in others)
    if expected in notebooks:
        if others:
            notes.append(Note(f"Other notebooks were handed in as well: {names}. Not read."))
        chosen = expected
    elif len(others) == 1:
        notes.append(
            Note(f"The notebook was handed in as {names}. It is read as “{expected.name}”.")
        )
        chosen = others[0]
    else:
        notes.append(
            Note(
                f"No notebook has the name “{expected.name}” ({names or 'there is none'}). "
                "Only the record was read."
            )
        )
        return Submission(notes=tuple(notes))
    try:
        cells, old = _cells(read_file(chosen, LARGEST_NOTEBOOK))
        if old:
            notes.append(Note("The notebook has an old format. It was read all the same."))
        return Submission(cells, tuple(notes))
    except (OSError, ValueError, RecursionError) as wrong:
        said = f"The notebook cannot be read: {_reason(wrong)}. Only the record was read."
        return Submission(notes=(*notes, Note(said)))


def compare(submission: Submission, assignment: Iterable[Mapping[str, Any]]) -> Difference:
    """How a submission differs from the assignment's cells (as a notebook's JSON has them)."""
    if submission.cells is None:
        return Difference()
    released = {_told(cell)["grade_id"]: cell for cell in assignment if "grade_id" in _told(cell)}
    names = {cell.get("id"): name for name, cell in released.items()}
    sources = {cell["source"].strip() for cell in assignment}
    seen: dict[str, list[Cell]] = {}
    added = []
    for cell in submission.cells:
        # Some programs take a notebook's metadata away; the cell's id still tells which it is.
        name = cell.grade_id if cell.grade_id in released else names.get(cell.id, "")
        if name and not (cell.grade_id and cell.grade_id != name):
            seen.setdefault(name, []).append(cell)
        elif cell.source.strip() and cell.source.strip() not in sources:
            added.append(cell.source.strip())
    notes = _cell_notes(released, seen)
    if len(added) > MOST_ADDED:
        notes.append(Note(f"{len(added)} cells were added; the first {MOST_ADDED} are shown."))
    written = {}
    for name, cell in released.items():
        if _told(cell).get("solution"):
            placeholder = cell["source"].strip()
            texts = dict.fromkeys(c.source.strip() for c in seen.get(name, ()))
            texts.pop(placeholder, None)
            if any(texts):
                written[name] = "\n\n".join(filter(None, texts))
    return Difference(written, tuple(added[:MOST_ADDED]), tuple(notes))


def tidy(folder: Path) -> None:
    """Set aside what must not be copied out of a submission's folder: links, pipes and the like.

    nbgrader copies a submission's files by following links. Nothing is deleted: what is set
    aside lies in ``.set-aside``, and :func:`read_submission` notes it, now and the next time.
    A time stamp that nbgrader could not read is replaced by the time of its file.
    """
    aside = folder / SET_ASIDE
    if aside.is_symlink() or aside.is_file():
        aside.unlink()
    for each in _walk(folder):
        if not stat.S_ISREG(each.lstat().st_mode) or not os.access(each, os.R_OK):
            _set_aside(folder, each)
    mend_timestamp(folder)


def mend_timestamp(folder: Path) -> None:
    """Replace a time stamp that cannot be read; leave an absent one absent."""
    path = folder / TIMESTAMP
    try:
        if parse_timestamp(read_file(path, 200)) is None:
            raise ValueError("no time")
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        when = path.lstat().st_mtime
        _set_aside(folder, path)
        path.write_text(timestamp(when), encoding="ascii")


def parse_timestamp(raw: bytes) -> datetime | None:
    """The time in a time stamp of nbgrader's; None where there is none."""
    found = _TIMESTAMP.fullmatch(raw.strip())
    try:
        return datetime.fromisoformat(found[1].decode()) if found else None
    except ValueError:
        return None


def timestamp(seconds: float) -> str:
    """A time (seconds since 1970) as nbgrader writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def bring(submitted: Path, target: Path) -> None:
    """Copy what nbgrader's next steps need of a submission, as far as it is there and readable."""
    largest = {TIMESTAMP: 200, SECRET: 256}
    for name in sorted(KEPT):
        path = submitted / name
        try:
            content = record.raw(path)[0] if name == record.NAME else read_file(path, largest[name])
        except (OSError, ValueError):
            continue
        (target / name).write_bytes(content)


def keep_only_needed(folder: Path, submitted: Path) -> None:
    """Leave in ``autograded/`` what nbgrader's next steps need, and nothing else.

    formgrader serves whatever lies there, from the trainer's own address; and a batch of
    feedback stops at the first folder without time stamp or secret.
    """
    for each in _entries(folder):
        if each.name in KEPT and each.is_file() and not each.is_symlink():
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / record.NAME
    if copy.exists() and copy.stat().st_size > record.LARGEST_FILE:
        readable, _ = record.raw(copy)
        copy.unlink()
        copy.write_bytes(readable)
    if not (folder / TIMESTAMP).exists():
        when = timestamp(submitted.stat().st_mtime)
        (folder / TIMESTAMP).write_text(when, encoding="ascii")
    try:
        good = re.fullmatch(rb"[0-9a-f]{16,256}", read_file(folder / SECRET, 256).strip())
    except (OSError, ValueError):
        good = None
    if not good:
        (folder / SECRET).unlink(missing_ok=True)
        (folder / SECRET).write_text(secrets.token_hex(64), encoding="ascii")


def copy_submission(source: Path, target: Path, ignore: Iterable[str], largest: int) -> list[str]:
    """Copy ordinary files; a list of what was left out, one sentence each.

    ``ignore``: names as in ``CourseDirectory.ignore``; ``largest``: bytes of one file. In the
    copy an empty file in ``.set-aside`` stands for each that was left out. OSError only where
    the copy cannot be written.
    """
    left_out = []
    unwanted = shutil.ignore_patterns(*ignore)
    for each in _walk(source):
        inside = each.relative_to(source)
        if any(unwanted("", [part]) for part in inside.parts):
            continue
        try:
            content = read_file(each, largest)
        except (OSError, ValueError) as wrong:
            left_out.append(f"“{one_line(str(inside))}” was left out: {_reason(wrong)}")
            (target / SET_ASIDE).mkdir(exist_ok=True)
            (target / SET_ASIDE / each.name).touch()
            continue
        copy = target / inside
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
        when = each.lstat().st_mtime
        os.utime(copy, (when, when))
    return left_out


def _cell_notes(
    released: Mapping[str, Mapping[str, Any]], seen: Mapping[str, list[Cell]]
) -> list[Note]:
    """What was done to the cells that count; to those that only explain, as one remark."""
    notes, explaining = [], 0
    for name, cell in released.items():
        told, found = _told(cell), seen.get(name, [])
        changed = told.get("locked") and any(
            each.source.strip() != cell["source"].strip() for each in found
        )
        if not told.get("grade"):
            explaining += bool(changed)
            continue
        which = f"The cell “{name}”"
        if not found:
            notes.append(Note(f"{which} was missing from the notebook. It was put back."))
            continue
        if len(found) > 1:
            times = len(found)
            notes.append(Note(f"{which} stood {times} times in the notebook. It counts once."))
        marked = [each for each in found if each.grade_id]
        if changed:
            notes.append(Note(f"{which} is locked and was changed. The released one is used."))
        if any(each.type != cell.get("cell_type", "") for each in found):
            notes.append(Note(f"{which} was made a cell of another kind. It was put right."))
        if any(each.points != told.get("points") for each in marked):
            notes.append(Note(f"{which} was given other points. The released ones count."))
        if len(marked) < len(found):
            notes.append(Note(f"{which} had lost what nbgrader knows it by. It was put right."))
    if list(seen) != [name for name in released if name in seen]:
        notes.append(Note("The cells were moved. They stand in their released order again."))
    if explaining:
        what = "A text was" if explaining == 1 else f"{explaining} texts were"
        notes.append(Note(f"{what} changed. The released ones are shown.", damage=False))
    return notes


def _told(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """What nbgrader notes in a released cell."""
    return cell["metadata"].get("nbgrader", {})


def _walk(folder: Path) -> list[Path]:
    """Everything below a folder that is no folder; links to folders are not entered."""
    found = []
    for each in sorted(_entries(folder)):
        if each.name == SET_ASIDE:
            continue
        if each.is_dir() and not each.is_symlink():
            found += _walk(each)
        else:
            found.append(each)
    return found


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _reason(wrong: Exception) -> str:
    if getattr(wrong, "errno", 0) == errno.ELOOP:
        return "it is a link"
    return getattr(wrong, "strerror", None) or str(wrong)


def _set_aside(folder: Path, path: Path) -> None:
    aside = folder / SET_ASIDE
    aside.mkdir(exist_ok=True)
    path.replace(aside / path.name)


def _cells(raw: bytes) -> tuple[tuple[Cell, ...], bool]:
    """The cells of a notebook's bytes, and whether it is of a format before the fourth."""
    if not raw.strip():
        raise ValueError("it is empty")
    try:
        values = json.loads(raw.decode("utf-8"))
        old = "cells" not in values  # until 2015 they stood in a worksheet
        found = values["worksheets"][0]["cells"] if old else values["cells"]
        if not isinstance(found, list):
            raise TypeError
    except (KeyError, IndexError, TypeError):
        raise ValueError("it has no cells") from None
    except ValueError:
        raise ValueError("it is not a notebook, or was cut off") from None
    return tuple(_cell(each) for each in found if isinstance(each, dict)), old


def _cell(values: Mapping[str, Any]) -> Cell:
    source = values.get("source", values.get("input", ""))
    if isinstance(source, list):
        source = "".join(each for each in source if isinstance(each, str))
    told: Any = values.get("metadata")
    told = told.get("nbgrader") if isinstance(told, dict) else None
    told = told if isinstance(told, dict) else {}
    return Cell(
        id=_text(values.get("id")),
        grade_id=_text(told.get("grade_id")),
        source=_text(source),
        type=_text(values.get("cell_type")),
        points=told.get("points"),
    )


def _text(value: Any) -> str:
    # A lone surrogate is a str that no file takes.
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
