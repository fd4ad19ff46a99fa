"""How many chose what, by agency, and never of fewer than three people together. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .day import UNSURE
from .events import State

FEWEST = 3  # people of a group that is shown on its own


@dataclass(frozen=True)
class Group:
    """The answers of some agencies together. ``counts``: people by option; ``n``: people."""

    agencies: tuple[str, ...]
    n: int
    counts: dict[str, int]


@dataclass(frozen=True)
class Tally:
    """The answers to one place. ``groups``: none where only all together may be shown."""

    place: str
    n: int
    counts: dict[str, int]
    groups: tuple[Group, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As JSON values."""
        groups = [
            {"of": list(one.agencies), "n": one.n, "counts": one.counts} for one in self.groups
        ]
        return {"n": self.n, "counts": self.counts, "groups": groups}


def tally(state: State, place: str) -> Tally:
    """The answers to a choice or a pick, of all who are present.

    Of fewer than three people together nothing but their number is told, unless the ask is open
    by its nature (who sits in which chair). Agencies with fewer than three answers are counted
    together; where even these are fewer than three, with the smallest of the others: so nobody
    can work out a small group's answers as what is missing.
    """
    ask = state.day.places[place]
    by_agency: dict[str, list[Any]] = {}
    for seat, _, value in given(state, place):
        by_agency.setdefault(state.seats[seat].agency, []).append(value)
    options = [option.id for option in ask.options]
    everybody = [value for values in by_agency.values() for value in values]
    if ask.open:
        return Tally(place, len(everybody), _counted(everybody, options))
    if len(everybody) < FEWEST:
        return Tally(place, len(everybody), {})
    groups = [
        Group(names, len(them), _counted(them, options)) for names, them in _groups(by_agency)
    ]
    counts = _counted(everybody, options)
    return Tally(place, len(everybody), counts, tuple(groups) if len(groups) > 1 else ())


def given(state: State, place: str) -> Iterator[tuple[str, int, Any]]:
    """Each answer to a place: seat, voice, value."""
    for seat in state.present():
        for voice in range(1, seat.voices + 1):
            if (place, voice) in seat.answers:
                yield seat.id, voice, seat.answers[place, voice]


def _groups(by_agency: dict[str, list[Any]]) -> list[tuple[tuple[str, ...], list[Any]]]:
    order = sorted(by_agency, key=lambda name: (len(by_agency[name]), name))
    pooled = [name for name in order if len(by_agency[name]) < FEWEST]
    alone = [name for name in order if len(by_agency[name]) >= FEWEST]
    while pooled and alone and sum(len(by_agency[name]) for name in pooled) < FEWEST:
        pooled.append(alone.pop(0))
    found = [((name,), by_agency[name]) for name in sorted(alone)]
    if pooled:
        together = [value for name in sorted(pooled) for value in by_agency[name]]
        found.append((tuple(sorted(pooled)), together))
    return found


def _counted(values: list[Any], options: list[str]) -> dict[str, int]:
    counts = dict.fromkeys(options, 0)
    for value in values:
        for each in value if isinstance(value, list) else [value]:
            counts[each] += 1
    return counts


def mean(counts: dict[str, int]) -> float | None:
    """The mean level of a choice, from 1 on; “don't know” is no level. None where nobody knows."""
    known = {int(option): n for option, n in counts.items() if option != UNSURE}
    people = sum(known.values())
    return sum(level * n for level, n in known.items()) / people if people else None


def spread(found: Tally) -> float:
    """How far the groups' means lie apart, in levels; 0 where there are not two to compare."""
    means = [value for one in found.groups if (value := mean(one.counts)) is not None]
    return max(means) - min(means) if len(means) > 1 else 0.0


def differs_most(state: State, places: list[str]) -> str:
    """The place on which the agencies lie furthest apart; "" where none can be told."""
    apart = {place: spread(tally(state, place)) for place in places}
    most = max(apart.values(), default=0.0)
    return next((place for place, value in apart.items() if most and value == most), "")


def top(state: State, place: str) -> list[str]:
    """The options of a pick that most chose: as many as one may choose, ties by their order."""
    ask = state.day.places[place]
    counts = tally(state, place).counts
    order = sorted(
        (option for option, n in counts.items() if n), key=lambda o: (-counts[o], int(o))
    )
    return order[: ask.most]
