"""P6, "Same word, same meaning?": three words as three models place them."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from mapt_course.figures import parts, style

PAD, GAP, STEP_GAP = 7.5, 28.0, 9.0
WIDTHS = (119.0, 98.0, 98.0)
LEFTS = (style.MARGIN, style.MARGIN + WIDTHS[0] + GAP, style.WIDTH - style.MARGIN - WIDTHS[2])
LEVELS = 5
LINE = style.BODY * style.LEADING
LOOKS = ((style.BLUE, "-", "o"), (style.VERMILION, (0, (5, 2)), "s"))
LOOKS += ((style.INK, (0, (1.2, 1.4)), "D"),)


@dataclass
class _Step:
    """A step's place: its column, its level from the bottom, its words, where a word stands."""

    column: int
    level: int
    number: str
    text: str
    lines: dict[str, int]  # clashing word -> line of the text

    @property
    def height(self) -> float:
        return style.text_height(self.text, style.BODY) + self.number_height + 2 * PAD - 3

    @property
    def number_height(self) -> float:
        return 13.0 if self.number else 0.0


def p6_word_clash(data: dict, ax: Axes | None = None) -> Axes:
    """Draw three columns of steps, bottom to top, and a line from each word to its twin.

    ``data``: ``title``, ``note``, ``small_print``, ``word`` (a list of three: ``id``, the word) and
    three of ``model``: ``name``, ``text``, ``numbered`` and ``step`` from the bottom up (``text``;
    ``at``, the level to stand at, else the step's number). The second model's words are joined to
    the other two. Lengths are in points.
    Source: facts DEG-01 to DEG-05, LAD-G-1 to LAD-G-5; inventory ODD-10 for the third model.
    """
    clashing = [word["id"] for word in data["word"]]
    steps = [step for column in range(3) for step in _steps(data["model"], column, clashing)]
    begin = style.heading_height(data["title"], data["note"])
    y = begin + max(parts.words_height(m["name"], m["text"], WIDTHS[0]) for m in data["model"]) + 8
    places = {}
    for level in range(LEVELS, 0, -1):
        height = max(step.height for step in steps if step.level == level)
        places[level] = (y, height)
        y += height + STEP_GAP
    ax = style.canvas(y + 3 + parts.small_print_height(data["small_print"]), ax)

    style.heading(ax, data["title"], data["note"])
    for x, width, model in zip(LEFTS, WIDTHS, data["model"], strict=True):
        parts.words(ax, x, begin, width + 8, model["name"], model["text"])
    ends: dict[tuple[str, int], float] = {}
    for step in steps:
        first = _draw(ax, step, *places[step.level])
        for word, line in step.lines.items():
            ends[word, step.column] = first + LINE * (line + 0.5)
    for word, (color, line, mark) in zip(clashing, LOOKS, strict=True):
        for left in (0, 1):
            if (word, left) in ends and (word, left + 1) in ends:
                start = (LEFTS[left] + WIDTHS[left], ends[word, left])
                end = (LEFTS[left + 1], ends[word, left + 1])
                parts.link(ax, start, end, color=color, line=line, mark=mark)
    parts.small_print(ax, y + 3, data["small_print"])
    return ax


def _steps(models: list[dict], column: int, clashing: list[str]) -> list[_Step]:
    """Return a model's steps, their texts wrapped and their clashing words found."""
    steps = []
    for number, step in enumerate(models[column]["step"], start=1):
        found = [word for word in clashing if word in step["text"].lower()]
        text = style.wrap(step["text"], WIDTHS[column] - 2 * PAD, style.BODY, bold=bool(found))
        lines = text.lower().split("\n")
        where = {word: next(n for n, line in enumerate(lines) if word in line) for word in found}
        shown = str(number) if models[column]["numbered"] else ""
        steps.append(_Step(column, step.get("at", number), shown, text, where))
    return steps


def _draw(ax: Axes, step: _Step, y: float, height: float) -> float:
    """Draw one step, pale where no word of it clashes; return where its text begins."""
    x, clashes = LEFTS[step.column], bool(step.lines)
    look = {"edge": style.INK, "weight": 1.3} if clashes else {"fill": style.PAPER}
    if clashes and step.column == 1:
        look = {"fill": style.HIGHLIGHT, "edge": style.HIGHLIGHT_EDGE, "weight": 1.8}
    style.card(ax, x, y, WIDTHS[step.column], height, **look)
    color = style.INK if clashes else style.QUIET
    top = y + (height - step.height) / 2 + PAD - 2
    if step.number:
        style.write(ax, x + PAD, top, step.number, style.SMALL, color=color)
    top += step.number_height
    style.write(ax, x + PAD, top, step.text, bold=clashes, color=color)
    return top
