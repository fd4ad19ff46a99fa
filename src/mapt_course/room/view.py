"""What the screens of a room may show: small parts with a key each. Pure.

A screen holds a mapping from key to part; after an event only the parts that it touched are sent
again, and a part that is None goes away. The keys:

- ``at``: where the group is, what is revealed and locked, the timer, how many people there are
- ``n.<ask>``: how many people answered, by ask
- ``r.<place>``: a tally (``tally``), once revealed
- ``note.<id>``: a note, once it may be seen
- ``text.<place>``: the versions of a shared text

The facilitator's screen has more: hidden notes, notes before they are revealed, ``seats``, and
headcounts in which fewer than three are not told apart. No screen has a seat's answers but its
own (``own``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .day import Ask, Day, Stage
from .events import INSIDE, Event, Note, Seat, State, root
from .tally import FEWEST, differs_most, given, tally


def everything(state: State, lead: bool = False) -> dict[str, Any]:
    """Every part, by key. ``lead``: for the facilitator."""
    parts = {key: look(state, key, lead) for key in keys(state)}
    return {key: part for key, part in parts.items() if part is not None}


def touched(state: State, event: Event) -> set[str]:
    """The keys whose parts an event, which has happened, may have changed."""
    args = event.args
    if event.op == "remove":
        return set(keys(state))
    if event.op in ("reveal", "conceal"):
        asks = [a for a in state.day.stages[state.stage].asks if a.step == state.step]
        names = {ask.id for ask in asks}
        places = {f"r.{place}" for ask in asks for place, _ in ask.places()}
        return {"at"} | places | {f"note.{n.id}" for n in state.notes.values() if n.ask in names}
    if event.op == "answer":
        return {f"n.{state.day.places[args['place']].id}", f"r.{args['place']}"}
    if event.op == "note":
        return {f"n.{args['ask']}", f"note.{event.by}.{event.id}"}
    if event.op == "withdraw":
        counts = {f"n.{ask.id}" for ask in state.day.asks.values() if ask.kind == "notes"}
        return counts | {f"note.{args['note']}"}
    if event.op in ("mark", "hide", "unhide", "place", "merge", "split"):
        return {f"note.{args['note']}"}
    if event.op == "write":
        return {f"text.{args['place']}"}
    return {"at", "seats"}


def own_touched(state: State, event: Event) -> set[str]:
    """The seats whose own part (``own``) an event, which has happened, may have changed."""
    if event.op in ("go", "pair", "remove"):
        return {seat.id for seat in state.seats.values()}
    if event.by not in state.seats:
        return set()
    seats = {event.by}
    if event.op == "answer" and state.day.places[event.args["place"]].partner:
        groups = state.pairs.get(state.step, [])
        seats |= {name for group in groups if event.by in group for name in group}
    return seats


def look(state: State, key: str, lead: bool = False) -> Any:
    """One part as JSON values; None where there is nothing that this screen may show."""
    kind, _, name = key.partition(".")
    if kind == "at":
        return _at(state)
    if kind == "seats":
        return _seats(state) if lead else None
    if kind == "note":
        note = state.notes.get(name)
        return _note(state, note, lead) if note else None
    if kind == "text":
        versions = state.texts.get(name)
        return [{"id": one, "text": v.text} for one, v in versions.items()] if versions else None
    if kind == "n":
        return _answered(state, state.day.asks[name]) if name in state.day.asks else None
    ask = state.day.places.get(name)
    if kind == "r" and ask and ask.kind in ("choice", "pick") and state.is_shown(ask):
        return tally(state, name).to_plain()
    return None


def own(state: State, seat: Seat) -> dict[str, Any]:
    """What a device may know of itself: its answers, its notes and marks, its partner's card."""
    answers: dict[str, dict[int, Any]] = {}
    for (place, voice), value in seat.answers.items():
        answers.setdefault(place, {})[voice] = value
    return {
        "seat": seat.id,
        "agency": seat.agency,
        "voices": seat.voices,
        "gone": seat.gone,
        "answers": answers,
        "notes": {
            note.id: {"ask": note.ask, "text": note.text, "voice": note.voice}
            for note in state.notes.values()
            if note.by == seat.id
        },
        "marks": _marks(state, seat),
        "partners": _partners(state, seat),
    }


def outline(day: Day) -> dict[str, Any]:
    """What is needed to join: the agencies and the stages' titles."""
    return {
        "title": day.title,
        "agencies": [{"id": a.id, "text": a.text, "column": a.column} for a in day.agencies],
        "stages": [
            {
                "id": one.id,
                "title": one.title,
                "minutes": one.minutes,
                "at": one.at,
                "steps": list(one.steps),
            }
            for one in day.stages
        ],
    }


def stage(day: Day, number: int, lead: bool = False) -> dict[str, Any]:
    """The words of a stage; they do not change during a day."""
    one: Stage = day.stages[number]
    told = {
        "id": one.id,
        "title": one.title,
        "minutes": one.minutes,
        "shows": one.shows,
        "steps": list(one.steps),
        "asks": [_ask(ask) for ask in one.asks],
    }
    if number == 0:
        told["rules"] = list(day.rules)
    if lead:
        told |= {"at": one.at, "says": list(one.says), "prompts": list(one.prompts)}
    return told


def _ask(ask: Ask) -> dict[str, Any]:
    told = {
        "id": ask.id,
        "kind": ask.kind,
        "text": ask.text,
        "step": ask.step,
        "note": ask.note,
        "rows": list(ask.rows),
        "columns": [{"id": each.id, "text": each.text} for each in ask.columns],
        "options": [{"id": each.id, "text": each.text} for each in ask.options],
        "most": ask.most,
        "longest": ask.longest,
        "who": ask.who if ask.kind == "text" else "",
        "open": ask.open,
        "sorts": ask.sorts,
        "partner": ask.partner,
        "date": ask.is_date,
    }
    return {name: value for name, value in told.items() if value}


def keys(state: State) -> Iterator[str]:
    """The keys of all parts that a room may have."""
    yield from ("at", "seats")
    for ask in state.day.asks.values():
        if ask.kind != "text":
            yield f"n.{ask.id}"
        for place, _ in ask.places():
            yield f"text.{place}" if ask.kind == "text" else f"r.{place}"
    for name in state.notes:
        yield f"note.{name}"


def _at(state: State) -> dict[str, Any]:
    told = {
        "stage": state.stage,
        "step": state.step,
        "revealed": state.here() in state.revealed,
        "locked": [list(pair) for pair in sorted(state.locked)],
        "shown": [list(pair) for pair in sorted(state.revealed)],
        "until": state.until,
        "alone": state.alone,
        "closed": state.closed,
        "people": sum(seat.voices for seat in state.present()),
    }
    if state.here() in state.revealed:
        rows = [ask for ask in state.day.stages[state.stage].asks if ask.kind == "choice"]
        places = [p for ask in rows if ask.step == state.step for p, _ in ask.places()]
        told["differs"] = differs_most(state, places)
    return told


def _seats(state: State) -> dict[str, Any]:
    people: dict[str, int] = {}
    for seat in state.present():
        people[seat.agency] = people.get(seat.agency, 0) + seat.voices
    return {
        # Who is here can be seen in the room, but a number under three next to a tally is a name.
        "agencies": {name: n if n >= FEWEST else 0 for name, n in people.items()},
        "seats": [[seat.id, seat.voices, seat.paper] for seat in state.present()],
    }


def _note(state: State, note: Note, lead: bool) -> dict[str, Any] | None:
    ask = state.day.asks[note.ask]
    shown = state.is_shown(ask) and not note.hidden
    if not shown and not lead:
        return None
    told: dict[str, Any] = {"ask": note.ask, "text": note.text}
    if ask.sorts:
        told["ring"] = note.place()
        outward = sum(mark != INSIDE for mark in note.marks.values())
        told["out"], told["in"] = outward, len(note.marks) - outward
    if note.into:
        told["into"] = root(state, note).id
    if lead:
        told |= {"hidden": note.hidden, "seat": note.by}
        if not state.is_shown(ask):
            told["waits"] = True
    return told


def _answered(state: State, ask: Ask) -> int:
    if ask.kind == "notes":
        return len({(n.by, n.voice) for n in state.notes.values() if n.ask == ask.id})
    people = {(seat, voice) for place, _ in ask.places() for seat, voice, _ in given(state, place)}
    return len(people)


def _marks(state: State, seat: Seat) -> dict[str, dict[int, str]]:
    voices = [(seat.id, voice) for voice in range(1, seat.voices + 1)]
    given = {
        note.id: {who[1]: note.marks[who] for who in voices if who in note.marks}
        for note in state.notes.values()
    }
    return {note: marks for note, marks in given.items() if marks}


def _partners(state: State, seat: Seat) -> list[dict[str, Any]]:
    groups = state.pairs.get(state.step, []) if state.stage == _pairing_stage(state.day) else []
    group = next((group for group in groups if seat.id in group), [])
    cards = [ask for ask in state.day.asks.values() if ask.partner]
    found = []
    for name in group:
        other = state.seats[name]
        if name == seat.id or other.gone:
            continue
        card = {
            place: other.answers[place, 1]
            for ask in cards
            for place, _ in ask.places()
            if (place, 1) in other.answers
        }
        found.append({"seat": name, "agency": other.agency, "card": card})
    return found


def _pairing_stage(day: Day) -> int:
    return next((n for n, one in enumerate(day.stages) if any(a.partner for a in one.asks)), -1)
