"""A form in a real page: it saves itself box by box, loses nothing, and draws what was entered."""

from __future__ import annotations

from pathlib import Path

import docx
from looks import all_looks
from playwright.sync_api import expect

from mapt_course import record

BLOCKS = "5-models/5-3-eight-blocks.ipynb"
CIRCLES = "6-principles/6-3-two-tasks.ipynb"


def entered(course, folder: str, form: str) -> dict:
    return record.entries(course.events(folder)).get(form, {})


def test_a_box_saves_itself_and_is_there_again(course, page):
    """Typed with keys alone, without a button; kept over a reload; drawn in the picture."""
    course.open(page, BLOCKS)
    sheet = page.locator(".mapt-form")
    sheet.get_by_label("Block 1: Its name").focus()
    page.keyboard.type("Somebody calls")
    page.keyboard.press("Tab")
    page.keyboard.type("Nobody comes")
    page.keyboard.press("Tab")
    course.until(
        lambda: (
            entered(course, "5-models", "models-083")
            == {"blocks.1.name": "Somebody calls", "blocks.1.carries": "Nobody comes"}
        ),
        "both boxes",
    )
    expect(sheet.get_by_role("status")).to_contain_text("Saved ")
    expect(sheet.locator(".mapt-blocks li").first).to_contain_text("Somebody calls")
    course.open(page, BLOCKS)

    assert "Nobody comes" == sheet.get_by_label("Block 1: What breaks without it").input_value()
    assert 7 == sheet.locator(".mapt-blocks .mapt-open").count()


def test_a_sheet_is_taken_along_as_a_file(course, page):
    """With keys alone, with what was typed last; an empty one is told in a sentence."""
    course.open(page, BLOCKS)
    sheet = page.locator("section.mapt-form")
    sheet.get_by_role("button", name="Word").click()
    expect(sheet).to_contain_text("Nothing is filled in yet.", timeout=15_000)
    sheet.get_by_label("Block 1: Its name").fill("Somebody calls")
    found = {}
    for kind, name in (("docx", "Word"), ("md", "Plain text"), ("csv", "Table")):
        sheet.get_by_role("button", name=name).focus()
        with page.expect_download(timeout=30_000) as downloading:
            page.keyboard.press("Enter")
        assert f"my-own-eight-blocks.{kind}" == downloading.value.suggested_filename
        found[kind] = Path(downloading.value.path())
    expect(sheet).to_contain_text("my-own-eight-blocks.csv” is among your downloads")
    [table] = docx.Document(found["docx"]).tables

    assert "Somebody calls" == table.rows[1].cells[1].text
    assert all("Somebody calls" in found[kind].read_text("utf-8") for kind in ("md", "csv"))


def test_two_pages_of_one_form_take_each_others_boxes(course, page):
    """Different boxes filled in on two pages both stay, and both pages show both."""
    course.open(page, BLOCKS)
    other = page.context.new_page()
    course.open(other, BLOCKS)
    mine, theirs = (each.locator(".mapt-form") for each in (page, other))
    mine.get_by_label("Block 1: Its name").fill("Time")
    mine.get_by_label("Block 1: Its name").blur()
    theirs.get_by_label("Block 2: Its name").fill("Money")
    theirs.get_by_label("Block 2: Its name").blur()
    expect(mine.get_by_label("Block 2: Its name")).to_have_value("Money", timeout=15_000)
    expect(theirs.get_by_label("Block 1: Its name")).to_have_value("Time", timeout=15_000)
    other.close()

    assert {"blocks.1.name": "Time", "blocks.2.name": "Money"} == entered(
        course, "5-models", "models-083"
    )


def test_the_circles_follow_what_is_moved(course, page):
    """A statement begins inside, and stands outside once it was moved outward."""
    course.open(page, CIRCLES)
    sheet = page.locator(".mapt-form").first
    sheet.get_by_label("Mine 1: What it says").fill("Every child reads")
    sheet.get_by_label("Mine 2: What it says").fill("We meet less")
    figure = sheet.locator("figure")
    expect(figure.locator("ol")).to_have_count(1)
    sheet.get_by_label("Mine 2: Where it lies").select_option("Moved outward")
    expect(figure.locator("ol")).to_have_count(2)

    assert (
        1 == figure.locator("circle.mapt-out").count() == figure.locator("circle.mapt-in").count()
    )
    assert "We meet less" in figure.locator("ol").last.inner_text()


def test_a_filled_form_is_fit_to_read_in_every_look(course, page):
    """Long entries in every box: no overlap, cut text, small target or axe violation."""
    bank_folder = course.folder / "6-principles"
    for row in range(1, 10):
        record.Record(bank_folder).append(
            "form",
            "principles-101",
            response={
                f"notes.{row}.says": "No family has to tell its story twice to anybody " * 3,
                f"notes.{row}.place": "moved-outward" if row % 3 else "inside",
            },
        )
    course.open(page, CIRCLES)
    found = all_looks(page)

    assert not found, found
