"""A checkout as an author sees it: every source read once, every fault kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import bank as banks
from .. import course
from ..course import Course, Module
from . import data, lesson, samples

JOINT_DAY = "joint-day"  # a page for facilitators, and no module of the course


@dataclass(frozen=True)
class Unit:
    """A folder of lessons with its bank: a module, an assignment, or the joint day.

    ``module`` is None for an assignment of no module and for the joint day; ``assignment`` is
    empty for a module and for the joint day.
    ``bank`` is None where it is not there or cannot be used; so is ``rubric``.
    """

    folder: Path
    module: Module | None
    assignment: str
    bank: banks.Bank | None
    lessons: tuple[lesson.Source, ...]
    pictures: dict[str, data.Picture]
    rubric: banks.Rubric | None = None
    samples: tuple[samples.Sample, ...] = ()

    @property
    def id(self) -> str:
        """What the ids of its bank begin with."""
        return self.assignment or (self.module.id if self.module else self.folder.name)


@dataclass
class Tree:
    """``units``: modules with a folder, then assignments. ``faults``: one sentence each.

    ``facts`` is None where they were not asked for or cannot be read: then fact ids go unchecked.
    """

    root: Path
    course: Course | None = None
    facts: dict[str, data.Fact] | None = None
    groups: dict[str, data.Group] = field(default_factory=dict)
    rows: dict[str, data.Row] = field(default_factory=dict)
    glossary: tuple[data.Words, ...] = ()
    professions: tuple[str, ...] = ()
    units: list[Unit] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def shown(self, path: Path) -> str:
        """A path as messages name it."""
        return path.relative_to(self.root).as_posix()

    def try_read(self, read: Callable[..., Any], *told: Any) -> Any:
        """What ``read`` gives, or None; its faults are kept, with short paths."""
        try:
            return read(*told)
        except banks.BankError as wrong:
            for fault in wrong.faults:
                short = fault.replace(f"{self.root}/", "").replace(f"{self.root}\\", "")
                if short not in self.faults:
                    self.faults.append(short)
            return None

    @property
    def built(self) -> list[Unit]:
        """The modules with at least one lesson."""
        return [each for each in self.units if each.module and not each.assignment and each.lessons]


def read(root: Path, strict: bool = False) -> Tree:
    """Read the checkout at ``root``.

    ``strict``: read the facts too, and check every fact id; a build has no need of it.
    """
    tree = Tree(root)
    folder = root / "course"
    facts = folder / "facts"
    tree.course = tree.try_read(course.read, folder / "course.toml")
    if strict:
        tree.facts = tree.try_read(data.facts, facts / "facts.toml")
        tree.groups = tree.try_read(data.groups, facts / "groups.toml") or {}
    if (facts / "then_and_now.toml").is_file():
        tree.rows = tree.try_read(data.rows, facts / "then_and_now.toml", tree.facts) or {}
    if (facts / "glossary.toml").is_file():
        tree.glossary = tree.try_read(data.glossary, facts / "glossary.toml") or ()
    if (facts / "professions.toml").is_file():
        tree.professions = tree.try_read(data.professions, facts / "professions.toml") or ()
    modules = tree.course.modules if tree.course else ()
    for module in modules:
        if (folder / module.folder).is_dir():
            tree.units.append(_unit(tree, folder / module.folder, module))
    if (folder / JOINT_DAY).is_dir():
        tree.units.append(_unit(tree, folder / JOINT_DAY, None))
    # A module's check comes before its longer work.
    for each in sorted((root / "solutions").glob("*/"), key=_checks_first):
        if each.is_dir() and not each.name.startswith((".", "_")):
            named = [m for m in modules if each.name.startswith(f"{m.id}-")]
            tree.units.append(_unit(tree, each, named[0] if named else None, each.name))
    return tree


def _checks_first(folder: Path) -> tuple[bool, str]:
    return not folder.name.endswith("-check"), folder.name


def _unit(tree: Tree, folder: Path, module: Module | None, assignment: str = "") -> Unit:
    paths = [folder / f"{assignment}.md"] if assignment else sorted(folder.glob("*.md"))
    sources = [tree.try_read(lesson.read, path, tree.shown(path), assignment) for path in paths]
    bank, name = None, assignment or (module.id if module else folder.name)
    if name == JOINT_DAY:
        bank = banks.Bank(module=name)
    elif assignment or paths or (folder / "items.toml").exists():
        bank = _bank(tree, folder / "items.toml")
    if bank is not None and bank.module != name:
        tree.faults.append(
            f'{tree.shown(folder)}/items.toml: “module” is {bank.module}. Write module = "{name}".'
        )
    pictures = {
        path.stem: tree.try_read(data.picture, path, tree.shown(path))
        for path in sorted(folder.glob("figures/*.toml"))
    }
    found = sorted(folder.glob("samples/*.toml")) if assignment else []
    rubric = None
    if assignment and (
        (folder / "rubric.toml").exists() or (bank and (bank.reflections or bank.forms))
    ):
        rubric = tree.try_read(banks.read_rubric, folder / "rubric.toml")
    return Unit(
        folder=folder,
        module=module,
        assignment=assignment,
        bank=bank,
        lessons=tuple(source for source in sources if source),
        pictures=pictures,
        rubric=rubric,
        samples=tuple(filter(None, (tree.try_read(samples.read, path) for path in found))),
    )


def _bank(tree: Tree, path: Path) -> banks.Bank | None:
    bank = tree.try_read(banks.read, path, tree.facts)
    if bank is None and tree.facts is not None:
        # Wrong fact ids alone leave a bank that the other rules can still be held against.
        try:
            return banks.read(path)
        except banks.BankError:
            return None
    return bank
