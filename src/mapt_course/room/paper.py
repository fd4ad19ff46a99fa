"""The joint day on paper: one HTML file with a sheet for everything that the room asks.

It fetches and runs nothing. Pages are A4, the circle and the grid A3; what people enter on their
sheets goes, by number, onto the last one, and from there into the room.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from .. import course
from . import day as days
from . import typed

FILE = "joint-day-paper.html"
STYLE = Path(__file__).with_name("paper.css").read_text(encoding="utf-8")
SLIPS = 8  # notes on one page to cut


def main(out: str | None) -> int:
    """Write the pack to a file, or into a folder; say where it is."""
    target = Path(out or FILE)
    if target.is_dir():
        target /= FILE
    table = target.with_name(typed.FILE)
    try:
        target.write_text(pack(days.of_course()), encoding="utf-8")
        table.write_bytes(typed.template(days.of_course()))
    except OSError as wrong:
        print(
            f"The pack could not be written to {target} ({wrong.strerror}). Name another place: "
            "mapt paper PLACE."
        )
        return 1
    print("Done. Open it in a browser and print it. Two sheets are A3: the circle and the grid.")
    print(f"  {target.resolve()}")
    print("What people wrote can be typed into this table and brought into the room:")
    print(f"  {table.resolve()}")
    return 0


def pack(day: days.Day) -> str:
    """The whole pack as HTML."""
    sheets = [_plan(day), _notes(day)]
    for number, stage in enumerate(day.stages, 1):
        sheets += _stage(day, number, stage)
    sheets.append(_results(day))
    return f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(day.title)}: paper pack</title><style>{STYLE}</style></head><body>
<header><h1>{escape(day.title)}: paper pack</h1><p>Print this page from your browser, at 100 %.
Two sheets are A3: the circle and the grid. A printer without A3 makes them smaller.</p></header>
<main>{"".join(sheets)}</main></body></html>
"""


def _sheet(title: str, content: str, kind: str = "", kicker: str = "", told: str = "") -> str:
    """A page or more. ``kind``: "a3", "wide", or "" for A4 upright."""
    top = f"<p class=kicker>{escape(kicker)}</p>" if kicker else ""
    lead = f"<p class=lead>{escape(told)}</p>" if told else ""
    # On a narrow screen the wide sheets are scrolled sideways, by keys too.
    scrolls = f' tabindex=0 aria-label="{escape(title)}"' if "a3" in kind or "wide" in kind else ""
    return (
        f'<section class="sheet {kind}"{scrolls}>{top}<h2>{escape(title)}</h2>{lead}{content}'
        "<footer>No names: not of children, families or colleagues.</footer></section>"
    )


def _plan(day: days.Day) -> str:
    """The day on one page: times, and what to print how often."""
    copies = {
        "cards": "one for two people",
        "circle": "one A3 for eight people, and notes to cut",
        "grid": "one A3 for each table",
        "meeting": "cards once, an observer's sheet for all others",
        "agreement": "one for each table",
    }
    rows = [
        [stage.at, stage.title, f"{stage.minutes}\u00a0min", copies.get(stage.id, "one each")]
        for stage in day.stages
    ]
    need = _list(
        [
            "Sticky notes, three for each, and pens that can be read from afar",
            "A wall, or two large tables, for the circle and the grid",
            "Scissors for the cards of Maisie's meeting",
            "A number for each person, who writes it on every sheet: so answers stay together",
        ]
    )
    table = _table(["Begins", "Stage", "Lasts", "Print"], rows)
    more = f"<h3>To have ready</h3>{need}<p class=box>{escape(course.course().danger_exit)}</p>"
    return _sheet("The day on one page", table + more, kicker="For the facilitator")


def _notes(day: days.Day) -> str:
    """What the facilitator says, and what keeps the talk going."""
    parts = []
    for number, stage in enumerate(day.stages, 1):
        prompts = f"<p><b>To ask:</b> {escape(' '.join(stage.prompts))}</p>"
        parts.append(
            f"<div class=keep><h3>{number}. {escape(stage.title)} <span>{escape(stage.at)}, "
            f"{stage.minutes} minutes</span></h3>{_list(stage.says)}{prompts}</div>"
        )
    return _sheet("What to say, stage by stage", "".join(parts), "notes", "For the facilitator")


def _stage(day: days.Day, number: int, stage: days.Stage) -> list[str]:
    """The sheets of a stage: what is cut out, what one person fills in, what a group fills in."""
    kicker = f"Stage {number} of {len(day.stages)} · {stage.at} · {stage.minutes} minutes"
    sorts = [ask for ask in stage.asks if ask.sorts]
    views = [ask for ask in stage.asks if ask.who == "own" and ask.rows]
    if sorts:
        return _circle(kicker, stage, sorts[0])
    if views:
        return [_grid(kicker, stage, views[0])]
    # Much to fill in is set closer, so that it stays on one sheet of paper.
    kind = "tight" if sum(len(list(ask.places())) for ask in stage.asks) > 12 else ""
    if stage.cards:
        return [
            _sheet(stage.title, _steps(stage) + _cut(stage.cards), kicker=kicker, told=stage.shows),
            _sheet(f"{stage.title}: what I saw", _asks(stage), kind, kicker),
        ]
    if any(ask.partner for ask in stage.asks):  # two on a page, to be cut apart
        return [_sheet(stage.title, _asks(stage) * 2, "cards", kicker, stage.shows)]
    rules = _list(day.rules, "rules") if stage is day.stages[0] else ""
    numbered = _who(day) if stage.id in typed.BY_NUMBER else ""
    content = rules + numbered + _asks(stage) + _prompts(stage)
    if stage.id == "agreement":  # what was agreed on before is copied onto this sheet
        agreed = [ask for each in day.stages for ask in each.asks if ask.who == days.FACILITATOR]
        content = "".join(map(_ask, agreed)) + content
    return [_sheet(stage.title, content, kind, kicker, stage.shows)]


def _asks(stage: days.Stage) -> str:
    return "".join(_ask(ask) for ask in stage.asks)


def _ask(ask: days.Ask) -> str:
    """What is asked, with room for the answer."""
    head = f"<h3>{escape(ask.text)}</h3>"
    if ask.note:
        head += f"<p class=quiet>{escape(ask.note)}</p>"
    if ask.kind == "choice" and ask.rows:
        heads = ["", *(_option(option) for option in ask.options)]
        rows = [[row, *["☐" for _ in ask.options]] for row in ask.rows]
        kind = "choice" if len(rows) > 6 else "choice keep"
        return f'<div class="ask {kind}">{head}{_table(heads, rows)}</div>'
    if ask.kind in ("choice", "pick"):
        most = f"<p class=quiet>Choose {ask.most}.</p>" if ask.kind == "pick" else ""
        ticks = [f"☐ {_option(option)}" for option in ask.options]
        kind = "ticks two" if len(ticks) > 6 and max(map(len, ticks)) < 40 else "ticks"
        return f'<div class="ask keep">{head}{most}{_list(ticks, kind)}</div>'
    if ask.columns and ask.rows:
        heads = ["", *(column.text for column in ask.columns)]
        rows = [[row, *["" for _ in ask.columns]] for row in ask.rows]
        return f'<div class="ask keep fill">{head}{_table(heads, rows)}</div>'
    labels = ask.rows or tuple(column.text for column in ask.columns)
    if labels:
        lines = "".join(f"<dt>{escape(label)}</dt><dd></dd>" for label in labels)
        return f'<div class="ask keep">{head}<dl>{lines}</dl></div>'
    lines = 1 if ask.is_date else ask.most + 1
    return f'<div class="ask keep">{head}{"<p class=line></p>" * lines}</div>'


def _option(option) -> str:
    """With the number that goes onto the page of results; don't know is 0."""
    if option.text[:1].isdigit():
        return option.text
    return f"{option.id} {option.text}"


def _circle(kicker: str, stage: days.Stage, notes: days.Ask) -> list[str]:
    """The two circles with room for what is agreed; and slips to write on."""
    agreed = "".join(_ask(ask) for ask in stage.asks if ask is not notes)
    circles = "<div class=outer><b>Moved outward</b><div class=inner><b>Inside</b></div></div>"
    side = f"<div>{_steps(stage)}{_prompts(stage)}{agreed}</div>"
    slips = [(notes.text, notes.note)] * SLIPS
    return [
        _sheet(stage.title, f"<div class=beside>{circles}{side}</div>", "a3", kicker, stage.shows),
        _sheet(f"{stage.title}: notes to cut", _cut(slips), kicker=kicker),
    ]


def _grid(kicker: str, stage: days.Stage, views: days.Ask) -> str:
    """All columns in one table: each view's own, and what all agree on."""
    agreed = next(ask for ask in stage.asks if ask is not views and ask.rows == views.rows)
    heads = [
        "",
        *(column.text for column in views.columns),
        agreed.text.rpartition(": ")[2].capitalize(),
    ]
    rows = [[row, *["" for _ in heads[1:]]] for row in views.rows]
    return _sheet(
        stage.title,
        f"<div class=fill>{_table(heads, rows)}</div>{_prompts(stage)}",
        "a3 grid",
        kicker,
        stage.shows,
    )


def _results(day: days.Day) -> str:
    """A line for each sheet: its number, the agency, and the number of each answer."""
    heads = [column.head for column in typed.columns(day)]
    told = [f"{letter} {ask.text}" for letter, ask in typed.letters(day)]
    agencies = ", ".join(f"{n} {each.text}" for n, each in enumerate(day.agencies, 1))
    rows = [["" for _ in range(len(heads) + 2)] for _ in range(typed.LINES)]
    lead = (
        "A line for each sheet number. Write the number of the answer that is ticked; 0 stands for "
        f"“don't know”, a dash for no answer. Agencies: {agencies}."
    )
    return _sheet(
        "Results, to be typed in",
        _list(told, "letters") + _table(["Sheet", "Agency", *heads], rows),
        "wide results",
        "For the facilitator",
        lead,
    )


def _who(day: days.Day) -> str:
    """The line that keeps one person's sheets together, without a name."""
    agencies = " ".join(f"<span>☐ {escape(each.text)}</span>" for each in day.agencies)
    return f"<p class=who><b>Sheet number</b> <i></i> <b>I work in</b> {agencies}</p>"


def _steps(stage: days.Stage) -> str:
    return _list(stage.steps, "steps") if len(stage.steps) > 1 else ""


def _prompts(stage: days.Stage) -> str:
    return f"<div class=talk><h3>To talk about</h3>{_list(stage.prompts)}</div>"


def _cut(cards: Iterable[tuple[str, str]]) -> str:
    pieces = "".join(f"<li><b>{escape(a)}</b><p>{escape(b)}</p></li>" for a, b in cards)
    return f"<ul class=cut>{pieces}</ul>"


def _list(texts: Iterable[str], kind: str = "") -> str:
    return f'<ul class="{kind}">' + "".join(f"<li>{escape(each)}</li>" for each in texts) + "</ul>"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(each)}</th>' if each else "<td></td>" for each in heads)
    body = "".join(
        (f'<tr><th scope="row">{escape(first)}</th>' if first else "<tr><td></td>")
        + "".join(f"<td>{escape(each)}</td>" for each in others)
        + "</tr>"
        for first, *others in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
