"""A TOML table, read strictly: no field is unknown, each fault tells its place and its mend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

FORMAT = 1
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # an id


class BankError(ValueError):
    """A file that cannot be used. ``faults``: one sentence each."""

    def __init__(self, faults: Iterable[str]):
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


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
