"""``mapt mark`` on whatever bytes a submission has."""

from __future__ import annotations

import shutil

import hostile
import nbformat
import pytest
import trainees
from course_copy import CourseCopy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from mapt_course.marking import batch

PAIRS = st.lists(st.tuples(hostile.NOTEBOOKS, hostile.RECORDS), min_size=4, max_size=6)


@pytest.fixture(scope="module")
def course(released, tmp_path_factory) -> CourseCopy:
    return CourseCopy.of(tmp_path_factory.mktemp("fuzz"), released.root)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(PAIRS)
def test_any_bytes_are_marked(course, pairs):
    """Notebook and record may hold anything: there are marks, and a page that can be opened."""
    submitted = course.root / "submitted"
    shutil.rmtree(submitted, ignore_errors=True)
    for number, (notebook, record) in enumerate(pairs):
        place = submitted / f"trainee{number}" / trainees.ASSIGNMENT
        place.mkdir(parents=True)
        (place / trainees.NOTEBOOK).write_bytes(notebook)
        (place / "responses.jsonl").write_bytes(record)

    assert batch.main([trainees.ASSIGNMENT], force=True, root=course.root) == 0

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        for number in range(len(pairs)):
            where = (trainees.ASSIGNMENT, trainees.ASSIGNMENT, f"trainee{number}")
            assert 0 <= gradebook.find_grade("roots-check", *where).auto_score <= 9
            page = course.root / "autograded" / f"trainee{number}" / trainees.ASSIGNMENT
            nbformat.validate(nbformat.read(page / trainees.NOTEBOOK, as_version=4))
