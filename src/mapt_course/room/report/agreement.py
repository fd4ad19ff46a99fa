"""The partnership agreement as a Word document: what people of all agencies wrote together."""

from __future__ import annotations

from ...paper import Paper
from ..tally import top
from . import lines, told
from .held import Held

TITLE = "Partnership agreement"
# In the order in which people read it; the day's plan has these ids.
SHARED = {
    "purpose": "Purpose",
    "goals": "Goals",
    "mission": "Mission statement",
    "principles": "Principles",
    "tasks": "Who does what, by when",
    "reviews": "Review dates",
    "assent": "Does each agency agree?",
}
GAPS, GAPS_AFTER = "gaps", "principles"
CIRCLE = "statements"


def word(held: Held) -> bytes:
    """The document as a file. It names no person, and an agency only beside its own word."""
    state = held.state
    asks = state.day.asks
    number, _ = told.people(state)
    paper = Paper(TITLE, state.day.title, flowing=True)
    paper.text(TITLE, "Title")
    paper.text(f"{state.day.title} · {held.when} · {lines.people(number)}", "Quiet")
    still = told.still_open(state, [asks[name] for name in SHARED if name in asks])
    if still:
        paper.text(f"{_lines(still)} more than one version: two people wrote at once.", "Label")
        paper.text("Each version is shown. Choose or join them before anybody signs.")
    for name, title in SHARED.items():
        if name in asks:
            paper.heading(1, title)
            lines.shared(paper, state, asks[name], title)
        if name == GAPS_AFTER and GAPS in asks:
            _gaps(paper, held)
    if CIRCLE in asks:
        paper.heading(1, "What stayed in the inner circle")
        found = told.statements(state, asks[CIRCLE])
        inner = [one for one in found if one.ring == told.INNER]
        if inner:
            lines.sorted_notes(paper, "What stayed in the inner circle", inner)
        else:
            paper.text("No statement stayed inside.")
    paper.foot(f"{TITLE} · {held.when}")
    return paper.content()


def _gaps(paper: Paper, held: Held) -> None:
    paper.heading(1, "Gaps to work on")
    tally = told.counted(held.state, GAPS)
    if tally is None:
        paper.text("Not chosen yet.")
        return
    options = {each.id: each.text for each in held.state.day.asks[GAPS].options}
    rows = [[options[name], str(tally.counts[name])] for name in top(held.state, GAPS)]
    paper.table("Gaps to work on", ["Gap", f"Votes of {tally.n} people"], rows)
    lines.tied(paper, held.state, GAPS)


def _lines(count: int) -> str:
    return "One line has" if count == 1 else f"{count} lines have"
