"""A room opened on an address of this computer: its database, its hall, its listener.

``mapt room``, the Jupyter server and the JupyterHub service open it here.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path

from . import day as days
from .door import Door, secret_of
from .hall import Hall
from .handlers import Room
from .server import Server
from .store import Store

try:
    import resource
except ImportError:  # Windows
    resource = None

PORT = 8800
MOST_FILES = 8_192
SEATS = 600
LOOPBACK = "127.0.0.1"


class RoomError(Exception):
    """The room cannot start; the message says what to do."""


@dataclass
class Opened:
    """A room that is open. ``key_link``: the facilitator's page with its key."""

    room: Room
    store: Store
    server: Server

    @property
    def key_link(self) -> str:
        return f"{self.room.address}lead#{self.room.door.key}"

    async def stop(self) -> None:
        """Close the doors; what was answered is kept."""
        await self.server.stop()
        self.store.close()


def default_database() -> Path:
    """The file that rooms are kept in where no other is given."""
    return user_data_path("mapt-course", appauthor=False) / "room.sqlite"


async def opened(
    address: str,
    port: int = PORT,
    database: str | Path | None = None,
    seats: int = SEATS,
    closed: Callable[[], None] = lambda: None,
    public: str = "",
) -> Opened:
    """Open the newest room, or a new one where that was closed.

    ``port`` 0: any that is free. ``closed``: called in a thread once the facilitator has closed
    the room. ``public``: the room's address where a proxy stands before it. RoomError or
    StoreError where it cannot be opened.
    """
    _allow_many_connections()
    bound = listening(address, port)
    store = None
    try:
        store = Store(database or default_database())
        store.claim()
        name = store.room()
        door = Door(secret_of(secret_beside(store)), name)
        hall = Hall(store, name, days.of_course(), seats, closed=closed)
    except BaseException:
        bound.close()
        if store:
            store.close()
        raise
    port = bound.getsockname()[1]
    at = f"{address}:{port}" if port != 80 else address
    where = public or f"http://{at}/"
    room = Room(hall, door, where, frozenset({urlsplit(where).netloc}))
    running = Server(room, is_behind_proxy=bool(public))
    running.listen(bound)
    return Opened(room, store, running)


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens; RoomError where the address is not this computer's, or taken."""
    bound = socket.socket()
    try:
        if os.name == "posix":  # elsewhere it would take a port in use
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


def on_stop() -> asyncio.Event:
    """Is set by Ctrl+C, or when the window is closed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError):  # Windows has its own way
            loop.add_signal_handler(getattr(signal, name), stop.set)
    return stop
