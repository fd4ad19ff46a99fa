"""A bank's file: outcomes, items, quizzes, reflections and forms, and how they name each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from .. import items as it
from .fields import Draft
from .forms import Form, read_form
from .kinds import read_kind, read_others
from .table import FORMAT, BankError, Fault, load_toml
from .types import Bank, Quiz, Reflection


def read(path: Path, facts: Iterable[str] | None = None) -> Bank:
    """Read a bank.

    ``facts``: the fact ids that exist; None leaves fact ids unchecked (a trainee's computer has
    no need to check them again). Raises BankError with all faults of the file.
    """
    return _Reader(path, None if facts is None else set(facts)).bank()


class _Reader:
    def __init__(self, path: Path, facts: set[str] | None):
        self.path, self.facts = path, facts
        self.faults: list[str] = []
        self.ids: set[str] = set()

    def bank(self) -> Bank:
        values = load_toml(self.path)
        top = Draft(values, str(self.path), self.faults.append)
        if top.take("format", int, str(FORMAT)) != FORMAT and type(values.get("format")) is int:
            top.fault(f"this format is not known. Write format = {FORMAT}.")
        bank = Bank(module=top.name("module"))
        self._each(top, "learning_outcome", self._outcome, bank.outcomes)
        self._each(top, "item", lambda table: self._item(table, bank), bank.items)
        self._each(top, "quiz", lambda table: self._quiz(table, bank), bank.quizzes)
        self._each(top, "reflection", lambda table: self._reflection(table, bank), bank.reflections)
        self._each(top, "form", lambda table: self._form(table, bank), bank.forms)
        top.end()
        if self.faults:
            raise BankError(self.faults)
        return bank

    def _each(self, top: Draft, name: str, read_one: Callable, into: dict) -> None:
        top.asked.add(name)
        found = top.values.get(name, [])
        if not isinstance(found, list):
            top.fault(f"“{name}” has to be written as [[{name}]].")
            return
        for n, values in enumerate(found, 1):
            label = values.get("id") if isinstance(values, dict) else None
            named = label.strip() if isinstance(label, str) else ""
            table = Draft(values, f"{self.path}: {named or f'{name} {n}'}", self.faults.append)
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

    def _outcome(self, table: Draft) -> str:
        table.text("id")
        return table.text("text")

    def _quiz(self, table: Draft, bank: Bank) -> Quiz:
        quiz = Quiz(
            table.name("id"),
            table.text("title"),
            tuple(table.texts("items", 1)),
            waits_for=table.text("waits_for", ""),
            beside=table.text("beside", ""),
            ratings=read_others(table, "ratings"),
        )
        for item in quiz.items:
            if item not in bank.items:
                table.fault(f"there is no item “{item}” in this file. Mend the id in items = [].")
        return quiz

    def _reflection(self, table: Draft, bank: Bank) -> Reflection:
        reflection = Reflection(
            id=table.name("id"),
            title=table.text("title"),
            prompt=table.text("prompt"),
            facts=self._known_facts(table, table.texts("facts", 0, [])),
            learning_outcome=self._known_outcome(table, bank),
            min_words=table.take("min_words", int, "150", 0),
            max_words=table.take("max_words", int, "200", 0),
            reminder=table.text("reminder", ""),
            earlier=table.text("earlier", ""),
        )
        if reflection.earlier and reflection.earlier not in bank.reflections:
            table.fault(
                f"there is no reflection “{reflection.earlier}” above this one. Mend “earlier”."
            )
        least, most = reflection.min_words, reflection.max_words
        if least < 0 or most < 0 or 0 < most < least:
            table.fault("“min_words” is larger than “max_words”, or below 0. Mend the numbers.")
        return reflection

    def _form(self, table: Draft, bank: Bank) -> Form:
        facts = self._known_facts(table, table.texts("facts", 0, []))
        return read_form(table, facts, self._known_outcome(table, bank))

    def _known_facts(self, table: Draft, named: list[str]) -> tuple[str, ...]:
        for fact in named if self.facts is not None else ():
            if fact not in self.facts:
                table.fault(f"there is no fact “{fact}” in facts.toml. Mend the id, or add it.")
        return tuple(named)

    def _known_outcome(self, table: Draft, bank: Bank) -> str:
        outcome = table.text("learning_outcome")
        if outcome and outcome not in bank.outcomes:
            known = ", ".join(bank.outcomes) or "none yet"
            table.fault(
                f"there is no learning outcome “{outcome}” in this file. Use one of: {known}."
            )
        return outcome

    def _item(self, table: Draft, bank: Bank) -> it.Item:
        kind = table.text("type")
        facts = self._known_facts(table, table.texts("facts", 0 if kind == "rating" else 1))
        shared = dict(
            id=table.name("id"),
            stem=table.text("stem"),
            facts=facts,
            learning_outcome=self._known_outcome(table, bank),
            hint=table.text("hint", ""),
            general_feedback=table.text("general_feedback", ""),
            misconception=table.text("misconception", ""),
            open_feedback=table.take("open_feedback", bool, "true", False),
        )
        if kind != "rating":
            shared["points"] = table.number("points", 100, 1)
            if shared["points"] == 0:
                table.fault("“points” is 0. Write points = 1, or leave it out.")
        if kind not in it.TYPES:  # what else it should have is not known
            if kind:
                table.fault(f"“{kind}” is not an item type. Use one of: {', '.join(it.TYPES)}.")
            raise Fault
        item = it.TYPES[kind](**shared, **read_kind(kind, table))
        if item.open_feedback and item.one_answer:
            table.fault(
                "“open_feedback” would tell which parts of this item are right. Take it out."
            )
        return item
