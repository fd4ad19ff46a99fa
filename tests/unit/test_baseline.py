"""The knowledge baseline: two parallel forms that show nothing before both are answered."""

from __future__ import annotations

import json

import pytest

from mapt_course import course, record, widgets
from mapt_course import items as it
from mapt_course.widgets import activity

BEFORE, AFTER = "start-baseline", "forward-baseline"


def asked(quiz_id: str) -> list[it.Item]:
    bank = course.bank_of(quiz_id)
    return [bank.items[name] for name in bank.quizzes[quiz_id].items]


def wrong(item: it.Item) -> object:
    keys = {item.key} if item.type == "single" else item.key
    other = next(option.id for option in item.options if option.id not in keys)
    return other if item.type == "single" else [other]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A working folder; each form is opened from its own lesson's folder."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    for name in ("0-start-here", "9-forward"):
        (tmp_path / name).mkdir()
    activity._activity.cache_clear()
    yield tmp_path
    activity._activity.cache_clear()


def page(root, monkeypatch, quiz_id: str) -> dict:
    monkeypatch.chdir(root / course.module_folder(quiz_id))
    return widgets.quiz(quiz_id).state_of_page()


def answer(root, quiz_id: str, right: int, again: bool = False) -> None:
    trainee = record.Record(root / course.module_folder(quiz_id))
    for n, item in enumerate(asked(quiz_id)):
        if again:
            trainee.append("retry", item.id)
        given = it.key_response(item) if n < right else wrong(item)
        trainee.append("response", item.id, response=given)


def test_the_forms_are_parallel():
    """Ten pairs: the same type, the same group of facts, none of them the same item."""
    one, two = asked(BEFORE), asked(AFTER)
    groups = [{fact[:2] for fact in item.facts} for item in (*one, *two)]

    assert 10 == len(one) == len(two)
    assert [item.type for item in one] == [item.type for item in two]
    assert all(a & b for a, b in zip(groups[:10], groups[10:], strict=True))
    assert not {item.stem for item in one} & {item.stem for item in two}


def test_nothing_is_shown_before_the_last_answer(root, monkeypatch):
    """No mark, no feedback, no hint; for the first form until the second is answered."""
    answer(root, BEFORE, 4)
    shown = page(root, monkeypatch, BEFORE)
    said = json.dumps(shown, ensure_ascii=False)

    assert shown["graded"] and shown["later"]
    assert not any("mark" in item or item["has_hint"] for item in shown["items"])
    assert not any(o.feedback in said for item in asked(BEFORE) for o in item.options)


def test_both_results_stand_side_by_side_with_the_self_ratings(root, monkeypatch):
    """The first attempt counts; a rating that was not given is said to be missing."""
    answer(root, BEFORE, 4)
    answer(root, AFTER, 9)
    answer(root, AFTER, 10, again=True)  # no part of the result
    rating = course.module_bank("start").items["start-004"]
    record.Record(root / "0-start-here").append(
        "response", rating.id, response={each.id: 2 for each in rating.statements}
    )
    now = page(root, monkeypatch, AFTER)

    assert ["4 of 10", "9 of 10", "2.0 of 5", "not given", "not given"] == [
        row["value"] for row in now["result"]["rows"]
    ]
    assert all("mark" in item for item in now["items"])
    assert all("mark" in item for item in page(root, monkeypatch, BEFORE)["items"])


def test_an_answer_on_its_way_is_no_answer(root, monkeypatch):
    """Ticks save themselves one by one; what stands there at the end of the attempt counts."""
    trainee = record.Record(root / "0-start-here")
    [several] = [item for item in asked(BEFORE) if item.type == "multiple"]
    ticks = it.key_response(several)
    for n in range(len(ticks)):
        trainee.append("response", several.id, response=ticks[: n + 1])
    answer(root, AFTER, 0)
    rows = page(root, monkeypatch, AFTER)["result"]["rows"]

    assert 1 < len(ticks)
    assert "1 of 10" == rows[0]["value"]
