"""Two records of one trainee, from two computers, brought together; the rules: docs/record.md.

A record that results is an ordinary one: its readers go by the order of its lines and need to
know nothing of this. So each line has to come where it is read rightly: what was handed in first,
as it stood, for a receipt hangs on all that stands above it; then the rest, by time, with each
computer's own order kept.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from . import record
from .record import Event

BEGINNING = datetime.min.replace(tzinfo=UTC)


class Apart(ValueError):
    """The work was handed in on both computers: one order of lines cannot keep both receipts."""


@dataclass(frozen=True)
class Line:
    """One line without its end. ``name``: what it counts once by; ``when``: its place in time."""

    raw: bytes
    name: bytes
    when: datetime
    event: Event | None = None


def lines(content: bytes) -> list[Line]:
    """The lines of a record, each name once. What is no event stands in time where it was found."""
    found: dict[bytes, Line] = {}
    when = BEGINNING
    for raw in content.split(b"\n"):
        if not raw.strip():
            continue
        event = record.parse(raw)
        if isinstance(event, str):
            line = Line(raw, b"\n" + raw, when)
        else:
            when = datetime.fromisoformat(event.at)
            line = Line(raw, event.id.encode(), when, event)
        found.setdefault(line.name, line)
    return list(found.values())


def merge(mine: Sequence[Line], theirs: Sequence[Line]) -> list[Line]:
    """All lines of both, in an order in which each is read rightly; Apart where there is none.

    It does not matter which is which. Merged once more with either, nothing changes.
    """
    owner, guest = mine, theirs
    if _handed(theirs) > _handed(mine):
        owner, guest = theirs, mine
    start = list(owner[: _last_hand_in(owner)])
    handed, other = _events(start), _events(guest[: _last_hand_in(guest)])
    if handed[: len(other)] != other:
        raise Apart
    there = {line.name for line in start}
    rest = _interleaved(owner[len(start) :], [line for line in guest if line.name not in there])
    return start + rest + _again(start, rest, owner, guest)


def bring_in(trainee: record.Record, theirs: bytes) -> int:
    """Bring another computer's record into this one; how many events were new here.

    Apart, or OSError where the disk does not take it: then nothing has changed.
    """
    known = lines(theirs)
    # Half a line that a crash left there is nobody's event; one of a later version is.
    known = [line for line in known if line.event or record.is_of_another_version(line.raw)]
    new = 0

    def together(before: bytes) -> bytes:
        nonlocal new
        mine = lines(before)
        whole = merge(mine, known)
        new = len({line.name for line in known} - {line.name for line in mine})
        if whole[: len(mine)] == mine:
            more = whole[len(mine) :]
            end = b"\n" if more and before and not before.endswith(b"\n") else b""
            return before + end + _joined(more)
        return _joined(whole)

    trainee.change(together)
    return new


def _joined(some: Iterable[Line]) -> bytes:
    return b"".join(line.raw + b"\n" for line in some)


def _last_hand_in(some: Sequence[Line]) -> int:
    """How many lines there are down to the last hand-in."""
    places = (n for n, line in enumerate(some, 1) if line.event and line.event.kind == "handed-in")
    return max(places, default=0)


def _handed(some: Sequence[Line]) -> int:
    return len(_events(some[: _last_hand_in(some)]))


def _events(some: Iterable[Line]) -> list[bytes]:
    """The events as a receipt takes them."""
    return [line.event.line() for line in some if line.event]


def _interleaved(first: Sequence[Line], second: Sequence[Line]) -> list[Line]:
    """By time, but no line before one that stands above it in either."""
    chosen: dict[bytes, Line] = {}
    for line in (*first, *second):
        other = chosen.get(line.name, line)
        chosen[line.name] = min(line, other, key=lambda each: (each.when, each.raw))
    above = dict.fromkeys(chosen, 0)
    below: dict[bytes, list[bytes]] = {name: [] for name in chosen}
    for each in (first, second):
        for upper, lower in pairwise(each):
            above[lower.name] += 1
            below[upper.name].append(lower.name)
    by_time = sorted(chosen, key=lambda name: (chosen[name].when, name))
    ready = [(chosen[name].when, name) for name in by_time if not above[name]]
    placed: dict[bytes, Line] = {}
    left = iter(by_time)
    while len(placed) < len(chosen):
        # Where the two contradict each other (somebody sorted one), the time decides.
        name = heapq.heappop(ready)[1] if ready else next(left)
        if name in placed:
            continue
        placed[name] = chosen[name]
        for lower in below[name]:
            above[lower] -= 1
            if not above[lower]:
                heapq.heappush(ready, (chosen[lower].when, lower))
    return list(placed.values())


def _again(
    start: Sequence[Line], rest: Sequence[Line], owner: Sequence[Line], guest: Sequence[Line]
) -> list[Line]:
    """Responses and entries of what was handed in that have to be said once more.

    An answer of the other computer that is older than one of these could not be put above the
    hand-in. It would be read as the latest. So the latest is repeated below it, under an id that
    is the same whoever makes it.
    """
    latest = {thing: line for line in start for thing in _things(line.event)}
    own = {line.name for line in owner}
    place = {line.name: n for n, line in enumerate(guest)}
    last: dict[tuple[str, str], Line] = {}
    answered_since = set()
    for line in rest:
        for thing in _things(line.event):
            last[thing] = line
            if line.name in own:
                answered_since.add(thing)
    again: dict[bytes, dict[str, Any]] = {}
    by_name: dict[bytes, Line] = {}
    for thing, line in last.items():
        before = latest.get(thing)
        if before is None or thing in answered_since:
            continue
        if before.name in place:
            is_later = place[before.name] < place[line.name]
        else:
            is_later = before.when <= line.when
        if not is_later:
            by_name[before.name] = before
            box = thing[1]
            boxes = again.setdefault(before.name, {})
            if box:
                boxes[box] = before.event.response[box]
    return sorted(
        (_repeated(by_name[name], dict(sorted(boxes.items()))) for name, boxes in again.items()),
        key=lambda line: (line.when, line.name),
    )


def _things(event: Event | None) -> list[tuple[str, str]]:
    """What an event is the latest word on: an item, a reflection, or boxes of a form."""
    if event is None or event.kind not in ("response", "reflection", "form"):
        return []
    if event.kind == "form":
        return [(event.item, box) for box in event.response] if _is_boxes(event.response) else []
    return [(event.item, "")]


def _is_boxes(response: Any) -> bool:
    return isinstance(response, dict)


def _repeated(line: Line, boxes: dict[str, Any]) -> Line:
    event = replace(line.event, id="-", **({"response": boxes} if boxes else {}))
    name = "again-" + hashlib.sha256(line.event.id.encode() + event.line()).hexdigest()[:32]
    event = replace(event, id=name)
    return Line(event.line().rstrip(b"\n"), name.encode(), line.when, event)
