"""Which items are due again, worked out from the records each time; nothing is kept.

The dates are fsrs's own (https://github.com/open-spaced-repetition/py-fsrs), with its default
parameters and no chance in them: the same record gives the same dates on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fsrs import Card, Rating, Scheduler

from . import bank as banks
from . import course, record
from . import items as it

ACTIVITY = "review"  # the ``activity`` of what is answered in a review
MOST = 10  # questions a day
MOST_BEFORE_A_LESSON = 3

# No steps of minutes: within a sitting “Try again” does that. So each interval is of whole days.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
UNSCORED = (it.Rating, it.Scenario)  # nobody can know the one; the other is a story once read
# A clock may be a little fast, or of another machine. Further ahead than this it is wrong.
AHEAD = timedelta(days=1)

Records = Mapping[str, Iterable[record.Event]]  # a module's id -> its record's events


@dataclass(frozen=True)
class Due:
    """An item that was answered, and when it comes back. ``module``: its id."""

    module: str
    item: str
    at: datetime

    def by(self, day: date) -> bool:
        """Whether it is due on that day: from its first minute, not from the hour answered."""
        return self.at.date() <= day


def reviewable(bank: banks.Bank) -> dict[str, it.Item]:
    """The items of a module's bank that come back: scored, with a key, asked in a lesson's quiz."""
    asked = {n for quiz in bank.quizzes.values() if not quiz.waits_for for n in quiz.items}
    return {
        name: item
        for name, item in bank.items.items()
        if name in asked and item.key is not None and not isinstance(item, UNSCORED)
    }


def dates(bank: banks.Bank, events: Iterable[record.Event], now: datetime) -> dict[str, datetime]:
    """For each item answered, when it is due next (UTC), from the module's record.

    Marked with the bank's key as it is today. An answer that no longer fits its item does not
    count. Nor does one of the future; an item that has no other is due at once.
    """
    items = reviewable(bank)
    cards: dict[str, Card] = {}
    due: dict[str, datetime] = {}
    helped: dict[str, date] = {}  # the day on which the hint or the answer was shown
    for event in events:
        if event.item not in items:
            continue
        at = datetime.fromisoformat(event.at)
        if at > now + AHEAD:
            if event.kind == "response":
                due.setdefault(event.item, now)
            continue
        card = cards.get(event.item)
        if card:  # a clock that was set back does not take a date back
            at = max(at, card.last_review)
        if event.kind in ("hint", "reveal"):
            helped[event.item] = at.date()
        elif event.kind == "retry" and helped.get(event.item) != at.date():
            helped.pop(event.item, None)
        elif event.kind == "response":
            try:
                rated = rating(items[event.item], event, event.item in helped)
            except it.ResponseError:
                continue  # an answer to an older wording
            # Its number and first date are given: fsrs would ask the clock, and wait for it.
            card = card or Card(card_id=0, due=at)
            cards[event.item], _ = SCHEDULER.review_card(card, rated, at)
            due[event.item] = cards[event.item].due
    return due


def rating(item: it.Item, event: record.Event, helped: bool = False) -> Rating:
    """A response as fsrs counts it; ResponseError where it does not fit the item.

    Right and “sure” is Easy: the first gap is then eight days instead of two, and who knows
    something well is not asked about it again and again. Who is sure of too much gets it wrong
    some day, and is asked the day after, like anybody else.
    """
    mark = it.mark(item, event.response)
    if mark.score <= 0:
        return Rating.Again
    if not mark.right or helped or event.confidence == "guess":
        return Rating.Hard
    return Rating.Easy if event.confidence == "sure" else Rating.Good


def plan(records: Records, now: datetime) -> list[Due]:
    """All items that were answered, oldest due first; ``records``: each module's events."""
    found = []
    for module, events in records.items():
        each = dates(course.module_bank(module), events, now)
        found += [Due(module, item, at) for item, at in each.items()]
    return sorted(found, key=lambda due: due.at)  # of one time: in the records' order


def reviewed(records: Records, day: date) -> set[str]:
    """The items that were answered in a review on that day."""
    return {
        event.item
        for events in records.values()
        for event in events
        if event.kind == "response"
        and event.activity == ACTIVITY
        and datetime.fromisoformat(event.at).date() == day
    }


def before(module_id: str) -> list[str]:
    """The modules that stand before a module on the course map; NotFound for no module."""
    ids = [module.id for module in course.course().modules]
    if module_id not in ids:
        raise course.NotFound(f"There is no module “{module_id}” in this course.")
    return ids[: ids.index(module_id)]
