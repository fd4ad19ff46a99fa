"""Checking a response; nothing here needs a key.

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

from typing import Any

from .text import shown
from .types import (
    Categorising,
    Entry,
    Gap,
    Item,
    Matching,
    Multiple,
    Ordering,
    Rating,
    ResponseError,
    Scenario,
    Single,
)

LONGEST_TYPED = 500  # characters in one gap: more is a paste by mistake


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
        raise ResponseError(f"{item.id}: {shown(value)} is not {what} of this question.")
    return value


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
