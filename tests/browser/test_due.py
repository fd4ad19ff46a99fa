"""Questions that are due, in a real page, weeks after they were answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from answering import block, click_answer, item_of, key_answer, tab_to, verdict
from looks import TWO_LOOKS, all_looks
from playwright.sync_api import expect

from mapt_course import course as whole
from mapt_course import items as it
from mapt_course import record, review

START = "0-start-here/start-here.ipynb"
LESSON = "2-hubs/2-1-schools.ipynb"
SINGLE, OTHER = "roots-007", "roots-008"


def answered(course, name: str, days: float) -> None:
    """An item answered rightly so many days ago, as the record would have it."""
    at = datetime.now(UTC) - timedelta(days=days)
    told = record.Event(
        id=f"{name} {days}",
        at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        kind="response",
        item=name,
        activity="roots-guess",
        response=it.key_response(item_of(name)),
        confidence="think",
    )
    with open(course.folder / "1-roots" / record.NAME, "ab") as file:
        file.write(told.line())


def plan(course) -> dict[str, datetime]:
    bank = whole.module_bank("roots")
    return review.dates(bank, course.events("1-roots"), datetime.now(UTC))


def test_due_questions_are_answered_with_keys_and_go(course, page):
    """Shown when asked for; answered, it stays with its feedback until the trainee goes on."""
    answered(course, SINGLE, 30)
    answered(course, OTHER, 20)
    item = item_of(SINGLE)
    course.open(page, START)
    section = page.locator(".mapt-due")
    expect(section).to_contain_text("2 questions are due.")
    expect(section.locator(".mapt-item")).to_have_count(0)
    before = course.events("1-roots")
    found = all_looks(page, looks=TWO_LOOKS)
    tab_to(page, "[data-k=begin]")
    page.keyboard.press("Enter")
    found += all_looks(page, looks=TWO_LOOKS)
    key_answer(page, item, item.key)
    tab_to(page, "[data-k=think]")
    page.keyboard.press("Enter")
    assert "✓" in verdict(block(page, item))
    expect(section).to_contain_text("1 more to come.")
    found += all_looks(page, looks=TWO_LOOKS)
    page.keyboard.press("Tab")
    tab_to(page, "[data-k=next]")
    page.keyboard.press("Enter")
    expect(section).to_contain_text("1 question is due.")
    expect(block(page, item)).to_have_count(0)
    focused = page.evaluate("() => document.activeElement.textContent")
    added = course.events("1-roots")[len(before) :]

    assert not found, found
    assert 2 == len(before), "opening the page writes nothing"
    assert ["retry", "response"] == [event.kind for event in added]
    assert {review.ACTIVITY} == {event.activity for event in added}
    assert "1 question is due." == focused
    assert plan(course)[SINGLE] > datetime.now(UTC) + timedelta(days=7)
    assert plan(course)[OTHER] < datetime.now(UTC)


def test_before_a_lesson_and_when_all_is_done(course, page):
    """A wrong answer too is done for today; the day of the next is told, after a reload as well."""
    answered(course, SINGLE, 30)
    item = item_of(SINGLE)
    wrong = next(option.id for option in item.options if option.id != item.key)
    course.open(page, LESSON)
    section = page.locator(".mapt-due")
    expect(section).to_contain_text("1 question is due.")
    click_answer(block(page, item), item, wrong)
    block(page, item).get_by_role("button", name="Sure", exact=True).click()
    assert "Not yet" in verdict(block(page, item))
    expect(section).to_contain_text("That was all for today. The next comes back on ")
    course.call(f"sessions/{course.call('sessions')[0]['id']}", "DELETE")
    course.open(page, LESSON)
    expect(section).to_contain_text("That was all for today.")
    expect(section.locator(".mapt-item")).to_have_count(0)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%A %-d %B")

    assert tomorrow in section.inner_text().replace(",", "")
    assert [] == course.events("2-hubs")


def test_a_quiet_line_where_nothing_is_due(course, page):
    """On the first day, the lesson begins with it and goes on."""
    course.open(page, LESSON)
    section = page.locator(".mapt-due")
    expect(section).to_have_text("Nothing is due today.")

    assert 0 == section.get_by_role("button").count()
    assert page.get_by_role("heading", name="Tuesday, ten past one").is_visible()
