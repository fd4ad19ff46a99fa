"""The course as ``mapt start`` opens it, for the browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running import RunningCourse, new_computer


@pytest.fixture(scope="session")
def running_course(tmp_path_factory, chromium) -> Iterator[RunningCourse]:
    with new_computer(tmp_path_factory.mktemp("trainee")) as opened:
        yield opened


@pytest.fixture
def course(running_course) -> RunningCourse:
    """The running course, as on the first day."""
    running_course.forget()
    return running_course
