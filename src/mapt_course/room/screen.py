"""A screen that is connected by a websocket: a phone, the wall, the facilitator's page."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from tornado.iostream import StreamBufferFullError, StreamClosedError
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from .handlers import Handler, Room, read_json, take

MOST_WAITING = 1024 * 1024  # bytes that a slow screen may leave unread
MOST_SCREENS = 4  # of one seat
MOST_OF_LEAD = 20  # of the facilitator, walls among them
TOO_OFTEN = "The room is open too often on this device. Close the other pages."
TOO_MUCH = "Too much came at once from this device. Wait a moment, then reload the page."


class Screen:
    """A websocket as the room sees it."""

    __slots__ = ("_socket", "has_answered", "lead", "seat")  # there are hundreds

    def __init__(self, socket: Socket, lead: bool, seat: str):
        self.lead, self.seat, self._socket = lead, seat, socket
        self.has_answered = True  # to the last ping

    def send(self, message: bytes) -> None:
        """Send JSON. A screen that does not read is cut off; it can come back."""
        try:
            self._socket.write_message(message).add_done_callback(_seen)
        except StreamBufferFullError:
            self._socket.cut()
        except (WebSocketClosedError, StreamClosedError):
            pass

    def tell(self, value: dict[str, Any]) -> None:
        """Send one message."""
        self.send(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))

    def cut(self) -> None:
        """Hang up without a word."""
        self._socket.cut()

    def ping(self) -> None:
        """Ask whether it is still there; hang up where it did not answer to the last time."""
        if not self.has_answered:
            self._socket.cut()
            return
        self.has_answered = False
        with suppress(WebSocketClosedError, StreamClosedError, StreamBufferFullError):
            self._socket.ping()

    def end(self, why: str) -> None:
        """Say good-bye and hang up."""
        self.tell({"t": "bye", "why": why})
        self._socket.close(1000)


class Socket(Handler, WebSocketHandler):
    """``/socket``: everything at first, then what changes; operations the other way."""

    screen: Screen | None = None

    def set_default_headers(self) -> None:
        """None: an open socket has no page, and would keep them as long as it is open."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        super().set_default_headers()
        super().write_error(status_code, **kwargs)

    async def get(self, *args: Any, **kwargs: Any) -> None:
        self.screen = Screen(self, *self.who())
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            raise HTTPError(426)
        await super().get(*args, **kwargs)

    def check_origin(self, origin: str) -> bool:
        return False  # other than the host's own, which needs no permission

    def open(self, *args: str, **kwargs: str) -> None:
        self.request.headers.clear()  # they would be kept as long as it is open
        self.ws_connection.stream.max_write_buffer_size = MOST_WAITING
        self.set_nodelay(True)
        others = self.room.screens.setdefault(self.screen.seat, [])
        others.append(self.screen)
        if len(others) > (MOST_SCREENS if self.screen.seat else MOST_OF_LEAD):
            others[0].end(TOO_OFTEN)
            self.room.hall.leave(others.pop(0))
        self.room.hall.enter(self.screen)

    def on_message(self, message: str | bytes) -> None:
        screen = self.screen
        try:
            given = read_json(message)
        except ValueError:
            given = None
        if not take(self.room, screen.lead, screen.seat, given, screen.tell, screen):
            screen.end(TOO_MUCH)
            self.room.hall.leave(screen)

    def on_pong(self, data: bytes) -> None:
        self.screen.has_answered = True

    def on_close(self) -> None:
        if self.screen is None:
            return
        self.room.hall.leave(self.screen)
        others = self.room.screens.get(self.screen.seat, [])
        if self.screen in others:
            others.remove(self.screen)
        if not others:
            self.room.screens.pop(self.screen.seat, None)

    def cut(self) -> None:
        """Hang up without a word: nothing that is sent now would arrive."""
        self.ws_connection.stream.close()


def ping(room: Room) -> None:
    """Ask all screens whether they are still there."""
    for screens in list(room.screens.values()):
        for screen in list(screens):
            screen.ping()


def _seen(sent: asyncio.Future[None]) -> None:
    """That a screen is gone is told by on_close; here it is no news."""
    if not sent.cancelled():
        sent.exception()
