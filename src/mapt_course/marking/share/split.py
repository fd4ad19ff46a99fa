"""The lead deals the submissions that are to be read by hand: a zip for each marker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from nbgrader.coursedir import CourseDirectory

from ... import zips
from ..gradebook import Gradebook
from . import files, papers, rows
from .deal import deal

DEALT = "dealt.json"
Progress = Callable[[str, int, int], None]  # what is being done, how far, of how many


class ShareError(Exception):
    """A step of ``mapt share`` cannot be taken; the message says what to do."""


@dataclass(frozen=True)
class Zip:
    """A zip that was written for a marker, and how many submissions it holds."""

    marker: str
    path: Path
    submissions: int


@dataclass(frozen=True)
class Split:
    """``with_a_marker``: how many that wait are dealt already; ``not_dealt``: trainees whose
    hand-in is not marked by machine."""

    zips: tuple[Zip, ...]
    with_a_marker: int
    not_dealt: tuple[str, ...]


def split(
    book: Gradebook,
    assignment: str,
    among: Sequence[str],
    again: bool,
    progress: Progress,
) -> Split:
    """Deal what waits for a mark by hand and is with no marker, and write the zips.

    ``among``: the markers; those of the deal before, where none is named. ``again``: also what
    is with a marker already. A trainee who handed in again goes to the same marker again.
    ShareError where there is nobody to deal to, or no such assignment.
    """
    course = book.course
    place = files.shares_folder(course, assignment)
    markers, dealt = _dealt(place / DEALT)
    among = list(among) or markers
    if not among:
        raise ShareError("Name the markers: mapt share split ASSIGNMENT --among anna,ben")
    held = {trainee: each["marker"] for each in dealt for trainee in each["trainees"]}
    seen = {trainee: digest for each in dealt for trainee, digest in each["trainees"].items()}

    cells, waiting = _waiting(book, assignment)
    fresh, not_dealt = {}, []
    for number, trainee in enumerate(waiting, 1):
        submitted, marked = (files.read(course, step, trainee, assignment) for step in files.STEPS)
        hand_in = files.digest(submitted)
        if not files.is_marked(submitted, marked):
            not_dealt.append(trainee)
        elif again or seen.get(trainee) != hand_in:
            fresh[trainee] = {**waiting[trainee], "hand_in": hand_in}
        progress("Looking through the submissions", number, len(waiting))

    written, done = [], iter(range(1, len(fresh) + 1))
    place.mkdir(parents=True, exist_ok=True)
    for marker, trainees in deal(fresh, among, held).items():
        if not trainees:
            continue
        number = 1 + sum(each["marker"] == marker for each in dealt)
        path = place / (f"{marker}.zip" if number == 1 else f"{marker}~{number}.zip")
        share = {
            "format": papers.FORMAT,
            "kind": "share",
            "id": uuid4().hex,
            "number": number,
            "assignment": assignment,
            "marker": marker,
            "cells": cells,
            "trainees": {trainee: fresh[trainee] for trainee in trainees},
        }
        zips.write(
            path,
            _contents(course, share, lambda: progress("Writing the zips", next(done), len(fresh))),
        )
        written.append(Zip(marker, path, len(trainees)))
        hand_ins = {trainee: fresh[trainee]["hand_in"] for trainee in trainees}
        dealt.append({"marker": marker, "trainees": hand_ins})
    # Last: what was broken off is dealt anew, and its zips are written over.
    papers.keep(place / DEALT, {"markers": among, "shares": dealt})
    return Split(tuple(written), len(waiting) - len(fresh) - len(not_dealt), tuple(not_dealt))


def _dealt(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """The markers of the last deal, and all deals: marker, and digests by trainee."""
    if not path.exists():
        return [], []
    told = json.loads(path.read_bytes())
    return told["markers"], told["shares"]


def _waiting(book: Gradebook, assignment: str) -> tuple[list[Any], dict[str, Any]]:
    """The assignment's cells, and what the gradebook has of each trainee to be read by hand."""
    with book.transaction() as gradebook:
        cells = rows.cells(gradebook, assignment)
        found = rows.read(gradebook, assignment)
        submissions = rows.submissions(gradebook, assignment)
    if not cells:
        raise ShareError(f"The gradebook has no assignment “{assignment}”. Is the name right?")
    marked: dict[str, list[Any]] = {}
    for (trainee, *cell), row in sorted(found.items()):
        marked.setdefault(trainee, []).append([*cell, row.auto_score, row.auto_comment])
    given = papers.rows(rows.given(found))
    waiting = {
        trainee: {**submissions[trainee], "marked": marked[trainee], "given": given[trainee]}
        for trainee in sorted({place[0] for place, row in found.items() if row.to_read})
    }
    return [[*name, *told] for name, told in sorted(cells.items())], waiting


def _contents(
    course: CourseDirectory, share: Mapping[str, Any], next_one: Callable[[], None]
) -> Iterator[tuple[str, bytes]]:
    # First: a marker's machine reads on only where this says what is to come.
    yield files.SHARE, papers.write(share)
    for trainee in share["trainees"]:
        for step in files.STEPS:
            yield from files.read(course, step, trainee, share["assignment"]).items()
        next_one()
