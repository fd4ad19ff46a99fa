"""P7, "Which rung are we on?": Wilcox's ladder and that of Gaster and others, side by side."""

from __future__ import annotations

from matplotlib.axes import Axes

from mapt_course.figures import parts, style

GAP, PAD, RUNG_GAP = 14.0, 9.0, 11.0
COLUMN = (parts.INNER - GAP) / 2
LEFT, DISC_X = 5.0, 9.5  # from a column's edge: its rungs, and the numbers whose rings jut out
RUNG = COLUMN - LEFT
TEXT_X, TEXT = LEFT + 20, RUNG - 20 - 5
RAIL, RIM = 15.0, 5.0  # from a rung's end to the rail; round the highlighted rungs
LABEL = 26.0
RUNGS = 5


def p7_two_ladders(data: dict, ax: Axes | None = None) -> Axes:
    """Draw the ladders with their first rung at the foot; rungs of one height share a line.

    ``data``: ``title``, ``note``, ``small_print`` and two of ``ladder``: ``name``, ``source`` and
    ``rung``, five from the bottom up (``fact``, ``name``, ``text``); the first has ``most_label``
    and ``most_from`` (the rung from which on they are highlighted). Lengths are in points.
    Source: facts LAD-04, LAD-W-1 to LAD-W-5, LAD-G-1 to LAD-G-5.
    """
    ladders = data["ladder"]
    for ladder in ladders:
        if len(ladder["rung"]) != RUNGS:
            raise ValueError(
                f"p7-two-ladders.toml, ladder '{ladder['name']}' has {len(ladder['rung'])} "
                f"rungs. Make it {RUNGS}."
            )
    pairs = list(zip(*(reversed(ladder["rung"]) for ladder in ladders), strict=True))
    heights = [max(_height(rung) for rung in pair) for pair in pairs]
    begin = style.heading_height(data["title"], data["note"])
    top = begin + 33 + LABEL
    end = top + sum(heights) + RUNG_GAP * (RUNGS - 1) + 16
    ax = style.canvas(end + 8 + parts.small_print_height(data["small_print"]), ax)

    style.heading(ax, data["title"], data["note"])
    for number, ladder in enumerate(ladders):
        x = style.MARGIN + (COLUMN + GAP) * number
        most = ladder.get("most_from", RUNGS + 1)
        style.write(ax, x, begin, ladder["name"], style.HEAD, bold=True)
        style.write(ax, x, begin + 14.5, ladder["source"], style.SMALL, color=style.QUIET)
        for rail in (x + LEFT + RAIL, x + COLUMN - RAIL):
            line = {"color": style.LINE, "linewidth": 5, "solid_capstyle": "round", "zorder": 1}
            ax.plot([rail, rail], [top - 12, end - 4], **line)
        if "most_label" in ladder:
            _most(ax, x, top, heights[: RUNGS + 1 - most], ladder["most_label"])
        y = top
        for place, height in enumerate(heights):
            rung = RUNGS - place
            _rung(ax, x, y, height, rung, ladder["rung"][rung - 1], most=rung >= most)
            y += height + RUNG_GAP
    parts.small_print(ax, end + 8, data["small_print"])
    return ax


def _most(ax: Axes, x: float, top: float, heights: list[float], text: str) -> None:
    """Draw the ground of the highlighted rungs, and above the topmost what they share."""
    height = sum(heights) + RUNG_GAP * (len(heights) - 1)
    box = (x + LEFT - RIM, top - LABEL + 5, RUNG + 2 * RIM, height + LABEL - 5 + RIM)
    look = {"fill": style.HIGHLIGHT, "edge": style.HIGHLIGHT_EDGE, "weight": 1.8}
    style.card(ax, *box, radius=10, zorder=0.9, **look)
    middle = {"bold": True, "align": "center", "centred": True}
    style.write(ax, x + LEFT + RUNG / 2, top - LABEL / 2 + 2.5, text, style.BODY, **middle)


def _height(rung: dict) -> float:
    return parts.words_height(rung["name"], rung["text"], TEXT) + 2 * PAD - 2


def _rung(
    ax: Axes, x: float, y: float, height: float, number: int, rung: dict, *, most: bool
) -> None:
    """Draw one rung: its number at the edge, its name and what happens on it."""
    style.card(ax, x + LEFT, y, RUNG, height, edge=style.INK, weight=1.1)
    parts.disc(ax, x + DISC_X, y + height / 2, str(number))
    color = style.INK if most else style.QUIET
    here = (x + TEXT_X, y, TEXT, height)
    parts.middle_words(ax, *here, rung["name"], rung["text"], color=color)
