"""Marking: a response and the key of its item give a mark."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

from .responses import check_response
from .text import plain
from .types import (
    Categorising,
    Entry,
    Gap,
    Item,
    Mark,
    Matching,
    Multiple,
    Ordering,
    Part,
    Rating,
    Scenario,
    Single,
)


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
    typed = {
        gap.id: plain(response[gap.id]) for gap in item.gaps if response.get(gap.id, "").strip()
    }
    met: dict[str, str] = {}  # gap on the page -> gap of the key
    for gap, text in typed.items():
        wanted = feedback if item.any_order else [gap]
        found = next((g for g in wanted if g not in met.values() and text in accepts[g]), None)
        if found is not None:
            met[gap] = found
    missing = [gap for gap in feedback if gap not in met.values()]
    parts = []
    for gap, text in typed.items():
        if gap in met:
            parts.append(Part(gap, True, feedback[met[gap]]))
            continue
        # In any order, a wrong entry hears of an answer that is still missing, each of another.
        about = missing if item.any_order else [gap]
        traps = [trap for each in about for trap in item.key[each].traps.items()]
        said = next((said for trap, said in traps if plain(trap) == text), feedback[about[0]])
        parts.append(Part(gap, False, said))
        if item.any_order:
            missing.append(missing.pop(0))
    return len(met) / len(item.gaps), parts


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
