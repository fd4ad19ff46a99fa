"""How shared texts, statements and tallies look on paper, in both documents alike."""

from __future__ import annotations

from collections.abc import Sequence

from ...paper import Paper
from ..day import Ask
from ..events import State
from ..tally import Tally, mean
from . import told

NOTHING = "Not written yet."
SMALL = "Groups of fewer than three people are counted together with others."


def people(number: int) -> str:
    """So many people."""
    return "1 person" if number == 1 else f"{number} people"


def versions(found: Sequence[str]) -> str:
    """A shared line; where it has several versions, all of them, and that they are still open."""
    if len(found) < 2:
        return "".join(found)
    said = [f"{len(found)} versions, still to be joined:"]
    said += [f"({letter}) {text}" for letter, text in zip("abcdef", found, strict=False)]
    return "\n".join(said)


def shared(paper: Paper, state: State, ask: Ask, title: str) -> None:
    """What was written together: a text, or a table of the lines in which something stands."""
    if not ask.rows and not ask.columns:
        paper.text(versions(told.versions(state, ask.id)) or NOTHING)
        return
    if ask.rows and ask.columns:
        head = [column.text for column in ask.columns]
        rows = [
            [_line(state, f"{ask.id}.{n}.{column.id}") for column in ask.columns]
            for n, _ in enumerate(ask.rows, 1)
        ]
        rows = [row for row in rows if any(row)]
    else:
        head = ["Line", "What we agreed"] if ask.rows else ["Agency", "What it says"]
        names = ask.rows or [column.text for column in ask.columns]
        places = [place for place, _ in ask.places()]
        rows = [[name, _line(state, p)] for name, p in zip(names, places, strict=True)]
        # Of the agencies each one is named: that nothing stands there says something.
        rows = [[name, text or NOTHING] for name, text in rows if text or ask.columns]
    if rows:
        paper.table(title, head, rows)
    else:
        paper.text(NOTHING)


def sorted_notes(paper: Paper, title: str, found: Sequence[told.Statement]) -> None:
    """Statements with their numbers, and what was merged into them."""
    merged = any(one.also for one in found)
    head = ["No.", "Statement", "Also said"] if merged else ["No.", "Statement"]
    rows = [[str(one.number), one.text, "\n".join(one.also)][: len(head)] for one in found]
    paper.table(title, head, rows)


def word(ask: Ask, value: float | None) -> str:
    """A mean as the nearest level's word and the figure: ``In part (2.1)``."""
    if value is None:
        return "–"
    figure = f"{value:.1f}"
    nearest = str(int(float(figure) + 0.5))  # of the figure shown: a 2.5 never has two words
    text = next(option.text for option in ask.options if option.id == nearest)
    return f"{text} ({figure})"


def groups(state: State, tallies: Sequence[Tally]) -> tuple[list[str], list[list[float | None]]]:
    """The columns of a table by group, and for each tally its means: of all, then by group.

    An agency has a column where it was counted alone at least once; those counted together share
    the last one, whichever they were at each place.
    """
    alone = [
        each
        for each in state.day.agencies
        if any(one.agencies == (each.id,) for t in tallies for one in t.groups)
    ]
    together = any(len(one.agencies) > 1 for t in tallies for one in t.groups)
    heads = ["All", *(each.text for each in alone), *(["Counted together"] if together else [])]
    rows = []
    for tally in tallies:
        own = {one.agencies[0]: one for one in tally.groups if len(one.agencies) == 1}
        several = next((one for one in tally.groups if len(one.agencies) > 1), None)
        found = [tally, *(own.get(each.id) for each in alone), *([several] if together else [])]
        rows.append([mean(one.counts) if one else None for one in found])
    return heads, rows


def spread(paper: Paper, state: State, ask: Ask, tally: Tally) -> None:
    """How many of each group chose what, all together first."""
    head = ["", "All", *(told.named(state.day, one.agencies) for one in tally.groups)]
    every = [tally, *tally.groups]
    rows = [[each.text, *(str(one.counts[each.id]) for one in every)] for each in ask.options]
    paper.table(ask.text, head, [*rows, ["People", *(str(one.n) for one in every)]])


def tied(paper: Paper, state: State, place: str) -> None:
    """A word on what was not chosen although as many had voted for it as for the last chosen."""
    texts = told.tied(state, place)
    if texts:
        told_of = "; ".join(f"“{text}”" for text in texts)
        paper.text(f"As many votes as the last of these, and not chosen: {told_of}.", "Quiet")


def means(state: State, asks: Sequence[Ask]) -> list[tuple[str, list[float | None]]]:
    """For each row that these asks share its words, and the mean of all in each ask."""
    rows = []
    for places in zip(*(ask.places() for ask in asks), strict=True):
        tallies = [told.counted(state, place) for place, _ in places]
        rows.append((places[0][1], [mean(one.counts) if one else None for one in tallies]))
    return rows


def _line(state: State, place: str) -> str:
    return versions(told.versions(state, place))
