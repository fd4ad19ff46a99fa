"""A day's pictures, in the look of the course's own: data in, PNG and words about it out."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.font_manager import get_font
from matplotlib.patches import Circle, Rectangle

from ...figures import parts, style
from ...items import Entry
from ..day import UNSURE
from ..tally import mean

DPI = 200
PALE, DEEP = "#D5E8F5", "#004C7A"
GAP = 6.0
LABEL = 150.0  # room for a row's words
RIGHT = style.WIDTH - style.MARGIN
LONGEST_WORD = 28  # letters; however wide they are, a line has room for as many
LISTED = 12  # statements that the picture of the circle names
MARKS = (("o", style.VERMILION), ("D", style.BLUE), ("s", style.INK))


@dataclass(frozen=True)
class Picture:
    """A picture's file, and what is said instead of it."""

    png: bytes
    alt: str


@dataclass(frozen=True)
class Bar:
    """A group, how many of it answered, and how many chose what."""

    name: str
    people: int
    counts: Mapping[str, int]


def png(ax: Axes) -> bytes:
    """A drawn picture as a file; the same picture gives the same bytes."""
    figure, out = ax.figure, io.BytesIO()
    figure.set_dpi(DPI)
    figure.set_facecolor("white")
    FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})
    return out.getvalue()


def spread(title: str, options: Sequence[Entry], bars: Sequence[Bar]) -> Picture:
    """How many of each group chose which level: a bar for each group, its parts the levels."""
    note = "The numbers are people; a bar's length is all of its group."
    title, left, high = drawable(title), style.MARGIN + 112, 24.0
    names = [style.wrap(drawable(bar.name), 104, style.BODY) for bar in bars]
    heights = [max(high, style.text_height(name, style.BODY)) for name in names]
    begin = style.heading_height(title, note)
    legend = len(options) * 17.0
    ax = style.canvas(begin + sum(heights) + GAP * len(bars) + legend + 18)
    style.heading(ax, title, note)
    fills = _fills(options)
    y = begin
    for bar, name, height in zip(bars, names, heights, strict=True):
        top = y + (height - high) / 2
        style.write(ax, style.MARGIN, y + (height - style.text_height(name, style.BODY)) / 2, name)
        x = left
        for option in options:
            count = bar.counts[option.id]
            width = (RIGHT - left) * count / max(1, bar.people)
            if count:
                _block(ax, x, top, width, high, fills[option.id], option.id == UNSURE)
                if width > style.text_width(str(count), style.SMALL, bold=True) + 3:
                    _number(ax, x + width / 2, top + high / 2, str(count), fills[option.id])
            x += width
        y += height + GAP
    for option in options:
        y += 17
        _block(ax, style.MARGIN, y - 9, 14, 11, fills[option.id], option.id == UNSURE)
        style.write(ax, style.MARGIN + 21, y - 3.5, option.text, style.SMALL, centred=True)
    told = [f"{bar.name}: {_counts(options, bar.counts)}" for bar in bars]
    return Picture(png(ax), f"Bars, {title} {'; '.join(told)}.")


def heat(
    title: str,
    levels: Sequence[Entry],
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[float | None]]],
) -> Picture:
    """A map of means: a row for each statement, a column for each group; deeper is higher."""
    known = [each for each in levels if each.id != UNSURE]
    note = f"Means, from 1 ({known[0].text}) to {len(known)} ({known[-1].text})."
    title = drawable(title)
    width = min(30.0, (parts.INNER - LABEL - 10) / len(columns))
    label = parts.INNER - 10 - width * len(columns)
    left = style.MARGIN + label + 10
    heads = [style.wrap(each, 92, style.SMALL) for each in columns]
    words = [style.wrap(drawable(text), label, style.SMALL) for text, _ in rows]
    heights = [style.text_height(text, style.SMALL) + GAP for text in words]
    tall = max(style.text_width(line, style.SMALL) for head in heads for line in head.split("\n"))
    begin = style.heading_height(title, note) + tall + 8
    ax = style.canvas(begin + sum(heights) + style.MARGIN)
    style.heading(ax, title, note)
    for n, head in enumerate(heads):
        middle = left + width * (n + 0.5)
        look = {"ha": "center", "va": "bottom", "rotation": 90, "color": style.INK}
        look |= {"fontproperties": style.font(style.SMALL), "linespacing": 1.0}
        ax.text(middle, begin - 5, head, parse_math=False, **look)
    y = begin
    for text, height, (_, means) in zip(words, heights, rows, strict=True):
        style.write(ax, style.MARGIN, y + GAP / 2 - 1, text, style.SMALL)
        for n, value in enumerate(means):
            fill = style.CARD if value is None else _shade((value - 1) / (len(known) - 1))
            x = left + width * n
            _block(ax, x, y, width - 2, height - 2, fill)
            shown = "–" if value is None else f"{value:.1f}"
            _number(ax, x + width / 2 - 1, y + height / 2 - 1, shown, fill)
        y += height
    values = [(text, means[0]) for text, means in rows if means[0] is not None]
    ends = sorted(values, key=lambda each: (each[1], each[0]))
    told = f" Lowest: {ends[0][0]}. Highest: {ends[-1][0]}." if ends else ""
    return Picture(png(ax), f"A map of means by group, {title}{told} The table has all of it.")


def votes(title: str, people: int, options: Sequence[tuple[str, int, bool]]) -> Picture:
    """How many chose what: text, votes and whether it is among the chosen; the most first."""
    title, note = drawable(title), f"{people} people chose. What most chose is marked."
    width = 190.0
    left = style.MARGIN + width + 10
    words = [style.wrap(drawable(text), width, style.BODY) for text, _, _ in options]
    heights = [style.text_height(text, style.BODY) + GAP for text in words]
    begin = style.heading_height(title, note)
    ax = style.canvas(begin + sum(heights) + style.MARGIN)
    style.heading(ax, title, note)
    most = max([count for _, count, _ in options] + [1])
    y = begin
    for text, height, (_, count, chosen) in zip(words, heights, options, strict=True):
        style.write(ax, style.MARGIN, y + GAP / 2 - 1, text)
        long = (RIGHT - left - 24) * count / most
        fill = style.HIGHLIGHT if chosen else PALE
        edge = style.HIGHLIGHT_EDGE if chosen else style.LINE
        _block(ax, left, y + height / 2 - 8, max(long, 1.5), 15, fill, edge=edge)
        middle = y + height / 2 - 0.5
        style.write(ax, left + long + 6, middle, str(count), bold=chosen, centred=True)
        y += height
    told = "; ".join(f"{text}: {count}" for text, count, _ in options)
    return Picture(png(ax), f"Bars of votes, {title}. {told}.")


def circle(title: str, inner: Sequence[tuple[int, str]], outer: Sequence[int]) -> Picture:
    """The two circles with the statements' numbers, and the first of the inner ones in words."""
    title = drawable(title)
    note = f"{len(inner)} in the inner circle, {len(outer)} in the outer one."
    begin, radius = style.heading_height(title, note), 150.0
    listed = [(str(n), style.wrap(drawable(text), 330, style.BODY)) for n, text in inner[:LISTED]]
    heights = [style.text_height(text, style.BODY) + 5 for _, text in listed]
    more = len(inner) - len(listed)
    below = begin + 2 * radius + 14
    ax = style.canvas(below + sum(heights) + (20 if more else 4) + style.MARGIN)
    style.heading(ax, title, note)
    x, y, core = style.WIDTH / 2, begin + radius, radius * 0.64
    for size, fill, line in ((radius, style.CARD, (0, (4, 3))), (core, style.HIGHLIGHT, "-")):
        look = {"facecolor": fill, "edgecolor": style.INK, "linestyle": line, "linewidth": 1.4}
        ax.add_patch(Circle((x, y), size, zorder=2, **look))
    for number, (right, down) in zip([n for n, _ in inner], _within(len(inner), core), strict=True):
        _dot(ax, x + right, y + down, number, len(inner) <= 40)
    for number, (right, down) in zip(outer, _between(len(outer), core, radius), strict=True):
        _dot(ax, x + right, y + down, number, len(outer) <= 60)
    for (number, text), height in zip(listed, heights, strict=True):
        style.write(ax, style.MARGIN + 20, below, number, bold=True, align="right")
        style.write(ax, style.MARGIN + 30, below, text)
        below += height
    if more:
        said = f"… and {more} more, in the day's record"
        style.write(ax, style.MARGIN + 30, below, said, color=style.QUIET)
    words = "; ".join(text for _, text in inner[:LISTED])
    return Picture(png(ax), f"Two circles, {title}. {note} Inside: {words or 'none'}.")


def levels(
    title: str, scale: Sequence[Entry], rounds: Sequence[str], rows: Sequence[tuple[str, list]]
) -> Picture:
    """Means on a line for each row, a mark for each round (at most three)."""
    known = [each for each in scale if each.id != UNSURE]
    title = drawable(title)
    note = f"Means, from 1 ({known[0].text}) to {len(known)} ({known[-1].text})."
    words = [style.wrap(drawable(text), 190, style.BODY) for text, _ in rows]
    heights = [max(22.0, style.text_height(text, style.BODY) + GAP) for text in words]
    begin = style.heading_height(title, note)
    legend = 18.0 * len(rounds) if len(rounds) > 1 else 0.0
    ax = style.canvas(begin + sum(heights) + 18 + legend + style.MARGIN - 6)
    style.heading(ax, title, note)
    left, right = style.MARGIN + 206, RIGHT - 8
    step = (right - left) / (len(known) - 1)
    y = begin
    for text, height, (_, means) in zip(words, heights, rows, strict=True):
        middle = y + height / 2
        style.write(ax, style.MARGIN, y + GAP / 2 - 1, text)
        ax.plot([left, right], [middle] * 2, color=style.LINE, linewidth=1.5, zorder=2)
        for n in range(len(known)):
            ends = [middle - 3, middle + 3]
            ax.plot([left + step * n] * 2, ends, color=style.LINE, linewidth=1.5, zorder=2)
        for (mark, color), value in zip(MARKS, means, strict=False):
            if value is not None:
                at = left + step * (value - 1)
                ax.plot([at], [middle], mark, color=color, markersize=7, alpha=0.85, zorder=4)
        y += height
    for n in range(len(known)):
        style.write(ax, left + step * n, y + 2, str(n + 1), style.SMALL, align="center")
    for (mark, color), name in zip(MARKS, rounds, strict=False):
        if legend:
            y += 18
            ax.plot([style.MARGIN + 6], [y], mark, color=color, markersize=7, zorder=4)
            style.write(ax, style.MARGIN + 18, y, drawable(name), style.SMALL, centred=True)
    told = [f"{text} {', '.join(_mean(value) for value in means)}" for text, means in rows]
    return Picture(png(ax), f"Means, {title} {'; '.join(told)}.")


def drawable(text: str) -> str:
    """A text with a box for each sign that the pictures' font lacks, and no endless word."""
    text = "".join(each if ord(each) in _signs() else "□" for each in text)
    return re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", r"\1 ", text)


@cache
def _signs() -> frozenset[int]:
    return frozenset(get_font(style.font(style.BODY).get_file()).get_charmap())


def _fills(options: Sequence[Entry]) -> dict[str, str]:
    known = [each.id for each in options if each.id != UNSURE]
    shades = {each: _shade(n / max(1, len(known) - 1)) for n, each in enumerate(known)}
    return {UNSURE: style.CARD, **shades}


def _shade(share: float) -> str:
    pairs = zip(to_rgb(PALE), to_rgb(DEEP), strict=True)
    return to_hex([low + (high - low) * share for low, high in pairs])


def _block(
    ax: Axes,
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    hatched: bool = False,
    edge: str = style.LINE,
) -> None:
    look = {"facecolor": fill, "edgecolor": edge, "linewidth": 0.8, "zorder": 3}
    ax.add_patch(Rectangle((x, y), width, height, hatch="////" if hatched else None, **look))


def _number(ax: Axes, x: float, y: float, text: str, fill: str) -> None:
    color = style.INK if _light(fill) > 0.225 else "#FFFFFF"  # whichever stands out more
    style.write(ax, x, y, text, style.SMALL, bold=True, color=color, align="center", centred=True)


def _light(fill: str) -> float:
    """The relative luminance of a colour, as WCAG counts it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(fill)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _dot(ax: Axes, x: float, y: float, number: int, named: bool) -> None:
    """A statement: its number in a ring, or a dot where there are too many to read."""
    if named:
        parts.disc(ax, x, y, str(number))
    else:
        look = {"facecolor": style.CARD, "edgecolor": style.INK, "linewidth": 1.0, "zorder": 4}
        ax.add_patch(Circle((x, y), 3.2, **look))


def _within(count: int, radius: float) -> list[tuple[float, float]]:
    """Places spread evenly over a disc, as a sunflower has its seeds."""
    turn = math.pi * (3 - math.sqrt(5))
    found = []
    for n in range(count):
        away = (radius - 12) * math.sqrt((n + 0.5) / count) if count > 1 else 0
        found.append((away * math.cos(n * turn), away * math.sin(n * turn)))
    return found


def _between(count: int, inner: float, outer: float) -> list[tuple[float, float]]:
    """Places spread evenly over a ring, on one circle or on two where there are many."""
    half = (inner + outer) / 2
    rings = [(count, half)] if count <= 34 else [(count * 2 // 5, half - 14), (0, half + 14)]
    if len(rings) > 1:
        rings[1] = (count - rings[0][0], half + 14)
    found = []
    for number, away in rings:
        for n in range(number):
            angle = 2 * math.pi * n / number - math.pi / 2
            found.append((away * math.cos(angle), away * math.sin(angle)))
    return found


def _counts(options: Sequence[Entry], counts: Mapping[str, int]) -> str:
    middle = mean(counts)
    told = ", ".join(f"{each.text} {counts[each.id]}" for each in options if counts[each.id])
    return told if middle is None else f"{told}, mean {middle:.1f}"


def _mean(value: float | None) -> str:
    return "no answer" if value is None else f"{value:.1f}"
