"""``mapt room``: a room on its own, without JupyterLab."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path

import segno
from platformdirs import user_data_path, user_state_path

from . import day as days
from . import server
from .door import Door, secret_of
from .hall import Hall
from .handlers import Room
from .store import Store, StoreError

try:
    import resource
except ImportError:  # Windows
    resource = None

PORT = 8800
MOST_FILES = 8_192
LOG = "%(asctime)s %(name)s %(levelname)s %(message)s"
LOOPBACK = "127.0.0.1"


class RoomError(Exception):
    """The room cannot start; the message says what to do."""


def main(
    address: str | None = None,
    port: int | None = None,
    database: str | None = None,
    seats: int = 600,
) -> int:
    """Run until Ctrl+C. Exit code 1, with one sentence printed, where it cannot start."""
    _log_to_file()
    _allow_many_connections()
    try:
        asyncio.run(_run(address or own_address(), PORT if port is None else port, database, seats))
    except (RoomError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _run(address: str, port: int, database: str | None, seats: int) -> None:
    where = database or user_data_path("mapt-course", appauthor=False) / "room.sqlite"
    with listening(address, port) as bound:
        port = bound.getsockname()[1]
        store = Store(where)
        store.claim()
        name = store.room()
        door = Door(secret_of(secret_beside(store)), name)
        hall = Hall(store, name, days.of_course(), seats)
        at = f"{address}:{port}" if port != 80 else address
        room = Room(hall, door, f"http://{at}/", frozenset({at}))
        running = server.Server(room)
        running.listen(bound)
        stop = _on_stop()
        print(_told(room, store.path), flush=True)
        await stop.wait()
        print("\nThe room stops. What was answered is saved.", flush=True)
        await running.stop()
        store.close()


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens; RoomError where the address is not this computer's, or taken."""
    bound = socket.socket()
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        bound.listen(512)
        bound.setblocking(False)
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise RoomError(
                f"Port {port} is in use, perhaps by this room in another window. "
                "Close that window, or give another port with --port."
            ) from error
        if error.errno == errno.EACCES:
            raise RoomError(
                f"Port {port} is not free for you. Give one above 1023 with --port."
            ) from error
        raise RoomError(
            f"“{address}” is no address of this computer. Give one of its own with --address, or "
            "leave that out."
        ) from error
    return bound


def own_address() -> str:
    """This computer's address in its network; the loopback address where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # chooses a way out, and sends nothing
        return probe.getsockname()[0]
    return LOOPBACK


def _log_to_file() -> None:
    """What goes wrong is told in a file, not between the lines that the facilitator reads."""
    folder = user_state_path("mapt-course", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.FileHandler(folder / "room.log", encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format=LOG)


def _allow_many_connections() -> None:
    """Systems allow a process some 250 or 1,000 open files; a full room has more sockets."""
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            with suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def secret_beside(store: Store) -> Path:
    """Where the secret of a database lies: beside its file; for a server, in the user's folder."""
    if store.path:
        return store.path.with_name(store.path.name + ".secret")
    return user_data_path("mapt-course", appauthor=False) / "room.secret"


def _told(room: Room, path: Path | None) -> str:
    code = room.door.code
    picture = _as_text(f"{room.address}#{code}")
    kept = f"Answers are kept in “{path}”." if path else "Answers are kept in your database."
    return (
        f"\nThe room is open. Phones in the same network join at\n\n  {room.address}\n\n"
        f"with the code  {code}  or with this picture:\n\n{picture}\n"
        f"For you alone, the facilitator's page:\n\n  {room.address}lead#{room.door.key}\n\n"
        f"{kept} The same command opens the same room again.\n"
        "Leave this window open during the day. To stop, press Ctrl+C here."
    )


def _as_text(address: str) -> str:
    out = StringIO()
    segno.make(address, error="l", micro=False).terminal(out, border=2, compact=True)
    return out.getvalue()


def _on_stop() -> asyncio.Event:
    """Is set by Ctrl+C, or when the window is closed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError):  # Windows has its own way
            loop.add_signal_handler(getattr(signal, name), stop.set)
    return stop
