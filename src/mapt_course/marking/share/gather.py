"""The lead brings the marks of a return into the gradebook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory

from ... import zips
from ..gradebook import Gradebook
from ..merge import EXTRA, SCORE, TO_READ, Conflict, Take, Values, merge
from . import files, papers, rows
from .split import ShareError

MERGED = "merged"  # folder: what was agreed on with each return, and what was not
CONFLICTS = "conflicts.csv"


@dataclass(frozen=True)
class Gathered:
    """What became of a return. ``taken``: how many marks and comments were new; ``conflicts``:
    those that wait to be settled; ``handed_in_again``: trainees whose marks are for an earlier
    hand-in; ``unknown``: trainees or cells that this gradebook has not; ``older``: a later return
    of the marker's is in already, and this one was passed over."""

    assignment: str
    marker: str
    submissions: int = 0
    taken: int = 0
    conflicts: tuple[Conflict, ...] = ()
    handed_in_again: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    older: bool = False


def gather(book: Gradebook, path: Path, take: Take | None = None) -> Gathered:
    """Merge a return, in one transaction. The same return again changes nothing more.

    ``take`` settles its conflicts for one side. ZipError, PaperError or ShareError, with nothing
    merged, where the zip is not as it should be.
    """
    paper = _read(path)
    assignment, marker = paper["assignment"], paper["marker"]
    place = files.shares_folder(book.course, assignment)
    merged_before = papers.all_kept(place / MERGED)
    if any(paper["id"] in each["after"] for each in merged_before):
        return Gathered(assignment, marker, older=True)
    trainees = paper["trainees"]
    base = papers.values(_bases(paper, merged_before))
    theirs = papers.values({trainee: told["given"] for trainee, told in trainees.items()})
    with book.transaction() as gradebook:
        cells = rows.cells(gradebook, assignment)
        if not cells:
            raise ShareError(f"The gradebook has no assignment “{assignment}”.")
        found = {at: r for at, r in rows.read(gradebook, assignment).items() if at[0] in trainees}
        known = {trainee for trainee, _, _ in found}
        left_out = {at[:3] for at in theirs} - found.keys()
        base, theirs = _of(found, base), _of(found, theirs)
        again = _handed_in_again(book.course, assignment, trainees)
        _still_to_read(base, theirs, again)
        merged = merge(base, rows.given(found), theirs, take)
        _check(merged.taken, cells)
        scored = {at[:3] for at in merged.taken if at[3] == SCORE and at[0] in again}
        rows.write(gradebook, found, merged.values, scored)
    agreed = papers.rows(merged.agreed)
    papers.keep(
        place / MERGED / f"{paper['id']}.json",
        {
            **{name: paper[name] for name in ("id", "after", "marker")},
            "trainees": {
                trainee: {"share": told["share"], "agreed": agreed.get(trainee, [])}
                for trainee, told in trainees.items()
            },
            "conflicts": [[*each.place, each.ours, each.theirs] for each in merged.conflicts],
        },
    )
    _write_conflicts(place)
    return Gathered(
        assignment,
        marker,
        submissions=len(known),
        taken=sum(at[3] != TO_READ for at in merged.taken),
        conflicts=merged.conflicts,
        handed_in_again=tuple(sorted({at[0] for at in scored})),
        unknown=tuple(sorted({at[2] if at[0] in known else at[0] for at in left_out})),
    )


def _read(path: Path) -> dict[str, Any]:
    for name, content in zips.members(path, files.RETURN_LIMITS):
        if name == files.RETURN:
            return papers.read(content, papers.RETURN)
    raise papers.PaperError("It is no return made by “mapt share return”.")


def _bases(paper: Mapping[str, Any], merged_before: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the marks of each trainee are compared with.

    The last return of the same share that was merged, or, where there was none, the share.
    """
    found = {trainee: told["base"] for trainee, told in paper["trainees"].items()}
    chain = [each for each in merged_before if each["id"] in paper["after"]]
    for each in sorted(chain, key=lambda each: paper["after"].index(each["id"])):
        for trainee, told in each["trainees"].items():
            if trainee in found and told["share"] == paper["trainees"][trainee]["share"]:
                found[trainee] = told["agreed"]
    return found


def _of(found: rows.Rows, values: Values) -> dict[Any, Any]:
    return {at: value for at, value in values.items() if at[:3] in found}


def _handed_in_again(
    course: CourseDirectory, assignment: str, trainees: Mapping[str, Any]
) -> set[str]:
    return {
        trainee
        for trainee, told in trainees.items()
        if files.place(course, "submitted", trainee, assignment).is_dir()
        and files.digest(files.read(course, "submitted", trainee, assignment)) != told["hand_in"]
    }


def _still_to_read(base: Values, theirs: dict[Any, Any], again: set[str]) -> None:
    """A mark for an earlier hand-in does not say that the later one was read."""
    for at in base.keys() | theirs.keys():
        if at[3] == TO_READ and at[0] in again:
            theirs[at] = base.get(at)


def _check(taken: Values, cells: Mapping[Any, Any]) -> None:
    highest = {at[:2]: told[1] for at, told in cells.items() if told[1] is not None}
    for (trainee, notebook, cell, field), value in taken.items():
        if field not in (SCORE, EXTRA) or value is None:
            continue
        most = highest.get((notebook, cell), 0) if field == SCORE else float("inf")
        if not 0 <= value <= most:
            raise ShareError(
                f"It gives {trainee} {value:g} points for “{cell}”, where 0 to {most:g} can be "
                "given. Ask the marker to put that right, and for a new return."
            )


def _write_conflicts(place: Path) -> None:
    """All conflicts that are not settled, as a table for a spreadsheet; no file where none is."""
    merged = papers.all_kept(place / MERGED)
    replaced = {id for each in merged for id in each["after"]}
    found = [
        [*conflict, each["marker"]]
        for each in merged
        if each["id"] not in replaced
        for conflict in each["conflicts"]
    ]
    if not found:
        (place / CONFLICTS).unlink(missing_ok=True)
        return
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["trainee", "notebook", "cell", "what", "ours", "theirs", "by"])
    table.writerows([_plain(each) for each in row] for row in sorted(found, key=str))
    part = place / f"{CONFLICTS}.part"
    part.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    part.replace(place / CONFLICTS)


def _plain(value: Any) -> Any:
    """A text that a spreadsheet shows, and does not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
