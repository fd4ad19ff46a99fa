"""The rubric that a trainer reads a reflection or a form by: criteria, each in levels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .fields import Draft
from .table import FORMAT, BankError, load_toml


@dataclass(frozen=True)
class Level:
    """One level of a criterion: ``points``, what it is called, what it looks like, comments."""

    points: int
    name: str
    descriptor: str
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    """What work is read for. ``id`` is empty where one scale serves for a whole reflection."""

    id: str
    name: str
    levels: tuple[Level, ...]

    @property
    def points(self) -> int:
        """The most that can be given."""
        return max(level.points for level in self.levels)


@dataclass(frozen=True)
class Rubric:
    """How a trainer reads one reflection or form; ``activity`` is its id."""

    activity: str
    criteria: tuple[Criterion, ...]

    def grade_ids(self, assignment: str) -> dict[str, Criterion]:
        """The graded cells that the rubric stands for, by nbgrader's grade id."""
        return {
            f"{assignment}-{each.id}" if each.id else self.activity: each for each in self.criteria
        }


def read_rubric(path: Path) -> Rubric:
    """``rubric.toml`` of an assignment; BankError with all faults of the file.

    A reflection is read on one scale (``[[level]]``), a form by criteria (``[[criterion]]``,
    each with its ``[[criterion.level]]``).
    """
    faults: list[str] = []
    values = load_toml(path)
    top = Draft(values, str(path), faults.append)
    if top.take("format", int, str(FORMAT)) != FORMAT:
        top.fault(f"this format is not known. Write format = {FORMAT}.")
    if "form" in values:
        activity = top.text("form")
        criteria = []
        for table in top.tables("criterion", 1, "criterion"):
            criteria.append(Criterion(table.name("id"), table.text("name"), _levels(table)))
            table.end()
        if len({each.id for each in criteria}) < len(criteria):
            top.fault("two criteria have the same id. Give one of them another.")
    else:
        activity = top.text("reflection")
        criteria = [Criterion("", "", _levels(top))]
    top.end()
    if faults:
        raise BankError(faults)
    return Rubric(activity, tuple(criteria))


def _levels(table: Draft) -> tuple[Level, ...]:
    levels = []
    for each in table.tables("level", 2, "level"):
        told = (each.take("points", int, "1"), each.text("name"), each.text("descriptor"))
        levels.append(Level(*told, tuple(each.texts("comments", 1))))
        each.end()
    if len({level.points for level in levels}) < len(levels):
        table.fault("two levels have the same points. Give each points of its own.")
    return tuple(levels)
