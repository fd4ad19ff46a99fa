"""The button that hands in, in a real page: warned first, then a receipt that stays."""

from __future__ import annotations

import zipfile

from looks import all_looks
from playwright.sync_api import expect

from mapt_course import course as whole
from mapt_course import handin, record

CHECK = "checks/roots-check/roots-check.ipynb"


def answer(course, option: int) -> None:
    item = whole.released_bank("roots-check").items["roots-check-2"]
    place = record.Record(course.folder / "checks" / "roots-check")
    place.append("response", item.id, response=item.options[option].id)


def test_handing_in_from_the_page(course, page):
    """With keys alone: told what is missing, handed in, the receipt is the record's own."""
    answer(course, 0)
    course.open(page, CHECK)
    button = page.locator(".mapt-handin")
    button.get_by_label("Your name or number").focus()
    page.keyboard.type("lena")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(button).to_contain_text("Questions 1, 3, 4, 5, 6, 7, 8 and 9 are not answered.")
    expect(button).to_contain_text("is still empty")
    assert [] == record.hand_ins(course.events("checks/roots-check"), "roots-check")
    page.keyboard.press("Enter")
    expect(button).to_contain_text("Receipt: ", timeout=15_000)
    [handed] = record.hand_ins(course.events("checks/roots-check"), "roots-check")
    with page.expect_download() as downloading:
        button.get_by_role("link").first.click()
    with zipfile.ZipFile(downloading.value.path()) as packed:
        names = set(packed.namelist())

    assert handed.receipt in button.inner_text() and "as lena" in button.inner_text()
    assert {record.NAME, "roots-check.ipynb"} == names
    assert downloading.value.suggested_filename.startswith("roots-check__lena__")


def test_the_receipt_stays_and_a_change_may_be_handed_in_once_more(course, page):
    """After a reload too; the third time there is no button, only a sentence."""
    answer(course, 0)
    handin.hand_in(course.folder / "checks" / "roots-check", "roots-check", "lena")
    course.open(page, CHECK)
    button = page.locator(".mapt-handin")
    expect(button).to_contain_text("Handed in on ")
    expect(button.get_by_role("button", name="Hand in again")).to_have_count(0)
    answer(course, 1)
    course.open(page, CHECK)
    button.get_by_role("button", name="Hand in again").click()
    button.get_by_role("button", name="Hand in all the same").click()
    expect(button).to_contain_text("(second time)", timeout=15_000)
    answer(course, 2)
    course.open(page, CHECK)
    expect(button).to_contain_text("What you changed since then does not count.")

    assert 2 == len(record.hand_ins(course.events("checks/roots-check"), "roots-check"))
    assert 0 == button.get_by_role("button", name="Hand in again").count()


def test_a_name_that_cannot_be_used_is_told_in_a_sentence(course, page):
    answer(course, 0)
    course.open(page, CHECK)
    button = page.locator(".mapt-hand_in")
    button.get_by_label("Your name or number").fill("Lena / Platt")
    button.get_by_role("button", name="Hand in").click()
    button.get_by_role("button", name="Hand in all the same").click()
    expect(button).to_contain_text("Write your name or number as your trainer has it")
    expect(button.get_by_role("button", name="Hand in")).to_be_enabled()

    assert [] == record.hand_ins(course.events("checks/roots-check"), "roots-check")


def test_the_button_is_fit_to_read_in_every_state(course, page):
    """Asked once, and with its receipt."""
    answer(course, 0)
    course.open(page, CHECK)
    button = page.locator(".mapt-handin")
    button.get_by_label("Your name or number").fill("lena")
    button.get_by_role("button", name="Hand in").click()
    found = all_looks(page)
    button.get_by_role("button", name="Hand in all the same").click()
    expect(button).to_contain_text("Receipt: ", timeout=15_000)
    found += all_looks(page)

    assert not found, found
