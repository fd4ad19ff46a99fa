"""P14, "Where do four jobs overlap?": duties of four partners, counted by theme."""

from __future__ import annotations

from collections import Counter

from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Circle

from mapt_course.figures import parts, style

NAME, PAD, GROUP_GAP = 158.0, 9.0, 14.0
CELL = (parts.INNER - NAME) / 4
NAME_WIDTH = NAME - 2 * PAD
LABEL, LEAST_ROW, TOTAL = 23.0, 44.0, 34.0
PALE, DEEP = "#D9ECF8", "#7CC1EA"


def p14_role_overlap(data: dict, ax: Axes | None = None) -> Axes:
    """Draw a grid of discs: partners from left to right, themes downwards, a total at the foot.

    ``data``: ``title``, ``note``, ``small_print``, ``total_label``, four of ``partner`` (``id``:
    how its fact ids begin, ``name``), a list ``group`` (``id``: ``all`` or ``some``, ``name``), a
    list ``theme`` (``id``, ``name``, ``text``) and a list ``duty`` (``fact``, ``theme``). Duties
    are counted here; the themes that every partner has stand first. Lengths are in points.
    Source: facts ROLE-*; the themes are the course's own.
    """
    counts = _count(data)
    groups = _groups(data, counts)
    begin = style.heading_height(data["title"], data["note"])
    top = begin + 2 * style.BODY * style.LEADING + 8
    end = top + TOTAL - 4
    for _, themes in groups:
        end += LABEL + sum(_height(theme) for theme in themes) + GROUP_GAP
    ax = style.canvas(end + 10 + parts.small_print_height(data["small_print"]), ax)

    style.heading(ax, data["title"], data["note"])
    for number, partner in enumerate(data["partner"]):
        name = style.wrap(partner["name"], CELL - 4, style.BODY, bold=True)
        y = top - 8 - style.text_height(name, style.BODY)
        style.write(ax, _x(number), y, name, bold=True, align="center")
    y = top
    for place, (name, themes) in enumerate(groups):
        y = _group(ax, y, name, themes, counts, data["partner"], first=not place) + GROUP_GAP
    _total(ax, y, data, counts)
    parts.small_print(ax, end + 10, data["small_print"])
    return ax


def _count(data: dict) -> Counter[tuple[str, str]]:
    """Return how many duties each partner (by id) has in each theme (by id)."""
    themes = [theme["id"] for theme in data["theme"]]
    counts: Counter[tuple[str, str]] = Counter()
    for duty in data["duty"]:
        partners = [p["id"] for p in data["partner"] if duty["fact"].startswith(p["id"] + "-")]
        if not partners:
            raise ValueError(
                f"p14-role-overlap.toml, duty {duty['fact']}: no partner's id begins so. "
                "Add the partner or mend the fact's id."
            )
        if duty["theme"] not in themes:
            raise ValueError(
                f"p14-role-overlap.toml, duty {duty['fact']}: there is no theme "
                f"'{duty['theme']}'. Choose one of: {', '.join(themes)}."
            )
        counts[partners[0], duty["theme"]] += 1
    return counts


def _groups(data: dict, counts: Counter) -> list[tuple[str, list[dict]]]:
    """Return the groups' names and themes: first the themes in which no partner lacks a duty."""
    groups: dict[str, list[dict]] = {"all": [], "some": []}
    for theme in data["theme"]:
        shared = all(counts[partner["id"], theme["id"]] for partner in data["partner"])
        groups["all" if shared else "some"].append(theme)
    names = {group["id"]: group["name"] for group in data["group"]}
    return [(names[key], themes) for key, themes in groups.items()]


def _x(number: int) -> float:
    return style.MARGIN + NAME + CELL * (number + 0.5)


def _height(theme: dict) -> float:
    return max(parts.words_height(theme["name"], theme["text"], NAME_WIDTH) + 14, LEAST_ROW)


def _group(
    ax: Axes,
    y: float,
    name: str,
    themes: list[dict],
    counts: Counter,
    partners: list[dict],
    *,
    first: bool,
) -> float:
    """Draw a group of themes on a card of its own; return where the card ends."""
    height = LABEL + sum(_height(theme) for theme in themes)
    look = {"fill": style.HIGHLIGHT, "edge": style.HIGHLIGHT_EDGE, "weight": 1.8}
    style.card(ax, style.MARGIN, y, parts.INNER, height, **(look if first else {}))
    color = style.INK if first else style.QUIET
    style.write(ax, style.MARGIN + PAD, y + 6, name, style.BODY, color=color)
    y += LABEL
    for theme in themes:
        row = _height(theme)
        line = style.HIGHLIGHT_EDGE if first else style.LINE
        ends = [style.MARGIN + PAD, style.WIDTH - style.MARGIN - PAD]
        ax.plot(ends, [y, y], color=line, linewidth=1, zorder=3)
        here = (style.MARGIN + PAD, y, NAME_WIDTH, row)
        parts.middle_words(ax, *here, theme["name"], theme["text"], color=color)
        for number, partner in enumerate(partners):
            _cell(ax, _x(number), y + row / 2, counts[partner["id"], theme["id"]], counts)
        y += row
    return y


def _cell(ax: Axes, x: float, y: float, count: int, counts: Counter) -> None:
    """Draw a count as a disc whose area and shade grow with it; a small 0 has none."""
    if count:
        most = max(counts.values())
        share = (count - 1) / max(most - 1, 1)
        shade = [a + (b - a) * share for a, b in zip(to_rgb(PALE), to_rgb(DEEP), strict=True)]
        look = {"facecolor": to_hex(shade), "edgecolor": style.BLUE, "linewidth": 1.6}
        ax.add_patch(Circle((x, y), 19.0 * (count / most) ** 0.5, zorder=4, **look))
    color = style.INK if count else style.QUIET
    middle = {"bold": bool(count), "align": "center", "centred": True, "color": color}
    style.write(ax, x, y, str(count), style.HEAD if count else style.SMALL, **middle)


def _total(ax: Axes, y: float, data: dict, counts: Counter) -> None:
    """Write each partner's number of duties below its column."""
    style.card(ax, style.MARGIN, y - 6, parts.INNER, TOTAL - 6, fill=style.PAPER, edge=style.INK)
    middle = y - 6 + (TOTAL - 6) / 2
    left = style.MARGIN + PAD
    style.write(ax, left, middle, data["total_label"], style.HEAD, bold=True, centred=True)
    for number, partner in enumerate(data["partner"]):
        total = str(sum(counts[partner["id"], theme["id"]] for theme in data["theme"]))
        look = {"bold": True, "align": "center", "centred": True}
        style.write(ax, _x(number), middle, total, style.HEAD, **look)
