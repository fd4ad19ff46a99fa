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
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise BankError([f"{path}: cannot be read ({wrong.strerror})."]) from None
    except UnicodeDecodeError:
        raise BankError([f"{path}: is not UTF-8 text. Save it as UTF-8."]) from None
    except tomllib.TOMLDecodeError as wrong:
        raise BankError([f"{path}: is not valid TOML: {wrong}. Mend that place first."]) from None


class _Fault(Exception):
    """What is read has no sense; the fault is noted already."""


class _Table:
    """A TOML table of which every key must be asked for; what was not asked for is a fault."""

    def __init__(self, values: Any, place: str, note: Callable[[str], None]):
        self.place, self.note = place, note
        if not isinstance(values, dict):
            self.fault("is not a table. Write it as { name = value, ... }.")
            raise _Fault
        self.values, self.asked = values, set()

    def fault(self, what: str) -> None:
        self.note(f"{self.place}: {what}")

    def take(self, name: str, kind: type | tuple, example: str, default: Any = ...) -> Any:
        self.asked.add(name)
        if name not in self.values:
            if default is ...:
                self.fault(f"“{name}” is missing. Add {name} = {example}.")
                raise _Fault
            return default
        value = self.values[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(f"“{name}” has the wrong kind of value. Write {name} = {example}.")
            raise _Fault
        return value

    def text(self, name: str, default: Any = ...) -> str:
        value = self.take(name, str, '"..."', default)
        if default is ... and not value.strip():
            self.fault(f"“{name}” is empty. Write the text.")
            raise _Fault
        return value.strip()

    def list(self, name: str, least: int, default: Any = ...) -> list:
        value = self.take(name, list, "[ ... ]", default)
        if len(value) < least:
            self.fault(f"“{name}” needs {least} or more entries; it has {len(value)}.")
        return list(value)

    def texts(self, name: str, least: int, default: Any = ...) -> list[str]:
        value = self.list(name, least, default)
        if not all(isinstance(each, str) and each.strip() for each in value):
            self.fault(f'“{name}” has to be a list of texts: {name} = ["...", "..."].')
            raise _Fault
        return [each.strip() for each in value]

    def tables(self, name: str, least: int, what: str, default: Any = ...) -> list[_Table]:
        return [
            _Table(each, f"{self.place}: {what} {n}", self.note)
            for n, each in enumerate(self.list(name, least, default), 1)
        ]

    def end(self) -> None:
        for name in self.values.keys() - self.asked:
            known = ", ".join(sorted(self.asked))
            self.fault(f"“{name}” is not a field here. Take it out, or use one of: {known}.")


class _Reader:
    def __init__(self, path: Path, facts: set[str] | None):
        self.path, self.facts = path, facts
        self.faults: list[str] = []
        self.ids: set[str] = set()

    def bank(self) -> Bank:
        values = load_toml(self.path)
        bank = Bank(module=str(values.get("module", "")))
        top = _Table(values, str(self.path), self.faults.append)
        try:
            if top.take("format", int, str(FORMAT)) != FORMAT:
                top.fault(f"format {values['format']} is not known. Write format = {FORMAT}.")
            self._name(top, top.text("module"))
        except _Fault:
            pass
        self._each(top, "learning_outcome", self._outcome, bank.outcomes)
        self._each(top, "item", lambda table: self._item(table, bank), bank.items)
        self._each(top, "quiz", lambda table: self._quiz(table, bank), bank.quizzes)
        self._each(top, "reflection", lambda table: self._reflection(table, bank), bank.reflections)
        top.end()
        if self.faults:
            raise BankError(self.faults)
        return bank

    def _each(self, top: _Table, name: str, read_one: Callable, into: dict) -> None:
        top.asked.add(name)
        found = top.values.get(name, [])
        if not isinstance(found, list):
            top.fault(f"“{name}” has to be written as [[{name}]].")
            return
        for n, values in enumerate(found, 1):
            label = values.get("id") if isinstance(values, dict) else None
            try:
                table = _Table(
                    values, f"{self.path}: {label or f'{name} {n}'}", self.faults.append
                )
                entry_id, entry = read_one(table)
                table.end()
            except _Fault:
                continue
            if entry_id in self.ids:
                table.fault("this id stands twice in the file. Give one of them another id.")
            self.ids.add(entry_id)
            into[entry_id] = entry

    def _name(self, table: _Table, name: str) -> str:
        if not NAME.fullmatch(name):
            table.fault(f"“{name}” is not an id. Use small letters, figures and single hyphens.")
        return name

    def _outcome(self, table: _Table) -> tuple[str, str]:
        return table.text("id"), table.text("text")

    def _quiz(self, table: _Table, bank: Bank) -> tuple[str, Quiz]:
        quiz = Quiz(
            self._name(table, table.text("id")),
            table.text("title"),
            tuple(table.texts("items", 1)),
        )
        for item in quiz.items:
            if item not in bank.items:
                table.fault(f"there is no item “{item}” in this file. Mend the id in items = [...].")
        return quiz.id, quiz

    def _reflection(self, table: _Table, bank: Bank) -> tuple[str, Reflection]:
        reflection = Reflection(
            id=self._name(table, table.text("id")),
            title=table.text("title"),
            prompt=table.text("prompt"),
            learning_outcome=self._known_outcome(table, bank),
            min_words=table.take("min_words", int, "150", 0),
            max_words=table.take("max_words", int, "200", 0),
            reminder=table.text("reminder", ""),
        )
        return reflection.id, reflection

    def _known_outcome(self, table: _Table, bank: Bank) -> str:
        outcome = table.text("learning_outcome")
        if outcome not in bank.outcomes:
            known = ", ".join(bank.outcomes) or "none yet"
            table.fault(f"there is no learning outcome “{outcome}” in this file ({known}).")
        return outcome

    def _item(self, table: _Table, bank: Bank) -> tuple[str, it.Item]:
        kind = table.text("type")
        if kind not in it.TYPES:
            table.fault(f"“{kind}” is not an item type. Use one of: {', '.join(it.TYPES)}.")
            raise _Fault
        facts = table.texts("facts", 0 if kind == "rating" else 1)
        for fact in facts if self.facts is not None else ():
            if fact not in self.facts:
                table.fault(f"there is no fact “{fact}” in facts.toml. Mend the id, or add the fact.")
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
            shared["points"] = float(table.take("points", (int, float), "1", 1))
            if not 0 < shared["points"] <= 100:
                table.fault("“points” has to lie between 0 and 100.")
        own = getattr(self, f"_{kind}")(table)
        return shared["id"], it.TYPES[kind](**shared, **own)

    def _entries(
        self, tables: list[_Table], name: str = "text", feedback: bool = True
    ) -> list[it.Entry]:
        entries = []
        for table in tables:
            text = table.text(name)
            given = table.text("id", "")
            entry_id = self._name(table, given) if given else it.slug(text)
            if not entry_id:
                table.fault('the text gives no id. Add id = "...".')
            if TELLTALE & set(given.split("-")):
                table.fault(f"the id “{given}” hints at the key. Choose a neutral one.")
            said = table.text("feedback", ... if feedback else "")
            entries.append(it.Entry(entry_id, text, said))
        seen: set[str] = set()
        for table, entry in zip(tables, entries, strict=True):
            if entry.id in seen:
                table.fault(f"“{entry.id}” is also another entry's id. Add an id = \"...\" to one.")
            seen.add(entry.id)
        return entries

    def _options(self, table: _Table) -> tuple[tuple[it.Entry, ...], list[str]]:
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

    def _single(self, table: _Table) -> dict:
        options, keys = self._options(table)
        if len(keys) != 1:
            table.fault(f"a single item has one option with correct = true; this has {len(keys)}.")
            raise _Fault
        return {"options": options, "key": keys[0]}

    def _multiple(self, table: _Table) -> dict:
        options, keys = self._options(table)
        if len(keys) < 2:
            table.fault("a multiple item has two or more options with correct = true.")
        if len(keys) == len(options):
            table.fault("every option is correct: nothing is asked. Add one that does not fit.")
        return {"options": options, "key": frozenset(keys)}

    def _matching(self, table: _Table) -> dict:
        tables = table.tables("pairs", 2, "pair")
        lefts = self._entries(tables, "left")
        texts = [pair.text("right") for pair in tables]
        extra = table.tables("extra", 0, "extra", [])
        rights = {it.slug(text): it.Entry(it.slug(text), text) for text in texts}
        for entry in self._entries(extra, "right"):
            if entry.id in rights:
                table.fault(f"the extra “{entry.text}” is also the right side of a pair.")
            rights[entry.id] = entry
        for each in (*tables, *extra):
            each.end()
        if len(rights) < 2:
            table.fault("all pairs have the same right side: nothing is asked.")
        key = {
            left.id: frozenset({it.slug(text)}) for left, text in zip(lefts, texts, strict=True)
        }
        return {"lefts": tuple(lefts), "rights": tuple(rights.values()), "key": key}

    def _ordering(self, table: _Table) -> dict:
        tables = table.tables("steps", 2, "step")
        steps = self._entries(tables)
        for step in tables:
            step.end()
        return {"steps": tuple(steps), "key": tuple(step.id for step in steps)}

    def _categorising(self, table: _Table) -> dict:
        heads = table.tables("categories", 2, "category")
        categories = self._entries(heads, feedback=False)
        tables = table.tables("cards", 2, "card")
        cards = self._entries(tables)
        by_name = {name: c.id for c in categories for name in (c.id, c.text)}
        key = {}
        for card, entry in zip(tables, cards, strict=True):
            named = [card.text("category"), *card.texts("also", 0, [])]
            for name in named:
                if name not in by_name:
                    card.fault(f"there is no category “{name}”. Use one of: "
                               + ", ".join(f"“{c.text}”" for c in categories) + ".")
            key[entry.id] = frozenset(by_name[name] for name in named if name in by_name)
        for each in (*heads, *tables):
            each.end()
        return {"categories": tuple(categories), "cards": tuple(cards), "key": key}

    def _gap(self, table: _Table) -> dict:
        text = table.text("text")
        gaps, key = [], {}
        for gap in table.tables("gaps", 1, "gap"):
            gap_id = self._name(gap, gap.text("id"))
            gaps.append(it.Entry(gap_id, gap.text("label"), gap.text("feedback")))
            accept = gap.texts("accept", 1)
            if not all(it.plain(each) for each in accept):
                gap.fault("an accepted answer has no letter or figure in it.")
            traps = {}
            for trap in gap.tables("traps", 0, "trap", []):
                traps[trap.text("text")] = trap.text("feedback")
                trap.end()
            if {it.plain(each) for each in traps} & {it.plain(each) for each in accept}:
                gap.fault("a trap is also an accepted answer. Take one of them out.")
            gap.end()
            key[gap_id] = it.GapKey(tuple(accept), traps)
        named = re.findall(r"\{([^{}]*)\}", text)
        if sorted(named) != sorted(gap.id for gap in gaps):
            table.fault(
                "the gaps in the text and in gaps = [...] differ: "
                f"{', '.join(named) or 'none'} / {', '.join(gap.id for gap in gaps)}. "
                "Each gap stands once in the text, as {id}."
            )
        any_order = table.take("any_order", bool, "true", False)
        forms = [it.plain(each) for each_key in key.values() for each in set(each_key.accept)]
        if any_order and len(set(forms)) != len(forms):
            table.fault("with any_order, no answer may be accepted by two gaps.")
        return {"text": text, "gaps": tuple(gaps), "key": key, "any_order": any_order}

    def _rating(self, table: _Table) -> dict:
        scale = table.texts("scale", 2)
        tables = table.tables("statements", 1, "statement")
        statements = self._entries(tables, feedback=False)
        for statement in tables:
            statement.end()
        return {"scale": tuple(scale), "statements": tuple(statements)}

    def _scenario(self, table: _Table) -> dict:
        start, nodes, key = table.text("start"), [], {}
        for place in table.tables("nodes", 2, "node"):
            node_id = self._name(place, place.text("id"))
            place.place = f"{table.place}: node “{node_id}”"
            tables = place.tables("choices", 0, "choice", [])
            choices = []
            for entry, choice in zip(self._entries(tables), tables, strict=True):
                worth = float(choice.take("worth", (int, float), "1.0"))
                if not 0 <= worth <= 1:
                    choice.fault("“worth” has to lie between 0 and 1.")
                choices.append(
                    it.Choice(entry.id, entry.text, entry.feedback, choice.text("to"))
                )
                key[node_id, entry.id] = worth
                choice.end()
            if len(choices) == 1:
                place.fault("one choice is no choice. Give two or more, or none (an ending).")
            ask = place.text("ask") if choices else place.text("ask", "")
            nodes.append(it.Node(node_id, place.text("text"), ask, tuple(choices)))
            place.end()
        scene = it.Scenario(id="-", stem="-", start=start, nodes=tuple(nodes), key=key)
        self._ways(table, scene)
        return {"start": start, "nodes": tuple(nodes), "key": key}

    def _ways(self, table: _Table, scene: it.Scenario) -> None:
        """Every way leads on to an ending, none loops, every node can be reached."""
        names = [node.id for node in scene.nodes]
        if len(set(names)) != len(names):
            table.fault("two nodes have the same id.")
            raise _Fault
        missing = {choice.to for node in scene.nodes for choice in node.choices} - set(names)
        for name in sorted(missing | ({scene.start} - set(names))):
            table.fault(f"there is no node “{name}”. Mend start = or to = .")
        if missing or scene.start not in names:
            raise _Fault
        reached: set[str] = set()

        def follow(node_id: str, way: tuple[str, ...]) -> None:
            if node_id in way:
                table.fault(f"the way {' → '.join((*way, node_id))} loops. Lead it to an ending.")
                raise _Fault
            if node_id in reached:
                return
            for choice in scene.node(node_id).choices:
                follow(choice.to, (*way, node_id))
            reached.add(node_id)

        follow(scene.start, ())
        for name in names:
            if name not in reached:
                table.fault(f"no way leads to the node “{name}”. Lead one there, or take it out.")
        if it.best_worth(scene) <= 0:
            table.fault("no choice has any worth. Give the best ones worth = 1.0.")
