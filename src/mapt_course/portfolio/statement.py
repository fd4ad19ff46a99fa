"""What a certificate states, and the check code that ties it to the records.

The code is no signature: who can change the records can make another certificate. It shows that
a paper says what the records say; the receipts on it can be compared with a trainer's own.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .. import course, record, words
from . import work

# No I, L, O or U: a code is typed from paper.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WHEN, DIGEST = 10, 14  # signs of a code: the moment up to which it states, and the digest
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_QUARTERS = ("", "¼", "½", "¾")
SAYS = (
    "This certificate says what was done. Nobody has accredited the course. "
    "It is not statutory safeguarding training. England."
)


@dataclass(frozen=True)
class Studied:
    """A module: activities done of how many, lessons completed of how many."""

    title: str
    done: int
    activities: int
    completed: int
    lessons: int


@dataclass(frozen=True)
class Handed:
    """A check or an assignment, as it was handed in last; ``receipt`` as the trainee has it."""

    title: str
    day: str
    receipt: str


@dataclass(frozen=True)
class Statement:
    """All that a certificate states. ``code``: of 24 signs, in groups of four."""

    name: str
    days: str
    hours: str
    modules: tuple[Studied, ...]
    handed_in: tuple[Handed, ...]
    code: str = ""

    def lines(self) -> list[str]:
        """The statement as plain lines, for a trainer to compare with a paper."""
        told = [f"Name: {self.name}", f"Dates: {self.days}", f"Hours: {self.hours}"]
        told += [
            f"{each.title}: {each.done} of {each.activities} activities, "
            f"{each.completed} of {each.lessons} lessons"
            for each in self.modules
        ]
        return told + [
            f"Handed in: {each.title}, {each.day}, receipt {each.receipt}"
            for each in self.handed_in
        ]


def of(folder: Path, name: str, until: datetime | None = None) -> Statement:
    """What the records in a folder let a certificate state.

    ``until``: as the records stood then, usually now. PaperError where there is nothing to state.
    """
    name = work.name(name)
    found = work.read(folder, until)
    times = found.times()
    minutes, modules, handed = 0, [], []
    for each in found.modules:
        studied, spent = _studied(each)
        minutes += spent
        if studied.done:
            modules.append(studied)
        for place in each.graded:
            if place.hand_ins:
                last = place.hand_ins[-1]
                when = words.day(words.moment(last))
                handed.append(Handed(place.title, when, last.receipt))
                minutes += place.minutes
    if not modules and not handed:
        raise work.PaperError(
            "There is nothing to certify yet: no activity is done and nothing was handed in. "
            "Do a lesson first."
        )
    stated = Statement(
        name, words.days(times[0], times[-1]), hours(minutes), tuple(modules), tuple(handed)
    )
    return Statement(**{**vars(stated), "code": _code(stated, found, times[-1])})


def _studied(each: work.ModuleWork) -> tuple[Studied, int]:
    """A module's row, and the minutes of the lessons completed."""
    answered = record.latest(each.lessons.events)
    done = activities = completed = lessons = minutes = 0
    for lesson in course.lessons(each.module.id):
        if not lesson.activities:
            continue  # to be read, and nobody knows whether it was
        finished = sum(course.bank_of(name).is_done(name, answered) for name in lesson.activities)
        if not finished and each.lessons.bank.later(lesson.activities):
            continue  # it is for weeks later: nobody has left it out
        done += finished
        activities += len(lesson.activities)
        lessons += 1
        if finished == len(lesson.activities):
            completed += 1
            minutes += lesson.minutes
    return Studied(each.module.title, done, activities, completed, lessons), minutes


def hours(minutes: int) -> str:
    """Hours to the nearest quarter, in words."""
    whole, quarters = divmod((minutes + 7) // 15, 4)
    if not whole and not quarters:
        return "less than a quarter of an hour"
    if not whole:
        return f"{_QUARTERS[quarters]} hour"
    return f"{whole}{_QUARTERS[quarters]} hour" + ("" if (whole, quarters) == (1, 0) else "s")


def until(code: str) -> datetime:
    """The moment up to which a code states; PaperError for what is no code."""
    signs = plain(code)
    number = 0
    for sign in signs[:WHEN]:
        number = number * len(SIGNS) + SIGNS.find(sign)
    try:
        if len(signs) != WHEN + DIGEST or not set(signs) <= set(SIGNS):
            raise OverflowError
        return _EPOCH + number * _MS
    except OverflowError:
        raise work.PaperError(
            f"“{code}” is not a check code. It has {WHEN + DIGEST} letters and figures, in groups "
            "of four. Copy it from the certificate."
        ) from None


def plain(code: str) -> str:
    """A code's signs alone, however it was typed."""
    code = code.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    return "".join(code.replace("-", " ").split())


def _code(stated: Statement, found: work.Work, last: datetime) -> str:
    # The events' order does not count: two machines' records may be brought together.
    kept = [
        sorted(hashlib.sha256(event.line()).hexdigest() for event in place.events)
        for place in found.places()
    ]
    whole = json.dumps([asdict(stated), kept]).encode()
    digest = int.from_bytes(hashlib.sha256(whole).digest())
    signs = _signs(max(0, (last - _EPOCH) // _MS), WHEN) + _signs(digest, DIGEST)
    return "-".join(signs[n : n + 4] for n in range(0, len(signs), 4))


def _signs(number: int, length: int) -> str:
    """The last ``length`` signs of a number."""
    return "".join(SIGNS[number >> 5 * n & 31] for n in reversed(range(length)))
