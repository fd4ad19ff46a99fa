"""P0, "Where am I going?": the course as a path of modules, with the joint day alongside."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path

from mapt_course.figures import style

RIGHT = 288.0  # where the stages end and the side track begins
STOP_X, SWAY, STOP_RADIUS, TEXT_X = 44.0, 5.0, 13.0, 74.0
PAD, GAP = 11.0, 12.0
TINTS = ("#F1EEE6", "#E4F0F8", "#E3F2EC", "#F8E9F0")


def p0_course_map(data: dict, ax: Axes | None = None) -> Axes:
    """Draw the modules, in stages, as stops on one path.

    ``data``: ``title``, ``note``, ``destination`` (the id of the highlighted module),
    ``joint_day`` (``title``, ``text``) and a list ``stage``, each with a ``name`` and ``modules``
    (``id``, ``title``, ``question``). Stops are numbered from 0. Lengths are in points.
    Source: course/course.toml.
    """
    y = style.heading_height(data["title"], data["note"])
    panels = []
    for stage in data["stage"]:
        height = PAD + style.text_height("", style.HEAD) + 5
        height += sum(_stop_height(module) for module in stage["modules"])
        panels.append((stage, y, height))
        y += height + GAP
    ax = style.canvas(y - GAP + style.MARGIN, ax)
    top = style.heading(ax, data["title"], data["note"])

    stops, number = [], 0
    for (stage, y, height), tint in zip(panels, TINTS * len(panels), strict=False):
        style.card(ax, style.MARGIN, y, RIGHT - style.MARGIN, height, fill=tint, edge=tint)
        style.write(ax, TEXT_X, y + PAD - 2, stage["name"], color=style.QUIET)
        y += PAD + style.text_height("", style.HEAD) + 5
        for module in stage["modules"]:
            stops.append((STOP_X + SWAY * (-1) ** number, y + STOP_RADIUS))
            _stop(ax, stops[-1], number, module, module["id"] == data["destination"])
            number, y = number + 1, y + _stop_height(module)
    _path(ax, stops)
    _side_track(ax, data["joint_day"], top + 26, stops[-1][1])
    return ax


def _question(module: dict) -> str:
    return style.wrap(module["question"], RIGHT - TEXT_X - 10, style.BODY)


def _stop_height(module: dict) -> float:
    text = style.text_height("", style.HEAD) + style.text_height(_question(module), style.BODY)
    return text + 13


def _path(ax: Axes, stops: list[tuple[float, float]]) -> None:
    """Draw the winding path through the stops: a broad road with a fine edge."""
    points, codes = [stops[0]], [Path.MOVETO]
    for (x, y), (next_x, next_y) in pairwise(stops):
        middle = (y + next_y) / 2
        points += [(x, middle), (next_x, middle), (next_x, next_y)]
        codes += [Path.CURVE4] * 3
    for colour, width in ((style.INK, 9.0), (style.CARD, 6.5)):
        look = {"edgecolor": colour, "facecolor": "none", "linewidth": width, "zorder": 3}
        ax.add_patch(PathPatch(Path(points, codes), capstyle="round", **look))


def _stop(ax: Axes, at: tuple[float, float], number: int, module: dict, last: bool) -> None:
    """Draw one stop: its number on the path, its title and its question."""
    x, y = at[0], at[1] - STOP_RADIUS
    if last:
        box = (TEXT_X - 8, y - 7, RIGHT - TEXT_X + 1, _stop_height(module))
        style.card(ax, *box, fill=style.HIGHLIGHT, edge=style.HIGHLIGHT_EDGE, weight=1.8)
    fill = style.HIGHLIGHT if last else style.CARD
    look = {"facecolor": fill, "edgecolor": style.INK, "linewidth": 2.2, "zorder": 4}
    ax.add_patch(Circle(at, STOP_RADIUS, **look))
    middle = {"bold": True, "align": "center", "centred": True}
    style.write(ax, x, at[1], str(number), style.HEAD, **middle)
    style.write(ax, TEXT_X, y - 2, module["title"], style.HEAD, bold=True)
    below = y - 2 + style.text_height("", style.HEAD)
    style.write(ax, TEXT_X, below, _question(module), color=style.INK if last else style.QUIET)


def _side_track(ax: Axes, day: dict, top: float, bottom: float) -> None:
    """Draw the joint day on a dashed track from the first stage to the last stop."""
    left, right = RIGHT + 12, style.WIDTH - style.MARGIN
    x, r = (left + right) / 2, 22
    first, last = [(RIGHT, top), (x, top), (x, top + r)], [(x, bottom - r), (x, bottom)]
    track = [*first, *last, (RIGHT, bottom)]
    codes = [Path.MOVETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3]
    dashes = {"linestyle": (0, (3, 2)), "edgecolor": style.INK, "linewidth": 2.0}
    ax.add_patch(PathPatch(Path(track, codes), facecolor="none", zorder=1, **dashes))

    width = right - left
    text = style.wrap(day["text"], width - 14, style.SMALL)
    height = style.text_height("", style.HEAD) + style.text_height(text, style.SMALL) + 22
    y = (top + bottom - height) / 2
    style.card(ax, left, y, width, height, edge=style.INK, line="--", weight=1.3)
    style.write(ax, x, y + 9, day["title"], style.HEAD, bold=True, align="center")
    below = y + 9 + style.text_height("", style.HEAD) + 3
    style.write(ax, x, below, text, style.SMALL, color=style.QUIET, align="center")
