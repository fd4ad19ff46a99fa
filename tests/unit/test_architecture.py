"""The order of the modules, over their syntax trees: imports point up the list, never down."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mapt_course

PACKAGE = Path(mapt_course.__file__).parent

# A module may import those that stand before it. ARCHITECTURE.md says what each one holds.
ORDER = (
    "items",
    "bank",
    "record",
    "merge",
    "course",
    "workfolder",
    "privacy",
    "foreign",
    "zips",
    "handin",
    "words",
    "paper",
    "products",
    "carry",
    "review",
    "results",
    "widgets",
    "portfolio",
    "figures",
    "marking",
    "cohort",
    "room",
    "authoring",
    "server",
    "start",
    "cli",
)
# What a module may not import although it stands before it.
NOT = {"record": {"bank"}, "figures": {"widgets"}, "widgets": {"figures"}}
# What opening a lesson must not load: it takes seconds, or is not there for a trainee.
HEAVY = {"pandas", "matplotlib", "numpy", "nbgrader", "sqlalchemy", "jupytext", "docx"}


def part(path: Path) -> str:
    """The module of the list that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = sorted(path for path in PACKAGE.rglob("*.py") if part(path) != "__init__")


def imports(path: Path) -> tuple[set[str], set[str]]:
    """The modules of our own that a file imports, and the packages of others."""
    own, others = set(), set()
    within = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(within[: len(within) - node.level]) if node.level else ""
            start = ".".join(filter(None, [base, node.module]))
            names = [f"{start}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, *rest = name.split(".")
            if first != "mapt_course":
                others.add(first)
            elif rest and rest[0] not in ("__version__", "__init__"):
                own.add(rest[0])
    return own, others


def test_every_module_has_its_place():
    assert {part(path) for path in FILES} <= set(ORDER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_up(path):
    me = part(path)
    before = set(ORDER[: ORDER.index(me) + 1]) - NOT.get(me, set())
    own, _ = imports(path)
    modules = own & set(ORDER)
    assert modules <= before, f"{path.name} imports {modules - before}, which stand below {me}"


def test_items_know_the_standard_library_only():
    files = [path for path in FILES if part(path) == "items"]
    assert files
    for path in files:
        own, others = imports(path)
        assert own <= {"items"}, path
        assert others <= sys.stdlib_module_names, path


def test_a_lesson_never_needs_what_authors_and_trainers_install():
    for path in FILES:
        _, others = imports(path)
        if part(path) in ("items", "bank", "record", "course", "review", "results", "widgets"):
            assert not others & HEAVY, path
        if part(path) != "authoring":
            assert "jupytext" not in others, path


def test_opening_a_lesson_loads_nothing_heavy():
    code = (
        "import sys, mapt_course, mapt_course.widgets\n"
        "mapt_course.quiz\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not HEAVY & set(done.stdout.split())
