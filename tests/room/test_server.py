"""The room's protocol, by websocket and by plain requests."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading

import pytest
import rooms
import sqlalchemy as sa

from mapt_course.room import hall, opening, screen
from mapt_course.room.events import Event
from mapt_course.room.store import Store


@pytest.fixture
def play(tmp_path):
    """Runs a scenario in a room of its own."""
    return lambda scenario, **options: rooms.play(tmp_path / "room.sqlite", scenario, **options)


def test_people_join_answer_and_see_what_is_revealed(database):
    """On both databases, with phones, a wall and the facilitator."""

    async def scenario(room):
        client, lead = await room.facilitator()
        wall = await client.connect("wall")
        phones = [(await room.phone())[1] for _ in range(3)]
        assert "" == await lead.do("go", stage=2)
        for level, phone in enumerate(phones, 1):
            assert "" == await phone.do("answer", place="ladder-step", value=str(level))
        await wall.until(lambda: wall.parts["n.ladder-step"] == 3)
        assert "r.ladder-step" not in wall.parts
        assert "" == await lead.do("reveal")
        for talk in (wall, lead, *phones):
            await talk.until(lambda t=talk: "r.ladder-step" in t.parts)
            assert 3 == talk.parts["r.ladder-step"]["n"]
        assert "" == await lead.do("conceal")
        await wall.until(lambda: "r.ladder-step" not in wall.parts)

    rooms.play(database, scenario)


def test_an_answer_says_why_not_and_changes_nothing(play):
    async def scenario(room):
        _, phone = await room.phone()
        told = [
            await phone.do("answer", place="ladder-step", value="1"),
            await phone.do("go", stage=2),
            await phone.do("nonsense"),
            await phone.do("join", seat="s9", agency="health"),
            await phone.do("note", "not fit", ask="missing-rule", text="x"),
        ]

        assert "The group is not there yet." == told[0]
        assert told[1] == told[3] == "Only the facilitator can do this."
        assert all(why.endswith(".") for why in told)
        assert ["join"] == [event.op for event in room.store.events(room.store.room())]

    play(scenario)


def test_a_phone_comes_back_to_its_seat(play):
    async def scenario(room):
        client, phone = await room.phone("housing", 2)
        await phone.do("note", "n1", ask="missing-rule", text="Be on time", voice=2)
        await phone.close()
        answer = await client.post("join", {"code": "BBBBBB", "agency": "police"})
        again = await client.connect()

        assert {"seat": client.seat} == json.loads(answer.body)
        assert "housing" == again.own["agency"]
        assert {"s1.n1": {"ask": "missing-rule", "text": "Be on time", "voice": 2}} == (
            again.own["notes"]
        )

    play(scenario)


def test_a_seat_is_told_what_others_changed_of_it_and_not_what_it_did_itself(play):
    async def scenario(room):
        _, lead = await room.facilitator()
        (client, phone), (_, other) = await room.phone("health"), await room.phone("police")
        tab = await client.connect()
        await lead.do("go", stage=1)
        await phone.do("answer", place="card.1", value="Midwife")
        await tab.until(lambda: tab.own["answers"] == {"card.1": {"1": "Midwife"}})
        phone.own = {}
        await lead.do("go", stage=1, step=2)
        for talk in (phone, other, tab):
            await talk.until(lambda t=talk: t.own.get("partners"))
        await phone.do("answer", place="card.1", value="Community midwife")
        await other.until(
            lambda: other.own["partners"][0]["card"] == {"card.1": "Community midwife"}
        )
        told = [json.loads(m) for m in phone.messages if '"own","own"' in m]

        assert "Community midwife" not in repr(told)
        assert "Midwife" in repr(told)

    play(scenario)


def test_a_removed_seat_is_told_and_can_join_anew(play):
    async def scenario(room):
        _, lead = await room.facilitator()
        client, phone = await room.phone()
        await lead.do("remove", seat=client.seat)
        await phone.closed()

        assert hall.TAKEN_OUT == phone.bye
        assert 401 == (await client.get("stage/0")).code
        assert client.seat != (await client.join()).seat

    play(scenario)


def test_plain_requests_tell_the_same_as_a_websocket(play):
    async def scenario(room):
        _, phone = await room.phone()
        other = await room.client().join("police")
        lead = await room.client().enter()
        first = await other.poll("seat")
        assert "all" == first["t"]
        assert "police" == first["own"]["agency"]
        waiting = asyncio.ensure_future(other.poll("seat", first["v"]))
        await phone.do("note", "n1", ask="missing-rule", text="Listen")
        second = await waiting
        parts = first["parts"] | second["parts"]
        while "note.s1.n1" not in parts:
            second = await other.poll("seat", second["v"])
            parts |= second["parts"]
        answers = await lead.do("lead", {"id": "h", "op": "hide", "args": {"note": "s1.n1"}}, 7)
        assert [{"t": "ok", "id": "h"}, "no"] == [answers[0], answers[1]["t"]]
        while parts["note.s1.n1"] is not None:
            second = await other.poll("seat", second["v"])
            parts |= second["parts"]
        await phone.until(lambda: "note.s1.n1" not in phone.parts)

        assert phone.parts == {key: part for key, part in parts.items() if part is not None}

    play(scenario)


def test_who_asks_with_a_version_of_before_a_restart_is_told_everything(tmp_path):
    async def first(room):
        client = await room.client().join()
        told["v"] = (await client.poll("seat"))["v"]
        told["cookies"] = client.cookies

    async def second(room):
        client = room.client()
        client.cookies = told["cookies"]
        for v in (told["v"], 0, -5, 10**14, "x", 10**30, "١"):
            assert "all" == (await client.poll("seat", v))["t"]

    told = {}
    rooms.play(tmp_path / "room.sqlite", first)
    rooms.play(tmp_path / "room.sqlite", second)


def test_who_asks_in_vain_is_answered_in_the_end(play, monkeypatch):
    async def scenario(room):
        client = await room.client().join()
        told = await client.poll("seat")
        while told["parts"] or told["t"] == "all":
            told = await client.poll("seat", told["v"])

        assert {"t", "v", "parts"} == set(told)

    monkeypatch.setattr("mapt_course.room.handlers.LONGEST_POLL", 0.3)
    play(scenario)


def test_the_words_of_the_day(play):
    async def scenario(room):
        client = room.client()
        day = json.loads((await client.get("day")).body)
        assert 10 == len(day["stages"])
        assert {"id", "text", "column"} == set(day["agencies"][0])
        assert 401 == (await client.get("stage/0")).code
        await client.join()
        assert "says" not in json.loads((await client.get("stage/0")).body)
        assert 404 == (await client.get("stage/10")).code
        assert 401 == (await client.get("door")).code
        await client.enter()
        assert json.loads((await client.get("stage/0")).body)["says"]
        told = json.loads((await client.get("door")).body)
        assert (room.base, room.room.door.code) == (told["address"], told["code"])
        assert told["qr"].startswith("data:image/svg+xml")

    play(scenario)


def test_a_full_room_says_so(play):
    async def scenario(room):
        await room.phone()
        answer = await room.client().post("join", {"code": room.room.door.code, "agency": "other"})
        assert (409, {"why": hall.FULL}) == (answer.code, json.loads(answer.body))

    play(scenario, seats=1)


def test_what_cannot_be_saved_is_refused_and_not_shown(play):
    """A database that refuses, by a trigger of its own; then the room goes on."""

    async def scenario(room):
        _, phone = await room.phone()
        with room.store._engine.begin() as connection:
            connection.execute(
                sa.text(
                    "CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.args LIKE '%heavy%' "
                    "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
                )
            )
        assert hall.NOT_SAVED == await phone.do("note", "n1", ask="missing-rule", text="heavy")
        assert "" == await phone.do("note", "n2", ask="missing-rule", text="light")
        await phone.until(lambda: "note.s1.n2" in phone.parts)

        assert "heavy" not in "".join(phone.messages)
        assert "note.s1.n1" not in phone.parts

    play(scenario)


def test_nothing_is_shown_or_acknowledged_before_it_is_on_the_disk(tmp_path, monkeypatch):
    """While a commit hangs, a screen that comes, or asks, sees what was before."""
    begun, goes_on = threading.Event(), threading.Event()
    append = Store.append

    def slow(self, room, found, tokens=None):
        if any(event.op == "note" for event in found):
            begun.set()
            goes_on.wait(rooms.PATIENCE)
        append(self, room, found, tokens)

    async def scenario(room):
        client, phone = await room.phone()
        asked = await client.poll("seat")
        name = phone.send("note", "n1", ask="missing-rule", text="Not yet")
        await asyncio.to_thread(begun.wait, rooms.PATIENCE)
        coming = asyncio.ensure_future(client.connect())
        asking = asyncio.ensure_future(client.poll("seat", asked["v"]))
        day = await client.get("day")  # the server answers in the meantime
        assert 200 == day.code
        assert not (coming.done() or asking.done())
        assert name not in phone.answers
        assert "Not yet" not in "".join(phone.messages)
        goes_on.set()
        await phone.until(lambda: phone.answers.get(name) == "")
        screen = await coming
        await screen.until(lambda: "note.s1.n1" in screen.parts)
        await asking

    monkeypatch.setattr(Store, "append", slow)
    rooms.play(tmp_path / "room.sqlite", scenario)


def test_a_turn_or_a_screen_that_fails_does_not_stop_the_room(play, monkeypatch):
    look, fails = hall.view.look, []

    def odd(state, key, lead=False):
        if key == "n.missing-rule" and key not in fails:
            fails.append(key)
            raise RuntimeError("a mistake of ours")
        return look(state, key, lead)

    class Broken:
        lead, seat = False, ""

        def send(self, message):
            fails.append("send")
            raise OSError("gone")

    async def scenario(room):
        _, phone = await room.phone()
        room.hall.enter(Broken())
        monkeypatch.setattr("mapt_course.room.hall.view.look", odd)
        await phone.do("note", "n1", ask="missing-rule", text="One")
        await phone.until(lambda: "note.s1.n1" in phone.parts)
        assert {"n.missing-rule", "send"} <= set(fails)
        _, other = await room.phone()
        await other.do("note", "n2", ask="missing-rule", text="Two")
        await phone.until(lambda: phone.parts["n.missing-rule"] == 2)

    play(scenario)


def test_a_screen_that_is_gone_without_a_word_is_noticed(play):
    async def scenario(room):
        _, phone = await room.phone()
        _, asleep = await room.phone()
        (here,), (gone,) = room.room.screens["s1"], room.room.screens["s2"]
        gone.has_answered = False
        screen.ping(room.room)
        await asleep.closed()
        await phone.do("note", ask="missing-rule", text="Here")  # after the pong
        assert here.has_answered
        assert {"s1"} == set(room.room.screens)

    play(scenario)


def test_fifty_people_at_once(play):
    """Each answers, writes a note and moves others'; all see the same in the end."""

    async def scenario(room):
        _, lead = await room.facilitator()
        agencies = [agency.id for agency in room.hall.day.agencies]
        phones = await asyncio.gather(*(room.phone(agencies[n % 7]) for n in range(50)))
        talks = [talk for _, talk in phones]
        await lead.do("go", stage=3)

        async def person(client, talk):
            told = [await talk.do("answer", place="ladder-step", value="2")]
            for n in (1, 2):
                told.append(
                    await talk.do("note", f"n{n}", ask="statements", text=f"{client.seat} {n}")
                )
            mark = {"note": f"{client.seat}.n1", "mark": "not-relevant"}
            told += await asyncio.gather(talk.do("mark", **mark), talk.do("mark", **mark))
            return told

        told = await asyncio.gather(*(person(*each) for each in phones))
        assert {""} == {why for each in told for why in each}
        await lead.do("reveal")
        for talk in talks:
            await talk.until(
                lambda t=talk: (
                    sum("ring" in part for part in t.parts.values() if type(part) is dict) == 100
                    and sum(
                        part.get("ring") == "outer"
                        for part in t.parts.values()
                        if type(part) is dict
                    )
                    == 50
                )
            )
        assert all(talk.parts == talks[0].parts for talk in talks)
        assert 50 == talks[0].parts["n.ladder-step"]
        kept = room.store.events(room.store.room())
        assert len(kept) == len({(event.by, event.id) for event in kept}) == 50 * 6 + 2

    play(scenario)


# ---- the command


def test_the_command_tells_how_to_come_in_and_stops_quietly(tmp_path):
    async def scenario(room):
        await room.client().join()
        await room.client().enter()

    database = tmp_path / "room.sqlite"
    first = rooms.Command(database)
    rooms.in_a_loop_of_its_own(scenario(first))
    assert 0 == first.stop()
    again = rooms.Command(database, first.port)
    assert 0 == again.stop()

    assert (first.code, first.key, first.port) == (again.code, again.key, again.port)
    assert f"lead#{first.key}" in first.told
    assert "█" in first.told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["--address", "192.0.2.7"], "no address of this computer"),
        (["--address", "not an address"], "no address of this computer"),
        (["--port", "{taken}"], "is in use"),
        (["--database", "mysql://a@b/c", "--port", "0"], "no address of a database"),
        (["--database", "/proc/x/room", "--port", "0"], "cannot be used as the room's file"),
    ],
)
def test_what_cannot_work_is_told_in_a_sentence(line, told, tmp_path):
    with socket.socket() as taken:
        taken.bind((rooms.HOST, 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        given = [each.replace("{taken}", port) for each in line]
        if "--address" not in given:
            given += ["--address", rooms.HOST]
        done = subprocess.run(
            [sys.executable, "-m", "mapt_course.cli", "room", *given],
            capture_output=True,
            text=True,
            timeout=rooms.PATIENCE,
            env=rooms.environment(tmp_path),
        )

    assert 1 == done.returncode
    assert told in done.stderr
    assert 1 == len(done.stderr.splitlines())
    assert "" == done.stdout


def test_the_own_address_is_one_of_this_computer():
    with socket.socket() as probe:
        probe.bind((opening.own_address(), 0))


def test_events_are_kept_with_the_time_in_utc(play):
    async def scenario(room):
        await room.phone()
        (event,) = room.store.events(room.store.room())
        assert isinstance(event, Event)
        assert event.at.endswith("+00:00")

    play(scenario)
