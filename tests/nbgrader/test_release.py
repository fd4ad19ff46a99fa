"""``mapt release`` and the release's own preprocessor."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
import trainees
from course_copy import CHECKOUT, CourseCopy, environment

from mapt_course.authoring import cells
from mapt_course.marking import release
from mapt_course.marking.nbgrader import KeepQuestions


@pytest.fixture
def course(tmp_path, solutions):
    return CourseCopy.make(tmp_path, solutions)


def test_it_makes_the_exercises_of_all_assignments(course, cycle, monkeypatch, capsys):
    """From a fresh build, each is what the checkout has, byte for byte, and nothing else.

    The stock command, which the cycle runs, makes the same.
    """
    for name, value in environment(course.place / "home").items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(course.root / "solutions")
    assert release.main([]) == 0
    made, there = files(course.root / "exercises"), files(CHECKOUT / "exercises")
    stock = files(cycle.course.root / "exercises")

    assert 12 == len(made) and made == there
    assert stock.items() <= made.items() and stock
    assert "exercises/core-check: written" in capsys.readouterr().out


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_name_that_there_is_not(course, capsys):
    assert release.main(["nothing"], course.root) == 1
    assert "There is no assignment “nothing”" in capsys.readouterr().err


def test_a_notebook_that_is_not_built(course, capsys):
    (course.root / "solutions" / trainees.ASSIGNMENT / trainees.NOTEBOOK).unlink()

    assert release.main([], course.root) == 1
    assert "is not built. Run: mapt build" in capsys.readouterr().err


def test_a_notebook_older_than_its_items(course, capsys):
    items = course.root / "solutions" / trainees.ASSIGNMENT / "items.toml"
    items.write_text(items.read_text("utf-8").replace('stem = "', 'stem = "Now: ', 1), "utf-8")

    assert release.main([], course.root) == 1
    assert "is older than its items.toml. Run: mapt build" in capsys.readouterr().err


def test_nothing_to_release(course, capsys):
    shutil.rmtree(course.root / "solutions")
    (course.root / "solutions").mkdir()

    assert release.main([], course.root) == 1
    assert "nothing in solutions/" in capsys.readouterr().err


def test_the_questions_stay_under_their_cell(cycle):
    """A copy that is not run, or not trusted, shows the questions."""
    released = nbformat.read(
        cycle.course.root / "exercises" / trainees.ASSIGNMENT / trainees.NOTEBOOK, as_version=4
    )
    shown = {cell.id: cell.outputs for cell in released.cells if cell.cell_type == "code"}

    assert {"text/html", "text/plain"} == set(shown["roots-check"][0].data)
    assert shown[f"{trainees.REFLECTION}-box"]
    assert {cell.id: cell for cell in released.cells}[trainees.REFLECTION].source == (
        cells.PLACEHOLDER
    )


def test_other_outputs_do_not_stay():
    """An output of any other code may show a solution."""
    output = nbformat.v4.new_output("stream", text="42")
    ours = 'from mapt_course import quiz; quiz("a-quiz")'
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(source, outputs=[output])
            for source in (ours, "print(42)", f"{ours}; print(42)", f"print(42)\n{ours}")
        ]
    )
    cleared, _ = KeepQuestions()(notebook, {})

    assert [bool(cell.outputs) for cell in cleared.cells] == [True, False, False, False]
