"""Six weeks later, in a real page: Start here advises it, and everything stands side by side."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from looks import LOOKS, all_looks
from playwright.sync_api import expect
from worked import Diary

from mapt_course import course as whole
from mapt_course import items as it
from mapt_course import record

PHONE = "phone, dark"
START, LATER = "0-start-here/start-here.ipynb", "9-forward/9-5-look-again.ipynb"
LETTER = "Dear me,\n\nring the <b>nurse</b> first. From Monday."


def test_a_trainee_comes_back_after_six_weeks(course, page):
    """From the advice to the letter, the twelve sentences, and what was known beside them."""
    an_end_eight_weeks_ago(course.folder)
    course.open(page, START)
    link = page.get_by_role("link", name="Look again · 10 minutes")
    expect(page.locator(".mapt-next")).to_contain_text("6 weeks or more since")
    course.open(page, LATER)
    expect(page.locator(".mapt-earlier p")).to_have_text(LETTER)
    rating = page.locator(".mapt-rating").first
    for group in rating.get_by_role("radiogroup").or_(rating.locator(".mapt-scale")).all():
        group.get_by_role("radio", name="Mostly true").check()
    table = rating.locator(".mapt-result-table")
    expect(table).to_contain_text("some weeks later", timeout=15_000)
    expect(table.locator("td").last).to_have_text("4.0 of 5", timeout=15_000)
    found = all_looks(page, looks={PHONE: LOOKS[PHONE]})
    said = table.inner_text()
    page.get_by_label("Read your letter").fill("In part.")
    page.get_by_label("Read your letter").blur()
    course.until(lambda: "forward-r10" in record.latest(course.events("9-forward")), "the answer")
    course.open(page, START)
    expect(link).to_have_count(0)

    assert "10 of 10" in said and "3.0 of 5" in said
    assert not found, found


def an_end_eight_weeks_ago(folder) -> None:
    """The rating at the end, the letter and all ten questions, eight weeks before today."""
    bank = whole.module_bank("forward")
    rated = [bank.items["forward-155-then"], bank.items["forward-155"]]
    told = [
        {"kind": "response", "item": item.id, "response": {e.id: n for e in item.statements}}
        for n, item in enumerate(rated, 2)
    ]
    told.append({"kind": "reflection", "item": "forward-r9", "text": LETTER})
    for name in bank.quizzes["forward-baseline"].items:
        given = it.key_response(bank.items[name])
        told.append({"kind": "response", "item": name, "response": given})
    Diary(folder, datetime.now(UTC) - timedelta(weeks=8)).write("9-forward", told)
