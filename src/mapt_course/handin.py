"""Handing in an assignment: what is missing, the receipt, and the file that a trainer takes.

Handing in is an event in the record; what stands above it is what was handed in. The notebook
and the record then go into one zip (``nbgrader zip_collect`` takes it), and the record alone into
a text file for a learning platform that takes no zip. Where there is an nbgrader exchange, the
folder goes there as well, by nbgrader itself.
"""

from __future__ import annotations

import importlib.util
import io
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import bank as banks
from . import course, privacy, record, workfolder
from . import items as it

FOLDER = "handed-in"  # beside the assignments: what can be sent to a trainer
MOST = 2  # times that count; the better of them does
COURSE = "mapt"  # nbgrader's course id
EXCHANGE = "/usr/local/share/nbgrader/exchange"  # nbgrader's own place, unless MAPT_EXCHANGE says
PATIENCE = 60  # seconds for nbgrader to hand in
# Part of a file's and of a folder's name, here and at the trainer's.
# What stands on, over or under a letter in the world's scripts: \w leaves it out.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c2\u05c4-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u0900-\u0903\u093a-\u094f\u0951-\u0963\u0981-\u0983\u09bc-\u09cd"
    "\u0a01-\u0a03\u0a3c-\u0a51\u0a70-\u0a75\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    "\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d"
    "\u0d81-\u0d83\u0dca-\u0ddf\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84"
    "\u102b-\u103e\u17b4-\u17d3"
)
# Letters of any script; no “_”, which stands between the parts of a file's name.
_SIGN = rf"[^\W_]|[{MARKS}.@-]"
NAME = re.compile(rf"[^\W_](?:{_SIGN})*(?: (?:{_SIGN})+)*")
LONGEST_NAME = 60


class HandInError(ValueError):
    """It cannot be handed in; the message says why and what to do."""


@dataclass(frozen=True)
class Receipt:
    """What a trainee gets. ``files``: zip and text; ``exchange``: it went there as well."""

    assignment: str
    number: int
    at: str
    who: str
    code: str
    files: tuple[Path, ...]
    exchange: bool = False


def main(assignment: str, folder: str | None, name: str | None, yes: bool) -> int:
    """``mapt hand-in``: say what is missing, ask, hand in and print the receipt; 1 for a failure.

    ``yes``: do not ask. Without a name, the one of the time before is taken.
    """
    place = Path(folder or workfolder.DEFAULT).expanduser().absolute()
    place = place / workfolder.CHECKS / assignment
    try:
        bank = course.released_bank(assignment)
    except course.NotFound:
        print(f"There is no “{assignment}”. Use one of: {', '.join(course.assignments())}.")
        return 1
    if not place.is_dir():
        print(f"There is no folder {place}. Name your course folder after the assignment.")
        return 1
    events = record.Record(place).read().events
    before = record.hand_ins(events, assignment)
    if changed(events, assignment):
        for sentence in look(bank, events):
            print(sentence)
        if not yes and sys.stdin.isatty():
            answer = input("Hand in now? Type yes or no: ")
            if answer.strip().lower() not in ("y", "yes"):
                print("Nothing was handed in.")
                return 1
    if name is None and before:
        name = before[-1].who
    if name is None:
        print("Say who you are: add --name, and your name or number as your trainer has it.")
        return 1
    print("Handing in …", flush=True)
    try:
        receipt = hand_in(place, assignment, name)
    except HandInError as wrong:
        print(wrong)
        return 1
    print(
        f"Handed in: {assignment}, as {receipt.who}, {receipt.at[:10]} at {receipt.at[11:16]} UTC."
    )
    print(f"Receipt: {receipt.code}")
    if receipt.exchange:
        print("It is with your trainer. You need not send anything.")
    else:
        print(f"Now send this file to your trainer, or upload it:\n  {receipt.files[0]}")
        print(f"If your learning platform takes no zip:\n  {receipt.files[1]}")
    return 0


def look(bank: banks.Bank, events: Iterable[record.Event]) -> list[str]:
    """What a trainee should know before handing in: a sentence for each kind of thing."""
    events = tuple(events)
    given, texts = record.latest(events), record.entries(events)
    said = []
    for quiz in bank.quizzes.values():
        unanswered, partly = [], []
        for n, name in enumerate(quiz.items, 1):
            state = _state(bank.items[name], given.get(name))
            if state != "answered":
                (unanswered if state == "open" else partly).append(n)
        if unanswered:
            said.append(f"{_numbered('Question', unanswered)} not answered.")
        if partly:
            said.append(f"{_numbered('Question', partly)} only partly answered.")
    for reflection in bank.reflections.values():
        text = given[reflection.id].text if reflection.id in given else ""
        if not text.strip():
            said.append(f"Your reflection, “{reflection.title}”, is still empty.")
        elif reflection.min_words and len(text.split()) < reflection.min_words // 2:
            said.append(f"Your reflection, “{reflection.title}”, is very short.")
    for form in bank.forms.values():
        filled = form.entries(texts.get(form.id, {}))
        empty = [cell for cell in form.cells() if cell not in filled]
        if empty:
            said.append(
                f"{len(empty)} of the {len(form.cells())} boxes of “{form.title}” are empty."
            )
    written = [event.text for event in given.values() if event.kind == "reflection"]
    written += [str(value) for filled in texts.values() for value in filled.values()]
    people = course.course().people
    hints = [hint for text in written for hint in privacy.hints(text, people)]
    if hints:
        said.append(
            "This looks like somebody's real details: "
            + ", ".join(dict.fromkeys(hints))
            + ". Take out what could identify a child or a family."
        )
    return said


def changed(events: Iterable[record.Event], assignment: str) -> bool:
    """Whether anything was answered or written since it was last handed in."""
    events = tuple(events)
    before = record.hand_ins(events, assignment)
    since = events[len(before[-1].events) :] if before else events
    return any(event.kind in ("response", "reflection", "form") for event in since)


def hand_in(folder: Path, assignment: str, who: str) -> Receipt:
    """Hand in what lies in an assignment's folder, under a trainee's name.

    Pressed again with nothing changed, it gives the same receipt and the file anew. HandInError
    where nothing was answered, where it was handed in as often as counts, or where the name or
    the disk does not allow it.
    """
    who = unicodedata.normalize("NFC", " ".join(who.split()))
    if not NAME.fullmatch(who) or len(who) > LONGEST_NAME:
        raise HandInError(
            "Write your name or number as your trainer has it: letters, figures, spaces and "
            ". @ - only."
        )
    trainee = record.Record(folder)
    events = trainee.read().events
    before = record.hand_ins(events, assignment)
    if not before or (changed(events, assignment) and len(before) < MOST):
        if not changed(events, assignment):
            raise HandInError("There is nothing to hand in yet: no question is answered.")
        try:
            trainee.append("handed-in", assignment, activity=assignment, text=who)
        except record.RecordError as wrong:
            raise HandInError(str(wrong)) from wrong
        before = record.hand_ins(trainee.read().events, assignment)
    elif changed(events, assignment):
        raise HandInError(
            f"You have handed this in {MOST} times, and those count. What you changed since then "
            "does not. Ask your trainer if something went wrong."
        )
    latest = before[-1]
    files = _files(folder, assignment, who, latest)
    sent = _to_exchange(folder, assignment, who)
    return Receipt(assignment, latest.number, latest.at, who, latest.receipt, files, sent)


def _state(item: it.Item, given: record.Event | None) -> str:
    """``open``, ``partly`` or ``answered``."""
    try:
        if given is None or not it.check_response(item, given.response):
            return "open"
        return "answered" if it.complete(item, given.response) else "partly"
    except it.ResponseError:  # an answer to an older wording of the item
        return "open"


def _numbered(what: str, numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"{what} {numbers[0]} is"
    return f"{what}s {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} are"


def _files(folder: Path, assignment: str, who: str, latest: record.HandIn) -> tuple[Path, Path]:
    """The zip and the text file, whole or not at all."""
    when = latest.at[:19].replace("-", "").replace(":", "")  # as nbgrader reads it
    name = f"{assignment}__{who}__{when}"
    lines = b"".join(event.line() for event in latest.events)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(record.NAME, lines)
        notebook = folder / f"{assignment}.ipynb"
        if notebook.is_file():
            archive.write(notebook, notebook.name)
    target = folder.parent / FOLDER
    files = target / f"{name}.zip", target / f"{name}.txt"
    try:
        target.mkdir(exist_ok=True)
        for path, content in zip(files, (packed.getvalue(), lines), strict=True):
            part = path.with_name(f".{path.name}.part")
            part.write_bytes(content)
            part.replace(path)
    except OSError as wrong:
        raise HandInError(
            f"The file to hand in could not be written to {target} ({wrong.strerror}). Make room "
            "on the disk, and press the button again. Your answers are safe."
        ) from wrong
    return files


def _to_exchange(folder: Path, assignment: str, who: str) -> bool:
    """Whether nbgrader took the folder into its exchange; False where there is none."""
    root = Path(os.environ.get("MAPT_EXCHANGE", EXCHANGE))
    inbound = root / COURSE / "inbound"
    if not inbound.is_dir() or importlib.util.find_spec("nbgrader") is None:
        return False
    command = [sys.executable, "-m", "nbgrader", "submit", assignment, f"--course={COURSE}"]
    command += [f"--student={who}", f"--Exchange.root={root}"]
    try:
        ran = subprocess.run(
            command, cwd=folder.parent, capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0
