"""The room's server: which address gives what, and where it listens.

It serves the room and nothing else: files are named by a list made at the start, never by what a
client sends.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import socket
from pathlib import Path

from tornado import web
from tornado.httpserver import HTTPServer
from tornado.ioloop import PeriodicCallback

from . import handlers
from .handlers import Handler, Room
from .screen import Socket, ping

STATIC = Path(__file__).parent / "static"
PAGES = {"": "room.html", "lead": "lead.html", "wall": "wall.html"}
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
LARGEST_BODY = 64 * 1024  # bytes
LARGEST_MESSAGE = LARGEST_HEAD = 16 * 1024  # bytes
PING = 20  # seconds; a screen that does not answer until the next is gone


class File:
    """A page, style or script, as it is sent."""

    def __init__(self, path: Path):
        self.body = path.read_bytes()
        self.packed = gzip.compress(self.body, mtime=0)
        self.kind = f"{KINDS[path.suffix]}; charset=utf-8"
        self.tag = f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class Page(Handler):
    """A file of the list."""

    def initialize(self, file: File | None) -> None:
        self.file = file

    def get(self) -> None:
        if self.file is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", self.file.kind)
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Etag", self.file.tag)
        if self.request.headers.get("If-None-Match") == self.file.tag:
            self.set_status(304)
            self.finish()
        elif "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(self.file.packed)
        else:
            self.finish(self.file.body)


def application(room: Room) -> web.Application:
    """The room's handlers, below its prefix."""
    found = {path.name: File(path) for path in STATIC.glob("*.*") if path.suffix in KINDS}
    pages = {name: found.get(file) for name, file in PAGES.items()}
    pages |= {name: file for name, file in found.items() if not name.endswith(".html")}
    return web.Application(
        [
            (re.escape(room.prefix) + path, *handler)
            for path, *handler in (
                *((re.escape(name), Page, {"file": file}) for name, file in pages.items()),
                ("day", handlers.Plan),
                ("stage/([0-9]{1,2})", handlers.OneStage),
                ("join", handlers.Join),
                ("enter", handlers.Enter),
                ("door", handlers.AtTheDoor),
                ("socket", Socket),
                ("table", handlers.Table),
                ("typed", handlers.Typed),
                ("poll", handlers.Poll),
                ("do", handlers.Do),
            )
        ],
        default_handler_class=handlers.Missing,
        room_pages=pages,
        room=room,
        compress_response=True,
        websocket_max_message_size=LARGEST_MESSAGE,
        log_function=lambda handler: None,
    )


class Server:
    """A room on the network, from :meth:`listen` to :meth:`stop`.

    ``is_behind_proxy``: what the proxy says of who asks is believed.
    """

    def __init__(self, room: Room, is_behind_proxy: bool = False):
        self.room = room
        self.application = application(room)
        self._listener = HTTPServer(
            self.application,
            xheaders=is_behind_proxy,
            max_body_size=LARGEST_BODY,
            max_header_size=LARGEST_HEAD,
            idle_connection_timeout=60,
            body_timeout=20,
        )
        # One for all: Tornado's own way takes a task for each screen, which is 2 KiB.
        self._pings = PeriodicCallback(lambda: ping(room), 1000 * PING)
        self._pings.start()

    def listen(self, bound: socket.socket) -> None:
        """Take in who connects to a socket that listens."""
        self._listener.add_socket(bound)

    async def stop(self) -> None:
        """Hang up, and end the room; what was acknowledged is on the disk."""
        self._listener.stop()
        self._pings.stop()
        for screen in [each for screens in self.room.screens.values() for each in screens]:
            screen.cut()  # without a good-bye: it is to come back when the room is open again
        await self.room.hall.stop()
        await self._listener.close_all_connections()
