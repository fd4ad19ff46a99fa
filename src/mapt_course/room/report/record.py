"""The day's record as a Word document: stage by stage what the group said, never who said it.

Role cards and promises are not in it: they are the participants' own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...paper import Paper
from ..day import Ask, Stage
from ..tally import top
from . import agreement, lines, told
from .drawn import side_by_side, step, title
from .held import Held
from .pictures import Picture

TITLE = "The day's record"
PRIVATE = "What people wrote here is their own, and not in this record"
ELSEWHERE = "In the partnership agreement"


def word(held: Held, pictures: Mapping[str, Picture]) -> bytes:
    """The document as a file. ``pictures``: by the id of the ask that each one shows."""
    state = held.state
    paper = Paper(TITLE, state.day.title, flowing=True)
    paper.text(TITLE, "Title")
    paper.text(f"{state.day.title} · {held.when}", "Quiet")
    paper.contents()
    paper.heading(1, "Who was there, and when")
    _people(paper, held)
    _times(paper, held)
    for number, stage in enumerate(state.day.stages):
        if number in held.stages:
            paper.heading(1, stage.title)
            told_here = [asks for asks in side_by_side(stage) if not _kept(asks[0])]
            for asks in told_here:
                _Section(paper, held, stage, asks, pictures.get(asks[0].id)).write()
            for why in (PRIVATE, ELSEWHERE):
                names = [ask.text for ask in stage.asks if _kept(ask) == why]
                if names:
                    paper.text(f"{why}: {'; '.join(names)}", "Quiet")
    paper.foot(f"{TITLE} · {held.when}")
    return paper.content()


def _kept(ask: Ask) -> str:
    """Why an ask is not in the record; "" where it is."""
    if ask.kind == "lines":
        return PRIVATE
    return ELSEWHERE if ask.id in agreement.SHARED else ""


def _people(paper: Paper, held: Held) -> None:
    number, groups = told.people(held.state)
    paper.text(f"{lines.people(number)} took part. Nobody gave a name.")
    if groups:
        rows = [[name, str(count)] for name, count in groups]
        paper.table("People by agency", ["Agency", "People"], rows)
        paper.text(lines.SMALL, "Quiet")


def _times(paper: Paper, held: Held) -> None:
    stages = held.state.day.stages
    rows = [
        [stages[n].title, f"{spent.begins:%H:%M}", str(spent.minutes), str(stages[n].minutes)]
        for n, spent in held.stages.items()
    ]
    paper.table("The day's stages", ["Stage", "Began", "Minutes", "Planned"], rows)


class _Section:
    """What a stage's asks, those with the same rows together, leave in the record."""

    def __init__(
        self,
        paper: Paper,
        held: Held,
        stage: Stage,
        asks: tuple[Ask, ...],
        picture: Picture | None,
    ):
        self.paper, self.state, self.stage, self.asks = paper, held.state, stage, asks
        self.ask, self.picture = asks[0], picture

    def write(self) -> None:
        self.paper.heading(2, title(self.stage, self.asks))
        if self.ask.kind == "notes":
            self._notes()
        elif self.ask.kind == "text":
            self._shared()
        elif self.ask.kind == "pick":
            self._votes()
        elif not self.ask.rows:
            self._spread()
        elif self.ask.id in told.TOGETHER:
            self._levels()
        else:
            self._heat()

    def _show(self) -> None:
        if self.picture:
            self.paper.picture(self.picture.png, self.picture.alt, 0.8)

    def _nothing(self) -> None:
        """Why a question has no numbers here."""
        shown = self.state.is_shown(self.ask) or self.state.closed
        said = "Fewer than three people answered." if shown else "The answers were not revealed."
        self.paper.text(said)

    def _notes(self) -> None:
        found, unseen = told.statements(self.state, self.ask), told.unseen(self.state, self.ask)
        if not found and not unseen:
            self.paper.text("Nothing was written.")
        self._show()
        if self.ask.sorts:
            for ring, name in ((told.INNER, "Inner circle"), ("outer", "Outer circle")):
                lying = [one for one in found if one.ring == ring]
                if lying:
                    self.paper.heading(3, name)
                    lines.sorted_notes(self.paper, name, lying)
        else:
            for one in found:
                also = f" (also: {'; '.join(one.also)})" if one.also else ""
                self.paper.text(one.text + also, "List Bullet")
        if unseen:
            notes = "1 note was" if unseen == 1 else f"{unseen} notes were"
            self.paper.text(f"{notes} not shown to the room, and so not in this record.", "Quiet")
            if not self.state.closed:
                self.paper.text("To have them in it, reveal them there and make it again.", "Quiet")

    def _shared(self) -> None:
        for n, row in enumerate(self.ask.rows, 1):
            self.paper.heading(3, row)
            entries = []
            for ask in self.asks:
                place = f"{ask.id}.{n}"
                for column in ask.columns:
                    entries.append([column.text, self._line(f"{place}.{column.id}")])
                if not ask.columns:
                    entries.append([step(self.stage, ask), self._line(place)])
            self.paper.table(row, ["View", "What it says"], entries)
        if not self.ask.rows:
            lines.shared(self.paper, self.state, self.ask, self.ask.text)

    def _line(self, place: str) -> str:
        return lines.versions(told.versions(self.state, place)) or lines.NOTHING

    def _votes(self) -> None:
        tally = told.counted(self.state, self.ask.id)
        if tally is None:
            self._nothing()
            return
        chosen = top(self.state, self.ask.id)
        order = sorted(self.ask.options, key=lambda o: (-tally.counts[o.id], int(o.id)))
        rows = [
            [option.text, str(tally.counts[option.id]), "chosen" if option.id in chosen else ""]
            for option in order
        ]
        self._show()
        self.paper.table(self.ask.text, ["", f"Votes of {tally.n} people", ""], rows)
        lines.tied(self.paper, self.state, self.ask.id)

    def _spread(self) -> None:
        tally = told.counted(self.state, self.ask.id)
        if tally is None:
            self._nothing()
            return
        self._show()
        lines.spread(self.paper, self.state, self.ask, tally)

    def _levels(self) -> None:
        rows = lines.means(self.state, self.asks)
        if not any(value is not None for _, means in rows for value in means):
            self._nothing()
            return
        if self.ask.note:
            self.paper.text(self.ask.note, "Task")
        self._show()
        steps = [step(self.stage, ask) for ask in self.asks] if len(self.asks) > 1 else ["Mean"]
        head = ["All together", *steps]
        table = [[text, *(lines.word(self.ask, value) for value in means)] for text, means in rows]
        table.append(["People who answered", *map(self._most, self.asks)])
        self.paper.table(title(self.stage, self.asks), head, table)

    def _most(self, ask: Ask) -> str:
        tallies = told.answered(self.state, ask)
        return str(max((one.n for one in tallies.values()), default="–"))

    def _heat(self) -> None:
        tallies = told.answered(self.state, self.ask)
        if not tallies:
            self._nothing()
            return
        labels = dict(self.ask.places())
        heads, means = lines.groups(self.state, list(tallies.values()))
        self._show()
        self.paper.heading(3, "The mean of each group, and the nearest word")
        self.paper.table(self.ask.text, ["", *heads], self._words(labels, tallies, means))
        self.paper.text(lines.SMALL, "Quiet")
        self.paper.heading(3, "How many chose what")
        head = ["", *(option.text for option in self.ask.options), "People"]
        rows = [
            [labels[place], *(str(one.counts[o.id]) for o in self.ask.options), str(one.n)]
            for place, one in tallies.items()
        ]
        self.paper.table(self.ask.text, head, rows)

    def _words(
        self, labels: Mapping[str, str], tallies: Sequence[str], means: Sequence[Sequence]
    ) -> list[list[str]]:
        return [
            [labels[place], *(lines.word(self.ask, value) for value in row)]
            for place, row in zip(tallies, means, strict=True)
        ]
