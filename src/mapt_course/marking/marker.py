"""From a record's events and a bank with its key to marks. Pure: no file, no notebook.

The latest response to an item counts. What cannot be marked is noted, never fatal: the notes
are sentences for a trainer, and a trainee may read them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .. import items as it
from .. import record
from ..bank import Bank


@dataclass(frozen=True)
class Note:
    """A remark on a submission; ``damage``: a trainer should look at it."""

    text: str
    damage: bool = True


@dataclass(frozen=True)
class Row:
    """An item, the response that counts (None: not answered) and its mark, in points."""

    item: it.Item
    response: Any
    mark: it.Mark


@dataclass(frozen=True)
class Marks:
    """``rows`` by item id, in the bank's order; ``reflections``: texts by reflection id."""

    rows: Mapping[str, Row]
    reflections: Mapping[str, str]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Total:
    """The rows of one quiz, and what they come to, in points."""

    title: str
    rows: tuple[Row, ...]

    @property
    def points(self) -> float:
        """What could be earned."""
        return sum(row.mark.points for row in self.rows)

    @property
    def score(self) -> float:
        """What was earned: never more than ``points``, to four places."""
        return min(self.points, round(sum(row.mark.score for row in self.rows), 4))

    @property
    def answered(self) -> int:
        """How many of the items have a response that counts."""
        return sum(row.response is not None for row in self.rows)


def mark_events(bank: Bank, events: Iterable[record.Event]) -> Marks:
    """Marks for every item of the bank, and the latest text of every reflection.

    ValueError where the bank has no key: such a bank marks nothing.
    """
    events = list(events)
    given = record.responses(events)
    notes: list[Note] = []
    rows = {}
    for item in bank.items.values():
        row, unmarkable = _row(item, given.get(item.id, ()))
        rows[item.id] = row
        notes += unmarkable
    texts = {e.item: e.text for e in events if e.kind == "reflection" and e.text.strip()}
    known = bank.items.keys() | bank.reflections.keys()
    foreign = {e.item for e in events if e.kind in ("response", "reflection")} - known
    if foreign:
        what = "another activity" if len(foreign) == 1 else f"{len(foreign)} other activities"
        notes.append(Note(f"The record also holds answers to {what}: left out.", damage=False))
    reflections = {name: texts[name] for name in bank.reflections if name in texts}
    return Marks(rows, reflections, tuple(notes))


def total(bank: Bank, marks: Marks, quiz_id: str) -> Total:
    """The total of a quiz; KeyError where the bank has no such quiz."""
    quiz = bank.quizzes[quiz_id]
    return Total(quiz.title, tuple(marks.rows[item] for item in quiz.items))


def reading_notes(reading: record.Reading) -> list[Note]:
    """What was skipped in a record, as one note."""
    if not reading.skipped:
        return []
    reasons = "; ".join(
        reason + (f" ({count} times)" if count > 1 else "")
        for reason, count in reading.skipped.items()
    )
    return [Note(f"The record was damaged: {reasons}. What could be read is marked.")]


def _row(item: it.Item, events: Iterable[record.Event]) -> tuple[Row, list[Note]]:
    # A response that cannot be marked does not cost the one before it, which was good.
    failed, reason = 0, ""
    for event in reversed(list(events)):
        try:
            mark = it.mark(item, event.response)
        except it.ResponseError as wrong:
            failed, reason = failed + 1, reason or str(wrong)
            continue
        return Row(item, event.response, mark), _unmarkable(failed, reason)
    return Row(item, None, it.Mark(0.0, item.points)), _unmarkable(failed, reason)


def _unmarkable(failed: int, reason: str) -> list[Note]:
    if not failed:
        return []
    what = "A response" if failed == 1 else f"{failed} responses"
    return [Note(f"{what} could not be marked: {reason}")]
