"""The two buttons on Start here, in a real page: what they make comes down whole."""

from __future__ import annotations

import shutil

import docx
import pytest
import worked
from looks import all_looks
from playwright.sync_api import expect

from mapt_course.portfolio import statement
from mapt_course.portfolio.work import FOLDER

START = "0-start-here/start-here.ipynb"
NAME = "Lena Platt-Öztürk"
MAKING = 30_000  # ms for a document, on a busy machine


@pytest.fixture
def done(course):
    """A course in which everything is done; what was made of it is gone after the test."""
    worked.work_through(course.folder)
    yield course
    shutil.rmtree(course.folder / FOLDER, ignore_errors=True)


def test_both_papers_are_made_and_come_down(done, page):
    """With keys alone; the name that work was handed in under stands there already."""
    done.open(page, START)
    papers = page.locator(".mapt-papers")
    field = papers.get_by_label("Your name, as it is to be printed")
    expect(field).to_have_value("lena")
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(papers).to_contain_text("Your portfolio: ", timeout=MAKING)
    papers.get_by_role("button", name="Make my certificate").click()
    expect(papers).to_contain_text("Your certificate: ", timeout=MAKING)
    found = {}
    for name in ("portfolio.docx", "certificate.docx"):
        with page.expect_download() as downloading:
            papers.get_by_role("link", name=name).click()
        found[name] = docx.Document(downloading.value.path())
    with page.expect_popup() as opening:
        papers.get_by_role("link", name="certificate.html").click()
    printed = opening.value
    expect(printed.get_by_role("heading", name="Certificate")).to_be_visible()
    code = statement.of(done.folder, NAME).code

    assert NAME in [each.text for each in found["portfolio.docx"].paragraphs]
    assert f"Check code: {code}" in [each.text for each in found["certificate.docx"].paragraphs]
    assert code in printed.inner_text("body") and NAME in printed.inner_text("body")


def test_the_buttons_are_fit_to_read_in_every_state(done, page):
    done.open(page, START)
    papers = page.locator(".mapt-papers")
    papers.get_by_role("button", name="Make my certificate").click()
    expect(papers).to_contain_text("Your certificate: ", timeout=MAKING)
    found = all_looks(page)

    assert not found, found


def test_nothing_done_and_no_name_are_told_in_a_sentence(course, page):
    """And the buttons can be pressed again."""
    course.open(page, START)
    papers = page.locator(".mapt-papers")
    button = papers.get_by_role("button", name="Make my portfolio")
    button.click()
    expect(papers).to_contain_text("Say whose it is")
    papers.get_by_label("Your name").fill(NAME)
    button.click()
    expect(papers).to_contain_text("There is nothing to put into it yet", timeout=MAKING)
    expect(button).to_be_enabled()

    assert not (course.folder / FOLDER).exists()
