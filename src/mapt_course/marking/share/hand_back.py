"""A marker's machine writes the marks given by hand into a small zip for the lead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ... import zips
from ..gradebook import Gradebook
from . import files, papers, rows
from .split import ShareError
from .take_in import OPENED, latest

RETURNED = "returned"  # folder: the ids of the returns that were written


@dataclass(frozen=True)
class Returned:
    """A zip for the lead: of how many submissions, and how many of them still wait for a mark."""

    marker: str
    path: Path
    submissions: int
    waiting: int


def hand_back(book: Gradebook, assignment: str) -> list[Returned]:
    """Write the marks of every share of an assignment that was opened here: a zip for a marker.

    A later return holds all of the earlier ones. ShareError where nothing was opened.
    """
    place = files.shares_folder(book.course, assignment)
    markers = sorted({share["marker"] for share in papers.all_kept(place / OPENED)})
    if not markers:
        raise ShareError(f"No share of “{assignment}” was opened here. First: mapt share open ZIP")
    with book.transaction() as gradebook:
        found = rows.read(gradebook, assignment)
    return [_hand_back(place, assignment, marker, found) for marker in markers]


def _hand_back(place: Path, assignment: str, marker: str, found: rows.Rows) -> Returned:
    present = {trainee for trainee, _, _ in found}
    trainees = {
        trainee: told for trainee, told in latest(place, marker).items() if trainee in present
    }
    given = papers.rows(rows.given(found))
    before = papers.all_kept(place / RETURNED)
    paper = {
        "format": papers.FORMAT,
        "kind": "return",
        "id": uuid4().hex,
        "after": [each["id"] for each in before if each["marker"] == marker],
        "assignment": assignment,
        "marker": marker,
        "trainees": {
            trainee: {
                "share": told["share"],
                "hand_in": told["hand_in"],
                "base": told["given"],
                "given": given.get(trainee, []),
            }
            for trainee, told in trainees.items()
        },
    }
    # First: a return that nobody ever saw does no harm in “after”; one that is missing would.
    papers.keep(
        place / RETURNED / f"{marker} ({len(before):05}) {paper['id']}.json",
        {"id": paper["id"], "marker": marker},
    )
    path = place / f"{assignment}-marks-of-{marker}.zip"
    zips.write(path, [(files.RETURN, papers.write(paper))])
    waiting = {at[0] for at, row in found.items() if row.to_read}
    return Returned(marker, path, len(trainees), len(waiting & trainees.keys()))
