"""The sanitize stage in this process, on notebooks as no program writes them."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import hostile
import nbformat
import pytest
import trainees
from course_copy import read
from hypothesis import given, settings
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import CheckCellMetadata
from traitlets.config import LoggingConfigurable

from mapt_course.marking.nbgrader import Exporter, Rebuild
from mapt_course.record import Record


class Command(LoggingConfigurable):
    """What an exporter's or a preprocessor's parent is in an nbgrader command."""

    coursedir = None


def command(root: Path) -> Command:
    made = Command()
    made.coursedir = CourseDirectory(root=str(root))
    made.coursedir.source_directory = "solutions"
    made.coursedir.release_directory = "exercises"
    return made


def rebuilt(root: Path, student: str):
    resources = {
        "nbgrader": {
            "student": student,
            "assignment": trainees.ASSIGNMENT,
            "notebook": trainees.ASSIGNMENT,
            "db_url": "",
        }
    }
    return Rebuild(parent=command(root))(nbformat.v4.new_notebook(), resources)[0]


@pytest.fixture(scope="module")
def course(cycle, tmp_path_factory) -> Path:
    """A course root with its solutions and exercises."""
    root = tmp_path_factory.mktemp("stages")
    for step in ("solutions", "exercises"):
        (root / step).symlink_to(cycle.course.root / step)
    return root


@settings(deadline=None, max_examples=40)
@given(hostile.NOTEBOOKS)
def test_any_notebook_becomes_the_released_one(course, raw):
    """What a trainer opens is valid, has each graded cell once, and nothing else of a trainee's."""
    with TemporaryDirectory(dir=course) as place:
        root = Path(place)
        for step in ("solutions", "exercises"):
            (root / step).symlink_to(course / step)
        folder = root / "submitted" / "eve" / trainees.ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / trainees.NOTEBOOK).write_bytes(raw)
        notebook = rebuilt(root, "eve")

    nbformat.validate(notebook)
    CheckCellMetadata()(notebook, {})
    graded = [cell.id for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert graded == ["roots-check", trainees.REFLECTION]
    assert all(cell.get("outputs", []) == [] for cell in notebook.cells)
    assert not any("attachments" in cell for cell in notebook.cells)
    json.dumps(notebook, ensure_ascii=False).encode()


def test_the_record_s_reflection_is_taken_first(course, tmp_path):
    """What stands in the notebook as well is shown after it."""
    for step in ("solutions", "exercises"):
        (tmp_path / step).symlink_to(course / step)
    folder = tmp_path / "submitted" / "ben" / trainees.ASSIGNMENT
    folder.mkdir(parents=True)
    notebook = read(course / "exercises" / trainees.ASSIGNMENT / trainees.NOTEBOOK)
    for cell in notebook["cells"]:
        if cell["id"] == trainees.REFLECTION:
            cell["source"] = "Typed here"
    (folder / trainees.NOTEBOOK).write_text(json.dumps(notebook))
    Record(folder).append("reflection", trainees.REFLECTION, text="Kept there")
    [cell] = [c for c in rebuilt(tmp_path, "ben").cells if c.id == trainees.REFLECTION]

    assert "Kept there<br><br>&#40;Written into the notebook&#58;&#41;<br>Typed here" in cell.source


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "a'b", "", ".", "a" * 200, "-x"])
def test_a_name_that_could_act_in_formgrader_is_refused(course, name):
    """formgrader writes a trainee's name into its pages as it is."""
    with pytest.raises(ValueError, match="is not a trainee's name"):
        rebuilt(course, name)


@pytest.mark.parametrize("name", ["lena", "zoë.müller@example.org", "Lena Smith", "u12+3"])
def test_names_that_trainees_have(course, name):
    (course / "submitted" / name / trainees.ASSIGNMENT).mkdir(parents=True)

    assert rebuilt(course, name).cells


def test_the_exporter_opens_no_submission(course, tmp_path):
    """The submitted file is not even looked at: it need not exist."""
    told = {"student": "eve", "assignment": trainees.ASSIGNMENT, "notebook": trainees.ASSIGNMENT}
    path = course / "submitted" / "eve" / trainees.ASSIGNMENT / trainees.NOTEBOOK
    made, _ = Exporter(parent=command(course)).from_filename(str(path), {"nbgrader": told})

    assert json.loads(made)["cells"] == []
