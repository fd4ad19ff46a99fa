"""Banks: items, quizzes and reflections, read strictly from TOML.

``docs/author.md`` is the format. All faults of a file are reported at once, each with the
file, the item and the mend.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import items as it

FORMAT = 1
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_NODES = 100  # of a scene: more could not be read through by anybody
TELLTALE = {"correct", "right", "wrong", "key", "answer", "true", "false", "decoy", "distractor"}


class BankError(ValueError):
    """A file that cannot be used. ``faults``: one sentence each."""

    def __init__(self, faults: Iterable[str]):
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Quiz:
    """Items that stand together on a page."""

    id: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Reflection:
    """A question answered in free text; ``min_words`` and ``max_words`` are advice."""

    id: str
    title: str
    prompt: str
    learning_outcome: str = ""
    min_words: int = 0
    max_words: int = 0
    reminder: str = ""


@dataclass(frozen=True)
class Bank:
    """What one ``items.toml`` holds, in the file's order."""

    module: str
    outcomes: dict[str, str] = field(default_factory=dict)
    quizzes: dict[str, Quiz] = field(default_factory=dict)
    items: dict[str, it.Item] = field(default_factory=dict)
    reflections: dict[str, Reflection] = field(default_factory=dict)


def read(path: Path, facts: Iterable[str] | None = None) -> Bank:
    """Read a bank.

    ``facts``: the fact ids that exist; None leaves fact ids unchecked (a trainee's computer has
    no need to check them again). Raises BankError with all faults of the file.
    """
    return _Reader(path, None if facts is None else set(facts)).bank()


def load_toml(path: Path) -> dict[str, Any]:
    """A TOML file's values; BankError with the place where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        raise BankError(
            [f"{path}: cannot be read ({wrong.strerror}). Look for the file, or for its name."]
        ) from None
    except UnicodeDecodeError:
        raise BankError([f"{path}: is not UTF-8 text. Save it as UTF-8."]) from None
    except (ValueError, RecursionError) as wrong:  # also a number or a nesting without end
        raise BankError(
            [
                f"{path}: is not valid TOML: {wrong}. Mend that place first. All between {{ and }} "
                "stands on one line."
            ]
        ) from None


class Fault(Exception):
    """What is read has no sense; the fault is noted already."""


class Table:
    """A TOML table of which every key must be asked for; what was not asked for is a fault.

    ``note`` gets each fault as one sentence that begins with ``place``. The readers of one field
    raise Fault where it gives no sense; ``equals`` is how the format writes a field (YAML: ": ").
    """

    def __init__(self, values: Any, place: str, note: Callable[[str], None], equals: str = " = "):
        self.place, self.note, self.equals = place, note, equals
        self.is_table = isinstance(values, dict)
        self.values: dict[str, Any] = values if self.is_table else {}
        self.asked: set[str] = set()
        if not self.is_table:
            self.fail("is not a table. Write it as { name = value, ... }.", None)

    def fault(self, what: str) -> None:
        self.note(f"{self.place}: {what}")

    def fail(self, what: str, instead: Any) -> Any:
        """A fault without which nothing can be read here."""
        self.fault(what)
        raise Fault

    def take(self, name: str, kind: type | tuple, example: str, default: Any = ...) -> Any:
        self.asked.add(name)
        empty = kind[0]() if isinstance(kind, tuple) else kind()
        if name not in self.values:
            if default is ...:
                return self.fail(f"“{name}” is missing. Add {name}{self.equals}{example}.", empty)
            return default
        value = self.values[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            return self.fail(
                f"“{name}” has the wrong kind of value. Write {name}{self.equals}{example}.", empty
            )
        return value

    def text(self, name: str, default: Any = ...) -> str:
        value = self.take(name, str, '"..."', default).strip()
        if default is ... and not value and isinstance(self.values.get(name), str):
            return self.fail(f"“{name}” is empty. Write the text.", "")
        return value

    def list(self, name: str, least: int, default: Any = ...) -> list:
        value = self.take(name, list, "[ ... ]", default)
        if len(value) < least and isinstance(self.values.get(name), list):
            self.fault(f"“{name}” needs {least} or more entries; it has {len(value)}. Add some.")
        return list(value)

    def texts(self, name: str, least: int, default: Any = ...) -> list[str]:
        value = self.list(name, least, default)
        if not all(isinstance(each, str) and each.strip() for each in value):
            return self.fail(
                f'“{name}” has to be a list of texts: {name}{self.equals}["...", "..."].', []
            )
        return [each.strip() for each in value]

    def tables(self, name: str, least: int, what: str, default: Any = ...) -> list[Table]:
        return [
            type(self)(each, f"{self.place}: {what} {n}", self.note, self.equals)
            for n, each in enumerate(self.list(name, least, default), 1)
        ]

    def end(self) -> None:
        for name in sorted(self.values.keys() - self.asked):
            known = ", ".join(sorted(self.asked))
            self.fault(f"“{name}” is not a field here. Take it out, or use one of: {known}.")


class _Draft(Table):
    """Reads on after a fault, with something empty in its place: all faults come at once."""

    def fail(self, what: str, instead: Any) -> Any:
        self.fault(what)
        return instead

    def tables(self, name: str, least: int, what: str, default: Any = ...) -> list[Table]:
        # What is no table has its fault; asking it for fields would only add more.
        return [table for table in super().tables(name, least, what, default) if table.is_table]


class _Reader:
    def __init__(self, path: Path, facts: set[str] | None):
        self.path, self.facts = path, facts
        self.faults: list[str] = []
        self.ids: set[str] = set()

    def bank(self) -> Bank:
        values = load_toml(self.path)
        top = _Draft(values, str(self.path), self.faults.append)
        if top.take("format", int, str(FORMAT)) != FORMAT and type(values.get("format")) is int:
            top.fault(f"this format is not known. Write format = {FORMAT}.")
        bank = Bank(module=self._name(top, top.text("module")))
        self._each(top, "learning_outcome", self._outcome, bank.outcomes)
        self._each(top, "item", lambda table: self._item(table, bank), bank.items)
        self._each(top, "quiz", lambda table: self._quiz(table, bank), bank.quizzes)
        self._each(top, "reflection", lambda table: self._reflection(table, bank), bank.reflections)
        top.end()
        if self.faults:
            raise BankError(self.faults)
        return bank

    def _each(self, top: Table, name: str, read_one: Callable, into: dict) -> None:
        top.asked.add(name)
        found = top.values.get(name, [])
        if not isinstance(found, list):
            top.fault(f"“{name}” has to be written as [[{name}]].")
            return
        for n, values in enumerate(found, 1):
            label = values.get("id") if isinstance(values, dict) else None
            named = label.strip() if isinstance(label, str) else ""
            table = _Draft(values, f"{self.path}: {named or f'{name} {n}'}", self.faults.append)
            if not table.is_table:
                continue
            try:
                into[named] = read_one(table)
                table.end()
            except Fault:
                into.setdefault(named, None)  # faulty, but known by name to those who name it
            if named and named in self.ids:
                table.fault("this id stands twice in the file. Give one of them another id.")
            self.ids.add(named)

    def _name(self, table: Table, name: str) -> str:
        if name and not NAME.fullmatch(name):
            table.fault(f"“{name}” is not an id. Use small letters, figures and single hyphens.")
        return name

    def _neutral(self, table: Table, name: str) -> str:
        """An id that the browser holds before an item is answered."""
        if TELLTALE & set(name.split("-")):
            table.fault(f"the id “{name}” hints at the key. Choose a neutral one.")
        return self._name(table, name)

    def _outcome(self, table: Table) -> str:
        table.text("id")
        return table.text("text")

    def _quiz(self, table: Table, bank: Bank) -> Quiz:
        quiz = Quiz(
            self._name(table, table.text("id")),
            table.text("title"),
            tuple(table.texts("items", 1)),
        )
        for item in quiz.items:
            if item not in bank.items:
                table.fault(f"there is no item “{item}” in this file. Mend the id in items = [].")
        return quiz

    def _reflection(self, table: Table, bank: Bank) -> Reflection:
        reflection = Reflection(
            id=self._name(table, table.text("id")),
            title=table.text("title"),
            prompt=table.text("prompt"),
            learning_outcome=self._known_outcome(table, bank),
            min_words=table.take("min_words", int, "150", 0),
            max_words=table.take("max_words", int, "200", 0),
            reminder=table.text("reminder", ""),
        )
        least, most = reflection.min_words, reflection.max_words
        if least < 0 or most < 0 or 0 < most < least:
            table.fault("“min_words” is larger than “max_words”, or below 0. Mend the numbers.")
        return reflection

    def _known_outcome(self, table: Table, bank: Bank) -> str:
        outcome = table.text("learning_outcome")
        if outcome and outcome not in bank.outcomes:
            known = ", ".join(bank.outcomes) or "none yet"
            table.fault(
                f"there is no learning outcome “{outcome}” in this file. Use one of: {known}."
            )
        return outcome

    def _item(self, table: Table, bank: Bank) -> it.Item:
        kind = table.text("type")
        facts = table.texts("facts", 0 if kind == "rating" else 1)
        for fact in facts if self.facts is not None else ():
            if fact not in self.facts:
                table.fault(f"there is no fact “{fact}” in facts.toml. Mend the id, or add it.")
        shared = dict(
            id=self._name(table, table.text("id")),
            stem=table.text("stem"),
            facts=tuple(facts),
            learning_outcome=self._known_outcome(table, bank),
            hint=table.text("hint", ""),
            general_feedback=table.text("general_feedback", ""),
            misconception=table.text("misconception", ""),
        )
        if kind != "rating":
            shared["points"] = self._number(table, "points", 100, 1)
            if shared["points"] == 0:
                table.fault("“points” is 0. Write points = 1, or leave it out.")
        if kind not in it.TYPES:  # what else it should have is not known
            if kind:
                table.fault(f"“{kind}” is not an item type. Use one of: {', '.join(it.TYPES)}.")
            raise Fault
        return it.TYPES[kind](**shared, **getattr(self, f"_{kind}")(table))

    def _number(self, table: Table, name: str, most: int, default: Any = ...) -> float:
        value = table.take(name, (int, float), "1.0", default)
        if not 0 <= value <= most:
            table.fault(f"“{name}” has to lie between 0 and {most}. Write {name} = 1.0.")
            return 1.0
        return float(value)

    def _entries(
        self, tables: list[Table], name: str = "text", feedback: bool = True
    ) -> list[it.Entry]:
        entries = []
        for table in tables:
            text = table.text(name)
            entry_id = self._neutral(table, table.text("id", "")) or it.slug(text)
            if text and not entry_id:
                table.fault('the text gives no id. Add id = "...".')
            said = table.text("feedback", ... if feedback else "")
            entries.append(it.Entry(entry_id, text, said))
        seen: set[str] = set()
        for table, entry in zip(tables, entries, strict=True):
            if entry.id and entry.id in seen:
                table.fault(f'“{entry.id}” is also another entry\'s id. Add an id = "..." to one.')
            seen.add(entry.id)
        return entries

    def _options(self, table: Table) -> tuple[tuple[it.Entry, ...], list[str]]:
        tables = table.tables("options", 2, "option")
        entries = self._entries(tables)
        keys = [
            entry.id
            for entry, option in zip(entries, tables, strict=True)
            if option.take("correct", bool, "true", False)
        ]
        for option in tables:
            option.end()
        return tuple(entries), keys

    def _single(self, table: Table) -> dict:
        options, keys = self._options(table)
        if options and len(keys) != 1:
            table.fault(
                f"this has {len(keys)} options with correct = true. A single item has one: mend it."
            )
        return {"options": options, "key": "".join(keys)}

    def _multiple(self, table: Table) -> dict:
        options, keys = self._options(table)
        if options and len(keys) < 2:
            table.fault(
                f"this has {len(keys)} options with correct = true. A multiple item has two or "
                'more: mend it, or write type = "single".'
            )
        elif options and len(keys) == len(options):
            table.fault("every option is correct: nothing is asked. Add one that does not fit.")
        return {"options": options, "key": frozenset(keys)}

    def _matching(self, table: Table) -> dict:
        tables = table.tables("pairs", 2, "pair")
        lefts = self._entries(tables, "left")
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
        for other, entry in zip(extra, self._entries(extra, "right"), strict=True):
            if entry.id and entry.id in rights:
                other.fault(f"“{entry.text}” is also the right side of a pair. Take one out.")
            rights[entry.id] = entry
        for each in (*tables, *extra):
            each.end()
        if tables and len(rights) < 2:
            table.fault("all pairs have the same right side: nothing is asked. Add another.")
        key = {left.id: frozenset({it.slug(text)}) for left, text in zip(lefts, texts, strict=True)}
        return {"lefts": tuple(lefts), "rights": tuple(rights.values()), "key": key}

    def _ordering(self, table: Table) -> dict:
        tables = table.tables("steps", 2, "step")
        steps = self._entries(tables)
        for step in tables:
            step.end()
        return {"steps": tuple(steps), "key": tuple(step.id for step in steps)}

    def _categorising(self, table: Table) -> dict:
        heads = table.tables("categories", 2, "category")
        categories = self._entries(heads, feedback=False)
        tables = table.tables("cards", 2, "card")
        cards = self._entries(tables)
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

    def _gap(self, table: Table) -> dict:
        text = table.text("text")
        gaps, key = [], {}
        for gap in table.tables("gaps", 1, "gap"):
            gap_id = self._neutral(gap, gap.text("id"))
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

    def _rating(self, table: Table) -> dict:
        scale = table.texts("scale", 2)
        tables = table.tables("statements", 1, "statement")
        statements = self._entries(tables, feedback=False)
        for statement in tables:
            statement.end()
        return {"scale": tuple(scale), "statements": tuple(statements)}

    def _scenario(self, table: Table) -> dict:
        start, nodes, key = table.text("start"), [], {}
        for place in table.tables("nodes", 2, "node"):
            node_id = self._neutral(place, place.text("id"))
            if node_id:
                place.place = f"{table.place}: node “{node_id}”"
            tables = place.tables("choices", 0, "choice", [])
            choices = []
            for entry, choice in zip(self._entries(tables), tables, strict=True):
                key[node_id, entry.id] = self._number(choice, "worth", 1)
                choices.append(it.Choice(entry.id, entry.text, entry.feedback, choice.text("to")))
                choice.end()
            if len(choices) == 1:
                place.fault("one choice is no choice. Give two or more, or none (an ending).")
            ask = place.text("ask", ... if choices else "")
            nodes.append(it.Node(node_id, place.text("text"), ask, tuple(choices)))
            place.end()
        scene = it.Scenario(id="-", stem="-", start=start, nodes=tuple(nodes), key=key)
        self._ways(table, scene)
        return {"start": start, "nodes": tuple(nodes), "key": key}

    def _ways(self, table: Table, scene: it.Scenario) -> None:
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
