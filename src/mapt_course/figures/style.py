"""The one visual language of the course's pictures: palette, type scale, cards.

A picture is drawn on an Axes that fills its figure and counts in points (1/72 inch) from the
top left corner, so that a 10 in the code is 10 points on the page. Fonts come from the files that
matplotlib carries, never from the machine.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

WIDTH = 403.0  # points: 5.6 inches, so that 10.5 points are still readable on a phone
MARGIN = 16.0

# Okabe and Ito's palette, safe for every common kind of colour vision.
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, BLACK = "#0072B2", "#D55E00", "#CC79A7", "#000000"

PAPER, CARD, INK, QUIET, LINE = "#FBFAF7", "#FFFFFF", "#1F2A30", "#4A555B", "#C9C4B8"
HIGHLIGHT, HIGHLIGHT_EDGE = "#FBDC9A", ORANGE

TITLE, HEAD, BODY, SMALL = 18.0, 11.5, 10.5, 10.0
LEADING = 1.22
CAPITALS = 0.73  # height of a capital letter, as a share of the size


def font(size: float, bold: bool = False) -> FontProperties:
    """Return DejaVu Sans of ``size`` points, from matplotlib's own files."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(Path(mpl.get_data_path(), "fonts", "ttf", name)), size=size)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width in points of one line of text."""
    return text_to_path.get_text_width_height_descent(text, font(size, bold), ismath=False)[0]


def wrap(text: str, width: float, size: float, bold: bool = False) -> str:
    """Break ``text`` at spaces into lines of at most ``width`` points and of like length."""
    lines = _fill(text, width, size, bold)
    count = len(lines)
    # The narrowest column with as many lines leaves no single word on the last one.
    while len(narrower := _fill(text, width - 4, size, bold)) == count and width > 4 * size:
        lines, width = narrower, width - 4
    return "\n".join(lines)


def _fill(text: str, width: float, size: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def text_height(text: str, size: float) -> float:
    """Return the height in points of text that is already wrapped."""
    return (text.count("\n") + 1) * size * LEADING


def canvas(height: float, ax: Axes | None = None) -> Axes:
    """Return an Axes that counts in points, WIDTH wide and ``height`` high, y downwards."""
    if ax is None:
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor="none")
        ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, WIDTH), ylim=(height, 0))
    ax.set_axis_off()
    card(ax, 1, 1, WIDTH - 2, height - 2, fill=PAPER, edge=LINE, radius=10, zorder=0)
    return ax


def card(
    ax: Axes,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = CARD,
    edge: str = LINE,
    line: str = "-",
    weight: float = 1.0,
    radius: float = 7.0,
    zorder: float = 2,
) -> None:
    """Draw a box with rounded corners; (x, y) is its top left corner."""
    box = f"round,pad=0,rounding_size={min(radius, height / 2, width / 2)}"
    look = {"facecolor": fill, "edgecolor": edge, "linestyle": line, "linewidth": weight}
    ax.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=box, zorder=zorder, **look))


def write(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    size: float = BODY,
    *,
    bold: bool = False,
    color: str = INK,
    align: str = "left",
    centred: bool = False,
) -> Text:
    """Write wrapped text whose top stands at y, or one line with its capitals ``centred`` on y."""
    look = {"color": color, "ha": align, "va": "baseline" if centred else "top"}
    y += CAPITALS / 2 * size if centred else 0
    look |= {"fontproperties": font(size, bold), "linespacing": LEADING, "parse_math": False}
    return ax.text(x, y, text, zorder=5, **look)


def heading(ax: Axes, title: str, note: str) -> float:
    """Write the picture's question and the line below it; return where the picture begins."""
    inner = WIDTH - 2 * MARGIN
    title, note = wrap(title, inner, TITLE, bold=True), wrap(note, inner, BODY)
    write(ax, MARGIN, MARGIN, title, TITLE, bold=True)
    below = MARGIN + text_height(title, TITLE) + 4
    write(ax, MARGIN, below, note, color=QUIET)
    return below + text_height(note, BODY) + 10


def heading_height(title: str, note: str) -> float:
    """Return where a picture with this heading begins, before there is anything to draw on."""
    inner = WIDTH - 2 * MARGIN
    lines = text_height(wrap(title, inner, TITLE, bold=True), TITLE)
    return MARGIN + lines + 4 + text_height(wrap(note, inner, BODY), BODY) + 10
