"""The portfolio: a trainee's reflections, products, ratings and answers, module by module."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from .. import course, products, record, results, words
from .. import items as it
from ..paper import Paper
from . import work

NOT_VALIDATED = (
    "This rating is the course's own and not validated: nobody has tested what it measures."
)


def make(folder: Path, name: str) -> bytes:
    """The portfolio of a working folder, as a Word document; PaperError where nothing is done."""
    name = work.name(name)
    found = work.read(folder)
    whole, times = course.course(), found.times()
    paper = Paper(f"Portfolio: {whole.title}", name)
    paper.text("My portfolio", "Title")
    paper.text(name, "Name")
    paper.text(whole.title, "Label")
    paper.text(f"Dates: {words.days(times[0], times[-1])}")
    paper.text(whole.limits, "Quiet")
    paper.contents()
    for each in found.modules:
        if any(place.events for place in each.places):
            _module(paper, each, found)
    paper.foot(f"{name} · {whole.title}")
    return paper.content()


def _module(paper: Paper, each: work.ModuleWork, found: work.Work) -> None:
    paper.heading(1, f"{each.number} {each.module.title}")
    paper.text(each.module.question, "Task")
    _written(paper, each.lessons, 2)
    _ratings(paper, each.lessons, found)
    _questions(paper, each.lessons)
    for place in each.graded:
        if place.events:
            _graded(paper, place)


def _written(paper: Paper, place: work.Place, level: int) -> None:
    """Reflections and forms."""
    latest, entries = record.latest(place.events), record.entries(place.events)
    for reflection in place.bank.reflections.values():
        event = latest.get(reflection.id)
        if event is None or not event.text.strip():
            continue
        paper.heading(level, reflection.title)
        paper.text(f"Reflection, last changed on {words.day(words.moment(event))}", "Dates")
        paper.text(reflection.prompt, "Task", marked=True)
        paper.text(event.text)
    for form in place.bank.forms.values():
        if form.id in latest:
            when = words.moment(latest[form.id])
            products.write(paper, products.Filled(form, entries.get(form.id, {}), when), level)


def _ratings(paper: Paper, place: work.Place, found: work.Work) -> None:
    """Each rating as a table, with the ratings that belong beside it."""
    given: dict[str, record.Event] = {}
    for each in found.places():
        given |= record.latest(each.events)
    ratings = [
        item
        for item in place.bank.items.values()
        if isinstance(item, it.Rating) and _rated(item.id, given)
    ]
    shown_beside = {other.id for item in ratings for other in item.beside}
    for item in ratings:
        columns = [(other.text, _rated(other.id, given)) for other in item.beside]
        columns.append(("Now" if item.beside else "My answer", _rated(item.id, given)))
        columns = [(label, values) for label, values in columns if values]
        if item.id in shown_beside or not columns:
            continue
        paper.heading(2, item.picture or "How I rate it")
        dates = [
            f"{label}: {words.day(words.moment(given[name]))}"
            for label, name in (
                *((other.text, other.id) for other in item.beside),
                (columns[-1][0], item.id),
            )
            if name in given
        ]
        paper.text("; ".join(dates), "Dates")
        paper.text(NOT_VALIDATED, "Dates")
        paper.text(item.stem, "Task", marked=True)
        rows = [
            [_unmarked(statement.text), *(_word(item, values.get(n)) for _, values in columns)]
            for n, statement in enumerate(item.statements)
        ]
        head = ["Statement", *(label for label, _ in columns)]
        paper.table(_unmarked(item.stem), head, rows)
    _results(paper, place, found)


def _results(paper: Paper, place: work.Place, found: work.Work) -> None:
    """What was known beside how sure it felt, where a quiz of the module tells both."""
    for quiz in place.bank.quizzes.values():
        asked = {each.id for each in quiz.ratings}
        if quiz.beside and asked & {event.item for event in place.events}:
            paper.heading(3, results.TITLE)
            paper.text(results.CAUTION, "Dates")
            rows = results.rows(found.folder, quiz)
            paper.table(results.TITLE, ["What", "Result"], rows)


def _rated(name: str, given: Mapping[str, record.Event]) -> dict[int, int]:
    """A rating's values by the statement's place; {} for nothing that fits."""
    item = course.bank_of(name).items[name]
    try:
        response = it.check_response(item, given[name].response)
    except (KeyError, it.ResponseError):
        return {}
    return {n: response[each.id] for n, each in enumerate(item.statements) if response.get(each.id)}


def _word(item: it.Rating, value: int | None) -> str:
    return f"{value} · {item.scale[value - 1]}" if value else words.EMPTY


def _questions(paper: Paper, place: work.Place) -> None:
    """How many questions of each quiz and scene were answered, and how many of them right."""
    rows = [row for row in _counts(place) if row[2] != "0"]
    if rows:
        paper.heading(2, "Questions")
        head = ["Quiz or scene", "Questions", "Answered", "Right at the last try"]
        paper.table(f"{place.title}: questions answered", head, rows)


def _counts(place: work.Place) -> Iterator[list[str]]:
    latest, bank = record.latest(place.events), place.bank
    groups = [(quiz.title, quiz.items) for quiz in bank.quizzes.values()]
    groups += [
        (textwrap.shorten(_unmarked(item.stem), 90, placeholder=" …"), [name])
        for name, item in bank.items.items()
        if isinstance(item, it.Scenario)
    ]
    for title, names in groups:
        given = [
            (bank.items[name], latest[name].response)
            for name in names
            if name in latest and _is_complete(bank.items[name], latest[name].response)
        ]
        right = [item for item, response in given if item.key and it.mark(item, response).right]
        yield [title, str(len(names)), str(len(given)), str(len(right))]


def _is_complete(item: it.Item, response: object) -> bool:
    try:
        return it.complete(item, response)
    except it.ResponseError:  # an answer to an older wording of the item
        return False


def _graded(paper: Paper, place: work.Place) -> None:
    paper.heading(2, place.title)
    if place.hand_ins:
        rows = [
            [
                ("First", "Second")[each.number - 1],
                words.day(words.moment(each)),
                words.clean(each.who),
                each.receipt,
            ]
            for each in place.hand_ins
        ]
        head = ["Time", "Handed in on", "As", "Receipt"]
        paper.table(f"{place.title}: handed in", head, rows)
    else:
        paper.text("Not handed in.", "Quiet")
    for title, of, answered, _ in _counts(place):
        paper.text(f"{title}: {answered} of {of} questions answered. A trainer marks them.")
    _written(paper, place, 3)


def _unmarked(text: str) -> str:
    return text.replace("**", "").replace("*", "")
