"""From a record's events and a bank with its key to marks. Pure: no file, no notebook.

The latest response to an item counts. Work may be handed in twice: each time is marked as the
record then was, and the better counts as a whole. What cannot be marked is noted, never fatal:
the notes are sentences for a trainer, and a trainee may read them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .. import items as it
from .. import record
from ..bank import Bank
from ..handin import MOST

ANSWERS = ("response", "reflection", "form")

# Fields that somebody would add who takes the record for the place of the marks.
FORGED = frozenset(
    ("score", "mark", "marks", "points", "grade", "correct", "auto_score", "manual_score")
)
CLOCKS = timedelta(days=1)  # how far a trainee's clock may be ahead of the trainer's


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
class Attempt:
    """One time that work was handed in. ``at`` and ``receipt`` are empty without a receipt.

    ``score``: what all its items earned, in points.
    """

    score: float
    at: str = ""
    receipt: str = ""


@dataclass(frozen=True)
class Marks:
    """``rows`` by item id, in the bank's order, of the attempt that counts.

    ``attempts``: what was handed in, first to last.
    """

    rows: Mapping[str, Row]
    notes: tuple[Note, ...]
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True)
class Written:
    """``reflections``: texts by reflection id; ``forms``: entries by form id."""

    reflections: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]]


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
    """Marks for every item of the bank, of the attempt that counts.

    ValueError where the bank has no key: such a bank marks nothing.
    """
    events = tuple(events)
    handed, left_over = _handed_in(bank, events)
    marked = [_rows(bank, each.events) for each in handed]
    scores = [round(sum(row.mark.score for row in rows.values()), 4) for rows, _ in marked]
    rows, notes = marked[scores.index(max(scores))]
    known = bank.items.keys() | bank.reflections.keys() | bank.forms.keys()
    notes += _foreign(bank, {e.item for e in events if e.kind in ANSWERS} - known)
    if left_over:
        notes.append(
            Note("What was written after the second hand-in does not count.", damage=False)
        )
    attempts = tuple(
        Attempt(score, each.at, each.receipt if each.at else "")
        for score, each in zip(scores, handed, strict=True)
    )
    return Marks(rows, tuple(notes), attempts)


def written(bank: Bank, events: Iterable[record.Event]) -> Written:
    """What is read by hand, as it was last handed in: reflections and forms that have a text."""
    handed, _ = _handed_in(bank, tuple(events))
    latest = handed[-1].events
    texts = {e.item: e.text for e in latest if e.kind == "reflection" and e.text.strip()}
    entries = record.entries(latest)
    forms = {name: form.entries(entries.get(name, {})) for name, form in bank.forms.items()}
    return Written(
        {name: texts[name] for name in bank.reflections if name in texts},
        {name: given for name, given in forms.items() if given},
    )


def _handed_in(bank: Bank, events: tuple[record.Event, ...]) -> tuple[list[record.HandIn], bool]:
    """The attempts that count, one at least; and whether answers came after the last of them."""
    handed = record.hand_ins(events, bank.module)[:MOST]
    after = events[len(handed[-1].events) :] if handed else events
    later = any(event.kind in ANSWERS for event in after)
    if not handed or (later and len(handed) < MOST):
        # Handed in by another way than the course's own: as the record is now.
        return [*handed, record.HandIn(len(handed) + 1, "", "", events)], False
    return handed, later


def _rows(bank: Bank, events: Iterable[record.Event]) -> tuple[dict[str, Row], list[Note]]:
    given = record.responses(events)
    rows, notes = {}, []
    for item in bank.items.values():
        rows[item.id], unmarkable = _row(item, given.get(item.id, ()))
        notes += unmarkable
    return rows, notes


def total(bank: Bank, marks: Marks, quiz_id: str) -> Total:
    """The total of a quiz; KeyError where the bank has no such quiz."""
    quiz = bank.quizzes[quiz_id]
    return Total(quiz.title, tuple(marks.rows[item] for item in quiz.items))


def reading_notes(reading: record.Reading) -> list[Note]:
    """What was skipped in a record, as one note; and what has no place there."""
    notes = []
    if reading.skipped:
        reasons = "; ".join(
            reason + (f" ({count} times)" if count > 1 else "")
            for reason, count in reading.skipped.items()
        )
        notes.append(Note(f"The record was damaged: {reasons}. What could be read is marked."))
    forged = ", ".join(f"“{name}”" for name in sorted(FORGED & reading.others))
    if forged:
        notes.append(Note(f"Somebody wrote marks into the record ({forged}). They do not count."))
    return notes


def time_notes(events: Iterable[record.Event], now: datetime) -> list[Note]:
    """What lies in the future; ``now``: a time in UTC."""
    latest = (now + CLOCKS).strftime("%Y-%m-%dT%H:%M:%S")
    ahead = [event.at for event in events if event.at > latest]
    if not ahead:
        return []
    what = "An entry" if len(ahead) == 1 else f"{len(ahead)} entries"
    return [
        Note(
            f"{what} of the record came from the future (up to {max(ahead)[:10]}): a clock was "
            "wrong, or the record was changed."
        )
    ]


def _foreign(bank: Bank, items: Set[str]) -> list[Note]:
    """Answers to what the bank does not have; those to its own kind of item need a look."""
    unknown = [item for item in items if item.startswith(f"{bank.module}-")]
    elsewhere = len(items) - len(unknown)
    notes = []
    if unknown:
        what = "a question" if len(unknown) == 1 else f"{len(unknown)} questions"
        notes.append(
            Note(
                f"The record holds answers to {what} that this assignment does not have: left out."
            )
        )
    if elsewhere:
        what = "another activity" if elsewhere == 1 else f"{elsewhere} other activities"
        notes.append(Note(f"The record also holds answers to {what}: left out.", damage=False))
    return notes


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
