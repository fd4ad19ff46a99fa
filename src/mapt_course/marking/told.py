"""What a trainee is told of an item after marking. Pure.

A feedback text of a graded item often names the key. So a trainee reads that of a part which
was answered right; of another only that it is not, unless the item's author says that its texts
name no right answer (``open_feedback``). Where the parts of an item hang together, nothing is
told of any while one is wrong: who ticked every box would hear which boxes are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .. import items as it
from .marker import Row


@dataclass(frozen=True)
class Told:
    """``parts`` by id, with no text where none is told; ``key``: a right response, if told."""

    parts: Mapping[str, it.Part] = field(default_factory=dict)
    key: Any = None


def told(row: Row, keys: bool = False) -> Told:
    """What is told of a row. ``keys``: the trainer allows the key of an item that was not right."""
    item, parts = row.item, row.mark.parts
    if not keys and item.one_answer and not all(part.right for part in parts):
        return Told()
    if not keys and not item.open_feedback:
        parts = [part if part.right else replace(part, feedback="") for part in parts]
    key = it.key_response(item) if keys and not row.mark.right else None
    return Told({part.id: part for part in parts}, key)
