"""What can happen in a room: any order of operations, repeated or not, gives a sound state."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapt_course.room import day as days
from mapt_course.room import events as ev
from mapt_course.room import tally, view
from mapt_course.room.day import FACILITATOR
from mapt_course.room.events import ROOM, Event, State

DAY = days.of_course()
AT = "2026-03-02T09:30:00+00:00"
SEATS = [f"s{n}" for n in range(1, 6)]
TEXTS = st.text(max_size=30) | st.just("x" * 500)
PLACES = st.sampled_from([*DAY.places, "nowhere"])
NAMES = st.sampled_from([f"e{n}" for n in range(12)])
NOTES = st.builds("{}.{}".format, st.sampled_from(SEATS), NAMES)
ODD = st.sampled_from([None, True, 7, -1, 1.5, [], {}, "\ud800", ["1", "1"]])


def a(strategy):
    """Mostly what fits, now and then something odd."""
    return st.one_of(strategy, strategy, strategy, ODD)


VALUES = st.sampled_from(
    ["1", "2", "3", "0", "9", ["1", "2"], ["1", "2", "3", "4"], "2026-04-20", ""]
)
VOICES = a(st.integers(1, 3))
ARGS = {
    "answer": {"place": a(PLACES), "value": VALUES | TEXTS, "voice": VOICES},
    "note": {"ask": a(st.sampled_from(list(DAY.asks))), "text": a(TEXTS), "voice": VOICES},
    "withdraw": {"note": a(NOTES)},
    "mark": {"note": a(NOTES), "mark": a(st.sampled_from(ev.MARKS)), "voice": VOICES},
    "write": {"place": a(PLACES), "text": a(TEXTS), "over": st.lists(NOTES, max_size=3) | ODD},
    "agency": {"agency": a(st.sampled_from(list(DAY.agency)))},
    "go": {"stage": a(st.integers(0, 10)), "step": a(st.integers(1, 4))},
    "alone": {"ask": a(st.sampled_from([*DAY.asks, ""]))},
    "timer": {"seconds": a(st.integers(0, 9000))},
    "place": {"note": a(NOTES), "ring": a(st.sampled_from(ev.RINGS))},
    "merge": {"note": a(NOTES), "into": a(NOTES)},
    "remove": {"seat": a(st.sampled_from(SEATS))},
    "join": {"seat": a(st.sampled_from(SEATS)), "agency": a(st.sampled_from(list(DAY.agency)))},
    **{name: {"note": a(NOTES)} for name in ("hide", "unhide", "split")},
    **{name: {} for name in ("reveal", "conceal", "lock", "unlock", "pair", "close", "nonsense")},
}
OPS = st.sampled_from([name for name in ARGS if name != "close"] * 8 + ["close"])


@st.composite
def an_event(draw):
    op = draw(OPS)
    args = {name: draw(value) for name, value in ARGS[op].items()}
    by = ROOM if op == "join" else draw(st.sampled_from([*SEATS, FACILITATOR, FACILITATOR]))
    return Event(draw(NAMES | st.just("not fit")), by, op, args, AT)


def joined(seats=5, voices=2) -> list[Event]:
    agencies = list(DAY.agency)
    return [
        Event(
            f"j{n}",
            ROOM,
            "join",
            {"seat": f"s{n}", "agency": agencies[n % 7], "voices": voices},
            AT,
        )
        for n in range(1, seats + 1)
    ]


LAST = Event("last", FACILITATOR, "go", {"stage": len(DAY.stages) - 1}, AT)
# Half of the rooms have been everywhere, so that most of what is asked is open.
EVENTS = st.tuples(st.sampled_from([[], [LAST]]), st.lists(an_event(), max_size=40)).map(
    lambda parts: [*joined(), *parts[0], *parts[1]]
)


def same(state: State) -> dict:
    """All of a state but what it has seen."""
    return {name: value for name, value in vars(state).items() if name != "seen"}


def assert_sound(state: State) -> None:
    assert 0 <= state.stage < len(DAY.stages)
    assert 1 <= state.step <= len(DAY.stages[state.stage].steps)
    for seat in state.seats.values():
        for (place, voice), value in seat.answers.items():
            ask = DAY.places[place]
            assert 1 <= voice <= seat.voices and not seat.gone
            if ask.kind == "choice":
                assert value in {option.id for option in ask.options}
            elif ask.kind == "pick":
                assert len(set(value)) == len(value) <= ask.most
            else:
                assert 0 < len(value) <= ask.longest
    for note in state.notes.values():
        assert ev.root(state, note).into == ""
        assert 0 < len(note.text) <= DAY.asks[note.ask].longest
        assert note.id.startswith(f"{note.by}.") and note.by in state.seats
    for place, versions in state.texts.items():
        assert DAY.places[place].kind == "text" and len(versions) <= ev.MOST_VERSIONS
    for groups in state.pairs.values():
        names = [name for group in groups for name in group]
        assert len(names) == len(set(names))


@settings(max_examples=300, deadline=None)
@given(EVENTS)
def test_any_order_of_operations_gives_a_sound_state(events):
    assert_sound(ev.reduce(DAY, events))


@settings(max_examples=100, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_what_comes_again_changes_nothing(events, chance):
    """Anything that was taken may come again, at any later time."""
    state, taken = State(DAY), []
    for event in events:
        try:
            state.take(event)
        except ev.Refused:
            continue
        taken.append(event)
        before = copy.deepcopy(same(state))

        assert state.take(chance.choice(taken)) is False
        assert before == same(state)


@settings(max_examples=100, deadline=None)
@given(EVENTS)
def test_what_is_refused_says_why_and_changes_nothing(events):
    state = State(DAY)
    for event in events:
        before = copy.deepcopy(vars(state))
        try:
            state.take(event)
        except ev.Refused as refused:
            assert str(refused).endswith(".")
            assert before == vars(state)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_a_screen_that_gets_what_was_touched_shows_the_same_as_a_new_one(events):
    """For phones and for the facilitator's screen alike; and what each seat sees of itself."""
    state, screens, selves = State(DAY), {False: {}, True: {}}, {}
    for lead in screens:
        screens[lead] = view.everything(state, lead)
    for event in events:
        try:
            if not state.take(event):
                continue
        except ev.Refused:
            continue
        for lead, screen in screens.items():
            for key in view.touched(state, event):
                part = view.look(state, key, lead)
                if part is None:
                    screen.pop(key, None)
                else:
                    screen[key] = part
            assert view.everything(state, lead) == screen
        for seat in view.own_touched(state, event) | (
            {event.args["seat"]} if event.op == "join" else set()
        ):
            selves[seat] = view.own(state, state.seats[seat])
        assert {name: view.own(state, seat) for name, seat in state.seats.items()} == selves


@settings(max_examples=100, deadline=None)
@given(EVENTS)
def test_no_group_of_fewer_than_three_is_told_apart(events):
    """Not as a group, and not as what is missing between the whole and the groups."""
    state = ev.reduce(DAY, events)
    for place, ask in DAY.places.items():
        if ask.kind not in ("choice", "pick") or ask.open:
            continue
        told = tally.tally(state, place)
        assert not told.counts or told.n >= tally.FEWEST
        for group in told.groups:
            assert group.n >= tally.FEWEST
        if told.groups:
            assert told.n == sum(group.n for group in told.groups)


def room(*more: Event, seats=6, voices=1) -> State:
    state = ev.reduce(DAY, joined(seats, voices))
    for event in more:
        state.take(event)
    return state


def act(by: str, op: str, n=[0], **args) -> Event:  # noqa: B006
    """An event with an id that was not used before."""
    n[0] += 1
    return Event(f"a{n[0]}", by, op, args, AT)


def go(stage: str, step: int = 1) -> Event:
    number = next(n for n, one in enumerate(DAY.stages) if one.id == stage)
    return act(FACILITATOR, "go", stage=number, step=step)


def test_two_who_write_at_once_leave_two_versions():
    """Each had seen the same; who has seen both joins them."""
    state = room(go("agreement"), act("s1", "write", place="mission", text="Together"))
    (first,) = state.texts["mission"]
    state.take(act("s2", "write", place="mission", text="Together, early", over=[first]))
    state.take(act("s3", "write", place="mission", text="With families", over=[first]))

    assert ["Together, early", "With families"] == [v.text for v in state.texts["mission"].values()]

    both = list(state.texts["mission"])
    state.take(act(FACILITATOR, "write", place="mission", text="Early, with families", over=both))

    assert ["Early, with families"] == [v.text for v in state.texts["mission"].values()]


def test_a_column_belongs_to_its_group():
    state = room(go("grid"))
    seat = next(seat for seat in state.seats.values() if seat.agency == "police")
    state.take(act(seat.id, "write", place="views.1.others", text="We come late"))
    with pytest.raises(ev.Refused, match="another group"):
        state.take(act(seat.id, "write", place="views.1.health", text="Not mine"))


def test_nothing_is_answered_ahead_of_the_group_or_after_it_is_revealed():
    state = room()
    with pytest.raises(ev.Refused, match="not there yet"):
        state.take(act("s1", "answer", place="ladder-step", value="2"))
    state.take(go("ladder"))
    state.take(act("s1", "answer", place="ladder-step", value="2"))
    state.take(act(FACILITATOR, "reveal"))
    with pytest.raises(ev.Refused, match="on the wall"):
        state.take(act("s1", "answer", place="ladder-step", value="3"))
    state.take(act(FACILITATOR, "conceal"))
    state.take(act(FACILITATOR, "lock"))
    with pytest.raises(ev.Refused, match="closed this part"):
        state.take(act("s1", "answer", place="ladder-step", value="3"))


def test_statements_move_outward_by_most_of_those_who_marked_them():
    state = room(go("circle"), act("s1", "note", ask="statements", text="Fewer meetings"))
    (note,) = state.notes.values()
    assert "inner" == note.place()
    state.take(act("s2", "mark", note=note.id, mark=ev.NOT_RELEVANT))
    assert "inner" == note.place()
    state.take(act("s3", "mark", note=note.id, mark=ev.NOT_IMPORTANT))
    assert "outer" == note.place()
    state.take(act("s1", "mark", note=note.id, mark=ev.INSIDE))
    assert "outer" == note.place()
    state.take(act(FACILITATOR, "place", note=note.id, ring="inner"))
    assert "inner" == note.place()


def test_pairs_are_mixed_and_new_in_each_round():
    """Where no agency has more than half of the seats, nobody meets their own."""
    state = room(seats=14)
    met: dict[str, set[str]] = {}
    for step in (2, 3, 4):
        state.take(go("cards", step))
        for group in state.pairs[step]:
            agencies = [state.seats[name].agency for name in group]
            assert len(set(agencies)) == len(agencies) == 2
            for name in group:
                assert not met.setdefault(name, set()) & set(group) - {name}
                met[name] |= set(group) - {name}
    assert state.pairs[2] != state.pairs[3] != state.pairs[4]


def test_a_partner_sees_the_card_and_nobody_else_does():
    state = room(go("cards"), act("s1", "answer", place="card.1", value="Housing officer"))
    state.take(go("cards", 2))
    seen = {
        name: [partner["card"] for partner in view.own(state, seat)["partners"]]
        for name, seat in state.seats.items()
    }

    assert 1 == sum({"card.1": "Housing officer"} in cards for cards in seen.values())
    assert "Housing officer" not in repr(view.everything(state, lead=True))


def test_a_small_group_is_pooled_until_it_cannot_be_told():
    """Two of housing are shown with the smallest group that could be shown alone."""
    agencies = ["health"] * 4 + ["education"] * 3 + ["housing"] * 2
    joins = [
        Event(f"j{n}", ROOM, "join", {"seat": f"s{n}", "agency": agency}, AT)
        for n, agency in enumerate(agencies, 1)
    ]
    state = ev.reduce(DAY, [*joins, go("ladder")])
    for n in range(1, 10):
        state.take(act(f"s{n}", "answer", place="ladder-step", value="1" if n > 7 else "4"))
    told = tally.tally(state, "ladder-step")

    assert [("health",), ("education", "housing")] == [group.agencies for group in told.groups]
    assert {"1": 2, "2": 0, "3": 0, "4": 7, "5": 0, "0": 0} == told.counts


def test_before_the_reveal_no_screen_holds_more_than_how_many_answered():
    state = room(
        go("ladder"), *[act(f"s{n}", "answer", place="ladder-step", value="3") for n in (1, 2, 3)]
    )
    for lead in (False, True):
        seen = view.everything(state, lead)

        assert 3 == seen["n.ladder-step"]
        assert not any(key.startswith("r.") for key in seen)


def test_a_removed_seat_counts_no_more():
    state = room(
        go("ladder"), *[act(f"s{n}", "answer", place="ladder-step", value="3") for n in (1, 2, 3)]
    )
    state.take(act(FACILITATOR, "remove", seat="s1"))
    with pytest.raises(ev.Refused, match="taken out"):
        state.take(act("s1", "answer", place="ladder-step", value="2"))

    assert 2 == tally.tally(state, "ladder-step").n


def test_the_wall_shows_one_thing_alone_until_the_group_goes_on():
    state = room(go("ladder"), act(FACILITATOR, "alone", ask="ladder-valued"))

    assert "ladder-valued" == view.look(state, "at")["alone"]

    with pytest.raises(ev.Refused, match="does not ask that"):
        state.take(act(FACILITATOR, "alone", ask="gaps"))
    state.take(go("circle"))

    assert "" == view.look(state, "at")["alone"]


def test_a_closed_room_takes_nothing():
    state = room(act(FACILITATOR, "close"))
    with pytest.raises(ev.Refused, match="closed"):
        state.take(act(FACILITATOR, "go", stage=1))


def test_only_the_facilitator_leads():
    state = room()
    for op in ("go", "reveal", "hide", "remove", "close", "timer", "alone"):
        with pytest.raises(ev.Refused, match="Only the facilitator"):
            state.take(replace(act("s1", op), args={"stage": 1}))
    with pytest.raises(ev.Refused, match="Only the facilitator"):
        state.take(act("s1", "join", seat="s99", agency="health"))
