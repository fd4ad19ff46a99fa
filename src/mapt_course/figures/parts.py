"""What several pictures are made of: cards with a name and a text, links, small print."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path

from mapt_course.figures import style

INNER = style.WIDTH - 2 * style.MARGIN
PAD = 10.0


def entry_height(name: str, text: str, width: float, pad: float = PAD) -> float:
    """Return the height of a card of ``width`` that holds a name and a text."""
    return words_height(name, text, width - 2 * pad) + 2 * pad - 2


def words_height(name: str, text: str, width: float) -> float:
    """Return the height of a bold name above a text, both wrapped to ``width``."""
    height = style.text_height(style.wrap(name, width, style.HEAD, bold=True), style.HEAD)
    if text:
        height += 1 + style.text_height(style.wrap(text, width, style.BODY), style.BODY)
    return height


def words(
    ax: Axes, x: float, y: float, width: float, name: str, text: str, color: str = style.QUIET
) -> None:
    """Write a bold name and below it a text, both wrapped to ``width``."""
    name = style.wrap(name, width, style.HEAD, bold=True)
    style.write(ax, x, y, name, style.HEAD, bold=True)
    below = y + style.text_height(name, style.HEAD) + 1
    if text:
        style.write(ax, x, below, style.wrap(text, width, style.BODY), color=color)


def middle_words(
    ax: Axes, x: float, y: float, width: float, height: float, name: str, text: str, **look: str
) -> None:
    """Write a name and a text half way down a space that is ``height`` high."""
    top = y + (height - words_height(name, text, width)) / 2 - 1
    words(ax, x, top, width, name, text, **look)


def disc(ax: Axes, x: float, y: float, text: str, fill: str = style.CARD) -> None:
    """Draw a number in a ring, its middle at (x, y)."""
    look = {"facecolor": fill, "edgecolor": style.INK, "linewidth": 1.6, "zorder": 4}
    ax.add_patch(Circle((x, y), 9.5, **look))
    style.write(ax, x, y, text, style.SMALL, bold=True, align="center", centred=True)


def link(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    color: str = style.INK,
    line: str | tuple = "-",
    mark: str = "o",
) -> None:
    """Join two points that stand side by side with a curve and a mark at either end."""
    half = (start[0] + end[0]) / 2
    curve = Path(
        [start, (half, start[1]), (half, end[1]), end],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    look = {"edgecolor": color, "facecolor": "none", "linewidth": 2.2, "linestyle": line}
    ax.add_patch(PathPatch(curve, zorder=3, **look))
    for x, y in (start, end):
        ax.plot(x, y, mark, color=color, markersize=6, zorder=4)


def small_print_height(text: str) -> float:
    """Return the height of the small print at a picture's foot, with the margin below it."""
    return style.text_height(style.wrap(text, INNER, style.SMALL), style.SMALL) + style.MARGIN - 4


def small_print(ax: Axes, y: float, text: str) -> None:
    """Write the small print at a picture's foot."""
    text = style.wrap(text, INNER, style.SMALL)
    style.write(ax, style.MARGIN, y, text, style.SMALL, color=style.QUIET)
