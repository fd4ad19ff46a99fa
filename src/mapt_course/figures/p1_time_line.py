"""P1, "What changed first?": laws, programmes and bodies from the 1850s to 2026."""

from __future__ import annotations

from matplotlib.axes import Axes

from mapt_course.figures import style

AXIS_X, FIRST_LANE, LANE = 16.0, 48.0, 113.0
RAIL, TEXT = 9.0, 22.0  # from a lane's left edge
TEXT_WIDTH = LANE - TEXT - 4
PER_YEAR, ROOM_1850S, BREAK, GAP, PAD = 10.2, 56.0, 26.0, 6.0, 5.0
CLEAR = 17.0  # from the break to 1980: room for a label that begins there
FIRST_YEAR, LAST_YEAR = 1980, 2026
FIRST_LINE = style.BODY * style.LEADING / 2  # from a label's top to the middle of its first line
SHAPES = (("s", style.BLUE), ("o", style.GREEN), ("D", style.PURPLE))


def p1_time_line(data: dict, ax: Axes | None = None) -> Axes:
    """Draw the events as labels on three rails; time runs downwards, in years.

    ``data``: ``title``, ``note``, ``break_label``, ``small_print``, ``first_tick``, ``ticks``
    (years), three of ``lane`` (``id``, ``name``) and a list ``event``: ``lane``, ``at`` (a year,
    or 0: above the break), ``until`` (year, for a period), ``when`` and ``text`` (the words) and
    ``turning_point`` (its number; such events are highlighted). Lengths are in points.
    Source: the course's then-and-now table, verified rows only, and facts ORIG-01 to ORIG-16.
    """
    _check(data)
    head = style.heading_height(data["title"], data["note"])
    rails = head + 32
    zero = rails + ROOM_1850S + BREAK + CLEAR
    lanes = [
        _place([event for event in data["event"] if event["lane"] == lane["id"]], rails, zero)
        for lane in data["lane"]
    ]
    end = max(y + _height(event) for lane in lanes for event, y in lane) + 6
    end = max(end, _year_y(LAST_YEAR, rails, zero))
    small = style.wrap(data["small_print"], style.WIDTH - 2 * style.MARGIN, style.SMALL)
    bottom = end + 10 + style.text_height(small, style.SMALL)
    ax = style.canvas(bottom + style.MARGIN - 4, ax)

    style.heading(ax, data["title"], data["note"])
    _ticks(ax, data, rails, zero)
    for number, (lane, placed) in enumerate(zip(data["lane"], lanes, strict=True)):
        left, (shape, colour) = FIRST_LANE + number * LANE, SHAPES[number]
        x = left + RAIL
        for start, stop in ((rails, zero - BREAK - CLEAR - 3), (zero - CLEAR + 3, end)):
            ax.plot([x, x], [start, stop], color=style.LINE, linewidth=2, zorder=1)
        style.card(ax, left, head, LANE - 8, 22, fill=style.CARD, edge=colour, weight=1.6)
        ax.plot(left + RAIL + 4, head + 11, shape, color=colour, markersize=8, zorder=4)
        style.write(ax, left + 22, head + 11, lane["name"], style.BODY, bold=True, centred=True)
        for event, y in placed:
            _event(ax, left, y, event, _year_y(event["at"], rails, zero), SHAPES[number])
    style.write(ax, style.MARGIN, end + 10, small, style.SMALL, color=style.QUIET)
    return ax


def _check(data: dict) -> None:
    lanes = [lane["id"] for lane in data["lane"]]
    if len(lanes) != len(SHAPES):
        raise ValueError(f"p1-time-line.toml has {len(lanes)} lanes. Make it {len(SHAPES)}.")
    for event in data["event"]:
        if event["lane"] not in lanes:
            raise ValueError(
                f"p1-time-line.toml, event '{event['text']}': there is no lane "
                f"'{event['lane']}'. Choose one of: {', '.join(lanes)}."
            )


def _year_y(year: float, rails: float, zero: float) -> float:
    return zero + (year - FIRST_YEAR) * PER_YEAR if year else rails + 16


def _words(event: dict) -> str:
    return style.wrap(event["text"], TEXT_WIDTH, style.BODY)


def _height(event: dict) -> float:
    lines = style.text_height("", style.BODY) + style.text_height(_words(event), style.BODY)
    return lines + (2 * PAD if "turning_point" in event else 0)


def _place(events: list[dict], rails: float, zero: float) -> list[tuple[dict, float]]:
    """Give each label of one lane a top, as near to its year as the labels above it allow."""
    placed, floor = [], rails
    for event in sorted(events, key=lambda event: event["at"]):
        wish = _year_y(event["at"], rails, zero) - FIRST_LINE
        pad = PAD if "turning_point" in event else 0
        top = max(wish, floor + pad)
        placed.append((event, top))
        floor = top - pad + _height(event) + GAP
    return placed


def _ticks(ax: Axes, data: dict, rails: float, zero: float) -> None:
    """Draw the years at the left edge, their hairlines, and the break in the axis."""
    ticks = [(data["first_tick"], _year_y(0, rails, zero))]
    ticks += [(str(year), _year_y(year, rails, zero)) for year in data["ticks"]]
    for label, y in ticks:
        style.write(ax, AXIS_X, y, label, style.SMALL, color=style.QUIET, centred=True)
        for lane in range(3):
            x = FIRST_LANE + lane * LANE + RAIL
            ax.plot([x - 4, x + 4], [y, y], color=style.LINE, linewidth=1.2, zorder=1)
    middle = zero - CLEAR - BREAK / 2
    for y in (middle - BREAK / 2, middle + BREAK / 2):
        xs = [style.MARGIN + 4 * step for step in range(94)]
        ax.plot(xs, [y + 2 * (-1) ** step for step in range(94)], color=style.LINE, linewidth=1.2)
    words, centre = data["break_label"], style.WIDTH / 2
    look = {"color": style.QUIET, "align": "center", "centred": True}
    style.write(ax, centre, middle, words, style.SMALL, **look)


def _event(ax: Axes, left: float, top: float, event: dict, y: float, mark: tuple) -> None:
    """Draw one event: its mark on the rail, its label, and a line where the two are apart."""
    x, text_x, (shape, colour) = left + RAIL, left + TEXT, mark
    number = event.get("turning_point")
    line_y = top + FIRST_LINE
    elbow = ([x, x + 7, x + 7, text_x - 2], [y, y, line_y, line_y])
    ax.plot(*elbow, color=colour, linewidth=1.2, zorder=1.5, solid_joinstyle="round")
    if "until" in event:
        span = (event["until"] + 1 - event["at"]) * PER_YEAR
        fill = style.PAPER if number is None else style.HIGHLIGHT
        style.card(ax, x - 3, y, 6, span, fill=fill, edge=colour, radius=3, weight=1.2)
    if number is None:
        ax.plot(x, y, shape, color=colour, markersize=6.5, zorder=4)
    else:
        box = (text_x - 8, top - PAD, TEXT_WIDTH + 11, _height(event))
        edge = {"edge": style.HIGHLIGHT_EDGE, "weight": 1.8}
        style.card(ax, *box, fill=style.HIGHLIGHT, radius=6, **edge)
        disc = {"markerfacecolor": style.CARD, "markeredgecolor": style.INK, "zorder": 4}
        ax.plot(x, y, "o", markersize=17, markeredgewidth=1.6, **disc)
        middle = {"bold": True, "align": "center", "centred": True}
        style.write(ax, x, y, str(number), style.SMALL, **middle)
    style.write(ax, text_x, top, event["when"], bold=True)
    below = top + style.text_height("", style.BODY)
    colour = style.QUIET if number is None else style.INK
    style.write(ax, text_x, below, _words(event), color=colour)
