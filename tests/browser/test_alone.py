"""The course without a network and without a mouse: one walk, and what was found on it.

Nothing is pressed but keys. The course, its helpers and the browser run in a network that holds
nothing but loopback, where the system lets the test make one.
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import alone
import answered
import pytest
from answering import block, key_answer, tab_to, verdict
from playwright.sync_api import expect
from running import RunningCourse, wait_for_activities
from started import Started, new_home
from watching import Watched

from mapt_course import course as whole
from mapt_course import items as it
from mapt_course import record

START = "0-start-here/start-here.ipynb"
# Of a lesson all is done: quizzes, a rating, a form. Of the next, what the first has not: a scene
# and a reflection.
WHERE, DRIVERS = (
    each for each in whole.lessons("ladders") if each.id in ("ladders-2", "ladders-3")
)
LESSONS = {WHERE: WHERE.activities, DRIVERS: DRIVERS.activities[-2:]}
CHECK = "ladders-check"
MAKING = 30_000  # ms for a document, on a busy machine
DUE = whole.module_bank("roots").items["roots-007"]
NAME = "Lena Platt"
BOXES = 4  # of a form
TEXT = "On Thursday nobody rang back. I rang on Friday."


@dataclass
class Walk:
    """What came of the walk."""

    course: RunningCourse
    network: alone.Cut | None
    watched: Watched
    downloads: list[str] = field(default_factory=list)
    printed: str = ""


@pytest.fixture(scope="module")
def walk(tmp_path_factory, chromium, browser):
    """From Start here through two lessons and a check to the certificate, with keys alone."""
    folder = tmp_path_factory.mktemp("alone")
    with alone.cut() as network:
        started = Started(
            new_home(folder / "home"),
            str(folder / "course"),
            "--browser",
            "none",
            through=network.enter if network else (),
        )
        try:
            course = RunningCourse(folder / "course", started)
            path = network.script(folder / "chromium", chromium) if network else chromium
            running = browser.browser_type.launch(
                executable_path=str(path), args=["--disable-gpu", "--no-sandbox"]
            )
            context = running.new_context()
            told = Walk(course, network, Watched(context, course.base))
            go(told, context.new_page())
            yield told
            running.close()
        finally:
            started.stop()


def go(walk: Walk, page) -> None:
    """The walk itself."""
    remember(walk.course)
    walk.course.open(page, START)
    review(page)
    for lesson, activities in LESSONS.items():
        page = follow(page, lesson.title)
        for activity in activities:
            do(page, activity)
    page = follow(page, "Ladders and drivers: module check")
    hand_in(walk, page)
    page = follow(page, "Back to Start here")
    take_along(walk, page)
    papers(walk, page)


def remember(course: RunningCourse) -> None:
    """A question answered a month ago: it is due again."""
    at = datetime.now(UTC) - timedelta(days=30)
    told = record.Event(
        id="a month ago",
        at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        kind="response",
        item=DUE.id,
        activity="roots-guess",
        response=it.key_response(DUE),
        confidence="think",
    )
    (course.folder / "1-roots" / record.NAME).write_bytes(told.line())


def review(page) -> None:
    """What is due."""
    tab_to(page, "[data-k=begin]")
    page.keyboard.press("Enter")
    answer(page, DUE)
    expect(page.locator(".mapt-due")).to_contain_text("That was all for today.")


def answer(page, item: it.Item) -> None:
    """An item of any type, rightly; a wait for what is said to it."""
    key_answer(page, item, it.key_response(item))
    if item.type == "rating":
        block(page, item).locator(".mapt-general").wait_for()
    elif item.type != "scenario":
        tab_to(page, f'[data-test="{item.id}"] [data-k="sure"]')
        page.keyboard.press("Enter")
        assert "✓" in verdict(block(page, item))


def do(page, activity: str) -> None:
    """A quiz, scene, rating, reflection or form."""
    bank = whole.bank_of(activity)
    if activity in bank.quizzes:
        for name in bank.quizzes[activity].items:
            answer(page, bank.items[name])
    elif activity in bank.items:
        answer(page, bank.items[activity])
    elif activity in bank.reflections:
        tab_to(page, ".mapt-reflection textarea")
        page.keyboard.type(TEXT)
        expect(page.locator("div.mapt-reflection")).to_contain_text("Saved ", timeout=15_000)
    else:
        for cell in list(bank.forms[activity].cells().values())[:BOXES]:
            tab_to(page, f'.mapt-form [data-k="{cell.id}"]')
            fill(page, cell)


def fill(page, cell) -> None:
    """A box of a form."""
    if cell.type == "choice":
        page.keyboard.press("ArrowDown")
    else:
        page.keyboard.type("01062026" if cell.type == "date" else TEXT)


def follow(page, name: str):
    """A link to another page of the course, from a lesson in a tab of its own; that page."""
    link = page.get_by_role("link", name=name).first
    link.evaluate("(link) => { link.dataset.test = 'link' }")
    tab_to(page, "[data-test=link]")
    if link.get_attribute("target") == "_blank":
        with page.expect_popup() as opening:
            page.keyboard.press("Enter")
        page = opening.value
    else:
        with page.expect_navigation():
            page.keyboard.press("Enter")
    wait_for_activities(page)
    return page


def hand_in(walk: Walk, page) -> None:
    """One question of a check answered; told what is missing; handed in; the file taken."""
    item = whole.released_bank(CHECK).items[f"{CHECK}-1"]
    key_answer(page, item, answered.any_response(item))
    tab_to(page, ".mapt-handin [data-k=who]")
    page.keyboard.type("lena")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    button = page.locator(".mapt-handin")
    expect(button).to_contain_text("Before you hand in:")
    page.keyboard.press("Enter")
    expect(button).to_contain_text("Receipt: ", timeout=MAKING)
    take(walk, page, f".mapt-handin a[download^={CHECK}]")


def take(walk: Walk, page, link: str) -> Path:
    """Where the file behind a link came down to."""
    tab_to(page, link)
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")
    walk.downloads.append(downloading.value.suggested_filename)
    return downloading.value.path()


def until(page, true, what: str) -> None:
    """Wait for what a page tells the test; it is heard only while the page is asked something."""
    end = time.monotonic() + MAKING / 1000
    while not true():
        assert time.monotonic() < end, f"never told: {what}"
        page.wait_for_timeout(50)


def take_along(walk: Walk, page) -> None:
    """Everything packed, and brought back."""
    # From the beginning: told of it just before the key, Chromium may open its own instead.
    choosers: list = []
    page.on("filechooser", lambda chooser: choosers.append(chooser))
    tab_to(page, "[data-k=pack]")
    page.keyboard.press("Enter")
    along = page.locator("section.mapt-take_along")
    expect(along).to_contain_text("Packed: ", timeout=MAKING)
    packed = take(walk, page, "[data-k=zip]")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    until(page, lambda: choosers, "a file chooser")
    choosers[0].set_files(packed)
    expect(along).to_contain_text("Nothing is new", timeout=MAKING)


def papers(walk: Walk, page) -> None:
    """Portfolio and certificate, and the certificate's page to print."""
    made = page.locator(".mapt-papers")
    tab_to(page, ".mapt-papers [data-k=name]")
    page.keyboard.press("Control+a")
    page.keyboard.type(NAME)
    for kind in ("portfolio", "certificate"):
        tab_to(page, f".mapt-papers [data-k={kind}]")
        page.keyboard.press("Enter")
        expect(made).to_contain_text(f"Your {kind}: ", timeout=MAKING)
    for kind in ("portfolio", "certificate"):
        take(walk, page, f'.mapt-papers [data-k="{kind}.docx"]')
    tab_to(page, '.mapt-papers [data-k="certificate.html"]')
    with page.expect_popup() as opening:
        page.keyboard.press("Enter")
    walk.printed = opening.value.inner_text("body")


FAULTY = """data:text/html,<style>button { outline: 3px solid }</style>
<button style="outline: none">Ringless</button><button onclick="this.remove()">Goes</button>
<img src="http://elsewhere.example/picture.png">"""


def test_what_is_watched_for_is_found(browser):
    """A button without a ring, a lost focus and a picture from elsewhere are told."""
    context = browser.new_context()
    watched = Watched(context, "http://127.0.0.1:8888/")
    page = context.new_page()
    page.goto(FAULTY)
    for keys, told in ((["Tab"], 1), (["Tab", "Enter"], 2)):
        for key in keys:
            page.keyboard.press(key)
        until(page, lambda told=told: len(watched.faults) >= told, "a fault")
    context.close()

    assert ["http://elsewhere.example/picture.png"] == watched.foreign
    assert [
        "button  “Ringless” has no ring",
        "nothing has the focus any more, after button  “Goes”",
    ] == watched.faults


def test_the_walk_meets_each_kind_of_activity():
    """What is done in the lessons is a quiz, a scene, a rating, a reflection and a form."""
    bank = whole.module_bank("ladders")
    done = [each for listed in LESSONS.values() for each in listed]
    kinds = ("quiz", "scenario", "rating", "reflection", "form")

    assert set(kinds) == {kind for kind in kinds for each in done if bank.holds(kind, each)}


def test_the_walk_can_be_done_with_keys_alone(walk):
    """What was answered is in the records, and what was made came down."""
    events = [event for folder in walk.course.folder.rglob(record.NAME) for event in of(folder)]
    done = {event.item for event in events}
    bank = whole.module_bank("ladders")
    activities = [each for listed in LESSONS.values() for each in listed]
    wanted = {
        name
        for each in activities
        for name in (bank.quizzes[each].items if each in bank.quizzes else [each])
    }
    zips = {name.partition("__")[0] for name in walk.downloads if name.endswith(".zip")}

    assert {*wanted, DUE.id, CHECK, f"{CHECK}-1"} <= done
    assert {"portfolio.docx", "certificate.docx"} < set(walk.downloads)
    assert CHECK in zips and 2 == len(zips)
    assert "Certificate" in walk.printed and NAME in walk.printed


def of(path: Path) -> list[record.Event]:
    return list(record.Record(path.parent).read().events)


def test_the_focus_is_never_lost_or_out_of_sight(walk):
    """Something has it all the way, within the window, uncovered, with a ring around it."""
    assert not walk.watched.faults, "\n".join(walk.watched.faults)


def test_no_page_asks_another_computer(walk):
    """Every request and socket went to the course's own server."""
    assert [] == walk.watched.foreign


def test_the_course_and_the_browser_had_no_network(walk):
    """The walk was done in a network that holds nothing but loopback."""
    if walk.network is None:
        pytest.skip("This system lets the test make no network of its own (unshare --net).")
    told = subprocess.run(
        [*walk.network.enter, "ip", "-brief", "address"], capture_output=True, text=True, check=True
    )
    own = Path(f"/proc/{walk.course.started.process.pid}/ns/net").readlink()
    elsewhere = [line for line in told.stdout.splitlines() if not line.startswith("lo ")]

    assert Path("/proc/self/ns/net").readlink() != own
    assert [] == [line for line in elsewhere if len(line.split()) > 2]
