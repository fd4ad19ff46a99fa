"""Whether somebody who knows nothing could find the key by a habit: the longest, the first, ...

A habit points at one option of an item (or at several alike, then at a fair draw among them).
Its score is the points-weighted share of items where that option is right; chance is the score of
a blind draw. For a multiple item the option counts as right where it is one of the keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .. import items as it

HABITS = ("longest", "shortest", "first", "last", "most words of the stem", "most qualified")
ENOUGH = 20  # items, from which on a margin says more than a test
MARGIN = 0.05  # of the points, above chance and below it
SIGNIFICANT = 0.05

# Words that take something back, or say under which condition a sentence holds.
HEDGES = re.compile(
    r"\b(?:may|might|can|could|often|usually|mostly|sometimes|some|perhaps|likely|unless|if"
    r"|where|when|almost|nearly|partly|rarely|in general|as a rule|at least|at most"
    r"|not (?:always|every|all)|as (?:far|long) as)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Figure:
    """How far a habit gets with ``count`` items; ``p``: how often chance gets at least as far."""

    habit: str
    count: int
    score: float
    chance: float
    p: float

    def gives_away(self, whole: bool) -> bool:
        """Whether the habit pays; ``whole``: these are all items of the course.

        Over the course a habit that misses too often pays as well: its option can be ruled out.
        """
        if whole and self.count >= ENOUGH:
            return abs(self.score - self.chance) > MARGIN + 1e-9
        return self.p < SIGNIFICANT


def figures(items: Iterable[it.Item]) -> list[Figure]:
    """A figure for each habit over items with options and keys, all of one type."""
    found = list(items)
    if not found:
        return []
    weight = sum(item.points for item in found)
    chances = [len(_keys(item)) / len(item.options) for item in found]
    chance = sum(c * item.points for c, item in zip(chances, found, strict=True)) / weight
    told = []
    for habit in HABITS:
        hits = [hit(item, habit) for item in found]
        score = sum(h * item.points for h, item in zip(hits, found, strict=True)) / weight
        told.append(Figure(habit, len(found), score, chance, tail(chances, sum(hits))))
    return told


def hit(item: it.Single | it.Multiple, habit: str) -> float:
    """The chance that the habit's option is right: 0 or 1, between where options tie."""
    values = [_value(item, habit, n) for n in range(len(item.options))]
    picked = [
        option.id
        for option, value in zip(item.options, values, strict=True)
        if value == max(values)
    ]
    return sum(option in _keys(item) for option in picked) / len(picked)


def tail(chances: list[float], hits: float) -> float:
    """The exact probability of at least so many hits, each with its own chance.

    The binomial test where all chances are alike; parts of a hit (from ties) are dropped.
    """
    least = int(hits + 1e-9)
    probability = [1.0]  # of 0, 1, ... hits
    for chance in chances:
        missed = [p * (1 - chance) for p in (*probability, 0.0)]
        met = [p * chance for p in (0.0, *probability)]
        probability = [a + b for a, b in zip(missed, met, strict=True)]
    return sum(probability[least:])


def _keys(item: it.Single | it.Multiple) -> frozenset[str]:
    return frozenset({item.key}) if isinstance(item, it.Single) else frozenset(item.key)


def _value(item: it.Single | it.Multiple, habit: str, n: int) -> float:
    text = item.options[n].text
    if habit == "longest":
        return len(text)
    if habit == "shortest":
        return -len(text)
    if habit == "first":
        return -n
    if habit == "last":
        return n
    if habit == "most qualified":
        return len(HEDGES.findall(text))
    return len(_words(text) & _words(item.stem))


def _words(text: str) -> set[str]:
    """Words that carry meaning: of four letters or more."""
    return set(re.findall(r"\w{4,}", text.casefold()))
