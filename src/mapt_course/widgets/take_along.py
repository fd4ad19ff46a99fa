"""The two buttons under *Start here*: everything into a zip, and a zip brought back."""

from __future__ import annotations

import base64
import binascii
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from IPython.display import HTML

from .. import carry, course
from . import fallback
from .activity import STALE, Activity

PIECE = 512 * 1024  # bytes of a zip that the page sends at a time; in base64 less than 1 MB


class TakeAlong(Activity):
    """Packs the working folder, and takes a zip from the page piece by piece.

    ``told``: what the page shows beside its buttons; ``run``: which press of a button it is of, as
    the page that asked counts them. No answer of a trainee's goes through here,
    so nothing has to be acknowledged: the page asks, and hears how far it is.
    """

    def __init__(self, folder: Path):
        self.told: dict[str, Any] = {}
        self.run = ""
        self._coming: BinaryIO | None = None
        super().__init__("take_along", "take_along", course.banks.Bank(module="home"), folder)

    @property
    def items(self) -> list:
        """Buttons ask nothing."""
        return []

    def state_of_page(self) -> dict[str, Any]:
        """What was done last, for a page that is opened or loaded anew."""
        return {
            "call": "take_along",
            "id": "take_along",
            "place": "take_along",
            "folder": str(self.root / carry.FOLDER),
            "piece": PIECE,
            "largest": carry.LIMITS.zip,
            "run": self.run,
            **self.told,
        }

    def _taken(self, message: dict[str, Any]) -> dict[str, Any]:
        self.run = str(message.get("run", self.run))
        match message.get("do"):
            case "pack":
                self._pack()
            case "bring":
                self._piece(message)
            case "refresh":
                pass
            case _:
                raise ValueError(STALE)
        return {"view": self.state_of_page()}

    def _pack(self) -> None:
        try:
            packed = carry.pack(self.root, progress=self._progress)
        except carry.CarryError as wrong:
            self.told = {"wrong": str(wrong)}
        else:
            self.told = {"zip": packed.path.name, "files": packed.files, "said": packed.left_out}

    def _piece(self, message: dict[str, Any]) -> None:
        """One piece of a zip: ``at`` how many bytes came before, ``of`` how many there are."""
        at, of = int(message["at"]), int(message["of"])
        if at == 0:
            self._forget()
            self._coming = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            content = base64.b64decode(message["content"], validate=True)
        except binascii.Error:
            content = b""
        there = self._coming.tell() if self._coming else -1
        fits = there == at and at + len(content) <= of <= carry.LIMITS.zip
        if not fits or not content or len(content) > PIECE:
            self._forget()
            self.told = {"wrong": "The zip did not come through whole. Choose it once more."}
            return
        self._coming.write(content)
        self.told = {"at": at + len(content), "of": of}
        if at + len(content) == of:
            self._bring_back()

    def _bring_back(self) -> None:
        try:
            with tempfile.TemporaryDirectory() as scratch:
                path = Path(scratch) / "came.zip"
                self._coming.seek(0)
                with path.open("wb") as stream:
                    while block := self._coming.read(PIECE):
                        stream.write(block)
                brought = carry.bring_back(path, self.root, self._progress)
            self.told = {"said": brought.sentences()}
        except OSError as wrong:
            told = str(wrong) if isinstance(wrong, carry.CarryError) else wrong.strerror
            self.told = {"wrong": f"{told}"}
        finally:
            self._forget()

    def _forget(self) -> None:
        if self._coming:
            self._coming.close()
        self._coming = None

    def _progress(self, done: int, of: int) -> None:
        if done % 20 == 0:
            self.told = {"done": done, "files_of": of}
            self.send({"view": self.state_of_page()})


_along: dict[Path, TakeAlong] = {}


def take_along() -> Any:
    """Show the buttons that take everything along and bring it back."""
    folder = Path.cwd()
    if os.environ.get("NBGRADER_EXECUTION"):
        return HTML(fallback.notice("Nothing is taken along from here."))
    if folder not in _along:
        _along[folder] = TakeAlong(folder)
    return _along[folder]
