"""P1, "What changed first?": laws, programmes and bodies from the 1850s to 2026."""

from __future__ import annotations

from matplotlib.axes import Axes

from mapt_course.figures import style

AXIS_X, FIRST_LANE, LANE = 16.0, 58.0, 111.0
RAIL, TEXT = 7.0, 17.0  # from a lane's left edge
TEXT_WIDTH = LANE - TEXT - 6
PER_YEAR, ROOM_1850S, BREAK, GAP, PAD = 11.6, 62.0, 30.0, 7.0, 5.0
FIRST_YEAR, LAST_YEAR = 1980, 2026
SHAPES = (("s", style.BLUE), ("o", style.GREEN), ("D", style.PURPLE))


def p1_time_line(data: dict, ax: Axes | None = None) -> Axes:
    """Draw the events as labels on three rails; time runs downwards, in years.

    ``data``: ``title``, ``note``, ``break_label``, ``small_print``, ``first_tick``, ``ticks``
    (years), three of ``lane`` (``id``, ``name``) and a list ``event``: ``lane``, ``at`` (a year,
    or 0: above the break), ``until`` (year, for a period), ``when`` and ``text`` (the words) and
    ``turning_point`` (its number; such events are highlighted). Lengths are in points.
    Source: the course's then-and-now table, verified rows only, and facts ORIG-01 to ORIG-16.
    """
    head = style.heading_height(data["title"], data["note"])
    rails = head + 32
    zero = rails + ROOM_1850S + BREAK + 10
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
        for start, stop in ((rails, zero - BREAK - 5), (zero - 5, end)):
            ax.plot([x, x], [start, stop], color=style.LINE, linewidth=2, zorder=1)
        style.card(ax, left, head, LANE - 8, 22, fill=style.CARD, edge=colour, weight=1.6)
        ax.plot(left + RAIL + 4, head + 11, shape, color=colour, markersize=8, zorder=4)
        style.write(ax, left + 22, head + 11, lane["name"], style.BODY, bold=True, centred=True)
        for event, y in placed:
            _event(ax, left, y, event, _year_y(event["at"], rails, zero), SHAPES[number])
    style.write(ax, style.MARGIN, end + 10, small, style.SMALL, color=style.QUIET)
    return ax


def _year_y(year: float, rails: float, zero: float) -> float:
    return zero + (year - FIRST_YEAR) * PER_YEAR if year else rails + 16


def _words(event: dict) -> str:
    return style.wrap(event["text"], TEXT_WIDTH, style.BODY)


def _height(event: dict) -> float:
    lines = style.text_height("", style.BODY) + style.text_height(_words(event), style.BODY)
    return lines + (2 * PAD if "turning_point" in event else 0)


def _place(events: list[dict], rails: float, zero: float) -> list[tuple[dict, float]]:
    """Give each label of one lane a top, as near to its year as the other labels allow."""
    events = sorted(events, key=lambda event: event["at"])
    tops, floor = [], rails
    for event in events:
        wish = _year_y(event["at"], rails, zero) - style.BODY * LEAD_HALF
        tops.append(max(wish, floor))
        floor = tops[-1] + _height(event) + GAP
    return list(zip(events, tops, strict=True))


LEAD_HALF = style.LEADING / 2
