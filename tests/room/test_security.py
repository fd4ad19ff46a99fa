"""Nobody where they do not belong: one test for each way in that was thought of."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sqlite3
import struct

import pytest
import rooms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tornado.httpclient import HTTPClientError

from mapt_course.room import door, handlers, screen, server
from mapt_course.room import events as ev
from mapt_course.room.limits import Bucket, Buckets, Limits

SCRIPT = "<script>fetch('//x')</script><img src=x onerror=alert(1)>{{7*7}}[a](javascript:alert(1))"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.fixture
def database(tmp_path):
    return tmp_path / "room.sqlite"


@pytest.fixture
def play(database):
    """Runs a scenario in a room of its own."""
    return lambda scenario, **options: rooms.play(database, scenario, **options)


async def raw(room, request: bytes) -> bytes:
    """What the server answers to these bytes, until it hangs up."""
    reader, writer = await asyncio.open_connection(*room.base.split("/")[2].split(":"))
    writer.write(request)
    async with asyncio.timeout(rooms.PATIENCE):
        answer = await reader.read()
    writer.close()
    return answer


def test_a_script_in_any_text_stays_text(play):
    """It is stored and sent as it was typed, as JSON that no browser takes for a page."""

    async def scenario(room):
        client, phone = await room.phone("education")
        _, lead = await room.facilitator()
        day = room.hall.day
        await lead.do("go", stage=len(day.stages) - 1, step=len(day.stages[-1].steps))
        typed = {"answer": 0, "note": 0, "write": 0}
        for ask in day.asks.values():
            for place, _ in ask.places():
                text = SCRIPT[: ask.longest]
                if ask.kind == "lines" and not ask.is_date:
                    assert "" == await phone.do("answer", place=place, value=text)
                    typed["answer"] += 1
                elif ask.kind == "notes":
                    assert "" == await phone.do("note", ask=ask.id, text=text)
                    typed["note"] += 1
                elif ask.kind == "text":
                    assert "" == await lead.do("write", place=place, text=text)
                    typed["write"] += 1
                    break
        assert all(typed.values())
        seen = await client.connect()

        def texts():
            return [v["text"] for k, part in seen.parts.items() if k[:5] == "text." for v in part]

        await seen.until(lambda: typed["write"] == len(texts()))
        assert all(SCRIPT.startswith(text) and text.startswith("<script>") for text in texts())
        assert SCRIPT in {*seen.own["answers"]["card.1"].values()}
        answer = await client.get("poll?as=seat")
        assert "application/json; charset=utf-8" == answer.headers["Content-Type"]
        assert "nosniff" == answer.headers["X-Content-Type-Options"]
        for path in (f"stage/{SCRIPT}", SCRIPT, "poll?as=<script>"):
            answer = await client.get(path.replace(" ", "%20"))
            assert b"<script" not in answer.body
            assert answer.headers["Content-Type"].startswith("application/json")

    play(scenario)


def test_every_answer_has_a_strict_policy(play):
    async def scenario(room):
        client = await room.client().enter()
        found = [
            *[await client.get(path) for path in ("", "lead", "wall", "day", "door", "nowhere")],
            *[await client.get(path) for path in ("poll?as=seat", "socket?as=seat", "stage/x")],
            await client.get("", Host="evil.example"),
            await client.post("join", b"{"),
            await client.post("join", {"code": "BBBBBB"}),
            *[await client.get(name) for name in os.listdir(server.STATIC)],
        ]
        assert {200, 400, 401, 403, 404, 421} <= {answer.code for answer in found}
        for answer in found:
            policy = answer.headers["Content-Security-Policy"].split("; ")
            told = dict(each.split(" ", 1) for each in policy)
            sockets = told.pop("connect-src").split()
            assert POLICY == told
            assert {"'self'", f"ws://{client.host}", f"wss://{client.host}"} >= set(sockets)
            assert "no-referrer" == answer.headers["Referrer-Policy"]
            assert "same-origin" == answer.headers["Cross-Origin-Opener-Policy"]
            assert "nosniff" == answer.headers["X-Content-Type-Options"]
            assert answer.headers["Cache-Control"] in ("no-store", "no-cache")
            assert "Server" not in answer.headers
            assert "Access-Control-Allow-Origin" not in answer.headers

    play(scenario)


def test_the_pages_fetch_from_nowhere_else_and_hold_no_script_inside(root):
    for path in server.STATIC.glob("*.*"):
        text = path.read_text(encoding="utf-8")
        links = re.findall(r"""https?://[^\s"'`)]+""", text)
        assert not [each for each in links if not each.startswith("http://www.w3.org/")], path
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text
        )
        if path.suffix == ".html":
            assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), path


def test_cookies_are_for_this_server_alone(play):
    async def scenario(room):
        client = room.client()
        body = {"code": client.code, "agency": "health"}
        for answer in (
            await client.post("join", body),
            await client.post("enter", {"key": client.key}),
        ):
            (cookie,) = answer.headers.get_list("Set-Cookie")
            flags = {flag.strip() for flag in cookie.split(";")[1:]}
            assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= flags
            assert "Domain" not in cookie
            assert len(cookie.partition(";")[0].partition("=")[2]) >= 43  # 256 bits

    play(scenario)


def test_a_forged_facilitator_leads_nothing(play):
    async def scenario(room):
        client, phone = await room.phone()
        token = client.cookies["mapt-seat"]
        assert 403 == (await client.post("enter", {"key": room.room.door.code})).code
        forged = (
            "",
            "1",
            "facilitator",
            token,
            room.room.door.key,
            door.hashed(room.room.door.key),
        )
        for cookie in forged:
            client.cookies["mapt-lead"] = cookie
            for path in (
                "poll?as=lead",
                "poll?as=wall",
                "socket?as=lead",
                "socket?as=wall",
                "door",
            ):
                assert 401 == (await client.get(path)).code, (cookie, path)
            assert 401 == (await client.post("do?as=lead", [])).code
            with pytest.raises(HTTPClientError):
                await client.connect("lead")
        # Names of senders in what is sent are of no account.
        for args in ({"by": "facilitator", "stage": 5}, {"stage": 5, "lead": True}):
            assert "Only the facilitator can do this." == await phone.do("go", **args)
        phone.socket.write_message(
            json.dumps({"id": "x", "op": "go", "args": {"stage": 5}, "by": "facilitator"})
        )
        await phone.until(lambda: "x" in phone.answers)
        assert "Only the facilitator can do this." == phone.answers["x"]
        assert 0 == phone.parts["at"]["stage"]

    play(scenario)


def test_nobody_writes_for_another_seat(play):
    async def scenario(room):
        (_, one), (client, two) = await room.phone(), await room.phone()
        await one.do("note", "n1", ask="missing-rule", text="Mine")
        assert "Only who wrote a note can take it back." == await two.do("withdraw", note="s1.n1")
        for seat in ("s1", "facilitator", "room"):
            await client.do("seat", {"id": f"as-{seat}", "op": "agency", "by": seat, "seat": seat,
                                     "args": {"agency": "police", "seat": seat}})  # fmt: skip
        senders = {
            event.by for event in room.store.events(room.store.room()) if event.op == "agency"
        }
        assert {"s2"} == senders
        client.cookies["mapt-seat"] = "s1"
        assert 401 == (await client.get("poll?as=seat")).code

    play(scenario)


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


def test_the_answer_to_a_wrong_code_tells_nothing(play):
    """It is the same whatever is wrong, and for a room that is closed or full."""

    async def scenario(room):
        code = room.room.door.code
        wrong = [
            {},
            [],
            None,
            {"code": None},
            {"code": 7},
            {"code": code[:5]},
            {"code": code[:5] + "A"},
            {"code": code + "B", "agency": "health"},
            {"code": [code]},
            {"code": "\ud800" * 6, "agency": "nonsense", "voices": -1},
        ]
        answers = [await room.client().post("join", body) for body in wrong]
        _, lead = await room.facilitator()
        await lead.do("close")
        answers.append(await room.client().post("join", {"code": "BBBBBB"}))
        told = {(each.code, each.body, each.headers.get("Set-Cookie")) for each in answers}

        assert {(403, json.dumps({"why": handlers.WRONG}).encode(), None)} == told

    limits = Limits(rooms.Clock())
    limits.tries = Buckets(100, 1, rooms.Clock())
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


def test_a_replayed_operation_changes_nothing(play):
    async def scenario(room):
        client, _ = await room.phone()
        note = {"id": "n1", "op": "note", "args": {"ask": "missing-rule", "text": "Once"}}
        other = {"id": "n1", "op": "note", "args": {"ask": "missing-rule", "text": "Twice"}}
        back = {"id": "b1", "op": "withdraw", "args": {"note": "s1.n1"}}
        for each in (note, note, other, back, note, other, back):
            assert [{"t": "ok", "id": each["id"]}] == await client.do("seat", each)
        assert ["join", "note", "withdraw"] == [
            event.op for event in room.store.events(room.store.room())
        ]
        # The same id from another seat is another operation.
        assert [{"t": "ok", "id": "n1"}] == await (await room.client().join()).do("seat", note)

    play(scenario)


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
        assert (await raw(room, head.encode())).startswith(b"HTTP/1.1 4")
        chunked = (
            f"POST /join HTTP/1.1\r\nHost: {client.host}\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "4000\r\n" + "x" * 0x4000 + "\r\n"
        )  # fmt: skip
        assert b" 200 " not in await raw(
            room, (chunked + ("4000\r\n" + "x" * 0x4000 + "\r\n") * 4).encode()
        )
        assert b" 200 " not in await raw(
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
        told = await client.poll("seat")
        while told["t"] == "all" or told["parts"]:
            told = await client.poll("seat", told["v"])
            if not told["parts"]:
                break
        asking = [asyncio.ensure_future(client.poll("seat", told["v"])) for _ in range(5)]
        done, waiting = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        assert (1, 4) == (len(done), len(waiting))
        assert {} == done.pop().result()["parts"]
        await client.do(
            "seat", {"id": "n", "op": "note", "args": {"ask": "missing-rule", "text": "x"}}
        )
        assert all(each["parts"] for each in await asyncio.gather(*waiting))

    play(scenario)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "", "http://127.0.0.1", "https://127.0.0.1:1", "x"]
)
def test_another_origin_gets_nothing(play, origin):
    async def scenario(room):
        client, _ = await room.phone()
        assert 403 == (await client.post("do?as=seat", [], Origin=origin)).code
        assert 403 == (await client.post("join", {"code": client.code}, Origin=origin)).code
        assert 403 == (await client.get("poll?as=seat", Origin=origin)).code
        with pytest.raises(HTTPClientError) as refused:
            await client.connect(Origin=origin)
        assert 403 == refused.value.code
        own = await client.connect(Origin=f"http://{client.host}")
        assert own.version

    play(scenario)


@pytest.mark.parametrize("host", ["evil.example", "localhost:{port}", "127.0.0.1", "[::1]:{port}"])
def test_another_host_name_gets_nothing(play, host):
    """A name that somebody else points at this address (DNS rebinding)."""

    async def scenario(room):
        client, _ = await room.phone()
        name = host.format(port=client.host.split(":")[1])
        for path in ("", "day", "poll?as=seat", "nowhere"):
            answer = await client.get(path, Host=name)
            assert 421 == answer.code
            assert name.encode() not in answer.body
        assert 421 == (await client.post("join", {"code": client.code}, Host=name)).code
        with pytest.raises(HTTPClientError):
            await client.connect(Host=name)

    play(scenario)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": "multipart/form-data; boundary=x"},
        {"Content_Type": None},
        {"X_Mapt": None},
        {"X_Mapt": "0"},
    ],
)
def test_a_form_of_another_site_posts_nothing(play, headers):
    """What a page can send without asking first never has our header and JSON."""

    async def scenario(room):
        client, _ = await room.phone()
        note = {"id": "n", "op": "note", "args": {"ask": "missing-rule", "text": "x"}}
        join = {"code": client.code, "agency": "health"}
        for path, body in (("do?as=seat", note), ("join", join), ("enter", {"key": client.key})):
            answer = await client.post(path, body, **headers)
            assert answer.code in (400, 403)
            assert "Set-Cookie" not in answer.headers
        assert 405 == (await client.get("join?code=" + client.code)).code
        assert 405 == (await client.get("do?as=seat")).code
        assert ["join"] == [event.op for event in room.store.events(room.store.room())]

    play(scenario)


async def everything_told(client, talk) -> str:
    """All bytes that a screen was ever sent, and what plain requests tell it now."""
    told = "".join(talk.messages)
    for v in ("", talk.version - 1, 0):
        told += (await client.get(f"poll?as=seat&v={v}")).body.decode()
    return told + (await client.get("day")).body.decode()


def test_nothing_can_be_read_before_it_is_revealed(play, monkeypatch):
    """On no channel, in no raw message: not by phones, nor by wall and facilitator."""
    monkeypatch.setattr("mapt_course.room.handlers.LONGEST_POLL", 0.2)

    async def scenario(room):
        boss, lead = await room.facilitator()
        wall = await boss.connect("wall")
        spy, spying = await room.phone("police")
        phones = [(await room.phone())[1] for _ in range(4)]
        await lead.do("go", stage=5)
        for phone in phones:
            assert "" == await phone.do("answer", place="checks.1", value="4")
            assert "" == await phone.do("answer", place="card.1", value="zebra-of-the-card")
            assert "" == await phone.do("note", ask="evidence", text="zebra-of-the-note")
        for talk in (spying, wall, lead):
            await talk.until(lambda t=talk: t.parts["n.evidence"] == 4)
        told = await everything_told(spy, spying) + "".join(wall.messages)
        told += (await boss.get("poll?as=wall")).body.decode()
        assert "zebra" not in told
        assert "r.checks" not in told + "".join(lead.messages)
        assert "zebra-of-the-card" not in "".join(lead.messages)
        await lead.do("reveal")
        await spying.until(lambda: "zebra-of-the-note" in "".join(spying.messages))
        notes = [part for key, part in spying.parts.items() if key.startswith("note.")]
        assert 4 == len(notes)
        assert not any("seat" in part for part in notes)
        # Hidden again: who comes now is not told.
        await lead.do("conceal")
        await spying.until(lambda: not any(key[:5] == "note." for key in spying.parts))
        late, coming = await room.phone("police")
        assert "zebra" not in await everything_told(late, coming)

    play(scenario)


def test_a_hidden_note_is_for_the_facilitator_alone(play):
    async def scenario(room):
        _, lead = await room.facilitator()
        _, phone = await room.phone()
        await phone.do("note", "n1", ask="missing-rule", text="zebra")
        await lead.do("hide", note="s1.n1")
        await lead.until(lambda: lead.parts.get("note.s1.n1", {}).get("hidden"))
        late, coming = await room.phone("police")
        assert "zebra" not in "".join(coming.messages)
        assert b"zebra" not in (await late.get("poll?as=seat")).body

    play(scenario)


def test_no_channel_tells_the_answers_of_fewer_than_three(play, monkeypatch):
    """Two of one agency beside four of another: nothing that was ever sent tells them apart."""
    monkeypatch.setattr("mapt_course.room.handlers.LONGEST_POLL", 0.2)

    async def scenario(room):
        boss, lead = await room.facilitator()
        wall = await boss.connect("wall")
        phones = [await room.phone(a) for a in ["health"] * 4 + ["housing"] * 2]
        await lead.do("go", stage=2)
        for (_, phone), level in zip(phones, "444411", strict=True):
            await phone.do("answer", place="ladder-step", value=level)
        await lead.do("reveal")
        for talk in (wall, lead, phones[0][1], phones[5][1]):
            await talk.until(lambda t=talk: "r.ladder-step" in t.parts)
        spy, spying = phones[0]
        told = await everything_told(spy, spying) + "".join(wall.messages + lead.messages)
        for screen_ in ("lead", "wall"):
            told += (await boss.get(f"poll?as={screen_}")).body.decode()
        groups = re.findall(r'"of": ?\[([^\]]*)\], ?"n": ?(\d+)', told)
        assert all(int(n) >= 3 for _, n in groups)
        assert not [of for of, _ in groups if of == '"housing"']
        assert '"housing":2' not in told.replace(" ", "")
        # With two answers nothing but their number is told.
        for client, _ in phones[:4]:
            await lead.do("remove", seat=client.seat)
        await wall.until(lambda: wall.parts["r.ladder-step"]["n"] == 2)
        assert {"n": 2, "counts": {}, "groups": []} == wall.parts["r.ladder-step"]

    play(scenario)


@pytest.mark.parametrize(
    "path",
    [
        "../day.py",
        "..%2fday.py",
        "static/room.html",
        "%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "room.html%00.js",
        "....//day.py",
        "..\\day.py",
        "room.sqlite",
        "room.sqlite.secret",
        "stage/../../day",
        "stage/1/../../etc",
        "stage/-1",
        "stage/1e1",
        "stage/١",
        ".env",
        "server.py",
    ],
)
def test_no_path_leads_to_a_file(play, path):
    async def scenario(room):
        client, _ = await room.phone()
        target = path.encode()
        request = b"GET /" + target + b" HTTP/1.1\r\nHost: " + client.host.encode()
        cookie = f"\r\nCookie: mapt-seat={client.cookies['mapt-seat']}\r\n".encode()
        answer = await raw(room, request + cookie + b"Connection: close\r\n\r\n")
        assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 ")), answer[:200]
        assert b"root:" not in answer

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
        await loop.sock_sendall(slow, handshake(client))
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


def handshake(client) -> bytes:
    """The opening of a websocket, as bytes."""
    return (
        f"GET /socket?as=seat HTTP/1.1\r\nHost: {client.host}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        f"Sec-WebSocket-Version: 13\r\nCookie: mapt-seat={client.cookies['mapt-seat']}\r\n\r\n"
    ).encode()


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
        writer.write(handshake(client))
        await reader.readuntil(b"\r\n\r\n")
        for each in some:
            writer.write(each)
        writer.write_eof()
        async with asyncio.timeout(rooms.PATIENCE):
            await reader.read()
        writer.close()

    play = {"texts": texts, "bodies": bodies, "frames": frames}[what]
    kind = FRAMES if what == "frames" else TEXTS

    with asyncio.Runner() as runner:
        opened = rooms.opened(database, Limits(clock))
        room = runner.run(opened.__aenter__())
        client, _ = runner.run(room.phone())
        _, other = runner.run(room.phone())

        @settings(
            max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(st.lists(kind, min_size=1, max_size=8))
        def fuzz(some):
            runner.run(play(room, client, some))

        fuzz()
        clock.now += 60
        told = runner.run(other.do("note", "end", ask="missing-rule", text="Still here"))
        runner.run(other.until(lambda: "note.s2.end" in other.parts))
        runner.run(opened.__aexit__(None, None, None))
    assert "" == told


def test_the_database_holds_hashes_only(database):
    """No token, code or key: neither in the database nor in what lies beside it, but the secret."""
    found = {}

    async def scenario(room):
        client, phone = await room.phone()
        await client.enter()
        await phone.do("note", ask="missing-rule", text="zebra")
        found.update(client.cookies, code=client.code, key=client.key)
        found["hash"] = door.hashed(client.cookies["mapt-seat"])

    rooms.play(database, scenario)
    kept = b"".join(path.read_bytes() for path in database.parent.glob("room.sqlite*"))
    with sqlite3.connect(database) as connection:
        kept += "\n".join(connection.iterdump()).encode()
    assert b"zebra" in kept
    assert found.pop("hash").encode() in kept
    assert 4 == len(found)
    for secret in found.values():
        assert secret.encode() not in kept


def test_a_seat_of_another_room_opens_nothing(tmp_path):
    cookies = {}

    async def first(room):
        client = await (await room.client().join()).enter()
        cookies.update(client.cookies)

    async def second(room):
        await room.client().join()
        client = room.client()
        client.cookies = cookies
        assert 401 == (await client.get("poll?as=seat")).code
        assert 401 == (await client.get("poll?as=lead")).code
        assert 401 == (await client.get("stage/0")).code

    rooms.play(tmp_path / "one.sqlite", first)
    rooms.play(tmp_path / "two.sqlite", second)


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
