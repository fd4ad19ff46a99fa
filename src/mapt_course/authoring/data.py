"""The course's data files other than banks, read strictly: every field is known, every id unique.

All readers raise BankError with all faults of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .. import bank as banks

CONFIDENCE = ("high", "medium", "low")
OLD = 180  # days after which somebody has to look again at a row


@dataclass(frozen=True)
class Fact:
    """One thing that the course teaches."""

    id: str
    module: str
    text: str
    source: str


@dataclass(frozen=True)
class Row:
    """What became of a law, a body or a scheme; ``checked``: the day somebody last looked."""

    id: str
    item: str
    then: str
    now: str
    when: str
    source: str
    confidence: str
    checked: date
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Facts whose ids begin alike; ``count``: how many the source has."""

    id: str
    module: str
    count: int


@dataclass(frozen=True)
class Words:
    """A group of the glossary; ``entries``: (word, meaning)."""

    title: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """A picture's words, and all its data as :func:`mapt_course.figures.draw` takes them."""

    name: str
    shown: str
    title: str
    alt: str
    long_description: str
    data: dict[str, Any]


def facts(path: Path) -> dict[str, Fact]:
    """``facts.toml``, by id."""
    return _file(
        path,
        "fact",
        lambda table: Fact(*(table.text(name) for name in ("id", "module", "text", "source"))),
    )


def groups(path: Path) -> dict[str, Group]:
    """``groups.toml``, by id."""
    return _file(
        path,
        "group",
        lambda table: Group(table.text("id"), table.text("module"), table.take("count", int, "6")),
    )


def rows(path: Path, known: Iterable[str] | None = None) -> dict[str, Row]:
    """``then_and_now.toml``, by id; ``known``: the fact ids that exist (None: unchecked)."""
    exist = None if known is None else set(known)

    def one(table: banks.Table) -> Row:
        names = ("id", "item", "then", "now", "when", "source", "confidence")
        row = Row(
            *(table.text(name) for name in names),
            checked=_day(table, "checked"),
            facts=tuple(table.texts("facts", 0)),
        )
        if row.confidence not in CONFIDENCE:
            table.fault(f"“confidence” is one of: {', '.join(CONFIDENCE)}.")
        for fact in row.facts if exist is not None else ():
            if fact not in exist:
                table.fault(f"there is no fact “{fact}” in facts.toml. Mend the id.")
        return row

    return _file(path, "row", one)


def old_rows(rows: Mapping[str, Row], today: date) -> Iterator[str]:
    """A sentence for each row that somebody has to look at again."""
    for row in rows.values():
        age = (today - row.checked).days
        place = f"course/facts/then_and_now.toml: {row.id}"
        if age > OLD:
            yield f"{place}: checked {age} days ago. Look whether it holds, and write the day."
        if age < 0:
            yield f"{place}: checked on a day that is still to come."


def glossary(path: Path) -> tuple[Words, ...]:
    """``glossary.toml``: groups of words in the file's order."""

    def entry(table: banks.Table) -> tuple[str, str]:
        read = table.text("word"), table.text("meaning")
        table.end()
        return read

    def one(table: banks.Table) -> Words:
        return Words(table.text("title"), tuple(map(entry, table.tables("entries", 1, "entry"))))

    faults: list[str] = []
    top = banks.Table(banks.load_toml(path), str(path), faults.append)
    return tuple(_whole(_entries(path, top, "group", faults, one, "title"), faults).values())


def professions(path: Path) -> tuple[str, ...]:
    """``professions.toml``: the jobs that examples speak to."""
    faults: list[str] = []
    top = banks.Table(banks.load_toml(path), str(path), faults.append)
    _quietly(top.take, "format", int, "1")
    names = tuple(_quietly(top.texts, "names", 1) or ())
    top.end()
    return _whole(names, faults)


def picture(path: Path, shown: str) -> Picture:
    """``figures/<name>.toml``; the fields that a drawing needs are the drawing's own affair."""
    faults: list[str] = []
    values = banks.load_toml(path)
    top = banks.Table(values, str(path), faults.append)
    words = {name: _quietly(top.text, name) for name in ("title", "alt", "long_description")}
    return _whole(Picture(path.stem, shown, data=values, **words), faults)


def _file(path: Path, kind: str, one: Callable[[banks.Table], Any]) -> dict[str, Any]:
    faults: list[str] = []
    values = banks.load_toml(path)
    top = banks.Table(values, str(path), faults.append)
    return _whole(_entries(path, top, kind, faults, one), faults)


def _entries(
    path: Path,
    top: banks.Table,
    kind: str,
    faults: list[str],
    one: Callable[[banks.Table], Any],
    name: str = "id",
) -> dict[str, Any]:
    """All ``[[kind]]`` of a file by their id (or what ``name`` says), and the file's format."""
    if _quietly(top.take, "format", int, str(banks.FORMAT)) not in (None, banks.FORMAT):
        top.fault(f"this format is not known. Write format = {banks.FORMAT}.")
    found: dict[str, Any] = {}
    for n, entry in enumerate(_quietly(top.list, kind, 0, []) or [], 1):
        label = entry.get(name, f"{kind} {n}") if isinstance(entry, dict) else f"{kind} {n}"
        try:
            table = banks.Table(entry, f"{path}: {label}", faults.append)
            read = one(table)
            table.end()
        except banks.Fault:
            continue
        if label in found:
            table.fault(f"this {name} stands twice in the file. Give one of them another.")
        found[label] = read
    top.end()
    return found


def _day(table: banks.Table, name: str) -> date:
    table.asked.add(name)
    value = table.values.get(name)
    if type(value) is not date:  # a time of day is a date too, by its class
        table.fault(f"“{name}” has to be a day, without quotes. Write {name} = 2026-11-23.")
        raise banks.Fault
    return value


def _quietly(ask: Callable, *told: Any) -> Any:
    """The value, or None where it cannot be read; the fault is noted by then."""
    try:
        return ask(*told)
    except banks.Fault:
        return None


def _whole(read: Any, faults: list[str]) -> Any:
    if faults:
        raise banks.BankError(faults)
    return read
