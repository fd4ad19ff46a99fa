"""P5, "How close do we work?": five degrees, and what each adds to the one above it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Circle

from mapt_course.figures import parts, style

LEFT, GAP, PAD = style.MARGIN + 5, 34.0, 11.0
DISC_X = LEFT + 4.5  # the ring of a number juts out of its card, the number does not
WIDTH = style.WIDTH - style.MARGIN - LEFT
ICON_X, TEXT_X = LEFT + 63, LEFT + 117  # middle of the two discs; where the words begin
TEXT = style.WIDTH - style.MARGIN - PAD - TEXT_X
RADIUS = 18.0
# How far apart the middles of the two agencies stand: from side by side to one.
APART = (48.0, 36.0, 25.0, 13.0, 0.0)
LOOKS = ((style.SKY, style.BLUE, "-"), ("#8FD3BC", style.GREEN, (0, (3, 1.5))))


def p5_five_degrees(data: dict, ax: Axes | None = None) -> Axes:
    """Draw the degrees as cards downwards, with what is new on the way from each to the next.

    ``data``: ``title``, ``note``, ``small_print`` and five of ``degree``: ``fact``, ``name``,
    ``text`` and, from the second on, ``new`` (what tells it from the one above). Lengths are in
    points. Source: facts DEG-01 to DEG-06.
    """
    if len(data["degree"]) != len(APART):
        raise ValueError(f"p5-five-degrees.toml has {len(data['degree'])} degrees. Make it 5.")
    begin = style.heading_height(data["title"], data["note"]) + 2
    heights = [_height(degree) for degree in data["degree"]]
    end = begin + sum(heights) + GAP * (len(heights) - 1)
    ax = style.canvas(end + 12 + parts.small_print_height(data["small_print"]), ax)

    style.heading(ax, data["title"], data["note"])
    y = begin
    for number, (degree, height) in enumerate(zip(data["degree"], heights, strict=True)):
        if number:
            _new(ax, y, degree["new"])
            y += GAP
        style.card(ax, LEFT, y, WIDTH, height)
        _agencies(ax, ICON_X, y + height / 2, APART[number])
        parts.disc(ax, DISC_X, y + height / 2, str(number + 1))
        parts.middle_words(ax, TEXT_X, y, TEXT, height, degree["name"], degree["text"])
        y += height
    parts.small_print(ax, end + 12, data["small_print"])
    return ax


def _height(degree: dict) -> float:
    lines = parts.words_height(degree["name"], degree["text"], TEXT)
    return max(lines, 2 * RADIUS) + 2 * PAD


def _agencies(ax: Axes, x: float, y: float, apart: float) -> None:
    """Draw two agencies as discs with their middles ``apart``, at last in one place."""
    for side, (fill, edge, line) in zip((-1, 1), LOOKS, strict=True):
        at = (x + side * apart / 2, y)
        ax.add_patch(Circle(at, RADIUS, facecolor=fill, edgecolor="none", alpha=0.45, zorder=3))
        look = {"facecolor": "none", "edgecolor": edge, "linewidth": 2.0, "linestyle": line}
        ax.add_patch(Circle(at, RADIUS, zorder=3.5, **look))


def _new(ax: Axes, y: float, text: str) -> None:
    """Draw what is new, in the gap that begins at y, with a line through it from card to card."""
    x, height = TEXT_X - 12, 22.0
    ax.annotate(
        "",
        (ICON_X, y + GAP - 2),
        (ICON_X, y + 2),
        arrowprops={"arrowstyle": "-|>", "color": style.INK, "linewidth": 1.6, "shrinkA": 0},
        zorder=3,
    )
    width = style.text_width(text, style.BODY, bold=True) + 24
    top = y + (GAP - height) / 2
    look = {"fill": style.HIGHLIGHT, "edge": style.HIGHLIGHT_EDGE, "weight": 1.6, "radius": 11}
    style.card(ax, x, top, width, height, **look)
    style.write(ax, x + 12, top + height / 2, text, style.BODY, bold=True, centred=True)
