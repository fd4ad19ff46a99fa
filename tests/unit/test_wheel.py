"""The wheel: it carries the course and the exercises, and never a solution."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from mapt_course import __version__


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """The wheel of this checkout, as ``pip`` would build it."""
    from hatchling import build

    before = Path.cwd()
    folder = tmp_path_factory.mktemp("wheel")
    os.chdir(root)
    try:
        name = build.build_wheel(str(folder))
    finally:
        os.chdir(before)
    with zipfile.ZipFile(folder / name) as opened:
        yield opened


@pytest.fixture(scope="module")
def names(wheel) -> list[str]:
    return wheel.namelist()


def test_its_names(wheel, names):
    assert Path(wheel.filename).name.startswith(f"mapt_course-{__version__}-py3-none-any")
    info = f"mapt_course-{__version__}.dist-info"
    assert "mapt = mapt_course.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
    metadata = wheel.read(f"{info}/METADATA").decode()
    assert "Name: mapt-course\n" in metadata
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/LICENSE-CONTENT"} <= set(names)


def test_it_carries_every_built_notebook_and_bank(root, names):
    for folder in ("course", "exercises"):
        for kind in ("*.ipynb", "*.toml", "*.csv"):
            for path in (root / folder).rglob(kind):
                if ".ipynb_checkpoints" not in path.parts:
                    assert f"mapt_course/{path.relative_to(root).as_posix()}" in names


def test_it_carries_the_helper_and_the_settings_of_jupyterlab(names):
    data = f"mapt_course-{__version__}.data/data/share/jupyter/labextensions/mapt-course/"
    assert f"{data}package.json" in names
    assert any(name.startswith(f"{data}static/remoteEntry") for name in names)
    assert "mapt_course/labextension/mapt-course/package.json" in names
    assert "mapt_course/jupyter/labconfig/default_setting_overrides.json" in names
    assert "mapt_course/jupyter/labconfig/page_config.json" in names


def test_it_carries_no_solution_and_no_trainers_file(root, wheel, names):
    stray = (
        "solutions",
        "trainer",
        "tests",
        "gradebook.db",
        "responses.jsonl",
        ".ipynb_checkpoints",
        "rubric",
        "submitted",
        "autograded",
    )
    assert [name for name in names if any(word in name for word in stray)] == []
    graded = [path.read_bytes() for path in (root / "solutions").rglob("*") if path.is_file()]
    carried = [wheel.read(name) for name in names]
    assert not set(filter(None, graded)) & set(carried), "a file of solutions/ under another name"


def test_it_carries_no_lesson_sources(names):
    assert [name for name in names if name.endswith(".md")] == []


def test_it_carries_the_pages_of_marking(root, names):
    """The templates of formgrader's page and of the feedback; a folder's name hides none."""
    templates = root / "src/mapt_course/marking/templates"
    files = [path for path in templates.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} == {"feedback", "formgrade"}
    for path in files:
        assert path.relative_to(root / "src").as_posix() in names
