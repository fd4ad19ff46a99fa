"""P3, "What could a family find under one roof?": seventeen services around one hub."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Circle, Wedge

from mapt_course.figures import parts, style

GAP, PAD, HUB = 10.0, 12.0, 55.0
QUARTER = (parts.INNER - GAP) / 2
COUNT = 26.0
BAND = HUB - 8  # the inner end of each quarter, which the hub cuts into
BULLET = 10.0
LOOKS = (("#E4F0F8", style.BLUE), ("#E3F2EC", style.GREEN), ("#F8E9F0", style.PURPLE))
LOOKS += (("#FBE9DF", style.VERMILION),)


def p3_service_wheel(data: dict, ax: Axes | None = None) -> Axes:
    """Draw four quarters with their services around the hub that holds them.

    ``data``: ``title``, ``note``, ``small_print``, ``hub`` (``name``, ``text``) and four of
    ``quarter``: ``name`` and ``services`` (``fact``, ``text``), two above the hub and two below
    it. Each quarter's number is counted. Lengths are in points.
    Source: facts CC-S01 to CC-S17; the grouping is the course's own.
    """
    quarters = data["quarter"]
    if len(quarters) != len(LOOKS):
        raise ValueError(f"p3-service-wheel.toml has {len(quarters)} quarters. Make it 4.")
    begin = style.heading_height(data["title"], data["note"]) + 2
    upper = max(_height(quarter) for quarter in quarters[:2])
    lower = max(_height(quarter) for quarter in quarters[2:])
    end = begin + upper + GAP + lower
    ax = style.canvas(end + 12 + parts.small_print_height(data["small_print"]), ax)

    style.heading(ax, data["title"], data["note"])
    for number, quarter in enumerate(quarters):
        x = style.MARGIN + (QUARTER + GAP) * (number % 2)
        top = begin if number < 2 else begin + upper + GAP
        height = upper if number < 2 else lower
        _quarter(ax, x, top, height, quarter, number)
    _hub(ax, begin + upper + GAP / 2, data["hub"])
    parts.small_print(ax, end + 12, data["small_print"])
    return ax


def _words(service: dict) -> str:
    return style.wrap(service["text"], QUARTER - 2 * PAD - BULLET, style.BODY)


def _name(quarter: dict) -> str:
    return style.wrap(quarter["name"], QUARTER - 2 * PAD, style.HEAD, bold=True)


def _height(quarter: dict) -> float:
    lines = sum(style.text_height(_words(each), style.BODY) + 4 for each in quarter["services"])
    return PAD + style.text_height(_name(quarter), style.HEAD) + 4 + lines + BAND + 2


def _quarter(ax: Axes, x: float, y: float, height: float, quarter: dict, number: int) -> None:
    """Draw one quarter: its services, and at the hub's side how many they are."""
    fill, colour = LOOKS[number]
    style.card(ax, x, y, QUARTER, height, fill=fill, edge=colour, weight=1.4, radius=10)
    above, left = number < 2, number % 2 == 0
    middle = y + height - BAND / 2 if above else y + BAND / 2
    count_x = x + PAD if left else x + QUARTER - PAD
    side = "left" if left else "right"
    count = str(len(quarter["services"]))
    style.write(ax, count_x, middle, count, COUNT, bold=True, align=side, centred=True)

    top = y + PAD - 2 if above else y + BAND + 4
    name = _name(quarter)
    style.write(ax, x + PAD, top, name, style.HEAD, bold=True)
    top += style.text_height(name, style.HEAD) + 4
    for service in quarter["services"]:
        line = top + style.BODY * style.LEADING / 2
        ax.plot(x + PAD + 2.5, line, "o", color=colour, markersize=5, zorder=4)
        style.write(ax, x + PAD + BULLET, top, _words(service))
        top += style.text_height(_words(service), style.BODY) + 4


def _hub(ax: Axes, y: float, hub: dict) -> None:
    """Draw the hub over the inner corners of the quarters, with a rim of their colours."""
    x = style.WIDTH / 2
    ax.add_patch(Circle((x, y), HUB + GAP / 2, facecolor=style.PAPER, edgecolor="none", zorder=3))
    for number, (_, colour) in enumerate(LOOKS):
        start = {0: 180, 1: 270, 2: 90, 3: 0}[number]  # the axis points down
        rim = Wedge((x, y), HUB, start + 3, start + 87, width=6, facecolor=colour, zorder=3.5)
        ax.add_patch(rim)
    look = {"facecolor": style.HIGHLIGHT, "edgecolor": style.HIGHLIGHT_EDGE, "linewidth": 1.8}
    ax.add_patch(Circle((x, y), HUB - 9, zorder=4, **look))
    name = style.wrap(hub["name"], 2 * HUB - 34, style.HEAD, bold=True)
    text = style.wrap(hub["text"], 2 * HUB - 40, style.SMALL)
    height = style.text_height(name, style.HEAD) + style.text_height(text, style.SMALL) + 1
    style.write(ax, x, y - height / 2, name, style.HEAD, bold=True, align="center")
    below = y - height / 2 + style.text_height(name, style.HEAD) + 1
    style.write(ax, x, below, text, style.SMALL, align="center")
