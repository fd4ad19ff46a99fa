"""Activities without a browser: what a page sends, what is kept, what is sent back."""

from __future__ import annotations

import json
from html import escape

import pytest
from IPython.display import HTML

from mapt_course import course, record, widgets
from mapt_course import items as it
from mapt_course.widgets import activity, fallback, view

QUIZ, ITEM = "roots-guess", "roots-007"
SCENE, RATING = "roots-009", "roots-met"
CHECK = "roots-check"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A trainee's folder, in which a lesson's kernel runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    activity._activity.cache_clear()
    yield tmp_path
    activity._activity.cache_clear()


@pytest.fixture
def sent(monkeypatch) -> list[dict]:
    """What activities send to their pages."""
    messages: list[dict] = []
    monkeypatch.setattr(
        activity.Activity, "send", lambda self, content, buffers=None: messages.append(content)
    )
    return messages


def take(shown, **message) -> None:
    """A message as a page sends it."""
    shown._received(shown, message, [])


def answer(shown, item: str, response, mid: str, **more) -> None:
    take(shown, do="response", item=item, response=response, mid=mid, **more)


def item_of(name: str) -> it.Item:
    return course.module_bank("roots").items[name]


def first_reflection() -> str:
    return next(iter(course.module_bank("roots").reflections))


def events(folder) -> list[record.Event]:
    return list(record.Record(folder).read().events)


def secrets(items) -> list[str]:
    """The texts that an answer has to earn."""
    texts = []
    for item in items:
        texts += [entry.feedback for name in item.lists for entry in getattr(item, name)]
        texts += [item.hint, item.general_feedback, item.misconception]
    return [text for text in texts if text]


# --- the same model --------------------------------------------------------------------------


def test_a_cell_run_again_shows_the_same_model(folder):
    """One model for an activity in a folder, whatever else was shown between."""
    first = widgets.quiz(QUIZ)
    widgets.scenario(SCENE)

    assert first is widgets.quiz(QUIZ)
    assert first.model_id == widgets.quiz(QUIZ).model_id


def test_another_folder_has_another_model_and_record(folder, monkeypatch):
    """Two copies of the course in one kernel do not mix."""
    first = widgets.quiz(QUIZ)
    (folder / "other").mkdir()
    monkeypatch.chdir(folder / "other")

    assert first is not widgets.quiz(QUIZ)
    assert first.record.path != widgets.quiz(QUIZ).record.path


def test_the_state_is_the_records_at_the_time_it_is_asked_for(folder):
    """A page that opens later gets what was answered meanwhile, also by another process."""
    shown = widgets.quiz(QUIZ)
    before = shown.get_state("view")["view"]
    record.Record(folder).append("response", ITEM, response=item_of(ITEM).key)
    after = shown.get_state("view")["view"]

    assert [None] == [item["response"] for item in before["items"]]
    assert [item_of(ITEM).key] == [item["response"] for item in after["items"]]


def test_two_activities_on_one_record_see_each_others_events(folder):
    """As two lessons of one folder do, each in a kernel of its own."""
    bank = course.module_bank("roots")
    one, two = (activity.Activity("quiz", QUIZ, bank, folder) for _ in range(2))
    answer(one, ITEM, item_of(ITEM).key, "m1")
    answer(two, ITEM, item_of(ITEM).options[0].id, "m2")

    assert ["m1", "m2"] == [event.id for event in one.events_of(ITEM)]
    assert one.events_of(ITEM) == two.events_of(ITEM)


# --- what a page may send --------------------------------------------------------------------


def test_an_event_is_on_the_disk_before_it_is_acknowledged(folder, monkeypatch):
    """At the time of the acknowledgement the record holds the answer."""
    kept = []
    monkeypatch.setattr(
        activity.Activity,
        "send",
        lambda self, content, buffers=None: kept.append((content["ack"], events(folder))),
    )
    answer(widgets.quiz(QUIZ), ITEM, item_of(ITEM).key, "m1", confidence="sure")

    [(acknowledged, [event])] = kept
    assert ("m1", "m1") == (acknowledged, event.id)
    assert (item_of(ITEM).key, "sure", QUIZ) == (event.response, event.confidence, event.activity)


def test_an_answer_sent_twice_counts_once(folder, sent):
    """A page that heard no acknowledgement sends again, under the same id."""
    shown = widgets.quiz(QUIZ)
    for _ in range(2):
        answer(shown, ITEM, item_of(ITEM).key, "m1")

    assert ["m1", "m1"] == [message["ack"] for message in sent]
    assert 1 == len(events(folder))


def test_an_answer_that_cannot_be_saved_is_said_and_not_refused(folder, sent, monkeypatch):
    """The page keeps what the disk did not take, and says why in a sentence."""

    def full(self, line):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record.Record, "_write", full)
    answer(widgets.quiz(QUIZ), ITEM, item_of(ITEM).key, "m1")

    [message] = sent
    assert "could not be saved" in message["error"] and "Make room" in message["error"]
    assert "refused" not in message and "item" not in message


NONSENSE = {
    "an unknown deed": {"do": "erase", "item": ITEM, "mid": "m"},
    "no deed": {"item": ITEM, "mid": "m"},
    "an item of another quiz": {"do": "response", "item": "roots-008", "response": "x", "mid": "m"},
    "an item of nowhere": {"do": "response", "item": "../x", "response": "x", "mid": "m"},
    "an item that is no text": {"do": "response", "item": ["x"], "response": "x", "mid": "m"},
    "a response of another shape": {"do": "response", "item": ITEM, "response": 7, "mid": "m"},
    "an option that is not there": {"do": "response", "item": ITEM, "response": "x", "mid": "m"},
    "no response": {"do": "response", "item": ITEM, "mid": "m"},
    "an unknown confidence": {
        "do": "response",
        "item": ITEM,
        "response": "KEY",
        "confidence": "very",
        "mid": "m",
    },
    "a confidence that is no text": {
        "do": "response",
        "item": ITEM,
        "response": "KEY",
        "confidence": [1],
        "mid": "m",
    },
    "no id": {"do": "hint", "item": ITEM},
    "a text for a quiz": {"do": "reflection", "item": ITEM, "text": "x", "mid": "m"},
    "an id that is too long": {"do": "hint", "item": ITEM, "mid": "m" * 300},
}


@pytest.mark.parametrize("message", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_answered_with_a_sentence(folder, sent, message):
    """Nothing is written, the page drops it, and the trainee reads a sentence."""
    if message.get("response") == "KEY":
        message = message | {"response": item_of(ITEM).key}
    take(widgets.quiz(QUIZ), **message)

    [told] = sent
    assert told["refused"] and told["error"].endswith(".")
    assert "Traceback" not in told["error"]
    assert [] == events(folder)


@pytest.mark.parametrize("message", [None, 7, "x", ["do"], {}])
def test_what_is_no_message_at_all_raises_nothing(folder, sent, message):
    """Whatever arrives, the kernel does not print a traceback into the lesson."""
    shown = widgets.quiz(QUIZ)
    shown._received(shown, message, [])

    assert [] == events(folder)


def test_a_forged_item_id_in_a_reflection_is_refused(folder, sent):
    """A page may write its own reflection and no other."""
    shown = widgets.reflection(first_reflection())
    take(shown, do="reflection", item=ITEM, text="x", mid="m1")
    take(shown, do="reflection", item=first_reflection(), text=["x"], mid="m2")
    take(shown, do="reflection", item=first_reflection(), mid="m3")

    assert [True] * 3 == [message["refused"] for message in sent]
    assert [] == events(folder)


def test_a_reflection_is_kept_as_typed(folder, sent):
    """Line ends, quotes and signs of other scripts come back as they were."""
    text = "First.\n\n“Second” — naïve <b>ﬁne</b> \U0001f642"
    shown = widgets.reflection(first_reflection())
    take(shown, do="reflection", item=first_reflection(), text=text, mid="m1")

    assert text == sent[0]["reflection"]["text"] == events(folder)[0].text


# --- what a page holds -----------------------------------------------------------------------


def test_before_an_answer_a_page_holds_no_key(folder):
    """No feedback, hint or key in the state of any ungraded quiz, nor in its fallback."""
    for name, quiz in course.module_bank("roots").quizzes.items():
        shown = widgets.quiz(name)
        held = json.dumps([shown.get_state("view"), shown._repr_mimebundle_()], ensure_ascii=False)
        items = [item_of(each) for each in quiz.items]

        assert [] == [text for text in secrets(items) if len(text) > 20 and text in held]
        assert not [i for i in shown.state_of_page()["items"] if "mark" in i or "key" in i]


def test_a_hint_a_key_and_another_try_are_there_when_asked_for(folder, sent):
    """Each deed folds into what the page shows; a new try hides the key and mixes anew."""
    item, shown = item_of(ITEM), widgets.quiz(QUIZ)
    wrong = next(option.id for option in item.options if option.id != item.key)
    take(shown, do="hint", item=ITEM, mid="m1")
    answer(shown, ITEM, wrong, "m2", confidence="sure")
    take(shown, do="reveal", item=ITEM, mid="m3")
    take(shown, do="retry", item=ITEM, mid="m4")
    hint, marked, revealed, again = (message["item"] for message in sent)

    assert item.hint == hint["hint"] and hint["response"] is None
    assert not marked["mark"]["right"] and "key" not in marked["mark"]
    assert item.misconception == marked["mark"]["misconception"]
    assert [item.key] == [line["id"] for line in revealed["mark"]["key"]["lines"]]
    assert (1, None, item.hint) == (again["attempt"], again["response"], again["hint"])
    assert "mark" not in again
    assert [o["id"] for o in hint["options"]] != [o["id"] for o in again["options"]]


def test_a_wrong_answer_brings_its_own_feedback_and_no_other(folder, sent):
    """The feedback of what was not chosen stays with the kernel."""
    item = item_of(ITEM)
    wrong = next(option for option in item.options if option.id != item.key)
    answer(widgets.quiz(QUIZ), ITEM, wrong.id, "m1")
    told = json.dumps(sent, ensure_ascii=False)

    assert [wrong.feedback] == [o.feedback for o in item.options if o.feedback in told]


def test_a_scene_shows_what_has_passed_and_the_present_moment(folder, sent):
    """Later moments and other ways' feedback are not on the page."""
    item, shown = item_of(SCENE), widgets.scenario(SCENE)
    start = item.node(item.start)
    chosen = start.choices[0]
    before = json.dumps(shown.state_of_page(), ensure_ascii=False)
    answer(shown, SCENE, [chosen.id], "m1")
    [now] = [message["item"] for message in sent]

    assert chosen.feedback not in before and item.node(chosen.to).text not in before
    assert [chosen.feedback] == [step["feedback"] for step in now["passed"]]
    assert item.node(chosen.to).text == now["now"]["text"]
    for other in start.choices[1:]:
        assert other.feedback not in json.dumps(now, ensure_ascii=False)


def test_an_answer_to_an_older_wording_is_passed_over(folder):
    """An option that is gone leaves the item open, and raises nothing."""
    record.Record(folder).append("response", ITEM, response="an-option-of-last-year")

    assert [None] == [i["response"] for i in widgets.quiz(QUIZ).state_of_page()["items"]]


def test_a_graded_activity_never_holds_a_mark_or_feedback(folder, sent):
    """Nothing that it sends, before or after answering, tells what is right."""
    shown = widgets.quiz(CHECK)
    name = shown.items[0].id
    for item in shown.items:
        right = record.Record(folder)
        if item.type == "single":
            right.append("response", item.id, response=item.options[0].id)
    for deed in ("hint", "reveal", "retry"):
        take(shown, do=deed, item=name, mid=deed)
    held = [*shown.state_of_page()["items"], *(m["item"] for m in sent)]

    assert shown.graded
    assert {"hint", "reveal", "retry"}.isdisjoint(event.kind for event in events(folder))
    for item in held:
        assert {"mark", "key", "general_feedback"}.isdisjoint(item)
        assert not item["hint"] and not item["has_hint"]


def test_a_rating_says_something_only_when_it_is_complete(folder):
    """Half a rating has no feedback."""
    item = item_of(RATING)
    half = {item.statements[0].id: 1}
    whole = {statement.id: 1 for statement in item.statements}
    rated = [
        view.item_view(item, [record.Event("a", "", "response", item.id, response=each)])
        for each in (half, whole)
    ]

    assert "general_feedback" not in rated[0]
    assert item.general_feedback == rated[1]["general_feedback"]


# --- calls that cannot be shown --------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        lambda: widgets.quiz("roots-nowhere"),
        lambda: widgets.quiz("nowhere"),
        lambda: widgets.quiz(ITEM),
        lambda: widgets.scenario(ITEM),
        lambda: widgets.rating(SCENE),
        lambda: widgets.reflection("roots-<b>x</b>"),
    ],
)
def test_an_unknown_activity_is_a_notice_and_no_traceback(folder, call):
    """What a trainee sees is one sentence, with nothing of it taken for HTML."""
    shown = call()

    assert isinstance(shown, HTML)
    assert "mapt-notice" in shown.data and "“" in shown.data
    assert "<b>" not in shown.data


@pytest.mark.parametrize("name", ["quiz", "scenario", "rating", "reflection"])
def test_a_stock_nbgrader_run_stops_with_a_sentence(folder, monkeypatch, name):
    """Executed by stock nbgrader a graded cell would earn full marks by printing nothing."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    with pytest.raises(RuntimeError, match="not marked by running it"):
        getattr(widgets, name)(CHECK)


# --- the fallback ----------------------------------------------------------------------------


def test_the_fallback_escapes_and_shows_no_key():
    """An author's angle brackets are text; what is right is not told."""
    item = it.Single(
        id="x-1",
        stem="Is 1 < 2 & <script>alert(1)</script>?",
        options=(it.Entry("a", "Yes <b>", "FEEDBACK"), it.Entry("b", "No", "FEEDBACK")),
        key="a",
        hint="HINT",
    )
    bank = course.banks.Bank(
        module="x",
        items={"x-1": item},
        quizzes={"x-q": course.banks.Quiz(id="x-q", title="A & B <i>", items=("x-1",))},
    )
    shown = fallback.bundle("quiz", "x-q", bank)

    assert "<script" not in shown["text/html"] and "<b>" not in shown["text/html"]
    assert "A &amp; B &lt;i&gt;" in shown["text/html"]
    assert "  - Yes <b>" in shown["text/plain"]
    for text in shown.values():
        assert "FEEDBACK" not in text and "HINT" not in text


def test_beside_the_widget_stand_html_and_text(folder):
    """A copy that is not trusted or not run shows the questions."""
    data, _ = widgets.quiz(QUIZ)._repr_mimebundle_()

    assert {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"} <= set(data)
    assert escape(item_of(ITEM).stem) in data["text/html"]
    assert course.module_bank("roots").quizzes[QUIZ].title == data["text/plain"]
