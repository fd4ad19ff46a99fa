"""P2, "Which duty was meant to mend which fault?": six faults joined to four duties."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from mapt_course.figures import style

COLUMN, PAD, GAP, GROUP_GAP = 164.0, 10.0, 9.0, 20.0
LEFT, RIGHT = style.MARGIN, style.WIDTH - style.MARGIN - COLUMN


def p2_faults_and_duties(data: dict, ax: Axes | None = None) -> Axes:
    """Draw faults on the left, duties on the right, and a line for each pair.

    ``data``: ``title``, ``note``, ``faults_heading``, ``duties_heading``, ``small_print`` and a
    list ``duty``, each with ``name``, ``text`` and its ``faults`` (``name``, ``text``). Lengths
    are in points. Source: facts GAP-1 to GAP-6 and LA-1 to LA-4; the pairing is the course's own.
    """
    begin = style.heading_height(data["title"], data["note"]) + 4
    first = y = begin + style.text_height("", style.HEAD) + 7
    groups = []
    for duty in data["duty"]:
        faults = [_height(fault) for fault in duty["faults"]]
        height = max(sum(faults) + GAP * (len(faults) - 1), _height(duty))
        groups.append((duty, faults, height))
        y += height + GROUP_GAP
    small = style.wrap(data["small_print"], style.WIDTH - 2 * style.MARGIN, style.SMALL)
    ax = style.canvas(y - 4 + style.text_height(small, style.SMALL) + style.MARGIN, ax)

    style.heading(ax, data["title"], data["note"])
    style.write(ax, LEFT, begin, data["faults_heading"], style.HEAD, bold=True)
    style.write(ax, RIGHT, begin, data["duties_heading"], style.HEAD, bold=True)
    top = first
    for duty, faults, height in groups:
        middle = top + height / 2
        fault_y = middle - (sum(faults) + GAP * (len(faults) - 1)) / 2
        for fault, fault_height in zip(duty["faults"], faults, strict=True):
            _entry(ax, LEFT, fault_y, fault, mended=False)
            _link(ax, fault_y + fault_height / 2, middle)
            fault_y += fault_height + GAP
        _entry(ax, RIGHT, middle - _height(duty) / 2, duty, mended=True)
        top += height + GROUP_GAP
    style.write(ax, LEFT, y - 4, small, style.SMALL, color=style.QUIET)
    return ax


def _words(entry: dict) -> tuple[str, str]:
    inner = COLUMN - 2 * PAD
    name = style.wrap(entry["name"], inner, style.HEAD, bold=True)
    return name, style.wrap(entry["text"], inner, style.BODY)


def _height(entry: dict) -> float:
    name, text = _words(entry)
    lines = style.text_height(name, style.HEAD) + style.text_height(text, style.BODY)
    return lines + 2 * PAD - 2


def _entry(ax: Axes, x: float, y: float, entry: dict, *, mended: bool) -> None:
    """Draw a duty (solid, highlighted) or a fault (white, with a broken outline)."""
    if mended:
        look = {"fill": style.HIGHLIGHT, "edge": style.HIGHLIGHT_EDGE, "weight": 1.8}
    else:
        look = {"edge": style.INK, "line": (0, (4, 3)), "weight": 1.2}
    style.card(ax, x, y, COLUMN, _height(entry), **look)
    name, text = _words(entry)
    style.write(ax, x + PAD, y + PAD - 2, name, style.HEAD, bold=True)
    below = y + PAD - 2 + style.text_height(name, style.HEAD) + 1
    style.write(ax, x + PAD, below, text, color=style.INK if mended else style.QUIET)


def _link(ax: Axes, fault_y: float, duty_y: float) -> None:
    """Join a fault's right edge to its duty's left edge with a curve that ends in a dot."""
    start, end = LEFT + COLUMN, RIGHT
    half = (start + end) / 2
    curve = Path(
        [(start, fault_y), (half, fault_y), (half, duty_y), (end, duty_y)],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    look = {"edgecolor": style.INK, "facecolor": "none", "linewidth": 2.0, "zorder": 1}
    ax.add_patch(PathPatch(curve, capstyle="round", **look))
    ax.plot([start, end], [fault_y, duty_y], "o", color=style.INK, markersize=6, zorder=3)
