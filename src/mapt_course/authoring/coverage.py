"""``docs/coverage.md``: each fact, the lesson that teaches it and what practises it."""

from __future__ import annotations

from .tree import Tree


def practice(tree: Tree) -> dict[str, list[str]]:
    """For each fact, what of a module practises it (graded work does not count)."""
    found: dict[str, list[str]] = {}
    for unit in tree.units:
        if unit.bank and not unit.assignment:
            bank = unit.bank
            for each in (*bank.items.values(), *bank.reflections.values(), *bank.forms.values()):
                for fact in each.facts:
                    found.setdefault(fact, []).append(each.id)
    return found


def lessons(tree: Tree) -> dict[str, list[str]]:
    """For each fact, the files of the lessons in which it is marked."""
    found: dict[str, list[str]] = {}
    for unit in tree.built:
        for source in unit.lessons:
            for fact, _ in source.facts:
                if source.shown not in found.setdefault(fact, []):
                    found[fact].append(source.shown)
    return found


def page(tree: Tree) -> bytes:
    """The page, as ``mapt build`` writes it."""
    taught, practised = lessons(tree), practice(tree)
    lines = [
        "# Coverage",
        "",
        "Built by `mapt build`. Each fact of `course/facts/facts.toml`, the lesson that teaches",
        "it, and the items, reflections and forms in which a trainee practises it.",
    ]
    for module in tree.course.modules if tree.course else ():
        own = [fact for fact in (tree.facts or {}).values() if fact.module == module.id]
        if own:
            lines += [
                "",
                f"## {module.title} ({len(own)})",
                "",
                "| fact | taught in | practised by |",
            ]
            lines.append("|---|---|---|")
        for fact in own:
            where = ", ".join(
                f"[{path.split('/')[-1]}](../{path})" for path in taught.get(fact.id, [])
            )
            lines.append(f"| {fact.id} | {where} | {', '.join(practised.get(fact.id, []))} |")
    return ("\n".join(lines) + "\n").encode()
