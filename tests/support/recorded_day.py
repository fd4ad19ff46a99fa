"""A joint day of 60 people made by code: what a room would have kept of it, as a list of events.

All that happens on a real day is in it: retries, refused operations, two who write at once, a
device shared by a table, sheets typed in, a seat taken out, unkind notes hidden, hostile texts.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import cache

from mapt_course.room import day as days
from mapt_course.room import events as ev
from mapt_course.room.day import FACILITATOR, Ask
from mapt_course.room.events import ROOM, Event, Refused, State

DAY = days.of_course()
BEGINS = datetime(2026, 3, 2, 9, 20, tzinfo=UTC)
# How many people come from each agency: 60. Of two, fewer than three.
PEOPLE = {
    "education": 18,
    "health": 13,
    "social-care": 11,
    "police": 8,
    "housing": 6,
    "voluntary": 2,
    "other": 2,
}
UNKIND = "The nurses are lazy zzunkind"
CARD, PROMISE = "zzcard", "zzpromise"  # stand in every role card and in every promise
HOSTILE = (
    "=HYPERLINK(1;2)",
    "<script>alert(1)</script>",
    "نبدأ من ما تقوله الأسرة",
    "Tea 🫖 before trouble",
    "孩子先说",
    "**Not bold** & [no link](x)",
)
WHO = ("Families", "Children", "Schools", "Nurses", "Housing officers", "Volunteers", "We all")
DO = ("hear early", "hear once", "meet", "tell", "ask", "plan with", "come back to")
WHAT = ("what was agreed", "each other", "one named worker", "the street", "what helps", "why")
ENTRIES = ("A short list", "One call first", "Ask the family", "Meet on Mondays", "Not yet")
LEANS = {"education": 0.9, "police": -0.8, "housing": -0.4}  # how agencies see things, in levels


class Recorder:
    """Makes a day's events one by one, and knows the room after each."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.state = State(DAY)
        self.events: list[Event] = []
        self.now = BEGINS
        self.refused = self.repeated = 0

    def do(self, by: str, op: str, **args) -> Event:
        """Something happens, whether the room takes it or not."""
        self.now += timedelta(seconds=self.chance.choice((0, 1, 3)))
        event = Event(f"e{len(self.events)}", by, op, args, self.now.isoformat())
        self._happen(event)
        if self.chance.random() < 0.02:  # a phone that heard nothing sends it again
            self._happen(event)
        return event

    def _happen(self, event: Event) -> None:
        self.events.append(event)
        try:
            self.repeated += not self.state.take(event)
        except Refused:
            self.refused += 1

    def go(self, name: str, step: int = 1, minutes: int = 0) -> None:
        """The facilitator leads to a stage, which began so many minutes after the last."""
        number = next(n for n, stage in enumerate(DAY.stages) if stage.id == name)
        self.now += timedelta(minutes=minutes)
        self.do(FACILITATOR, "go", stage=number, step=step)

    def voices(self, share: float = 1.0):
        """Who answers now: seat and voice, in any order; ``share`` of all."""
        everybody = [(s, v) for s in self.state.present() for v in range(1, s.voices + 1)]
        self.chance.shuffle(everybody)
        return [each for each in everybody if self.chance.random() < share]

    def answer(self, ask: str, share: float = 0.9, middle: float = 0.5) -> None:
        """Most people answer a choice or a pick; agencies see it differently."""
        asked = DAY.asks[ask]
        for seat, voice in self.voices(share):
            for place, _ in asked.places():
                value = self._value(asked, seat.agency, middle)
                self.do(seat.id, "answer", place=place, value=value, voice=voice)

    def _value(self, ask: Ask, agency: str, middle: float):
        options = [option.id for option in ask.options]
        if ask.kind == "pick":
            weights = [1 + n % 4 for n, _ in enumerate(options)]
            chosen = self.chance.choices(options, weights, k=ask.most)
            return sorted(set(chosen), key=int)
        known = [option for option in options if option != days.UNSURE]
        if len(known) < len(options) and self.chance.random() < 0.1:
            return days.UNSURE
        level = middle * len(known) + LEANS.get(agency, 0) + self.chance.gauss(0.5, 0.8)
        return known[min(len(known) - 1, max(0, int(level)))]

    def note(self, ask: str, share: float, text=None) -> None:
        """Some people write a note."""
        for seat, voice in self.voices(share):
            self.do(seat.id, "note", ask=ask, text=text or self.sentence(), voice=voice)

    def write(self, by: str, place: str, text: str, blind: bool = False) -> None:
        """A shared line is written over what stands there; ``blind``: over nothing."""
        over = [] if blind else list(self.state.texts.get(place, {}))
        self.do(by, "write", place=place, text=text, over=over)

    def sentence(self) -> str:
        """A thought as people note it."""
        return " ".join(self.chance.choice(words) for words in (WHO, DO, WHAT))

    def seat(self, agency: str) -> str:
        """A seat of an agency."""
        seats = [seat.id for seat in self.state.present() if seat.agency == agency]
        return self.chance.choice(seats)

    def reveal(self) -> None:
        """All see what people gave, and it is locked."""
        self.do(FACILITATOR, "reveal")
        self.do(FACILITATOR, "lock")


@cache
def recorded(seed: int = 60, close: bool = True) -> tuple[Event, ...]:
    """The day's events. ``close``: the facilitator closes the room at the end."""
    return tuple(record(seed, close).events)


def record(seed: int = 60, close: bool = True) -> Recorder:
    """The day, with the room as it is at its end."""
    day = Recorder(seed)
    _arrive(day)
    _cards(day)
    _ladder(day)
    _circle(day)
    _grid(day)
    _audit(day)
    _meeting(day)
    _discuss(day)
    _agree(day)
    _promise(day)
    if close:
        day.do(FACILITATOR, "close")
        day.do(day.seat("health"), "answer", place="stand.1", value="5")  # too late
    return day


def _arrive(day: Recorder) -> None:
    agencies = [name for name, number in PEOPLE.items() for _ in range(number)]
    shared = [("education", 4, False), ("health", 3, True), ("social-care", 2, False)]
    for agency, voices, _ in shared:
        for _ in range(voices):
            agencies.remove(agency)
    joins = [(name, 1, False) for name in agencies] + shared
    day.chance.shuffle(joins)
    for n, (agency, voices, paper) in enumerate(joins, 1):
        told = {"seat": f"s{n}", "agency": agency, "voices": voices, "paper": paper}
        day.do(ROOM, "join", **told)
    day.do(ROOM, "join", seat="s90", agency="other", voices=1)  # somebody's second phone
    day.do("s90", "agency", agency="police")
    day.do("s90", "note", ask="missing-rule", text=UNKIND)
    day.do("s77", "answer", place="ladder-step", value="1")  # a seat that is not there
    day.do("s1", "go", stage=3)  # a phone that would lead
    day.do("s1", "answer", place="ladder-step", value="1")  # ahead of the group
    day.now = BEGINS + timedelta(minutes=10)
    day.go("welcome")
    day.note("missing-rule", 0.2)
    day.do(FACILITATOR, "remove", seat="s90")
    day.do("s90", "note", ask="missing-rule", text="Back again")


def _cards(day: Recorder) -> None:
    day.go("cards", minutes=15)
    for seat, voice in day.voices():
        for place, label in DAY.asks["card"].places():
            day.do(seat.id, "answer", place=place, value=f"{label} {CARD}", voice=voice)
    for step in (2, 3, 4):
        day.do(FACILITATOR, "timer", seconds=300)
        day.go("cards", step, minutes=5)
    day.do(FACILITATOR, "pair")


def _ladder(day: Recorder) -> None:
    day.go("ladder", minutes=5)
    for n, ask in enumerate(DAY.stages[day.state.stage].asks):
        day.answer(ask.id, 0.95, 0.25 + 0.1 * n)
    day.do("s1", "answer", place="ladder-step", value="9")  # no such level
    day.reveal()
    day.do("s1", "answer", place="ladder-step", value="2")  # too late
    day.do(FACILITATOR, "alone", ask="ladder-valued")


def _circle(day: Recorder) -> None:
    day.go("circle", minutes=30)
    day.do("s3", "note", ask="statements", text=UNKIND)
    for text in HOSTILE:
        day.do(day.seat("education"), "note", ask="statements", text=text)
    for _ in range(2):
        day.note("statements", 0.5)
    day.do("s3", "note", ask="statements", text="x" * 999)
    named = [note.id for note in day.state.notes.values() if note.ask == "statements"]
    unkind = [name for name in named if day.state.notes[name].text == UNKIND]
    for name in unkind:
        day.do(FACILITATOR, "hide", note=name)
    for seat, voice in day.voices(0.25):
        day.do(seat.id, "mark", note=day.chance.choice(named), mark=ev.INSIDE, voice=voice)
    day.go("circle", 2, minutes=10)
    for _ in range(len(named) // 3):
        one, other = day.chance.sample(named, 2)
        day.do(FACILITATOR, "merge", note=one, into=other)
    day.do(FACILITATOR, "split", note=named[-1])
    outward = set(day.chance.sample(named, len(named) // 2))
    for seat, voice in day.voices(0.8):
        for name in day.chance.sample(named, 6):
            away = day.chance.choice((ev.NOT_RELEVANT, ev.NOT_IMPORTANT))
            mark = away if name in outward else ev.INSIDE
            day.do(seat.id, "mark", note=name, mark=mark, voice=voice)
    for name in day.chance.sample(named, 6):
        day.do(FACILITATOR, "place", note=name, ring=day.chance.choice(ev.RINGS))
    day.go("circle", 3, minutes=10)
    day.write(FACILITATOR, "purpose", "Families here get help early, and tell their story once.")
    day.write(day.seat("police"), "purpose", "Not mine to write")
    day.write(FACILITATOR, "goals.1", "A named worker within a week")
    day.write(FACILITATOR, "goals.2", "One meeting a month that all can reach")


def _grid(day: Recorder) -> None:
    day.go("grid", minutes=45)
    for place, _ in DAY.asks["views"].places():
        column = place.rpartition(".")[2]
        own = [each.id for each in DAY.agencies if each.column == column]
        for _ in range(day.chance.choice((1, 1, 2))):
            entry = f"{day.chance.choice(ENTRIES)}. {day.sentence()}."
            day.write(day.seat(day.chance.choice(own)), place, entry)
    day.write(day.seat("police"), "views.1.health", "Not mine")
    day.write(day.seat("health"), "views.2.health", "A text beside the other", blind=True)
    day.go("grid", 2, minutes=25)
    for place, _ in DAY.asks["agreed"].places():
        day.write(day.seat("education"), place, f"{day.chance.choice(ENTRIES)}. {day.sentence()}.")
    for agency in ("police", "housing"):
        day.write(day.seat(agency), "agreed.5", f"As {agency} see it", blind=True)


def _audit(day: Recorder) -> None:
    day.go("audit", minutes=15)
    day.answer("checks", 0.85, 0.4)
    for seat, voice in day.voices(0.5):
        text = f"{day.chance.randint(1, 15)}: {day.chance.choice(('minutes', 'a list', 'a diary'))}"
        day.do(seat.id, "note", ask="evidence", text=text, voice=voice)
    day.reveal()
    day.go("audit", 2, minutes=15)
    day.answer("gaps")
    day.do("s2", "answer", place="gaps", value=["1", "2", "3", "4"])  # one too many
    day.reveal()


def _meeting(day: Recorder) -> None:
    day.go("meeting", minutes=20)
    seats = day.voices()
    for n, (seat, voice) in enumerate(seats, 1):
        day.do(seat.id, "answer", place="chair", value=str(min(n, 8)), voice=voice)
    observers = seats[7:47]
    for step in (1, 2, 3):
        if step > 1:
            day.go("meeting", step, minutes=10)
        for seat, voice in day.chance.sample(observers, 28):
            for place, _ in DAY.asks[f"observed-{step}"].places():
                value = day.chance.choice(("1", "2", "2", "3")[max(0, step - 2) : step + 1])
                day.do(seat.id, "answer", place=place, value=value, voice=voice)
    day.note("noticed", 0.3)


def _discuss(day: Recorder) -> None:
    day.go("discussion", minutes=10)
    day.answer("questions")
    day.reveal()
    day.go("discussion", 2, minutes=5)
    for number in (1, 3, 6):
        for _ in range(6):
            text = f"{number}: {day.sentence()}; we differ on when."
            day.do(day.seat("health"), "note", ask="table-notes", text=text)


def _agree(day: Recorder) -> None:
    day.go("agreement", minutes=8)
    day.write("s5", "mission", "Ask us once.")
    before = list(day.state.texts["mission"])
    for by, text in (("s6", "You tell us once; we all act."), ("s7", "Once told, and heard.")):
        day.do(by, "write", place="mission", text=text, over=before)
    for n, text in enumerate(("We say what we do not know", "We ring before we write"), 1):
        day.write(f"s{n}", f"principles.{n}", text)
    for n, agency in enumerate(("Health", "Housing", "Police"), 1):
        day.write(f"s{n}", f"tasks.{n}.who", f"Team lead, {agency}")
        day.write(f"s{n}", f"tasks.{n}.what", f"{HOSTILE[0]} {day.sentence()}")
        day.write(f"s{n}", f"tasks.{n}.when", f"{n} May 2026")
    day.write("s8", "reviews.1", "20 April 2026")
    day.write("s8", "reviews.3", "1 March 2027")
    for agency in PEOPLE:
        if agency != "other":
            says = day.chance.choice(("Yes", "Yes, with dates by April", "Not yet: no cover"))
            day.write(day.seat(agency), f"assent.{agency}", says)


def _promise(day: Recorder) -> None:
    day.go("promise", minutes=10)
    day.answer("stand", 0.7, 0.6)
    for seat, voice in day.voices(0.8):
        told = (("my-promise.1", f"I ring first {PROMISE}"), ("promise-date", "2026-04-20"))
        for place, value in told:
            day.do(seat.id, "answer", place=place, value=value, voice=voice)
    day.do("s4", "answer", place="promise-date", value="in April")
