"""The course's own notebooks: built from their sources, and every activity runs.

Run here by nbclient, since nbval does not show what a cell gave; that ``pytest --nbval-lax course``
works as well is the last test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from mapt_course.authoring import build, check

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "course").glob("*/*.ipynb"))
# A kernel starts in another folder, where a relative PYTHONPATH would mislead it.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
WIDGET = "application/vnd.jupyter.widget-view+json"

lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def is_activity(cell):
    return "mapt-activity" in cell.metadata.get("tags", ())


def test_every_built_file_equals_its_build(capsys):
    """Notebooks and pictures are as ``mapt build`` makes them, byte for byte."""
    code = build.main(check=True)
    said = [s for s in capsys.readouterr().out.splitlines() if not s.endswith("drawing ...")]

    assert 0 == code, "\n".join(said)
    assert LESSONS


def test_the_course_keeps_the_authors_rules(capsys):
    """``mapt check`` has nothing to complain of."""
    code = check.main()

    assert 0 == code, capsys.readouterr().out


@lesson
def test_a_lesson_holds_no_code_but_its_activities(path):
    """Every code cell is one call of the course's own, hidden and locked."""
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]

    assert all(is_activity(cell) for cell in cells)
    assert all(cell.source.startswith("from mapt_course import ") for cell in cells)
    assert [1] * len(cells) == [len(cell.source.splitlines()) for cell in cells]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The code cells of every lesson after a run, by lesson; one kernel for all, to save time."""
    cells = {path: nbformat.read(path, 4).cells for path in LESSONS}
    cells = {path: [c for c in found if c.cell_type == "code"] for path, found in cells.items()}
    whole = nbformat.v4.new_notebook(cells=[cell for found in cells.values() for cell in found])
    where = {"metadata": {"path": str(tmp_path_factory.mktemp("lessons"))}}
    client = NotebookClient(whole, timeout=120, kernel_name="python3", resources=where)
    client.execute(env=ENVIRONMENT)
    return cells


@lesson
def test_a_lesson_runs_and_every_activity_shows_itself(path, executed):
    """Each gives a widget, and beside it the HTML and the first line that the build stored."""
    built = nbformat.read(path, 4)
    stored = {cell.id: cell.outputs[0].data for cell in built.cells if is_activity(cell)}
    given = {
        cell.id: dict(pair for output in cell.outputs for pair in output.get("data", {}).items())
        for cell in executed[path]
        if is_activity(cell)
    }
    widgets = [shown.pop(WIDGET, None) for shown in given.values()]
    for shown in stored.values():
        shown["text/plain"] = shown["text/plain"].partition("\n")[0]
    noise = [o for c in executed[path] for o in c.outputs if o.output_type == "stream"]

    assert stored == given
    assert all(widgets)
    assert [] == noise


def test_nbval_runs_the_course(tmp_path):
    """``pytest --nbval-lax course`` passes, on a copy so that no record is left here."""
    shutil.copytree(ROOT / "course", tmp_path / "course")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax"]
    ran = subprocess.run(
        [*command, "course"], cwd=tmp_path, capture_output=True, text=True, env=ENVIRONMENT
    )

    assert 0 == ran.returncode, ran.stdout[-3000:] + ran.stderr[-1000:]
