"""A trainee who does the whole course in a real page: sits down, answers, writes, hands in.

Chance is seeded: what is right, what wrong, where a hint is taken, how sure somebody is. ``print``
tells the way, for ``pytest -s``.
"""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import answered
import worked
import workshop
from answering import block, click_answer
from looks import DESKTOP, SHEET
from records import alike, folder_of, kept
from running import READY, RunningCourse
from started import Started, new_home

from mapt_course import bank as banks
from mapt_course import course as whole
from mapt_course import handin, record, review
from mapt_course import items as it

SURE = {"sure": "Sure", "think": "I think so", "guess": "A guess"}
SAID = "On Thursday the hand-over went well, since two of us had read the same page before it. "
HOME = "0-start-here/start-here.ipynb"


class Trainee:
    """Somebody at the page. ``did``: item -> what was pressed; ``gave``: id -> its last value."""

    def __init__(self, browser, place: Path, who: str, seed: int = 2009):
        self.browser, self.who = browser, who
        place.mkdir(exist_ok=True)
        self.home, self.folder = new_home(place / "home"), place / "course"
        self.chance = random.Random(seed)
        self.did: dict[str, list[tuple[str, str]]] = {}
        self.gave: dict[str, object] = {}
        self.visited: list[str] = []
        self.wrong: list[str] = []  # what no page may show, or a browser complain of
        self.titles = {told["title"]: path for path, told in _pages()}

    # --- coming and going -----------------------------------------------------------------

    @contextmanager
    def sitting(self) -> Iterator[None]:
        """``mapt start``, and Start here in JupyterLab; closed at the end."""
        started = Started(self.home, str(self.folder), "--browser", "none")
        context = None
        try:
            self.course = RunningCourse(self.folder, started)
            width, height = DESKTOP
            context = self.browser.new_context(viewport={"width": width, "height": height})
            self.page = context.new_page()
            self.page.set_default_timeout(READY)
            self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
            self.page.on("console", self._hear)
            self.page.goto(started.address)
            self._arrive(HOME)
            yield
        finally:
            if context:
                context.close()
            code = started.stop()
        assert 0 == code and "Traceback" not in started.said, started.said

    def _hear(self, message) -> None:
        if message.type == "error":
            self.wrong.append(f"console: {message.text}")

    @property
    def sheet(self):
        """The lesson that is to be seen."""
        return self.page.locator(SHEET)

    def _arrive(self, path: str) -> None:
        """Wait until a notebook is open with each of its activities alive."""
        notebook = json.loads((self.folder / path).read_text(encoding="utf-8"))
        calls = [c for c in notebook["cells"] if "from mapt_course" in "".join(c["source"])]
        title = notebook["metadata"]["mapt"]["title"]
        heading = self.sheet.get_by_role("heading", level=1, name=title, exact=True)
        heading.wait_for()
        self.sheet.locator(".mapt-note:visible").wait_for(state="hidden")
        if calls:
            self.sheet.locator("section.mapt").nth(len(calls) - 1).wait_for()
        self.path = path
        self.visited.append(path)
        self.look()

    def look(self) -> None:
        """Take note of what stands on the page and should not."""
        self.wrong += [f"{self.path}: {each}" for each in workshop.shown(self.page)]

    def go(self, link, path: str = "") -> None:
        """Follow a link to another notebook, ``path``, or the one whose title it bears."""
        self.look()
        path = path or self.titles[link.inner_text().partition(" · ")[0]]
        link.click()
        self._arrive(path)

    def begin(self) -> None:
        """From Start here to what comes next."""
        self.go(self.sheet.locator(".mapt-go"))

    def onward(self) -> bool:
        """To the page that this one names as the next; False where it names none."""
        following = self.sheet.locator("p").filter(has_text=re.compile(r"^Next: ")).locator("a")
        if following.count() < 2:
            return False
        self.go(following.first)
        return True

    def back(self) -> None:
        """To Start here."""
        self.go(self.sheet.get_by_role("link", name="Back to Start here"), HOME)

    # --- a page ---------------------------------------------------------------------------

    def do_page(self) -> None:
        """Do every activity of the page that is open, and wait until the record has it all."""
        wanted: dict[str, object] = {}
        for name in _told(self.path).get("activities", ()):
            bank = whole.bank_of(name)
            if name in bank.quizzes:
                quiz = bank.quizzes[name]
                for item in quiz.items:
                    if quiz.waits_for or bank.items[item].key is None:
                        self.give(bank.items[item])
                    else:
                        self.answer(bank.items[item])
                    wanted[item] = self.gave[item]
            elif name in bank.items:
                item = bank.items[name]
                (self.play if isinstance(item, it.Scenario) else self.rate)(item)
                wanted[name] = self.gave[name]
            elif name in bank.reflections:
                self.write(bank.reflections[name])
                wanted[name] = self.gave[name]
            elif name in bank.forms:
                self.fill(bank.forms[name])
                wanted[name] = self.gave[name]
        if wanted:
            folder = folder_of(bank)
            self.course.until(
                lambda: wanted.items() <= kept(self.course.events(folder)).items(),
                f"all of {self.path} in the record",
                60,
            )
        print(f"{datetime.now():%H:%M:%S} {self.path}: {len(wanted)} kept", flush=True)

    def answer(self, item: it.Item) -> None:
        """Answer an item that is marked at once: a hint, a wrong try, another, or none of it."""
        place = block(self.sheet, item)
        if item.hint and self.chance.random() < 0.3:
            place.get_by_role("button", name="Hint", exact=True).click()
            place.locator(".mapt-hint").wait_for()
            self._note(item, "hint")
        given = answered.responses(item)
        self._try(place, item, given[self.chance.choice(("right", "right", "wrong", "partly"))])
        if it.mark(item, self.gave[item.id]).right:
            return
        if self.chance.random() < 0.3:
            place.get_by_role("button", name="Show the answer").click()
            place.locator(".mapt-key").wait_for()
            self._note(item, "reveal")
        if self.chance.random() < 0.6:
            place.get_by_role("button", name="Try again").click()
            place.locator(".mapt-verdict").wait_for(state="detached")
            self._note(item, "retry")
            self._try(place, item, given["right"])

    def _try(self, place, item: it.Item, response) -> None:
        """Put a response together, say how sure one is, and hear what it is worth."""
        sure = self.chance.choice(list(SURE))
        button = place.get_by_role("button", name=SURE[sure], exact=True)
        click_answer(place, item, response)
        button.click()
        if not it.complete(item, response):
            place.get_by_text("Press again to check anyway.").wait_for()
            button.click()
        self._note(item, "response", sure)
        self.gave[item.id] = alike(item, response)
        mark = it.mark(item, response)
        said = "✓ Right." if mark.right else "○ Partly there." if mark.score > 0 else "○ Not yet."
        place.locator(".mapt-verdict").filter(has_text=said).wait_for()

    def _note(self, item: it.Item, kind: str, sure: str = "") -> None:
        self.did.setdefault(item.id, []).append((kind, sure))

    def give(self, item: it.Item) -> None:
        """Answer an item that is not marked on the page, and saves itself."""
        place = block(self.sheet, item)
        if item.key is None:
            response = answered.any_response(item)
        else:
            response = answered.responses(item)[self.chance.choice(("right", "wrong"))]
        before = _order(place) if isinstance(item, it.Ordering) else None
        click_answer(place, item, response)
        if before == response:
            place.get_by_role("button", name="Keep this order").click()
        self.gave[item.id] = alike(item, response)

    def rate(self, item: it.Rating) -> None:
        """A value for each statement."""
        given = {each.id: self.chance.randint(1, len(item.scale)) for each in item.statements}
        click_answer(block(self.sheet, item), item, given)
        self.gave[item.id] = given

    def play(self, scene: it.Scenario) -> None:
        """Go through a scene to an ending; now and then once more, another way."""
        place = block(self.sheet, scene)
        for _ in range(self.chance.choice((1, 1, 2))):
            if scene.id in self.gave:
                place.get_by_role("button", name="Take another way").click()
                place.locator(".mapt-verdict").wait_for(state="detached")
                self._note(scene, "retry")
            way, node = [], scene.node(scene.start)
            while node.choices:
                choice = self.chance.choice(node.choices)
                way.append(choice.id)
                node = scene.node(choice.to)
                self._note(scene, "response")
            click_answer(place, scene, way)
            mark = it.mark(scene, way)
            share = mark.score / mark.points
            said = (
                "✓ A good way through."
                if mark.right
                else "○ Partly there."
                if share >= 0.5
                else "○ Not yet."
            )
            place.locator(".mapt-verdict").filter(has_text=said).wait_for()
            self.gave[scene.id] = way

    def write(self, reflection: banks.Reflection) -> None:
        """A reflection long enough, or, now and then, of one sentence."""
        times = 1 if self.chance.random() < 0.2 else 1 + reflection.min_words // 16
        text = f"{reflection.title}\n\n{SAID * times}".strip()
        box = self.sheet.locator(f'[id="text {reflection.id}"]')
        box.fill(text)
        box.blur()
        self.gave[reflection.id] = text

    def fill(self, form: banks.Form) -> None:
        """Every box of a form."""
        entries = {}
        for n, (name, cell) in enumerate(form.cells().items()):
            entries[name] = worked.entry(cell, n)
            box = self.sheet.locator(f'[id="{form.id} {name} box"]')
            if cell.type == "choice":
                box.select_option(value=entries[name])
            else:
                box.fill(entries[name])
        box.blur()
        self.gave[form.id] = entries

    # --- handing in -----------------------------------------------------------------------

    def hand_in(self, name: str, downloads: Path) -> record.HandIn:
        """Press the button, read the receipt, and fetch the zip."""
        folder = f"checks/{name}"
        missing = handin.look(whole.released_bank(name), self.course.events(folder))
        before = record.hand_ins(self.course.events(folder), name)
        button = self.sheet.locator(".mapt-handin")
        button.get_by_label("Your name or number").fill(self.who)
        press = "Hand in again" if before else "Hand in"
        button.get_by_role("button", name=press, exact=True).click()
        if missing:
            for sentence in missing:
                button.get_by_text(sentence, exact=True).wait_for()
            button.get_by_role("button", name="Hand in all the same").click()
        button.get_by_text("Now send this file to your trainer").wait_for()
        handed = record.hand_ins(self.course.events(folder), name)
        assert len(before) + 1 == len(handed)
        button.get_by_text(handed[-1].receipt).wait_for()
        with zipfile.ZipFile(self._fetch(button.get_by_role("link").first, downloads)) as packed:
            lines = packed.read(record.NAME)
        assert b"".join(event.line() for event in handed[-1].events) == lines
        return handed[-1]

    def change_one(self, name: str) -> None:
        """Think again about the first question of a check that offers one option of several."""
        bank = whole.released_bank(name)
        item = next(each for each in bank.items.values() if isinstance(each, it.Single))
        other = next(each.id for each in item.options if each.id != self.gave[item.id])
        click_answer(block(self.sheet, item), item, other)
        self.gave[item.id] = other
        self.course.until(
            lambda: kept(self.course.events(f"checks/{name}"))[item.id] == other, "the change", 60
        )

    # --- coming back ----------------------------------------------------------------------

    def review(self) -> list[str]:
        """Answer what is due on this page, as long as it goes on; the items answered."""
        section = self.sheet.locator("section.mapt-due")
        begin = section.locator("[data-k=begin]")
        if begin.count():
            begin.click()
        names = []
        while True:
            name = self.due()[0].item
            item = whole.bank_of(name).items[name]
            place = block(section, item)
            place.wait_for()
            self._note(item, "retry")
            given = answered.responses(item)
            if item.hint and self.chance.random() < 0.3:
                place.get_by_role("button", name="Hint", exact=True).click()
                place.locator(".mapt-hint").wait_for()
                self._note(item, "hint")
            self._try(place, item, given[self.chance.choice(("right", "right", "wrong"))])
            names.append(name)
            following = section.locator("[data-k=next]")
            if not following.count():
                return names
            following.click()
            place.wait_for(state="detached")

    def due(self) -> list[review.Due]:
        """What the records say is due today, oldest first."""
        records = {
            module.id: self.course.events(module.folder) for module in whole.course().modules
        }
        now = datetime.now(UTC)
        return [each for each in review.plan(records, now) if each.by(now.date())]

    # --- taking away ----------------------------------------------------------------------

    def take_along(self, downloads: Path) -> Path:
        """Everything in a zip."""
        along = self.sheet.locator("section.mapt-take_along")
        along.get_by_role("button", name="Take everything along").click()
        along.get_by_text("Your zip: ").wait_for()
        return self._fetch(along.get_by_role("link"), downloads)

    def bring_back(self, path: Path) -> str:
        """A zip of another computer; what the page says of it."""
        along = self.sheet.locator("section.mapt-take_along")
        along.get_by_label("Bring it back: choose a zip").set_input_files(path)
        said = along.locator(".mapt-verdict")
        said.wait_for()
        return said.inner_text()

    def make_papers(self, name: str, downloads: Path) -> dict[str, Path]:
        """Portfolio and certificate, by the names of their files."""
        papers = self.sheet.locator("section.mapt-papers")
        papers.get_by_label("Your name, as it is to be printed").fill(name)
        for kind in ("portfolio", "certificate"):
            papers.get_by_role("button", name=f"Make my {kind}").click()
            papers.get_by_text(f"Your {kind}: ").wait_for()
        names = ("portfolio.docx", "certificate.docx")
        return {
            each: self._fetch(papers.get_by_role("link", name=each), downloads) for each in names
        }

    def _fetch(self, link, downloads: Path) -> Path:
        with self.page.expect_download() as downloading:
            link.click()
        path = downloads / downloading.value.suggested_filename
        downloading.value.save_as(path)
        return path


def _order(place) -> list[str]:
    """The steps as they stand on the page."""
    keys = place.locator('[data-k^="up "]').evaluate_all("(all) => all.map((e) => e.dataset.k)")
    return [key.removeprefix("up ") for key in keys]


def _told(path: str) -> dict:
    source = whole.course_folder() / path
    if path.startswith("checks/"):
        source = whole.exercises_folder() / path.removeprefix("checks/")
    return json.loads(source.read_text(encoding="utf-8"))["metadata"]["mapt"]


def _pages() -> Iterator[tuple[str, dict]]:
    """Every notebook of a trainee's folder, with what it tells of itself."""
    for module in whole.course().modules:
        for lesson in whole.lessons(module.id):
            path = f"{module.folder}/{lesson.path.name}"
            yield path, _told(path)
    for name in whole.assignments():
        path = f"checks/{name}/{name}.ipynb"
        yield path, _told(path)
