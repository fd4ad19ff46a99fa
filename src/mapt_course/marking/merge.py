"""Two people's marks by hand brought together: a three-way merge. Pure: no file, no gradebook.

Each side is a mapping from a place (trainee, notebook, cell, field) to what was given there.
What was not given is not in it, or None. A side that left a place as it was at the start (the
base) has no say there; where both sides changed it, differently, nobody but a person can tell
which is meant, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SCORE, EXTRA, COMMENT, TO_READ = "score", "extra credit", "comment", "to read"
FIELDS = (SCORE, EXTRA, COMMENT, TO_READ)

Place = tuple[str, str, str, str]  # trainee, notebook, cell, field
Value = float | str | bool | None
Values = Mapping[Place, Value]
Take = Literal["ours", "theirs"]


@dataclass(frozen=True)
class Conflict:
    """A place that both sides changed since the base, differently."""

    place: Place
    ours: Value
    theirs: Value


@dataclass(frozen=True)
class Merged:
    """``values``: ours with ``taken``, the changes from theirs, put into it.

    ``agreed``: what both sides have seen, the base of the next merge with the same other side.
    It is theirs, but for the conflicts: those come again until they are settled.
    """

    values: Values
    taken: Values
    conflicts: tuple[Conflict, ...]
    agreed: Values


def merge(base: Values, ours: Values, theirs: Values, take: Take | None = None) -> Merged:
    """Bring theirs into ours. ``take`` settles every conflict, for the one side or the other.

    No value is made up: each of the result is one of the three given for its place.
    """
    values, taken, agreed = dict(ours), {}, dict(theirs)
    conflicts = []
    for place in sorted(base.keys() | ours.keys() | theirs.keys()):
        before, mine, other = base.get(place), ours.get(place), theirs.get(place)
        if other in (before, mine):
            continue
        if mine == before or take == "theirs":
            values[place] = taken[place] = other
        elif take is None:
            conflicts.append(Conflict(place, mine, other))
            agreed[place] = before
    return Merged(values, taken, tuple(conflicts), agreed)
