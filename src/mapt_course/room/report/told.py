"""What may be told of a day afterwards, in the order in which it is told. Pure.

Numbers are told once they were revealed, or the room is closed; notes only where the room saw
them. Nothing is told of fewer than three people together, and of nothing who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..day import Ask, Day
from ..events import INSIDE, Note, State, root
from ..tally import FEWEST, Tally, pooled, tally, top

# What people say of themselves, or saw in a play, is told of all together: by agency it would be
# a comparison that nobody agreed to.
TOGETHER = ("chair", "observed-1", "observed-2", "observed-3", "stand")
INNER = "inner"


@dataclass(frozen=True)
class Statement:
    """A note, with those that were merged into it (``also``).

    ``number``: from 1 on, those of the inner circle first. ``ring``: ``inner``, ``outer``, or ""
    where nothing is sorted. ``marked``: people who marked it, and those of them who want it
    outside; None where fewer than three did.
    """

    number: int
    text: str
    also: tuple[str, ...]
    ring: str
    marked: tuple[int, int] | None


def counted(state: State, place: str) -> Tally | None:
    """The answers to a choice or a pick; None where they are not to be told."""
    ask = state.day.places[place]
    if not (state.is_shown(ask) or state.closed):
        return None
    found = tally(state, place)
    if found.n < FEWEST:
        return None
    if ask.id in TOGETHER:
        return Tally(place, found.n, found.counts)
    return found


def answered(state: State, ask: Ask) -> dict[str, Tally]:
    """The tallies of an ask that may be told, by place."""
    found = {place: counted(state, place) for place, _ in ask.places()}
    return {place: one for place, one in found.items() if one}


def tied(state: State, place: str) -> list[str]:
    """The options of a pick with as many votes as the last that was chosen."""
    chosen, counts = top(state, place), tally(state, place).counts
    return [
        option.text
        for option in state.day.places[place].options
        if chosen and option.id not in chosen and counts[option.id] == counts[chosen[-1]]
    ]


def people(state: State) -> tuple[int, list[tuple[str, int]]]:
    """How many people there were, and how many of each group; no groups where only one is left."""
    heads: dict[str, list[None]] = {}
    for seat in state.present():
        heads.setdefault(seat.agency, []).extend([None] * seat.voices)
    groups = [(named(state.day, names), len(them)) for names, them in pooled(heads)]
    return sum(map(len, heads.values())), groups if len(groups) > 1 else []


def named(day: Day, agencies: Sequence[str]) -> str:
    """A group's name."""
    return " + ".join(each.text for each in day.agencies if each.id in agencies)


def statements(state: State, ask: Ask) -> list[Statement]:
    """The notes of an ask that the room saw and that nobody hid."""
    if not state.is_shown(ask):
        return []
    families: dict[str, list[Note]] = {}
    for note in state.notes.values():
        if note.ask == ask.id and not note.hidden:
            families.setdefault(root(state, note).id, []).append(note)
    found = []
    for name, notes in families.items():
        # Where a note was hidden, those merged into it still stand, under the first of them.
        head = state.notes[name] if state.notes[name] in notes else notes[0]
        also = sorted(_line(note.text) for note in notes if note is not head)
        ring = head.place() if ask.sorts else ""
        found.append(Statement(0, _line(head.text), tuple(also), ring, _marked(head)))
    # Not in the order of writing: that would tell who sat quickly at the phone.
    found.sort(key=lambda one: _order(one, ask))
    return [
        Statement(number, one.text, one.also, one.ring, one.marked)
        for number, one in enumerate(found, 1)
    ]


def unseen(state: State, ask: Ask) -> int:
    """How many notes of an ask are not told because the room never saw them."""
    if state.is_shown(ask):
        return 0
    return sum(note.ask == ask.id and not note.hidden for note in state.notes.values())


def versions(state: State, place: str) -> list[str]:
    """The texts of a shared line; more than one where two wrote at once and nobody joined them."""
    return sorted(one.text for one in state.texts.get(place, {}).values())


def still_open(state: State, asks: Sequence[Ask]) -> int:
    """How many shared lines of these have more than one version."""
    return sum(len(versions(state, place)) > 1 for ask in asks for place, _ in ask.places())


def _marked(note: Note) -> tuple[int, int] | None:
    if len(note.marks) < FEWEST:
        return None
    return len(note.marks), sum(mark != INSIDE for mark in note.marks.values())


def _order(one: Statement, ask: Ask) -> tuple:
    # Evidence and table notes begin with the number of what they belong to.
    number = None if ask.sorts else re.match(r"\D{0,12}?(\d{1,2})(?!\d)", one.text)
    support = -len(one.also) if ask.sorts else 0
    place = int(number[1]) if number else 100
    return one.ring not in ("", INNER), support, place, one.text.casefold(), one.text, one.also


def _line(text: str) -> str:
    return " ".join(text.split())
