"""A room for the tests: in this process, or as the command that a facilitator runs."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.httputil import HTTPHeaders
from tornado.websocket import websocket_connect

from mapt_course.room import opening
from mapt_course.room.handlers import Room
from mapt_course.room.limits import Limits
from mapt_course.room.store import Store

T = TypeVar("T")
PATIENCE = 60  # seconds; only a test that fails waits so long
HOST = "127.0.0.1"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Client:
    """Somebody with a browser at a room's address; ``cookies`` by name."""

    def __init__(self, base: str, code: str = "", key: str = ""):
        self.base, self.code, self.key = base, code, key
        self.cookies: dict[str, str] = {}
        self.seat = ""
        self._http = AsyncHTTPClient(force_instance=True, defaults={"request_timeout": PATIENCE})

    @property
    def host(self) -> str:
        return self.base.split("/")[2]

    def headers(self, **more: str | None) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = {"Cookie": cookie or None, **{k.replace("_", "-"): v for k, v in more.items()}}
        return {name: value for name, value in given.items() if value is not None}

    async def get(self, path: str, **headers: str | None) -> HTTPResponse:
        return await self._http.fetch(
            HTTPRequest(self.base + path, headers=self.headers(**headers)), raise_error=False
        )

    async def post(self, path: str, body: Any, **headers: str | None) -> HTTPResponse:
        given = {"Content_Type": "application/json", "X_Mapt": "1", **headers}
        text = body if isinstance(body, bytes) else json.dumps(body)
        answer = await self._http.fetch(
            HTTPRequest(
                self.base + path,
                method="POST",
                body=text,
                headers=HTTPHeaders(self.headers(**given)),
            ),
            raise_error=False,
        )
        for cookie in answer.headers.get_list("Set-Cookie"):
            name, value = cookie.partition(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    async def join(self, agency: str = "health", voices: int = 1) -> Client:
        """Take a seat."""
        body = {"code": self.code, "agency": agency, "voices": voices}
        answer = await self.post("join", body)
        assert answer.code == 200, answer.body
        self.seat = json.loads(answer.body)["seat"]
        return self

    async def enter(self) -> Client:
        """Become the facilitator."""
        assert (await self.post("enter", {"key": self.key})).code == 200
        return self

    async def connect(self, screen: str = "seat", **headers: str | None) -> Talk:
        """A websocket, from the moment on when it has been sent everything."""
        address = f"{self.base.replace('http', 'ws', 1)}socket?as={screen}"
        request = HTTPRequest(address, headers=HTTPHeaders(self.headers(**headers)))
        talk = Talk(await websocket_connect(request))
        await talk.until(lambda: talk.version)
        return talk

    async def poll(self, screen: str, v: object = "") -> dict[str, Any]:
        answer = await self.get(f"poll?as={screen}&v={v}")
        assert answer.code == 200, answer.body
        return json.loads(answer.body)

    async def do(self, screen: str, *wanted: dict[str, Any]) -> list[dict[str, str]]:
        return json.loads((await self.post(f"do?as={screen}", list(wanted))).body)


class Talk:
    """A websocket: ``parts`` and ``own`` as a page would have them, and the raw ``messages``."""

    def __init__(self, socket: Any):
        self.socket = socket
        self.parts: dict[str, Any] = {}
        self.own: dict[str, Any] = {}
        self.answers: dict[str, str] = {}  # why an operation was refused, "" where it was not
        self.messages: list[str] = []
        self.version = 0
        self.bye = ""
        self.is_closed = False
        self._changed = asyncio.Condition()
        self._sent = 0
        self._reader = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        while (message := await self.socket.read_message()) is not None:
            self.messages.append(message)
            self._take(json.loads(message))
            async with self._changed:
                self._changed.notify_all()
        self.is_closed = True
        async with self._changed:
            self._changed.notify_all()

    def _take(self, told: dict[str, Any]) -> None:
        match told["t"]:
            case "all":
                self.parts, self.version = told["parts"], told["v"]
                self.own = told.get("own", {})
            case "some":
                self.parts |= told["parts"]
                self.parts = {k: part for k, part in self.parts.items() if part is not None}
                self.version = told["v"]
            case "own":
                self.own = told["own"]
            case "bye":
                self.bye = told["why"]
            case kind:
                self.answers[told["id"]] = told["why"] if kind == "no" else ""

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: holds() or self.is_closed)
        assert holds(), (self.bye, self.messages[-3:])

    def send(self, op: str, name: str = "", **args: Any) -> str:
        """Send an operation; its id."""
        self._sent += 1
        name = name or f"t{self._sent}"
        self.socket.write_message(json.dumps({"id": name, "op": op, "args": args}))
        return name

    async def do(self, op: str, name: str = "", **args: Any) -> str:
        """Send an operation and wait for its answer: "", or why not."""
        name = self.send(op, name, **args)
        self.answers.pop(name, None)
        await self.until(lambda: name in self.answers)
        return self.answers[name]

    async def closed(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._reader

    async def close(self) -> None:
        self.socket.close()
        await self.closed()


class Open:
    """A room that is open in this process."""

    def __init__(self, room: Room, store: Store, base: str):
        self.room, self.store, self.hall, self.base = room, store, room.hall, base

    def client(self) -> Client:
        return Client(self.base, self.room.door.code, self.room.door.key)

    async def phone(self, agency: str = "health", voices: int = 1) -> tuple[Client, Talk]:
        """Somebody who has joined, and their websocket."""
        client = await self.client().join(agency, voices)
        return client, await client.connect()

    async def facilitator(self) -> tuple[Client, Talk]:
        client = await self.client().enter()
        return client, await client.connect("lead")


@asynccontextmanager
async def opened(
    where: str | Path, limits: Limits | None = None, seats: int = 600
) -> AsyncIterator[Open]:
    """A room on a free port; ``where``: a file or a URL."""
    here = await opening.opened(HOST, 0, where, seats)
    here.room.limits = limits or here.room.limits
    try:
        yield Open(here.room, here.store, here.room.address)
    finally:
        await here.stop()


def play(where: str | Path, scenario: Callable[[Open], Any], **options: Any) -> None:
    """Run a scenario in a room of its own."""

    async def run() -> None:
        async with opened(where, **options) as room:
            await scenario(room)

    in_a_loop_of_its_own(run())


def in_a_loop_of_its_own(wanted: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives."""
    return apart(lambda: asyncio.run(wanted))


def apart(call: Callable[[], T]) -> T:
    """Call it in a thread: Playwright keeps a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call).result()


async def raw(room: Open, request: bytes) -> bytes:
    """What the server answers to these bytes, until it hangs up."""
    reader, writer = await asyncio.open_connection(*room.base.split("/")[2].split(":"))
    writer.write(request)
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    return answer


def handshake(client: Client) -> bytes:
    """The opening of a websocket, as bytes."""
    return (
        f"GET /socket?as=seat HTTP/1.1\r\nHost: {client.host}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        f"Sec-WebSocket-Version: 13\r\nCookie: mapt-seat={client.cookies['mapt-seat']}\r\n\r\n"
    ).encode()


def environment(place: Path) -> dict[str, str]:
    """Nothing of the user's own is touched: logs and data lie in a folder of the test."""
    own = {"XDG_STATE_HOME": str(place / "state"), "XDG_DATA_HOME": str(place / "data")}
    return os.environ | own | {"PYTHONIOENCODING": "utf-8"}


class Command:
    """``mapt room`` in a process of its own."""

    def __init__(self, database: Path, port: int = 0, *more: str):
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "mapt_course.cli", "room", "--address", HOST),
                *("--port", str(port), "--database", str(database), *more),
            ],
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment(database.parent),
        )
        self.told = ""
        while "Ctrl+C" not in self.told:
            line = self.process.stdout.readline()
            assert line, f"it ended with {self.process.wait()}: {self.told}"
            self.told += line
        self.base = re.search(r"http://\S+/", self.told)[0]
        self.port = int(self.base.split(":")[2].strip("/"))
        self.code = re.search(r"the code  (\w+)", self.told)[1]
        self.key = re.search(r"/lead#(\w+)", self.told)[1]

    def client(self) -> Client:
        return Client(self.base, self.code, self.key)

    def stop(self, by: int = signal.SIGINT) -> int:
        with suppress(ProcessLookupError):
            self.process.send_signal(by)
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.process.stdout.close()
