"""When a day was: the room after all events, and how long the group was in each stage. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from ... import words
from ..day import Day
from ..events import Event, Refused, State


@dataclass(frozen=True)
class Spent:
    """A stage as it was: when the group first came to it, and the minutes of all its visits."""

    begins: datetime
    minutes: int


@dataclass(frozen=True)
class Held:
    """A day as it was held. ``stages``: by number, from 0 on, those that the group came to."""

    state: State
    begins: datetime
    ends: datetime
    stages: dict[int, Spent]

    @property
    def when(self) -> str:
        """The date, or the first and the last: ``2 March 2026``."""
        return words.days(self.begins, self.ends)


def of(day: Day, events: Iterable[Event], zone: tzinfo | None = None) -> Held | None:
    """The day that these events tell, in the time of ``zone`` (None: of this computer).

    None where nothing ever happened.
    """
    state, visits = State(day), []
    begins = ends = None
    for event in events:
        try:
            if not state.take(event):
                continue
        except Refused:
            continue
        ends = datetime.fromisoformat(event.at).astimezone(zone)
        begins = begins or ends
        if not visits or visits[-1][0] != state.stage:
            visits.append((state.stage, ends))
    if begins is None or ends is None:
        return None
    seconds: dict[int, float] = {}
    lefts = [moment for _, moment in visits[1:]] + [ends]
    for (stage, came), left in zip(visits, lefts, strict=True):
        # A computer's clock may be put back in the middle of a day.
        seconds[stage] = seconds.get(stage, 0) + max(0, (left - came).total_seconds())
    first = {stage: came for stage, came in reversed(visits)}
    stages = {stage: Spent(first[stage], round(seconds[stage] / 60)) for stage in sorted(first)}
    return Held(state, begins, ends, stages)
