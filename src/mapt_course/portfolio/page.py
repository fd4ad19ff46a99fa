"""The buttons on *Start here* that make a trainee's portfolio and certificate."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from IPython.display import HTML

from .. import bank as banks
from ..widgets import fallback
from ..widgets.activity import Activity
from . import work


class Papers(Activity):
    """The buttons on the page. ``files``: by kind, the names of what was made."""

    def __init__(self, folder: Path):
        self.files: dict[str, list[str]] = {}
        self.who: str | None = None
        super().__init__("papers", "papers", banks.Bank(module="papers"), folder)

    @property
    def items(self) -> list:
        """Buttons ask nothing."""
        return []

    def state_of_page(self) -> dict[str, Any]:
        """The name as it was given last, and what was made on this page."""
        if self.who is None:
            try:
                self.who = work.read(self.root).who()
            except work.PaperError:  # nothing is done yet
                self.who = ""
        return {
            "call": "papers",
            "id": "papers",
            "place": "papers",
            "who": self.who,
            "files": self.files,
            "folder": str(self.root / work.FOLDER),
        }

    def _taken(self, message: dict[str, Any]) -> dict[str, Any]:
        if message.get("do") == "papers":
            # python-docx takes half a second and some MB: most helpers never need it.
            from . import command

            kind, name = message["item"], work.name(str(message.get("text", "")))
            if kind not in command.KINDS:
                raise KeyError(kind)
            made = command.make(kind, self.root, name)
            self.who, self.files = name, self.files | {kind: [path.name for path in made]}
        return {"view": self.state_of_page()}


@cache
def _papers(folder: Path) -> Papers:
    # As with every activity, a cell run again shows the same model.
    return Papers(folder)


def papers() -> Any:
    """Show the buttons."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return HTML(fallback.notice("No papers are made from here."))
    return _papers(Path.cwd())
