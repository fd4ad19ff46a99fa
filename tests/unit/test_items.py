"""Items are marked by rule, whatever a response looks like."""

import ast
import json
import math
import re
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapt_course import items as it
from mapt_course.items import Choice, Entry, GapKey, Mark, Node, Part


def entries(*ids):
    return tuple(Entry(each, f"Text {each}", f"About {each}") for each in ids)


SINGLE = it.Single(id="s", stem="?", options=entries("a", "b", "c"), key="b")
MULTIPLE = it.Multiple(
    id="m", stem="?", options=entries("a", "b", "c", "d"), key=frozenset({"a", "b", "c"})
)
MATCHING = it.Matching(
    id="x",
    stem="?",
    lefts=entries("l1", "l2", "l3", "l4"),
    rights=entries("r1", "r2", "r3"),
    key={
        name: frozenset({right})
        for name, right in {"l1": "r1", "l2": "r2", "l3": "r2", "l4": "r1"}.items()
    },
)
ORDERING = it.Ordering(
    id="o", stem="?", steps=entries("a", "b", "c", "d"), key=("a", "b", "c", "d")
)
CATEGORISING = it.Categorising(
    id="c",
    stem="?",
    categories=entries("k1", "k2"),
    cards=entries("a", "b", "c"),
    key={"a": frozenset({"k1"}), "b": frozenset({"k1", "k2"}), "c": frozenset({"k2"})},
)
GAP = it.Gap(
    id="g",
    stem="?",
    text="The programme {programme} came out in {year}.",
    gaps=entries("programme", "year"),
    key={
        "programme": GapKey(("Every Child Matters", "ECM"), {"Sure Start": "That was earlier."}),
        "year": GapKey(("2003",)),
    },
)
ANY_ORDER = it.Gap(
    id="g",
    stem="?",
    text="{one}, {two} and {three}",
    gaps=entries("one", "two", "three"),
    any_order=True,
    key={
        "one": GapKey(("health",)),
        "two": GapKey(("education", "schools"), {"sport": "Not one of the three."}),
        "three": GapKey(("social care",)),
    },
)
RATING = it.Rating(id="r", stem="?", scale=("no", "partly", "yes"), statements=entries("a", "b"))
SCENARIO = it.Scenario(
    id="z",
    stem="?",
    start="n1",
    nodes=(
        Node("n1", "One", "What now?", (
            Choice("call", "Call", "Good", "n2"),
            Choice("wait", "Wait", "Poor", "n2"),
            Choice("leave", "Leave", "Fair", "end"),
        )),
        Node("n2", "Two", "And now?", (
            Choice("share", "Share", "Good", "end"),
            Choice("keep", "Keep", "Poor", "end"),
        )),
        Node("end", "The end."),
    ),
    key={("n1", "call"): 1.0, ("n1", "wait"): 0.0, ("n1", "leave"): 0.5,
         ("n2", "share"): 1.0, ("n2", "keep"): 0.5},
)  # fmt: skip
EXAMPLES = (SINGLE, MULTIPLE, MATCHING, ORDERING, CATEGORISING, GAP, ANY_ORDER, RATING, SCENARIO)


# --- worked examples ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "response", "score"),
    [
        (SINGLE, "b", 1),
        (SINGLE, "a", 0),
        (MULTIPLE, ["a", "b", "c"], 1),
        (MULTIPLE, ["c", "a"], 2 / 3),
        (MULTIPLE, ["a", "b", "d"], 1 / 3),
        (MULTIPLE, ["a", "d"], 0),
        (MULTIPLE, ["d"], 0),
        (MULTIPLE, ["a", "b", "c", "d"], 2 / 3),
        (MULTIPLE, [], 0),
        (MATCHING, {"l1": "r1", "l2": "r2", "l3": "r2", "l4": "r1"}, 1),
        (MATCHING, {"l1": "r1", "l2": "r3", "l3": "r1", "l4": "r1"}, 0.5),
        (MATCHING, {"l1": "r1"}, 0.25),
        (MATCHING, {}, 0),
        (ORDERING, ["a", "b", "c", "d"], 1),
        (ORDERING, ["b", "a", "c", "d"], 5 / 6),
        (ORDERING, ["b", "c", "d", "a"], 0.5),
        (ORDERING, ["d", "c", "b", "a"], 0),
        (CATEGORISING, {"a": "k1", "b": "k2", "c": "k2"}, 1),
        (CATEGORISING, {"a": "k1", "b": "k1", "c": "k1"}, 2 / 3),
        (CATEGORISING, {"a": "k2"}, 0),
        (GAP, {"programme": "Every Child Matters", "year": "2003"}, 1),
        (GAP, {"programme": "Sure Start", "year": "2003"}, 0.5),
        (GAP, {"year": "2003"}, 0.5),
        (GAP, {"programme": "2003", "year": "ECM"}, 0),
        (RATING, {"a": 1, "b": 3}, 0),
        (SCENARIO, ["call", "share"], 1),
        (SCENARIO, ["call", "keep"], 0.75),
        (SCENARIO, ["wait", "keep"], 0.25),
        (SCENARIO, ["leave"], 0.25),
        (SCENARIO, ["call"], 0.5),
        (SCENARIO, [], 0),
    ],
)
def test_a_response_earns_its_share(item, response, score):
    """Each type is marked by its rule, worked out by hand here."""
    mark = it.mark(item, response)

    assert pytest.approx(score) == mark.score


def test_the_share_is_of_the_items_points():
    """Three points for the item: two of three keys earn two."""
    mark = it.mark(replace(MULTIPLE, points=3.0), ["a", "b"])

    assert Mark(2.0, 3.0, mark.parts) == mark
    assert not mark.right


@pytest.mark.parametrize(
    "typed",
    [
        "every child matters",
        "EVERY CHILD MATTERS",
        "  Every   Child\tMatters ",
        "Every-Child-Matters",
        "EveryChildMatters",
        "Évery Chïld Matters",
        "“Every Child Matters!”",
        "Every\u00a0Child\u2013Matters",
        "e.c.m.",
        "Ｅｃｍ",
    ],
)
def test_a_gap_is_tolerant(typed):
    """Case, spaces, hyphens, accents, punctuation and listed variants do not matter."""
    assert it.mark(GAP, {"programme": typed}).parts[0].right


@pytest.mark.parametrize("typed", ["Every Child Mattered", "Every Child", "ECMs", "E C", "Evry"])
def test_a_gap_is_not_more_tolerant_than_that(typed):
    """Another word is another answer."""
    assert not it.mark(GAP, {"programme": typed}).parts[0].right


def test_a_trap_has_feedback_of_its_own():
    """A common wrong answer, however typed, is answered by name."""
    mark = it.mark(GAP, {"programme": "SURE-start", "year": "1066"})

    assert (
        Part("programme", False, "That was earlier."),
        Part("year", False, "About year"),
    ) == mark.parts


def test_an_empty_gap_has_no_part_and_anything_typed_has_one():
    """Spaces are nothing; a dash is a wrong answer."""
    mark = it.mark(GAP, {"programme": " \t", "year": "-"})

    assert (Part("year", False, "About year"),) == mark.parts


@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        (("health", "education", "social care"), 3),
        (("Social-care", "HEALTH", "schools"), 3),
        (("health", "health", "health"), 1),
        (("schools", "education", "health"), 2),
        (("health", "police", ""), 1),
    ],
)
def test_in_any_order_each_answer_counts_once(typed, hits):
    """An answer typed twice, or two variants of one answer, earn one gap."""
    mark = it.mark(ANY_ORDER, dict(zip(("one", "two", "three"), typed, strict=True)))

    assert pytest.approx(hits / 3) == mark.score
    assert hits == sum(part.right for part in mark.parts)


def test_in_any_order_a_trap_and_feedback_follow_the_answer():
    """What is said belongs to what was typed, not to the gap it was typed in."""
    mark = it.mark(ANY_ORDER, {"one": "social care", "three": "sport"})

    assert (
        Part("one", True, "About three"),
        Part("three", False, "Not one of the three."),
    ) == mark.parts


@pytest.mark.parametrize(
    ("item", "response", "parts"),
    [
        (SINGLE, "a", [("a", False)]),
        (MULTIPLE, ["d", "a"], [("a", True), ("d", False)]),
        (MATCHING, {"l2": "r2", "l1": "r2"}, [("l1", False), ("l2", True)]),
        (ORDERING, ["a", "c", "b", "d"], [("a", True), ("c", False), ("b", False), ("d", True)]),
        (SCENARIO, ["leave"], [("leave", False)]),
        (RATING, {"a": 1}, []),
    ],
)
def test_each_part_answered_has_a_verdict(item, response, parts):
    """Parts stand in the item's order; those of an order and a scene in the response's."""
    assert parts == [(part.id, part.right) for part in it.mark(item, response).parts]


def test_a_scene_is_marked_against_its_best_way():
    """Ways of different length: the best one earns all, not the longest."""
    short = it.Scenario(
        id="z", stem="?", start="n1",
        nodes=(
            Node("n1", "One", "?", (Choice("a", "A", "", "end"), Choice("b", "B", "", "n2"))),
            Node("n2", "Two", "?", (Choice("c", "C", "", "end"), Choice("d", "D", "", "end"))),
            Node("end", "End"),
        ),
        key={("n1", "a"): 1.0, ("n1", "b"): 0.0, ("n2", "c"): 0.5, ("n2", "d"): 0.0},
    )  # fmt: skip

    best, other = it.mark(short, ["a"]), it.mark(short, ["b", "c"])

    assert short.points == best.score == 2 * other.score
    assert best == it.mark(short, it.key_response(short))


def chain(worths):
    nodes, key = [], {}
    for n, worth in enumerate(worths):
        offered = (Choice("good", "T", "", f"n{n + 1}"), Choice("poor", "T", "", f"n{n + 1}"))
        nodes.append(Node(f"n{n}", "T", "?", offered))
        key |= {(f"n{n}", "good"): worth, (f"n{n}", "poor"): 0.0}
    return it.Scenario(
        id="z", stem="?", start="n0", nodes=(*nodes, Node(f"n{len(worths)}", "End")), key=key
    )


def test_rounding_takes_nothing_from_the_best_way():
    """A computer's 0.3 + 0.2 + 0.1 depends on the order; the best way is right all the same."""
    scene = chain([0.3, 0.2, 0.1])

    assert it.mark(scene, it.key_response(scene)).right


def test_a_long_scene_is_marked_at_once():
    """Ways that meet again are not counted one by one: 2 ** 90 would take for ever."""
    scene = chain([1.0] * 90)

    assert it.mark(scene, ["good"] * 90).right


# --- generated items ----------------------------------------------------------------------

IDS = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,3})?", fullmatch=True)
WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=12
)
ANSWERS = WORDS.filter(it.plain)


def some(least, most=5):
    return st.lists(st.tuples(IDS, WORDS, WORDS), min_size=least, max_size=most,
                    unique_by=lambda each: each[0]).map(
        lambda found: tuple(Entry(*each) for each in found))  # fmt: skip


@st.composite
def shared(draw):
    return dict(
        id=draw(IDS),
        stem=draw(WORDS),
        facts=tuple(draw(st.lists(IDS, max_size=2))),
        learning_outcome=draw(IDS),
        hint=draw(st.sampled_from(("", "A hint"))),
        general_feedback=draw(st.sampled_from(("", "Feedback"))),
        misconception=draw(st.sampled_from(("", "A misconception"))),
        open_feedback=draw(st.booleans()),
        points=draw(st.sampled_from((0.5, 1.0, 3.0, 7.0))),
    )


def ids(found):
    return [entry.id for entry in found]


@st.composite
def singles(draw):
    options = draw(some(2))
    return it.Single(**draw(shared()), options=options, key=draw(st.sampled_from(ids(options))))


@st.composite
def multiples(draw):
    options = draw(some(3))
    key = draw(st.sets(st.sampled_from(ids(options)), min_size=2, max_size=len(options) - 1))
    return it.Multiple(**draw(shared()), options=options, key=frozenset(key))


def keyed(draw, asked, offered):
    sets = st.sets(st.sampled_from(ids(offered)), min_size=1, max_size=2).map(frozenset)
    return {entry.id: draw(sets) for entry in asked}


@st.composite
def matchings(draw):
    lefts, rights = draw(some(2)), draw(some(2))
    key = keyed(draw, lefts, rights)
    return it.Matching(**draw(shared()), lefts=lefts, rights=rights, key=key)


@st.composite
def orderings(draw):
    steps = draw(some(2))
    return it.Ordering(**draw(shared()), steps=steps, key=tuple(draw(st.permutations(ids(steps)))))


@st.composite
def categorisings(draw):
    categories, cards = draw(some(2)), draw(some(2))
    key = keyed(draw, cards, categories)
    return it.Categorising(**draw(shared()), categories=categories, cards=cards, key=key)


@st.composite
def gaps(draw):
    found = draw(some(1, 4))
    any_order = draw(st.booleans())
    answers = draw(
        st.lists(ANSWERS, min_size=2 * len(found), max_size=2 * len(found), unique_by=it.plain)
    )
    key = {
        entry.id: GapKey(tuple(answers[2 * n : 2 * n + 2]), {"zzz trap": "No."})
        for n, entry in enumerate(found)
    }
    text = " ".join("{" + entry.id + "}" for entry in found)
    return it.Gap(**draw(shared()), text=text, gaps=found, any_order=any_order, key=key)


@st.composite
def ratings(draw):
    scale = tuple(draw(st.lists(WORDS, min_size=2, max_size=5)))
    return it.Rating(**(draw(shared()) | {"points": 0.0}), scale=scale, statements=draw(some(1)))


@st.composite
def scenarios(draw):
    """Nodes that lead to later ones only, so no way loops; the last one is an ending."""
    names = draw(st.lists(IDS, min_size=2, max_size=6, unique=True))
    worths = st.sampled_from((0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0))
    nodes, key = [], {}
    for n, name in enumerate(names[:-1]):
        offered = draw(some(2, 3)) if n == 0 or draw(st.booleans()) else ()
        choices = tuple(
            Choice(each.id, each.text, each.feedback, draw(st.sampled_from(names[n + 1 :])))
            for each in offered
        )
        key |= {(name, choice.id): draw(worths) for choice in choices}
        nodes.append(Node(name, draw(WORDS), draw(WORDS) if choices else "", choices))
    key[names[0], nodes[0].choices[0].id] = 1.0
    nodes.append(Node(names[-1], draw(WORDS)))
    return it.Scenario(**draw(shared()), start=names[0], nodes=tuple(nodes), key=key)


BY_TYPE = {
    "single": singles(),
    "multiple": multiples(),
    "matching": matchings(),
    "ordering": orderings(),
    "categorising": categorisings(),
    "gap": gaps(),
    "rating": ratings(),
    "scenario": scenarios(),
}
ITEMS = st.one_of(*BY_TYPE.values())


class Hostile:
    """An object whose every method fails."""

    def _fail(self, *args, **kwargs):
        raise RuntimeError("hostile\nobject")

    __eq__ = __hash__ = __repr__ = __str__ = __bool__ = __iter__ = __len__ = _fail
    __getattr__ = __getitem__ = __contains__ = __lt__ = __format__ = __int__ = __index__ = _fail
    __class__ = property(_fail)


class HostileType(type):
    """A class that fails to compare, to hash and to tell its name."""

    def _fail(cls, *args):
        raise RuntimeError("hostile type")

    __eq__ = __hash__ = __instancecheck__ = __subclasscheck__ = __repr__ = _fail
    __name__ = property(_fail)


class OfHostileType(metaclass=HostileType):
    pass


class HostileText(str):
    __eq__ = __hash__ = __repr__ = __str__ = __len__ = __iter__ = __getitem__ = Hostile._fail


class HostileList(list):
    __eq__ = __hash__ = __repr__ = __len__ = __iter__ = __getitem__ = __bool__ = Hostile._fail


class HostileDict(dict):
    __eq__ = __hash__ = __repr__ = __len__ = __iter__ = __getitem__ = items = get = Hostile._fail


def nested(depth):
    found = []
    for _ in range(depth):
        found = [found]
    return found


ODD = (
    None, True, False, 0, -1, 10**5000, 1.5, math.nan, math.inf, 1j, b"a", bytearray(b"a"),
    object(), Ellipsis, range(10**9), set(), frozenset({"a"}), iter(()), (each for each in ()),
    "", " ", "\x00", "a\nb\r\u2028c", "\ud800", "x" * 100_000, "\ufdfa" * 500,
    Hostile(), OfHostileType(), HostileText("a"), HostileList(["a"]),
    HostileDict(a="b"), nested(50_000), ["a"] * 100_000, {n: n for n in range(10_000)},
    [HostileText("a")], [Hostile()], [OfHostileType()], {"a": Hostile()}, {"a": math.nan},
    {"a": HostileText("b")}, {None: None}, {b"a": "a"}, {("a",): "b"}, [["a"]], [{"a": "b"}],
)  # fmt: skip
MILD = (None, True, 0, 2, -1, 1.5, math.nan, b"a", "", " ", "a\nb", "\ud800", "x" * 501, ())
JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | IDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


def parts_of(item):
    """The ids of an item, of which responses that nearly fit are made."""
    if isinstance(item, it.Scenario):
        return [choice.id for node in item.nodes for choice in node.choices]
    return [entry.id for name in item.lists for entry in getattr(item, name)]


@st.composite
def near(draw, item):
    """Responses of the right shape, with parts that may or may not fit."""
    known = st.sampled_from(parts_of(item))
    odd = known | known | st.sampled_from(MILD)
    typed = known | WORDS | st.integers(0, 6) | st.text(max_size=20) | st.sampled_from(MILD)
    if isinstance(item, it.Gap):
        typed |= st.sampled_from([a for key in item.key.values() for a in key.accept])
    return draw(
        st.one_of(
            known,
            st.lists(known, max_size=6, unique=True),
            st.permutations(parts_of(item)),
            st.lists(odd, max_size=6),
            st.lists(odd, max_size=6).map(tuple),
            st.dictionaries(known, known),
            st.dictionaries(known, typed),
            st.dictionaries(st.text(max_size=5) | st.integers(), typed),
            st.just(it.key_response(item)),
        )
    )


def marked(item, response):
    """The mark, or None for a response that is refused as it should be."""
    try:
        return it.mark(item, response)
    except it.ResponseError as refused:
        message = str(refused)
        assert message.strip() and message.isprintable() and len(message) < 200
        message.encode()
        return None


# Every type on its own: one_of would leave some with few examples.
each_type = pytest.mark.parametrize("type_", BY_TYPE)


@each_type
def test_a_mark_lies_between_nothing_and_the_points(type_):
    """Whatever fits earns no less than 0 and no more than the item's points; marking is pure."""

    @given(st.data())
    @settings(max_examples=40, deadline=None)
    def check(data):
        item = data.draw(BY_TYPE[type_])
        before = deepcopy(item)
        response = data.draw(near(item))
        first = marked(item, response)
        again = marked(item, response)

        assert first == again
        assert before == item
        if first is not None:
            assert 0 <= first.score <= first.points == item.points
            assert first.right == (first.score >= item.points)
            assert all(isinstance(part, Part) for part in first.parts)

    check()


@each_type
def test_the_key_earns_all(type_):
    """What key_response gives earns every point, and every part of it is right."""

    @given(BY_TYPE[type_])
    @settings(max_examples=40, deadline=None)
    def check(item):
        response = it.key_response(item)
        mark = it.mark(item, response)

        assert item.points == mark.score
        assert mark.right
        if type_ != "scenario":
            assert all(part.right for part in mark.parts)
        assert it.complete(item, response)

    check()


@each_type
def test_any_response_is_marked_or_refused(type_):
    """JSON of any shape: a mark, or a ResponseError with one plain line."""

    @given(BY_TYPE[type_], JSONISH)
    @settings(max_examples=40, deadline=None)
    def check(item, response):
        marked(item, response)

    check()


@pytest.mark.parametrize("item", EXAMPLES, ids=lambda item: type(item).__name__)
@pytest.mark.parametrize("number", range(len(ODD)))
def test_any_object_is_marked_or_refused(item, number):
    """Objects that fail at every touch, huge ones, deep ones: never a traceback."""
    odd = ODD[number]

    for response in (odd, [odd], (odd, odd), {"a": odd}, {parts_of(item)[0]: odd}):
        marked(item, response)


def test_a_text_of_another_class_is_refused():
    """A subclass of str may bring methods of its own."""
    assert marked(SINGLE, HostileText("b")) is None
    assert marked(MATCHING, HostileDict(l1="r1")) is None
    assert marked(ORDERING, HostileList("abcd")) is None


@pytest.mark.parametrize(
    ("item", "response", "words"),
    [
        (SINGLE, "zz", "s: “zz” is not an option of this question."),
        (SINGLE, "z" * 50, "s: “" + "z" * 39 + "…” is not an option of this question."),
        (SINGLE, "a\nb\ud800", "s: “a?b?” is not an option of this question."),
        (SINGLE, 5, "s: an option is named by its id."),
        (MULTIPLE, "a", "m: the response has to be a list."),
        (MULTIPLE, ["a", "a"], "m: an option stands twice in the response."),
        (MULTIPLE, ["a"] * 5, "m: the response has more entries than the question."),
        (ORDERING, ["a", "b"], "o: all 4 steps have to be in the order."),
        (MATCHING, ["l1"], "x: the response has to say what goes with what."),
        (MATCHING, {"l1": "l2"}, "x: “l2” is not a right side of this question."),
        (CATEGORISING, {"zz": "k1"}, "c: “zz” is not a card of this question."),
        (GAP, {"programme": 5}, "g: a gap takes words or figures."),
        (GAP, {"programme": "\ud800"}, "g: a gap takes words or figures."),
        (GAP, {"programme": "x" * 501}, "g: a gap takes at most 500 characters."),
        (RATING, {"a": 4}, "r: a rating is a whole number from 1 to 3."),
        (RATING, {"a": True}, "r: a rating is a whole number from 1 to 3."),
        (RATING, {"a": 1.0}, "r: a rating is a whole number from 1 to 3."),
        (SCENARIO, ["share"], "z: the scene offers no “share” there."),
        (SCENARIO, ["leave", "share"], "z: the scene offers no “share” there."),
        (SCENARIO, [1], "z: a choice is named by its id."),
    ],
)
def test_a_refusal_says_what_is_wrong(item, response, words):
    """One plain sentence that names the item."""
    with pytest.raises(it.ResponseError) as refused:
        it.check_response(item, response)

    assert words == str(refused.value)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_response_that_went_through_json_earns_the_same(data):
    """What is written to a record and read back is marked as it was at first."""
    item = data.draw(ITEMS)
    response = data.draw(near(item))
    mark = marked(item, response)
    if mark is not None:
        checked = it.check_response(item, response)
        line = json.dumps(checked, ensure_ascii=False, allow_nan=False).encode()

        assert mark == it.mark(item, json.loads(line))
        assert checked == it.check_response(item, json.loads(line))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_completeness_is_told_of_every_response_that_fits(data):
    """complete() never raises on a checked response, and needs no key."""
    item = data.draw(ITEMS)
    response = data.draw(near(item))
    try:
        checked = it.check_response(item, response)
    except it.ResponseError:
        return

    assert it.complete(item, checked) is it.complete(it.strip(item), checked)


@pytest.mark.parametrize(
    ("item", "response", "told"),
    [
        (SINGLE, "a", True),
        (MULTIPLE, [], False),
        (MULTIPLE, ["d"], True),
        (MATCHING, {"l1": "r1"}, False),
        (CATEGORISING, {"a": "k1", "b": "k1", "c": "k1"}, True),
        (GAP, {"programme": "ECM", "year": " "}, False),
        (GAP, {"programme": "ECM", "year": "?"}, True),
        (RATING, {"a": 1}, False),
        (RATING, {"a": 1, "b": 1}, True),
        (SCENARIO, [], False),
        (SCENARIO, ["call"], False),
        (SCENARIO, ["leave"], True),
    ],
)
def test_a_response_is_complete_when_every_part_is_answered(item, response, told):
    """A scene is complete at an ending."""
    assert told is it.complete(item, response)


# --- what a trainee may hold --------------------------------------------------------------


def other_key(item, data):
    """The same item with another key, other feedback and its entries in another order."""
    change = {"hint": "Another hint", "general_feedback": "Other", "misconception": "Other"}
    change["open_feedback"] = not item.open_feedback
    for name in item.lists:
        found = [replace(entry, feedback="Other") for entry in getattr(item, name)]
        fixed = isinstance(item, it.Gap | it.Rating)  # their order is part of the question
        change[name] = tuple(found if fixed else data.draw(st.permutations(found)))
    if isinstance(item, it.Scenario):
        change["nodes"] = tuple(
            replace(node, choices=tuple(
                replace(choice, feedback="Other")
                for choice in data.draw(st.permutations(node.choices))
            ))
            for node in data.draw(st.permutations(item.nodes))
        )  # fmt: skip
        change["key"] = dict.fromkeys(item.key, 0.5)
    elif isinstance(item, it.Single):
        change["key"] = item.options[-1].id
    elif isinstance(item, it.Multiple):
        change["key"] = frozenset(ids(item.options)) - item.key | {item.options[0].id}
    elif isinstance(item, it.Ordering):
        change["key"] = item.key[::-1]
    elif isinstance(item, it.Matching | it.Categorising):
        change["key"] = dict.fromkeys(item.key, frozenset({getattr(item, item.lists[1])[0].id}))
    elif isinstance(item, it.Gap):
        change["key"] = dict.fromkeys(item.key, GapKey(("other",), {"trap": "Other"}))
    return replace(item, **change)


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_a_stripped_item_does_not_depend_on_its_key(data):
    """Another key, other feedback, another order of writing: the trainee holds the same."""
    item = data.draw(ITEMS)
    bare = it.strip(item)

    assert bare.key is None
    assert bare == it.strip(other_key(item, data)) == it.strip(bare)
    assert "feedback" not in json.dumps(it.to_plain(bare))


@given(ITEMS)
@settings(max_examples=100, deadline=None)
def test_a_stripped_item_goes_through_json(item):
    """from_plain gives back what to_plain was given, straight or by way of a file."""
    bare = it.strip(item)
    plain = it.to_plain(bare)

    assert bare == it.from_plain(plain) == it.from_plain(json.loads(json.dumps(plain)))
    assert plain == json.loads(json.dumps(plain))


@given(ITEMS.filter(lambda item: item.key is not None))
@settings(max_examples=50, deadline=None)
def test_a_key_leaves_no_bank(item):
    """An item with its key is not made plain; a stripped one is not marked."""
    with pytest.raises(ValueError, match="only a stripped item"):
        it.to_plain(item)
    with pytest.raises(ValueError, match="no key"):
        it.mark(it.strip(item), it.key_response(item))
    with pytest.raises(ValueError, match="no key"):
        it.key_response(it.strip(item))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_anything_else_is_no_item(data):
    """Values that to_plain did not give raise ValueError, whatever they are."""
    values = dict(it.to_plain(it.strip(data.draw(ITEMS))))
    name = data.draw(st.sampled_from([*sorted(values), "key", "more"]))
    values[name] = data.draw(JSONISH)
    try:
        item = it.from_plain(values)
    except ValueError:
        return

    assert item == it.strip(item)


@pytest.mark.parametrize("values", [None, 5, [], "ab", {}, {"type": "single"}, {"type": []}])
def test_what_is_no_table_is_no_item(values):
    """Not even nearly an item."""
    with pytest.raises(ValueError):
        it.from_plain(values)


def test_a_plain_item_with_a_key_or_feedback_is_refused():
    """What comes in from outside brings no key of its own."""
    plain = it.to_plain(it.strip(SINGLE))

    for more in (
        {"key": "a"},
        {"hint": "It is a"},
        {"options": [{"id": "a", "text": "A", "feedback": "Yes"}]},
    ):
        with pytest.raises(ValueError):
            it.from_plain(plain | more)


# --- texts and the module itself ----------------------------------------------------------


@given(st.text())
def test_plain_text_stays_as_it_is(text):
    """Comparing what was made plain already changes nothing."""
    assert it.plain(text) == it.plain(it.plain(text))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The Children Act 1989", "the-children-act-1989"),
        ("  Café – “now”!  ", "cafe-now"),
        ("a" * 39 + " bcd", "a" * 39),
        ("???", ""),
    ],
)
def test_an_id_is_made_of_a_text(text, made):
    """Small letters, figures and single hyphens, 40 at most, no hyphen at an end."""
    assert made == it.slug(text)


def test_items_imports_the_standard_library_only():
    """The core can be read and run anywhere."""
    for path in Path(it.__file__).parent.glob("*.py"):
        names = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                [alias.name for alias in node.names] if isinstance(node, ast.Import)
                else ["." * node.level + (node.module or "")] if isinstance(node, ast.ImportFrom)
                else []
            )
        }  # fmt: skip
        others = {name.split(".")[0] for name in names if not re.match(r"\.\w", name)}

        assert others <= sys.stdlib_module_names, path.name
