"""P9, "How do the three models differ?": panel, team and integrated service compared."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon

from mapt_course.figures import parts, style

GAP, PAD, ROW_GAP = 7.0, 8.0, 8.0
COLUMN = (parts.INNER - 2 * GAP) / 3
INNER = COLUMN - 2 * PAD + 3
ICON, LABEL = 52.0, 17.0
LOOKS = ((style.SKY, style.BLUE), ("#8FD3BC", style.GREEN), ("#E9BFD6", style.PURPLE))


def p9_three_models(data: dict, ax: Axes | None = None) -> Axes:
    """Draw three columns, one for each model, and a row of words for each question.

    ``data``: ``title``, ``note``, ``small_print``, three of ``model`` (``name``, ``text``,
    ``icon``: panel, team or roof) and a list ``row``: ``name``, ``highlight`` (may be left out)
    and three ``cells`` (``fact``: one id or more, ``text``), one for each model. Lengths are in
    points. Source: facts MODEL-PANEL-1 to -7, MODEL-TEAM-1 to -6, MODEL-INT-1 to -7.
    """
    for row in data["row"]:
        if len(row["cells"]) != len(data["model"]):
            raise ValueError(
                f"p9-three-models.toml, row '{row['name']}' has {len(row['cells'])} cells. "
                f"Write one for each of the {len(data['model'])} models."
            )
    begin = style.heading_height(data["title"], data["note"]) + 2
    head = ICON + max(parts.words_height(m["name"], m["text"], INNER) for m in data["model"]) + PAD
    heights = [max(_height(cell["text"]) for cell in row["cells"]) for row in data["row"]]
    end = begin + head + 12 + sum(heights) + (LABEL + ROW_GAP) * len(heights) - ROW_GAP
    ax = style.canvas(end + 12 + parts.small_print_height(data["small_print"]), ax)

    style.heading(ax, data["title"], data["note"])
    for number, model in enumerate(data["model"]):
        x, (fill, edge) = _x(number), LOOKS[number]
        style.card(ax, x, begin, COLUMN, head, edge=edge, weight=1.6)
        ICONS[model["icon"]](ax, x + COLUMN / 2, begin + ICON / 2 + 2, fill, edge)
        parts.words(ax, x + PAD, begin + ICON, INNER, model["name"], model["text"])
    y = begin + head + 12
    for row, height in zip(data["row"], heights, strict=True):
        style.write(ax, style.MARGIN, y, row["name"], style.HEAD, bold=True)
        y += LABEL
        for number, cell in enumerate(row["cells"]):
            look = {"edge": style.LINE}
            if row.get("highlight"):
                look = {"fill": style.HIGHLIGHT, "edge": style.HIGHLIGHT_EDGE, "weight": 1.8}
            style.card(ax, _x(number), y, COLUMN, height, **look)
            style.write(ax, _x(number) + PAD, y + PAD - 3, _words(cell["text"]))
        y += height + ROW_GAP
    parts.small_print(ax, end + 12, data["small_print"])
    return ax


def _x(number: int) -> float:
    return style.MARGIN + (COLUMN + GAP) * number


def _words(text: str) -> str:
    return style.wrap(text, INNER, style.BODY)


def _height(text: str) -> float:
    return style.text_height(_words(text), style.BODY) + 2 * PAD - 4


def _people(ax: Axes, places: list[tuple[float, float]], edge: str) -> None:
    for place in places:
        look = {"facecolor": style.CARD, "edgecolor": edge, "linewidth": 1.8, "zorder": 4}
        ax.add_patch(Circle(place, 5, **look))


def _panel(ax: Axes, x: float, y: float, fill: str, edge: str) -> None:
    """Draw people round a table."""
    ax.add_patch(Circle((x, y), 7, facecolor=fill, edgecolor=edge, linewidth=1.6, zorder=3))
    _people(ax, [(x - 17, y), (x + 17, y), (x, y - 15), (x, y + 15)], edge)


def _team(ax: Axes, x: float, y: float, fill: str, edge: str) -> None:
    """Draw people close together in one ring."""
    ax.add_patch(Circle((x, y), 18, facecolor=fill, edgecolor=edge, linewidth=1.6, zorder=3))
    _people(ax, [(x - 7, y - 6), (x + 7, y - 6), (x - 7, y + 7), (x + 7, y + 7)], edge)


def _roof(ax: Axes, x: float, y: float, fill: str, edge: str) -> None:
    """Draw people side by side under one roof."""
    roof = [(x - 30, y - 1), (x, y - 19), (x + 30, y - 1)]
    walls = [(x - 25, y - 1), (x + 25, y - 1), (x + 25, y + 17), (x - 25, y + 17)]
    look = {"edgecolor": edge, "linewidth": 1.6, "joinstyle": "round", "zorder": 3}
    ax.add_patch(Polygon(walls, closed=True, facecolor=style.CARD, **look))
    ax.add_patch(Polygon(roof, closed=True, facecolor=fill, **look))
    _people(ax, [(x - 15, y + 9), (x, y + 9), (x + 15, y + 9)], edge)


ICONS: dict[str, Callable[..., None]] = {"panel": _panel, "team": _team, "roof": _roof}
