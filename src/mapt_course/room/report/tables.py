"""A day's results as CSV: how many chose what, the notes, the shared texts. Pure.

``tallies.csv`` is what a later comparison reads: a row for each option of each place and group,
with the columns

- ``place``, ``stage``, ``question``, ``row``: what was asked; ``place`` is the plan's own id
- ``group``: ``everybody``, or an agency, or agencies counted together
- ``people``: how many of the group answered; ``fewer than 3`` has no more than that
- ``option``, ``choice``, ``count``: how many of them chose this; option 0 is “don't know”

``notes.csv`` has no order of writing and no sender. ``texts.csv`` has a row for each version.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...products import as_csv
from ..day import Ask
from ..events import State
from ..tally import FEWEST
from . import told

EVERYBODY = "everybody"
TALLIES = ("place", "stage", "question", "row", "group", "people", "option", "choice", "count")
NOTES = ("stage", "question", "number", "circle", "people_who_marked", "marked_out", "text", "into")
TEXTS = ("place", "stage", "question", "line", "version", "versions", "text")


def files(state: State) -> dict[str, bytes]:
    """The tables, by file name. They begin with the mark by which spreadsheets know UTF-8."""
    made = {
        "tallies.csv": as_csv(TALLIES, _tallies(state)),
        "notes.csv": as_csv(NOTES, _notes(state)),
        "texts.csv": as_csv(TEXTS, _texts(state)),
    }
    return {name: text.encode("utf-8-sig") for name, text in made.items()}


def _asks(state: State, *kinds: str) -> Iterator[tuple[str, Ask]]:
    for stage in state.day.stages:
        for ask in stage.asks:
            if ask.kind in kinds:
                yield stage.title, ask


def _tallies(state: State) -> Iterator[tuple[str | int, ...]]:
    for stage, ask in _asks(state, "choice", "pick"):
        if not (state.is_shown(ask) or state.closed):
            continue
        for place, label in ask.places():
            about = (place, stage, ask.text, label if ask.rows else "")
            found = told.counted(state, place)
            if found is None:
                yield (*about, EVERYBODY, f"fewer than {FEWEST}", "", "", "")
                continue
            groups = [(told.named(state.day, one.agencies), one) for one in found.groups]
            for group, one in [(EVERYBODY, found), *groups]:
                for option in ask.options:
                    count = one.counts[option.id]
                    yield (*about, group, one.n, int(option.id), option.text, count)


def _notes(state: State) -> Iterator[tuple[str | int, ...]]:
    for stage, ask in _asks(state, "notes"):
        for one in told.statements(state, ask):
            marked = one.marked or ("", "")
            yield (stage, ask.text, one.number, one.ring, *marked, one.text, "")
            for text in one.also:
                yield (stage, ask.text, "", one.ring, "", "", text, one.number)


def _texts(state: State) -> Iterator[tuple[str | int, ...]]:
    for stage, ask in _asks(state, "text"):
        for place, label in ask.places():
            found = told.versions(state, place)
            for number, text in enumerate(found, 1):
                line = label if ask.rows or ask.columns else ""
                yield (place, stage, ask.text, line, number, len(found), text)
