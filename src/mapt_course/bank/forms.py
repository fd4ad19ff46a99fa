"""Forms: what a trainee fills in to make a product, such as a worksheet or an agreement.

A form's entries are kept as one flat mapping from a cell's id to a text: ``field`` or, in a
table, ``field.row.column`` (row from 1 on). Nothing in it is marked by machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from .. import items as it
from .fields import Draft

KINDS = ("line", "text", "choice", "date")
PICTURES = ("blocks", "circle", "levels")
LONGEST = {"line": 500, "text": 20_000, "choice": 60, "date": 10}  # characters
MOST_ROWS = 40


@dataclass(frozen=True)
class Cell:
    """One box to fill in. ``options``: for a choice, what may be chosen (id, text)."""

    id: str
    label: str
    type: str = "line"
    options: tuple[it.Entry, ...] = ()
    min_words: int = 0
    max_words: int = 0

    def shown(self, value: str) -> str:
        """What was entered, in words: for a choice the option's text, for a date day and month."""
        if self.type == "choice":
            return next((each.text for each in self.options if each.id == value), "")
        if self.type == "date" and value:
            when = date.fromisoformat(value)
            return f"{when.day:02}.{when.month:02}.{when.year}"
        return value


@dataclass(frozen=True)
class Field:
    """A single box, or a table of them: ``rows`` (a text for each) by ``columns``."""

    id: str
    label: str
    cell: Cell | None = None
    rows: tuple[str, ...] = ()
    columns: tuple[Cell, ...] = ()

    def cells(self) -> Iterator[Cell]:
        """Every box, with the id that its entry is kept under."""
        if self.cell:
            yield self.cell
        for n in range(1, len(self.rows) + 1):
            for column in self.columns:
                yield replace(column, id=f"{self.id}.{n}.{column.id}")


@dataclass(frozen=True)
class FormPart:
    """Fields under one heading."""

    title: str
    note: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Form:
    """A worksheet. ``picture``: which of ``PICTURES`` is drawn, of the table ``picture_of``.

    ``facts``: what it lets a trainee practise in their own setting, if it names any.
    """

    id: str
    title: str
    prompt: str
    parts: tuple[FormPart, ...]
    facts: tuple[str, ...] = ()
    learning_outcome: str = ""
    reminder: str = ""
    picture: str = ""
    picture_of: str = ""
    picture_title: str = ""

    def fields(self) -> Iterator[Field]:
        """The fields of all parts, in order."""
        for part in self.parts:
            yield from part.fields

    def cells(self) -> dict[str, Cell]:
        """Every box by its id, in order."""
        return {cell.id: cell for field in self.fields() for cell in field.cells()}

    def check(self, cell_id: Any, value: Any) -> str:
        """The entry as it is kept; ResponseError, in plain words, where it does not fit its box."""
        cell = self.cells().get(cell_id) if type(cell_id) is str else None
        if cell is None:
            raise it.ResponseError("This box is not in the form any more. Reload the page.")
        if type(value) is not str or any("\ud800" <= c <= "\udfff" for c in value):
            raise it.ResponseError("A box takes words or figures.")
        if len(value) > LONGEST[cell.type]:
            raise it.ResponseError(
                f"“{cell.label}” takes at most {LONGEST[cell.type]:,} characters. Shorten it."
            )
        if cell.type == "choice" and value and not cell.shown(value):
            raise it.ResponseError(f"“{cell.label}” does not offer that. Reload the page.")
        if cell.type == "date" and value and not _is_day(value):
            raise it.ResponseError(f"“{cell.label}” takes a day, such as 2026-03-02.")
        return value

    def entries(self, given: Mapping[str, Any]) -> dict[str, str]:
        """Of what a record holds, the entries that fit this form and are not empty."""
        kept = {}
        for name, value in given.items():
            try:
                if self.check(name, value).strip():
                    kept[name] = value
            except it.ResponseError:
                continue  # an entry to an older wording of the form
        return kept


def to_plain(form: Form) -> dict[str, Any]:
    """A form as JSON values without what is empty."""
    return _without_empty(asdict(form))


def from_plain(values: Mapping[str, Any]) -> Form:
    """The inverse of :func:`to_plain`."""

    def cell(told: Mapping[str, Any]) -> Cell:
        options = tuple(it.Entry(**each) for each in told.get("options", ()))
        return Cell(**{**told, "options": options})

    def field(told: Mapping[str, Any]) -> Field:
        return Field(
            told["id"],
            told["label"],
            cell(told["cell"]) if "cell" in told else None,
            tuple(told.get("rows", ())),
            tuple(map(cell, told.get("columns", ()))),
        )

    parts = tuple(
        FormPart(part["title"], part.get("note", ""), tuple(map(field, part["fields"])))
        for part in values["parts"]
    )
    return Form(**{**values, "parts": parts, "facts": tuple(values.get("facts", ()))})


def read_form(table: Draft, facts: tuple[str, ...], outcome: str) -> Form:
    """A ``[[form]]`` of a bank; faults go to the table."""
    parts = []
    for part in table.tables("part", 1, "part"):
        fields = tuple(_field(each) for each in part.tables("fields", 1, "field"))
        parts.append(FormPart(part.text("title"), part.text("note", ""), fields))
        part.end()
    form = Form(
        id=table.name("id"),
        title=table.text("title"),
        prompt=table.text("prompt"),
        parts=tuple(parts),
        facts=facts,
        learning_outcome=outcome,
        reminder=table.text("reminder", ""),
        picture=table.text("picture", ""),
        picture_of=table.text("picture_of", ""),
        picture_title=table.text("picture_title", ""),
    )
    ids = [field.id for field in form.fields()]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        table.fault(f"two fields have the id “{name}”. Give one of them another id.")
    if form.picture:
        if form.picture not in PICTURES:
            table.fault(f"“picture” is one of: {', '.join(PICTURES)}.")
        if not any(field.id == form.picture_of and field.columns for field in form.fields()):
            table.fault("“picture_of” has to name a table of this form.")
        if not form.picture_title:
            table.fault("“picture_title” is missing. Write the question that the picture answers.")
    return form


def _field(table: Draft) -> Field:
    kind, name, label = table.text("type"), table.name("id"), table.text("label")
    if kind == "table":
        columns = []
        for column in table.tables("columns", 1, "column"):
            columns.append(_cell(column, column.name("id"), column.text("label")))
            column.end()
        rows = _rows(table, label)
        table.end()
        return Field(name, label, rows=rows, columns=tuple(columns))
    cell = _cell(table, name, label, kind)
    table.end()
    return Field(name, label, cell)


def _cell(table: Draft, name: str, label: str, kind: str = "") -> Cell:
    kind = kind or table.text("type")
    if kind and kind not in KINDS:
        table.fault(f"“{kind}” is not a kind of box. Use one of: {', '.join(KINDS)}, table.")
    options = ()
    if kind == "choice":
        texts = table.texts("options", 2)
        options = tuple(it.Entry(it.slug(text), text) for text in texts)
        if len({each.id for each in options}) < len(texts):
            table.fault("two options are nearly the same. Reword one.")
    words = [
        table.take(each, int, "100", 0) if kind == "text" else 0
        for each in ("min_words", "max_words")
    ]
    return Cell(name, label, kind, options, *words)


def _rows(table: Draft, label: str) -> tuple[str, ...]:
    """A list of texts, or a number of rows that are told apart by their number."""
    rows = table.take("rows", (list, int), '["...", "..."]')
    if isinstance(rows, int):
        rows = [f"{label} {n}" for n in range(1, min(rows, MOST_ROWS) + 1)]
    if not rows or not all(isinstance(each, str) and each.strip() for each in rows):
        table.fault("“rows” is a list of texts, or how many rows there are.")
        return ()
    return tuple(rows)


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text) and date.fromisoformat(text))
    except ValueError:
        return False


def _without_empty(values: Any) -> Any:
    if isinstance(values, dict):
        kept = {name: _without_empty(value) for name, value in values.items()}
        return {name: value for name, value in kept.items() if value}
    if isinstance(values, list | tuple):
        return [_without_empty(value) for value in values]
    return values
