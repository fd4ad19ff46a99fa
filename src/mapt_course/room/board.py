"""What the screens of a room show, as JSON, and how it changed: by version."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

REMEMBERED = 600  # tellings that somebody who asks now and then may have missed


@dataclass
class Board:
    """What screens of one kind show: each part as JSON, “null” where it went away."""

    parts: dict[str, str] = field(default_factory=dict)
    told: deque[tuple[int, list[str]]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    listeners: dict[Any, None] = field(default_factory=dict)  # hall.Listener

    def whole(self) -> str:
        """All that is shown, as JSON."""
        return joined((key, text) for key, text in self.parts.items() if text != "null")

    def since(self, v: int) -> str:
        """What changed after a version, as JSON."""
        keys = {key: None for version, keys in self.told if version > v for key in keys}
        return joined((key, self.parts[key]) for key in keys)


def to_json(value: Any) -> str:
    """As short as can be."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def joined(parts: Iterable[tuple[str, str]]) -> str:
    """An object of parts that are JSON already."""
    return "{" + ",".join(f"{to_json(key)}:{text}" for key, text in parts) + "}"


def message(kind: str, v: int, parts: str, own: str = "") -> bytes:
    """“all” or “some” of the protocol; ``parts`` and ``own`` are JSON already."""
    more = f',"own":{own}' if own else ""
    return encoded(f'{{"t":"{kind}","v":{v},"parts":{parts}{more}}}')


def encoded(text: str) -> bytes:
    """As it is sent."""
    return text.encode("utf-8")
