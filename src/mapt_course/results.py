"""What did a trainee know, and how sure did they feel, before the course and after it?

The two go together wherever they are shown: to feel surer is not to know more.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import bank as banks
from . import course, record
from . import items as it

TITLE = "What I knew, and how sure I felt"
CAUTION = (
    "The twelve sentences are this course's own and not validated. Feeling surer is not the same "
    "as knowing more, so look at both."
)


@dataclass(frozen=True)
class Score:
    """Of a quiz: right at the first attempt, answered, and how many there are."""

    right: int
    answered: int
    of: int

    @property
    def is_whole(self) -> bool:
        """Whether every question is answered."""
        return self.answered == self.of


def score(root: Path, quiz_id: str) -> Score:
    """A quiz's score, from the record of its module in a working folder."""
    bank = course.bank_of(quiz_id)
    events = _events(root, quiz_id)
    asked = [bank.items[name] for name in bank.quizzes[quiz_id].items]
    marks = [_first_mark(item, [e for e in events if e.item == item.id]) for item in asked]
    return Score(sum(m is not None and m.right for m in marks), sum(map(bool, marks)), len(asked))


def rated(root: Path, item_id: str) -> list[int | None]:
    """What was given to a rating, in the order of its statements; [] for nothing that fits."""
    item = course.bank_of(item_id).items[item_id]
    given = record.latest(_events(root, item_id)).get(item_id)
    try:
        response = it.check_response(item, given.response if given else None)
    except it.ResponseError:
        return []
    return [response.get(statement.id) for statement in item.statements]


def rows(root: Path, quiz: banks.Quiz) -> list[tuple[str, str]]:
    """Both scores, then the mean of each self-rating: when it was, and the figure in words.

    No score is told before the quiz is whole. A rating that is asked weeks later stands there once
    it was given; of the others it is said that they were not.
    """
    now = score(root, quiz.id)
    before = score(root, quiz.beside)
    told = [
        ("Questions right, before the course", _in_words(before, now.is_whole)),
        ("Questions right, at the end", _in_words(now, now.is_whole)),
    ]
    for each in quiz.ratings:
        item = course.bank_of(each.id).items[each.id]
        known = [value for value in rated(root, each.id) if value]
        if known or not item.after:
            mean = f"{sum(known) / len(known):.1f} of {len(item.scale)}" if known else "not given"
            told.append((f"How I rated myself: {each.text}", mean))
    return told


def _in_words(told: Score, is_open: bool) -> str:
    if not told.answered:
        return "not answered"
    return f"{told.right} of {told.of}" if is_open else "not all answered yet"


def _first_mark(item: it.Item, events: Iterable[record.Event]) -> it.Mark | None:
    """What the first attempt earned, as it stood at its end; None where nothing was answered.

    An answer that saves itself is on its way until then: the first of two ticks is no answer.
    """
    mark = None
    for event in events:
        if event.kind == "retry":
            break
        if event.kind == "response":
            with suppress(it.ResponseError):  # an answer to an older wording of the item
                if it.complete(item, event.response):
                    mark = it.mark(item, event.response)
    return mark


def _events(root: Path, activity_id: str) -> tuple[record.Event, ...]:
    return record.Record(root / course.module_folder(activity_id)).read().events
