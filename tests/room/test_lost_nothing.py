"""The server is killed in the middle of a burst, again and again; nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from contextlib import suppress

import rooms
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketError, websocket_connect

from mapt_course.room import day as days
from mapt_course.room import events as ev
from mapt_course.room.store import Store

PHONES = 30
EACH = 36  # operations of a phone; fewer than may come at once
KILLS = 6
GOES_ON = PHONES * EACH // (KILLS + 2)  # acknowledgements after which it is killed


class Phone:
    """Sends its operations, and after each reconnect again what was not acknowledged."""

    def __init__(self, client: rooms.Client, acknowledged: Counter):
        self.client, self.acknowledged = client, acknowledged
        self.waiting = {f"p{n}": self.operation(n) for n in range(EACH)}
        self.connects = 0

    def operation(self, n: int) -> dict:
        args = {"place": f"card.{n % 5 + 1}", "value": f"{self.client.seat} wrote {n}"}
        return {"id": f"p{n}", "op": "answer", "args": args}

    async def run(self) -> None:
        address = f"{self.client.base.replace('http', 'ws', 1)}socket?as=seat"
        while self.waiting:
            try:
                socket = await websocket_connect(
                    HTTPRequest(address, headers=self.client.headers())
                )
            except (OSError, HTTPClientError, WebSocketError):
                await asyncio.sleep(0.05)  # nobody listens there yet
                continue
            self.connects += 1
            with suppress(WebSocketError):  # killed while something was sent
                await self.talk(socket)

    async def talk(self, socket) -> None:
        unsent = iter(list(self.waiting.values()))
        for one in (next(unsent), next(unsent, None)):  # two are always under way
            if one:
                socket.write_message(json.dumps(one))
        while (message := await socket.read_message()) is not None:
            told = json.loads(message)
            if told["t"] not in ("ok", "no"):
                continue
            assert told["t"] == "ok", told
            del self.waiting[told["id"]]
            self.acknowledged[self.client.seat, told["id"]] += 1
            if not self.waiting:
                socket.close()
                return
            if one := next(unsent, None):
                socket.write_message(json.dumps(one))


async def killed_again_and_again(database) -> tuple[rooms.Command, list[Phone], Counter]:
    acknowledged: Counter = Counter()
    server = rooms.Command(database)
    clients = [await server.client().join() for _ in range(PHONES)]
    lead = await server.client().enter()
    assert "ok" == (await lead.do("lead", {"id": "go", "op": "go", "args": {"stage": 1}}))[0]["t"]
    phones = [Phone(client, acknowledged) for client in clients]
    running = asyncio.gather(*(phone.run() for phone in phones))
    for _ in range(KILLS):
        enough = acknowledged.total() + GOES_ON
        while acknowledged.total() < enough:
            await asyncio.sleep(0.001)
            assert not running.done(), running.exception()
        server.stop(signal.SIGKILL)
        server = await asyncio.to_thread(rooms.Command, database, server.port)
    async with asyncio.timeout(rooms.PATIENCE):
        await running
    return server, phones, acknowledged


def test_what_was_acknowledged_is_there_once_after_every_kill(tmp_path):
    database = tmp_path / "room.sqlite"
    server, phones, acknowledged = rooms.in_a_loop_of_its_own(killed_again_and_again(database))
    server.stop(signal.SIGKILL)
    store = Store(database)
    kept = store.events(store.room())
    store.close()
    found = Counter((event.by, event.id) for event in kept if event.op == "answer")

    assert PHONES * EACH == len(found) == len(acknowledged)
    assert {1} == set(found.values())
    assert KILLS + 1 <= max(phone.connects for phone in phones)
    state = ev.reduce(days.of_course(), kept)
    assert PHONES == len(state.seats)
    for seat in state.seats.values():
        assert {(f"card.{n}", 1) for n in range(1, 6)} == set(seat.answers)
        assert all(text.startswith(f"{seat.id} wrote ") for text in seat.answers.values())
