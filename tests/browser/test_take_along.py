"""Everything taken along from one computer and brought back on another, on the page."""

from __future__ import annotations

import os
import zipfile

import pytest
from looks import all_looks
from playwright.sync_api import expect
from running import new_computer

from mapt_course import carry, record
from mapt_course import course as whole

HOME = "0-start-here/start-here.ipynb"
LESSON = "0-start-here/0-1-welcome.ipynb"
ITEM = "start-003"


@pytest.fixture
def course(tmp_path_factory):
    """A computer of its own: the shared one holds what other tests left in its folder."""
    with new_computer(tmp_path_factory.mktemp("first")) as first:
        yield first


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """Another computer."""
    with new_computer(tmp_path_factory.mktemp("other")) as second:
        yield second


def test_from_one_computer_to_another(course, other, page, tmp_path):
    """With keys up to the file; what was answered on both is there, and in the end on the page."""
    item = whole.module_bank("start").items[ITEM]
    record.Record(course.folder / "0-start-here").append(
        "response", ITEM, response=[item.options[0].id], confidence="sure"
    )
    (course.folder / "my notes.txt").write_text("Ask Bev.", encoding="utf-8")
    (course.folder / "film.mp4").write_bytes(os.urandom(2_000_000))
    course.open(page, HOME)
    along = page.locator("section.mapt-take_along")
    along.get_by_role("button", name="Take everything along").focus()
    page.keyboard.press("Enter")
    expect(along).to_contain_text("Packed: 4 files.", timeout=15_000)
    found = all_looks(page)
    with page.expect_download() as downloading:
        along.get_by_role("link").click()
    zip_file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(zip_file)
    with zipfile.ZipFile(zip_file) as packed:
        names = set(packed.namelist())

    assert {f"{carry.INSIDE}/my notes.txt", f"{carry.INSIDE}/0-start-here/responses.jsonl"} < names

    record.Record(other.folder / "0-start-here").append("opened", "start-promises")
    other.open(page, HOME)
    along.get_by_label("Bring it back: choose a zip").set_input_files(zip_file)
    expect(along).to_contain_text("2 files came in.", timeout=20_000)
    expect(along).to_contain_text("1 entry in your records came in.")
    found += all_looks(page)
    along.get_by_label("Bring it back: choose a zip").set_input_files(zip_file)
    expect(along).to_contain_text("Nothing is new", timeout=20_000)
    other.open(page, LESSON)
    answered = page.locator("section.mapt-quiz").first
    expect(answered).to_contain_text(item.options[0].feedback, timeout=15_000)

    assert {ITEM, "start-promises"} == {each.item for each in other.events("0-start-here")}
    assert (course.folder / "film.mp4").read_bytes() == (other.folder / "film.mp4").read_bytes()
    assert not found, found


def test_what_is_no_zip_is_told_on_the_page(other, page, tmp_path):
    (tmp_path / "a.zip").write_bytes(b"holiday")
    other.open(page, HOME)
    along = page.locator("section.mapt-take_along")
    along.get_by_label("Bring it back: choose a zip").set_input_files(tmp_path / "a.zip")
    expect(along).to_contain_text("This zip was not brought back. It is not a zip", timeout=15_000)
    expect(along.get_by_role("button", name="Take everything along")).to_be_enabled()
