"""The room as it lives: takes operations, keeps them, and tells everybody what changed.

One task does it all in turns. In a turn the operations that came together are checked against the
state, kept in one commit (in a thread), and acknowledged; then the parts that they touched are
told, at most ten times a second, each turned into JSON once for everybody. Parts are looked at
between commits only, so nobody sees what is not on the disk.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from . import door, events, typed, view
from .board import REMEMBERED, Board, encoded, joined, message, to_json
from .day import Day
from .events import ROOM, Event, Refused, State
from .store import Store
from .typed import Sheet

EVERY = 0.1  # seconds between two tellings
GATHER = 0.05  # seconds that the first change after a quiet time waits for those that come with it
PAUSE = 1.0  # seconds until a database that failed is tried again
MOST_AT_ONCE = 500  # operations of one commit
SELVES_A_TURN = 50  # seats that are told of themselves before others have their turn
MOST_QUESTIONS = 4  # that a seat may have waiting
NOT_SAVED = "The room could not save this. Try again in a moment."
NOT_TAKEN = "The room could not take this. Reload the page."
TAKEN_OUT = "This seat was taken out. Join again, or ask the facilitator."
FULL = "The room is full. Answer together with somebody on their phone."

log = logging.getLogger(__name__)


class Listener(Protocol):
    """A screen that is connected. ``seat``: "" for the wall and the facilitator."""

    lead: bool
    seat: str

    def send(self, message: bytes) -> None:
        """Send JSON; must neither wait nor fail."""

    def end(self, why: str) -> None:
        """Say good-bye and hang up."""

    def cut(self) -> None:
        """Hang up without a word: the screen tries to come back."""


@dataclass
class Wanted:
    """An operation that waits. ``done``: called with "" once it is on the disk, else with why not.

    ``source``: the screen that it came from; ``token``: the hash of a new seat's token.
    """

    by: str
    id: str
    op: str
    args: Mapping[str, Any]
    done: Callable[[str], None]
    source: Listener | None = None
    token: str = ""


@dataclass
class Question:
    """Somebody who asks now and then what is new since ``v``, and waits for the answer."""

    lead: bool
    seat: str
    v: int
    answer: asyncio.Future[bytes]


class Hall:
    """One room. ``seats``: how many devices there may be; ``now``: the clock, UTC.

    ``closed`` is called in a thread once the facilitator has closed the room.
    """

    def __init__(
        self,
        store: Store,
        room: str,
        day: Day,
        seats: int = 600,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        closed: Callable[[], None] = lambda: None,
    ):
        self._closed = closed
        self._store, self._room, self._now, self._most_seats = store, room, now, seats
        self.day = day
        self._queue: deque[Wanted] = deque()
        self._questions: list[Question] = []
        self._newcomers: list[Listener] = []
        self._seats: dict[str, dict[Listener, None]] = {}
        # Seats that are to be told of themselves, and the screens that changed them.
        self._owed: dict[str, set[Listener | None]] = {}
        self._telling: dict[str, set[Listener | None]] = {}
        self._changed: dict[str, int] = {}  # in which version a seat was changed by others
        self._boards = {False: Board(), True: Board()}
        self._dirty: set[str] = set()
        self._due = 0.0
        self._last_seat = 0
        # Whoever asks with a version of before a restart is told everything.
        self._first = self._v = time.time_ns() // 1_000_000
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "room")
        self._timer: asyncio.TimerHandle | None = None
        self._read()
        self._wake.set()
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """End it; what was not acknowledged is not kept."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._thread.shutdown(wait=True)

    # ---- for the server

    def seat_of(self, token: str | None) -> str:
        """The seat that a token opens; "" where there is none, or it was taken out."""
        name = self._tokens.get(door.hashed(token), "") if token else ""
        seat = self._state.seats.get(name)
        return name if seat and not seat.gone else ""

    def take(self, wanted: Wanted) -> None:
        """Let an operation wait for its turn."""
        self._queue.append(wanted)
        self._wake.set()

    async def join(self, agency: object, voices: object) -> tuple[str, str]:
        """A new seat: its id and token. Refused where it does not fit, or the room is full."""
        coming = sum(each.op == "join" for each in self._queue)
        if len(self._state.present()) + coming >= self._most_seats:
            raise Refused(FULL)
        self._last_seat += 1
        seat, token = f"s{self._last_seat}", door.new_token()
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        args = {"seat": seat, "agency": agency, "voices": voices}
        hashed = door.hashed(token)
        self.take(Wanted(ROOM, seat, "join", args, _into(answer), token=hashed))
        if why := await answer:
            raise Refused(why)
        return seat, token

    async def type_in(self, sheets: Iterable[Sheet], name: str) -> list[str]:
        """Take in what was written on paper; why what was not taken was not, a line each.

        ``name``: of the table. The same sheet of the same table is taken once.
        """
        answers: list[tuple[Sheet, asyncio.Future[str]]] = []

        def want(sheet: Sheet, by: str, name: str, op: str, args: Mapping[str, Any]) -> None:
            answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            answers.append((sheet, answer))
            self.take(Wanted(by, name, op, args, _into(answer)))

        for sheet in sheets:
            args = {"seat": sheet.seat, "agency": sheet.agency, "paper": True}
            want(sheet, ROOM, f"paper-{sheet.number}-{sheet.agency}", "join", args)
            for name_, op, args in typed.operations(sheet, name):
                want(sheet, sheet.seat, name_, op, args)
        told = [(sheet, await answer) for sheet, answer in answers]
        return list(dict.fromkeys(f"Sheet {s.number}: {why}" for s, why in told if why))

    def enter(self, listener: Listener) -> None:
        """Connect a screen; it is sent everything, then what changes."""
        self._newcomers.append(listener)
        self._wake.set()

    def leave(self, listener: Listener) -> None:
        """Disconnect a screen; nothing where it is not connected."""
        if listener in self._newcomers:
            self._newcomers.remove(listener)
        self._boards[listener.lead].listeners.pop(listener, None)
        if listener.seat in self._seats:
            self._seats[listener.seat].pop(listener, None)
            if not self._seats[listener.seat]:
                del self._seats[listener.seat]

    async def news(self, lead: bool, seat: str, v: int, wait: float) -> bytes:
        """What is new since version ``v``, at once or after at most ``wait`` seconds."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        mine = [each for each in self._questions if each.seat == seat]
        if seat and len(mine) >= MOST_QUESTIONS and not mine[0].answer.done():
            mine[0].answer.set_result(message("some", mine[0].v, "{}"))
        question = Question(lead, seat, v, answer)
        self._questions.append(question)
        self._wake.set()
        try:
            return await asyncio.wait_for(answer, wait)
        except TimeoutError:
            return message("some", self._v, "{}")
        finally:
            if question in self._questions:
                self._questions.remove(question)

    # ---- the turns

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(0)  # what came just now belongs to this turn
            try:
                await self._turn()
            except Exception:
                log.exception("A turn of the room failed.")
                self._wake_in(EVERY)

    async def _turn(self) -> None:
        if not self._is_sound and not await self._is_read():
            while self._queue:
                self._quietly(self._queue.popleft().done, NOT_SAVED)
            self._wake_in(PAUSE)
            return
        await self._keep()
        if not self._is_sound:
            self._wake.set()
            return
        if self._dirty or self._owed:
            rest = self._due - asyncio.get_running_loop().time()
            if rest > 0:
                self._wake_in(rest)
            else:
                self._tell()
        self._tell_selves()
        self._greet()
        self._answer()
        if self._queue or self._telling:
            self._wake.set()

    def _wake_in(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._wake.set()

    async def _keep(self) -> None:
        """Check, keep and acknowledge what came together."""
        at = self._now().isoformat()
        answers: list[tuple[Wanted, str]] = []
        kept: list[tuple[Wanted, Event]] = []
        dirty: set[str] = set()
        owed: list[tuple[str, Listener | None, bool]] = []
        for _ in range(min(len(self._queue), MOST_AT_ONCE)):
            each = self._queue.popleft()
            event = Event(each.id, each.by, each.op, each.args, at)
            try:
                if self._state.take(event):
                    kept.append((each, event))
                    dirty |= view.touched(self._state, event)
                    for seat in view.own_touched(self._state, event):
                        mine = seat == each.by
                        owed.append((seat, each.source if mine else None, mine))
                answers.append((each, ""))
            except Refused as refused:
                answers.append((each, str(refused)))
            except Exception:
                log.exception("The room could not take “%s”.", each.op)
                answers.append((each, NOT_TAKEN))
                self._is_sound = False
        if kept and self._is_sound:
            self._is_sound = await self._is_kept(kept)
        if self._is_sound:
            if dirty and not self._dirty:
                self._due = max(self._due, asyncio.get_running_loop().time() + GATHER)
            self._dirty |= dirty
            for seat, source, mine in owed:
                self._owed.setdefault(seat, set()).add(source)
                if not mine:
                    self._changed[seat] = self._v + 1
        for each, why in answers:
            self._quietly(each.done, why if why or self._is_sound else NOT_SAVED)
        if self._is_sound:
            self._part_from(event for _, event in kept if event.op == "remove")
            if any(event.op == "close" for _, event in kept):
                self._thread.submit(self._close)

    async def _is_kept(self, kept: list[tuple[Wanted, Event]]) -> bool:
        tokens = {event.args["seat"]: each.token for each, event in kept if each.token}
        loop = asyncio.get_running_loop()
        found = [event for _, event in kept]
        try:
            await loop.run_in_executor(self._thread, self._store.append, self._room, found, tokens)
        except Exception:
            log.exception("The room could not save %d events.", len(found))
            return False
        self._tokens |= {token: seat for seat, token in tokens.items()}
        return True

    async def _is_read(self) -> bool:
        """Whether what is kept could be read anew."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._read)
        except Exception:
            log.exception("The room's database does not answer.")
            return False
        return True

    def _read(self) -> None:
        """The state anew from what is kept."""
        self._state: State = events.reduce(self.day, self._store.events(self._room))
        self._tokens = self._store.seats(self._room)
        numbers = [int(seat.id[1:]) for seat in self._state.seats.values() if not seat.paper]
        self._last_seat = max([self._last_seat, *numbers])
        self._dirty |= set(view.keys(self._state))
        self._is_sound = True

    def _close(self) -> None:
        try:
            self._closed()
        except Exception:
            log.exception("What follows the end of a room failed.")

    def _part_from(self, removals: Iterable[Event]) -> None:
        for event in removals:
            for listener in list(self._seats.get(event.args["seat"], ())):
                self._quietly(listener.end, TAKEN_OUT)

    def _tell(self) -> None:
        """Tell every screen which parts changed."""
        self._due = asyncio.get_running_loop().time() + EVERY
        keys, self._dirty = self._dirty, set()
        self._v += 1
        for lead, board in self._boards.items():
            changed = [key for key in sorted(keys) if self._is_changed(board, key, lead)]
            if changed:
                board.told.append((self._v, changed))
                parts = joined((key, board.parts[key]) for key in changed)
                news = message("some", self._v, parts)
                for listener in list(board.listeners):
                    self._quietly(listener.send, news)
        for seat, sources in self._owed.items():
            self._telling.setdefault(seat, set()).update(sources)
        self._owed = {}

    def _tell_selves(self) -> None:
        """Tell seats what changed of themselves; only some, so that others have their turn."""
        for seat in list(self._telling)[:SELVES_A_TURN]:
            sources = self._telling.pop(seat)
            listeners = [each for each in self._seats.get(seat, ()) if sources != {each}]
            if listeners:
                news = encoded(f'{{"t":"own","own":{self._own(seat)}}}')
                for listener in listeners:
                    self._quietly(listener.send, news)

    def _is_changed(self, board: Board, key: str, lead: bool) -> bool:
        try:
            text = to_json(view.look(self._state, key, lead))
        except Exception:
            log.exception("The part “%s” could not be shown.", key)
            return False
        if board.parts.get(key, "null") == text:
            return False
        board.parts[key] = text
        return True

    def _greet(self) -> None:
        """Send everything to the screens that came."""
        newcomers, self._newcomers = self._newcomers, []
        whole = {lead: self._boards[lead].whole() for lead in {each.lead for each in newcomers}}
        for listener in newcomers:
            own = self._own(listener.seat) if listener.seat else ""
            self._boards[listener.lead].listeners[listener] = None
            if listener.seat:
                self._seats.setdefault(listener.seat, {})[listener] = None
            self._quietly(listener.send, message("all", self._v, whole[listener.lead], own))

    def _answer(self) -> None:
        """Answer those who asked, where there is something new for them."""
        waiting = []
        for each in self._questions:
            if each.answer.done():
                continue
            board, own = self._boards[each.lead], ""
            oldest = board.told[0][0] - 1 if len(board.told) == REMEMBERED else self._first
            if not oldest <= each.v <= self._v:
                own = self._own(each.seat) if each.seat else ""
                each.answer.set_result(message("all", self._v, board.whole(), own))
                continue
            parts = board.since(each.v)
            if each.seat and self._changed.get(each.seat, 0) > each.v:
                own = self._own(each.seat)
            if parts == "{}" and not own:
                waiting.append(each)
            else:
                each.answer.set_result(message("some", self._v, parts, own))
        self._questions = waiting

    def _own(self, seat: str) -> str:
        return to_json(view.own(self._state, self._state.seats[seat]))

    def _quietly(self, call: Callable[[Any], None], value: Any) -> None:
        """One screen that fails must not keep the others from being told."""
        try:
            call(value)
        except Exception:
            log.exception("A screen could not be told.")


def _into(answer: asyncio.Future[str]) -> Callable[[str], None]:
    """Sets the future, unless nobody waits for it any more."""
    return lambda why: None if answer.done() else answer.set_result(why)
