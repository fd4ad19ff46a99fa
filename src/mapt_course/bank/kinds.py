"""What each item type has of its own: a table of a bank in, the fields of the item out."""

from __future__ import annotations

import re
from typing import Any

from .. import items as it
from .fields import Draft, entries

MOST_NODES = 100  # of a scene: more could not be read through by anybody


def read_kind(kind: str, table: Draft) -> dict[str, Any]:
    """The fields, and the key, that an item of this type has and others have not."""
    return _KINDS[kind](table)


def read_others(table: Draft, name: str) -> tuple[it.Entry, ...]:
    """Other items to be shown with this one: id, and what it is called there."""
    found = []
    for other in table.tables(name, 0, name, []):
        found.append(it.Entry(other.name("item"), other.text("label")))
        other.end()
    return tuple(found)


def _options(table: Draft) -> tuple[tuple[it.Entry, ...], list[str]]:
    tables = table.tables("options", 2, "option")
    options = entries(tables)
    keys = [
        entry.id
        for entry, option in zip(options, tables, strict=True)
        if option.take("correct", bool, "true", False)
    ]
    for option in tables:
        option.end()
    return tuple(options), keys


def _single(table: Draft) -> dict:
    options, keys = _options(table)
    if options and len(keys) != 1:
        table.fault(
            f"this has {len(keys)} options with correct = true. A single item has one: mend it."
        )
    return {"options": options, "key": "".join(keys)}


def _multiple(table: Draft) -> dict:
    options, keys = _options(table)
    if options and len(keys) < 2:
        table.fault(
            f"this has {len(keys)} options with correct = true. A multiple item has two or "
            'more: mend it, or write type = "single".'
        )
    elif options and len(keys) == len(options):
        table.fault("every option is correct: nothing is asked. Add one that does not fit.")
    return {"options": options, "key": frozenset(keys)}


def _matching(table: Draft) -> dict:
    tables = table.tables("pairs", 2, "pair")
    lefts = entries(tables, "left")
    texts = [pair.text("right") for pair in tables]
    rights: dict[str, it.Entry] = {}
    for pair, text in zip(tables, texts, strict=True):
        right = rights.setdefault(it.slug(text), it.Entry(it.slug(text), text))
        if text and not right.id:
            pair.fault(f"“{text}” gives no id. Use letters or figures in it.")
        elif right.text != text:
            pair.fault(
                f"“{right.text}” and “{text}” get the same id. Write them alike, or let them "
                "differ in their first 40 letters."
            )
    extra = table.tables("extra", 0, "extra", [])
    for other, entry in zip(extra, entries(extra, "right"), strict=True):
        if entry.id and entry.id in rights:
            other.fault(f"“{entry.text}” is also the right side of a pair. Take one out.")
        rights[entry.id] = entry
    for each in (*tables, *extra):
        each.end()
    if tables and len(rights) < 2:
        table.fault("all pairs have the same right side: nothing is asked. Add another.")
    key = {left.id: frozenset({it.slug(text)}) for left, text in zip(lefts, texts, strict=True)}
    return {"lefts": tuple(lefts), "rights": tuple(rights.values()), "key": key}


def _ordering(table: Draft) -> dict:
    tables = table.tables("steps", 2, "step")
    steps = entries(tables)
    for step in tables:
        step.end()
    return {"steps": tuple(steps), "key": tuple(step.id for step in steps)}


def _categorising(table: Draft) -> dict:
    heads = table.tables("categories", 2, "category")
    categories = entries(heads, feedback=False)
    tables = table.tables("cards", 2, "card")
    cards = entries(tables)
    by_name = {name: c.id for c in categories for name in (c.id, c.text)}
    key = {}
    for card, entry in zip(tables, cards, strict=True):
        named = [card.text("category"), *card.texts("also", 0, [])]
        for name in named:
            if name and name not in by_name:
                card.fault(
                    f"there is no category “{name}”. Use one of: "
                    + ", ".join(f"“{c.text}”" for c in categories)
                    + "."
                )
        key[entry.id] = frozenset(by_name[name] for name in named if name in by_name)
    for each in (*heads, *tables):
        each.end()
    return {"categories": tuple(categories), "cards": tuple(cards), "key": key}


def _gap(table: Draft) -> dict:
    text = table.text("text")
    gaps, key = [], {}
    for gap in table.tables("gaps", 1, "gap"):
        gap_id = gap.neutral("id")
        gaps.append(it.Entry(gap_id, gap.text("label"), gap.text("feedback")))
        if gap_id in key:
            gap.fault(f"“{gap_id}” is also another gap's id. Give one of them another id.")
        accept = gap.texts("accept", 1)
        forms = {it.plain(each) for each in accept}
        if "" in forms or any(len(each) > it.LONGEST_TYPED for each in accept):
            gap.fault("an accepted answer has no letter or figure, or is too long. Reword it.")
        traps: dict[str, str] = {}
        for trap in gap.tables("traps", 0, "trap", []):
            trapped, said = trap.text("text"), trap.text("feedback")
            if it.plain(trapped) in forms:
                trap.fault(f"“{trapped}” is also accepted here or a trap. Take one out.")
            forms.add(it.plain(trapped))
            traps[trapped] = said
            trap.end()
        gap.end()
        key[gap_id] = it.GapKey(tuple(accept), traps)
    named = re.findall(r"\{([^{}]*)\}", text)
    if text and gaps and sorted(named) != sorted(gap.id for gap in gaps):
        table.fault(
            "the gaps in the text and in gaps = [...] differ: "
            f"{', '.join(named) or 'none'} / {', '.join(gap.id for gap in gaps)}. "
            "Write each gap once in the text, as {id}."
        )
    any_order = table.take("any_order", bool, "true", False)
    answers = [form for each in key.values() for form in {it.plain(a) for a in each.accept}]
    if any_order and len(set(answers)) != len(answers):
        table.fault("two gaps accept the same answer. With any_order, take it out of one.")
    return {"text": text, "gaps": tuple(gaps), "key": key, "any_order": any_order}


def _rating(table: Draft) -> dict:
    scale = table.texts("scale", 2)
    tables = table.tables("statements", 1, "statement")
    statements = entries(tables, feedback=False)
    for statement in tables:
        statement.end()
    after, weeks = table.text("after", ""), table.take("weeks", int, "6", 0)
    if bool(after) != (weeks > 0):
        table.fault("“after” and “weeks” stand together: after which rating, and how many weeks.")
    return {
        "scale": tuple(scale),
        "statements": tuple(statements),
        "picture": table.text("picture", ""),
        "beside": read_others(table, "beside"),
        "after": after,
        "weeks": weeks,
        "result": table.text("result", ""),
    }


def _scenario(table: Draft) -> dict:
    start, nodes, key = table.text("start"), [], {}
    for place in table.tables("nodes", 2, "node"):
        node_id = place.neutral("id")
        if node_id:
            place.place = f"{table.place}: node “{node_id}”"
        tables = place.tables("choices", 0, "choice", [])
        choices = []
        for entry, choice in zip(entries(tables), tables, strict=True):
            key[node_id, entry.id] = choice.number("worth", 1)
            choices.append(it.Choice(entry.id, entry.text, entry.feedback, choice.text("to")))
            choice.end()
        if len(choices) == 1:
            place.fault("one choice is no choice. Give two or more, or none (an ending).")
        ask = place.text("ask", ... if choices else "")
        nodes.append(it.Node(node_id, place.text("text"), ask, tuple(choices)))
        place.end()
    scene = it.Scenario(id="-", stem="-", start=start, nodes=tuple(nodes), key=key)
    _ways(table, scene)
    return {"start": start, "nodes": tuple(nodes), "key": key}


def _ways(table: Draft, scene: it.Scenario) -> None:
    """Every way leads on to an ending, none loops, every node can be reached."""
    names = [node.id for node in scene.nodes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.fault(f"two nodes have the id “{name}”. Give one of them another id.")
    if len(names) > MOST_NODES:
        table.fault(f"a scene has {MOST_NODES} nodes at most. Take some out.")
    leads = {choice.to for node in scene.nodes for choice in node.choices} | {scene.start}
    for name in sorted(leads - set(names) - {""}):
        table.fault(f"there is no node “{name}”. Mend start = or to = .")
    if leads - set(names) or not 0 < len(set(names)) == len(names) <= MOST_NODES:
        return
    reached: set[str] = set()

    def loops(node_id: str, way: tuple[str, ...]) -> bool:
        if node_id in way:
            table.fault(f"the way {' → '.join((*way, node_id))} loops. Lead it to an ending.")
            return True
        if node_id in reached:
            return False
        reached.add(node_id)
        return any(loops(c.to, (*way, node_id)) for c in scene.node(node_id).choices)

    if loops(scene.start, ()):
        return
    for name in names:
        if name not in reached:
            table.fault(f"no way leads to the node “{name}”. Lead one there, or take it out.")
    if it.best_worth(scene) <= 0:
        table.fault("no choice has any worth. Give the best ones worth = 1.0.")


_KINDS = {
    "single": _single,
    "multiple": _multiple,
    "matching": _matching,
    "ordering": _ordering,
    "categorising": _categorising,
    "gap": _gap,
    "rating": _rating,
    "scenario": _scenario,
}
