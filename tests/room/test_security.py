"""Nobody where they do not belong: one test for each way in that was thought of."""

from __future__ import annotations

import json
import os
import re
import sqlite3

import pytest
import rooms
from tornado.httpclient import HTTPClientError

from mapt_course.room import door, handlers, server
from mapt_course.room.limits import Buckets, Limits

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
        answer = await rooms.raw(room, request + cookie + b"Connection: close\r\n\r\n")
        assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 ")), answer[:200]
        assert b"root:" not in answer

    play(scenario)


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
