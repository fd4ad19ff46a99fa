"""P4, "What became of the children's centre?": 2009, the years between, and the hubs of today."""

from __future__ import annotations

from matplotlib.axes import Axes

from mapt_course.figures import parts, style

GAP, PAD = 13.0, 11.0
COLUMN = (parts.INNER - GAP) / 2
INNER = COLUMN - 2 * PAD
BULLET, LINE_GAP = 10.0, 4.0
FIRST_YEAR, LAST_YEAR = 2009, 2027
PER_YEAR = (parts.INNER - 8) / (LAST_YEAR - FIRST_YEAR)
AXIS, ROW, BAR = 38.0, 36.0, 15.0


def p4_hub_then_now(data: dict, ax: Axes | None = None) -> Axes:
    """Draw two hubs side by side, a time line of what lay between, and what stayed and changed.

    ``data``: ``title``, ``note``, ``small_print``; two of ``hub`` and two of ``verdict`` (``name``,
    ``lines``; a hub also has ``when``), the first verdict highlighted; ``between`` (``name``,
    ``ticks``, and ``span``: ``at`` and ``until`` as years with decimals, or ``at`` alone for a
    moment, ``when``, ``text``). Lengths are in points. Source: row TN-20 of the then-and-now table.
    """
    begin = style.heading_height(data["title"], data["note"]) + 2
    hubs = max(_height(hub) for hub in data["hub"])
    verdicts = max(_height(verdict) for verdict in data["verdict"])
    middle = begin + hubs + 16
    lower = middle + _between_height(data["between"]) + 16
    end = lower + verdicts
    ax = style.canvas(end + 12 + parts.small_print_height(data["small_print"]), ax)

    style.heading(ax, data["title"], data["note"])
    for number, (hub, verdict) in enumerate(zip(data["hub"], data["verdict"], strict=True)):
        x = style.MARGIN + (COLUMN + GAP) * number
        edge = (style.BLUE, style.GREEN)[number]
        _card(ax, x, begin, hubs, hub, edge, {"edge": edge, "weight": 1.6})
        look = {"edge": style.INK, "line": (0, (4, 3)), "weight": 1.2}
        if not number:
            look = {"fill": style.HIGHLIGHT, "edge": style.HIGHLIGHT_EDGE, "weight": 1.8}
        _card(ax, x, lower, verdicts, verdict, style.INK, look)
    _between(ax, middle, data["between"])
    parts.small_print(ax, end + 12, data["small_print"])
    return ax


def _lines(entry: dict) -> list[str]:
    return [style.wrap(line, INNER - BULLET, style.BODY) for line in entry["lines"]]


def _height(entry: dict) -> float:
    name = style.wrap(entry["name"], INNER, style.HEAD, bold=True)
    height = 2 * PAD + style.text_height(name, style.HEAD)
    height += style.text_height("", style.BODY) if "when" in entry else 0
    return height + sum(style.text_height(line, style.BODY) + LINE_GAP for line in _lines(entry))


def _card(ax: Axes, x: float, y: float, height: float, entry: dict, dot: str, look: dict) -> None:
    """Draw a card with a date (where there is one), a name and its points."""
    style.card(ax, x, y, COLUMN, height, **look)
    x, y = x + PAD, y + PAD - 2
    if "when" in entry:
        style.write(ax, x, y, entry["when"], color=style.QUIET)
        y += style.text_height("", style.BODY)
    name = style.wrap(entry["name"], INNER, style.HEAD, bold=True)
    style.write(ax, x, y, name, style.HEAD, bold=True)
    y += style.text_height(name, style.HEAD) + LINE_GAP
    for line in _lines(entry):
        middle = y + style.BODY * style.LEADING / 2
        ax.plot(x + 2.5, middle, "o", color=dot, markersize=4.5, zorder=4)
        style.write(ax, x + BULLET, y, line)
        y += style.text_height(line, style.BODY) + LINE_GAP


def _between_height(between: dict) -> float:
    return style.text_height("", style.HEAD) + AXIS + ROW * len(between["span"]) - 6


def _year_x(year: float) -> float:
    return style.MARGIN + 4 + (year - FIRST_YEAR) * PER_YEAR


def _between(ax: Axes, y: float, between: dict) -> None:
    """Draw the years between as bars below an axis that runs to the right."""
    style.write(ax, style.MARGIN, y, between["name"], style.HEAD, bold=True)
    y += style.text_height("", style.HEAD) + AXIS
    ends = [_year_x(FIRST_YEAR), _year_x(LAST_YEAR)]
    ax.plot(ends, [y - 12, y - 12], color=style.LINE, linewidth=2, zorder=1)
    for year in between["ticks"]:
        x = _year_x(year)
        look = {"color": style.QUIET, "align": "center", "centred": True}
        style.write(ax, x, y - 23, str(year), style.SMALL, **look)
        ax.plot([x, x], [y - 16, y - 8], color=style.LINE, linewidth=1.6, zorder=1)
    for span in between["span"]:
        _span(ax, y, span)
        y += ROW


def _span(ax: Axes, y: float, span: dict) -> None:
    """Draw one period as a bar, or a moment as a diamond, with its words at the roomier side."""
    start = end = _year_x(span["at"])
    loss, middle = span.get("loss", False), y + (ROW - 8) / 2
    colour = style.VERMILION if loss else style.GREEN
    if "until" in span:
        end = _year_x(span["until"])
        box = (start, middle - BAR / 2, end - start, BAR)
        style.card(ax, *box, fill="#F6CDB6" if loss else "#BFE5D8", edge=colour, weight=1.6)
    else:
        start, end = start - 5, end + 5
        ax.plot((start + end) / 2, middle, "D", color=colour, markersize=9, zorder=4)
    right = style.WIDTH - end > start
    x, side = (end + 7, "left") if right else (start - 7, "right")
    top = middle - style.BODY * style.LEADING
    style.write(ax, x, top, span["text"], bold=True, align=side)
    below = top + style.BODY * style.LEADING
    style.write(ax, x, below, span["when"], style.SMALL, color=style.QUIET, align=side)
