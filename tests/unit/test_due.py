"""The questions that are due, without a browser: which are shown, and what is written where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from answered import responses
from IPython.display import HTML

from mapt_course import course, record, review, widgets
from mapt_course import items as it
from mapt_course.widgets import activity
from mapt_course.widgets.due import Due

ROOTS = course.module_bank("roots")
NAMES = list(review.reviewable(ROOTS))
FIRST = NAMES[0]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A working folder with a folder for each module."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    for module in course.course().modules:
        (tmp_path / module.folder).mkdir()
    monkeypatch.chdir(tmp_path / "2-hubs")
    return tmp_path


@pytest.fixture
def sent(monkeypatch) -> list[dict]:
    messages: list[dict] = []
    monkeypatch.setattr(
        activity.Activity, "send", lambda self, content, buffers=None: messages.append(content)
    )
    return messages


def answered(root, names, days: float = 30, module: str = "roots", **more) -> None:
    """These items answered right some days ago, one after another."""
    place = root / next(m.folder for m in course.course().modules if m.id == module)
    bank = course.module_bank(module)
    with open(place / record.NAME, "ab") as file:
        for n, name in enumerate(names):
            at = datetime.now(UTC) - timedelta(days=days, seconds=-n)
            file.write(
                record.Event(
                    id=f"{name} {days}",
                    at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                    kind="response",
                    item=name,
                    response=it.key_response(bank.items[name]),
                    **more,
                ).line()
            )


def events(root, folder: str = "1-roots") -> list[record.Event]:
    return list(record.Record(root / folder).read().events)


def home(root) -> Due:
    return Due("", root / "0-start-here")


def take(shown: Due, do: str, item: str, mid: str = "m", **more) -> None:
    shown._received(shown, {"do": do, "item": item, "mid": mid, **more}, [])


def reply(shown: Due, item: str, mid: str = "m") -> None:
    right = it.key_response(ROOTS.items[item])
    take(shown, "response", item, mid, response=right, confidence="think")


def test_nothing_is_due_on_the_first_day(root):
    page = home(root).state_of_page()

    assert ([], 0, 0, "") == (page["items"], page["due"], page["done"], page["next"])


def test_the_day_of_the_next_is_told_where_none_is_due(root):
    answered(root, [FIRST], days=0)
    page = home(root).state_of_page()
    day = (datetime.now(UTC) + timedelta(days=2)).date()

    assert [] == page["items"]
    assert day.isoformat() == page["next"]


def test_ten_a_day_on_start_here_three_in_a_lesson(root):
    """The others are counted, and the oldest is asked first, without its key."""
    answered(root, NAMES[:14])
    whole, lesson = home(root).state_of_page(), widgets.due("hubs").state_of_page()

    assert (10, 4) == (whole["due"], whole["later"])
    assert (3, 11) == (lesson["due"], lesson["later"])
    assert [FIRST] == [item["id"] for item in whole["items"]]
    assert whole["items"][0]["response"] is None and "mark" not in whole["items"][0]


def test_a_lesson_asks_of_earlier_modules_only(root):
    answered(root, [FIRST])
    hubs = course.module_bank("hubs")
    answered(root, list(review.reviewable(hubs))[:1], module="hubs")

    assert 1 == widgets.due("hubs").state_of_page()["due"]
    assert 0 == Due("roots", root / "1-roots").state_of_page()["due"]
    assert 2 == Due("language", root / "3-language").state_of_page()["due"]


def test_to_open_it_writes_nothing_and_the_hint_is_hidden_again(root):
    answered(root, [FIRST])
    record.Record(root / "1-roots").append("hint", FIRST)
    before = events(root)
    [item] = home(root).state_of_page()["items"]

    assert before == events(root)
    assert (1, "", None) == (item["attempt"], item["hint"], item["response"])


def test_an_answer_goes_to_its_own_module_as_a_fresh_attempt(root, sent):
    """It stays with its feedback until the trainee goes on; then it is not due any more."""
    answered(root, NAMES[:2])
    shown = widgets.due("hubs")
    reply(shown, FIRST)
    [told] = sent
    take(shown, "next", FIRST, "n")
    retry, response = events(root)[-2:]

    assert [] == events(root, "2-hubs")
    assert ("retry", "response") == (retry.kind, response.kind)
    assert {review.ACTIVITY} == {retry.activity, response.activity}
    assert ("m", "think") == (response.id, response.confidence)
    assert told["view"]["items"][0]["mark"]["right"]
    assert (1, 1) == (told["view"]["due"], told["view"]["done"])
    assert [NAMES[1]] == [item["id"] for item in sent[-1]["view"]["items"]]


@pytest.mark.parametrize("restarted", [False, True])
def test_an_answer_sent_twice_counts_once(root, sent, restarted):
    """Also where the helper was started again between."""
    answered(root, [FIRST])
    reply(home(root) if restarted else widgets.due("hubs"), FIRST)
    once = events(root)
    reply(home(root) if restarted else widgets.due("hubs"), FIRST)

    assert ["m", "m"] == [message["ack"] for message in sent]
    assert once == events(root)


def test_a_hint_and_a_second_try_belong_to_the_same_review(root, sent):
    """One fresh attempt, then the trainee's own; wrong today is due tomorrow."""
    wrong = responses(ROOTS.items[FIRST])["wrong"]
    answered(root, [FIRST])
    shown = home(root)
    take(shown, "hint", FIRST, "h")
    take(shown, "response", FIRST, "r", response=wrong, confidence="sure")
    take(shown, "retry", FIRST, "t")
    [page] = [message["view"] for message in sent[-1:]]
    kinds = [event.kind for event in events(root)]

    assert ["response", "retry", "hint", "response", "retry"] == kinds
    assert (0, 2, None) == (
        page["due"],
        page["items"][0]["attempt"],
        page["items"][0]["response"],
    )
    assert (datetime.now(UTC) + timedelta(days=1)).date().isoformat() == page["next"]


def test_ten_answered_are_enough_for_a_day(root, sent):
    answered(root, NAMES[:12])
    shown = home(root)
    for n, name in enumerate(NAMES[:10]):
        reply(shown, name, f"m{n}")
    take(shown, "next", NAMES[9], "n")
    page = sent[-1]["view"]

    assert ([], 0, 2, 10) == (page["items"], page["due"], page["later"], page["done"])


NONSENSE = {
    "an unknown deed": {"do": "erase", "item": FIRST},
    "an item never answered": {"do": "response", "item": "hubs-001", "response": "x"},
    "an item of nowhere": {"do": "retry", "item": "../x"},
    "an item that is no text": {"do": "hint", "item": ["x"]},
    "a response of another shape": {"do": "response", "item": FIRST, "response": 7},
    "a rating": {"do": "retry", "item": "roots-met"},
}


@pytest.mark.parametrize("message", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_answered_with_a_sentence_and_writes_nothing(root, sent, message):
    answered(root, [FIRST])
    before = events(root)
    take(home(root), **message)

    assert sent[0]["refused"] and sent[0]["error"].endswith(".")
    assert before == events(root)


def test_a_module_that_is_not_there_is_told_in_a_sentence(root):
    shown = widgets.due("nowhere")

    assert isinstance(shown, HTML) and "There is no module “nowhere”" in shown.data


def test_a_run_of_nbgrader_asks_nothing(root, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    assert isinstance(widgets.due(), HTML)


def test_a_cell_run_again_shows_the_same_model(root):
    assert widgets.due("hubs") is widgets.due("hubs")
    assert widgets.due("hubs") is not widgets.due()
