"""Items, responses and marks.

Pure and standard library only: an item knows no file, no widget and no notebook.
An item with ``key=None`` is what a trainee may hold before answering: see :func:`strip`.

The imports point up this list:

- ``text``: texts compared, made into ids, shown in a message
- ``types``: the item types, and a stripped item as plain values and back
- ``responses``: the shape of a response, and whether it fits its item
- ``marking``: a response and the key give a mark
"""

from .marking import best_worth, key_response, mark
from .responses import LONGEST_TYPED, check_response, complete
from .text import plain, slug
from .types import (
    TYPES,
    Categorising,
    Choice,
    Entry,
    Gap,
    GapKey,
    Item,
    Mark,
    Matching,
    Multiple,
    Node,
    Ordering,
    Part,
    Rating,
    ResponseError,
    Scenario,
    Single,
    from_plain,
    strip,
    to_plain,
)

__all__ = [
    "LONGEST_TYPED",
    "TYPES",
    "Categorising",
    "Choice",
    "Entry",
    "Gap",
    "GapKey",
    "Item",
    "Mark",
    "Matching",
    "Multiple",
    "Node",
    "Ordering",
    "Part",
    "Rating",
    "ResponseError",
    "Scenario",
    "Single",
    "best_worth",
    "check_response",
    "complete",
    "from_plain",
    "key_response",
    "mark",
    "plain",
    "slug",
    "strip",
    "to_plain",
]
