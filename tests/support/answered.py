"""A trainee's working folder with every state of every kind of item in its records."""

from __future__ import annotations

from pathlib import Path

from mapt_course import course as whole
from mapt_course import items as it
from mapt_course.record import Record

LONG = "On Thursday the hand-over went wrong: nobody had the child's new address. " * 40


def responses(item: it.Item) -> dict[str, object]:
    """A right, a wrong and, where there may be one, a partly right response."""
    right = it.key_response(item)
    if item.type in ("single", "rating", "scenario"):
        wrong = (
            next(option.id for option in item.options if option.id != right)
            if item.type == "single"
            else right
        )
        return {"right": right, "wrong": wrong, "partly": wrong}
    if item.type == "multiple":
        others = [option.id for option in item.options if option.id not in right]
        return {"right": right, "wrong": others[:2], "partly": [*right[:1], *others[:1]]}
    if item.type == "ordering":
        return {"right": right, "wrong": right[::-1], "partly": [*right[:1], *right[:0:-1]]}
    if item.type == "gap":
        wrong = {gap: "something else entirely" for gap in right}
    else:
        targets = item.rights if item.type == "matching" else item.categories
        wrong = {
            name: next(each.id for each in targets if each.id != kept)
            for name, kept in right.items()
        }
    first = next(iter(right))
    return {"right": right, "wrong": wrong, "partly": {first: right[first]}}


def answer_everything(folder: Path) -> None:
    """Every state an item can be in, spread over the items in the course's order."""
    for module in ("start", "roots"):
        bank = whole.module_bank(module)
        place = Record(folder / next(m.folder for m in whole.course().modules if m.id == module))
        for n, item in enumerate(bank.items.values()):
            given = responses(item)
            if item.type in ("rating", "scenario"):
                way = given["right"]
                half = way[: max(1, len(way) // 2)] if item.type == "scenario" and n % 2 else way
                place.append("response", item.id, response=half)
                continue
            if n % 3 == 0:
                place.append("hint", item.id)
            if n % 7 == 6:
                continue  # a hint at most: still open
            kind = ("wrong", "partly", "right")[n % 3]
            sure = ("sure", "think", "guess")[n % 3]
            place.append("response", item.id, response=given[kind], confidence=sure)
            if kind != "right" and n % 2:
                place.append("reveal", item.id)
        for name in bank.reflections:
            place.append("reflection", name, text=LONG)
    graded = whole.released_bank("roots-check")
    place = Record(folder / "checks" / "roots-check")
    for item in list(graded.items.values())[1:]:
        place.append("response", item.id, response=any_response(item))
    for name in graded.reflections:
        place.append("reflection", name, text=LONG)


def any_response(item: it.Item) -> object:
    """A response to an item without a key."""
    if item.type == "single":
        return item.options[0].id
    if item.type == "multiple":
        return [option.id for option in item.options[:2]]
    if item.type == "ordering":
        return [step.id for step in item.steps]
    if item.type == "gap":
        return {gap.id: "1989" for gap in item.gaps}
    targets = item.rights if item.type == "matching" else item.categories
    asked = item.lefts if item.type == "matching" else item.cards
    return {each.id: targets[0].id for each in asked}
