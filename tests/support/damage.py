"""Submissions with every kind of damage, each with what can still be had of it.

Before it is damaged, each has the released notebook and a record with two right answers and a
reflection: 2 of 9, and a text to be read.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_copy import read, write
from trainees import ASSIGNMENT, NOTEBOOK, REFLECTION

from mapt_course.bank import Bank

QUIZ = "roots-check"
TEXT = "I rang back on Friday."
TYPED = "I wrote it into the page."
DUE = "2026-12-01 12:00:00 UTC"
ON_TIME = "2026-11-30 09:00:00.000000 UTC"
LATE = "2026-12-03 15:10:00.000000 UTC"


@dataclass(frozen=True)
class Case:
    """``score``: of the quiz; ``text``: what must stand on the page; ``reason``: in the report."""

    change: Callable[[Path], None]
    reason: str
    score: float = 2
    text: str = TEXT
    flagged: bool = True


# Names of trainees, of any script; and those that nbgrader's pages or its database cannot take.
NAMES = (
    "زينب",
    "王芳",
    "zoë.müller@example.org",
    "Ольга Петрова",
    "u12+3",
    "ｗｉｄｅ",
    "zoe\N{COMBINING DIAERESIS}",
    "प्रिया",
)
NO_NAMES = (
    "ada\N{EARTH GLOBE EUROPE-AFRICA}",
    "\N{RIGHT-TO-LEFT MARK}ada",
    "ada\N{RIGHT-TO-LEFT OVERRIDE}nitram",
    "<img src=x onerror=ran_name=1>",
    "-ada",
    "a" * 101,
)


def lines(trainee: str, bank: Bank, *more: dict[str, Any]) -> bytes:
    """A trainee's record: two right answers, a reflection, and whatever else."""
    events: list[dict[str, Any]] = [
        {"kind": "response", "item": f"{QUIZ}-{n}", "response": bank.items[f"{QUIZ}-{n}"].key}
        for n in (2, 5)
    ]
    events += [{"kind": "reflection", "item": REFLECTION, "text": TEXT}, *more]
    told = [
        {"id": f"{trainee}-{n}", "at": "2026-11-24T09:00:00Z"} | e for n, e in enumerate(events)
    ]
    return b"".join(json.dumps({"v": 1, **each}).encode() + b"\n" for each in told)


def hand_in(place: Path, release: Path, bank: Bank, *more: dict[str, Any]) -> Path:
    """A sound submission in ``submitted/<trainee>/<assignment>``."""
    shutil.copytree(release, place)
    (place / "responses.jsonl").write_bytes(lines(place.parent.name, bank, *more))
    (place / "timestamp.txt").write_text(ON_TIME)
    return place


def _notebook(change: Callable[[list[dict]], Any]) -> Callable[[Path], None]:
    """A change of the notebook's cells; the reflection is typed into the page beforehand."""

    def changed(place: Path) -> None:
        notebook = read(place / NOTEBOOK)
        _cell(notebook["cells"], REFLECTION)["source"] = TYPED
        change(notebook["cells"])
        write(place / NOTEBOOK, notebook)

    return changed


def _cell(cells: list[dict], name: str) -> dict:
    return next(cell for cell in cells if cell["id"] == name)


def _duplicate(cells: list[dict]) -> None:
    cells.append({**_cell(cells, QUIZ), "id": "again"})


def _split(cells: list[dict]) -> None:
    cell = _cell(cells, REFLECTION)
    rest = {**cell, "id": "rest", "source": "page."}
    cell["source"] = TYPED.removesuffix("page.")
    cells.insert(cells.index(cell) + 1, rest)


def _delete(cells: list[dict]) -> None:
    cells.remove(_cell(cells, QUIZ))


def _move(cells: list[dict]) -> None:
    cells.insert(0, cells.pop(cells.index(_cell(cells, REFLECTION))))


def _retype(cells: list[dict]) -> None:
    cell = _cell(cells, QUIZ)
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def _unlock(cells: list[dict]) -> None:
    _cell(cells, QUIZ)["source"] = "print(9)"


def _more_points(cells: list[dict]) -> None:
    _cell(cells, QUIZ)["metadata"]["nbgrader"]["points"] = 900


def _strip(cells: list[dict]) -> None:
    for cell in cells:
        cell["metadata"] = {}


def _rename(place: Path) -> None:
    (place / NOTEBOOK).rename(place / "Ответы 答案 \N{EARTH GLOBE EUROPE-AFRICA} \u202eedoc.ipynb")


def _second_copy(place: Path) -> None:
    shutil.copy(place / NOTEBOOK, place / "roots-check-Copy1.ipynb")


def _bytes(name: str, content: bytes) -> Callable[[Path], None]:
    def changed(place: Path) -> None:
        (place / name).unlink()
        (place / name).write_bytes(content)

    return changed


def _truncate(name: str, size: int) -> Callable[[Path], None]:
    """Cut a file off, or make it longer: what is added takes no room on the disk."""

    def changed(place: Path) -> None:
        (place / name).chmod(0o644)
        os.truncate(place / name, size)

    return changed


def _old_format(place: Path) -> None:
    cells = read(place / NOTEBOOK)["cells"]
    _cell(cells, REFLECTION)["source"] = TYPED
    for cell in cells:
        del cell["id"]
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    write(place / NOTEBOOK, old)


def _record(change: Callable[[Path], Any]) -> Callable[[Path], None]:
    """Something else where the record should be."""

    def changed(place: Path) -> None:
        (place / "responses.jsonl").unlink()
        change(place / "responses.jsonl")

    return changed


def _add(*events: dict[str, Any]) -> Callable[[Path], None]:
    def changed(place: Path) -> None:
        with (place / "responses.jsonl").open("ab") as file:
            for n, told in enumerate(events):
                common = {"v": 1, "id": f"{place.parent.name}+{n}", "at": "2026-11-24T10:00:00Z"}
                file.write(json.dumps(common | told).encode() + b"\n")

    return changed


def _copied(place: Path) -> None:
    other = place.parents[1] / "copied-from" / ASSIGNMENT
    shutil.copy(other / "responses.jsonl", place)


RECORD, STAMP = "responses.jsonl", "timestamp.txt"
BINARY = random.Random(1).randbytes(100_000)

CASES = {
    "cell-duplicated": Case(
        _notebook(_duplicate), "The cell “roots-check” stood 2 times", text=TYPED
    ),
    "cell-split": Case(_notebook(_split), "The cell “roots-check-r1” stood 2 times", text="page."),
    "cell-deleted": Case(
        _notebook(_delete), "The cell “roots-check” was missing from the notebook", text=TYPED
    ),
    "cell-moved": Case(_notebook(_move), "The cells were moved", text=TYPED),
    "cell-retyped": Case(
        _notebook(_retype), "The cell “roots-check” was made a cell of another kind", text=TYPED
    ),
    "locked-cell-changed": Case(
        _notebook(_unlock), "The cell “roots-check” is locked and was changed", text=TYPED
    ),
    "points-changed": Case(
        _notebook(_more_points), "The cell “roots-check” was given other points", text=TYPED
    ),
    "metadata-stripped": Case(
        _notebook(_strip), "The cell “roots-check-r1” had lost what nbgrader", text=TYPED
    ),
    "notebook-renamed": Case(_rename, "The notebook was handed in as “Ответы 答案 🌍 �edoc.ipynb”"),
    "second-copy": Case(_second_copy, "Other notebooks were handed in as well"),
    "notebook-empty": Case(_bytes(NOTEBOOK, b""), "The notebook cannot be read: it is empty"),
    "notebook-truncated": Case(_truncate(NOTEBOOK, 900), "it is not a notebook, or was cut off"),
    "notebook-not-json": Case(_bytes(NOTEBOOK, BINARY), "it is not a notebook, or was cut off"),
    "notebook-old": Case(_old_format, "The notebook has an old format", text=TYPED),
    "notebook-100-MB": Case(_truncate(NOTEBOOK, 100 << 20), "it is larger than 20,480 kB"),
    "notebook-gone": Case(lambda p: (p / NOTEBOOK).unlink(), "No notebook has the name"),
    "record-missing": Case(
        _record(lambda path: None), "no “responses.jsonl” was handed in", 0, "", flagged=False
    ),
    "record-empty": Case(_bytes(RECORD, b""), "Nothing was answered", 0, ""),
    "record-binary": Case(_bytes(RECORD, BINARY), "The record was damaged", 0, ""),
    "record-torn": Case(
        lambda place: _truncate(RECORD, (place / RECORD).stat().st_size - 20)(place),
        "The record was damaged: a line is torn or not JSON.",
        text="",
    ),
    "record-1-GB": Case(_truncate(RECORD, 1 << 30), "the file is too large; the rest was not read"),
    "record-a-link": Case(
        _record(lambda path: path.symlink_to("/etc/passwd")),
        "“responses.jsonl” was set aside",
        0,
        "",
    ),
    "record-a-pipe": Case(_record(os.mkfifo), "“responses.jsonl” was set aside", 0, ""),
    "record-a-folder": Case(_record(os.mkdir), "it is not an ordinary file", 0, ""),
    "unknown-items": Case(
        _add({"kind": "response", "item": "roots-check-99", "response": "x"}),
        "The record holds answers to a question that this assignment does not have",
    ),
    "forged-marks": Case(
        _add({"kind": "response", "item": "roots-check-3", "response": [], "score": 1, "mark": 9}),
        "Somebody wrote marks into the record (“mark”, “score”). They do not count.",
    ),
    "future-times": Case(
        _add({"kind": "hint", "item": "roots-check-3", "at": "2999-01-01T00:00:00Z"}),
        "An entry of the record came from the future (up to 2999-01-01)",
    ),
    "copied-from": Case(lambda place: None, "3 entries of this record stand in another trainee's"),
    "copied-to": Case(_copied, "3 entries of this record stand in another trainee's record"),
    "late": Case(_bytes(STAMP, LATE.encode()), "Handed in 2 days and 3 hours after the due date."),
    "stamp-broken": Case(_bytes(STAMP, b"\xff tomorrow"), "“timestamp.txt” was set aside"),
}
