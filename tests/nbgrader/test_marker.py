"""Marks from events and a key: pure, and not to be upset by any record."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapt_course import bank as banks
from mapt_course import items as it
from mapt_course import record
from mapt_course.marking import marker, table

BANK = """
format = 1
module = "check"

[[learning_outcome]]
id = "LO1"
text = "..."

[[quiz]]
id = "check"
title = "A check"
items = ["check-1", "check-2", "check-3", "check-4"]

[[item]]
id = "check-1"
type = "multiple"
facts = ["F-1"]
learning_outcome = "LO1"
stem = "Which three?"
general_feedback = "To look again: lesson 1."
options = [
  { text = "One", correct = true, feedback = "f" },
  { text = "Two", correct = true, feedback = "f" },
  { text = "Three", correct = true, feedback = "f" },
  { text = "Four", feedback = "f" },
  { text = "Five", feedback = "f" },
]

[[item]]
id = "check-2"
type = "ordering"
facts = ["F-1"]
learning_outcome = "LO1"
stem = "In which order?"
points = 2
steps = [
  { text = "A", feedback = "f" }, { text = "B", feedback = "f" }, { text = "C", feedback = "f" },
  { text = "D", feedback = "f" }, { text = "E", feedback = "f" },
]

[[item]]
id = "check-3"
type = "gap"
facts = ["F-1"]
learning_outcome = "LO1"
stem = "Fill in."
text = "It was {year} in {place}."
gaps = [
  { id = "year", label = "year", accept = ["1989"], feedback = "f" },
  { id = "place", label = "place", accept = ["Leeds"], feedback = "f" },
]

[[item]]
id = "check-4"
type = "matching"
facts = ["F-1"]
learning_outcome = "LO1"
stem = "What goes with what?"
pairs = [
  { left = "Cat", right = "Kitten", feedback = "f" },
  { left = "Dog", right = "Puppy", feedback = "f" },
  { left = "Cow", right = "Calf", feedback = "f" },
]

[[reflection]]
id = "check-r1"
title = "A reflection"
learning_outcome = "LO1"
prompt = "Write."
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    path = tmp_path_factory.mktemp("bank") / "items.toml"
    path.write_text(BANK, encoding="utf-8")
    return banks.read(path)


def event(item: str, response=None, text: str = "", kind: str = "response") -> record.Event:
    return record.Event(
        id=f"{item}{response}{text}",
        at="2026-11-24T09:00:00.000Z",
        kind=kind,
        item=item,
        response=response,
        text=text,
    )


@pytest.mark.parametrize(
    ("item", "response", "score"),
    [
        ("check-1", ["one", "two", "four"], 1 / 3),  # two hits, one false pick, three keys
        ("check-1", ["one", "four", "five"], 0),  # never below 0
        ("check-1", ["one", "two", "three", "four", "five"], 1 / 3),
        ("check-2", ["a", "c", "b", "d", "e"], 9 / 10 * 2),  # one swap of neighbours; two points
        ("check-2", ["e", "d", "c", "b", "a"], 0),
        ("check-3", {"year": " 1989. ", "place": "London"}, 1 / 2),
        ("check-4", {"cat": "kitten", "dog": "kitten"}, 1 / 3),
    ],
)
def test_partial_credit(bank, item, response, score):
    marks = marker.mark_events(bank, [event(item, response)])

    assert marks.rows[item].mark.score == pytest.approx(score)
    assert marks.notes == ()


def test_the_latest_response_counts(bank):
    events = [event("check-1", ["one", "two", "three"]), event("check-1", ["four"])]

    assert marker.mark_events(bank, events).rows["check-1"].mark.score == 0


def test_a_response_that_cannot_be_marked_does_not_cost_the_one_before(bank):
    events = [event("check-1", ["one", "two", "three"]), event("check-1", ["seven"])]
    marks = marker.mark_events(bank, events)

    assert marks.rows["check-1"].mark.score == 1
    assert len(marks.notes) == 1
    assert marks.notes[0].damage


def test_events_of_another_kind_are_no_responses(bank):
    events = [
        event("check-1", ["one"]),
        event("check-1", text="x", kind="reflection"),
        event("check-1", ["two"], kind="hint"),
    ]

    assert marker.mark_events(bank, events).rows["check-1"].response == ["one"]


def test_other_activities_are_left_out_and_told(bank):
    marks = marker.mark_events(bank, [event("lesson-1", "a"), event("lesson-2", "b")])

    [note] = marks.notes
    assert note.text == "The record also holds answers to 2 other activities: left out."
    assert not note.damage


def test_the_latest_reflection_that_says_something(bank):
    told = [event("check-r1", text=text, kind="reflection") for text in ("One", "Two", "  ")]

    assert marker.written(bank, told).reflections == {"check-r1": "Two"}


def test_nothing_answered(bank):
    marks = marker.mark_events(bank, [])
    total = marker.total(bank, marks, "check")

    assert (total.score, total.points, total.answered) == (0, 5, 0)
    assert table.to_text(total).startswith("A check: 0 of 5 points (nothing answered)\n1. Which")


def test_a_bank_without_a_key_marks_nothing(bank):
    item = bank.items["check-1"]
    bare = banks.Bank("check", items={item.id: it.strip(item)})

    with pytest.raises(ValueError, match="no key"):
        marker.mark_events(bare, [event("check-1", ["one"])])


def test_the_table_in_plain_text(bank):
    marks = marker.mark_events(
        bank,
        [
            event("check-1", ["two", "one"]),
            event("check-2", list("acbde")),
            event("check-3", {"year": "1989\x1b[31m"}),
            event("check-4", {"cat": "calf"}),
        ],
    )
    notes = [marker.Note("A note.")]

    assert table.to_text(marker.total(bank, marks, "check"), notes) == (
        "A check: 2.47 of 5 points\n"
        "! A note.\n"
        "1. Which three? [0.67 of 1]\n"
        "   One\n"
        "   Two\n"
        "   To look again: lesson 1.\n"
        "2. In which order? [1.8 of 2]\n"
        "   1. A\n"
        "   2. C\n"
        "   3. B\n"
        "   4. D\n"
        "   5. E\n"
        "3. Fill in. [0 of 1]\n"
        "   year: 1989�[31m\n"
        "   place: (left empty)\n"
        "4. What goes with what? [0 of 1]\n"
        "   Cat → Calf\n"
        "   Dog → (left empty)\n"
        "   Cow → (left empty)\n"
    )


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["one", "two", "a", "b", "c", "d", "e", "year", "cat", "calf"]),
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(st.sampled_from(["year", "place", "cat", "dog", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
EVENTS = st.builds(
    event,
    item=st.sampled_from([*(f"check-{n}" for n in (1, 2, 3, 4, "r1")), "check", "", "x"]),
    response=JSON,
    text=st.text(),
    kind=st.sampled_from(record.KINDS),
)


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=8))
def test_no_events_upset_it(bank, events):
    """Whatever the events are, there are marks within the points, and a table of them."""
    marks = marker.mark_events(bank, events)
    total = marker.total(bank, marks, "check")

    assert 0 <= total.score <= total.points == 5
    assert all(0 <= row.mark.score <= row.mark.points for row in marks.rows.values())
    assert table.to_html(total, marks.notes)
    assert table.to_text(total, marks.notes)


LINES = st.one_of(
    st.binary(max_size=120),
    st.builds(lambda told: json.dumps(told).encode(), JSON),
    st.builds(
        lambda told, cut: json.dumps({"v": 1, **vars(told)}).encode()[: cut or None],
        EVENTS,
        st.integers(-30, 0),
    ),
)


@settings(deadline=None)
@given(st.lists(LINES, max_size=8))
def test_no_record_upsets_it(bank, tmp_path_factory, lines):
    """Whatever the file's bytes are, it is read, marked, and its damage told."""
    path = tmp_path_factory.mktemp("record") / record.NAME
    path.write_bytes(b"\n".join(lines))
    reading = record.read(path)
    marks = marker.mark_events(bank, reading.events)
    notes = [*marker.reading_notes(reading), *marks.notes]

    assert bool(reading.skipped) == any("record was damaged" in note.text for note in notes)
    assert table.to_html(marker.total(bank, marks, "check"), notes)
