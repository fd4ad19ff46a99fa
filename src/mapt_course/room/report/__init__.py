"""What a joint day leaves behind: the agreement, the record, the numbers, the pictures.

The same events give the same files, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo
from pathlib import Path

from ...portfolio import work
from ..day import Day
from ..events import Event
from . import agreement, drawn, held, record, tables

NOBODY = "Nobody has been in this room yet, so there is nothing to report. Let people join first."


def write(
    day: Day,
    events: Iterable[Event],
    folder: Path,
    zone: tzinfo | None = None,
    say: Callable[[str], None] = lambda told: None,
) -> list[Path]:
    """Write a day's report into a folder, and return its files; what was there is replaced.

    ``agreement.docx``, ``record.docx``, ``tallies.csv``, ``notes.csv``, ``texts.csv`` and a
    picture for each question that was answered. ``zone``: in whose time the stages are told
    (None: this computer's). ``say`` hears what is being made: it takes some seconds.
    PaperError, a sentence for people, where there is nothing to tell or no room to write.
    """
    found = held.of(day, events, zone)
    if found is None or not found.state.seats:
        raise work.PaperError(NOBODY)
    pictures = drawn.of(found.state, say)
    say("The agreement and the record")
    files = {"agreement.docx": agreement.word(found), "record.docx": record.word(found, pictures)}
    files |= tables.files(found.state)
    files |= {f"{name}.png": picture.png for name, picture in pictures.items()}
    return work.save(folder, files)
