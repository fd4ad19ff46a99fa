"""Item types, responses and marks.

Pure and standard library only: an item knows no file, no widget and no notebook.
An item with ``key=None`` is what a trainee may hold before answering: see :func:`strip`.

Shapes of a response, by item type (JSON values, as they stand in ``responses.jsonl``; a
subclass of ``str``, ``list`` or ``dict`` is refused, for it may bring methods of its own):

============  =====================================================
single        ``"option id"``
multiple      ``["option id", ...]``
matching      ``{"left id": "right id", ...}``
ordering      ``["step id", ...]``, every step once
categorising  ``{"card id": "category id", ...}``
gap           ``{"gap id": "what was typed", ...}``
rating        ``{"statement id": 1, ...}``, 1 = first word of the scale
scenario      ``["choice id", ...]``, from the first node on
============  =====================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from itertools import combinations
from typing import Any, ClassVar

LONGEST_TYPED = 500  # characters in one gap: more is a paste by mistake


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
    """What all item types share. Texts are plain, with ``**bold**`` and ``*italic*``."""

    type: ClassVar[str] = ""
    lists: ClassVar[tuple[str, ...]] = ()  # fields that hold entries

    id: str
    stem: str
    facts: tuple[str, ...] = ()
    learning_outcome: str = ""
    hint: str = ""
    general_feedback: str = ""
    misconception: str = ""
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
    steps: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Categorising(Item):
    """Put each card under a category. ``key``: card id -> set of category ids."""

    type: ClassVar[str] = "categorising"
    lists: ClassVar[tuple[str, ...]] = ("categories", "cards")
    categories: tuple[Entry, ...]
    cards: tuple[Entry, ...]


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
    """Rate statements on a scale; unscored, so it has no key and no points."""

    type: ClassVar[str] = "rating"
    lists: ClassVar[tuple[str, ...]] = ("statements",)
    scale: tuple[str, ...]
    statements: tuple[Entry, ...]
    points: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Scenario(Item):
    """A branching scene. ``key``: (node id, choice id) -> worth from 0 to 1. No way loops."""

    type: ClassVar[str] = "scenario"
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
                raise ResponseError(f"{self.id}: the scene offers no {_shown(choice_id)} there.")
            steps.append((here, found[0]))
            here = self.node(found[0].to)
        return steps


TYPES: dict[str, type[Item]] = {
    cls.type: cls
    for cls in (Single, Multiple, Matching, Ordering, Categorising, Gap, Rating, Scenario)
}


def plain(text: str) -> str:
    """A typed text without case, accents, spaces and punctuation, for comparing."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in apart if c.isalnum())


def slug(text: str) -> str:
    """An id made of a text: small letters, figures and hyphens, 40 characters at most."""
    apart = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", apart).strip("-")[:40].strip("-")


def strip(item: Item) -> Item:
    """The item without key, feedback and hint, its entries sorted by id.

    The result does not depend on the key in any way: not by order, not by wording.
    """
    change: dict[str, Any] = {"key": None, "hint": "", "general_feedback": "", "misconception": ""}
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
    return {"type": item.type} | _without_empty(asdict(item))


def from_plain(values: Mapping[str, Any]) -> Item:
    """The stripped item that :func:`to_plain` gave; ValueError for anything else."""
    try:
        rest = dict(values)
        cls = TYPES[rest.pop("type")]
        for name in cls.lists:
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


# --- checking a response ------------------------------------------------------------------


def check_response(item: Item, response: Any) -> Any:
    """The response in its canonical shape, or ResponseError in plain words. Needs no key."""
    return _CHECKS[item.type](item, response)


def complete(item: Item, response: Any) -> bool:
    """Whether every part has been answered (a scene: an ending has been reached)."""
    response = check_response(item, response)
    if isinstance(item, Scenario):
        steps = item.walk(response)
        last = item.node(steps[-1][1].to) if steps else item.node(item.start)
        return not last.choices
    if isinstance(item, Matching | Categorising | Gap | Rating):
        asked = getattr(item, "lefts", None) or getattr(item, item.lists[-1])
        return all(str(response.get(entry.id, "")).strip() for entry in asked)
    return bool(response)


def _known(item: Item, value: Any, entries: tuple[Entry, ...], what: str) -> str:
    if type(value) is not str:
        raise ResponseError(f"{item.id}: {what} is named by its id.")
    if not any(value == entry.id for entry in entries):
        raise ResponseError(f"{item.id}: {_shown(value)} is not {what} of this question.")
    return value


def _shown(text: str) -> str:
    """The beginning of a text, fit for one line of a message."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return "“" + "".join(c if c.isprintable() else "?" for c in short) + "”"


def _list(item: Item, response: Any) -> list[Any]:
    if type(response) is not list and type(response) is not tuple:
        raise ResponseError(f"{item.id}: the response has to be a list.")
    return list(response)


def _list_of_ids(item: Item, response: Any, entries: tuple[Entry, ...], what: str) -> list[str]:
    given = _list(item, response)
    if len(given) > len(entries):
        raise ResponseError(f"{item.id}: the response has more entries than the question.")
    found = [_known(item, value, entries, what) for value in given]
    if len(set(found)) != len(found):
        raise ResponseError(f"{item.id}: {what} stands twice in the response.")
    return found


def _check_single(item: Single, response: Any) -> str:
    return _known(item, response, item.options, "an option")


def _check_multiple(item: Multiple, response: Any) -> list[str]:
    return _list_of_ids(item, response, item.options, "an option")


def _check_ordering(item: Ordering, response: Any) -> list[str]:
    found = _list_of_ids(item, response, item.steps, "a step")
    if len(found) != len(item.steps):
        raise ResponseError(f"{item.id}: all {len(item.steps)} steps have to be in the order.")
    return found


def _mapping(item: Item, response: Any) -> dict[Any, Any]:
    if type(response) is not dict:
        raise ResponseError(f"{item.id}: the response has to say what goes with what.")
    return response


def _check_pairs(item: Matching | Categorising, response: Any) -> dict[str, str]:
    lefts, rights, what, other = (
        (item.lefts, item.rights, "a left side", "a right side")
        if isinstance(item, Matching)
        else (item.cards, item.categories, "a card", "a category")
    )
    return {
        _known(item, left, lefts, what): _known(item, right, rights, other)
        for left, right in _mapping(item, response).items()
    }


def _check_gap(item: Gap, response: Any) -> dict[str, str]:
    typed = {}
    for gap, text in _mapping(item, response).items():
        _known(item, gap, item.gaps, "a gap")
        # Half of a surrogate pair is a str that no file can take.
        if type(text) is not str or any("\ud800" <= c <= "\udfff" for c in text):
            raise ResponseError(f"{item.id}: a gap takes words or figures.")
        if len(text) > LONGEST_TYPED:
            raise ResponseError(f"{item.id}: a gap takes at most {LONGEST_TYPED} characters.")
        typed[gap] = text
    return typed


def _check_rating(item: Rating, response: Any) -> dict[str, int]:
    rated = {}
    for statement, value in _mapping(item, response).items():
        _known(item, statement, item.statements, "a statement")
        if type(value) is not int or not 1 <= value <= len(item.scale):
            raise ResponseError(
                f"{item.id}: a rating is a whole number from 1 to {len(item.scale)}."
            )
        rated[statement] = value
    return rated


def _check_scenario(item: Scenario, response: Any) -> list[str]:
    given = _list(item, response)
    if not all(type(choice) is str for choice in given):
        raise ResponseError(f"{item.id}: a choice is named by its id.")
    item.walk(given)
    return given


_CHECKS = {
    "single": _check_single,
    "multiple": _check_multiple,
    "matching": _check_pairs,
    "ordering": _check_ordering,
    "categorising": _check_pairs,
    "gap": _check_gap,
    "rating": _check_rating,
    "scenario": _check_scenario,
}


# --- marking ------------------------------------------------------------------------------


def mark(item: Item, response: Any) -> Mark:
    """Mark a response.

    multiple = max(0, hits - false picks) / keys; matching, categorising and gap = share right;
    ordering = share of pairs in the right order; scenario = worth gathered, as a share of the
    best way's; rating = no points.

    Raises ResponseError for a response that does not fit, ValueError for a stripped item.
    """
    response = check_response(item, response)
    if item.key is None and not isinstance(item, Rating):
        raise ValueError(f"{item.id}: this copy of the item has no key; it is marked elsewhere.")
    share, parts = _MARKERS[item.type](item, response)
    return Mark(item.points * min(1.0, max(0.0, share)), item.points, tuple(parts))


def _feedback(entries: tuple[Entry, ...]) -> dict[str, str]:
    return {entry.id: entry.feedback for entry in entries}


def _mark_single(item: Single, response: str) -> tuple[float, list[Part]]:
    right = response == item.key
    return float(right), [Part(response, right, _feedback(item.options)[response])]


def _mark_multiple(item: Multiple, response: list[str]) -> tuple[float, list[Part]]:
    picked, key = set(response), set(item.key)
    share = max(0, len(picked & key) - len(picked - key)) / len(key)
    parts = [Part(o.id, o.id in key, o.feedback) for o in item.options if o.id in picked]
    return share, parts


def _mark_pairs(item: Matching | Categorising, response: dict[str, str]) -> tuple[float, list]:
    asked = item.lefts if isinstance(item, Matching) else item.cards
    parts = [
        Part(entry.id, response[entry.id] in item.key[entry.id], entry.feedback)
        for entry in asked
        if entry.id in response
    ]
    return sum(part.right for part in parts) / len(asked), parts


def _mark_ordering(item: Ordering, response: list[str]) -> tuple[float, list[Part]]:
    place = {step: n for n, step in enumerate(item.key)}
    pairs = list(combinations(response, 2))
    share = sum(place[a] < place[b] for a, b in pairs) / len(pairs)
    feedback = _feedback(item.steps)
    return share, [Part(s, place[s] == n, feedback[s]) for n, s in enumerate(response)]


def _mark_gap(item: Gap, response: dict[str, str]) -> tuple[float, list[Part]]:
    accepts = {gap: {plain(text) for text in key.accept} for gap, key in item.key.items()}
    feedback = _feedback(item.gaps)
    used: set[str] = set()
    parts = []
    for gap in item.gaps:
        if not response.get(gap.id, "").strip():
            continue
        typed = plain(response[gap.id])
        places = [each.id for each in item.gaps] if item.any_order else [gap.id]
        met = next((g for g in places if g not in used and typed in accepts[g]), None)
        if met is not None:
            used.add(met)
            parts.append(Part(gap.id, True, feedback[met]))
        else:
            traps = {plain(t): said for g in places for t, said in item.key[g].traps.items()}
            parts.append(Part(gap.id, False, traps.get(typed, feedback[gap.id])))
    return len(used) / len(item.gaps), parts


def _mark_rating(item: Rating, response: dict[str, int]) -> tuple[float, list[Part]]:
    return 0.0, []


def best_worth(item: Scenario, node_id: str | None = None) -> float:
    """The most worth that can be gathered from a node on (from the start unless said)."""
    nodes = {node.id: node for node in item.nodes}

    @cache  # ways that meet again are counted once, or a long scene would take for ever
    def best(here: str) -> float:
        return max(
            (item.key[here, choice.id] + best(choice.to) for choice in nodes[here].choices),
            default=0.0,
        )

    return best(node_id or item.start)


def _mark_scenario(item: Scenario, response: list[str]) -> tuple[float, list[Part]]:
    steps = item.walk(response)
    gathered = sum(item.key[node.id, choice.id] for node, choice in steps)
    parts = [
        Part(choice.id, item.key[node.id, choice.id] >= 1, choice.feedback)
        for node, choice in steps
    ]
    # Rounded: the same worths summed in another order differ in the last place.
    return round(gathered / best_worth(item), 9), parts


_MARKERS = {
    "single": _mark_single,
    "multiple": _mark_multiple,
    "matching": _mark_pairs,
    "ordering": _mark_ordering,
    "categorising": _mark_pairs,
    "gap": _mark_gap,
    "rating": _mark_rating,
    "scenario": _mark_scenario,
}


def key_response(item: Item) -> Any:
    """A response that earns all points; ValueError for a stripped item."""
    if isinstance(item, Rating):
        return {statement.id: 1 for statement in item.statements}
    if item.key is None:
        raise ValueError(f"{item.id}: this copy of the item has no key.")
    if isinstance(item, Single):
        return item.key
    if isinstance(item, Multiple):
        return [option.id for option in item.options if option.id in item.key]
    if isinstance(item, Ordering):
        return list(item.key)
    if isinstance(item, Matching | Categorising):
        return {entry: min(rights) for entry, rights in item.key.items()}
    if isinstance(item, Gap):
        return {gap.id: item.key[gap.id].accept[0] for gap in item.gaps}
    way, node = [], item.node(item.start)
    while node.choices:
        choice = max(node.choices, key=lambda c: item.key[node.id, c.id] + best_worth(item, c.to))
        way.append(choice.id)
        node = item.node(choice.to)
    return way
