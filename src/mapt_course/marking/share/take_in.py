"""A marker's machine takes a share in: files into their places, rows into the gradebook."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.coursedir import CourseDirectory

from nbgrader import api

from ... import zips
from ...foreign import one_line
from .. import folder
from ..gradebook import Gradebook
from ..merge import Merged, merge
from . import files, papers, rows
from .split import Progress, ShareError

OPENED, OPENING = "opened", "opening"  # folders: papers of shares taken in, and being taken in
_SCRATCH = ".unpacked"


@dataclass(frozen=True)
class Opened:
    """``taken``: trainees who are to be marked; ``left_alone``: those whose work was there
    already, the marker's own; ``before``: the same share had been opened already."""

    assignment: str
    marker: str
    taken: tuple[str, ...]
    left_alone: tuple[str, ...]
    before: bool


def take_in(book: Gradebook, path: Path, progress: Progress) -> Opened:
    """Open a share. Nothing that is the marker's own is overwritten.

    Broken off at any moment and opened again, it comes to the same. ZipError, PaperError or
    ShareError, with nothing taken in, where the zip is not as it should be.
    """
    scratch = Path(book.course.root) / files.SHARES / _SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        return _take_in(book, _unpack(book.course, path, scratch, progress), scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _unpack(
    course: CourseDirectory, path: Path, scratch: Path, progress: Progress
) -> dict[str, Any]:
    """Unpack a share into a new folder: its paper first, then the files that the paper names."""
    share: dict[str, Any] = {}
    seen = set()
    for name, content in zips.members(path, files.SHARE_LIMITS):
        if not share:
            if name != files.SHARE:
                break
            share = papers.read(content, papers.SHARE)
            continue
        foreign = papers.PaperError(f"“{one_line(name)}” in it is no part of its submissions.")
        if not _belongs(PurePosixPath(name), share, course.ignore):
            raise foreign
        target = scratch / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            raise foreign from None
        if (trainee := name.split("/")[1]) not in seen:
            seen.add(trainee)
            progress("Unpacking", len(seen), len(share["trainees"]))
    if not share:
        raise papers.PaperError("It is no share made by “mapt share split”.")
    return share


def _belongs(name: PurePosixPath, share: Mapping[str, Any], ignore: list[str]) -> bool:
    step, trainee, assignment, *inside = [*name.parts, "", "", ""][: max(3, len(name.parts))]
    if trainee not in share["trainees"] or assignment != share["assignment"] or not inside:
        return False
    if step == "autograded":  # formgrader serves what lies there
        notebooks = {f"{notebook}.ipynb" for notebook, *_ in share["cells"]}
        return len(inside) == 1 and inside[0] in (notebooks | folder.KEPT) - {folder.SECRET}
    unwanted = shutil.ignore_patterns(*ignore)
    return step == "submitted" and not any(unwanted("", [part]) for part in inside)


def _take_in(book: Gradebook, share: dict[str, Any], scratch: Path) -> Opened:
    course, assignment = book.course, share["assignment"]
    place = files.shares_folder(course, assignment)
    name = f"{share['marker']} ({share['number']:05}) {share['id']}.json"
    if (place / OPENED / name).exists():
        return _told(share, papers.kept(place / OPENED / name)["trainees"], before=True)
    earlier = latest(place, share["marker"])
    with book.transaction() as gradebook:
        _prepare(gradebook, share)
        before = rows.read(gradebook, assignment)
        if (place / OPENING / name).exists():  # it was broken off, and what it began is not own
            ours = papers.kept(place / OPENING / name)["trainees"].keys()
        else:
            present = {trainee for trainee, _, _ in before} | _on_disk(course, share)
            ours = share["trainees"].keys() - (present - earlier.keys())
        taken = {trainee: told for trainee, told in share["trainees"].items() if trainee in ours}
        merged = _merge(earlier, before, taken)
        agreed = papers.rows(merged.agreed)
        kept = {
            trainee: {**told, "given": agreed.get(trainee, [])} for trainee, told in taken.items()
        }
        papers.keep(place / OPENING / name, {**share, "trainees": kept})
        for trainee in taken:
            for step in files.STEPS:
                _put(
                    scratch / step / trainee / assignment,
                    files.place(course, step, trainee, assignment),
                )
        rows.take_in(gradebook, assignment, taken)
        changed = {
            trainee
            for trainee, told in taken.items()
            if trainee in earlier and earlier[trainee]["hand_in"] != told["hand_in"]
        }
        found = {at: r for at, r in rows.read(gradebook, assignment).items() if at[0] in taken}
        rows.write(gradebook, found, merged.values, {at for at in found if at[0] in changed})
    (place / OPENED).mkdir(exist_ok=True)
    (place / OPENING / name).replace(place / OPENED / name)
    return _told(share, taken, before=False)


def latest(place: Path, marker: str) -> dict[str, dict[str, Any]]:
    """What the shares that were opened here say of each trainee: the last word of a marker's."""
    return {
        trainee: {**told, "share": share["number"]}
        for share in papers.all_kept(place / OPENED)
        if share["marker"] == marker
        for trainee, told in share["trainees"].items()
    }


def _merge(earlier: Mapping[str, Any], before: rows.Rows, taken: Mapping[str, Any]) -> Merged:
    """What the marker gave for an earlier share, and what the lead's gradebook has now.

    Where both have changed, the marker's stays and the base does as well: so the conflict is
    shown to the lead, who can settle it.
    """
    base = {trainee: earlier[trainee]["given"] for trainee in taken if trainee in earlier}
    theirs = {trainee: told["given"] for trainee, told in taken.items()}
    ours = rows.given({at: row for at, row in before.items() if at[0] in taken})
    return merge(papers.values(base), ours, papers.values(theirs))


def _prepare(gradebook: api.Gradebook, share: Mapping[str, Any]) -> None:
    """See to it that the gradebook has the share's assignment."""
    cells = {tuple(cell[:3]): tuple(cell[3:]) for cell in share["cells"]}
    present = rows.cells(gradebook, share["assignment"])
    if not present:
        rows.add_assignment(gradebook, share["assignment"], cells)
    elif present != cells:
        raise ShareError(
            f"Your gradebook has another edition of “{share['assignment']}” than this share. "
            "Get the lead’s copy of the project, and open the share in that."
        )


def _on_disk(course: CourseDirectory, share: Mapping[str, Any]) -> set[str]:
    return {
        trainee
        for trainee in share["trainees"]
        for step in files.STEPS
        if files.place(course, step, trainee, share["assignment"]).exists()
    }


def _put(source: Path, target: Path) -> None:
    if source.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            shutil.rmtree(target)
        source.replace(target)


def _told(share: Mapping[str, Any], taken: Iterable[str], before: bool) -> Opened:
    own = sorted(share["trainees"].keys() - set(taken))
    return Opened(share["assignment"], share["marker"], tuple(sorted(taken)), tuple(own), before)
