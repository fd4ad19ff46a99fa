"""Which pictures a day has: one for each question whose answers may be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import matplotlib as mpl

from ..day import Ask, Stage
from ..events import State
from ..tally import top
from . import lines, pictures, told
from .pictures import Bar, Picture


def of(state: State, say: Callable[[str], None]) -> dict[str, Picture]:
    """The pictures, by the id of the (first) ask that each one shows. ``say`` hears of each."""
    found = {}
    with mpl.rc_context():
        mpl.rcdefaults()  # a notebook may have a look of its own
        for stage in state.day.stages:
            for asks in side_by_side(stage):
                picture = _picture(state, stage, asks)
                if picture:
                    say(f"Picture: {title(stage, asks)}")
                    found[asks[0].id] = picture
    return found


def side_by_side(stage: Stage) -> Iterator[tuple[Ask, ...]]:
    """A stage's asks; those that ask the same rows in several steps come together."""
    known: dict[tuple, list[Ask]] = {}
    for ask in stage.asks:
        key = (ask.kind, ask.rows) if ask.rows else (ask.id,)
        known.setdefault(key, []).append(ask)
    yield from map(tuple, known.values())


def title(stage: Stage, asks: tuple[Ask, ...]) -> str:
    """What asks that come together are called."""
    return asks[0].text if len(asks) == 1 else f"{stage.title}, step by step"


def step(stage: Stage, ask: Ask) -> str:
    """The title of an ask's step."""
    return stage.steps[ask.step - 1]


def _picture(state: State, stage: Stage, asks: tuple[Ask, ...]) -> Picture | None:
    ask = asks[0]
    if ask.kind == "notes" and ask.sorts:
        return _circle(state, ask)
    if ask.kind == "pick":
        return _votes(state, ask)
    if ask.kind != "choice":
        return None
    if not ask.rows:
        return None if ask.id in told.TOGETHER else _spread(state, ask)
    return _levels(state, stage, asks) if ask.id in told.TOGETHER else _heat(state, ask)


def _circle(state: State, ask: Ask) -> Picture | None:
    found = told.statements(state, ask)
    inner = [(one.number, one.text) for one in found if one.ring == told.INNER]
    outer = [one.number for one in found if one.ring != told.INNER]
    return pictures.circle(ask.text, inner, outer) if found else None


def _votes(state: State, ask: Ask) -> Picture | None:
    tally = told.counted(state, ask.id)
    if tally is None:
        return None
    chosen = top(state, ask.id)
    order = sorted(ask.options, key=lambda each: (-tally.counts[each.id], int(each.id)))
    rows = [(each.text, tally.counts[each.id], each.id in chosen) for each in order]
    return pictures.votes(ask.text, tally.n, rows)


def _spread(state: State, ask: Ask) -> Picture | None:
    tally = told.counted(state, ask.id)
    if tally is None:
        return None
    groups = [Bar(told.named(state.day, g.agencies), g.n, g.counts) for g in tally.groups]
    return pictures.spread(ask.text, ask.options, [Bar("All", tally.n, tally.counts), *groups])


def _heat(state: State, ask: Ask) -> Picture | None:
    tallies = told.answered(state, ask)
    if not tallies:
        return None
    heads, means = lines.groups(state, list(tallies.values()))
    labels = dict(ask.places())
    rows = [(labels[place], row) for place, row in zip(tallies, means, strict=True)]
    return pictures.heat(ask.text, ask.options, heads, rows)


def _levels(state: State, stage: Stage, asks: tuple[Ask, ...]) -> Picture | None:
    rows = lines.means(state, asks)
    if not any(value is not None for _, means in rows for value in means):
        return None
    rounds = [step(stage, ask) for ask in asks]
    return pictures.levels(title(stage, asks), asks[0].options, rounds, rows)
