"""Banks: items, quizzes, reflections and forms, read strictly from TOML.

``docs/author.md`` is the format. All faults of a file are reported at once, each with the
file, the item and the mend.

The imports point up this list:

- ``table``: a TOML table, read strictly; the course's other data files are read with it too
- ``fields``: a table of a bank, which reads on after a fault; ids, numbers, entries
- ``forms``: what a trainee fills in
- ``types``: a bank, a quiz, a reflection
- ``kinds``: what each item type has of its own
- ``reader``: a bank's file as a whole
- ``criteria``: the rubric that a trainer reads a reflection or a form by
"""

from .criteria import Criterion, Level, Rubric, read_rubric
from .fields import Draft
from .forms import Cell, Field, Form, FormPart
from .reader import read
from .table import FORMAT, NAME, BankError, Fault, Table, load_toml
from .types import Bank, Quiz, Reflection

__all__ = [
    "FORMAT",
    "NAME",
    "Bank",
    "BankError",
    "Cell",
    "Criterion",
    "Draft",
    "Fault",
    "Field",
    "Form",
    "FormPart",
    "Level",
    "Quiz",
    "Reflection",
    "Rubric",
    "Table",
    "load_toml",
    "read",
    "read_rubric",
]
