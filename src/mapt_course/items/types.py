"""The item types, as frozen dataclasses; a stripped item as plain values and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

from .text import shown


class ResponseError(ValueError):
    """A response that cannot be marked; the message says what is wrong in plain words."""


@dataclass(frozen=True)
class Entry:
    """One thing on the page: an option, a step, a card, a gap, a statement."""

    id: str
    text: str
    feedback: str = ""


@dataclass(frozen=True)
class Choice(Entry):
    """One way on in a scenario."""

    to: str = ""


@dataclass(frozen=True)
class Node:
    """A moment in a scenario; without choices it is an ending."""

    id: str
    text: str
    ask: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class GapKey:
    """What a gap accepts, and feedback for common wrong answers (text -> feedback)."""

    accept: tuple[str, ...]
    traps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """What came of one part of a response: an option picked, a card placed, a gap filled."""

    id: str
    right: bool
    feedback: str = ""


@dataclass(frozen=True)
class Mark:
    """``score`` of ``points`` (both in points), and one part for each part answered."""

    score: float
    points: float
    parts: tuple[Part, ...] = ()

    @property
    def right(self) -> bool:
        """Whether everything that could be earned was earned."""
        return self.score >= self.points


@dataclass(frozen=True, kw_only=True)
class Item:
    """What all item types share. Texts are plain, with ``**bold**`` and ``*italic*``.

    ``open_feedback``: the author says that no feedback text of the item names a right answer.
    """

    type: ClassVar[str] = ""
    lists: ClassVar[tuple[str, ...]] = ()  # fields that hold entries
    one_answer: ClassVar[bool] = False  # whether to hear of some parts tells of the others

    id: str
    stem: str
    facts: tuple[str, ...] = ()
    learning_outcome: str = ""
    hint: str = ""
    general_feedback: str = ""
    misconception: str = ""
    open_feedback: bool = False
    points: float = 1.0
    key: Any = None


@dataclass(frozen=True, kw_only=True)
class Single(Item):
    """Pick one option. ``key``: the id of the right one."""

    type: ClassVar[str] = "single"
    lists: ClassVar[tuple[str, ...]] = ("options",)
    options: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Multiple(Item):
    """Pick all that fit. ``key``: the set of right ids."""

    type: ClassVar[str] = "multiple"
    lists: ClassVar[tuple[str, ...]] = ("options",)
    one_answer: ClassVar[bool] = True
    options: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Matching(Item):
    """Join each left to a right. ``key``: left id -> set of right ids."""

    type: ClassVar[str] = "matching"
    lists: ClassVar[tuple[str, ...]] = ("lefts", "rights")
    lefts: tuple[Entry, ...]
    rights: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Ordering(Item):
    """Put steps in order. ``key``: the ids in the right order."""

    type: ClassVar[str] = "ordering"
    lists: ClassVar[tuple[str, ...]] = ("steps",)
    one_answer: ClassVar[bool] = True
    steps: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Categorising(Item):
    """Put each card under a category. ``key``: card id -> set of category ids."""

    type: ClassVar[str] = "categorising"
    lists: ClassVar[tuple[str, ...]] = ("categories", "cards")
    categories: tuple[Entry, ...]
    cards: tuple[Entry, ...]

    @property
    def one_answer(self) -> bool:
        """Of two categories, a card that is wrong in the one belongs in the other."""
        return len(self.categories) < 3


@dataclass(frozen=True, kw_only=True)
class Gap(Item):
    """Fill in the gaps of ``text`` (``{gap id}`` marks one). ``key``: gap id -> GapKey."""

    type: ClassVar[str] = "gap"
    lists: ClassVar[tuple[str, ...]] = ("gaps",)
    text: str
    gaps: tuple[Entry, ...]
    any_order: bool = False


@dataclass(frozen=True, kw_only=True)
class Rating(Item):
    """Rate statements on a scale; unscored, so it has no key and no points.

    ``picture``: the question that a picture of the answers answers; none is drawn without it.
    ``beside``: other ratings of the same statements to draw beside it (item id, label).
    ``after`` and ``weeks``: it is asked so many weeks after the rating of that id was given.
    ``result``: the quiz whose score is shown with it, since to feel sure is not to know.
    """

    type: ClassVar[str] = "rating"
    lists: ClassVar[tuple[str, ...]] = ("statements",)
    scale: tuple[str, ...]
    statements: tuple[Entry, ...]
    picture: str = ""
    beside: tuple[Entry, ...] = ()
    after: str = ""
    weeks: int = 0
    result: str = ""
    points: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Scenario(Item):
    """A branching scene. ``key``: (node id, choice id) -> worth from 0 to 1. No way loops."""

    type: ClassVar[str] = "scenario"
    one_answer: ClassVar[bool] = True
    start: str
    nodes: tuple[Node, ...]

    def node(self, node_id: str) -> Node:
        """The node of that id; KeyError where there is none."""
        return {node.id: node for node in self.nodes}[node_id]

    def walk(self, choices: list[str]) -> list[tuple[Node, Choice]]:
        """The (node, choice) pairs along a way; ResponseError where a choice is not there."""
        here, steps = self.node(self.start), []
        for choice_id in choices:
            found = [choice for choice in here.choices if choice.id == choice_id]
            if not found:
                raise ResponseError(f"{self.id}: the scene offers no {shown(choice_id)} there.")
            steps.append((here, found[0]))
            here = self.node(found[0].to)
        return steps


TYPES: dict[str, type[Item]] = {
    cls.type: cls
    for cls in (Single, Multiple, Matching, Ordering, Categorising, Gap, Rating, Scenario)
}


def strip(item: Item) -> Item:
    """The item without key, feedback and hint, its entries sorted by id.

    The result does not depend on the key in any way: not by order, not by wording.
    """
    change: dict[str, Any] = {
        "key": None,
        "hint": "",
        "general_feedback": "",
        "misconception": "",
        "open_feedback": False,
    }
    for name in item.lists:
        bare = (Entry(entry.id, entry.text) for entry in getattr(item, name))
        entries = sorted(bare, key=lambda entry: entry.id)
        change[name] = tuple(entries)
    if isinstance(item, Gap):
        change["gaps"] = tuple(Entry(gap.id, gap.text) for gap in item.gaps)
    if isinstance(item, Rating):
        change["statements"] = tuple(Entry(each.id, each.text) for each in item.statements)
    if isinstance(item, Scenario):
        change["nodes"] = tuple(
            replace(
                node,
                choices=tuple(
                    Choice(choice.id, choice.text, to=choice.to)
                    for choice in sorted(node.choices, key=lambda choice: choice.id)
                ),
            )
            for node in sorted(item.nodes, key=lambda node: node.id)
        )
    return replace(item, **change)


def to_plain(item: Item) -> dict[str, Any]:
    """A stripped item as JSON values; ValueError where it still has its key."""
    if item.key is not None:
        raise ValueError(f"{item.id}: only a stripped item may leave the bank")
    values = asdict(item)
    del values["open_feedback"]  # of the key's side, like the feedback itself
    return {"type": item.type} | _without_empty(values)


def from_plain(values: Mapping[str, Any]) -> Item:
    """The stripped item that :func:`to_plain` gave; ValueError for anything else."""
    try:
        rest = dict(values)
        cls = TYPES[rest.pop("type")]
        for name in (*cls.lists, *({"beside"} & rest.keys())):
            rest[name] = tuple(Entry(**entry) for entry in rest[name])
        for name in ("facts", "scale"):
            if name in rest:
                rest[name] = tuple(rest[name])
        if cls is Scenario:
            rest["nodes"] = tuple(
                Node(**{**node, "choices": tuple(Choice(**c) for c in node.get("choices", ()))})
                for node in rest["nodes"]
            )
        item = cls(**rest)
        bare = strip(item)
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"not an item: {wrong}") from None
    if item != bare:
        raise ValueError(f"{item.id}: only a stripped item may come in from outside")
    return item


def _without_empty(values: Any) -> Any:
    if isinstance(values, dict):
        kept = {name: _without_empty(value) for name, value in values.items()}
        return {name: value for name, value in kept.items() if value not in ("", [], None)}
    if isinstance(values, list | tuple):
        return [_without_empty(value) for value in values]
    return values
