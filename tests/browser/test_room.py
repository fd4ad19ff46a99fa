"""A room in real browsers, with the real server: phones, the facilitator's controls, the wall."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import layout
import pytest
import rooms
from looks import axe
from playwright.sync_api import Page, expect
from room_day import DAY, PATIENCE, SCRIPT, RoomDay

from mapt_course.room.server import STATIC

FIRST_LOAD = 30_000  # bytes of pages, scripts and styles as they are sent: compressed
# What browsers of 2018 do not know, and what would turn a text into a page's code.
TOO_NEW = r"\?\.[a-z(\[]|\?\?|replaceChildren|fromEntries|\.flat(Map)?\(|\.at\(|matchAll|replaceAll"
UNSAFE = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|setAttribute\(\"on"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "room.sqlite"


@pytest.fixture
def command(database: Path) -> Iterator[rooms.Command]:
    running = rooms.Command(database)
    yield running
    running.stop()


@pytest.fixture
def day(browser, command) -> Iterator[RoomDay]:
    """A room with a facilitator and a wall; nobody has joined."""
    day = RoomDay(browser, command)
    yield day
    day.close()


def join(day: RoomDay, *names: str) -> list[Page]:
    for name in names:
        day.phones[name] = day.opened(name)
        day.join(name)
    return [day.phones[name] for name in names]


def go(day: RoomDay, stage: str, step: int = 1) -> None:
    """The facilitator presses a stage, and Next; every screen is there."""
    title = next(each.title for each in DAY.stages if each.id == stage)
    day.lead.get_by_role("navigation").get_by_role("button", name=title).click()
    expect(day.lead.locator(".title")).to_have_text(title, timeout=PATIENCE)
    day.is_together()
    for _ in range(step - 1):
        day.next()


def complaints(name: str, page: Page) -> list[str]:
    """What is wrong with a screen in light and dark, and where its parts stand."""
    is_phone = name not in ("lead", "wall")
    found = [
        *layout.overlaps(page),
        *layout.clipped(page),
        *layout.sideways(page),
        *layout.small_text(page),
        *layout.small_targets(page, least=44 if is_phone else 24),
        *layout.headings(page),
    ]
    kinds = {"resultTypes": ["violations", "incomplete"]}
    page.emulate_media(color_scheme="light")
    runs = {"light": axe.run(page, options=kinds).response}
    page.emulate_media(color_scheme="dark")
    # axe is in the page now; a scheme changes nothing but colours.
    colours = kinds | {"runOnly": ["color-contrast"]}
    runs["dark"] = page.evaluate("(options) => axe.run(options)", colours)
    page.emulate_media(color_scheme="light")
    for scheme, told in runs.items():
        rules = told["violations"] + [r for r in told["incomplete"] if r["id"] == "color-contrast"]
        found += [
            f"{scheme}: axe {rule['id']}: {node['html'][:120]}"
            for rule in rules
            for node in rule["nodes"]
        ]
    return found


def ran(page: Page) -> list[str]:
    """Signs that a text became part of the page's code."""
    is_clean = page.title() in ("The joint day", "Leading the joint day")
    made = page.locator("img[src='x'], script:not([src])").count()
    return [] if is_clean and not made else [f"{page.url}: a script of a text came to life"]


def test_a_day_through_all_stages(day):
    """Three phones of different sizes, wall and facilitator; every stage is fit to read.

    Script texts in every field do nothing.
    """
    found, stages = [], set()
    for moment in day.walk():
        found += [line for page in day.pages.values() for line in ran(page)]
        if moment.split("-")[0] in stages and "revealed" not in moment:
            continue
        stages.add(moment.split("-")[0])
        for name in ("small phone", "lead", "wall"):
            found += [f"{moment}, {name}: {line}" for line in complaints(name, day.pages[name])]
    unseen = layout.unseen_focus(day.lead) + layout.unseen_focus(day.phones["phone"])

    assert not found, "\n".join(found)
    assert not unseen
    assert {str(n) for n in range(12)} == stages


def test_a_killed_server_loses_nothing(day, database):
    """What is typed meanwhile is kept on the phone, also over a reload; the seat stays."""
    (phone,) = join(day, "phone")
    go(day, "cards")
    day.write(phone, "My job", "School nurse")
    port = day.command.port
    day.command.stop(signal.SIGKILL)
    expect(phone.get_by_text("No network just now")).to_be_visible(timeout=PATIENCE)
    field = phone.get_by_role("textbox", name="I bring", exact=True)
    field.fill("A list of who to ring")
    field.blur()
    expect(phone.get_by_text("Waiting for the network: it is kept")).to_be_visible()
    expect(phone.get_by_text("What you did is kept on this device")).to_be_visible()
    again = rooms.Command(database, port)
    try:
        expect(phone.get_by_text("No network just now")).to_be_hidden(timeout=PATIENCE)
        day.saved(phone)
        phone.reload()
        expect(field).to_have_value("A list of who to ring", timeout=PATIENCE)
        job = phone.get_by_role("textbox", name="My job", exact=True).input_value()
        badge = phone.locator(".badge").inner_text()
        go(day, "ladder")  # the wall and the facilitator came back by themselves
    finally:
        again.stop()

    assert "School nurse" == job
    assert "Number 1 · Health" == badge


def test_a_reload_without_network_keeps_what_was_not_sent(day, database):
    """As after a flat battery: the page is opened anew, and sends what the room never got."""
    (phone,) = join(day, "small phone")
    go(day, "cards")
    port = day.command.port
    day.command.stop(signal.SIGKILL)
    expect(phone.get_by_text("No network just now")).to_be_visible(timeout=PATIENCE)
    field = phone.get_by_role("textbox", name="My job", exact=True)
    field.fill("Teacher")
    field.blur()
    address = phone.url
    phone.goto("about:blank")
    again = rooms.Command(database, port)
    try:
        phone.goto(address)
        expect(field).to_have_value("Teacher", timeout=PATIENCE)
        day.saved(phone)
        phone.reload()
        expect(field).to_have_value("Teacher", timeout=PATIENCE)
    finally:
        again.stop()


def test_much_that_waited_is_taken_bit_by_bit(day, database):
    """More than the room takes at once of one device: it goes out in portions, and all arrives."""
    (phone,) = join(day, "phone")
    go(day, "audit")
    port = day.command.port
    day.command.stop(signal.SIGKILL)
    expect(phone.get_by_text("No network just now")).to_be_visible(timeout=PATIENCE)
    section = phone.get_by_role("region", name="Is it so, here, now?")
    for person in range(1, 5):
        phone.get_by_role("button", name=f"Person {person}").click()
        for n in range(1, 16):
            section.locator(".choices button").nth(person).click()
            expect(section).to_contain_text(f"{n} of 15 answered")
    again = rooms.Command(database, port)
    try:
        day.saved(phone)
        phone.reload()
        for person in range(1, 5):
            phone.get_by_role("button", name=f"Person {person}").click()
            expect(section).to_contain_text("15 of 15 answered", timeout=PATIENCE)
    finally:
        again.stop()


def test_where_sockets_are_blocked_plain_requests_do(day):
    """For the phone and the facilitator: answers arrive, and what changes is seen."""
    day.lead.route_web_socket(re.compile("/socket"), lambda socket: socket.close())
    day.lead.reload()
    phone = day.opened("small phone")
    phone.route_web_socket(re.compile("/socket"), lambda socket: socket.close())
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url.split("/")[3].split("?")[0]))
    day.phones["small phone"] = phone
    day.join("small phone")
    day.note(phone, "A ground rule that is missing", "Telephones on silent")
    expect(day.wall.get_by_text("Telephones on silent")).to_be_visible(timeout=PATIENCE)
    go(day, "ladder")
    ask = DAY.asks["ladder-step"]
    day.choose(phone, ask.text, 2)
    expect(day.lead.locator(".counts li").first).to_have_text(f"1 of 1 {ask.text}")

    assert {"poll", "do"} <= set(asked)


def test_two_edits_at_once_survive_and_are_joined(day):
    """Who wrote second is told; both texts stand on the wall until somebody joins them."""
    phone, tablet = join(day, "phone", "tablet")
    go(day, "grid", 2)
    row = DAY.asks["agreed"].rows[0]
    fields = [page.get_by_role("textbox", name=row, exact=True) for page in (phone, tablet)]
    fields[0].fill("One plan for a child")
    fields[1].fill("A family tells its story once")
    fields[0].blur()
    expect(tablet.get_by_text("Both were kept")).to_be_visible(timeout=PATIENCE)
    fields[1].blur()
    for text in ("One plan for a child", "A family tells its story once"):
        expect(day.wall.locator(".written", has_text=text)).to_be_visible(timeout=PATIENCE)
    tablet.get_by_role("button", name="Join with the text above").click()
    joined = "A family tells its story once\nOne plan for a child"
    expect(fields[0]).to_have_value(joined, timeout=PATIENCE)
    expect(day.wall.locator(".written")).to_have_count(1)
    for page in (phone, tablet):
        expect(page.get_by_text("Both were kept")).to_be_hidden()


def test_a_note_is_hidden_and_a_seat_removed(day):
    """A hidden note leaves every screen; who is removed is told so, and their answers go."""
    phone, tablet = join(day, "phone", "tablet")
    day.note(tablet, "A ground rule that is missing", "Something unkind")
    expect(phone.get_by_text("Something unkind")).to_be_visible(timeout=PATIENCE)
    day.press("Hide: Something unkind")
    for page in (phone, day.wall):
        expect(page.get_by_text("Something unkind")).to_be_hidden(timeout=PATIENCE)
    day.lead.get_by_text("2 devices").click()
    day.press("Remove number 2")
    day.press("Yes, remove")
    expect(tablet.get_by_text("This seat was taken out")).to_be_visible(timeout=PATIENCE)
    expect(day.lead.get_by_text("4 people are here")).to_be_visible(timeout=PATIENCE)


def test_what_is_refused_is_told_and_stays_typed(day):
    """A note that comes after the part was locked; a fourth choice."""
    (phone,) = join(day, "phone")
    phone.context.set_offline(True)
    section = phone.get_by_role("region", name="A ground rule that is missing")
    expect(phone.get_by_text("No network just now")).to_be_visible(timeout=PATIENCE)
    section.get_by_role("textbox").fill("Telephones on silent")
    section.get_by_role("button", name="Add this note").click()
    expect(section.get_by_text("Waiting for the network")).to_be_visible()
    day.press("Lock this part")
    expect(day.lead.get_by_role("button", name="Unlock this part")).to_be_visible()
    phone.context.set_offline(False)
    expect(section.locator(".refused")).to_contain_text(
        "The facilitator has closed this part", timeout=PATIENCE
    )
    expect(section.get_by_role("textbox")).to_have_value("Telephones on silent")
    go(day, "discussion")
    boxes = phone.get_by_role("region", name="The three that").get_by_role("checkbox")
    for n in range(4):
        boxes.nth(n).click()
    expect(phone.get_by_text("You can choose 3. Take one away first.")).to_be_visible()
    day.saved(phone)

    assert [True, True, True, False] == [boxes.nth(n).is_checked() for n in range(4)]


def test_the_facilitator_needs_keys_alone(day):
    """Next, reveal, merge two notes and turn back from it, remove a seat after one question."""
    (phone,) = join(day, "tablet")
    go(day, "circle")
    for text in ("We ring before we write", "Ring first, then write"):
        day.note(phone, "A purpose or a goal", text)
    keys, lead = day.lead.keyboard, day.lead
    merge = lead.get_by_role("button", name="Merge …: We ring before we write")
    merge.focus()
    keys.press("Enter")
    expect(lead.get_by_text("Choose the note that says the same")).to_be_visible()
    keys.press("Escape")
    expect(lead.get_by_text("Choose the note that says the same")).to_be_hidden()
    merge.focus()
    keys.press("Enter")
    expect(lead.get_by_role("button", name="Into this one")).to_be_focused()
    keys.press("Enter")
    expect(lead.get_by_text("Same: We ring before we write")).to_be_visible(timeout=PATIENCE)
    expect(day.wall.locator(".cards li")).to_have_text(["Ring first, then write ×2"])
    lead.get_by_role("button", name="Next", exact=True).focus()
    keys.press("Space")
    expect(lead.locator(".part")).to_have_text("Part 2 of 3: Move outward", timeout=PATIENCE)
    # What was pressed is drawn anew and has the focus again: the next press needs no search.
    keys.press("Space")
    expect(lead.locator(".part")).to_have_text("Part 3 of 3: Purpose and goals", timeout=PATIENCE)


def test_the_controls_need_the_key(command, page):
    """Without the facilitator's link there is a sentence, and nothing of the room."""
    for address in (f"{command.base}lead", f"{command.base}lead#{'0' * 64}", f"{command.base}wall"):
        page.goto("about:blank")
        page.goto(address)
        expect(page.get_by_text("This page is the facilitator's.")).to_be_visible(timeout=PATIENCE)
        assert command.code not in page.content()


def test_a_wrong_code_opens_nothing(day):
    """The sentence is the room's own, and the page can be used again."""
    page = day.opened("small phone")
    page.get_by_label("The six letters on the wall").fill("BBBBBB")
    page.get_by_label("Health").check()
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("alert")).to_have_text(
        "This code does not open a room here. Look at the wall again."
    )
    expect(page.get_by_role("button", name="Come in")).to_be_enabled()
    assert "#" not in page.url


def test_the_first_load_is_small(command, page):
    """All that a phone gets until people can join, as it is sent."""
    got = []
    page.on("requestfinished", lambda request: got.append(request))
    page.goto(command.base)
    expect(page.get_by_role("button", name="Come in")).to_be_visible(timeout=PATIENCE)
    sizes = [each.sizes() for each in got]
    size = sum(each["responseBodySize"] for each in sizes)

    assert size <= FIRST_LOAD, size
    assert len(got) > 5


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_a_script_is_safe_and_old_enough(path):
    """Browsers of 2018 can read it, and no text becomes code."""
    text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))

    assert [] == re.findall(TOO_NEW, text) + re.findall(UNSAFE, text)


def test_script_texts_are_what_they_say(page):
    """A page that took the text for HTML would come to hold a picture and a script."""
    page.set_content(f"<p>{SCRIPT}</p>")

    assert 2 == page.locator("p img, p script").count()
