"""What a trainee filled into a form, for a trainer and for the trainee's own feedback page."""

from __future__ import annotations

from collections.abc import Mapping

from ..bank import Cell, Field, Form
from .table import referenced

EMPTY = "(left empty)"


def to_html(form: Form, entries: Mapping[str, str]) -> str:
    """The form with its entries as the source of a Markdown cell: one block of HTML, no script.

    Everything that a trainee wrote stands letter for letter; see :func:`table.referenced`.
    """
    parts = ['<div class="mapt-product tex2jax_ignore" style="font-size:15px;line-height:1.45">']
    for part in form.parts:
        parts.append(f"<h4>{referenced(part.title)}</h4>")
        for field in part.fields:
            parts.append(_single(field, entries) if field.cell else _rows(field, entries))
    return "".join([*parts, "</div>"])


def _single(field: Field, entries: Mapping[str, str]) -> str:
    return f"<p><strong>{referenced(field.label)}</strong><br>{_entry(field.cell, entries)}</p>"


def _rows(field: Field, entries: Mapping[str, str]) -> str:
    heads = "".join(f'<th scope="col">{referenced(column.label)}</th>' for column in field.columns)
    parts = [f'<table><thead><tr><th scope="col"></th>{heads}</tr></thead><tbody>']
    cells = list(field.cells())
    for n, row in enumerate(field.rows):
        own = cells[n * len(field.columns) : (n + 1) * len(field.columns)]
        filled = "".join(f"<td>{_entry(cell, entries)}</td>" for cell in own)
        parts.append(f'<tr><th scope="row">{referenced(row)}</th>{filled}</tr>')
    return "".join([*parts, "</tbody></table>"])


def _entry(cell: Cell, entries: Mapping[str, str]) -> str:
    text = cell.shown(entries.get(cell.id, ""))
    return referenced(text) if text else f"<em>{EMPTY}</em>"
