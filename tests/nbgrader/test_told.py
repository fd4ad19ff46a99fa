"""What a trainee is told of an item: nothing of the key of what was not answered right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapt_course import items as it
from mapt_course.marking import marker, table
from mapt_course.marking.told import told


def entries(*names: str) -> tuple[it.Entry, ...]:
    return tuple(it.Entry(name, f"text of {name}", f"said of {name}") for name in names)


SINGLE = it.Single(id="s", stem="s", options=entries("a", "b", "c"), key="a")
MULTIPLE = it.Multiple(
    id="m", stem="m", options=entries("a", "b", "c", "d"), key=frozenset({"a", "b"})
)
MATCHING = it.Matching(
    id="p",
    stem="p",
    lefts=entries("l1", "l2"),
    rights=entries("r1", "r2", "r3"),
    key={"l1": frozenset({"r1"}), "l2": frozenset({"r2"})},
)
ORDERING = it.Ordering(id="o", stem="o", steps=entries("a", "b", "c"), key=("a", "b", "c"))
TWO = it.Categorising(
    id="c",
    stem="c",
    categories=entries("k1", "k2"),
    cards=entries("c1", "c2"),
    key={"c1": frozenset({"k1"}), "c2": frozenset({"k2"})},
)
THREE = replace(TWO, categories=entries("k1", "k2", "k3"))
GAP = it.Gap(
    id="g",
    stem="g",
    text="{g1} {g2}",
    gaps=entries("g1", "g2"),
    key={"g1": it.GapKey(("one",), {"uno": "said of a trap"}), "g2": it.GapKey(("two",))},
)
TYPES = (SINGLE, MULTIPLE, MATCHING, ORDERING, TWO, THREE, GAP)


def row(item, response) -> marker.Row:
    return marker.Row(item, response, it.mark(item, response))


def said(item, response, **more) -> dict[str, str]:
    """What is told of each part."""
    return {name: part.feedback for name, part in told(row(item, response), **more).parts.items()}


@pytest.mark.parametrize(
    ("item", "response", "expected"),
    [
        (SINGLE, "a", {"a": "said of a"}),
        (SINGLE, "b", {"b": ""}),
        (MULTIPLE, ["a", "b"], {"a": "said of a", "b": "said of b"}),
        # One missed, none wrong: what was ticked is told, and the missed one not.
        (MULTIPLE, ["a"], {"a": "said of a"}),
        # Who ticks every box learns nothing.
        (MULTIPLE, ["a", "b", "c", "d"], {}),
        (MATCHING, {"l1": "r1", "l2": "r3"}, {"l1": "said of l1", "l2": ""}),
        (ORDERING, ["a", "b", "c"], {name: f"said of {name}" for name in "abc"}),
        (ORDERING, ["a", "c", "b"], {}),
        (THREE, {"c1": "k1", "c2": "k1"}, {"c1": "said of c1", "c2": ""}),
        # Of two categories the other one is the right one.
        (TWO, {"c1": "k1", "c2": "k1"}, {}),
        (TWO, {"c1": "k1"}, {"c1": "said of c1"}),
        (GAP, {"g1": "uno", "g2": "two"}, {"g1": "", "g2": "said of g2"}),
    ],
)
def test_what_is_told_of_the_parts(item, response, expected):
    assert said(item, response) == expected


def test_an_author_may_open_the_texts_of_wrong_parts():
    """The feedback then stands there, and still no key."""
    opened = replace(SINGLE, open_feedback=True)

    assert said(opened, "b") == {"b": "said of b"}
    assert told(row(opened, "b")).key is None
    assert said(replace(MULTIPLE, open_feedback=True), ["a", "c"]) == {}


@pytest.mark.parametrize("item", TYPES, ids=lambda item: item.type)
def test_a_trainer_may_allow_keys(item):
    """Also for an item that was not answered; of one that was right there is no more to tell."""
    empty = marker.Row(item, None, it.Mark(0.0, 1.0))

    assert told(empty, keys=True).key == it.key_response(item)
    assert told(empty).key is None
    assert told(row(item, it.key_response(item)), keys=True).key is None


@st.composite
def responses(draw):
    """An item of any type, with any response to it."""
    item = draw(st.sampled_from(TYPES))
    if item is SINGLE:
        return item, draw(st.sampled_from("abc"))
    if item is MULTIPLE:
        return item, draw(st.lists(st.sampled_from("abcd"), unique=True))
    if item is ORDERING:
        return item, draw(st.permutations(["a", "b", "c"]))
    parts = getattr(item, "lefts", None) or getattr(item, item.lists[-1])
    rights = {"p": ["r1", "r2", "r3"], "c": [e.id for e in getattr(item, "categories", ())]}
    given_ = st.sampled_from(rights.get(item.id, ["one", "two", "uno", "tres"]))
    return item, draw(st.dictionaries(st.sampled_from([part.id for part in parts]), given_))


@given(responses())
def test_the_page_depends_on_no_text_of_a_wrong_part(drawn):
    """With every text of what was not right changed, the trainee's table is the same."""
    item, response = drawn
    made = row(item, response)
    right = {part.id for part in made.mark.parts if part.right}
    change = {
        name: tuple(
            entry if entry.id in right else replace(entry, feedback="another text")
            for entry in getattr(item, name)
        )
        for name in item.lists
    }
    other = row(replace(item, **change), response)

    def page(shown: marker.Row) -> str:
        return table.to_html(marker.Total("t", (shown,)), told=told)

    assert page(made) == page(other)
