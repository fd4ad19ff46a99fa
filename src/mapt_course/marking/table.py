"""Marks as a table for people, in HTML and in plain text.

Everything that a trainee wrote is shown as text. :func:`literal` does the same for a Markdown
cell, where stock nbgrader would render, and run, whatever stands in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from .. import items as it
from ..foreign import clean
from .marker import Note, Row, Total
from .told import Told

LONGEST_STEM = 110  # characters of a stem in the table
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;"
# The look goes with the table: it is shown in formgrader, in feedback and in JupyterLab. Tints
# and no colours of letters, for light pages and dark ones.
_STYLE = """<style>
.mapt-marks { font-size: 15px; line-height: 1.45 }
.mapt-marks table { width: 100%; table-layout: fixed; border-collapse: collapse; border: 0;
  font-size: inherit }
.mapt-marks caption { caption-side: top; padding: 0 0 .4em; color: inherit; font-size: 1.1em;
  font-weight: bold; text-align: left }
.mapt-marks tr { background: none }
.mapt-marks th, .mapt-marks td { padding: .45em .7em; border: 0; border-top: 1px solid #8888;
  text-align: left; vertical-align: top }
.mapt-marks tbody th { font-weight: normal }
.mapt-marks td { overflow-wrap: anywhere }
.mapt-marks .points { white-space: nowrap }
.mapt-marks .line { white-space: pre-wrap }
.mapt-marks .line + .line { margin-top: .25em }
.mapt-marks .none { font-style: italic }
.mapt-marks .said { margin: .25em 0 .5em 1em; padding-left: .6em; border-left: 3px solid #8888 }
.mapt-marks .said.right { border-color: #2e8b57 }
.mapt-marks .again { margin-top: .3em; opacity: .8 }
.mapt-marks [role=note] { margin: 0 0 .8em; padding: .5em .8em; border-left: 4px solid #b34700;
  background: #b3470014 }
.mapt-marks [role=note] ul { margin: .2em 0 0 }
@media (max-width: 34em) {
  .mapt-marks thead, .mapt-marks col { display: none }
  .mapt-marks tr, .mapt-marks tbody, .mapt-marks table { display: block }
  .mapt-marks caption, .mapt-marks td, .mapt-marks tbody th { display: block; padding: .3em 0 }
  .mapt-marks td { border: 0 }
  .mapt-marks .points::before { content: "Mark: " }
}
</style>"""


def points(number: float) -> str:
    """Points as people write them: ``6.57``, ``9``, ``0.5``."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def in_words(item: it.Item, response: Any) -> list[tuple[str, str]]:
    """A response that can be marked, in the item's own words: (part's id, line) for each part."""
    response = it.check_response(item, response)
    if isinstance(item, it.Single):
        return [(response, _texts(item.options)[response])]
    if isinstance(item, it.Multiple):
        picked = [(o.id, o.text) for o in item.options if o.id in response]
        return picked or [("", "nothing ticked")]
    if isinstance(item, it.Ordering):
        texts = _texts(item.steps)
        return [(step, f"{n}. {texts[step]}") for n, step in enumerate(response, 1)]
    if isinstance(item, it.Scenario):
        return [(choice.id, choice.text) for _, choice in item.walk(response)]
    if isinstance(item, it.Gap):
        asked, given = item.gaps, response
    elif isinstance(item, it.Rating):
        asked = item.statements
        given = {name: item.scale[value - 1] for name, value in response.items()}
    else:
        asked, rights = (
            (item.lefts, item.rights)
            if isinstance(item, it.Matching)
            else (item.cards, item.categories)
        )
        texts = _texts(rights)
        given = {name: texts[right] for name, right in response.items()}
    between = ": " if isinstance(item, it.Gap | it.Rating) else " → "
    return [
        (entry.id, f"{entry.text}{between}{given.get(entry.id) or '(left empty)'}")
        for entry in asked
    ]


def to_html(
    total: Total, notes: Sequence[Note] = (), told: Callable[[Row], Told] | None = None
) -> str:
    """The table, with its notes above it. It needs no style sheet and holds no script.

    ``told``: what a trainee is told of a row; None in the trainer's own table.
    """
    # MathJax, where a page loads it, must leave a trainee's dollars alone.
    parts = [_STYLE, '<div class="mapt-marks tex2jax_ignore">']
    if notes:
        parts.append('<div role="note"><strong>Please note</strong><ul>')
        parts += [f"<li>{_escaped(note.text)}</li>" for note in notes]
        parts.append("</ul></div>")
    parts.append(
        f"<table><caption>{_escaped(_caption(total))}</caption>"
        '<colgroup><col style="width:38%"><col><col style="width:7em"></colgroup><thead><tr>'
    )
    parts += [f'<th scope="col">{head}</th>' for head in ("Item", "Response", "Mark")]
    parts.append("</tr></thead><tbody>")
    for number, row in enumerate(total.rows, 1):
        parts.append(
            f'<tr><th scope="row">{number}. {_escaped(_stem(row.item))}</th>'
            f"<td>{_response(row, told(row) if told else Told())}</td>"
            f'<td class="points">{_mark(row)}</td></tr>'
        )
    parts.append("</tbody></table></div>")
    return "".join(parts)


def to_text(total: Total, notes: Sequence[Note] = ()) -> str:
    """The same in plain text, one line for each item and for each part of a response."""
    lines = [_caption(total), *(f"! {clean(note.text)}" for note in notes)]
    for number, row in enumerate(total.rows, 1):
        lines.append(f"{number}. {clean(_stem(row.item))} [{_mark(row)}]")
        lines += [f"   {clean(line)}" for _, line in _lines(row.item, row.response)]
        lines += [f"   {clean(_bare(hint))}" for hint in _look_again(row)]
    return "\n".join(lines) + "\n"


def literal(text: str) -> str:
    """A text as the source of a Markdown cell that shows it letter for letter."""
    look = "border-left:3px solid #ccc;padding-left:.8em;font-size:15px;line-height:1.45;"
    return f'<div class="tex2jax_ignore" style="{look}{_TEXT}">{referenced(text)}</div>'


def referenced(text: str) -> str:
    """A text for the HTML in a Markdown cell, as one line: a blank one would end the block.

    All but letters, figures and spaces is written as a character reference, so that neither
    Markdown nor HTML nor TeX finds anything in it.
    """
    lines = clean(text).split("\n")
    return "<br>".join("".join(_reference(c) for c in line) for line in lines)


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


def _lines(item: it.Item, response: Any) -> list[tuple[str, str]]:
    if response is None:
        return [("", "not answered")]
    lines = in_words(item, response)
    if isinstance(item, it.Gap):
        return lines  # what was typed stays as it is
    return [(part, _bare(line)) for part, line in lines]


def _look_again(row: Row) -> list[str]:
    said = row.item.general_feedback
    return [said] if said and not row.mark.right else []


def _response(row: Row, told: Told) -> str:
    given = "none" if row.response is None else "line"
    shown = []
    for part, line in _lines(row.item, row.response):
        shown.append(f'<div class="{given}">{_escaped(line)}</div>')
        if part in told.parts:
            shown.append(_said(told.parts[part]))
    if told.key is not None:
        shown.append('<div class="said key"><strong>The right answer:</strong>')
        lines = _lines(row.item, told.key)
        shown += [f'<div class="line">{_escaped(line)}</div>' for _, line in lines]
        shown.append("</div>")
    hints = [_escaped(_bare(hint)) for hint in _look_again(row)]
    shown += [f'<div class="again">{hint}</div>' for hint in hints]
    return "".join(shown)


def _said(part: it.Part) -> str:
    kind, head = ("right", "Right.") if part.right else ("wrong", "Not yet.")
    said = f"<strong>{head}</strong> {_escaped(_bare(part.feedback))}".strip()
    return f'<div class="said {kind}">{said}</div>'


def _mark(row: Row) -> str:
    if not row.mark.points:
        return "not marked"
    return f"{points(row.mark.score)} of {points(row.mark.points)}"


def _texts(entries: tuple[it.Entry, ...]) -> dict[str, str]:
    return {entry.id: entry.text for entry in entries}


def _bare(text: str) -> str:
    """A course text without its marks for bold and italic."""
    return re.sub(r"(\*{1,2})(\S(?:.*?\S)?)\1", r"\2", text)


def _escaped(text: str) -> str:
    return html.escape(clean(text), quote=True)


def _reference(character: str) -> str:
    return character if character.isalnum() or character == " " else f"&#{ord(character)};"
