"""When an item comes back: fsrs's own dates, whatever the record holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from answered import responses
from fsrs import Card, Rating, ReviewLog, Scheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from mapt_course import course, review
from mapt_course import items as it
from mapt_course.record import Event

BANK = course.module_bank("roots")
ITEM = "roots-007"  # a single
OTHER = "roots-008"
MULTIPLE = next(each for each in review.reviewable(BANK).values() if each.type == "multiple")
START = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
NOW = datetime(2027, 1, 5, 12, 0, tzinfo=UTC)
AGAIN, HARD, GOOD, EASY = Rating.Again, Rating.Hard, Rating.Good, Rating.Easy
GIVEN = {  # a rating -> (right or wrong, how sure)
    AGAIN: ("wrong", "sure"),
    HARD: ("right", "guess"),
    GOOD: ("right", "think"),
    EASY: ("right", "sure"),
}


def at(days: float) -> str:
    return (START + timedelta(days=days)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(kind: str, days: float, name: str = ITEM, **more) -> Event:
    return Event(f"{kind} {name} {days}", at(days), kind, name, **more)


def answer(days: float, rating: Rating, name: str = ITEM, **more) -> Event:
    how, sure = GIVEN[rating]
    given = responses(BANK.items[name])[how]
    return event("response", days, name, response=given, confidence=sure, **more)


def due(events: list[Event], now: datetime = NOW, bank=BANK) -> dict[str, datetime]:
    return review.dates(bank, events, now)


def fsrs_says(history: list[tuple[float, Rating]]) -> datetime:
    """The library's own replay of a history, from its own review logs, in its own order."""
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    logs = [ReviewLog(1, rating, START + timedelta(days=day), None) for day, rating in history]
    return scheduler.reschedule_card(Card(card_id=1), logs[::-1]).due


HISTORIES = {
    "once, sure": [(0, EASY)],
    "once, not sure": [(0, GOOD)],
    "once, a guess": [(0, HARD)],
    "once, wrong": [(0, AGAIN)],
    "on time": [(0, GOOD), (2, GOOD), (13, GOOD), (60, GOOD)],
    "a lapse": [(0, GOOD), (2, GOOD), (13, AGAIN), (14, GOOD), (17, EASY)],
    "lapses again and again": [(0, EASY), (8, AGAIN), (9, AGAIN), (10, AGAIN), (11, HARD)],
    "wrong, then right within the hour": [(0, AGAIN), (0.01, GOOD)],
    "a lapse mended within the hour": [(0, EASY), (9, AGAIN), (9.02, GOOD), (10.5, GOOD)],
    "long after": [(0, GOOD), (300, GOOD)],
    "early": [(0, EASY), (1, EASY), (1.2, EASY)],
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_dates_are_fsrs_own(history):
    """To the millisecond, lapses and second tries of a day among them."""
    found = due([answer(day, rating) for day, rating in history])

    assert {ITEM: fsrs_says(history)} == found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40_000), st.sampled_from(list(GIVEN))), min_size=1))
def test_dates_of_any_history_are_fsrs_own(steps):
    """Minutes between answers of any kind; the same answers give the same date each time."""
    history, minutes = [], 0
    for step, rating in steps[:9]:
        minutes += step + 1
        history.append((minutes / 1440, rating))
    events = [answer(day, rating) for day, rating in history]
    # The record has milliseconds: the library is told the same.
    given_at = [datetime.fromisoformat(each.at) for each in events]
    exact = [
        ((moment - START) / timedelta(days=1), rating)
        for moment, (_, rating) in zip(given_at, history, strict=True)
    ]
    [found] = due(events, START + timedelta(days=500)).values()

    assert abs(found - fsrs_says(exact)) < timedelta(milliseconds=1)
    assert [found] == list(due(events, START + timedelta(days=900)).values())


# --- ratings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sure, rated", [("sure", EASY), ("think", GOOD), ("", GOOD)])
def test_a_right_answer_counts_by_how_sure_it_was(sure, rated):
    given = event("response", 0, response=BANK.items[ITEM].key, confidence=sure)

    assert rated == review.rating(BANK.items[ITEM], given)


@pytest.mark.parametrize("sure", ["sure", "think", "guess"])
def test_partly_right_is_hard_and_wrong_is_again_however_sure(sure):
    key = sorted(MULTIPLE.key)
    partly = event("response", 0, MULTIPLE.id, response=key[:1], confidence=sure)
    wrong = replace(partly, response=[o.id for o in MULTIPLE.options if o.id not in key][:1])

    assert len(key) > 1
    assert HARD == review.rating(MULTIPLE, partly)
    assert AGAIN == review.rating(MULTIPLE, wrong)


def test_a_hint_makes_it_hard_on_its_day_and_in_its_attempt():
    """Also where the answer follows the day after; a fresh attempt of a later day is without."""
    hint, retry = event("hint", 0), event("retry", 8, activity=review.ACTIVITY)
    helped = [hint, answer(1, EASY)]

    assert {ITEM: fsrs_says([(1, HARD)])} == due(helped)
    assert {ITEM: fsrs_says([(1, HARD), (8, EASY)])} == due([*helped, retry, answer(8, EASY)])


def test_right_after_the_answer_was_shown_is_hard():
    """Try again straight after “Show the answer” is copying."""
    events = [answer(0, AGAIN), event("reveal", 0.001), event("retry", 0.002), answer(0.003, EASY)]

    assert {ITEM: fsrs_says([(0, AGAIN), (0.003, HARD)])} == due(events)


# --- what counts -----------------------------------------------------------------------------


def test_ratings_scenes_and_what_is_not_in_the_bank_do_not_come_back():
    """Nor an item that was only looked at."""
    given = [
        event("response", 0, name, response=it.key_response(BANK.items[name]))
        for name in ("roots-met", "roots-009")
    ]
    foreign = event("response", 0, "roots-check-1", response="x")

    assert {} == due([*given, foreign, event("hint", 0), event("retry", 0), event("opened", 0)])


def test_no_item_of_a_module_without_a_score_is_reviewable():
    for module in course.course().modules:
        kinds = {item.type for item in review.reviewable(course.module_bank(module.id)).values()}
        assert not kinds & {"rating", "scenario"}


def test_an_item_whose_key_changed_is_marked_with_the_key_of_today():
    """What was right and is not any more comes back the day after."""
    item = BANK.items[ITEM]
    other = next(option.id for option in item.options if option.id != item.key)
    changed = replace(BANK, items={**BANK.items, ITEM: replace(item, key=other)})

    assert {ITEM: fsrs_says([(0, AGAIN)])} == due([answer(0, EASY)], bank=changed)


def test_an_item_whose_words_changed_forgets_the_answers_that_no_longer_fit():
    item = BANK.items[ITEM]
    options = tuple(replace(each, id=f"new-{each.id}") for each in item.options)
    changed = replace(item, options=options, key=f"new-{item.key}")
    bank = replace(BANK, items={**BANK.items, ITEM: changed})
    fits = event("response", 5, response=changed.key, confidence="think")

    assert {} == due([answer(0, EASY)], bank=bank)
    assert {ITEM: fsrs_says([(5, GOOD)])} == due([answer(0, EASY), fits], bank=bank)


# --- times -----------------------------------------------------------------------------------


@pytest.mark.parametrize("forged", ["9999-12-31T23:59:59.999999Z", "2031-01-01T00:00:00+00:00"])
def test_a_time_of_the_future_puts_nothing_off(forged):
    """Alone, the item is due at once; beside others, it does not count."""
    ahead = replace(answer(0, EASY), at=forged)

    assert {ITEM: NOW} == due([ahead])
    assert {ITEM: fsrs_says([(3, GOOD)])} == due([ahead, answer(3, GOOD)])
    assert {ITEM: fsrs_says([(3, GOOD)])} == due([answer(3, GOOD), ahead])


def test_a_time_long_past_breaks_nothing():
    """An empty battery sets a clock to its first day: what was answered then is due now."""
    old = replace(answer(0, GOOD), at="0001-01-01T00:00:00Z")
    [first] = due([old]).values()
    [after] = due([old, answer(0, GOOD)]).values()

    assert first < NOW
    assert START < after < START + timedelta(days=36_501)


def test_a_clock_set_back_takes_no_date_back():
    """The order is that of the lines; an answer counts at the latest time before it."""
    events = [answer(10, GOOD), answer(4, GOOD)]

    assert {ITEM: fsrs_says([(10, GOOD), (10, GOOD)])} == due(events)


# --- the plan --------------------------------------------------------------------------------


def test_the_oldest_date_comes_first_over_all_modules():
    start = course.module_bank("start")
    first = next(iter(review.reviewable(start).values()))
    own = Event("s", at(1), "response", first.id, response=it.key_response(first))
    records = {
        "roots": [answer(0, EASY), answer(0, AGAIN, OTHER)],
        "start": [own],
    }
    plan = review.plan(records, NOW)

    assert [OTHER, first.id, ITEM] == [each.item for each in plan]
    assert ["roots", "start", "roots"] == [each.module for each in plan]
    assert [1, 3, 8] == [(each.at - START).days for each in plan]


def test_an_item_is_due_from_the_first_minute_of_its_day():
    """Who answered in the afternoon need not wait until the afternoon."""
    [each] = review.plan({"roots": [answer(0, AGAIN)]}, NOW)

    assert each.by((START + timedelta(days=1)).date())
    assert not each.by(START.date())


def test_what_was_answered_in_a_review_on_a_day():
    told = {"activity": review.ACTIVITY}
    records = {
        "roots": [
            answer(0, GOOD, **told),
            answer(0.01, GOOD, **told),
            answer(0, GOOD, OTHER),
            answer(1, GOOD, OTHER, **told),
        ]
    }

    assert {ITEM} == review.reviewed(records, START.date())
    assert {OTHER} == review.reviewed(records, (START + timedelta(days=1)).date())


def test_the_modules_before_a_module():
    assert ["start", "roots"] == review.before("hubs")
    with pytest.raises(course.NotFound):
        review.before("nowhere")
