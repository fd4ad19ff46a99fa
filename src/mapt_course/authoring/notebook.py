"""Lessons and assignments as notebooks, made of nothing but their sources."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import nbformat

from .. import bank as banks
from .. import course, items
from . import cells, lesson
from .tree import Tree, Unit

ALL = ("all",)  # the then-and-now box of every row
HELD = ("quiz", "scenario", "rating", "reflection", "form")  # what a bank holds, by its call
LONGEST_ID = 64  # characters of a cell id, by nbformat
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
NBGRADER = {"grade": False, "locked": True, "schema_version": 3, "solution": False, "task": False}


def build(
    tree: Tree, unit: Unit, source: lesson.Source, svg: Callable[[str], bytes | None]
) -> dict[str, Any] | None:
    """The notebook of a lesson or an assignment; None where a picture of it cannot be drawn.

    ``svg``: a picture of this folder by its name, None where it cannot be drawn (whoever draws
    reports that). Raises BankError with all faults of the lesson.
    """
    wrong = list(faults(tree, unit, source))
    if wrong:
        raise banks.BankError(wrong)
    bank = _bare(unit.bank)
    ids = cell_ids(source.pieces)
    head = source.header
    where = unit.module.title if unit.module else ""
    outcomes = [bank.outcomes[outcome] for outcome in head.outcomes]
    title = cells.title(head.title, head.minutes, where, outcomes, bool(unit.assignment))
    made = [
        cells.markdown("mapt-title", f"# {head.title}" if source.is_page else title),
        cells.markdown("mapt-start", cells.HIDDEN_START, "mapt-start"),
    ]
    for cell_id, piece in zip(ids, source.pieces, strict=True):
        if piece.kind == "text":
            made.append(cells.markdown(cell_id, piece.text))
        elif piece.kind == "examples":
            shown = cells.examples(piece.names, piece.text.split("\n"))
            made.append(cells.markdown(cell_id, shown))
        elif piece.kind == "then-and-now":
            every = piece.names == ALL
            rows = list(tree.rows.values()) if every else [tree.rows[n] for n in piece.names]
            box = cells.then_and_now(rows, tree.course.then_and_now_reminder, every)
            made.append(cells.markdown(cell_id, box))
        elif piece.kind == "picture":
            drawn = svg(piece.names[0])
            if drawn is None:
                return None
            shown = cells.picture(unit.pictures[piece.names[0]], drawn)
            made.append(cells.markdown(cell_id, shown))
        else:
            made.append(cells.activity(cell_id, piece.names, bank))
    if tree.glossary and not (unit.assignment or source.is_page):
        made.append(cells.markdown("mapt-words", cells.glossary(tree.glossary)))
    onward = _onward(tree, unit, source)
    if onward:
        made.append(cells.markdown("mapt-onward", onward))
    told = {
        "lesson": head.lesson,
        "title": head.title,
        "minutes": head.minutes,
        "module": unit.module.id if unit.module else "",
        "outcomes": list(head.outcomes),
        "activities": [activity_id for _, activity_id in source.called()],
    }
    if unit.assignment:
        made = list(_graded(unit, source, bank, made))
        told = course.released_metadata(bank) | told
    notebook = {"cells": made, "metadata": dict(KERNEL), "nbformat": 4, "nbformat_minor": 5}
    told["digest"] = course.sources_digest(notebook)
    notebook["metadata"]["mapt"] = told
    _unique_grade_ids(source, made)
    return notebook


def faults(tree: Tree, unit: Unit, source: lesson.Source) -> Iterator[str]:
    """What a lesson names that is not there, each with its place and mend."""
    bank, folder = unit.bank, tree.shown(unit.folder)
    seen: set[tuple[str, ...]] = set()
    for outcome in source.header.outcomes:
        if outcome not in bank.outcomes:
            yield (
                f"{source.shown}:1: there is no learning outcome “{outcome}” in "
                f"{folder}/items.toml.{_near(outcome, bank.outcomes)}"
            )
    for piece in source.pieces:
        place = f"{source.shown}:{piece.line}"
        if piece.kind == "picture" and piece.names[0] not in unit.pictures:
            yield (
                f"{place}: there is no picture “{piece.names[0]}”. Write "
                f"{folder}/figures/{piece.names[0]}.toml, or mend the name."
                f"{_near(piece.names[0], unit.pictures)}"
            )
        if piece.kind == "examples" and tree.professions and piece.names != tree.professions:
            yield f"{place}: the examples are for: {', '.join(tree.professions)}, in this order."
        if piece.kind == "then-and-now" and piece.names != ALL:
            for name in piece.names:
                if name not in tree.rows:
                    yield (
                        f"{place}: there is no row “{name}” in "
                        f"course/facts/then_and_now.toml.{_near(name, tree.rows)}"
                    )
        if piece.kind == "activity":
            if piece.names in seen:
                yield f"{place}: this stands twice in the lesson. Take one of them out."
            yield from _call_faults(f"{place}: ", folder, unit, bank, piece.names)
            seen.add(piece.names)


def write(notebook: dict[str, Any]) -> bytes:
    """The notebook's file: nbformat's own form (indent 1, sorted keys, sources by line)."""
    return nbformat.writes(nbformat.from_dict(notebook), version=4).encode() + b"\n"


def cell_ids(pieces: tuple[lesson.Piece, ...]) -> list[str]:
    """A stable id for each piece, from names.

    Activities, pictures, boxes and first cells of sections take their names before what follows
    in a section is counted, so that a new paragraph or question renumbers nothing outside its
    section.
    """
    taken = {"mapt-title", "mapt-start", "mapt-words", "mapt-onward"}
    found = [""] * len(pieces)

    def take(name: str) -> str:
        given, n = name, 1
        while given in taken:
            n += 1
            given = f"{name}-{n}"
        taken.add(given)
        return given

    def named(piece: lesson.Piece) -> str:
        if piece.kind == "then-and-now":
            return f"then-and-now-{items.slug(piece.names[0])}"
        if piece.kind == "examples":
            return "examples"
        if piece.names[0] == "hand_in":
            return "hand-in"
        if piece.names[0] == "due":
            return "-".join(piece.names)
        return items.slug(piece.names[0]) if piece.kind == "picture" else piece.names[-1]

    for n, piece in enumerate(pieces):
        if piece.kind != "text":
            found[n] = take(named(piece))
    for n, piece in enumerate(pieces):
        if piece.opens:
            found[n] = take(piece.section)
    for n, piece in enumerate(pieces):
        if not found[n]:
            found[n] = take(piece.section or "opening")
    return found


def _onward(tree: Tree, unit: Unit, source: lesson.Source) -> str:
    """Where a trainee goes from here: the next lesson or check, and back to Start here.

    Paths are those of the trainee's folder: modules side by side, checks in ``checks/<name>/``.
    Empty on Start here itself, and where there is none. A lesson for weeks later is not on the way.
    """
    way: list[tuple[str, lesson.Source]] = []  # in the order of the course map
    home = ""
    for each in tree.built:
        for other in each.lessons:
            path = f"{each.folder.name}/{other.path.stem}.ipynb"
            if other.is_home:
                home = path
            elif not (each.bank and each.bank.later(name for _, name in other.called())):
                way.append((path, other))
        for check in tree.units:
            if check.assignment and check.module is each.module:
                name = check.assignment
                way += [(f"checks/{name}/{name}.ipynb", other) for other in check.lessons]
    here = [n for n, (_, other) in enumerate(way) if other is source]
    if not home or source.is_home:
        return ""
    up = "../../" if unit.assignment else "../"
    parts = [f"[Back to Start here]({up}{home})"]
    if here and here[0] + 1 < len(way):
        path, following = way[here[0] + 1]
        parts.insert(0, f"**Next:** [{following.header.title}]({up}{path})")
    return "---\n\n" + " · ".join(parts)


def _bare(bank: banks.Bank) -> banks.Bank:
    """The bank without keys, so that nothing built can depend on one."""
    return replace(bank, items={name: items.strip(item) for name, item in bank.items.items()})


def _call_faults(
    place: str, folder: str, unit: Unit, bank: banks.Bank, names: tuple[str, ...]
) -> Iterator[str]:
    call = names[0]
    if call in ("home", "take_along", "papers", "joint_day"):
        return
    if call == "due":
        own = "" if unit.assignment else unit.id
        if unit.assignment:
            yield f"{place}graded work asks nothing again. Take due out."
        elif names[1:] not in ((), (own,)):
            yield f'{place}write due("{own}"), or due() on Start here.'
        return
    if call == "hand_in":
        if names[1] != unit.assignment:
            what = f'hand_in("{unit.assignment}")' if unit.assignment else "none in a lesson"
            yield f"{place}an assignment hands in itself: {what}."
        return
    if unit.assignment and call in ("scenario", "rating"):
        yield f"{place}graded work holds quizzes, reflections and forms. Put the item into a quiz."
        return
    if not bank.holds(call, names[1]):
        others = [each for each in HELD if bank.holds(each, names[1])]
        known = _ids(bank, call)
        hint = f' Write {others[0]}("{names[1]}").' if others else _near(names[1], known)
        yield f"{place}there is no {call} “{names[1]}” in {folder}/items.toml.{hint}"
    elif len(names[1]) > LONGEST_ID - len("-box"):
        yield f"{place}the id “{names[1]}” is too long for a cell. Shorten it."
    elif (
        unit.assignment
        and call in ("reflection", "form")
        and (unit.rubric is None or unit.rubric.activity != names[1])
    ):
        yield f'{place}no rubric. Write {call} = "{names[1]}" in {folder}/rubric.toml.'


def _ids(bank: banks.Bank, call: str) -> list[str]:
    names = (*bank.quizzes, *bank.items, *bank.reflections, *bank.forms)
    return [name for name in names if bank.holds(call, name)]


def _near(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f" Did you mean “{near[0]}”?" if near else " Mend the id, or write it there."


def _graded(
    unit: Unit, source: lesson.Source, bank: banks.Bank, made: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The cells with nbgrader's metadata; after a box to write in, what is marked by hand."""
    calls = {activity_id: call for call, activity_id in source.called()}
    for cell in made:
        name = cell["id"]
        kind = {**NBGRADER, "cell_type": cell["cell_type"]}
        if cell["cell_type"] == "markdown":
            grading = {**kind, "grade_id": f"{unit.assignment}-{name}"}
        elif calls.get(name) == "quiz":
            points = sum(bank.items[item].points for item in bank.quizzes[name].items)
            grading = {**kind, "grade": True, "grade_id": name, "points": _number(points)}
        else:
            cell = {**cell, "id": f"{name}-box"}
            grading = {**kind, "grade_id": f"{name}-box"}
        yield {**cell, "metadata": {**cell["metadata"], "nbgrader": grading}}
        if calls.get(name) in ("reflection", "form") and cell["cell_type"] == "code":
            for grade_id, criterion in unit.rubric.cells.items():
                marked = cells.markdown(grade_id, cells.PLACEHOLDER, "mapt-hidden")
                marked["metadata"]["nbgrader"] = {
                    **NBGRADER,
                    "cell_type": "markdown",
                    "grade": True,
                    "grade_id": grade_id,
                    "locked": False,
                    "points": criterion.points,
                    "solution": True,
                }
                yield marked


def _number(points: float) -> int | float:
    return int(points) if float(points).is_integer() else points


def _unique_grade_ids(source: lesson.Source, made: list[dict[str, Any]]) -> None:
    """nbgrader refuses a notebook in which two cells have one grade id."""
    names = Counter(cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in made)
    twice = sorted(name for name, count in names.items() if name and count > 1)
    if twice:
        raise banks.BankError(
            f"{source.shown}:1: two cells would have the id “{name}”. Word a heading differently, "
            "or give an activity another id."
            for name in twice
        )
