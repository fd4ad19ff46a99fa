"""The three-way merge of marks by hand, and who is dealt what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mapt_course.marking.merge import COMMENT, EXTRA, SCORE, TO_READ, Conflict, merge
from mapt_course.marking.share.deal import deal

LENA, OMAR = (("lena", "check", "r1", field) for field in (SCORE, COMMENT))
PLACES = st.tuples(
    st.sampled_from(["lena", "omar"]),
    st.just("check"),
    st.sampled_from(["r1", "r2"]),
    st.sampled_from([SCORE, EXTRA, COMMENT, TO_READ]),
)
VALUES = st.dictionaries(PLACES, st.sampled_from([None, 0.0, 1.5, 3.0, "Why?"]))


def given_in(values) -> dict:
    """Values without those that were not given."""
    return {place: value for place, value in values.items() if value is not None}


def test_what_one_side_changed_is_taken():
    merged = merge({}, {LENA: 3.0}, {OMAR: "Say why."})

    assert merged.values == {LENA: 3.0, OMAR: "Say why."}
    assert merged.taken == {OMAR: "Say why."}
    assert merged.conflicts == ()


def test_the_same_change_on_both_sides_is_one():
    merged = merge({LENA: 1.0}, {LENA: 3.0}, {LENA: 3.0})

    assert merged.values == {LENA: 3.0}
    assert merged.taken == {}
    assert merged.conflicts == ()


def test_a_mark_that_was_taken_away_is_taken_away():
    assert given_in(merge({LENA: 3.0}, {LENA: 3.0}, {}).values) == {}


def test_nought_is_a_mark():
    assert merge({}, {}, {LENA: 0.0}).taken == {LENA: 0.0}


def test_a_conflict_stays_as_ours_and_comes_again():
    first = merge({LENA: 1.0}, {LENA: 2.0}, {LENA: 3.0, OMAR: "Yes"})

    assert first.values == {LENA: 2.0, OMAR: "Yes"}
    assert first.conflicts == (Conflict(LENA, 2.0, 3.0),)
    again = merge(first.agreed, first.values, {LENA: 3.0, OMAR: "No"})
    assert again.conflicts == (Conflict(LENA, 2.0, 3.0),)
    assert again.values == {LENA: 2.0, OMAR: "No"}


def test_a_settled_conflict_does_not_come_again():
    for take, score in (("ours", 2.0), ("theirs", 3.0)):
        settled = merge({LENA: 1.0}, {LENA: 2.0}, {LENA: 3.0}, take)

        assert settled.values == {LENA: score}
        assert settled.conflicts == ()
        again = merge(settled.agreed, settled.values, {LENA: 3.0})
        assert again.values == {LENA: score}
        assert again.conflicts == ()


@given(VALUES, VALUES, VALUES)
def test_twice_is_as_good_as_once(base, ours, theirs):
    once = merge(base, ours, theirs)
    for start in (base, once.agreed):
        twice = merge(start, once.values, theirs)

        assert given_in(twice.values) == given_in(once.values)
        assert twice.conflicts == once.conflicts


@given(VALUES, VALUES, VALUES)
def test_nothing_is_lost_or_made_up(base, ours, theirs):
    """Every change of either side is in the result or in a conflict; nothing else is."""
    merged = merge(base, ours, theirs)
    told = {each.place: (each.ours, each.theirs) for each in merged.conflicts}
    for place in base.keys() | ours.keys() | theirs.keys():
        before, mine, other = (side.get(place) for side in (base, ours, theirs))
        got = merged.values.get(place)
        if place in told:
            assert told[place] == (mine, other)
            assert got == mine
            assert len({before, mine, other}) == 3
        elif mine != before:
            assert got == mine
        else:
            assert got == other


@given(VALUES, VALUES, VALUES)
def test_without_conflicts_it_does_not_matter_who_merges(base, ours, theirs):
    there, back = merge(base, ours, theirs), merge(base, theirs, ours)

    assert {each.place for each in there.conflicts} == {each.place for each in back.conflicts}
    if not there.conflicts:
        assert given_in(there.values) == given_in(back.values)


@given(VALUES, VALUES, VALUES, VALUES)
def test_without_conflicts_the_order_of_two_markers_does_not_matter(base, ours, anna, ben):
    first = merge(base, ours, anna)
    first_then = merge(base, first.values, ben)
    second = merge(base, ours, ben)
    second_then = merge(base, second.values, anna)

    if not any(each.conflicts for each in (first, first_then, second, second_then)):
        assert given_in(first_then.values) == given_in(second_then.values)


@given(VALUES, VALUES, VALUES, VALUES)
def test_a_later_return_follows_an_earlier_one(base, ours, early, late):
    """What a marker changed again is no conflict with the marker's own earlier mark."""
    first = merge(base, ours, early)
    second = merge(first.agreed, first.values, late)

    for place in {*late, *early, *base, *ours} - {each.place for each in first.conflicts}:
        if first.values.get(place) == early.get(place):
            assert second.values.get(place) == late.get(place)


NAMES = st.lists(st.text("abcdefgh", min_size=1, max_size=2), unique=True)


@given(NAMES, NAMES.filter(len), st.dictionaries(st.text("abcdefgh", max_size=2), st.text("abc")))
def test_everybody_is_dealt_to_one_marker(trainees, markers, held):
    shares = deal(trainees, markers, held)

    assert list(shares) == markers
    assert sorted(name for share in shares.values() for name in share) == sorted(trainees)
    for marker, share in shares.items():
        assert all(held.get(name) in (marker, None) or held[name] not in markers for name in share)


def test_the_deal_is_even_and_counts_what_was_dealt_before():
    assert deal("abcdefg", ["anna", "ben", "carla"], {}) == {
        "anna": ["a", "d", "g"],
        "ben": ["b", "e"],
        "carla": ["c", "f"],
    }
    held = {"a": "anna", "b": "anna", "c": "ben", "z": "gone"}
    assert deal("cxyz", ["anna", "ben"], held) == {"anna": ["y"], "ben": ["c", "x", "z"]}
