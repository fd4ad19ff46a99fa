"""``mapt portfolio`` and ``mapt certificate``: the papers, written into the working folder."""

from __future__ import annotations

from pathlib import Path

from .. import workfolder
from . import book, certificate, statement, work

KINDS = ("portfolio", "certificate")


def main(kind: str, folder: str | None, name: str | None) -> int:
    """Make a paper and say where it is; 1, and a sentence, where it cannot be made.

    Without a name, the one that work was handed in under last is taken.
    """
    place = Path(folder or workfolder.DEFAULT).expanduser().absolute()
    try:
        if name is None:
            name = work.read(place).who()
        if not name:
            print("Say whose it is: add --name, and your name as it is to be printed.")
            return 1
        print(f"Making your {kind} …", flush=True)
        paths = make(kind, place, name)
    except work.PaperError as wrong:
        print(wrong)
        return 1
    print("Done. It is here:")
    for path in paths:
        print(f"  {path}")
    if kind == "certificate":
        print(f"Check code: {statement.of(place, name).code}")
    return 0


def make(kind: str, folder: Path, name: str) -> list[Path]:
    """Write a portfolio or a certificate; PaperError where there is nothing, or no room."""
    if kind == "portfolio":
        files = {"portfolio.docx": book.make(folder, name)}
    else:
        stated = statement.of(folder, name)
        page = certificate.page(stated).encode()
        files = {"certificate.docx": certificate.word(stated), "certificate.html": page}
    return work.save(folder / work.FOLDER, files)
