"""The plan of the joint day, ``course/joint-day/day.toml``: stages, and what each asks people.

The live room, the facilitator's notebook and the paper pack all read it here. A place that takes
an answer has one id: the ask's, or ``ask.row``, or ``ask.row.column`` (rows from 1 on).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from .. import bank, course
from .. import items as it

KINDS = ("choice", "pick", "lines", "notes", "text")
ANYBODY, FACILITATOR = "anybody", "facilitator"
UNSURE = "0"  # the option “don't know”: counted, and no level
LONGEST = 2_000  # characters of any text


@dataclass(frozen=True)
class Agency:
    """Where somebody works. ``column``: whose column of the visioning grid it fills."""

    id: str
    text: str
    column: str


@dataclass(frozen=True)
class Ask:
    """One thing that people do in a stage.

    ``choice``: one of ``options``, for each row; ``pick``: up to ``most`` of them. Each answers
    alone, and all see how many chose what when it is revealed.
    ``lines``: a text of one's own for each row, seen by one's partner only where ``partner``.
    ``notes``: up to ``most`` notes of each; all see them, at once where ``open``, else when
    revealed. With ``sorts`` they lie in a circle and can be moved outward.
    ``text``: texts that all share, a row by ``columns`` where there are any; ``who`` may write:
    anybody, the facilitator, or ``own``: those of the column.

    ``step`` (from 1): the part of its stage. ``longest``: characters.
    """

    id: str
    kind: str
    text: str
    step: int = 1
    note: str = ""
    rows: tuple[str, ...] = ()
    columns: tuple[it.Entry, ...] = ()
    options: tuple[it.Entry, ...] = ()
    most: int = 1
    longest: int = 300
    who: str = ANYBODY
    open: bool = False
    sorts: bool = False
    partner: bool = False
    is_date: bool = False

    def places(self) -> Iterator[tuple[str, str]]:
        """The id and the label of each place that takes an answer."""
        rows = [(f"{self.id}.{n}", row) for n, row in enumerate(self.rows, 1)]
        for place, label in rows or [(self.id, self.text)]:
            if self.columns:
                for column in self.columns:
                    yield f"{place}.{column.id}", f"{label}: {column.text}"
            else:
                yield place, label


@dataclass(frozen=True)
class Stage:
    """A stage of the day. ``says``: for the facilitator; ``shows``: for everybody;
    ``steps``: the titles of its parts, at least one; ``prompts``: for the talk afterwards."""

    id: str
    title: str
    at: str
    minutes: int
    shows: str
    says: tuple[str, ...]
    prompts: tuple[str, ...]
    steps: tuple[str, ...]
    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Day:
    """The whole plan. ``rules``: the ground rules."""

    title: str
    rules: tuple[str, ...]
    agencies: tuple[Agency, ...]
    stages: tuple[Stage, ...]

    @cached_property
    def places(self) -> dict[str, Ask]:
        """The ask of each place."""
        return {place: ask for ask in self.asks.values() for place, _ in ask.places()}

    @cached_property
    def asks(self) -> dict[str, Ask]:
        """Every ask by its id."""
        return {ask.id: ask for stage in self.stages for ask in stage.asks}

    @cached_property
    def stage_of(self) -> dict[str, int]:
        """The number of the stage, from 0 on, in which an ask stands."""
        return {ask.id: n for n, stage in enumerate(self.stages) for ask in stage.asks}

    @cached_property
    def agency(self) -> dict[str, Agency]:
        """Every agency by its id."""
        return {each.id: each for each in self.agencies}


@cache
def of_course() -> Day:
    """The course's own day."""
    return read(course.course_folder() / "joint-day" / "day.toml")


def read(path: Path) -> Day:
    """A plan; BankError with all its faults."""
    faults: list[str] = []
    table = bank.Draft(bank.load_toml(path), str(path), faults.append)
    if table.take("format", int, str(bank.FORMAT)) != bank.FORMAT:
        table.fault(f"this format is not known. Write format = {bank.FORMAT}.")
    title, rules = table.text("title"), tuple(table.texts("rules", 1))
    agencies = tuple(map(_agency, table.tables("agencies", 2, "agency")))
    stages = tuple(map(_stage, table.tables("stage", 1, "stage")))
    table.end()
    ids = [each.id for stage in stages for each in (stage, *stage.asks)]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        table.fault(f"the id “{name}” stands twice in the file. Give one another.")
    if faults:
        raise bank.BankError(faults)
    return Day(title, rules, agencies, stages)


def _agency(table: bank.Draft) -> Agency:
    agency = Agency(table.name("id"), table.text("text"), table.name("column"))
    table.end()
    return agency


def _stage(table: bank.Draft) -> Stage:
    title = table.text("title")
    steps = tuple(table.texts("steps", 1, [title]))
    stage = Stage(
        table.name("id"),
        title,
        table.text("at"),
        table.take("minutes", int, "30"),
        table.text("shows"),
        tuple(table.texts("says", 1)),
        tuple(table.texts("prompts", 0, [])),
        steps,
        tuple(map(_ask, table.tables("ask", 0, "ask", []))),
    )
    for ask in stage.asks:
        if not 1 <= ask.step <= len(steps):
            table.fault(f"“{ask.id}” is of step {ask.step}; the stage has {len(steps)}.")
    table.end()
    return stage


def _ask(table: bank.Draft) -> Ask:
    ask = Ask(
        table.name("id"),
        table.text("kind"),
        table.text("text"),
        table.take("step", int, "1", 1),
        table.text("note", ""),
        *_rows_and_options(table),
        table.take("most", int, "3", 1),
        table.take("longest", int, "300", 300),
        table.text("who", ANYBODY),
        *(table.take(name, bool, "true", False) for name in ("open", "sorts", "partner")),
        table.take("date", bool, "true", False),
    )
    if ask.kind not in KINDS:
        table.fault(f"the kind “{ask.kind}” is not known. Use one of: {', '.join(KINDS)}.")
    if bool(ask.options) != (ask.kind in ("choice", "pick")):
        table.fault("“options” are what a choice or a pick needs, and nothing else has.")
    if ask.columns and ask.kind != "text":
        table.fault("“columns” are for a text only.")
    if ask.who not in (ANYBODY, FACILITATOR, "own"):
        table.fault("“who” is anybody, facilitator or own.")
    if not (1 <= ask.longest <= LONGEST and ask.most >= 1):
        table.fault(f"“longest” lies between 1 and {LONGEST}, and “most” is at least 1.")
    table.end()
    return ask


def _rows_and_options(
    table: bank.Draft,
) -> tuple[tuple[str, ...], tuple[it.Entry, ...], tuple[it.Entry, ...]]:
    """Rows, columns and options; ``of`` takes rows and options from a rating of the course."""
    rows, options = table.texts("rows", 0, []), table.texts("options", 0, [])
    columns = [it.Entry(each.name("id"), each.text("text")) for each in _ended(table)]
    unsure, of = table.text("unsure", ""), table.text("of", "")
    if of:
        try:
            rating = course.bank_of(of).items[of]
            rows, options = [each.text for each in rating.statements], list(rating.scale)
        except (course.NotFound, KeyError, AttributeError):
            table.fault(f"“{of}” is no rating of the course. Write the id of one.")
    numbered = [it.Entry(str(n), text) for n, text in enumerate(options, 1)]
    if unsure:
        numbered.append(it.Entry(UNSURE, unsure))
    return tuple(rows), tuple(columns), tuple(numbered)


def _ended(table: bank.Draft) -> Iterator[bank.Draft]:
    for each in table.tables("columns", 0, "column", []):
        yield each
        each.end()
