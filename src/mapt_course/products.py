"""What a trainee filled into a form, as a page in Markdown and as a table in CSV.

What was written is text: nothing of it is a heading, a link or a formula in what comes out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from .bank import Cell, Field, Form

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$:@])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def markdown(form: Form, given: Mapping[str, str]) -> str:
    """A page with the form's headings, and each entry quoted below its label.

    ``given``: what the record holds of the form; what is empty or does not fit is left out.
    """
    entries = form.entries(given)
    said = [f"# {_plain(form.title)}"]
    for part in form.parts:
        said.append(f"## {_plain(part.title)}")
        for field in part.fields:
            for cell, label in _labelled(field):
                if cell.id in entries:
                    said.append(f"**{_plain(label)}**")
                    said.append(_quoted(cell.shown(entries[cell.id])))
    return "\n\n".join(said) + "\n"


def table(form: Form, given: Mapping[str, str]) -> str:
    """A table in CSV: each box of the form, its label and its entry, empty boxes as well.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    entries = form.entries(given)
    rows = [
        (cell.id, label, cell.shown(entries.get(cell.id, "")))
        for field in form.fields()
        for cell, label in _labelled(field)
    ]
    return as_csv(("box", "label", "entry"), rows)


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """A table in CSV. A text that a spreadsheet would take for a formula has an apostrophe."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(head)
    for row in rows:
        write.writerow([_no_formula(each) if isinstance(each, str) else each for each in row])
    return out.getvalue()


def _labelled(field: Field) -> list[tuple[Cell, str]]:
    """Each box of a field with a label that says where it stands."""
    if field.cell:
        return [(field.cell, field.label)]
    labels = [f"{row}: {column.label}" for row in field.rows for column in field.columns]
    return list(zip(field.cells(), labels, strict=True))


def _no_formula(text: str) -> str:
    acts = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if acts else text


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _quoted(text: str) -> str:
    # Two spaces at its end keep a line a line of its own.
    return "\n".join(f"> {_plain(line)}  " for line in text.splitlines()).rstrip()
