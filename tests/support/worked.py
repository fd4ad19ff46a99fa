"""A working folder in which everything is done: every item, reflection, rating, form and check."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import answered

from mapt_course import bank as banks
from mapt_course import course as whole
from mapt_course import items as it
from mapt_course import record

FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WHO = "lena"


class Diary:
    """Writes events an hour apart, many at once: a real trainee waits for each."""

    def __init__(self, folder: Path, first: datetime = FIRST):
        self.folder, self.first, self.hours = folder, first, 0

    def write(self, place: str, told: list[dict]) -> None:
        """Append events to the record in a folder below."""
        lines = []
        for values in told:
            at = (self.first + timedelta(hours=self.hours)).isoformat().replace("+00:00", "Z")
            self.hours += 1
            lines.append(record.Event(id=f"event-{self.hours}", at=at, **values).line())
        (self.folder / place).mkdir(parents=True, exist_ok=True)
        with open(self.folder / place / record.NAME, "ab") as file:
            file.write(b"".join(lines))


def work_through(folder: Path) -> None:
    """All modules, all assignments, each handed in once."""
    diary = Diary(folder)
    for module in whole.course().modules:
        diary.write(module.folder, _events(whole.module_bank(module.id)))
    for name in whole.assignments():
        handed = {"kind": "handed-in", "item": name, "activity": name, "text": WHO}
        opened = {"kind": "opened", "item": name}
        diary.write(f"checks/{name}", [opened, *_events(whole.released_bank(name)), handed])


def _events(bank: banks.Bank) -> list[dict]:
    told = []
    for n, item in enumerate(bank.items.values()):
        if isinstance(item, it.Rating):
            scale = len(item.scale)
            given = {each.id: 1 + (n + m) % scale for m, each in enumerate(item.statements)}
        elif item.key is None:
            given = answered.any_response(item)
        else:
            given = answered.responses(item)[("right", "wrong")[n % 2]]
        told.append({"kind": "response", "item": item.id, "response": given})
    for name in bank.reflections:
        text = f"What I wrote for {name} on the first day."
        told.append({"kind": "reflection", "item": name, "text": text})
        told.append({"kind": "reflection", "item": name, "text": f"{text}\n\nAnd on the next."})
    for form in bank.forms.values():
        for n, cell in enumerate(form.cells().values()):
            told.append({"kind": "form", "item": form.id, "response": {cell.id: entry(cell, n)}})
    return told


def entry(cell: banks.Cell, n: int) -> str:
    """What stands in a form's box."""
    if cell.type == "choice":
        return cell.options[n % len(cell.options)].id
    return "2026-05-04" if cell.type == "date" else f"What goes into box {n}, in a few words"
