"""How are a day, and a text that somebody wrote, put so that any document can hold them?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from . import record

EMPTY = "–"  # in a table, for what was not answered
# Half a character, and what XML cannot hold.
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def moment(told: record.Event | record.HandIn) -> datetime:
    """When it was, to the millisecond."""
    when = datetime.fromisoformat(told.at).astimezone(UTC)
    return when.replace(microsecond=when.microsecond // 1000 * 1000)


def day(when: datetime) -> str:
    """A day as people write it: ``2 March 2026``."""
    return f"{when.day} {when:%B} {when.year}"


def days(first: datetime, last: datetime) -> str:
    """From one day to another, or one day alone."""
    return day(first) if day(first) == day(last) else f"{day(first)} to {day(last)}"


def clean(text: str) -> str:
    """A text that any document can hold: what is no text is left out."""
    text = re.sub("\r\n?|[\v\f\u2028\u2029\x85]", "\n", text)
    return _NO_TEXT.sub("", text)
