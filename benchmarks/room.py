"""How quickly the live room answers, beside the least that its web server takes.

Measured in one run, in turn, on loopback; each server and the clients are processes of their own:

* **room**: ``mapt room`` with SQLite. Each participant has a websocket and writes a statement,
  which all the others are sent. *acknowledged*: from sending until the room says that it is on the
  disk; *seen*: until the last of five others has it. What changed is told ten times a second, so
  that is up to 100 ms later for that alone.
* **echo**: a bare Tornado server that sends each message back: no rules, no disk, no others.

*burst*: everybody at the same moment, again and again. *steady*: each participant every five
seconds, evenly spread. *memory*: by how much the server grows for each participant.

    python benchmarks/room.py [--participants 60 200 500] [--bursts 6] [--seconds 10]
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "support")]

import rooms  # noqa: E402

from mapt_course.room import events  # noqa: E402

AIM, LIMIT, MEMORY = 2.0, 300, 15  # times the echo server at p50, ms at p99, KiB
OBSERVERS = 5
EVERY = 5.0  # seconds between two statements of a participant, where it is steady
VOICES, MOST = 8, 3  # a device may write so many statements
PATIENCE = 60  # seconds
HEAD = """\
               room: acknowledged    seen by others     echo: back   room /     KiB: room
 people load        p50      p99      p50      p99      p50      p99     echo        and echo"""
ECHO = """
import asyncio
from tornado import httpserver, netutil, web, websocket

class Echo(websocket.WebSocketHandler):
    def open(self):
        self.set_nodelay(True)
    def on_message(self, message):
        self.write_message(message)

async def main():
    sockets = netutil.bind_sockets(0, "127.0.0.1")
    server = httpserver.HTTPServer(web.Application([("/socket", Echo)]))
    server.add_sockets(sockets)
    print(sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


class Participant(asyncio.Protocol):
    """A websocket that costs the clients' process as little as can be.

    ``take`` is called with each message, unless it is the room's news and nobody ``watches``.
    """

    def __init__(self, host: str, path: str, cookie: str):
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
            f"Sec-WebSocket-Version: 13\r\nCookie: {cookie}\r\n\r\n"
        ).encode()
        self.watches, self.take = False, None
        self.ready = asyncio.get_running_loop().create_future()
        self._got, self._is_open = b"", False

    def connection_made(self, transport) -> None:
        self.transport = transport
        transport.write(self.request)

    def connection_lost(self, error) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("refused"))

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._is_open:
            head, found, rest = self._got.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head:
                self.ready.set_exception(ConnectionError(head.decode()))
                return
            self._is_open, self._got = True, rest
            self.ready.set_result(None)
        at, got = 0, self._got
        while len(got) - at >= 2:
            size, start = got[at + 1], at + 2
            if size == 126:
                if len(got) - at < 4:
                    break
                size, start = struct.unpack_from("!H", got, at + 2)[0], at + 4
            elif size == 127:
                if len(got) - at < 10:
                    break
                size, start = struct.unpack_from("!Q", got, at + 2)[0], at + 10
            if len(got) < start + size:
                break
            is_ping = got[at] == 0x89
            at = start + size
            if is_ping:
                self.transport.write(
                    struct.pack("!BB", 0x8A, 0x80 | size) + bytes(4) + got[start:at]
                )
            elif self.take and (self.watches or size < 126):
                self.take(got[start:at])
        self._got = got[at:]

    def send(self, message: bytes) -> None:
        """Send one message, masked with nothing, which is allowed."""
        size = len(message)
        head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else (
            struct.pack("!BBH", 0x81, 0xFE, size))  # fmt: skip
        self.transport.write(head + b"\0\0\0\0" + message)


class Measured:
    """Times of one kind of load, in ms."""

    def __init__(self) -> None:
        self.acknowledged: list[float] = []
        self.seen: list[float] = []


class Crowd:
    """All participants of one server, and what they measure."""

    def __init__(self, people: list[Participant], seats: list[str]):
        self.people, self.seats = people, seats
        self.sent: dict[str, float] = {}
        self.waiting: dict[str, int] = {}
        self.into = Measured()
        self.turn = 0
        self.quiet = asyncio.Event()
        self.left = 0
        for person in people:
            person.take = self.acknowledged
        for person in people[:OBSERVERS] if seats else []:
            person.watches, person.take = True, self.watched

    def acknowledged(self, message: bytes) -> None:
        told = json.loads(message)
        if told.get("t") == "no":
            raise SystemExit(f"The room refused: {told['why']}")
        if told.get("id") in self.sent:
            self.into.acknowledged.append(1000 * (time.perf_counter() - self.sent[told["id"]]))
            self._one_less()

    def watched(self, message: bytes) -> None:
        told = json.loads(message)
        if told.get("t") in ("ok", "no"):
            self.acknowledged(message)
        for key in told.get("parts", ()):
            name = key.rpartition(".")[2]
            if name in self.waiting:
                self.waiting[name] -= 1
                if self.waiting[name] == 0:
                    self.into.seen.append(1000 * (time.perf_counter() - self.sent[name]))
                    self._one_less()

    def _one_less(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.quiet.set()

    def say(self, n: int) -> None:
        """Participant ``n`` writes a statement."""
        turn = self.turn + n
        name = f"b{turn}-{n}"
        voice = self.turn // len(self.people) // MOST % VOICES + 1
        args = {"ask": "statements", "text": f"A statement of some length, {turn}", "voice": voice}
        if self.seats:
            self.waiting[name] = min(OBSERVERS, len(self.people))
        self.sent[name] = time.perf_counter()
        self.people[n].send(json.dumps({"id": name, "op": "note", "args": args}).encode())

    async def once(self, into: Measured, seconds: float) -> None:
        """Everybody writes once, spread evenly over some seconds; until all is acknowledged."""
        self.into, count = into, len(self.people)
        self.left = count * (2 if self.seats else 1)
        self.quiet.clear()
        begun = time.perf_counter()
        for n in range(count):
            wait = begun + seconds * n / count - time.perf_counter()
            if seconds and wait > 0:
                await asyncio.sleep(wait)
            self.say(n)
        await asyncio.wait_for(self.quiet.wait(), PATIENCE)
        self.turn += count


async def connect(port: int, path: str, cookies: list[str]) -> list[Participant]:
    loop, people = asyncio.get_running_loop(), []
    for cookie in cookies:
        host = f"127.0.0.1:{port}"
        make = lambda host=host, cookie=cookie: Participant(host, path, cookie)  # noqa: E731
        _, person = await loop.create_connection(make, "127.0.0.1", port)
        await person.ready
        people.append(person)
    return people


async def seats_of(server: rooms.Command, count: int) -> tuple[list[str], list[str]]:
    """Seats and their cookies; joining has a limit of its own, which is waited for."""
    seats, cookies = [], []
    while len(seats) < count:
        client = server.client()
        body = {"code": client.code, "agency": "health", "voices": VOICES}
        answer = await client.post("join", body)
        if answer.code == 429:
            await asyncio.sleep(1)
            continue
        seats.append(json.loads(answer.body)["seat"])
        cookies.append(f"mapt-seat={client.cookies['mapt-seat']}")
    lead = await server.client().enter()
    await lead.do("lead", {"id": "go", "op": "go", "args": {"stage": 3}})
    return seats, cookies


def resident(process: int) -> int:
    """KiB of memory that a process has."""
    text = Path(f"/proc/{process}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0])


async def measure(count: int, bursts: int, seconds: float) -> tuple[dict, list]:
    """(server, load) -> Measured; and the KiB of room and echo for a participant."""
    found = {(s, load): Measured() for s in ("room", "echo") for load in ("burst", "steady")}
    memory = []
    with tempfile.TemporaryDirectory() as folder:
        server = rooms.Command(Path(folder) / "room.sqlite")
        echo = subprocess.Popen([sys.executable, "-c", ECHO], stdout=subprocess.PIPE, text=True)
        try:
            echo_port = int(echo.stdout.readline())
            print(f"  {count} participants, joining …", file=sys.stderr, flush=True)
            seats, cookies = await seats_of(server, count)
            crowds = {}
            for name, process, port, path, who in (
                ("room", server.process, server.port, "/socket?as=seat", seats),
                ("echo", echo, echo_port, "/socket", []),
            ):
                await connect(port, path, cookies[:1])  # what only the first one costs
                before = resident(process.pid)
                people = await connect(port, path, cookies)
                await asyncio.sleep(0.5)
                memory.append((resident(process.pid) - before) / count)
                crowds[name] = Crowd(people, who)
            print(f"  {count} participants, bursts …", file=sys.stderr, flush=True)
            for n in range(bursts + 1):
                for name in ("room", "echo") if n % 2 else ("echo", "room"):
                    into = found[name, "burst"] if n else Measured()  # the first one warms up
                    await crowds[name].once(into, 0)
            print(f"  {count} participants, steady …", file=sys.stderr, flush=True)
            for _ in range(max(1, round(seconds / EVERY))):
                for crowd_name, crowd in crowds.items():
                    await crowd.once(found[crowd_name, "steady"], EVERY)
        finally:
            server.stop()
            echo.terminate()
            echo.wait()
    return found, memory


def of(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--participants", type=int, nargs="+", default=[60, 200, 500])
    parser.add_argument("--bursts", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=10, help="of steady load for each server")
    given = parser.parse_args()
    turns = given.bursts + 1 + max(1, round(given.seconds / EVERY))
    if turns > VOICES * MOST or turns * max(given.participants) > events.MOST_NOTES:
        parser.error("A room does not take so many statements. Take fewer bursts or seconds.")
    print(HEAD)
    for count in given.participants:
        times, memory = asyncio.run(measure(count, given.bursts, given.seconds))
        for load in ("burst", "steady"):
            room, echo = times["room", load], times["echo", load]
            kinds = (room.acknowledged, room.seen, echo.acknowledged)
            told = [of(each, percent) for each in kinds for percent in (50, 99)]
            told.append(told[0] / told[4])
            print(
                f"{count:6} {load:7}" + "".join(f"{x:9.1f}" for x in (*told, *memory)), flush=True
            )
    print(f"\nms. Aims for 200 in a burst: at most {AIM:g} times the echo server at p50, p99 under "
          f"{LIMIT} ms, under {MEMORY} KiB a participant.")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
