"""The whole course, walked through in a real page by a new trainee, and read back.

Lena comes three times, with weeks between them; time passes while the course is closed. In the end
she takes everything along to another computer, and makes her papers there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import docx
import pytest
import read_back
from records import kept, pass_days
from walking import Trainee

from mapt_course import bank as banks
from mapt_course import course as whole
from mapt_course import items as it
from mapt_course import record, review, words, workfolder
from mapt_course.portfolio import statement

WHO, NAME = "lena", "Lena Platt-Öztürk"
AGAIN = "roots-check"  # handed in twice


@pytest.fixture(scope="module")
def walked(browser, tmp_path_factory) -> SimpleNamespace:
    """What is there after the last day."""
    place = tmp_path_factory.mktemp("walk")
    lena = Trainee(browser, place, WHO)
    seen = SimpleNamespace(lena=lena)
    with lena.sitting():
        seen.first_due = lena.sheet.locator(".mapt-due-head").inner_text()
        lena.begin()
        do_pages(lena, until="5-models/", place=place)
    pass_days(lena.folder, 30)
    with lena.sitting():
        seen.due = lena.sheet.locator(".mapt-due-head").inner_text()
        lena.begin()
        seen.before_lesson = lena.review()
        seen.enough = lena.sheet.locator(".mapt-due-head").inner_text()
        lena.back()
        seen.reviewed = lena.review()
        lena.begin()
        do_pages(lena, until="checks/forward-check/", place=place)
        lena.back()
    pass_days(lena.folder, 45)
    with lena.sitting():
        seen.again = lena.review()
        later = lena.sheet.locator(".mapt-go").filter(has_text="Look again")
        lena.go(later)
        lena.do_page()
        lena.back()
        later.wait_for(state="detached")
        lena.begin()
        do_pages(lena, until="", place=place)
        lena.back()
        lena.sheet.get_by_text("You have done everything that is here so far.").wait_for()
        seen.map = lena.sheet.locator(".mapt-next").inner_text()
        seen.signs = lena.sheet.locator(".mapt-map .mapt-sign").all_inner_texts()
        lena.go(on_the_map(lena, "9-3-take-it-forward"))
        seen.result = lena.sheet.locator(".mapt-result-table td").all_inner_texts()
        lena.back()
        lena.go(on_the_map(lena, AGAIN))
        lena.change_one(AGAIN)
        seen.second = lena.hand_in(AGAIN, place)
        lena.back()
        seen.export = lena.take_along(place)
    other = Trainee(browser, place / "other", WHO)
    with other.sitting():
        seen.brought = other.bring_back(seen.export)
        seen.papers = other.make_papers(NAME, place)
    seen.other = other
    return seen


def on_the_map(trainee: Trainee, name: str):
    """The link to a notebook, on Start here."""
    return trainee.sheet.locator(f".mapt-map a[href$='/{name}.ipynb']")


def do_pages(lena: Trainee, until: str, place: Path) -> None:
    """Page after page, as each names the next, until one in a folder is open; '': all."""
    while True:
        lena.do_page()
        if lena.path.startswith("checks/"):
            lena.hand_in(Path(lena.path).stem, place)
        if not lena.onward() or (until and lena.path.startswith(until)):
            return


@pytest.fixture(scope="module")
def folder(walked) -> Path:
    """The working folder on the second computer, in which the papers were made."""
    return walked.other.folder


@pytest.fixture(scope="module")
def portfolio(walked):
    return docx.Document(walked.papers["portfolio.docx"])


@pytest.fixture(scope="module")
def certificate(walked):
    return docx.Document(walked.papers["certificate.docx"])


def asked() -> dict[str, banks.Bank]:
    """Everything that lessons and assignments ask: id of an item, reflection or form -> bank."""
    found = {}
    names = [name for lesson in lessons() for name in lesson.activities]
    for bank in map(whole.bank_of, [*names, *whole.assignments()]):
        found |= dict.fromkeys([*bank.items, *bank.reflections, *bank.forms], bank)
    return found


def lessons() -> list[whole.Lesson]:
    """Those that ask something."""
    found = [lesson for m in whole.course().modules for lesson in whole.lessons(m.id)]
    return [lesson for lesson in found if lesson.activities]


def test_every_page_is_met_and_none_shows_code_or_an_error(walked):
    """Each page names the next one, from Start here to the last; no browser complains."""
    assert [] == walked.lena.wrong + walked.other.wrong
    mine = {each.place for each in workfolder.shipped() if each.place.parts[0] != "joint-day"}
    assert {place.as_posix() for place in mine} == set(walked.lena.visited)


def test_everything_is_in_the_record_as_it_was_given(walked):
    """All that is asked; of what is marked at once, each press of a button once, in its order."""
    did, events, held = walked.lena.did, [], {}
    for _, found in read_back.places(walked.lena.folder):
        events += found
        held |= kept(found)
    pressed = {name: [(e.kind, e.confidence) for e in events if e.item == name] for name in did}

    assert set(asked()) == set(walked.lena.gave)
    assert walked.lena.gave == {name: held[name] for name in walked.lena.gave}
    assert did == pressed


def test_the_walk_meets_every_kind_of_item_and_of_help(walked):
    """Chance is seeded; a course that grows may need another seed."""
    items = [bank.items[name] for name, bank in asked().items() if name in bank.items]
    told = [each for name in walked.lena.did for each in walked.lena.did[name]]

    assert set(it.TYPES) == {item.type for item in items}
    assert {"response", "retry", "hint", "reveal"} == {kind for kind, _ in told}
    assert set(record.CONFIDENCE) == {sure for _, sure in told if sure}


def test_questions_come_back_in_their_order_and_never_too_many(walked):
    """Three before a lesson, then the rest of ten; ten again weeks later."""
    days = Counter(
        event.at[:10]
        for _, events in read_back.places(walked.lena.folder)
        for event in events
        if (event.kind, event.activity) == ("response", review.ACTIVITY)
    )
    names = [*walked.before_lesson, *walked.reviewed, *walked.again]

    assert walked.first_due.startswith("Nothing is due today.")
    assert "10 questions are due." == walked.due
    assert walked.enough.startswith("That is enough before a lesson. ")
    assert len(names) == sum(days.values())
    # One day each, if no midnight fell into it.
    assert [True, True, True] == [
        len(walked.before_lesson) >= review.MOST_BEFORE_A_LESSON,
        len(walked.before_lesson + walked.reviewed) >= review.MOST,
        len(walked.again) >= review.MOST,
    ]
    assert max(days.values()) <= review.MOST


def test_the_map_knows_that_all_is_done(walked):
    """Every lesson and every assignment has its tick."""
    activities = sum(len(lesson.activities) for lesson in lessons())

    assert f"{activities} of {activities} activities done" in walked.map
    assert ["✓"] * (len(lessons()) + len(whole.assignments())) == walked.signs


def test_before_and_now_are_what_was_answered(walked):
    """Both forms of the baseline by the key, and the means of the four ratings."""
    told = []
    for module, name in (("start", "start-baseline"), ("forward", "forward-baseline")):
        bank = whole.module_bank(module)
        items = [bank.items[each] for each in bank.quizzes[name].items]
        right = sum(it.mark(item, walked.lena.gave[item.id]).right for item in items)
        told.append(f"{right} of {len(items)}")
    for name in ("start-004", "forward-155-then", "forward-155", "forward-156"):
        values = walked.lena.gave[name].values()
        told.append(f"{sum(values) / len(values):.1f} of 5")

    assert told == walked.result


def test_another_computer_holds_the_same(walked, folder):
    """Every record came in, and nothing of it is other than it was."""
    assert "came in." in walked.brought
    assert read_back.places(walked.lena.folder) == read_back.places(folder)


def test_the_portfolio_holds_what_was_written_rated_filled_in_and_handed_in(folder, portfolio):
    banks_of = [bank for bank, _ in read_back.places(folder)]
    ratings = [i for b in banks_of for i in b.items.values() if isinstance(i, it.Rating)]

    assert [
        sum(len(bank.reflections) for bank in banks_of),
        sum(len(form.cells()) for bank in banks_of for form in bank.forms.values()),
        sum(len(item.statements) for item in ratings),
        sum(len(bank.quizzes) for bank in banks_of),
        len(whole.assignments()) + 1,
    ] == [
        read_back.reflections(folder, portfolio),
        read_back.forms(folder, portfolio),
        read_back.ratings(folder, portfolio),
        read_back.questions(folder, portfolio),
        read_back.hand_ins(folder, portfolio),
    ]
    assert [NAME, whole.course().title, f"Dates: {dates(folder)}"] == read_back.texts(portfolio)[
        1:4
    ]


def dates(folder: Path) -> str:
    """From the first thing done to the last, as people write it."""
    found = [e for _, events in read_back.places(folder) for e in events if e.kind != "opened"]
    times = sorted(map(words.moment, found))
    return f"{words.day(times[0])} to {words.day(times[-1])}"


def test_the_certificate_holds_modules_hours_dates_and_receipts(walked, folder, certificate):
    """The receipt is the one that stood on the page."""
    told = read_back.texts(certificate)

    assert len(whole.course().modules) + len(whole.assignments()) == read_back.certificate(
        folder, certificate
    )
    assert NAME in told
    assert f"worked on this course: {dates(folder)}" in told
    assert f"Time: {statement.hours(read_back.minutes())}" in told
    assert walked.second.receipt in [row[2] for row in read_back.tables(certificate)[1]]


def test_a_trainer_verifies_the_code_from_the_zip(walked, certificate):
    """What the trainee took along is enough; every line of the paper is told again."""
    [code] = [
        text.removeprefix("Check code: ")
        for text in read_back.texts(certificate)
        if text.startswith("Check code: ")
    ]
    command = [sys.executable, "-m", "mapt_course.cli", "certificate", str(walked.export)]
    said = subprocess.run(
        [*command, "--verify", code, "--name", NAME], capture_output=True, text=True, timeout=120
    )

    assert 0 == said.returncode, said.stdout + said.stderr
    assert "The code fits these records." in said.stdout
    for title, _, receipt in read_back.tables(certificate)[1][1:]:
        assert re.search(f"Handed in: {re.escape(title)}, .*, receipt {receipt}", said.stdout)
