"""What a lesson's kernel loads: nothing that takes seconds, or that a trainee does not have."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import kernels
import pytest

from mapt_course import course

HEAVY = {"pandas", "matplotlib", "numpy", "nbgrader", "sqlalchemy", "jupytext", "docx"}
LOADED = "sorted({name.partition('.')[0] for name in __import__('sys').modules})"


def notebooks() -> list[Path]:
    """Every notebook that a trainee opens."""
    lessons = [each.path for m in course.course().modules for each in lessons_of(m.id)]
    checks = [course.exercises_folder() / n / f"{n}.ipynb" for n in course.assignments()]
    return [*lessons, *checks]


def lessons_of(module: str):
    """The lessons of a module; none where it is not written yet."""
    try:
        return course.lessons(module)
    except course.NotFound:
        return ()


def calls(path: Path) -> list[str]:
    """The sources of a notebook's code cells."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def kernel(tmp_path):
    """A real kernel in an empty folder."""
    with kernels.running(tmp_path) as client:
        yield client


def run(client, source: str, **expressions: str) -> dict:
    """Execute a cell; the kernel's reply."""
    reply = client.execute_interactive(
        source, user_expressions=expressions, output_hook=lambda message: None, timeout=60
    )
    return reply["content"]


def test_opening_a_lesson_loads_nothing_heavy(kernel):
    """Every call of every notebook in one kernel: what is loaded then."""
    for path in notebooks():
        for call in calls(path):
            assert "ok" == run(kernel, call)["status"], (path, call)
    told = run(kernel, "", loaded=LOADED)["user_expressions"]["loaded"]["data"]["text/plain"]
    loaded = set(ast.literal_eval(told))

    assert {"ipywidgets", "mapt_course"} <= loaded
    assert set() == HEAVY & loaded
