"""``mapt collect``: hand-ins that came by mail or through a learning platform, into ``submitted/``.

Takes the zip and the text file that the course's button makes, folders of them, and the one big
zip that a platform gives to a trainer. What comes in is data: a record is read line by line, a
notebook is copied as bytes, nothing else is taken. One bad file stops no other.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .. import handin, record, zips
from ..foreign import one_line
from . import folder
from .release import ReleaseError, find_root

RELEASE = "exercises"
COLLECTED = "collected"  # every file that came in, as it came
SUFFIXES = (".zip", ".txt", ".jsonl")
# Of one hand-in; of a platform's zip of all of them.
ONE = zips.Limits(zip=50 * zips.MB, file=64 * zips.MB, total=100 * zips.MB, files=200)
ALL = zips.Limits(zip=2000 * zips.MB, file=100 * zips.MB, total=4000 * zips.MB, files=20_000)
_NAMED = re.compile(r"(?P<assignment>[a-z0-9-]+)__(?P<who>[^_/]+?)__[0-9T]+")


@dataclass(frozen=True)
class Came:
    """A hand-in as it came: ``raw`` is the record's file, ``notebook`` its bytes, if any."""

    name: str
    assignment: str
    who: str
    raw: bytes
    reading: record.Reading
    notebook: bytes | None

    @property
    def handed(self) -> list[record.HandIn]:
        """Each time that it was handed in."""
        return record.hand_ins(self.reading.events, self.assignment)


def main(paths: list[str], root: Path | None = None) -> int:
    """Take in files and folders, one line for each; 1 where something was not taken."""
    try:
        root = root or find_root(Path.cwd())
    except ReleaseError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    taken, refused = 0, 0
    for path in map(Path, paths):
        found = False
        for name, content in _files(path):
            found = True
            try:
                if isinstance(content, zips.ZipError):
                    raise content
                print(take(root, name, content), flush=True)
                taken += 1
            except (zips.ZipError, OSError) as wrong:
                print(f"NOT TAKEN  {one_line(name)}: {wrong}", flush=True)
                refused += 1
        if not found:
            print(f"NOT TAKEN  {one_line(str(path))}: there is no hand-in in it.")
            refused += 1
    print(f"{taken} taken, {refused} not taken. Everything that came lies in {COLLECTED}/ as well.")
    return int(refused > 0)


def take(root: Path, name: str, content: bytes) -> str:
    """Put one hand-in into ``submitted/`` and say what was done; ZipError where it is none."""
    came = read(root, name, content)
    kept = root / COLLECTED / came.assignment / came.who / Path(name).name
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(content)
    place = root / "submitted" / came.who / came.assignment
    told = f"{came.who}, {came.assignment}: {_when(came)}"
    present = record.read(place / record.NAME).events if place.is_dir() else ()
    new, old = ({event.id for event in events} for events in (came.reading.events, present))
    if place.is_dir() and new <= old:
        return f"there       {told}. It was collected before."
    _write(root, place, came)
    if old - new:
        return f"taken       {told}. It takes the place of other answers; see {COLLECTED}/."
    return f"{'newer' if present else 'taken':<11} {told}"


def read(root: Path, name: str, content: bytes) -> Came:
    """A hand-in from a file's bytes. ZipError, with a sentence, where it is none."""
    notebook = None
    raw = content
    if name.lower().endswith(".zip"):
        raw, notebook = _unpack(content)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / record.NAME
        path.write_bytes(raw)
        reading = record.read(path)
    handed = [event for event in reading.events if event.kind == "handed-in"]
    named = _NAMED.search(Path(name).name)
    if handed:
        assignment, who = handed[-1].item, handed[-1].text
    elif named:
        assignment, who = named["assignment"], named["who"]
    else:
        raise zips.ZipError(
            "it does not say whose it is. Ask for the file that the hand-in button makes."
        )
    if not (root / "solutions" / assignment / "items.toml").is_file() or "/" in assignment:
        raise zips.ZipError(f"there is no assignment “{one_line(assignment)}” in solutions/.")
    if not handin.NAME.fullmatch(who) or len(who) > handin.LONGEST_NAME:
        raise zips.ZipError(f"“{one_line(who)}” is not the name of a trainee.")
    return Came(name, assignment, who, raw, reading, notebook)


def _unpack(content: bytes) -> tuple[bytes, bytes | None]:
    """The record and the notebook in a hand-in's zip."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "one.zip"
        path.write_bytes(content)
        found = dict(zips.members(path, ONE))
    records = [name for name in found if Path(name).name == record.NAME]
    notebooks = [name for name in found if name.endswith(".ipynb")]
    if len(records) != 1:
        raise zips.ZipError(f"it holds {len(records) or 'no'} “{record.NAME}”. One is needed.")
    return found[records[0]], found[notebooks[0]] if len(notebooks) == 1 else None


def _files(path: Path) -> Iterator[tuple[str, bytes | zips.ZipError]]:
    """Every hand-in in a file or folder, or the reason why it cannot be read."""
    if path.is_dir() and not path.is_symlink():
        for each in sorted(path.iterdir()):
            if each.suffix.lower() in SUFFIXES or (each.is_dir() and not each.is_symlink()):
                yield from _files(each)
        return
    try:
        content = folder.read_file(path, ALL.zip)
    except (OSError, ValueError) as wrong:
        yield str(path), zips.ZipError(getattr(wrong, "strerror", None) or f"{wrong}.")
        return
    inside = list(_of_a_platform(path)) if path.suffix.lower() == ".zip" else []
    yield from inside or [(path.name, content)]


def _of_a_platform(path: Path) -> Iterator[tuple[str, bytes]]:
    """The hand-ins in a zip of many; none where it is a hand-in itself, or no zip."""
    try:
        for name, content in zips.members(path, ALL):
            if Path(name).name == record.NAME:
                return
            if Path(name).suffix.lower() in SUFFIXES:
                yield name, content
    except zips.ZipError:
        return


def _when(came: Came) -> str:
    if not came.handed:
        return "without a receipt"
    latest = came.handed[-1]
    times = {1: "handed in", 2: "handed in for the second time"}
    return (
        f"{times.get(latest.number, f'handed in {latest.number} times')} "
        f"{latest.at[:10]} {latest.at[11:16]} UTC, receipt {latest.receipt}"
    )


def _write(root: Path, place: Path, came: Came) -> None:
    """The submission's folder, whole or as it was before."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".coming-") as coming:
        new = Path(coming) / "new"
        new.mkdir()
        (new / record.NAME).write_bytes(came.raw)
        notebook = came.notebook
        if notebook is None:  # the text file holds the record alone, and that is all right
            notebook = (root / RELEASE / came.assignment / f"{came.assignment}.ipynb").read_bytes()
        (new / f"{came.assignment}.ipynb").write_bytes(notebook)
        (new / folder.TIMESTAMP).write_text(_timestamp(came.handed), encoding="ascii")
        if place.exists():
            place.replace(Path(coming) / "old")
        new.replace(place)
        shutil.rmtree(Path(coming) / "old", ignore_errors=True)


def _timestamp(handed: Iterable[record.HandIn]) -> str:
    """nbgrader's time stamp: the last hand-in's own, but no time that is still to come."""
    now = datetime.now(UTC)
    times = [datetime.fromisoformat(each.at.replace("Z", "+00:00")) for each in handed]
    return folder.timestamp(min([*times[-1:], now]).timestamp())
