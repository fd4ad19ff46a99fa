"""The room's server: which address gives what, and where it listens.

It serves the room and nothing else: files are named by a list made at the start, never by what a
client sends.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

from tornado import web
from tornado.httpserver import HTTPServer

from . import handlers
from .handlers import Handler, Room
from .screen import Socket

STATIC = Path(__file__).parent / "static"
PAGES = {"": "room.html", "lead": "lead.html", "wall": "wall.html"}
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
LARGEST_BODY = 64 * 1024  # bytes
LARGEST_MESSAGE = 16 * 1024  # bytes


class File:
    """A page, style or script, as it is sent."""

    def __init__(self, path: Path):
        self.body = path.read_bytes()
        self.packed = gzip.compress(self.body, mtime=0)
        self.kind = f"{KINDS[path.suffix]}; charset=utf-8"
        self.tag = f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class Page(Handler):
    """A file of the list."""

    def initialize(self, room: Room, file: File | None) -> None:
        super().initialize(room)
        self.file = file

    def get(self) -> None:
        if self.file is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", self.file.kind)
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Etag", self.file.tag)
        self.set_header("Vary", "Accept-Encoding")
        if self.request.headers.get("If-None-Match") == self.file.tag:
            self.set_status(304)
            self.finish()
        elif "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(self.file.packed)
        else:
            self.finish(self.file.body)


def application(room: Room) -> web.Application:
    """The room's handlers."""
    found = {path.name: File(path) for path in STATIC.glob("*.*") if path.suffix in KINDS}
    pages = {name: found.get(file) for name, file in PAGES.items()}
    pages |= {name: file for name, file in found.items() if not name.endswith(".html")}
    shared = {"room": room}
    return web.Application(
        [
            *((f"/{re.escape(name)}", Page, shared | {"file": f}) for name, f in pages.items()),
            ("/day", handlers.Plan, shared),
            ("/stage/([0-9]{1,2})", handlers.OneStage, shared),
            ("/join", handlers.Join, shared),
            ("/enter", handlers.Enter, shared),
            ("/door", handlers.AtTheDoor, shared),
            ("/socket", Socket, shared),
            ("/poll", handlers.Poll, shared),
            ("/do", handlers.Do, shared),
        ],
        default_handler_class=handlers.Missing,
        default_handler_args=shared,
        room_hosts=room.hosts,
        compress_response=True,
        websocket_max_message_size=LARGEST_MESSAGE,
        websocket_ping_interval=20,
        log_function=lambda handler: None,
    )


def listener(room: Room) -> HTTPServer:
    """A server that listens nowhere yet."""
    return HTTPServer(
        application(room),
        max_body_size=LARGEST_BODY,
        max_header_size=16 * 1024,
        idle_connection_timeout=60,
        body_timeout=20,
    )
