"""A trainee's record: ``responses.jsonl``, appended to, never rewritten; and its folds.

The format is a public contract: ``docs/record.md``. What :meth:`Record.append` returned has
reached the disk. Reading never raises on any bytes: lines that are torn, foreign or of a later
version are skipped and counted.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import stat
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

VERSION = 1
NAME = "responses.jsonl"
KINDS = ("response", "retry", "hint", "reveal", "reflection", "form", "handed-in", "opened")
CONFIDENCE = ("sure", "think", "guess")
SHORT = ("id", "at", "item", "activity")  # fields of at most 200 characters
TEXTS = (*SHORT, "kind", "confidence", "text")
FIELDS = frozenset({"v", *TEXTS, "response"})
MOST_OTHERS = 1_000  # names of foreign fields that are kept
SHORTEST_LINE = 60  # bytes; the fields that every event has take more
LONGEST_LINE = 256 * 1024  # bytes; a reflection of 200 words has about 1,500
LARGEST_FILE = 64 * 1024 * 1024  # bytes of a record; a keen trainee's has about 1 MB
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,6})?(Z|\+00:00)")


class RecordError(OSError):
    """The record cannot be written; the message says what to do."""


@dataclass(frozen=True)
class Event:
    """One line of a record; ``docs/record.md`` tells the fields."""

    id: str
    at: str
    kind: str
    item: str
    activity: str = ""
    response: Any = None
    confidence: str = ""
    text: str = ""

    def line(self) -> bytes:
        """The event as one line of UTF-8 JSON with its line end."""
        values = vars(self).items()
        told = {k: v for k, v in values if v is not None and (k == "response" or v != "")}
        text = json.dumps({"v": VERSION, **told}, ensure_ascii=False, allow_nan=False)
        return text.encode() + b"\n"


@dataclass(frozen=True)
class Reading:
    """Events in the file's order, each id once; ``skipped``: lines skipped, by reason.

    ``others``: names of fields that events had and the format does not have; not all of very many.
    """

    events: tuple[Event, ...]
    skipped: Mapping[str, int]
    others: frozenset[str] = frozenset()


class Record:
    """The record in a folder (the notebook's own)."""

    def __init__(self, folder: Path | str = "."):
        self.path = Path(folder).absolute() / NAME

    def append(self, kind: str, item: str, *, event_id: str = "", **values: Any) -> Event:
        """Write one event and return it once it is on the disk.

        ``event_id``: the sender's own id; sent twice, it counts once. ValueError for an event
        that the format does not allow, RecordError where the disk does not take it.
        """
        event = Event(
            id=event_id or uuid.uuid4().hex,
            at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            kind=kind,
            item=item,
            **values,
        )
        try:
            line = event.line()
        except (TypeError, ValueError, RecursionError):  # not JSON, or not text that can be kept
            raise ValueError("not an event of a record: its values are no plain text") from None
        if len(line) > LONGEST_LINE:
            raise ValueError("This text is too long to be kept. Shorten it.")
        event = parse(line)  # as any reader will see it
        if isinstance(event, str):
            raise ValueError(f"not an event of a record: {event}")
        try:
            self._write(line)
        except OSError as wrong:
            raise RecordError(
                f"Your answer could not be saved in {self.path} ({wrong.strerror}). "
                "Make room on the disk, or move the course folder to a place you may write to."
            ) from wrong
        return event

    def _write(self, line: bytes) -> None:
        with self._held() as file:
            _add(file, line)

    def change(self, how: Callable[[bytes], bytes]) -> None:
        """Make other bytes of the record's bytes, while nobody else writes.

        What only goes on after what was there is appended; anything else takes the file's place
        whole. OSError where the disk does not take it; what ``how`` raises changes nothing.
        """
        with self._held() as file:
            with os.fdopen(os.dup(file), "rb") as stream:
                stream.seek(0)
                before = stream.read(LARGEST_FILE + 1)
            if len(before) > LARGEST_FILE:
                raise OSError(errno.EFBIG, "the file is too large")
            after = how(before)
            if after.startswith(before):
                _add(file, after[len(before) :])
            else:
                _put_in_place(self.path, after)

    @contextmanager
    def _held(self) -> Iterator[int]:
        """The record, open and locked; on the disk at the end."""
        new = not self.path.exists()
        held = False
        while not held:
            file = _open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
            try:
                with _lock(file):
                    # While we waited, another file may have been put in its place.
                    held = _is_at(file, self.path)
                    if held:
                        yield file
                if held:
                    os.fsync(file)
            finally:
                os.close(file)
        if new:
            _sync_folder(self.path.parent)

    def read(self) -> Reading:
        """All events; an absent file has none."""
        return read(self.path)

    def stamp(self) -> tuple[int, int]:
        """Changes when the file does: (size, time of change in ns); (0, 0) without a file."""
        try:
            status = os.stat(self.path, follow_symlinks=False)
            return status.st_size, status.st_mtime_ns
        except OSError:
            return 0, 0


def read(path: Path, largest: int | None = None) -> Reading:
    """Events of a record file, whatever its bytes are; see the module's first lines.

    ``largest``: bytes that are read, usually ``LARGEST_FILE``.
    """
    try:
        content, whole = raw(path, largest)
    except FileNotFoundError:
        return Reading((), {})
    except (OSError, ValueError) as wrong:
        return Reading((), {getattr(wrong, "strerror", None) or str(wrong): 1})
    events: dict[str, Event] = {}
    skipped: Counter[str] = Counter()
    others: set[str] = set()
    if not whole:
        skipped["the file is too large; the rest was not read"] += 1
    for line in io.BytesIO(content):  # one at a time: a list of all lines takes ten times the room
        if line.strip():
            values = _values(line)
            found = values if isinstance(values, str) else _event(values)
            if isinstance(found, str):
                skipped[found] += 1
            else:
                events.setdefault(found.id, found)
                if len(others) < MOST_OTHERS:
                    others |= values.keys() - FIELDS
    return Reading(tuple(events.values()), dict(skipped), frozenset(others))


def raw(path: Path, largest: int | None = None) -> tuple[bytes, bool]:
    """The bytes of a record file as far as they are read, and whether that is all of them.

    OSError for what is no ordinary file.
    """
    largest = LARGEST_FILE if largest is None else largest
    with os.fdopen(_open(path, os.O_RDONLY), "rb") as stream:
        content = stream.read(largest + 1)
    if len(content) <= largest:
        return content, True
    return content[: content.rfind(b"\n", 0, largest) + 1], False


def parse(line: bytes) -> Event | str:
    """The event on a line, or the reason why it is none."""
    values = _values(line)
    return values if isinstance(values, str) else _event(values)


def is_of_another_version(line: bytes) -> bool:
    """Whether a line is whole, and an event for readers of another version."""
    values = _values(line)
    return isinstance(values, dict) and (values["v"] != VERSION or values.get("kind") not in KINDS)


def _values(line: bytes) -> dict[str, Any] | str:
    """The JSON object on a line, or the reason why there is none."""
    if len(line) > LONGEST_LINE:
        return "a line is too long"
    if len(line) < SHORTEST_LINE:  # millions of them must not keep a trainer waiting
        return "a line is torn or not JSON"
    try:
        # -sig: some editors put a byte order mark before the first line.
        values = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return "a line is torn or not JSON"
    if not isinstance(values, dict) or "v" not in values:
        return "a line is not an event"
    return values


def _event(values: Mapping[str, Any]) -> Event | str:
    """The event that an object is, or the reason why it is none."""
    if type(values["v"]) is not int or values["v"] != VERSION:
        return "an event is of another version"
    texts = {name: values.get(name, "") for name in TEXTS}
    if not all(isinstance(text, str) and _encodes(text) for text in texts.values()):
        return "an event has a field of the wrong kind"
    if texts["kind"] not in KINDS:
        return "an event is of an unknown kind"
    if not (texts["id"] and texts["item"]) or any(len(texts[name]) > 200 for name in SHORT):
        return "an event has no id or no item"
    if not _is_time(texts["at"]):
        return "an event has no time"
    if texts["confidence"] not in ("", *CONFIDENCE):
        return "an event has an unknown confidence"
    response = values.get("response")
    if not _is_response(response) or (response is None and texts["kind"] in ("response", "form")):
        return "an event has a field of the wrong kind"
    return Event(**texts, response=response)


# --- folds --------------------------------------------------------------------------------


def responses(events: Iterable[Event]) -> dict[str, list[Event]]:
    """For each item, its responses in order."""
    found: dict[str, list[Event]] = {}
    for event in events:
        if event.kind == "response":
            found.setdefault(event.item, []).append(event)
    return found


def latest(events: Iterable[Event]) -> dict[str, Event]:
    """For each item, its latest response; for each reflection and form, what was written last."""
    return {e.item: e for e in events if e.kind in ("response", "reflection", "form")}


def entries(events: Iterable[Event]) -> dict[str, dict[str, Any]]:
    """For each form, what was entered last in each of its boxes."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.kind == "form" and isinstance(event.response, dict):
            found.setdefault(event.item, {}).update(event.response)
    return found


@dataclass(frozen=True)
class HandIn:
    """One time that an assignment was handed in, with all that the record held by then.

    ``number``: 1 for the first; ``who``: the name it was handed in under.
    """

    number: int
    at: str
    who: str
    events: tuple[Event, ...]

    @property
    def receipt(self) -> str:
        """A short code that only these events give, in their order: ``1a2b-3c4d-5e6f-7a8b``."""
        whole = hashlib.sha256(b"".join(event.line() for event in self.events)).hexdigest()[:16]
        return "-".join(whole[n : n + 4] for n in range(0, 16, 4))


def hand_ins(events: Iterable[Event], assignment: str) -> list[HandIn]:
    """Each time that an assignment was handed in, first to last."""
    events, found = tuple(events), []
    for n, event in enumerate(events, 1):
        if event.kind == "handed-in" and event.item == assignment:
            found.append(HandIn(len(found) + 1, event.at, event.text, events[:n]))
    return found


def _encodes(text: str) -> bool:
    # Half of a surrogate pair is a str that no file can take; "\\ud800" in JSON makes one.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_time(text: str) -> bool:
    try:
        return bool(TIME.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _is_response(value: Any) -> bool:
    """Nothing, a text, a list of texts, or texts and whole numbers by name; nothing deeper."""
    if isinstance(value, dict):
        return all(_encodes(name) for name in value) and all(
            type(each) is int or (isinstance(each, str) and _encodes(each))
            for each in value.values()
        )
    parts = value if isinstance(value, list) else [] if value is None else [value]
    return all(isinstance(each, str) and _encodes(each) for each in parts)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _open(path: Path, flags: int) -> int:
    # Links are not followed: the record is a file of its own, here and when it is marked.
    # NONBLOCK: opening a pipe that somebody put there must not wait for ever.
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        file = os.open(path, flags, 0o644)
        if stat.S_ISREG(os.fstat(file).st_mode):
            return file
        os.close(file)
    except OSError as wrong:
        if wrong.errno not in (errno.ELOOP, errno.EISDIR):
            raise
    raise OSError(errno.EINVAL, "it is not an ordinary file: move it away")


def _add(file: int, lines: bytes) -> None:
    """Whole lines at the end of a record that is held."""
    size = os.fstat(file).st_size
    # A writer that died in mid-line left no line end: start on a line of our own.
    if lines and size and _byte_at(file, size - 1) != b"\n":
        lines = b"\n" + lines.removeprefix(b"\n")
    if size + len(lines) > LARGEST_FILE:  # readers stop there
        raise OSError(errno.EFBIG, "the file is full: move it away to begin a new one")
    while lines:
        lines = lines[os.write(file, lines) :]


def _put_in_place(path: Path, content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise OSError(errno.EFBIG, "the file would be too large")
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)  # of a run that was broken off; the record is held by us alone
    with open(part, "xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    _sync_folder(path.parent)


def _is_at(file: int, path: Path) -> bool:
    """Whether an open file is the one that has this name now."""
    try:
        return os.path.samestat(os.fstat(file), os.stat(path, follow_symlinks=False))
    except FileNotFoundError:
        return False


def _byte_at(file: int, place: int) -> bytes:
    os.lseek(file, place, os.SEEK_SET)
    return os.read(file, 1)


@contextmanager
def _lock(file: int):
    """One writer at a time where the system offers it; single writes suffice elsewhere."""
    if fcntl is None:
        yield
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:  # some network folders have no locks
        yield
        return
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut, where folders can be synced."""
    try:
        file = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(file)
    except OSError:
        pass
    finally:
        os.close(file)
