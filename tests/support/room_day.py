"""A joint day in real browsers: a facilitator, a wall and three phones, all ten stages.

``RoomDay.walk`` clicks and types through the day and stops at each moment that is worth a look.
More people, who answer without a screen, make the pictures what they are in a full room.
"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect

from mapt_course.room import day as days

DAY = days.of_course()
PHONES = {
    "small phone": ((320, 568), "education", 1),
    "phone": ((390, 844), "health", 4),
    "tablet": ((768, 1024), "police", 1),
}
LAPTOP, PROJECTOR = (1280, 900), (1280, 720)
# Where they work; two people answer from each device.
CROWD = ["education", "health", "social-care", "social-care", "housing", "voluntary", "voluntary"]
PATIENCE = 30_000  # ms
SCRIPT = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
STATEMENTS = [
    "Families tell their story once",
    "One plan for a child, that the parents have read",
    "We ring each other before we write",
    "Help before it becomes a case",
    "Everybody knows who is the lead professional",
    "Shared training once a term",
    "Fewer meetings, and each with a decision",
    "Children say what helps them",
    "No family waits because two services wait for each other",
    "What one service learns, the others hear",
]


class Crowd:
    """A device without a screen, from which two people answer."""

    def __init__(self, day: RoomDay, agency: str):
        self._request, self._base = day.browser.new_context().request, day.command.base
        self._sent = 0
        self._post("join", {"code": day.command.code, "agency": agency, "voices": 2})

    def _post(self, path: str, body):
        answer = self._request.post(self._base + path, data=body, headers={"X-Mapt": "1"})
        assert answer.ok, answer.text()
        return answer.json()

    def do(self, *wanted: tuple[str, dict]) -> None:
        """Operations, none of which the room may refuse."""
        for start in range(0, len(wanted), 20):
            some = wanted[start : start + 20]
            self._sent += 1
            body = [
                {"id": f"c{self._sent}-{n}", "op": op, "args": args}
                for n, (op, args) in enumerate(some)
            ]
            told = self._post("do?as=seat", body)
            assert all(each["t"] == "ok" for each in told), told

    def answer(self, places: list[str], of: int, lean: int) -> None:
        """An answer of each person to each place, around an option."""
        self.do(
            *(
                (
                    "answer",
                    {"place": each, "value": str(1 + (lean + n * voice) % of), "voice": voice},
                )
                for n, each in enumerate(places)
                for voice in (1, 2)
            )
        )


class RoomDay:
    """``command``: a room that runs (``rooms.Command``)."""

    def __init__(self, browser: Browser, command, scheme: str = "light"):
        self.browser, self.command, self._scheme = browser, command, scheme
        self.lead = self._context(LAPTOP).new_page()
        self.lead.goto(f"{command.base}lead#{command.key}")
        expect(self.lead.get_by_role("link", name="Open the wall")).to_be_visible(timeout=PATIENCE)
        with self.lead.expect_popup() as opening:
            self.lead.get_by_role("link", name="Open the wall").click()
        self.wall = opening.value
        self.wall.set_viewport_size({"width": PROJECTOR[0], "height": PROJECTOR[1]})
        self.lead.bring_to_front()  # a page behind another one is drawn once a second
        self.phones: dict[str, Page] = {}
        self.crowd: list[Crowd] = []

    def _context(self, size: tuple[int, int]):
        return self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=self._scheme
        )

    @property
    def pages(self) -> dict[str, Page]:
        """Every screen by its name."""
        return {**self.phones, "lead": self.lead, "wall": self.wall}

    def close(self) -> None:
        for context in self.browser.contexts:
            context.close()

    # ---- coming in

    def opened(self, name: str) -> Page:
        """A phone that has opened the address of the QR picture, and not joined yet."""
        page = self._context(PHONES[name][0]).new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{self.command.base}#{self.command.code}")
        expect(page.get_by_label("The six letters on the wall")).to_be_visible(timeout=PATIENCE)
        return page

    def join(self, name: str) -> None:
        page, (_, agency, voices) = self.phones[name], PHONES[name]
        page.get_by_label(DAY.agency[agency].text, exact=True).check()
        if voices > 1:
            page.get_by_label("How many people").select_option(str(voices))
        page.get_by_role("button", name="Come in").click()
        expect(page.get_by_role("heading", level=1, name="Welcome")).to_be_visible(timeout=PATIENCE)

    # ---- where the group is

    def press(self, name: str) -> None:
        """A button of the facilitator's."""
        self.lead.get_by_role("button", name=name, exact=True).click()

    def next(self) -> None:
        """One part on, until every screen is there."""
        before = self.lead.locator(".title").inner_text(), self.lead.locator(".part").inner_text()
        self.press("Next")
        expect(self.lead.locator(".columns .middle > div").first).not_to_contain_text(
            "".join(before) if not before[1] else before[1], timeout=PATIENCE
        )
        self.is_together()

    def is_together(self) -> None:
        """Every screen shows the title and part that the facilitator's shows."""
        title, part = (self.lead.locator(each).inner_text() for each in (".title", ".part"))
        for page in [*self.phones.values(), self.wall]:
            expect(page.locator("h1")).to_have_text(title, timeout=PATIENCE)
            if part:
                expect(page.locator("p.part").first).to_have_text(part, timeout=PATIENCE)

    def reveal(self) -> None:
        self.press("Reveal the answers")
        expect(self.lead.get_by_role("button", name="Conceal the answers")).to_be_visible()

    def saved(self, page: Page) -> None:
        """Until nothing of a page waits for the room."""
        page.wait_for_function(
            "() => JSON.parse(localStorage.getItem('mapt-room-seat') || '[]').length === 0",
            timeout=PATIENCE,
        )

    # ---- what people do on a phone

    def note(self, page: Page, ask: str, text: str) -> None:
        section = page.get_by_role("region", name=ask)
        section.get_by_role("textbox").fill(text)
        section.get_by_role("button", name="Add this note").click()
        expect(section.locator(".mine")).to_contain_text(text)
        self.saved(page)

    def write(self, page: Page, label: str, text: str, nth: int = 0) -> None:
        field = page.get_by_role("textbox", name=label, exact=True).nth(nth)
        field.fill(text)
        field.blur()
        self.saved(page)

    def choose(self, page: Page, legend: str, option: int) -> None:
        group = page.get_by_role("group", name=legend, exact=True)
        group.get_by_role("radio").nth(option).check()
        self.saved(page)

    def walk_through(self, page: Page, ask: str, options: list[int]) -> None:
        """Questions one after another, by pressing."""
        section = page.get_by_role("region", name=ask)
        for n, option in enumerate(options, 1):
            section.locator(".choices button").nth(option).click()
            expect(section).to_contain_text(f"{n} of {len(options)} answered")
        self.saved(page)

    # ---- the day

    def walk(self) -> Iterator[str]:
        """The whole day; stops at each moment worth a look, by its name."""
        for name in PHONES:
            self.phones[name] = self.opened(name)
        yield "0-joining"
        for name in PHONES:
            self.join(name)
        small, phone, tablet = self.phones.values()
        everybody = list(self.phones.values())

        self.note(small, "A ground rule that is missing", f"Telephones on silent. {SCRIPT}")
        yield "1-welcome"

        self.next()
        for page in everybody:
            for row, text in enumerate(("Keep a list of who to ring", "Time", "A child is ill")):
                self.write(page, DAY.asks["card"].rows[row], f"{text} {SCRIPT}")
        yield "2-cards-write"
        self.next()
        yield "2-cards-pair"
        self.press("Make pairs anew")
        for _ in range(2):
            self.next()

        self.crowd = [Crowd(self, each) for each in CROWD]
        self.next()
        ladder = [ask for ask in DAY.stages[2].asks]
        for n, page in enumerate(everybody):
            for m, ask in enumerate(ladder):
                self.choose(page, ask.text, (n + m) % len(ask.options))
        for n, each in enumerate(self.crowd):
            each.answer([ask.id for ask in ladder], 4, n)
        self.press("10 min")
        yield "3-ladder-alone"
        self.press("Stop the timer")
        self.reveal()
        for page in everybody:
            expect(page.locator(".picture").first).to_be_visible()
        yield "3-ladder-revealed"
        self.press(f"Show this alone on the wall: {ladder[2].text}")
        expect(self.wall.locator(".picture")).to_have_count(1)
        expect(self.wall.locator(".picture")).to_contain_text(ladder[2].text)
        self.press(f"Show all on the wall: {ladder[2].text}")
        expect(self.wall.locator(".picture")).to_have_count(len(ladder))

        self.next()
        for n, page in enumerate(everybody):
            self.note(page, "A purpose or a goal", STATEMENTS[n])
        self.note(tablet, "A purpose or a goal", SCRIPT)
        for n, each in enumerate(self.crowd):
            each.do(("note", {"ask": "statements", "text": STATEMENTS[3 + n], "voice": 1}))
        yield "4-circle-statements"
        self.next()
        self.sort_statements()
        yield "4-circle-outward"
        self.next()
        self.write(self.lead, "Our purpose", "A family tells its story once, and is helped.")
        self.write(self.lead, "First goal", f"One plan for each child {SCRIPT}")
        for page in everybody:
            expect(page.get_by_text("A family tells its story once, and")).to_be_visible()
        yield "4-circle-goals"

        self.next()
        rows = DAY.asks["views"].rows
        for n, page in enumerate(everybody):
            for row in rows[:3]:
                self.write(page, row, f"View {n + 1} {SCRIPT if row == rows[0] else ''}")
        for each in self.crowd[2:4]:
            text = {"place": "views.1.social-care", "text": "Joint work is a habit", "over": []}
            each.do(("write", text))
        yield "5-grid-views"
        self.next()
        self.write(small, rows[0], "What all could sign")
        yield "5-grid-agreed"

        self.next()
        checks = len(DAY.asks["checks"].rows)
        for n, page in enumerate(everybody):
            self.walk_through(page, "Is it so, here, now?", [(n + m) % 5 for m in range(checks)])
            if n == 0:
                yield "6-audit-rating"
        for n, each in enumerate(self.crowd):
            each.answer([f"checks.{m}" for m in range(1, checks + 1)], 4, n)
        self.note(phone, "Evidence", f"3: the list at the front desk {SCRIPT}")
        self.reveal()
        yield "6-audit-revealed"
        self.next()
        for n, page in enumerate(everybody):
            boxes = page.get_by_role("region", name="Three gaps to work on").get_by_role("checkbox")
            for box in (n, 4, 9):
                boxes.nth(box).check()
            self.saved(page)
        self.reveal()
        yield "6-audit-gaps"

        self.next()
        for n, page in enumerate(everybody):
            self.choose(page, "My part", n if n < 2 else 7)
        for row in DAY.asks["observed-1"].rows:
            self.choose(tablet, row, 1)
        self.note(tablet, "What I noticed", f"“What would help you on Monday?” {SCRIPT}")
        yield "7-meeting"
        self.next()
        self.next()

        self.next()
        for n, page in enumerate(everybody):
            boxes = page.get_by_role("region", name="The three that").get_by_role("checkbox")
            for box in (0, 3, 5 + n % 2):
                boxes.nth(box).check()
            self.saved(page)
        self.reveal()
        yield "8-discussion"
        self.next()
        self.note(phone, "A note of our table", f"1: we mean the same by “urgent”. {SCRIPT}")
        yield "8-discussion-notes"

        self.next()
        self.write(
            phone, "Mission statement: one line that a parent understands", "We work as one."
        )
        self.write(small, "First principle", f"Ask before you judge {SCRIPT}")
        self.write(tablet, "Job title and agency", "School nurse, health")
        self.write(tablet, "What", "Keeps the list of who to ring")
        self.write(tablet, "By when", "1 March")
        self.write(small, "First look, in six to eight weeks", "20 April")
        for page, column in (
            (small, "Education"),
            (phone, "Health"),
            (tablet, "Police and justice"),
        ):
            self.write(page, column, f"Yes {SCRIPT}")
        yield "9-agreement"

        self.next()
        for n, page in enumerate(everybody):
            self.walk_through(page, "How true is each", [(n + m) % 5 for m in range(12)])
            self.write(page, "What I will do", f"Ring the nurse before I write {SCRIPT}")
            self.write(page, DAY.asks["promise-date"].text, "2026-05-04")
        yield "10-promise"
        self.press("Close the room")
        self.press("Yes, close the room")
        for page in everybody:
            expect(page.get_by_text("The room is closed.").first).to_be_visible()
        yield "11-closed"

    def sort_statements(self) -> None:
        """Phones mark, the facilitator hides, moves and merges."""
        for n, page in enumerate(self.phones.values()):
            groups = page.locator(".sorting li")
            expect(groups.nth(2)).to_be_visible()
            for m in range(3):
                groups.nth(m).get_by_role("button").nth((n + m) % 3).click()
            self.saved(page)
        notes = self.lead.locator(".notes > li")
        count = notes.count()
        self.lead.get_by_role("button", name=f"Hide: {SCRIPT}").click()
        self.lead.get_by_role("button", name=f"Move outward: {STATEMENTS[5]}").click()
        self.lead.get_by_role("button", name=f"Merge …: {STATEMENTS[0]}").click()
        self.lead.get_by_role("button", name=f"Into this one: {STATEMENTS[7]}").click()
        expect(notes).to_have_count(count - 1)
