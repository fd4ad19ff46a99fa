"""Marks as a table for people, in HTML and in plain text.

Everything that a trainee wrote is shown as text. :func:`literal` does the same for a Markdown
cell, where stock nbgrader would render, and run, whatever stands in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from .. import items as it
from .marker import Note, Row, Total

LONGEST_STEM = 110  # characters of a stem in the table
LONGEST_SHOWN = 20_000  # characters of one text; a reflection of 200 words has about 1,200

# Characters that act (controls, halves of a pair), and those that turn the direction of what
# follows: a score could be made to read backwards.
_ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_CELL = "text-align:left;vertical-align:top;padding:.45em .7em;border:0;border-top:1px solid #ccc;"
# nbgrader's pages leave tables in Markdown cells (the rubric) without any space between columns.
_PAGE = (
    "<style>.text_cell_render td,.text_cell_render th{padding:.2em 1em .2em 0;"
    "vertical-align:top;text-align:left}</style>"
)
_LINE = "padding-left:1em;text-indent:-1em;"
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;"


def points(number: float) -> str:
    """Points as people write them: ``6.57``, ``9``, ``0.5``."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def in_words(item: it.Item, response: Any) -> list[str]:
    """A response that can be marked, in the item's own words: one line for each part."""
    response = it.check_response(item, response)
    if isinstance(item, it.Single):
        return [_texts(item.options)[response]]
    if isinstance(item, it.Multiple):
        return [o.text for o in item.options if o.id in response] or ["nothing ticked"]
    if isinstance(item, it.Ordering):
        texts = _texts(item.steps)
        return [f"{n}. {texts[step]}" for n, step in enumerate(response, 1)]
    if isinstance(item, it.Scenario):
        return [choice.text for _, choice in item.walk(response)]
    if isinstance(item, it.Gap):
        asked, told = item.gaps, response
    elif isinstance(item, it.Rating):
        asked = item.statements
        told = {name: item.scale[value - 1] for name, value in response.items()}
    else:
        asked, rights = (
            (item.lefts, item.rights)
            if isinstance(item, it.Matching)
            else (item.cards, item.categories)
        )
        texts = _texts(rights)
        told = {name: texts[right] for name, right in response.items()}
    between = ": " if isinstance(item, it.Gap | it.Rating) else " → "
    return [f"{entry.text}{between}{told.get(entry.id) or '(left empty)'}" for entry in asked]


def to_html(total: Total, notes: Sequence[Note] = ()) -> str:
    """The table, with its notes above it. It needs no style sheet and holds no script."""
    # MathJax, where a page loads it, must leave a trainee's dollars alone.
    parts = [_PAGE, '<div class="tex2jax_ignore" style="font-size:15px;line-height:1.45">']
    if notes:
        parts.append(
            '<div role="note" style="border-left:4px solid #b34700;background:#fff6ee;color:#222;'
            'padding:.5em .8em;margin:0 0 .8em"><strong>Please note</strong>'
            '<ul style="margin:.2em 0 0">'
        )
        parts += [f"<li>{_escaped(note.text)}</li>" for note in notes]
        parts.append("</ul></div>")
    parts.append(
        '<table style="width:100%;border-collapse:collapse;border:0;table-layout:fixed;'
        'font-size:inherit">'
        '<caption style="caption-side:top;text-align:left;font-size:1.1em;color:inherit">'
        f"<strong>{_escaped(_caption(total))}</strong></caption>"
        '<colgroup><col style="width:38%"><col><col style="width:7em"></colgroup><thead><tr>'
    )
    parts += [
        f'<th scope="col" style="{_CELL}">{head}</th>' for head in ("Item", "Response", "Mark")
    ]
    parts.append("</tr></thead><tbody>")
    for number, row in enumerate(total.rows, 1):
        parts.append(
            f'<tr style="background:none"><th scope="row" style="{_CELL}font-weight:normal">'
            f"{number}. {_escaped(_stem(row.item))}</th>"
            f'<td style="{_CELL}{_TEXT}">{_response(row)}</td>'
            f'<td style="{_CELL}white-space:nowrap">{_mark(row)}</td></tr>'
        )
    parts.append("</tbody></table></div>")
    return "".join(parts)


def to_text(total: Total, notes: Sequence[Note] = ()) -> str:
    """The same in plain text, one line for each item and for each part of a response."""
    lines = [_caption(total), *(f"! {_clean(note.text)}" for note in notes)]
    for number, row in enumerate(total.rows, 1):
        lines.append(f"{number}. {_clean(_stem(row.item))} [{_mark(row)}]")
        lines += [f"   {_clean(line)}" for line in _lines(row)]
        lines += [f"   {_clean(_bare(hint))}" for hint in _look_again(row)]
    return "\n".join(lines) + "\n"


def literal(text: str) -> str:
    """A text as the source of a Markdown cell that shows it letter for letter.

    All but letters, figures and spaces is written as a character reference, so that neither
    Markdown nor HTML nor TeX finds anything in it. One line: a blank one would end the block.
    """
    lines = _clean(text).split("\n")
    shown = "<br>".join("".join(_reference(c) for c in line) for line in lines)
    look = "border-left:3px solid #ccc;padding-left:.8em;font-size:15px;line-height:1.45;"
    return f'<div class="tex2jax_ignore" style="{look}{_TEXT}">{shown}</div>'


def one_line(text: str, longest: int = 80) -> str:
    """A foreign text (a file's name) in a note or a log: one line, nothing that acts there."""
    line = " ".join(_clean(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _caption(total: Total) -> str:
    caption = f"{total.title}: {points(total.score)} of {points(total.points)} points"
    if not total.answered:
        return f"{caption} (nothing answered)"
    left = len(total.rows) - total.answered
    return caption + (f" ({left} of {len(total.rows)} not answered)" if left else "")


def _stem(item: it.Item) -> str:
    stem = _bare(item.stem)
    if len(stem) <= LONGEST_STEM:
        return stem
    # The question of a long stem stands at its end.
    last = re.split(r"(?<=[.!?”])\s+", stem)[-1]
    if len(last) <= LONGEST_STEM:
        return f"… {last}"
    return stem[:LONGEST_STEM].rsplit(" ", 1)[0] + " …"


def _lines(row: Row) -> list[str]:
    if row.response is None:
        return ["not answered"]
    return [
        _bare(line) if not isinstance(row.item, it.Gap) else line
        for line in in_words(row.item, row.response)
    ]


def _look_again(row: Row) -> list[str]:
    said = row.item.general_feedback
    return [said] if said and not row.mark.right else []


def _response(row: Row) -> str:
    lines = "".join(f'<div style="{_LINE}">{_escaped(line)}</div>' for line in _lines(row))
    if row.response is None:
        lines = f"<em>{lines}</em>"
    hints = "".join(
        f'<div style="color:#555;font-size:.92em;margin-top:.3em">{_escaped(_bare(hint))}</div>'
        for hint in _look_again(row)
    )
    return lines + hints


def _mark(row: Row) -> str:
    if not row.mark.points:
        return "not marked"
    return f"{points(row.mark.score)} of {points(row.mark.points)}"


def _texts(entries: tuple[it.Entry, ...]) -> dict[str, str]:
    return {entry.id: entry.text for entry in entries}


def _bare(text: str) -> str:
    """A course text without its marks for bold and italic."""
    return re.sub(r"(\*{1,2})(\S(?:.*?\S)?)\1", r"\2", text)


def _clean(text: str) -> str:
    """Without characters that act (in a terminal, say), and not longer than people read."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    cut = text[:LONGEST_SHOWN]
    kept = _ACTS.sub("\N{REPLACEMENT CHARACTER}", cut)
    more = len(text) - len(cut)
    return f"{kept}\n[… {more:,} more characters]" if more else kept


def _escaped(text: str) -> str:
    return html.escape(_clean(text), quote=True)


def _reference(character: str) -> str:
    return character if character.isalnum() or character == " " else f"&#{ord(character)};"
