"""The button that hands an assignment in: what is missing first, then a receipt."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from IPython.display import HTML

from .. import bank as banks
from .. import course, handin, record
from . import fallback
from .activity import Activity


class HandIn(Activity):
    """The button on the page. ``receipts``: one for each time that the work was handed in."""

    def __init__(self, assignment: str, folder: Path):
        self.files: tuple[Path, ...] = ()
        self.exchange = False
        super().__init__("hand_in", assignment, course.released_bank(assignment), folder)

    @property
    def items(self) -> list:
        """A button asks nothing."""
        return []

    def state_of_page(self) -> dict[str, Any]:
        """What is missing, and what was handed in, from the record as it is now."""
        events = self.record.read().events
        handed = record.hand_ins(events, self.activity_id)
        return {
            "call": "hand_in",
            "id": self.activity_id,
            "place": str(self.record.path.parent),
            "missing": handin.look(self.bank, events),
            "changed": handin.changed(events, self.activity_id),
            "left": handin.MOST - len(handed),
            "who": handed[-1].who if handed else "",
            "receipts": [
                {"number": each.number, "at": each.at, "who": each.who, "code": each.receipt}
                for each in handed
            ],
            "files": [path.name for path in self.files],
            "folder": str(self.record.path.parent.parent / handin.FOLDER),
            "exchange": self.exchange,
        }

    def _taken(self, message: dict[str, Any]) -> dict[str, Any]:
        # Anything else asks how it stands, as the page does before it hands in.
        if message.get("do") == "hand_in":
            receipt = handin.hand_in(
                self.record.path.parent, self.activity_id, str(message.get("text", ""))
            )
            self.files, self.exchange = receipt.files, receipt.exchange
        return {"view": self.state_of_page()}


_buttons: dict[tuple[str, Path], HandIn] = {}


def hand_in(assignment: str) -> Any:
    """Show the button that hands an assignment in."""
    folder = Path.cwd()
    if os.environ.get("NBGRADER_EXECUTION"):
        return HTML(fallback.notice("Nothing is handed in from here."))
    if (assignment, folder) not in _buttons:
        try:
            _buttons[assignment, folder] = HandIn(assignment, folder)
        except (course.NotFound, banks.BankError) as wrong:
            return HTML(fallback.notice(str(wrong)))
    return _buttons[assignment, folder]
