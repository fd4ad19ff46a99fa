"""What a text is read by: an assignment's ``rubric.toml``, for trainers only.

A check's file has ``reflection`` and its ``[[level]]``; an assignment that is read by several
criteria has ``[[criterion]]`` (id, name), each with its ``[[criterion.level]]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .. import bank as banks

NAME = "rubric.toml"


@dataclass(frozen=True)
class Level:
    """``points`` go to a text that is as ``descriptor`` says; ``comments`` to choose from."""

    points: int
    name: str
    descriptor: str
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    """One thing that a text is read for; ``levels`` in the file's order. A check's has no name."""

    name: str
    levels: tuple[Level, ...]

    @property
    def points(self) -> int:
        """The points of the highest level."""
        return max(level.points for level in self.levels)

    def reached(self, score: float | None) -> Level | None:
        """The highest level that a score comes up to; None below the lowest, or without a score."""
        within = [level for level in self.levels if score is not None and level.points <= score]
        return max(within, key=lambda level: level.points, default=None)


@dataclass(frozen=True)
class Rubric:
    """``reflection``: the one that ``[[level]]`` is for, or empty.

    ``cells``: what each cell that is marked by hand is read by, by its grade id. That is the
    reflection's id, and ``<assignment>-<criterion's id>``.
    """

    reflection: str
    cells: Mapping[str, Criterion]


def read(path: Path) -> Rubric:
    """The rubric of the assignment in whose folder ``path`` lies; BankError with all faults."""
    faults: list[str] = []
    cells: dict[str, Criterion] = {}
    top = banks.Table(banks.load_toml(path), str(path), faults.append)
    reflection = ""
    with suppress(banks.Fault):
        if top.take("format", int, str(banks.FORMAT)) != banks.FORMAT:
            top.fault(f"this format is not known. Write format = {banks.FORMAT}.")
        reflection = top.text("reflection", "" if "criterion" in top.values else ...)
        if reflection:
            cells[reflection] = Criterion("", _levels(top))
        for table in top.tables("criterion", 0, "criterion", []):
            with suppress(banks.Fault):
                cell = f"{path.parent.name}-{table.text('id')}"
                if cell in cells:
                    table.fault("this id stands twice in the file. Give one of them another.")
                cells[cell] = Criterion(table.text("name"), _levels(table))
                table.end()
        top.end()
    if faults:
        raise banks.BankError(faults)
    return Rubric(reflection, cells)


def _levels(table: banks.Table) -> tuple[Level, ...]:
    levels = []
    for each in table.tables("level", 1, "level"):
        with suppress(banks.Fault):
            levels.append(_level(each))
    for what in ("points", "name"):
        values = [getattr(level, what) for level in levels if getattr(level, what) != ""]
        if len(set(values)) < len(values):
            table.fault(f"two levels have the same {what}. Give each {what} of its own.")
    return tuple(levels)


def _level(table: banks.Table) -> Level:
    level = Level(
        points=table.take("points", int, "1"),
        name=table.text("name", ""),
        descriptor=table.text("descriptor"),
        comments=tuple(table.texts("comments", 1)),
    )
    if level.points < 0:
        table.fault("“points” is below 0. Write points = 1.")
    table.end()
    return level
