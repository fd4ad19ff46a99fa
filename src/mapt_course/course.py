"""Where the course's files are, and what they hold as a whole.

In a checkout the files are read from its ``course/`` and ``exercises/``; an installed package
carries both inside itself. Activities are found by id: ``roots-…`` stands in module ``roots``,
``roots-check…`` in the released assignment ``roots-check``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from . import bank as banks
from . import items as it
from .bank import forms

PACKAGE = Path(__file__).parent


class NotFound(LookupError):
    """No such activity; the message is for an author."""


@dataclass(frozen=True)
class Module:
    """One module of the course map; ``minutes`` of study."""

    id: str
    folder: str
    title: str
    question: str
    minutes: int


@dataclass(frozen=True)
class Course:
    """``course/course.toml``."""

    title: str
    subtitle: str
    limits: str
    danger_exit: str
    reflection_reminder: str
    then_and_now_reminder: str
    modules: tuple[Module, ...]
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A lesson as its notebook's header tells it; ``activities``: ids that it calls, in order."""

    id: str
    title: str
    minutes: int
    path: Path
    module: str
    activities: tuple[str, ...]


def course_folder() -> Path:
    """The folder that holds ``course.toml`` and the modules."""
    return _data("course")


def exercises_folder() -> Path:
    """The folder of released assignments."""
    return _data("exercises")


def _data(name: str) -> Path:
    inside, checkout = PACKAGE / name, PACKAGE.parents[1] / name
    return inside if inside.is_dir() else checkout


@cache
def course() -> Course:
    """The course as a whole; BankError where ``course.toml`` is damaged."""
    return read(course_folder() / "course.toml")


def read(path: Path) -> Course:
    """A ``course.toml``; BankError with all its faults."""
    faults: list[str] = []
    table = banks.Draft(banks.load_toml(path), str(path), faults.append)
    if table.take("format", int, str(banks.FORMAT)) != banks.FORMAT:
        table.fault(f"this format is not known. Write format = {banks.FORMAT}.")
    texts = {
        name: table.text(name) for name, kind in Course.__annotations__.items() if kind == "str"
    }
    modules = tuple(map(_module, table.tables("module", 1, "module")))
    people = tuple(table.texts("people", 0, []))
    table.end()
    ids = [module.id for module in modules]
    for name in sorted({name for name in ids if name and ids.count(name) > 1}):
        table.fault(f"the module id “{name}” stands twice in the file. Give one another.")
    if faults:
        raise banks.BankError(faults)
    return Course(**texts, modules=modules, people=people)


def _module(table: banks.Draft) -> Module:
    texts = {name: table.text(name) for name in ("id", "folder", "title", "question")}
    module = Module(**texts, minutes=table.take("minutes", int, "60"))
    table.end()
    return module


@cache
def module_bank(module_id: str) -> banks.Bank:
    """The bank of a module; NotFound where it is not written yet."""
    for module in course().modules:
        path = course_folder() / module.folder / "items.toml"
        if module.id == module_id and path.is_file():
            return banks.read(path)
    raise NotFound(f"The module “{module_id}” is not in this course yet.")


@cache
def released_bank(assignment: str) -> banks.Bank:
    """The bank of a released assignment: its items are stripped of key and feedback."""
    return banks_from_metadata(notebook_metadata(exercises_folder() / assignment))


def notebook_metadata(folder: Path) -> Mapping[str, Any]:
    """The course's part of the metadata of ``folder/<folder's name>.ipynb``."""
    path = folder / f"{folder.name}.ipynb"
    try:
        return json.loads(path.read_text(encoding="utf-8"))["metadata"]["mapt"]
    except (OSError, ValueError, KeyError, TypeError):
        raise NotFound(f"The assignment “{folder.name}” is not in this course yet.") from None


def banks_from_metadata(metadata: Mapping[str, Any]) -> banks.Bank:
    """The inverse of :func:`released_metadata`."""
    return banks.Bank(
        module=metadata["assignment"],
        quizzes={
            q["id"]: banks.Quiz(**{**q, "items": tuple(q["items"])}) for q in metadata["quizzes"]
        },
        items={values["id"]: it.from_plain(values) for values in metadata["items"]},
        reflections={
            r["id"]: banks.Reflection(**{**r, "facts": tuple(r.get("facts", ()))})
            for r in metadata["reflections"]
        },
        forms={f["id"]: forms.from_plain(f) for f in metadata.get("forms", ())},
    )


def released_metadata(bank: banks.Bank) -> dict[str, Any]:
    """What of a graded bank a trainee may hold: it does not depend on the key in any way."""
    told = {
        "assignment": bank.module,
        "quizzes": [
            {"id": q.id, "title": q.title, "items": list(q.items)} for q in bank.quizzes.values()
        ],
        "items": [it.to_plain(it.strip(item)) for item in bank.items.values()],
        "reflections": [
            {name: value for name, value in vars(r).items() if value not in ("", 0, ())}
            for r in bank.reflections.values()
        ],
    }
    if bank.forms:
        told["forms"] = [forms.to_plain(form) for form in bank.forms.values()]
    return told


def bank_of(activity_id: str) -> banks.Bank:
    """The bank that an activity, item or reflection id stands in; NotFound otherwise."""
    for assignment in reversed(assignments()):  # “roots-check-2” comes before “roots-check”
        if activity_id == assignment or activity_id.startswith(assignment + "-"):
            return released_bank(assignment)
    for module in course().modules:
        if activity_id.startswith(module.id + "-"):
            return module_bank(module.id)
    raise NotFound(f"There is no activity “{activity_id}” in this course.")


def module_folder(item_id: str) -> str:
    """The folder of the module whose id an item's id begins with; NotFound otherwise."""
    for module in course().modules:
        if item_id.startswith(module.id + "-"):
            return module.folder
    raise NotFound(f"There is no module for “{item_id}” in this course.")


def assignments() -> list[str]:
    """The released assignments, by name."""
    folder = exercises_folder()
    if not folder.is_dir():
        return []
    return sorted(each.name for each in folder.iterdir() if (each / f"{each.name}.ipynb").is_file())


@cache
def lessons(module_id: str) -> tuple[Lesson, ...]:
    """The built lessons of a module, in the order of their file names (Start here first)."""
    module = next((m for m in course().modules if m.id == module_id), None)
    if module is None:
        raise NotFound(f"There is no module “{module_id}” in this course.")
    found = []
    for path in sorted((course_folder() / module.folder).glob("*.ipynb")):
        told = json.loads(path.read_text(encoding="utf-8"))["metadata"].get("mapt", {})
        if "lesson" in told:
            found.append(
                Lesson(
                    id=told["lesson"],
                    title=told["title"],
                    minutes=told["minutes"],
                    path=path,
                    module=module_id,
                    activities=tuple(told.get("activities", ())),
                )
            )
    return tuple(found)


def sources_digest(notebook: Mapping[str, Any]) -> str:
    """A digest of what an author wrote in a notebook: its cells' ids, kinds and sources.

    Outputs and metadata do not count. A built notebook carries its own digest in
    ``metadata.mapt.digest``: where the two differ, somebody has changed their copy.
    """
    cells = [
        (cell.get("id"), cell.get("cell_type"), "".join(cell.get("source", "")))
        for cell in notebook.get("cells", [])
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]
