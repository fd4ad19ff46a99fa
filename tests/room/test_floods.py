"""Too much, too large, too slow or broken: it is refused, and the others go on."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct

import pytest
import rooms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapt_course.room import events as ev
from mapt_course.room import handlers, screen, server
from mapt_course.room.limits import Bucket, Buckets, Limits


@pytest.fixture
def database(tmp_path):
    return tmp_path / "room.sqlite"


@pytest.fixture
def play(database):
    """Runs a scenario in a room of its own."""
    return lambda scenario, **options: rooms.play(database, scenario, **options)


def test_codes_cannot_be_guessed_by_trying(play):
    """Ten tries of an address, then one in ten seconds; the right one waits as well."""
    clock = rooms.Clock()
    limits = Limits(clock)

    async def scenario(room):
        client = room.client()
        right = {"code": client.code, "agency": "health"}
        for _ in range(10):
            assert 403 == (await client.post("join", {"code": "BBBBBB"})).code
        for body in ({"code": "BBBBBB"}, right):
            answer = await client.post("join", body)
            assert 429 == answer.code
            assert 10 == json.loads(answer.body)["wait"]
        assert 429 == (await client.post("enter", {"key": client.key})).code
        clock.now += 10
        assert 200 == (await client.post("join", right)).code
        # Somebody with many addresses is held up by the limit over all.
        clock.now += 1000
        for _ in range(200):
            limits.all_tries.take()
        answer = await room.client().post("join", right)
        assert 429 == answer.code

    play(scenario, limits=limits)


def test_too_many_who_join_at_once_are_told_to_wait(play):
    clock = rooms.Clock()
    limits = Limits(clock)
    limits.joins = Bucket(2, 1, clock)

    async def scenario(room):
        body = {"code": room.room.door.code, "agency": "health"}
        codes = [(await room.client().post("join", body)).code for _ in range(3)]
        assert [200, 200, 429] == codes
        clock.now += 1
        assert 200 == (await room.client().post("join", body)).code

    play(scenario, limits=limits)


def test_a_flood_of_operations_is_refused_then_cut_off(play):
    clock = rooms.Clock()

    async def scenario(room):
        client, phone = await room.phone()
        (_, other) = await room.phone("police")
        for n in range(40):
            assert handlers.TOO_FAST != await phone.do("nonsense", f"a{n}")
        assert handlers.TOO_FAST == await phone.do("nonsense", "b")
        assert handlers.TOO_FAST == (await client.do("seat", {"id": "c"}))[0]["why"]
        clock.now += 1
        for n in range(10):
            assert handlers.TOO_FAST != await phone.do("nonsense", f"d{n}")
        for n in range(110):
            phone.send("nonsense", f"e{n}")
        await phone.closed()
        assert screen.TOO_MUCH == phone.bye
        assert 429 == (await client.post("do?as=seat", [{"id": "f"}])).code
        assert "" == await other.do("note", ask="missing-rule", text="Still here")

    play(scenario, limits=Limits(clock))


def test_what_is_too_large_is_refused(play):
    async def scenario(room):
        client, phone = await room.phone()
        assert 400 == (await client.post("do?as=seat", [{"id": f"x{n}"} for n in range(21)])).code
        length = server.LARGEST_BODY + 1
        head = f"POST /join HTTP/1.1\r\nHost: {client.host}\r\nContent-Length: {length}\r\n\r\n"
        assert (await rooms.raw(room, head.encode())).startswith(b"HTTP/1.1 4")
        chunked = (
            f"POST /join HTTP/1.1\r\nHost: {client.host}\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "4000\r\n" + "x" * 0x4000 + "\r\n"
        )  # fmt: skip
        assert b" 200 " not in await rooms.raw(
            room, (chunked + ("4000\r\n" + "x" * 0x4000 + "\r\n") * 4).encode()
        )
        assert b" 200 " not in await rooms.raw(
            room, b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000 + b"\r\n\r\n"
        )
        phone.socket.write_message("x" * (server.LARGEST_MESSAGE + 1))
        await phone.closed()
        assert "" == await (await client.connect()).do("note", ask="missing-rule", text="Short")

    play(scenario)


def test_a_seat_has_four_screens_at_most(play):
    async def scenario(room):
        client, first = await room.phone()
        others = [await client.connect() for _ in range(screen.MOST_SCREENS)]
        await first.closed()
        assert screen.TOO_OFTEN == first.bye
        assert not any(each.is_closed for each in others)
        assert "" == await others[-1].do("note", ask="missing-rule", text="Here")
        for each in others:
            await each.close()

    play(scenario)


def test_a_seat_asks_four_times_at_once_at_most(play):
    async def scenario(room):
        client = await room.client().join()
        talk = await client.connect()
        await talk.until(lambda: talk.parts["at"]["people"] == 1)
        told = {"v": talk.version}
        asking = [asyncio.ensure_future(client.poll("seat", told["v"])) for _ in range(5)]
        done, waiting = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        assert (1, 4) == (len(done), len(waiting))
        assert {} == done.pop().result()["parts"]
        await client.do(
            "seat", {"id": "n", "op": "note", "args": {"ask": "missing-rule", "text": "x"}}
        )
        assert all(each["parts"] for each in await asyncio.gather(*waiting))

    play(scenario)


def test_a_screen_that_does_not_read_is_cut_off_and_can_come_back(play, monkeypatch):
    """It costs a bounded amount of memory, and the others are not held up."""
    monkeypatch.setattr(screen, "MOST_WAITING", 20_000)
    monkeypatch.setattr("mapt_course.room.hall.EVERY", 0)

    async def scenario(room):
        client, _ = await room.phone()
        host, port = client.host.split(":")
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(slow, (host, int(port)))
        await loop.sock_sendall(slow, rooms.handshake(client))
        sockets = room.room.screens[client.seat]
        async with asyncio.timeout(rooms.PATIENCE):
            while len(sockets) < 2:
                await asyncio.sleep(0.01)
            stream = sockets[-1]._socket.ws_connection.stream
            stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            _, lead = await room.facilitator()
            await lead.do("go", stage=9)
            over = []
            while len(room.room.screens[client.seat]) > 1:
                text = os.urandom(150).hex()
                assert "" == await lead.do("write", place="mission", text=text, over=over)
                over = [f"facilitator.t{len(lead.answers)}"]
        slow.close()
        again = await client.connect()
        assert again.parts["text.mission"]

    play(scenario)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
OPERATION = st.fixed_dictionaries(
    {
        "id": st.text(max_size=45) | JSON,
        "op": st.sampled_from(list(ev.OPERATIONS)) | JSON,
        "args": st.dictionaries(
            st.sampled_from(["place", "value", "text", "ask", "note", "voice", "over", "stage"]),
            JSON | st.sampled_from(["ladder-step", "missing-rule", "card.1", "s1.x"]),
        )
        | JSON,
    }
)
DEEP = "[" * 8_000
TEXTS = st.one_of(
    OPERATION.map(json.dumps),
    JSON.map(json.dumps),
    st.text(max_size=60),
    st.sampled_from([DEEP, '{"id":' * 2_000, "1" * 9_000, "NaN", "-Infinity", '"\\ud800"', "\x00"]),
)
FRAMES = st.one_of(
    st.binary(max_size=80),
    st.tuples(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=140)).map(
        lambda parts: bytes([parts[0], parts[1]]) + parts[2]
    ),
    st.sampled_from(
        [
            b"\x81\xff" + struct.pack("!Q", 2**63 - 1),  # a length beyond all bounds
            b"\x81\xfe\xff\xff" + b"mask",
            b"\x01\x80mask" * 50,  # a message of many pieces that never ends
            b"\x89\xfe\x01\x00mask",  # a ping that is too long
            b"\xc1\x80mask",  # compressed, which was not agreed
            b"\x81\x05hello",  # not masked
        ]
    ),
)


@pytest.mark.parametrize("what", ["texts", "bodies", "frames"])
def test_whatever_comes_the_room_goes_on(what, database):
    """Odd JSON by websocket and by request, and broken frames; others are never disturbed."""
    clock = rooms.Clock()

    async def texts(room, client, some):
        talk = await client.connect()
        for text in some:
            clock.now += 60
            talk.socket.write_message(text)
        clock.now += 60
        await talk.do("nonsense", "the-last")
        assert not talk.bye
        assert all(why == "" or why.endswith(".") for why in talk.answers.values())
        await talk.close()

    async def bodies(room, client, some):
        for text in some:
            clock.now += 60
            answer = await client.post("do?as=seat", text.encode("utf-8", "surrogatepass"))
            assert answer.code in (200, 400), answer.body
            for path in ("join", "enter"):
                answer = await room.client().post(path, text.encode("utf-8", "surrogatepass"))
                assert answer.code in (400, 403)

    async def frames(room, client, some):
        host, port = client.host.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(rooms.handshake(client))
        await reader.readuntil(b"\r\n\r\n")
        for each in some:
            writer.write(each)
        writer.write_eof()
        async with asyncio.timeout(rooms.PATIENCE):
            await reader.read()
        writer.close()

    play = {"texts": texts, "bodies": bodies, "frames": frames}[what]
    kind = FRAMES if what == "frames" else TEXTS

    def all_of_it() -> str:
        with asyncio.Runner() as runner:
            opened = rooms.opened(database, Limits(clock))
            room = runner.run(opened.__aenter__())
            client, _ = runner.run(room.phone())
            _, other = runner.run(room.phone())

            @settings(
                max_examples=15,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            )
            @given(st.lists(kind, min_size=1, max_size=8))
            def fuzz(some):
                runner.run(play(room, client, some))

            fuzz()
            clock.now += 60
            told = runner.run(other.do("note", "end", ask="missing-rule", text="Still here"))
            runner.run(other.until(lambda: "note.s2.end" in other.parts))
            runner.run(opened.__aexit__(None, None, None))
        return told

    assert "" == rooms.apart(all_of_it)


def test_a_bucket_holds_what_it_is_told_and_fills_with_time():
    clock = rooms.Clock()
    bucket = Bucket(2, 0.5, clock)
    assert [True, True, False] == [bucket.take() for _ in range(3)]
    assert 2 == bucket.wait()
    clock.now += 2
    assert [True, False] == [bucket.take() for _ in range(2)]
    clock.now += 1_000
    assert [True, True, False] == [bucket.take() for _ in range(3)]


def test_buckets_of_many_addresses_take_a_bounded_amount_of_memory():
    clock = rooms.Clock()
    buckets = Buckets(1, 1, clock)
    buckets["watched"].take()
    for n in range(Buckets.MANY * 2):
        buckets[f"a{n}"]
    assert len(buckets._buckets) <= Buckets.MANY
    assert not buckets["watched"].take()  # the one that is not full is remembered
