"""Every page, as people look at it: light, dark, on a phone; before and after answering.

A page is opened once a state: new in every look, answered light on a desk and dark on a phone.
One failure lists all complaints.
"""

from __future__ import annotations

import pytest
from answered import answer_everything
from looks import SHEET, TWO_LOOKS, all_looks

START = "0-start-here/start-here.ipynb"
LESSON = "1-roots/1-1-time-line.ipynb"
PAGES = [
    START,
    "0-start-here/0-1-welcome.ipynb",
    LESSON,
    "1-roots/1-2-faults-duties-outcomes.ipynb",
    "1-roots/1-3-maisie.ipynb",
    "checks/roots-check/roots-check.ipynb",
]
shown: dict[str, str] = {}  # path -> HTML of an answered page


@pytest.mark.parametrize("path", PAGES)
def test_a_new_page_is_fit_to_read_in_every_look(course, page, path):
    """No violation, overlap, cut text, small target or hidden focus before answering."""
    course.open(page, path)
    found = all_looks(page)

    assert not found, found


@pytest.mark.parametrize("path", PAGES)
def test_an_answered_page_is_fit_to_read(course, page, path):
    """The same with right, wrong and partly right answers, hints, keys and scenes on it."""
    answer_everything(course.folder)
    course.open(page, path)
    found = all_looks(page, looks=TWO_LOOKS)
    shown[path] = page.locator(SHEET).inner_html()

    assert not found, found


@pytest.mark.parametrize(("view", "path"), [("lab/tree", START), ("doc/tree", LESSON)])
def test_a_page_in_jupyterlab_is_fit_to_read(course, page, path, view):
    """In JupyterLab the lesson's own panel has no violation either."""
    answer_everything(course.folder)
    course.open(page, path, view)
    found = all_looks(page, SHEET, TWO_LOOKS)

    assert not found, found


def test_the_answered_pages_hold_every_state(course, page):
    """The states that the looks are taken of are there to be seen."""
    answer_everything(course.folder)
    for path in PAGES[1:5]:
        if path not in shown:  # this test alone was asked for
            course.open(page, path)
            shown[path] = page.locator(SHEET).inner_html()
    seen = "".join(shown.values())

    for sign in (
        "mapt-right",
        "mapt-wrong",
        "Partly there.",
        "Not yet.",
        "✓ Right.",
        "mapt-key",
        "mapt-hint",
        "mapt-chosen",
        "Take another way",
        "Start again",
        "Check my answer.",
    ):
        assert sign in seen, sign
