"""What a trainee filled into a form: as a page in Markdown, a table in CSV, a Word document.

What was written is text: nothing of it is a heading, a link or a formula in what comes out.
Only to make a Word document loads python-docx.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import course, record, words, workfolder
from .bank import Cell, Field, Form
from .items import slug

if TYPE_CHECKING:
    from .paper import Paper

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
    "csv": "text/csv",
}  # how a file's name ends, and its media type

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$:@])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class ProductError(ValueError):
    """There is nothing to make a file of; the message says what to do."""


@dataclass(frozen=True)
class Filled:
    """A form, what the record holds of it, and when it was last changed."""

    form: Form
    given: Mapping[str, Any]
    when: datetime

    def name(self, kind: str) -> str:
        """The name of its file, from the form's title."""
        return f"{slug(self.form.title)}.{kind}"

    def file(self, kind: str) -> bytes:
        """Its file; ``kind``: one of ``KINDS``."""
        match kind:
            case "docx":
                return _word(self)
            case "md":
                return markdown(self.form, self.given).encode()
            case "csv":
                # The mark at its beginning tells a spreadsheet that it is UTF-8.
                return table(self.form, self.given).encode("utf-8-sig")
        raise KeyError(kind)


def of(form: Form, events: tuple[record.Event, ...]) -> Filled:
    """A form as a record's events have it; ProductError where nothing is filled in."""
    given = record.entries(events).get(form.id, {})
    if not form.entries(given):
        raise ProductError("Nothing is filled in yet. Fill in a box first.")
    return Filled(form, given, words.moment(record.latest(events)[form.id]))


def filled(folder: Path) -> Iterator[Filled]:
    """Every form of a working folder that something was filled into."""
    modules = course.course().modules
    places = [(folder / each.folder, each.id, course.module_bank) for each in modules]
    checks = folder / workfolder.CHECKS
    places += [(checks / name, name, course.released_bank) for name in course.assignments()]
    for place, name, bank_of in places:
        events = record.Record(place).read().events
        given = record.entries(events)
        try:
            forms = bank_of(name).forms.values() if given else ()
        except course.NotFound:  # of a module that this course does not have yet
            continue
        for form in forms:
            if form.entries(given.get(form.id, {})):
                yield of(form, events)


def write(paper: Paper, product: Filled, level: int) -> None:
    """Write a form into a Word document: its title as a heading of that level, then its parts.

    Nothing where nothing is filled in.
    """
    form, entries = product.form, product.form.entries(product.given)
    if not entries:
        return
    paper.heading(level, form.title)
    of = len(form.cells())
    share = f"{len(entries)} of {of} boxes are filled in, and only those stand here"
    share = "all boxes are filled in" if len(entries) == of else share
    paper.text(f"Worksheet, last changed on {words.day(product.when)}; {share}", "Dates")
    paper.text(form.prompt, "Task", marked=True)
    for part in form.parts:
        fields = [each for each in part.fields if any(c.id in entries for c in each.cells())]
        if fields:
            paper.heading(level + 1, part.title)
        for field in fields:
            if field.cell:
                paper.text(field.label, "Label")
                paper.text(field.cell.shown(entries[field.cell.id]))
            else:
                _write_table(paper, form, field, entries)


def _write_table(paper: Paper, form: Form, field: Field, entries: Mapping[str, str]) -> None:
    """The rows that something stands in; steps of a scale are shaded, the higher the darker."""
    rows, shades = [], []
    for n, row in enumerate(field.rows, 1):
        told = [entries.get(f"{field.id}.{n}.{column.id}", "") for column in field.columns]
        if any(told):
            texts = [
                c.shown(each) or words.EMPTY for c, each in zip(field.columns, told, strict=True)
            ]
            rows.append([row, *texts])
            options = [option.id for option in field.columns[0].options]
            step = options.index(told[0]) if told[0] in options else None
            shades.append(None if step is None else step / (len(options) - 1))
    is_scale = form.picture == "levels" and form.picture_of == field.id
    head = [field.label, *(column.label for column in field.columns)]
    paper.table(f"{form.title}: {field.label}", head, rows, shades if is_scale else ())


def _word(product: Filled) -> bytes:
    from .paper import Paper  # half a second and some MB, which most helpers never need

    paper = Paper(product.form.title, "")
    write(paper, product, 1)
    paper.foot(f"{product.form.title} · {course.course().title}")
    return paper.content()


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
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(["box", "label", "entry"])
    for field in form.fields():
        for cell, label in _labelled(field):
            entry = cell.shown(entries.get(cell.id, ""))
            write.writerow([_no_formula(each) for each in (cell.id, label, entry)])
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
