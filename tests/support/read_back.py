"""A portfolio and a certificate, opened with python-docx, read back against a folder's records.

Each function asserts, and returns how much it has compared: nothing compared is no proof.
"""

from __future__ import annotations

from pathlib import Path

from mapt_course import bank as banks
from mapt_course import course, record, words
from mapt_course import items as it


def places(folder: Path) -> list[tuple[banks.Bank, list[record.Event]]]:
    """Every module's and every assignment's bank, with its record's events."""
    found = [(course.module_bank(m.id), folder / m.folder) for m in course.course().modules]
    found += [(course.released_bank(a), folder / "checks" / a) for a in course.assignments()]
    return [(bank, list(record.Record(where).read().events)) for bank, where in found]


def texts(document) -> list[str]:
    """The paragraphs that stand in no table."""
    return [paragraph.text for paragraph in document.paragraphs]


def tables(document) -> list[list[list[str]]]:
    """Every table's rows of cells."""
    return [[[cell.text for cell in row.cells] for row in t.rows] for t in document.tables]


def plain(text: str) -> list[str]:
    """The lines of a text of the course or a trainee, as paragraphs without marks."""
    return [line for line in text.replace("*", "").split("\n") if line.strip()]


def reflections(folder: Path, document) -> int:
    """Every reflection under a heading of its own, with its day, as it was left."""
    told, styles = texts(document), [each.style.name for each in document.paragraphs]
    count = 0
    for bank, events in places(folder):
        latest = record.latest(events)
        for name, reflection in bank.reflections.items():
            when = words.day(words.moment(latest[name]))
            expected = [
                reflection.title,
                f"Reflection, last changed on {when}",
                *plain(reflection.prompt),
                *plain(latest[name].text),
            ]
            assert [
                n
                for n, style in enumerate(styles)
                if style in ("Heading 2", "Heading 3") and told[n : n + len(expected)] == expected
            ], name
            count += 1
    return count


def forms(folder: Path, document) -> int:
    """Every box: alone under its label, or in a table of all its rows; counts boxes."""
    told, styles = texts(document), [each.style.name for each in document.paragraphs]
    labelled = {(told[n], told[n + 1]) for n, style in enumerate(styles[:-1]) if style == "Label"}
    headings = {told[n] for n, style in enumerate(styles) if style in ("Heading 2", "Heading 3")}
    made, count = tables(document), 0
    for bank, events in places(folder):
        for form in bank.forms.values():
            given = record.entries(events)[form.id]
            assert form.title in headings
            for field in form.fields():
                cells = list(field.cells())
                shown = [cell.shown(given[cell.id]) for cell in cells]
                count += len(cells)
                if field.cell:
                    assert (field.label, *shown) in labelled, (form.id, field.id)
                    continue
                n = len(field.columns)
                rows = [[row, *shown[i * n : i * n + n]] for i, row in enumerate(field.rows)]
                head = [field.label, *(column.label for column in field.columns)]
                assert [head, *rows] in made, (form.id, field.id)
    return count


def ratings(folder: Path, document) -> int:
    """Every rating in the words of its scale, those of one set side by side; counts values."""
    made, count = tables(document), 0
    given = {e.item: e.response for _, events in places(folder) for e in events if e.response}
    items = {
        name: item
        for bank, _ in places(folder)
        for name, item in bank.items.items()
        if isinstance(item, it.Rating)
    }
    beside = {other.id for item in items.values() for other in item.beside}
    for item in items.values():
        if item.id in beside:
            continue
        series = [(other.text, items[other.id]) for other in item.beside]
        series.append(("Now" if item.beside else "My answer", item))
        head = ["Statement", *(label for label, _ in series)]
        rows = [
            [
                statement.text.replace("*", ""),
                *(_word(each, given[each.id][each.statements[n].id]) for _, each in series),
            ]
            for n, statement in enumerate(item.statements)
        ]
        assert [head, *rows] in made, item.id
        count += len(rows) * len(series)
    return count


def _word(item: it.Rating, value: int) -> str:
    return f"{value} · {item.scale[value - 1]}"


def questions(folder: Path, document) -> int:
    """Of each quiz, how many were answered wholly, and right at the last try; counts quizzes."""
    rows, told = [row for table in tables(document) for row in table], texts(document)
    count = 0
    for bank, events in places(folder):
        latest = record.latest(events)
        for quiz in bank.quizzes.values():
            given = [(bank.items[n], latest[n].response) for n in quiz.items if n in latest]
            whole = [(item, response) for item, response in given if it.complete(item, response)]
            of, answered = str(len(quiz.items)), str(len(whole))
            if bank.module in course.assignments():
                line = f"{quiz.title}: {answered} of {of} questions answered. "
                assert any(each.startswith(line) for each in told), quiz.id
            elif whole:  # a quiz of which nothing is wholly answered has no row
                right = sum(it.mark(item, response).right for item, response in whole)
                assert [quiz.title, of, answered, str(right)] in rows, quiz.id
            count += 1
    return count


def hand_ins(folder: Path, document) -> int:
    """Each time that an assignment was handed in, with day, name and receipt."""
    rows, count = [row for table in tables(document) for row in table], 0
    for name in course.assignments():
        events = record.Record(folder / "checks" / name).read().events
        for time, handed in zip(("First", "Second"), record.hand_ins(events, name), strict=False):
            told = [time, words.day(words.moment(handed)), handed.who, handed.receipt]
            assert told in rows, (name, time)
            count += 1
    return count


def minutes() -> int:
    """The study time of the whole course: its lessons' and its assignments'."""
    lessons = sum(
        lesson.minutes
        for module in course.course().modules
        for lesson in course.lessons(module.id)
        if lesson.activities
    )
    return lessons + sum(
        course.notebook_metadata(course.exercises_folder() / name)["minutes"]
        for name in course.assignments()
    )


def certificate(folder: Path, document) -> int:
    """Every module and receipt of a course that was done to its end; counts rows."""
    done, handed = tables(document)
    expected = []
    for module in course.course().modules:
        lessons = [lesson for lesson in course.lessons(module.id) if lesson.activities]
        n = sum(len(lesson.activities) for lesson in lessons)
        expected.append([module.title, f"{n} of {n}", f"{len(lessons)} of {len(lessons)}"])
    assert expected == done[1:]
    expected = []
    for name in course.assignments():
        events = record.Record(folder / "checks" / name).read().events
        last = record.hand_ins(events, name)[-1]
        title = course.notebook_metadata(course.exercises_folder() / name)["title"]
        expected.append([title, words.day(words.moment(last)), last.receipt])
    assert sorted(expected) == sorted(handed[1:])
    return len(done) + len(handed) - 2
