"""Weeks after the course: when it is advised, and what stands beside what then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mapt_course import course, record, widgets
from mapt_course import items as it
from mapt_course.widgets import activity
from mapt_course.widgets.home import course_map

END = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)  # when the rating at the end was given
HREF = "../9-forward/9-5-look-again.ipynb"
EARLIER = ("start-004", "forward-155-then", "forward-155")


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    """A working folder, with the lesson's helper in module 9."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    for module in course.course().modules:
        (tmp_path / module.folder).mkdir()
    monkeypatch.chdir(tmp_path / "9-forward")
    activity._activity.cache_clear()
    yield tmp_path
    activity._activity.cache_clear()


def write(root: Path, name: str, at: datetime, **values) -> None:
    """An event of a given time: nobody waits six weeks."""
    stamp = at.isoformat().replace("+00:00", "Z")
    event = record.Event(id=f"{name} {stamp}", at=stamp, item=name, **values)
    with open(root / course.module_folder(name) / record.NAME, "ab") as file:
        file.write(event.line())


def rate(root: Path, name: str, value: int, at: datetime = END) -> None:
    statements = course.bank_of(name).items[name].statements
    write(root, name, at, kind="response", response={each.id: value for each in statements})


def on_the_map(told: dict) -> dict:
    return next(each for m in told["modules"] for each in m["lessons"] if each["href"] == HREF)


@pytest.mark.parametrize(("days", "is_due"), [(0, False), (41, False), (42, True), (300, True)])
def test_it_is_advised_when_the_weeks_have_passed(root, days, is_due):
    """Before that it is on the map, to be opened, and neither advised nor counted as missing."""
    empty = course_map(root, END)
    rate(root, "forward-155", 4)
    told = course_map(root, END + timedelta(days=days))

    assert ((told["again"] or {}).get("href") == HREF) is is_due
    assert (2 if is_due else 0) == told["of"] - empty["of"]
    assert HREF != told["next"]["href"] and 6 == on_the_map(told)["weeks"]


def test_it_is_advised_until_it_is_done(root):
    rate(root, "forward-155", 4)
    rate(root, "forward-156", 3, END + timedelta(days=50))
    now = END + timedelta(days=51)
    half = course_map(root, now)["again"]
    write(root, "forward-r10", now, kind="reflection", text="In part.")

    assert (1, 2) == (half["done"], half["of"])
    assert course_map(root, now)["again"] is None


def test_nothing_is_advised_without_a_rating_at_the_end(root):
    """Time alone says nothing; done early, it counts and is advised to nobody."""
    rate(root, "start-004", 2)
    rate(root, "forward-156", 3)
    told = course_map(root, END + timedelta(days=300))

    assert told["again"] is None and 1 == on_the_map(told)["done"]


def test_the_last_lesson_leads_past_it_to_the_check(root):
    """It is for weeks later: who goes from page to page is not sent there."""
    lessons = {each.id: each.path.read_text(encoding="utf-8") for each in course.lessons("forward")}

    assert "checks/forward-check/forward-check.ipynb" in lessons["forward-4"]
    assert "9-5-look-again" not in lessons["forward-4"]
    assert "**Next:**" not in lessons["forward-5"] and "Back to Start here" in lessons["forward-5"]


def test_all_four_ratings_stand_side_by_side_with_what_was_known(root):
    """The twelve sentences are the same, and the figures are those of the record."""
    for value, name in enumerate(EARLIER, 1):
        rate(root, name, value)
    bank = course.module_bank("forward")
    for n, name in enumerate(bank.quizzes["forward-baseline"].items):
        item = bank.items[name]
        given = it.key_response(item) if n < 7 else _wrong(item)
        write(root, name, END, kind="response", response=given)
    rate(root, "forward-156", 4, END + timedelta(days=50))
    [shown] = widgets.rating("forward-156").state_of_page()["items"]
    texts = [[each.text for each in course.bank_of(n).items[n].statements] for n in EARLIER[::2]]

    assert 4 == len(shown["picture"]["series"]) and "Now" == shown["picture"]["series"][-1]
    assert all([1, 2, 3, 4] == row["values"] for row in shown["picture"]["rows"])
    assert all(each == [s["text"] for s in shown["statements"]] for each in texts)
    assert ["not answered", "7 of 10", "1.0 of 5", "2.0 of 5", "3.0 of 5", "4.0 of 5"] == [
        row["value"] for row in shown["result"]["rows"]
    ]
    assert "not validated" in shown["result"]["caution"] + shown["general_feedback"]


def test_no_score_is_told_before_the_questions_are_all_answered(root):
    """Nor is how sure it felt shown without a line for what was known."""
    bank = course.module_bank("forward")
    item = bank.items[bank.quizzes["forward-baseline"].items[0]]
    write(root, item.id, END, kind="response", response=it.key_response(item))
    half = widgets.rating("forward-156").state_of_page()["items"]
    rate(root, "forward-156", 4)
    [shown] = widgets.rating("forward-156").state_of_page()["items"]

    assert "result" not in half[0]
    assert ["not answered", "not all answered yet"] == [
        row["value"] for row in shown["result"]["rows"][:2]
    ]


def test_the_letter_is_shown_as_it_was_left(root):
    """The last wording, and when; where there is none, only what it would have been."""
    page = widgets.reflection("forward-r10")
    before = page.state_of_page()["reflection"]["earlier"]
    write(root, "forward-r9", END, kind="reflection", text="Dear me, a first try.")
    write(root, "forward-r9", END + timedelta(hours=1), kind="reflection", text="Dear me <b>!</b>")
    after = page.state_of_page()["reflection"]["earlier"]
    title = course.module_bank("forward").reflections["forward-r9"].title

    assert {"title": title, "text": "", "at": ""} == before
    assert ("Dear me <b>!</b>", "2026-03-02T17:00:00Z") == (after["text"], after["at"])


def _wrong(item: it.Item) -> object:
    keys = {item.key} if item.type == "single" else item.key
    other = next(option.id for option in item.options if option.id not in keys)
    return other if item.type == "single" else [other]
