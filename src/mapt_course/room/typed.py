"""What people wrote on paper, typed into a table, as answers in the room. Pure.

The table is the last sheet of the paper pack: a line for each sheet, with its number, the agency
and the number of each answer. A spreadsheet saves it as CSV.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..bank import BankError
from ..products import as_csv
from .day import Ask, Day

FILE = "joint-day-results.csv"
LINES = 18  # of the page of results
MOST = 500  # sheets
SHEET, AGENCY = "Sheet", "Agency"
NONE = ("", "-", "–", "—")
# The stages whose answers go by number onto the page of results. In the others people write, play
# parts, or keep to themselves what they chose.
BY_NUMBER = ("ladder", "audit", "discussion")
# So far from the numbers of phones that the two never meet.
FIRST_SEAT = 900_000


@dataclass(frozen=True)
class Column:
    """A column of the table: its head (``E3``), and the place whose answer it takes."""

    head: str
    ask: Ask
    place: str


@dataclass(frozen=True)
class Sheet:
    """A line: the sheet's number, the agency's id, the answers by place."""

    number: int
    agency: str
    answers: dict[str, str | list[str]]

    @property
    def seat(self) -> str:
        """The seat that stands for it in the room."""
        return f"s{FIRST_SEAT + self.number}"


def letters(day: Day) -> list[tuple[str, Ask]]:
    """The questions that are typed in by number, each with its letter."""
    asked = [a for stage in day.stages if stage.id in BY_NUMBER for a in stage.asks if a.options]
    return [(chr(ord("A") + n), ask) for n, ask in enumerate(asked)]


def columns(day: Day) -> Iterator[Column]:
    """The columns after sheet and agency: one for each row, and for each choice of a pick."""
    for letter, ask in letters(day):
        places = [place for place, _ in ask.places()] if ask.rows else [ask.id] * ask.most
        for n, place in enumerate(places, 1):
            yield Column(f"{letter}{n}" if len(places) > 1 else letter, ask, place)


def template(day: Day) -> bytes:
    """An empty table as CSV, to fill in with a spreadsheet."""
    heads = [column.head for column in columns(day)]
    rows = [[n, *[""] * (len(heads) + 1)] for n in range(1, LINES + 1)]
    # The mark at its beginning tells a spreadsheet that it is UTF-8.
    return as_csv((SHEET, AGENCY, *heads), rows).encode("utf-8-sig")


def read(day: Day, content: str) -> list[Sheet]:
    """The sheets of a table. BankError with all its faults, each with its line and mend.

    A line without an agency and answers is an empty one. Columns may stand in any order, and be
    parted by commas, semicolons or tabs, as spreadsheets do in different countries.
    """
    content = content.removeprefix("\ufeff")
    head = content.partition("\n")[0]
    parted = max(",;\t", key=head.count)
    known = {column.head: column for column in columns(day)}
    faults: list[str] = []
    try:
        rows = list(csv.reader(io.StringIO(content), delimiter=parted, strict=True))
    except csv.Error as wrong:
        raise BankError(
            [f"The table cannot be read ({wrong}). Save it as CSV once more."]
        ) from None
    names = [name.strip() for name in rows[0]] if rows else []
    if SHEET not in names or AGENCY not in names:
        raise BankError([f"The first line has to name the columns: {SHEET}, {AGENCY}, A, B …"])
    for name in names:
        if name and name not in (SHEET, AGENCY, *known):
            faults.append(f"Line 1: there is no column “{name[:20]}”. Take it out.")
    sheets: dict[int, Sheet] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}
        filled = {n: c for n, c in cells.items() if n != SHEET and c not in NONE}
        if not filled:
            continue
        sheet = _sheet(day, known, cells, lambda what, n=number: faults.append(f"Line {n}: {what}"))
        if sheet and sheet.number in sheets:
            faults.append(f"Line {number}: sheet {sheet.number} stands twice. Number it anew.")
        if sheet:
            sheets[sheet.number] = sheet
    if not sheets and not faults:
        faults.append("Nothing is filled in. Type a line for each sheet first.")
    if faults:
        raise BankError(faults)
    return list(sheets.values())


def digest(content: str) -> str:
    """A short name of a table: the same table brought in twice is taken once."""
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:10]


def operations(sheet: Sheet, name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The id, name and arguments of each operation of a sheet's seat; ``name``: the digest."""
    for place, value in sheet.answers.items():
        yield f"{name}-{place.replace('.', '-')}", "answer", {"place": place, "value": value}


def _sheet(day: Day, known: dict[str, Column], cells: dict[str, str], fault) -> Sheet | None:
    number, agency = cells.get(SHEET, ""), _agency(day, cells.get(AGENCY, ""))
    if not re.fullmatch("[0-9]{1,4}", number) or not 1 <= int(number) <= MOST:
        fault(f"the sheet's number has to lie between 1 and {MOST}.")
        return None
    if not agency:
        told = ", ".join(f"{n} {each.text}" for n, each in enumerate(day.agencies, 1))
        fault(f"which agency? Write one of: {told}.")
        return None
    answers: dict[str, str | list[str]] = {}
    for head, cell in cells.items():
        column = known.get(head)
        if column is None or cell in NONE:
            continue
        if cell not in {option.id for option in column.ask.options}:
            fault(f"{head}: there is no answer “{cell[:20]}”. Write its number, or a dash.")
        elif column.ask.kind == "pick":
            picked = answers.setdefault(column.place, [])
            if cell in picked:
                fault(f"{head}: {cell} is chosen twice. Take one away.")
            picked.append(cell)
        else:
            answers[column.place] = cell
    return Sheet(int(number), agency, answers)


def _agency(day: Day, told: str) -> str:
    told = told.casefold()
    for n, each in enumerate(day.agencies, 1):
        if told in (str(n), each.id, each.text.casefold()):
            return each.id
    return ""
