"""Banks: items, quizzes and reflections, read strictly from TOML.

``docs/author.md`` is the format. All faults of a file are reported at once, each with the
file, the item and the mend.

The imports point up this list:

- ``table``: a TOML table, read strictly; the course's other data files are read with it too
- ``types``: a bank, a quiz, a reflection
- ``fields``: a table of a bank, which reads on after a fault; ids, numbers, entries
- ``kinds``: what each item type has of its own
- ``reader``: a bank's file as a whole
"""

from .reader import read
from .table import FORMAT, NAME, BankError, Fault, Table, load_toml
from .types import Bank, Quiz, Reflection

__all__ = [
    "FORMAT",
    "NAME",
    "Bank",
    "BankError",
    "Fault",
    "Quiz",
    "Reflection",
    "Table",
    "load_toml",
    "read",
]
