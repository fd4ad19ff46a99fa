"""What can happen in a room, and what the room is after it: ``reduce(day, events) -> State``.

Pure, without a clock, a file or chance. An operation that does not fit is answered with a reason
and changes nothing; one that came before (same sender, same id) changes nothing either. So a
phone may send again what was not acknowledged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from .day import ANYBODY, FACILITATOR, Ask, Day

ROOM = "room"  # who lets people in
NAME = re.compile(r"[A-Za-z0-9-]{1,40}")  # an operation's id
SEAT = re.compile(r"s[1-9][0-9]{0,5}")
MOST_VOICES = 8  # people who answer from one device
MOST_NOTES = 5_000
MOST_VERSIONS = 6  # of a shared text that nobody has joined yet
LONGEST_TIMER = 2 * 60 * 60  # seconds
INSIDE, NOT_RELEVANT, NOT_IMPORTANT = "inside", "not-relevant", "not-important"
MARKS = (INSIDE, NOT_RELEVANT, NOT_IMPORTANT)
RINGS = ("inner", "outer")


class Refused(Exception):
    """An operation that does not fit; the message is for whoever sent it."""


@dataclass(frozen=True)
class Event:
    """An operation as it is kept. ``by``: a seat's id, ``facilitator`` or ``room``.

    ``id`` is the sender's own: with ``by`` it is unique. ``at``: ISO 8601, UTC.
    """

    id: str
    by: str
    op: str
    args: Mapping[str, Any]
    at: str


@dataclass
class Seat:
    """A device. ``voices``: how many people answer from it; ``answers``: by place and voice.

    ``paper``: the facilitator types in what people wrote on sheets.
    """

    id: str
    agency: str
    voices: int = 1
    paper: bool = False
    gone: bool = False
    answers: dict[tuple[str, int], Any] = field(default_factory=dict)


@dataclass
class Note:
    """A note. ``marks``: where each voice (seat, number) wants it; ``ring``: where the facilitator
    put it; ``into``: the note that it was merged into."""

    id: str
    ask: str
    by: str
    voice: int
    text: str
    hidden: bool = False
    into: str = ""
    ring: str = ""
    marks: dict[tuple[str, int], str] = field(default_factory=dict)

    def place(self) -> str:
        """``inner`` or ``outer``: the facilitator's word, else that of most of those who marked it.

        Who wrote it counts as one who wants it inside.
        """
        if self.ring:
            return self.ring
        outward = sum(mark != INSIDE for mark in self.marks.values())
        inside = len(self.marks) - outward + ((self.by, self.voice) not in self.marks)
        return "outer" if outward > inside else "inner"


@dataclass(frozen=True)
class Version:
    """A version of a shared text, and the agency of who wrote it ("" for the facilitator)."""

    text: str
    agency: str


@dataclass
class State:
    """A room. ``stage`` and ``step`` count from 0 and 1; ``revealed`` and ``locked`` hold such
    pairs. ``written``: how many notes there are, by ask, seat and voice. ``texts``: for each place
    the versions that nobody wrote over, by event. ``pairs``: by step, groups of seats."""

    day: Day
    stage: int = 0
    step: int = 1
    closed: bool = False
    until: str = ""  # the timer's end
    alone: str = ""  # the ask that the wall shows alone
    revealed: set[tuple[int, int]] = field(default_factory=set)
    locked: set[tuple[int, int]] = field(default_factory=set)
    seats: dict[str, Seat] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    written: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    texts: dict[str, dict[str, Version]] = field(default_factory=dict)
    pairs: dict[int, list[list[str]]] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def take(self, event: Event) -> bool:
        """Let an event happen; False where it had happened before. Refused changes nothing."""
        if (event.by, event.id) in self.seen:
            return False
        act, senders = OPERATIONS.get(event.op, (None, ()))
        if act is None or type(event.id) is not str or not NAME.fullmatch(event.id):
            raise Refused("The room does not know this. Reload the page.")
        sender = event.by if event.by in (FACILITATOR, ROOM) else "seat"
        if sender not in senders:
            raise Refused("Only the facilitator can do this.")
        if sender == "seat" and (event.by not in self.seats or self.seats[event.by].gone):
            raise Refused("This seat was taken out. Join again, or ask the facilitator.")
        if self.closed:
            raise Refused("The room is closed. Nothing can be changed any more.")
        act(self, event)
        self.seen.add((event.by, event.id))
        return True

    def here(self) -> tuple[int, int]:
        """Where the group is: stage and step."""
        return self.stage, self.step

    def where(self, ask: Ask) -> tuple[int, int]:
        """The stage and step of an ask."""
        return self.day.stage_of[ask.id], ask.step

    def is_shown(self, ask: Ask) -> bool:
        """Whether all may see what people gave."""
        return ask.open or self.where(ask) in self.revealed

    def present(self) -> list[Seat]:
        """The seats that were not taken out, in the order in which they joined."""
        return [seat for seat in self.seats.values() if not seat.gone]


def reduce(day: Day, events: Iterable[Event]) -> State:
    """The room after these events, in their order. What does not fit is passed over."""
    state = State(day)
    for event in events:
        try:
            state.take(event)
        except Refused:
            continue
    return state


# ---- what people do


def _answer(state: State, event: Event) -> None:
    place, value = event.args.get("place"), event.args.get("value")
    ask = state.day.places.get(place) if type(place) is str else None
    if ask is None or ask.kind not in ("choice", "pick", "lines"):
        raise Refused("This question is not part of the day. Reload the page.")
    seat, voice = _voice(state, event)
    if not seat.paper:  # what was written on paper is typed in when there is time
        _is_open(state, ask)
        if ask.kind != "lines" and state.where(ask) in state.revealed:
            raise Refused("The answers are on the wall already, so they stand as they are.")
    if value in (None, "", []):
        seat.answers.pop((place, voice), None)
        return
    options = {option.id for option in ask.options}
    if ask.kind == "lines":
        value = _text(value, ask.longest)
        if ask.is_date:
            _day(value)
    elif ask.kind == "choice":
        if type(value) is not str or value not in options:
            raise Refused("This cannot be chosen here. Reload the page.")
    else:
        if type(value) is not list or not all(type(each) is str for each in value):
            raise Refused("This cannot be chosen here. Reload the page.")
        if not set(value) <= options or len(set(value)) < len(value):
            raise Refused("This cannot be chosen here. Reload the page.")
        if len(value) > ask.most:
            raise Refused(f"You can choose {ask.most}. Take one away first.")
        value = sorted(value, key=int)
    seat.answers[place, voice] = value


def _note(state: State, event: Event) -> None:
    name = event.args.get("ask")
    ask = state.day.asks.get(name) if type(name) is str else None
    if ask is None or ask.kind != "notes":
        raise Refused("Notes have no place here. Reload the page.")
    _is_open(state, ask)
    seat, voice = _voice(state, event)
    text = _text(event.args.get("text"), ask.longest)
    if not text:
        raise Refused("Write something first.")
    mine = (ask.id, seat.id, voice)
    if state.written[mine] >= ask.most:
        raise Refused(f"That would be more than {ask.most}. Take one back first.")
    if len(state.notes) >= MOST_NOTES:
        raise Refused("The room is full of notes. Tell the facilitator.")
    name = f"{seat.id}.{event.id}"
    state.notes[name] = Note(name, ask.id, seat.id, voice, text)
    state.written[mine] += 1


def _withdraw(state: State, event: Event) -> None:
    note = _a_note(state, event)
    if note.by != event.by:
        raise Refused("Only who wrote a note can take it back.")
    _is_open(state, state.day.asks[note.ask])
    if any(other.into == note.id for other in state.notes.values()):
        raise Refused("This note stands for others as well now. Ask the facilitator.")
    del state.notes[note.id]
    state.written[note.ask, note.by, note.voice] -= 1


def _mark(state: State, event: Event) -> None:
    note, mark = _a_note(state, event), event.args.get("mark")
    ask = state.day.asks[note.ask]
    if not ask.sorts or note.hidden:
        raise Refused("This note cannot be moved.")
    _is_open(state, ask)
    seat, voice = _voice(state, event)
    if mark is None:
        note.marks.pop((seat.id, voice), None)
    elif mark in MARKS:
        note.marks[seat.id, voice] = mark
    else:
        raise Refused("Say “inside”, “not relevant” or “not important”.")


def _write(state: State, event: Event) -> None:
    place, over = event.args.get("place"), event.args.get("over", [])
    ask = state.day.places.get(place) if type(place) is str else None
    if ask is None or ask.kind != "text":
        raise Refused("This line is not part of the day. Reload the page.")
    agency = ""
    if event.by != FACILITATOR:
        _is_open(state, ask)
        seat = state.seats[event.by]
        agency = seat.agency
        if ask.who == "own":
            column = place.rpartition(".")[2]
            if column not in (agency, state.day.agency[agency].column):
                raise Refused("This column belongs to another group.")
        elif ask.who != ANYBODY:
            raise Refused("The facilitator writes this line. Say it aloud.")
    if type(over) is not list or not all(type(each) is str for each in over):
        raise Refused("The room does not know this. Reload the page.")
    text = _text(event.args.get("text"), ask.longest)
    # Only what the writer had seen is written over: two people at once leave two versions.
    left = {name: one for name, one in state.texts.get(place, {}).items() if name not in over}
    if text and len(left) >= MOST_VERSIONS:
        raise Refused("Too many write here at once. Join the versions first.")
    if text:
        left[f"{event.by}.{event.id}"] = Version(text, agency)
    state.texts[place] = left


def _agency(state: State, event: Event) -> None:
    seat, agency = state.seats[event.by], event.args.get("agency")
    if type(agency) is not str or agency not in state.day.agency:
        raise Refused("Choose one of the agencies of the list.")
    if seat.answers or any(note.by == seat.id for note in state.notes.values()):
        raise Refused("You have answered already, so your agency stays. Ask the facilitator.")
    seat.agency = agency


# ---- what the facilitator does


def _go(state: State, event: Event) -> None:
    stage, step = event.args.get("stage"), event.args.get("step", 1)
    stages = state.day.stages
    if type(stage) is not int or not 0 <= stage < len(stages):
        raise Refused("The day has no such stage.")
    if type(step) is not int or not 1 <= step <= len(stages[stage].steps):
        raise Refused("The stage has no such step.")
    state.stage, state.step, state.until, state.alone = stage, step, "", ""
    if step > 1 and step not in state.pairs and _has_pairs(state):
        state.pairs[step] = _paired(state)


def _pair(state: State, event: Event) -> None:
    if not _has_pairs(state) or state.step == 1:
        raise Refused("Pairs belong to the rounds with role cards. Go there first.")
    state.pairs[state.step] = _paired(state)


def _reveal(state: State, event: Event) -> None:
    state.revealed.add(state.here())


def _conceal(state: State, event: Event) -> None:
    state.revealed.discard(state.here())


def _lock(state: State, event: Event) -> None:
    state.locked.add(state.here())


def _unlock(state: State, event: Event) -> None:
    state.locked.discard(state.here())


def _alone(state: State, event: Event) -> None:
    name = event.args.get("ask")
    asks = {ask.id for ask in state.day.stages[state.stage].asks if ask.step <= state.step}
    if name != "" and (type(name) is not str or name not in asks):
        raise Refused("This stage does not ask that.")
    state.alone = name


def _timer(state: State, event: Event) -> None:
    seconds = event.args.get("seconds")
    if type(seconds) is not int or not 0 <= seconds <= LONGEST_TIMER:
        raise Refused("A timer runs for at most two hours.")
    ends = datetime.fromisoformat(event.at) + timedelta(seconds=seconds)
    state.until = ends.isoformat() if seconds else ""


def _hide(state: State, event: Event) -> None:
    _a_note(state, event).hidden = True


def _unhide(state: State, event: Event) -> None:
    _a_note(state, event).hidden = False


def _place(state: State, event: Event) -> None:
    note, ring = _a_note(state, event), event.args.get("ring")
    if not state.day.asks[note.ask].sorts or ring not in RINGS:
        raise Refused("A statement lies in the inner or in the outer circle.")
    note.ring = ring


def _merge(state: State, event: Event) -> None:
    note, into = _a_note(state, event), _a_note(state, event, "into")
    into = root(state, into)
    if note.ask != into.ask:
        raise Refused("Only notes of one question can be merged.")
    if into.id == note.id:
        raise Refused("These two are merged already.")
    note.into = into.id


def _split(state: State, event: Event) -> None:
    _a_note(state, event).into = ""


def _remove(state: State, event: Event) -> None:
    name = event.args.get("seat")
    seat = state.seats.get(name) if type(name) is str else None
    if seat is None or seat.gone:
        raise Refused("There is no such seat.")
    seat.gone = True
    seat.answers.clear()
    for note in state.notes.values():
        note.hidden = note.hidden or note.by == seat.id
        note.marks = {who: mark for who, mark in note.marks.items() if who[0] != seat.id}


def _close(state: State, event: Event) -> None:
    state.closed = True


def _join(state: State, event: Event) -> None:
    name, agency = event.args.get("seat"), event.args.get("agency")
    voices, paper = event.args.get("voices", 1), event.args.get("paper", False)
    if type(name) is not str or not SEAT.fullmatch(name) or name in state.seats:
        raise Refused("This seat is taken.")
    if type(agency) is not str or agency not in state.day.agency:
        raise Refused("Choose one of the agencies of the list.")
    if type(voices) is not int or not 1 <= voices <= MOST_VOICES:
        raise Refused(f"One device takes the answers of 1 to {MOST_VOICES} people.")
    state.seats[name] = Seat(name, agency, voices, paper is True)


OPERATIONS: dict[str, tuple[Callable[[State, Event], None], tuple[str, ...]]] = {
    "answer": (_answer, ("seat",)),
    "note": (_note, ("seat",)),
    "withdraw": (_withdraw, ("seat",)),
    "mark": (_mark, ("seat",)),
    "write": (_write, ("seat", FACILITATOR)),
    "agency": (_agency, ("seat",)),
    "go": (_go, (FACILITATOR,)),
    "pair": (_pair, (FACILITATOR,)),
    "reveal": (_reveal, (FACILITATOR,)),
    "conceal": (_conceal, (FACILITATOR,)),
    "lock": (_lock, (FACILITATOR,)),
    "unlock": (_unlock, (FACILITATOR,)),
    "alone": (_alone, (FACILITATOR,)),
    "timer": (_timer, (FACILITATOR,)),
    "hide": (_hide, (FACILITATOR,)),
    "unhide": (_unhide, (FACILITATOR,)),
    "place": (_place, (FACILITATOR,)),
    "merge": (_merge, (FACILITATOR,)),
    "split": (_split, (FACILITATOR,)),
    "remove": (_remove, (FACILITATOR,)),
    "close": (_close, (FACILITATOR,)),
    "join": (_join, (ROOM,)),
}


# ---- what they have in common


def root(state: State, note: Note) -> Note:
    """The note that a note was merged into in the end, or itself."""
    while note.into:
        note = state.notes[note.into]
    return note


def _is_open(state: State, ask: Ask) -> None:
    if state.where(ask) > state.here():
        raise Refused("The group is not there yet.")
    if state.where(ask) in state.locked:
        raise Refused("The facilitator has closed this part. Nothing can be changed in it now.")


def _voice(state: State, event: Event) -> tuple[Seat, int]:
    seat, voice = state.seats[event.by], event.args.get("voice", 1)
    if type(voice) is not int or not 1 <= voice <= seat.voices:
        raise Refused("Say which of you answers.")
    return seat, voice


def _a_note(state: State, event: Event, which: str = "note") -> Note:
    name = event.args.get(which)
    note = state.notes.get(name) if type(name) is str else None
    if note is None:
        raise Refused("This note is not there any more.")
    return note


def _text(text: Any, longest: int) -> str:
    if type(text) is not str or any("\ud800" <= c <= "\udfff" for c in text):
        raise Refused("Write words or figures.")
    text = "".join(c for c in text if c == "\n" or c.isprintable()).strip()
    if len(text) > longest:
        raise Refused(f"That is too long: at most {longest} signs. Shorten it.")
    return text


def _day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Refused("Choose a day.") from None


def _has_pairs(state: State) -> bool:
    return any(ask.partner for ask in state.day.stages[state.stage].asks)


def _paired(state: State) -> list[list[str]]:
    """Pairs across agencies, other ones in each step; an odd seat makes one group of three.

    Seats stand in line by agency, the largest first. The first half of the line meets the second,
    so two of one agency meet only where more than half are of it.
    """
    present = [seat for seat in state.present() if not seat.paper]
    size = {seat.agency: 0 for seat in present}
    for seat in present:
        size[seat.agency] += 1
    line = sorted(present, key=lambda seat: (-size[seat.agency], seat.agency, int(seat.id[1:])))
    half = len(line) // 2
    groups = [[line[i].id, line[half + (i + state.step) % half].id] for i in range(half)]
    if len(line) % 2:
        if groups:
            groups[-1].append(line[-1].id)
        else:
            groups = [[line[-1].id]]
    return groups
