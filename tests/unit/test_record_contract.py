"""The examples of ``docs/record.md`` are events, and are marked like a trainee's."""

import json
import re
from pathlib import Path

import pytest

from mapt_course import items as it
from mapt_course import record
from mapt_course.items import Choice, Entry, GapKey, Node

DOCUMENT = Path(__file__).parents[2] / "docs" / "record.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
LINES = [
    line for block in re.findall(r"^```jsonl\n(.*?)^```", TEXT, re.M | re.S)
    for line in block.splitlines()
]  # fmt: skip


def entries(*ids):
    return tuple(Entry(each, each) for each in ids)


def said(**key):
    return {name.removeprefix("y"): frozenset({value}) for name, value in key.items()}


YEARS = said(y1989="children-act", y2003="green-paper")
PLACES = said(nurse="health", teacher="education")
ITEMS = {
    item.type: item
    for item in (
        it.Single(
            id="roots-single", stem="?", key="the-children-act-1989",
            options=entries("the-children-act-1989", "the-children-act-2004"),
        ),
        it.Multiple(
            id="roots-multiple", stem="?", key=frozenset({"health", "schools"}),
            options=entries("health", "schools", "trains"),
        ),
        it.Matching(
            id="roots-matching", stem="?", key=YEARS,
            lefts=entries("1989", "2003"), rights=entries("children-act", "green-paper"),
        ),
        it.Ordering(
            id="roots-ordering", stem="?", key=("first", "then", "last"),
            steps=entries("first", "last", "then"),
        ),
        it.Categorising(
            id="roots-categorising", stem="?", key=PLACES,
            categories=entries("health", "education"), cards=entries("nurse", "teacher"),
        ),
        it.Gap(
            id="roots-gap", stem="?", text="{programme} came in {year}.",
            key={"programme": GapKey(("Every Child Matters",)), "year": GapKey(("2003",))},
            gaps=entries("programme", "year"),
        ),
        it.Rating(
            id="roots-rating", stem="?", scale=("Not yet", "With help", "On my own"),
            statements=entries("i-can-order-them"),
        ),
        it.Scenario(
            id="roots-scenario", stem="?", start="one",
            nodes=(
                Node("one", "It rings.", "?", (Choice("answer", "Answer", to="two"),
                                               Choice("wait", "Wait", to="end"))),
                Node("two", "A voice.", "?", (Choice("listen", "Listen", to="end"),
                                              Choice("hang-up", "Hang up", to="end"))),
                Node("end", "It ends."),
            ),
            key={("one", "answer"): 1, ("one", "wait"): 0,
                 ("two", "listen"): 1, ("two", "hang-up"): 0},
        ),
    )
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_an_example_is_an_event(line):
    """A reader takes it, and would write the very same line."""
    event = record.parse(line.encode())

    assert isinstance(event, record.Event), event
    assert line.encode() + b"\n" == event.line()


@pytest.mark.parametrize("type_", it.TYPES)
def test_an_example_of_each_type_is_marked(type_):
    """Each response fits a small item of its type, answers all of it and earns all points."""
    item = ITEMS[type_]
    [event] = [
        event for event in map(record.parse, map(str.encode, LINES))
        if event.kind == "response" and event.item == item.id
    ]  # fmt: skip

    assert it.mark(item, event.response).right
    assert it.complete(item, event.response)


def test_there_is_an_example_of_every_kind():
    """Eight responses, and one event of each other kind."""
    kinds = [json.loads(line)["kind"] for line in LINES]

    assert set(record.KINDS) == set(kinds)
    assert len(it.TYPES) + len(record.KINDS) - 1 == len(kinds)


def test_the_examples_together_are_a_record(tmp_path):
    """Written to a file as they stand, all are read and none is skipped."""
    trainee = record.Record(tmp_path)
    trainee.path.write_text("\n".join(LINES), encoding="utf-8", newline="\n")
    reading = trainee.read()

    assert len(LINES) == len(reading.events)
    assert {} == reading.skipped
    assert {f"roots-{name}" for name in it.TYPES} == set(record.responses(reading.events))


def test_the_numbers_and_names_of_the_document_are_the_programs():
    """Limits, version, kinds, fields, words for confidence."""
    fields = [*vars(record.parse(LINES[0].encode()))]
    names = [*fields, "v", *record.KINDS, *record.CONFIDENCE, *it.TYPES, record.NAME]
    numbers = (record.LONGEST_LINE, record.LARGEST_FILE, it.LONGEST_TYPED, record.SHORTEST_LINE)

    assert [] == [name for name in names if f"`{name}`" not in TEXT]
    assert [] == [number for number in numbers if f"{number:,}" not in TEXT]
    assert f"version of the format: `{record.VERSION}`" in TEXT


def test_no_event_is_shorter_than_the_shortest_line():
    """The fields that every event has, each as short as it can be."""
    least = b'{"v":1,"id":"a","at":"2026-01-05T09:30:00Z","kind":"hint","item":"a"}'

    assert isinstance(record.parse(least), record.Event)
    assert len(least) > record.SHORTEST_LINE
