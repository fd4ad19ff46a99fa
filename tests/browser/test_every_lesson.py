"""Every lesson of the course opens, and is fit to read: light on a desk, dark on a phone.

Module 1 and the first lesson are looked at in every look and state (``test_pages.py``); the others
are built of the same parts.
"""

from __future__ import annotations

import pytest
from looks import TWO_LOOKS, all_looks

from mapt_course import course as whole

LESSONS = [
    f"{module.folder}/{lesson.path.name}"
    for module in whole.course().modules
    for lesson in whole.lessons(module.id)
    if lesson.activities and module.id != "roots" and lesson.id != "start-1"
]


@pytest.mark.parametrize("path", LESSONS)
def test_every_lesson_opens_and_is_fit_to_read(course, page, path):
    """No violation, overlap, cut text, small target or hidden focus."""
    course.open(page, path)
    found = all_looks(page, looks=TWO_LOOKS)

    assert not found, found
