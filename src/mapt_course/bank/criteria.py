"""The rubric that a trainer reads a reflection or a form by: criteria, each in levels."""

from __future__ import annotations

from collections.abc import Mapping
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
    """What work is read for; a reflection's only one has no name."""

    name: str
    levels: tuple[Level, ...]

    @property
    def points(self) -> int:
        """The most that can be given."""
        return max(level.points for level in self.levels)

    def reached(self, score: float | None) -> Level | None:
        """The highest level that a score comes up to; None below the lowest, or without a score."""
        within = [level for level in self.levels if score is not None and level.points <= score]
        return max(within, key=lambda level: level.points, default=None)


@dataclass(frozen=True)
class Rubric:
    """How a trainer reads one reflection or form; ``activity`` is its id.

    ``cells``: what each cell that is marked by hand is read by, by its grade id. That is the
    reflection's id, or ``<assignment>-<criterion's id>``.
    """

    activity: str
    cells: Mapping[str, Criterion]


def read_rubric(path: Path) -> Rubric:
    """The rubric of the assignment in whose folder ``path`` lies; BankError with all its faults.

    A reflection is read on one scale (``[[level]]``), a form by criteria (``[[criterion]]``: id,
    name and ``[[criterion.level]]``).
    """
    faults: list[str] = []
    cells: dict[str, Criterion] = {}
    values = load_toml(path)
    top = Draft(values, str(path), faults.append)
    if top.take("format", int, str(FORMAT)) != FORMAT:
        top.fault(f"this format is not known. Write format = {FORMAT}.")
    if "reflection" in values:
        activity = top.text("reflection")
        cells[activity] = Criterion("", _levels(top))
    else:
        activity = top.text("form")
        for table in top.tables("criterion", 1, "criterion"):
            cell = f"{path.parent.name}-{table.name('id')}"
            if cell in cells:
                table.fault("this id stands twice in the file. Give one of them another.")
            cells[cell] = Criterion(table.text("name"), _levels(table))
            table.end()
    top.end()
    if faults:
        raise BankError(faults)
    return Rubric(activity, cells)


def _levels(table: Draft) -> tuple[Level, ...]:
    levels = []
    for each in table.tables("level", 2, "level"):
        told = (each.take("points", int, "1"), each.text("name", ""), each.text("descriptor"))
        levels.append(Level(*told, tuple(each.texts("comments", 1))))
        if levels[-1].points < 0:
            each.fault("“points” is below 0. Write points = 1.")
        each.end()
    for what in ("points", "name"):
        values = [getattr(level, what) for level in levels if getattr(level, what) != ""]
        if len(set(values)) < len(values):
            table.fault(f"two levels have the same {what}. Give each {what} of its own.")
    return tuple(levels)
