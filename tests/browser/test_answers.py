"""A trainee answers every item type: by mouse, by keys, wrongly, with a hint, once more."""

from __future__ import annotations

import pytest
from answering import (
    LESSONS,
    TIME_LINE,
    block,
    check,
    click_answer,
    item_of,
    key_answer,
    label,
    tab_to,
    verdict,
)
from playwright.sync_api import expect

from mapt_course import course as whole
from mapt_course import items as it


def test_all_types_are_met():
    """The lessons of these tests hold all eight item types."""
    types = {item_of(name).type for names in LESSONS.values() for name in names}

    assert set(it.TYPES) == types


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_type_is_answered_by_mouse_and_is_there_after_a_reload(course, page, lesson):
    """The key earns “Right”; the record has it; the page shows it again."""
    items = [item_of(name) for name in LESSONS[lesson]]
    course.open(page, lesson)
    for item in items:
        click_answer(block(page, item), item, it.key_response(item))
        check(block(page, item), item)
    events = {event.item: event for event in course.events("1-roots")}
    course.open(page, lesson)

    assert [item.points for item in items] == [
        it.mark(item, events[item.id].response).score for item in items
    ]
    assert {"think", ""} >= {event.confidence for event in events.values()}
    for item in items:
        if item.type == "rating":
            assert len(item.statements) == block(page, item).locator("input:checked").count()
        else:
            assert "✓" in verdict(block(page, item))


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_type_is_answered_by_keyboard_alone(course, page, lesson):
    """Fields, arrows, Space and Enter reach the key, and Tab reaches the way to check it."""
    items = [item_of(name) for name in LESSONS[lesson]]
    course.open(page, lesson)
    for item in items:
        key_answer(page, item, it.key_response(item))
        if item.type not in ("rating", "scenario"):
            tab_to(page, f'[data-test="{item.id}"] [data-k="sure"]')
            page.keyboard.press("Enter")
            assert "✓" in verdict(block(page, item))
        elif item.type == "rating":
            block(page, item).locator(".mapt-general").wait_for()
    events = {event.item: event for event in course.events("1-roots")}

    assert [item.points for item in items] == [
        it.mark(item, events[item.id].response).score for item in items
    ]


def test_steps_can_be_dragged_too(course, page):
    """Dragging is an extra: it moves a step as the buttons do."""
    item = item_of("roots-005")
    course.open(page, TIME_LINE)
    rows = block(page, item).locator(".mapt-order li")
    before = rows.all_inner_texts()
    rows.nth(0).drag_to(rows.nth(2))
    after = rows.all_inner_texts()

    assert before[0].split("\n")[1] == after[2].split("\n")[1]


def wrong(item: it.Item) -> str:
    return next(option.id for option in item.options if option.id != item.key)


def test_a_wrong_answer_gets_its_own_feedback_and_another_try(course, page):
    """Feedback of the option chosen and no other; the key only on request; then shuffled anew."""
    item = item_of("roots-007")
    course.open(page, TIME_LINE)
    place = block(page, item)
    place.get_by_role("button", name="Hint").click()
    expect(place).to_contain_text(item.hint)
    before = place.locator(".mapt-option").all_inner_texts()
    click_answer(place, item, wrong(item))
    place.get_by_role("button", name="Sure", exact=True).click()
    said = verdict(place)
    shown = place.inner_text()
    feedback = {option.id: option.feedback for option in item.options}
    place.get_by_role("button", name="Try again").click()
    expect(place.locator(".mapt-option")).to_have_count(len(item.options))
    after = place.locator(".mapt-option").all_inner_texts()

    assert "Not yet" in said
    assert item.misconception in said
    assert [wrong(item)] == [name for name, text in feedback.items() if text in shown]
    assert sorted(before) == sorted(after) and before != after


def test_the_answer_is_shown_on_request_and_not_before(course, page):
    """The page holds no key, no feedback and no hint before they are earned or asked for."""
    item = item_of("roots-006")
    course.open(page, TIME_LINE)
    place = block(page, item)
    held = page.evaluate("() => document.documentElement.outerHTML")
    click_answer(place, item, wrong(item))
    place.get_by_role("button", name="A guess").click()
    verdict(place)
    place.get_by_role("button", name="Show the answer").click()
    place.locator(".mapt-key").wait_for()
    right = label(item.options, item.key)

    assert right in place.locator(".mapt-key").inner_text()
    assert not [option.text for option in item.options if option.feedback in held]
    assert item.hint not in held


def test_nothing_of_the_key_is_sent_before_an_answer(course, page):
    """What goes over the wire on opening holds no feedback, hint or later moment of a scene."""
    frames: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived",
            lambda frame: frames.append(
                frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
            ),
        ),
    )
    course.open(page, TIME_LINE)
    wire = "".join(frames)
    bank = whole.module_bank("roots")
    lesson = whole.lessons("roots")[0]
    names = [
        n for a in lesson.activities for n in (bank.quizzes[a].items if a in bank.quizzes else [a])
    ]
    secret = []
    for item in (bank.items[name] for name in names):
        secret += [e.feedback for listed in item.lists for e in getattr(item, listed)]
        secret += [item.hint, item.general_feedback, item.misconception]
        if item.type == "scenario":
            secret += [c.feedback for node in item.nodes for c in node.choices]
            secret += [node.text for node in item.nodes if node.id != item.start]

    assert bank.items["roots-007"].options[0].text in wire
    assert [] == [text for text in secret if len(text) > 20 and text[:60] in wire]
