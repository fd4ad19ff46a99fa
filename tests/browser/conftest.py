"""The course as ``mapt start`` opens it, for the browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running import RunningCourse
from started import Started, new_home


@pytest.fixture(scope="session")
def running_course(tmp_path_factory, chromium) -> Iterator[RunningCourse]:
    folder = tmp_path_factory.mktemp("trainee")
    started = Started(new_home(folder / "home"), str(folder / "course"), "--browser", "none")
    try:
        yield RunningCourse(folder / "course", started)
    finally:
        started.stop()


@pytest.fixture
def course(running_course) -> RunningCourse:
    """The running course, as on the first day."""
    running_course.forget()
    return running_course
