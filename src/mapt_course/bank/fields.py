"""The fields that tables of a bank have in common."""

from __future__ import annotations

from typing import Any

from .. import items as it
from .table import NAME, Table

TELLTALE = {"correct", "right", "wrong", "key", "answer", "true", "false", "decoy", "distractor"}


class Draft(Table):
    """Reads on after a fault, with something empty in its place: all faults come at once."""

    def fail(self, what: str, instead: Any) -> Any:
        self.fault(what)
        return instead

    def tables(self, name: str, least: int, what: str, default: Any = ...) -> list[Draft]:
        # What is no table has its fault; asking it for fields would only add more.
        return [table for table in super().tables(name, least, what, default) if table.is_table]

    def name(self, field: str) -> str:
        """An id."""
        return self._is_name(self.text(field))

    def neutral(self, field: str, default: Any = ...) -> str:
        """An id that the browser holds before an item is answered."""
        name = self.text(field, default)
        if TELLTALE & set(name.split("-")):
            self.fault(f"the id “{name}” hints at the key. Choose a neutral one.")
        return self._is_name(name)

    def _is_name(self, name: str) -> str:
        if name and not NAME.fullmatch(name):
            self.fault(f"“{name}” is not an id. Use small letters, figures and single hyphens.")
        return name

    def number(self, name: str, most: int, default: Any = ...) -> float:
        """A number from 0 to ``most``."""
        value = self.take(name, (int, float), "1.0", default)
        if not 0 <= value <= most:
            self.fault(f"“{name}” has to lie between 0 and {most}. Write {name} = 1.0.")
            return 1.0
        return float(value)


def entries(tables: list[Draft], name: str = "text", feedback: bool = True) -> list[it.Entry]:
    """What stands under each other on the page, each with an id of its own."""
    found = []
    for table in tables:
        text = table.text(name)
        entry_id = table.neutral("id", "") or it.slug(text)
        if text and not entry_id:
            table.fault('the text gives no id. Add id = "...".')
        said = table.text("feedback", ... if feedback else "")
        found.append(it.Entry(entry_id, text, said))
    seen: set[str] = set()
    for table, entry in zip(tables, found, strict=True):
        if entry.id and entry.id in seen:
            table.fault(f'“{entry.id}” is also another entry\'s id. Add an id = "..." to one.')
        seen.add(entry.id)
    return found
