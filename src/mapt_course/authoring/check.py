"""``mapt check``: the author's rules. A complaint names the file, the item and the mend."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from .. import items as it
from ..workfolder import CHECKS
from . import build, coverage, data, habits, lesson, notebook, readability, samples
from .tree import Tree, Unit, read

ALT = (20, 250)  # characters: shorter says nothing, longer belongs to the long description
ABOVE = re.compile(r"\b(all|none|both|neither|any|each) of (the )?(above|below)\b", re.IGNORECASE)
FACTS = "course/facts/facts.toml"


def main(root: Path | None = None, today: date | None = None) -> int:
    """Print complaints, warnings, the habits' figures and a summary; 1 where there is a complaint.

    ``root``: the checkout (the one that this package stands in unless said). ``today``: the day
    from which the age of then-and-now rows is counted.
    """
    root = build.find_root(root)
    if root is None:
        print("mapt check works in a checkout of the course. Clone it, and install with pip -e.")
        return 1
    tree = read(root, strict=True)
    complaints = list(tree.faults)
    for unit in tree.units:
        for rule in (_lessons, _item_ids, _used, _feedback, _pictures, _links, _samples):
            complaints += rule(tree, unit)
    for rule in WHOLE:
        complaints += rule(tree)
    lines = []
    for name, whole, chosen in _banks(tree):
        for kind in (it.Single, it.Multiple):
            told = habits.figures(item for item in chosen if isinstance(item, kind))
            complaints += _given_away(name, kind.type, whole, told)
            if whole and told:
                lines.append(_figures_line(kind.type, told))
    lines += _grades(tree)
    complaints = list(dict.fromkeys(complaints))
    warnings = list(data.old_rows(tree.rows, today or date.today()))
    for complaint in complaints:
        print(complaint)
    for warning in warnings:
        print(f"warning: {warning}")
    for line in lines:
        print(line)
    print(_summary(tree, len(complaints), len(warnings)))
    return int(bool(complaints))


# --- one folder ---------------------------------------------------------------------------


def _lessons(tree: Tree, unit: Unit) -> Iterator[str]:
    """What the build would refuse."""
    if unit.bank and tree.course:
        for source in unit.lessons:
            yield from notebook.faults(tree, unit, source)


def _item_ids(tree: Tree, unit: Unit) -> Iterator[str]:
    """An id begins with its module's, and a module's with no assignment's: they are found so."""
    if not unit.bank:
        return
    own = unit.id
    others = [] if unit.assignment else [u.assignment for u in tree.units if u.assignment]
    for name in (*unit.bank.quizzes, *unit.bank.items, *unit.bank.reflections, *unit.bank.forms):
        if not name.startswith(f"{own}-") and name != unit.assignment:
            yield f"{_items(tree, unit)}: {name}: the id has to begin with {own}-. Rename it."
        for other in others:
            if name == other or name.startswith(f"{other}-"):
                yield (
                    f"{_items(tree, unit)}: {name}: an id that begins with {other} belongs to "
                    "the assignment. Rename it."
                )


def _used(tree: Tree, unit: Unit) -> Iterator[str]:
    """Every activity of a bank is called by a lesson of its folder."""
    if not unit.bank or not unit.lessons:
        return
    bank, place = unit.bank, _items(tree, unit)
    called = {names for source in unit.lessons for names in source.called()}
    asked = {item for quiz in bank.quizzes.values() for item in quiz.items}
    held = {"quiz": bank.quizzes, "reflection": bank.reflections, "form": bank.forms}
    for call, names in held.items():
        for name in names:
            if (call, name) not in called:
                yield f'{place}: {name}: no lesson calls it. Write {call}("{name}") in one.'
    for name, item in bank.items.items():
        if name not in asked and (item.type, name) not in called:
            if item.type in ("scenario", "rating"):
                yield f'{place}: {name}: no lesson calls it. Write {item.type}("{name}") in one.'
            else:
                yield f"{place}: {name}: no quiz asks it. Add it to items = [...] of a quiz."


def _feedback(tree: Tree, unit: Unit) -> Iterator[str]:
    """Feedback belongs to one option, and no option points at the others."""
    for name, item in (unit.bank.items if unit.bank else {}).items():
        place = f"{_items(tree, unit)}: {name}"
        lists = [getattr(item, each) for each in item.lists]
        if isinstance(item, it.Scenario):
            lists = [node.choices for node in item.nodes]
        for entries in lists:
            first: dict[str, str] = {}
            for entry in entries:
                said = it.plain(entry.feedback)
                if said and first.setdefault(said, entry.text) != entry.text:
                    yield (
                        f"{place}: “{entry.text}” has the same feedback as “{first[said]}”. "
                        "Say what is special about each."
                    )
                if ABOVE.search(entry.text):
                    yield f"{place}: “{entry.text}” is no option of its own. Write another one."


def _pictures(tree: Tree, unit: Unit) -> Iterator[str]:
    shown = {
        piece.names[0]
        for source in unit.lessons
        for piece in source.pieces
        if piece.kind == "picture"
    }
    for name, picture in unit.pictures.items():
        if picture is None:  # complained of when it was read
            continue
        if not ALT[0] <= len(picture.alt) <= ALT[1]:
            yield (
                f"{picture.shown}: “alt” has {len(picture.alt)} characters. Say in "
                f"{ALT[0]} to {ALT[1]} what it shows; the rest goes into long_description."
            )
        if unit.lessons and name not in shown:
            yield (
                f"{picture.shown}: no lesson shows it. Write ```{{picture}} {name} in one, or "
                "delete it."
            )


def _links(tree: Tree, unit: Unit) -> Iterator[str]:
    """A link leads to a notebook, in the order in which a trainee's folder holds them."""
    there = {_at(each, source) for each in tree.units for source in each.lessons}
    for source in unit.lessons:
        here = posixpath.dirname(_at(unit, source))
        for target, line in source.links:
            name = unquote(re.split(r"[#?]", target)[0])
            if posixpath.normpath(posixpath.join(here, name)) not in there:
                yield (
                    f"{source.shown}:{line}: the link “{target}” leads to no notebook of the "
                    "course. Link to an .ipynb as a trainee has it (a check lies in "
                    f"{CHECKS}/<name>/<name>.ipynb, beside the modules), or to a web address."
                )


def _samples(tree: Tree, unit: Unit) -> Iterator[str]:
    """A sample hand-in fits its form and its rubric."""
    for sample in unit.samples if unit.bank and unit.rubric else ():
        if len(unit.bank.forms) != 1:
            yield f"{tree.shown(sample.path)}: samples are for an assignment with one form."
            continue
        [form] = unit.bank.forms.values()
        for fault in samples.faults(sample, form, unit.rubric):
            yield f"{tree.shown(sample.path)}: {fault}"


def _at(unit: Unit, source: lesson.Source) -> str:
    folder = f"{CHECKS}/{unit.assignment}" if unit.assignment else unit.folder.name
    return f"{folder}/{source.path.stem}.ipynb"


# --- the whole course ---------------------------------------------------------------------


def _unknown_folders(tree: Tree) -> Iterator[str]:
    known = {unit.folder for unit in tree.units}
    for path in sorted((tree.root / "course").glob("*/*.md")):
        if tree.course and path.parent not in known:
            yield (
                f"{tree.shown(path)}: no module of course/course.toml has the folder "
                f"“{path.parent.name}”. Add the module, or move the file."
            )


def _unique_ids(tree: Tree) -> Iterator[str]:
    """Ids of lessons and of what banks hold; an assignment may share its own quiz's."""
    places: dict[str, str] = {}
    for unit in tree.units:
        named = [(source.header.lesson, source.shown) for source in unit.lessons]
        if unit.bank:
            bank = unit.bank
            ids = (*bank.quizzes, *bank.items, *bank.reflections, *bank.forms)
            named += [(name, _items(tree, unit)) for name in ids if name != unit.assignment]
        for name, place in named:
            if name in places:
                yield f"{place}: {name}: this id stands in {places[name]} too. Rename one of them."
            places.setdefault(name, place)


def _outcomes(tree: Tree) -> Iterator[str]:
    """A learning outcome that stands in two banks says the same in both."""
    said: dict[str, tuple[str, str]] = {}
    for unit in tree.units:
        for name, text in (unit.bank.outcomes if unit.bank else {}).items():
            first = said.setdefault(name, (text, _items(tree, unit)))
            if text != first[0]:
                yield (
                    f"{_items(tree, unit)}: {name}: says something else than in {first[1]}. "
                    "Word both alike."
                )


def _taught(tree: Tree) -> Iterator[str]:
    """A fact of a built module has a mark in a lesson and an item in a module's bank."""
    if tree.facts is None:
        return
    taught = {fact for unit in tree.built for source in unit.lessons for fact, _ in source.facts}
    practised = set(coverage.practice(tree))
    modules = {module.id for module in tree.course.modules} if tree.course else set()
    built = {unit.module.id for unit in tree.built}
    for unit in tree.units:
        for source in unit.lessons:
            for fact, line in source.facts:
                if fact not in tree.facts:
                    yield (
                        f"{source.shown}:{line}: there is no fact “{fact}” in {FACTS}. Mend the "
                        "mark, or add the fact."
                    )
    for fact in tree.facts.values():
        if fact.module not in modules:
            yield f"{FACTS}: {fact.id}: there is no module “{fact.module}” in course/course.toml."
        elif fact.module in built:
            if fact.id not in taught:
                yield (
                    f"{FACTS}: {fact.id}: no lesson teaches it. Write <!-- {fact.id} --> after "
                    "the sentence that does."
                )
            if fact.id not in practised:
                yield (
                    f"{FACTS}: {fact.id}: no item practises it. Write one, or add it to the "
                    "facts of an item that does."
                )


def _groups(tree: Tree) -> Iterator[str]:
    """A built module has all the facts that its groups have in the source."""
    if tree.facts is None or not tree.groups:
        return
    built = {unit.module.id for unit in tree.built}
    found: Counter[str] = Counter()
    for fact in tree.facts:
        fits = [group for group in tree.groups if re.match(re.escape(group) + r"[-\d]", fact)]
        if fits:
            found[max(fits, key=len)] += 1
        else:
            yield f"{FACTS}: {fact}: no group of facts/groups.toml begins so. Mend the id."
    for group in tree.groups.values():
        if group.module in built and found[group.id] != group.count:
            yield (
                f"{FACTS}: {group.id}: {found[group.id]} facts where the source has "
                f"{group.count}. Add what is missing, or mend facts/groups.toml."
            )


def _minutes(tree: Tree) -> Iterator[str]:
    for unit in tree.built:
        total = sum(source.header.minutes for source in unit.lessons)
        if total > unit.module.minutes:
            yield (
                f"{tree.shown(unit.folder)}: its lessons take {total} minutes, the module has "
                f"{unit.module.minutes} in course/course.toml. Shorten a lesson, or mend that."
            )


def _hard(tree: Tree) -> Iterator[str]:
    """A module's lessons read at tenth grade or below, on average."""
    for unit in tree.built:
        grades = {source.shown: readability.grade(source) for source in unit.lessons}
        mean = sum(grades.values()) / len(grades)
        if mean > readability.HARDEST:
            worst = max(grades, key=grades.get)
            yield (
                f"{worst}: reads at grade {grades[worst]:.1f}, the module at {mean:.1f}; at most "
                f"{readability.HARDEST:.0f}. Shorten its sentences, or use plainer words."
            )


def _grades(tree: Tree) -> Iterator[str]:
    grades = [readability.grade(source) for unit in tree.built for source in unit.lessons]
    if grades:
        yield (
            f"reading grade (Flesch-Kincaid): mean {sum(grades) / len(grades):.1f}, "
            f"hardest lesson {max(grades):.1f}"
        )


def _beside(tree: Tree) -> Iterator[str]:
    """A rating is drawn beside ratings of as many statements."""
    ratings = {
        item.id: (item, unit)
        for unit in tree.units
        for item in (unit.bank.items.values() if unit.bank else ())
        if isinstance(item, it.Rating)
    }
    for item, unit in ratings.values():
        for other in item.beside:
            there = ratings.get(other.id)
            if there is None or len(there[0].statements) != len(item.statements):
                yield (
                    f"{_items(tree, unit)}: {item.id}: “{other.id}” is no rating of as many "
                    "statements. Mend beside = [...]."
                )
        if item.after and item.after not in ratings:
            yield f"{_items(tree, unit)}: {item.id}: after: there is no rating “{item.after}”."


def _twins(tree: Tree) -> Iterator[str]:
    """What a quiz waits for, and what stands beside it, is in the course."""
    units = [unit for unit in tree.units if unit.bank]
    quizzes = {name for unit in units for name in unit.bank.quizzes}
    items = {name: item for unit in units for name, item in unit.bank.items.items()}
    compared = {q.id for unit in units for q in unit.bank.quizzes.values() if q.beside}
    for unit in units:
        for item in unit.bank.items.values():
            if isinstance(item, it.Rating) and item.result and item.result not in compared:
                yield (
                    f"{_items(tree, unit)}: {item.id}: result: there is no quiz “{item.result}” "
                    "that has a “beside”. Mend the id."
                )
        for quiz in unit.bank.quizzes.values():
            for field, name in (("waits_for", quiz.waits_for), ("beside", quiz.beside)):
                if name and name not in quizzes:
                    yield f"{_items(tree, unit)}: {quiz.id}: {field}: there is no quiz “{name}”."
            for other in quiz.ratings:
                if not isinstance(items.get(other.id), it.Rating):
                    yield f"{_items(tree, unit)}: {quiz.id}: there is no rating “{other.id}”."


def _boxes(tree: Tree) -> Iterator[str]:
    """Every lesson says what became of what it tells."""
    for unit in tree.built if tree.rows else ():
        for source in unit.lessons:
            if not source.is_home and all(p.kind != "then-and-now" for p in source.pieces):
                yield (
                    f"{source.shown}: has no then-and-now box. Write ```{{then-and-now}} TN-… "
                    "where the text speaks of its time."
                )


# --- habits -------------------------------------------------------------------------------


def _banks(tree: Tree) -> Iterator[tuple[str, bool, list[it.Item]]]:
    """Each bank's items, then all items of the course."""
    units = [unit for unit in tree.units if unit.bank]
    for unit in units:
        yield _items(tree, unit), False, list(unit.bank.items.values())
    yield "course", True, [item for unit in units for item in unit.bank.items.values()]


def _given_away(name: str, kind: str, whole: bool, told: list[habits.Figure]) -> Iterator[str]:
    for figure in told:
        if figure.gives_away(whole):
            more = "less" if figure.score > figure.chance else "more"
            yield (
                f"{name}: {kind} items: the {figure.habit} option is right in "
                f"{figure.score:.0%} of {figure.count} (chance {figure.chance:.0%}): make it "
                f"right {more} often. Reword or move options until the habit does not pay."
            )


def _figures_line(kind: str, told: list[habits.Figure]) -> str:
    shares = ", ".join(f"{figure.habit} {figure.score:.0%}" for figure in told)
    return f"habits, {told[0].count} {kind} items: chance {told[0].chance:.0%}; {shares}"


def _items(tree: Tree, unit: Unit) -> str:
    return f"{tree.shown(unit.folder)}/items.toml"


def _summary(tree: Tree, complaints: int, warnings: int) -> str:
    in_use = [unit for unit in tree.units if unit.bank]
    counts = {
        "module": len(tree.built),
        "lesson": sum(len(unit.lessons) for unit in tree.built),
        "assignment": sum(bool(unit.assignment) for unit in tree.units),
        "item": sum(len(unit.bank.items) for unit in in_use),
        "reflection": sum(len(unit.bank.reflections) for unit in in_use),
        "form": sum(len(unit.bank.forms) for unit in in_use),
        "picture": sum(len(unit.pictures) for unit in tree.units),
        "fact": len(tree.facts or ()),
        "then-and-now row": len(tree.rows),
    }
    counted = ", ".join(_some(count, what) for what, count in counts.items())
    return f"{counted}: {_some(complaints, 'complaint')}, {_some(warnings, 'warning')}."


def _some(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


WHOLE = (
    _unknown_folders,
    _unique_ids,
    _outcomes,
    _taught,
    _groups,
    _minutes,
    _hard,
    _boxes,
    _beside,
    _twins,
)
