"""What the room answers to plain requests: joining, the words of the day, and operations.

Every request must be meant for this host and come from its own pages.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import segno
from tornado import web

from ..bank import BankError
from . import typed, view
from .day import FACILITATOR
from .door import Door
from .events import Refused
from .hall import Hall, Listener, Wanted
from .limits import Limits

SEAT, LEAD = "mapt-seat", "mapt-lead"  # cookies
DAYS = 2  # that a cookie lasts
MOST_TOGETHER = 20  # operations of one request
LONGEST_POLL = 10.0  # seconds
WRONG = "This code does not open a room here. Look at the wall again."
TOO_MANY_TRIES = "Too many codes were tried. Wait a moment, then look at the wall again."
TOO_MANY_JOIN = "Many people are joining at once. Wait a moment and try again."
TOO_FAST = "That was too much at once. Wait a moment and try again."
NOT_KNOWN = "The room does not know this. Reload the page."
NOT_HERE = "There is no such page here."
NOT_IN = "Join the room first."
WENT_WRONG = "Something went wrong in the room. Reload the page."
NOT_OURS = "This does not come from the room's own page. Open the address on the wall."
WHY = {400: NOT_KNOWN, 401: NOT_IN, 403: NOT_OURS, 404: NOT_HERE, 421: NOT_OURS, 429: TOO_FAST}
Answer = Callable[[dict[str, str]], None]


@dataclass
class Room:
    """What the handlers share. ``address``: where phones find it; ``hosts``: its names."""

    hall: Hall
    door: Door
    address: str
    hosts: frozenset[str]
    limits: Limits = field(default_factory=Limits)
    screens: dict[str, list[Any]] = field(default_factory=dict)  # by seat: screen.Screen

    @property
    def prefix(self) -> str:
        """The path below which the room answers: it ends with a slash."""
        return urlsplit(self.address).path

    def way_in(self) -> dict[str, str]:
        """What the wall shows to let people in, and the wall's own link: for the facilitator."""
        phones = segno.make(f"{self.address}#{self.door.code}", error="m", micro=False)
        return {
            "address": self.address,
            "code": self.door.code,
            "qr": phones.svg_data_uri(border=2),
            "wall": f"{self.address}wall#{self.door.key}",
        }


class Handler(web.RequestHandler):
    """What every answer has in common: strict headers, and who may ask at all."""

    @property
    def room(self) -> Room:
        return self.application.settings["room"]

    def set_default_headers(self) -> None:
        host = self.request.host if self.request.host in self.room.hosts else ""
        # Browsers before 2022 do not count a websocket to the same host as “self”.
        sockets = f" ws://{host} wss://{host}" if host else ""
        self.clear_header("Server")
        for name, value in {
            "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
            f"connect-src 'self'{sockets}; img-src 'self' data:; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Cache-Control": "no-store",
        }.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        host, origin = self.request.host, self.request.headers.get("Origin")
        if host not in self.room.hosts:
            raise web.HTTPError(421)
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            raise web.HTTPError(403)
        if self.request.method == "POST":
            kind = self.request.headers.get("Content-Type", "").partition(";")[0].strip()
            if kind != "application/json" or self.request.headers.get("X-Mapt") != "1":
                raise web.HTTPError(403)

    def check_etag_header(self) -> bool:
        return False

    def compute_etag(self) -> None:
        return None

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.tell({"why": WHY.get(status_code, WENT_WRONG)})

    def log_exception(self, *problem: Any) -> None:
        if not isinstance(problem[1], web.HTTPError):
            super().log_exception(*problem)

    def tell(self, value: Any, status: int | None = None) -> None:
        """Answer with JSON."""
        if status:
            self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False))

    def body(self) -> Any:
        """The JSON of the request; 400 where it is none."""
        try:
            return read_json(self.request.body)
        except ValueError:
            raise web.HTTPError(400) from None

    def is_lead(self) -> bool:
        return self.room.door.is_facilitator(self.get_cookie(LEAD))

    def seat(self) -> str:
        """The seat of the request's cookie; "" where there is none."""
        return self.room.hall.seat_of(self.get_cookie(SEAT))

    def who(self) -> tuple[bool, str]:
        """Whether it is the facilitator's screen, and else the seat ("" for the wall); or 401."""
        screen, seat = self.get_query_argument("as", ""), self.seat()
        if screen in ("lead", "wall") and self.is_lead():
            return screen == "lead", ""
        if screen == "seat" and seat:
            return False, seat
        raise web.HTTPError(401)

    def keep(self, name: str, value: str) -> None:
        """Set a cookie that scripts and other sites' requests do not get."""
        is_safe = self.request.protocol == "https"
        self.set_cookie(
            name, value, expires_days=DAYS, path=self.room.prefix, httponly=True, samesite="Strict",
            secure=is_safe,
        )  # fmt: skip


class Missing(Handler):
    def prepare(self) -> None:
        super().prepare()
        raise web.HTTPError(404)


class Plan(Handler):
    """``/day``: what is needed to join."""

    def get(self) -> None:
        self.tell(view.outline(self.room.hall.day))


class OneStage(Handler):
    """``/stage/<n>``: the words of a stage."""

    def get(self, number: str) -> None:
        if not self.is_lead() and not self.seat():
            raise web.HTTPError(401)
        day = self.room.hall.day
        if int(number) >= len(day.stages):
            raise web.HTTPError(404)
        self.tell(view.stage(day, int(number), self.is_lead()))


class Join(Handler):
    """``/join``: a seat for a code."""

    async def post(self) -> None:
        given = self.body()
        if seat := self.seat():
            self.tell({"seat": seat})
            return
        given = given if isinstance(given, dict) else {}
        limits = self.room.limits
        mine = limits.tries[self.request.remote_ip or ""]
        for bucket in (mine, limits.all_tries):
            if bucket.held() < 1:
                self.tell({"why": TOO_MANY_TRIES, "wait": bucket.wait()}, 429)
                return
        if not self.room.door.opens(given.get("code")):
            mine.take()
            limits.all_tries.take()
            self.tell({"why": WRONG}, 403)
            return
        if not limits.joins.take():
            self.tell({"why": TOO_MANY_JOIN, "wait": limits.joins.wait()}, 429)
            return
        try:
            seat, token = await self.room.hall.join(given.get("agency"), given.get("voices", 1))
        except Refused as refused:
            self.tell({"why": str(refused)}, 409)
            return
        self.keep(SEAT, token)
        self.tell({"seat": seat})


class Enter(Handler):
    """``/enter``: the facilitator's cookie for the key."""

    def post(self) -> None:
        given, limits = self.body(), self.room.limits
        mine = limits.tries[self.request.remote_ip or ""]
        if mine.held() < 1:
            self.tell({"why": TOO_MANY_TRIES, "wait": mine.wait()}, 429)
        elif not isinstance(given, dict) or not self.room.door.leads(given.get("key")):
            mine.take()
            self.tell({"why": WRONG}, 403)
        else:
            self.keep(LEAD, self.room.door.pass_)
            self.tell({})


class AtTheDoor(Handler):
    """``/door``: what the wall shows to let people in."""

    def get(self) -> None:
        if not self.is_lead():
            raise web.HTTPError(401)
        self.tell(self.room.way_in())


class Table(Handler):
    """``/table``: an empty table for what was written on paper."""

    def get(self) -> None:
        if not self.is_lead():
            raise web.HTTPError(401)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{typed.FILE}"')
        self.finish(typed.template(self.room.hall.day))


class Typed(Handler):
    """``/typed``: a table of what was written on paper."""

    async def post(self) -> None:
        if not self.is_lead():
            raise web.HTTPError(401)
        self.tell(await type_in(self.room, self.body()))


class Poll(Handler):
    """``/poll``: what is new, for who has no websocket."""

    async def get(self) -> None:
        self.tell(await news(self.room, *self.who(), self.get_query_argument("v", "")))


class Do(Handler):
    """``/do``: operations, for who has no websocket."""

    async def post(self) -> None:
        given = self.body()
        self.tell(await do(self.room, *self.who(), given))


async def news(room: Room, lead: bool, seat: str, known: str) -> bytes:
    """What is new since the version that a screen says it knows."""
    v = int(known) if known.isascii() and known.isdigit() and len(known) < 16 else -1
    return await room.hall.news(lead, seat, v, LONGEST_POLL)


async def type_in(room: Room, given: Any) -> dict[str, Any]:
    """How many sheets of a table came in, or what is wrong with it, a sentence each."""
    table = given.get("table") if isinstance(given, dict) else None
    if not isinstance(table, str):
        raise web.HTTPError(400)
    try:
        sheets = typed.read(room.hall.day, table)
    except BankError as wrong:
        return {"sheets": 0, "faults": wrong.faults[:MOST_TOGETHER]}
    faults = await room.hall.type_in(sheets, typed.digest(table))
    return {"sheets": len(sheets), "faults": faults[:MOST_TOGETHER]}


async def do(room: Room, lead: bool, seat: str, given: Any) -> list[dict[str, str]]:
    """The protocol's answers to one operation or a few; 400 or 429 where there are too many."""
    wanted = given if isinstance(given, list) else [given]
    if len(wanted) > MOST_TOGETHER:
        raise web.HTTPError(400)
    loop = asyncio.get_running_loop()
    answers = []
    for each in wanted:
        answer: asyncio.Future[dict[str, str]] = loop.create_future()
        answers.append(answer)
        if not take(room, lead, seat, each, answer.set_result, None):
            raise web.HTTPError(429)
    return await asyncio.gather(*answers)


def take(
    room: Room, lead: bool, seat: str, given: Any, answer: Answer, source: Listener | None
) -> bool:
    """Hand an operation to the room; ``answer`` is called with the protocol's “ok” or “no”.

    False, and no answer, where far too much comes from a seat.
    """
    given = given if isinstance(given, dict) else {}
    name, op, args = given.get("id"), given.get("op"), given.get("args", {})
    told = name if isinstance(name, str) else ""

    def done(why: str) -> None:
        answer({"t": "no", "id": told, "why": why} if why else {"t": "ok", "id": told})

    limits, who = room.limits, FACILITATOR if lead else seat
    if not lead and not limits.operations[who].take():
        if not limits.refusals[who].take():
            return False
        done(TOO_FAST)
    elif not told or not isinstance(op, str) or not isinstance(args, dict) or not who:
        done(NOT_KNOWN)
    else:
        room.hall.take(Wanted(who, told, op, args, done, source))
    return True


def read_json(body: bytes | str) -> Any:
    """What was sent; ValueError where it is no strict JSON."""
    try:
        return json.loads(body, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")
