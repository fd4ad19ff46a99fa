"""Two computers' records brought together: nothing is lost, and no receipt changes."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapt_course import merge, record
from mapt_course.record import Event

CHECK = "roots-check"
MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)


def event(name: str, minute: int, item: str = "q1", value: str = "", kind: str = "response"):
    at = (MORNING + timedelta(minutes=minute)).isoformat(timespec="milliseconds")
    at = at.replace("+00:00", "Z")
    if kind == "handed-in":
        return Event(name, at, kind, CHECK, text="lena")
    response = {"a": value or name} if kind == "form" else value or name
    return Event(name, at, kind, item, response=response)


def lines(*events: Event) -> list[merge.Line]:
    return merge.lines(b"".join(each.line() for each in events))


def names(some) -> list[str]:
    return [line.event.id for line in some]


def events(some) -> tuple[Event, ...]:
    return tuple(line.event for line in some)


def latest(some) -> dict[str, object]:
    found = {item: each.response for item, each in record.latest(events(some)).items()}
    return found | record.entries(events(some))


def receipts(some) -> list[str]:
    return [each.receipt for each in record.hand_ins(events(some), CHECK)]


# --- by hand ------------------------------------------------------------------------------


def test_what_was_answered_on_both_goes_by_time():
    """Not by which file came in last."""
    mine = lines(event("a", 0), event("c", 20, "q2"))
    theirs = lines(event("b", 10), event("d", 30, "q2"))

    assert ["a", "b", "c", "d"] == names(merge.merge(mine, theirs))


def test_each_computers_own_order_is_kept_where_its_clock_was_put_back():
    mine = lines(event("late", 500), event("now", 20))
    theirs = lines(event("other", 10, "q2"))

    assert ["other", "late", "now"] == names(merge.merge(mine, theirs))


def test_an_older_answer_below_a_hand_in_does_not_win():
    """The receipt keeps it below; the answer that was handed in is repeated under it."""
    mine = lines(event("new", 20), event("h", 30, kind="handed-in"))
    theirs = lines(event("old", 10))
    whole = merge.merge(mine, theirs)

    assert ["new", "h", "old"] == names(whole)[:3] and len(whole) == 4
    assert {"q1": "new"} == latest(whole)
    assert receipts(mine) == receipts(whole)
    assert whole == merge.merge(theirs, mine)
    assert whole == merge.merge(whole, theirs) == merge.merge(theirs, whole)


def test_of_a_form_only_the_boxes_that_are_older_are_repeated():
    mine = lines(
        Event("new", "2026-01-05T10:00:00Z", "form", "f", response={"a": "new", "b": "new"}),
        event("h", 90, kind="handed-in"),
    )
    theirs = lines(
        Event("old", "2026-01-05T09:00:00Z", "form", "f", response={"a": "old"}),
        Event("newer", "2026-01-05T12:00:00Z", "form", "f", response={"b": "newer"}),
    )

    assert {"a": "new", "b": "newer"} == record.entries(events(merge.merge(mine, theirs)))["f"]


def test_a_newer_answer_after_the_others_hand_in_wins():
    mine = lines(event("a", 0), event("h", 10, kind="handed-in"))
    theirs = lines(event("a", 0), event("b", 20))

    assert ["a", "h", "b"] == names(merge.merge(mine, theirs))


def test_handed_in_on_both_stays_apart():
    mine = lines(event("a", 0), event("h1", 10, kind="handed-in"))
    theirs = lines(event("b", 0), event("h2", 10, kind="handed-in"))

    with pytest.raises(merge.Apart):
        merge.merge(mine, theirs)


def test_handed_in_a_second_time_on_the_other_goes_on():
    mine = lines(event("a", 0), event("h1", 10, kind="handed-in"))
    theirs = lines(*events(mine), event("b", 20), event("h2", 30, kind="handed-in"))
    whole = merge.merge([*mine, *lines(event("c", 25, "q2"))], theirs)

    assert receipts(theirs) == receipts(whole)
    assert ["a", "h1", "b", "h2", "c"] == names(whole)


# --- any two histories --------------------------------------------------------------------


@st.composite
def pasts(draw):
    """What two computers hold after a time of use, with zips going between them."""
    kinds = ["response"] * 4 + ["form"] * 2 + ["handed-in"]
    steps = draw(
        st.lists(
            st.tuples(
                st.integers(0, 1),
                st.sampled_from([*kinds, "bring"]),
                st.sampled_from(["q1", "q2", "q3"]),
                st.integers(-40, 5),  # minutes that a clock is wrong by
            ),
            max_size=25,
        )
    )
    held: list[list[merge.Line]] = [[], []]
    for n, (who, kind, item, wrong) in enumerate(steps):
        if kind == "bring":
            try:
                held[who] = merge.merge(held[who], held[1 - who])
            except merge.Apart:
                continue
        else:
            minute = n * 5 + (wrong if wrong < -30 else 0)
            item = f"form-{item}" if kind == "form" else item
            held[who] = [*held[who], *lines(event(f"e{n}", minute, item, kind=kind))]
    return held


@settings(max_examples=500, deadline=None)
@given(pasts())
def test_merging_loses_nothing_and_changes_no_receipt(held):
    """Whoever brings in what from whom, and however often."""
    mine, theirs = held
    try:
        whole = merge.merge(mine, theirs)
    except merge.Apart:
        a, b = receipts(mine), receipts(theirs)
        assert a and b and a[: len(b)] != b[: len(a)]
        return

    assert whole == merge.merge(theirs, mine)
    assert whole == merge.merge(whole, theirs) == merge.merge(whole, mine)
    assert set(names(mine)) | set(names(theirs)) <= set(names(whole))
    assert all(
        name.startswith("again-") for name in set(names(whole)) - {*names(mine), *names(theirs)}
    )
    assert len(names(whole)) == len(set(names(whole)))
    assert max(receipts(mine), receipts(theirs), key=len) == receipts(whole)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_with_right_clocks_the_latest_word_wins(seed, handed):
    """Whichever computer it was given on, and whether it was handed in or not."""
    chance = random.Random(seed)
    held: list[list[Event]] = [[], []]
    for minute in range(chance.randint(1, 15)):
        kind = chance.choice(["response", "form"])
        given = event(f"e{minute}", minute, f"{kind}-{chance.randint(1, 2)}", kind=kind)
        held[chance.randint(0, 1)].append(given)
        if handed and chance.random() < 0.2:
            held[0].append(event(f"h{minute}", minute, kind="handed-in"))
    by_time = sorted([*held[0], *held[1]], key=lambda each: each.at)
    whole = merge.merge(lines(*held[0]), lines(*held[1]))

    assert latest(lines(*by_time)) == latest(whole)


@settings(max_examples=200, deadline=None)
@given(st.permutations(range(6)), st.permutations(range(6)))
def test_records_that_contradict_each_other_are_brought_together_all_the_same(one, other):
    some = [event(f"e{n}", n, f"q{n}") for n in range(6)]
    whole = merge.merge(lines(*(some[n] for n in one)), lines(*(some[n] for n in other)))

    assert sorted(names(whole)) == [f"e{n}" for n in range(6)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_no_bytes_make_it_fail(one, other):
    good = event("a", 0).line()
    whole = merge.merge(merge.lines(one + b"\n" + good), merge.lines(good + other))

    assert "a" in [line.event.id for line in whole if line.event]


# --- on the disk --------------------------------------------------------------------------


def put(folder, *some: Event) -> record.Record:
    folder.mkdir(exist_ok=True)
    (folder / record.NAME).write_bytes(b"".join(each.line() for each in some))
    return record.Record(folder)


def test_what_is_new_goes_to_the_end_where_it_is_younger(tmp_path):
    """Then the file is the same file, and only grew."""
    trainee = put(tmp_path, event("a", 0))
    before = trainee.path.stat().st_ino, trainee.path.read_bytes()
    new = merge.bring_in(trainee, event("b", 10).line())

    assert new == 1 and before[0] == trainee.path.stat().st_ino
    assert before[1] + event("b", 10).line() == trainee.path.read_bytes()
    assert 0 == merge.bring_in(trainee, event("b", 10).line())


def test_lines_of_ours_that_are_no_events_stay_and_half_lines_of_others_do_not_come(tmp_path):
    """A line of a later version is somebody's answer, for a later course."""
    later = json.dumps({"v": 2, "id": "z", "what": "a later course will know what this says"})
    trainee = put(tmp_path, event("c", 20))
    with trainee.path.open("ab") as file:
        file.write(b'{"v": 1, "id": "torn')
    new = merge.bring_in(trainee, event("b", 10).line() + later.encode() + b'\n{"v": 1, "to')
    content = trainee.path.read_bytes()

    assert new == 2 and later.encode() in content and b'"torn\n' in content
    assert b'{"v": 1, "to\n' not in content
    assert ["b", "c"] == [each.id for each in trainee.read().events]
    assert {"a line is torn or not JSON": 1, "an event is of another version": 1} == dict(
        trainee.read().skipped
    )


def test_answers_that_are_given_meanwhile_are_kept(tmp_path):
    """A record is put in place anew while a lesson writes into it."""
    trainee = put(tmp_path, event("z", 900))
    done = threading.Event()
    given: list[str] = []

    def answer():
        while not done.is_set():
            given.append(record.Record(tmp_path).append("response", "q9", response="x").id)

    writer = threading.Thread(target=answer)
    writer.start()
    for n in range(40):
        merge.bring_in(trainee, event(f"old{n}", -n).line())
    done.set()
    writer.join()
    kept = {each.id for each in trainee.read().events}

    assert given and set(given) <= kept
    assert {f"old{n}" for n in range(40)} <= kept


def test_killed_at_any_moment_and_run_again(tmp_path):
    """What was there is there, whole or not yet merged; the second run finishes."""
    mine = [event(f"m{n}", 2 * n, f"q{n}") for n in range(3_000)]
    theirs = [event(f"t{n}", 2 * n + 1, f"q{n}") for n in range(3_000)]
    other = put(tmp_path / "other", *theirs)
    code = (
        "import sys; from mapt_course import merge, record\n"
        "print('on', flush=True)\n"
        "content = open(sys.argv[2], 'rb').read()\n"
        "merge.bring_in(record.Record(sys.argv[1]), content)\n"
    )
    for n in range(6):
        trainee = put(tmp_path / str(n), *mine)
        command = [sys.executable, "-c", code, str(trainee.path.parent), str(other.path)]
        run = subprocess.Popen(command, stdout=subprocess.PIPE)
        run.stdout.readline()
        time.sleep(0.05 * n)
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdout.close()
        kept = [each.id for each in trainee.read().events]
        assert len(kept) in (3_000, 6_000) and {each.id for each in mine} <= set(kept)
        merge.bring_in(trainee, other.path.read_bytes())
        whole = [each.id for each in trainee.read().events]

        assert whole == [each.id for pair in zip(mine, theirs, strict=True) for each in pair]
        assert [record.NAME] == [each.name for each in trainee.path.parent.iterdir()]


def test_an_id_with_two_contents_is_the_same_on_both(tmp_path):
    """It cannot come about, but a file may say so."""
    one, other = event("a", 0, value="x"), replace(event("a", 0, value="x"), response="y")

    assert merge.merge(lines(one), lines(other)) == merge.merge(lines(other), lines(one))
