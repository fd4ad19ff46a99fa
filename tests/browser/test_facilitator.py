"""The facilitator's page: a room on another address than Jupyter's, led to its end, its papers."""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.request

import docx
import pytest
from looks import all_looks
from playwright.sync_api import expect
from running import new_computer

PAGE = "joint-day/facilitator.ipynb"
ROOM = "127.0.0.2"  # the room's network; Jupyter stays on 127.0.0.1
SOON = 20_000  # ms


@pytest.fixture(scope="module")
def laptop(tmp_path_factory, chromium):
    """A computer of its own: rooms are kept in its home."""
    with new_computer(tmp_path_factory.mktemp("facilitator")) as opened:
        yield opened


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def status(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def joined(phone, link: str, agency: str) -> None:
    phone.goto(link)
    phone.get_by_label(agency, exact=True).check()
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_role("heading", name="Welcome")).to_be_visible(timeout=SOON)


def test_a_room_from_its_opening_to_its_papers(laptop, page, phone):
    laptop.open(page, PAGE)
    room = page.locator("section.mapt-joint_day")
    address = room.get_by_label("Address")
    expect(address).not_to_have_value("", timeout=SOON)
    address.fill("198.51.100.7")
    room.get_by_role("button", name="Open the room").click()
    wrong = room.get_by_role("alert")
    expect(wrong).to_contain_text("is no address of this computer", timeout=SOON)
    address.fill(ROOM)
    room.get_by_role("button", name="Open the room").click()
    expect(room).to_contain_text(f"The room is open at http://{ROOM}:", timeout=SOON)
    expect(room.get_by_role("button", name="Next", exact=True)).to_be_visible(timeout=SOON)
    found = all_looks(page)
    said = room.get_by_text("The room is open at").locator("b").all_inner_texts()
    joined(phone, f"{said[0]}#{said[1]}", "Health")
    expect(room).to_contain_text("1 person is here", timeout=SOON)

    room.get_by_role("button", name="Next", exact=True).click()
    expect(phone.get_by_role("heading", name="Role cards in mixed pairs")).to_be_visible(
        timeout=SOON
    )
    with page.context.expect_page() as opening:
        room.get_by_role("link", name="Open the wall").first.click()
    expect(opening.value.get_by_text("Role cards in mixed pairs").first).to_be_visible(timeout=SOON)

    rows = ["Sheet,Agency,A", *[f"{n},Housing,{n % 5 + 1}" for n in range(1, 5)]]
    field = room.get_by_label("The filled table")
    field.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"Sheet\n1\n"})
    expect(room).to_contain_text("The first line has to name the columns", timeout=SOON)
    filled = "\n".join(rows).encode()
    field.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": filled})
    expect(room).to_contain_text("4 sheets taken.", timeout=SOON)
    expect(room).to_contain_text("5 people are here", timeout=SOON)

    room.get_by_role("button", name="Close the room").click()
    room.get_by_role("button", name="Yes, close the room").click()
    expect(room).to_contain_text("agreement.docx", timeout=60_000)
    with page.expect_download() as downloading:
        room.get_by_role("link", name="agreement.docx").click()
    found += all_looks(page)
    agreement = docx.Document(downloading.value.path())

    assert "agreement" in agreement.paragraphs[0].text.lower()
    [tallies] = (laptop.folder / "joint-day").glob("*/tallies.csv")

    assert "ladder-step" in tallies.read_text(encoding="utf-8-sig")
    assert not found, found


def test_the_doors_closed_and_opened_again(laptop, page, phone):
    """The same code, the same seat; then all of the day is deleted, after asking once."""
    laptop.open(page, PAGE)
    room = page.locator("section.mapt-joint_day")
    if room.get_by_role("button", name="Close the doors").is_visible():
        room.get_by_role("button", name="Close the doors").click()
    room.get_by_label("Address").fill(ROOM)
    room.get_by_role("button", name=re.compile("Open (the|a new) room")).click()
    told = room.get_by_text("The room is open at").locator("b")
    expect(told.first).to_be_visible(timeout=SOON)
    before = told.all_inner_texts()
    joined(phone, f"{before[0]}#{before[1]}", "Housing")
    room.get_by_role("button", name="Close the doors").click()
    expect(phone.locator(".bar")).to_contain_text("No network just now", timeout=SOON)
    room.get_by_role("button", name="Open the room again").click()
    expect(told.first).to_be_visible(timeout=SOON)

    assert before == told.all_inner_texts()

    expect(room).to_contain_text("1 person is here", timeout=SOON)
    expect(phone.locator(".bar")).to_be_hidden(timeout=SOON)
    room.get_by_role("button", name="Delete all of this day").click()
    room.get_by_role("button", name="Yes, delete it").click()
    # What is left is the day before, which was closed.
    expect(room.get_by_role("button", name="Open a new room")).to_be_visible(timeout=SOON)


def test_jupyter_is_not_in_the_room_s_network(laptop):
    """Jupyter listens on loopback's first address alone, and asks everybody there to log in."""
    with pytest.raises(OSError), socket.create_connection((ROOM, int(laptop.port)), timeout=2):
        pass
    for path in ("state", "day", "door", "poll", "table", "stage/0", "lead.js"):
        assert 403 == status(f"{laptop.base}mapt-room/{path}")
        assert 403 != status(f"{laptop.base}mapt-room/{path}?token={laptop.token}")
    for path in ("open", "stop", "report", "forget", "do", "typed"):
        request = urllib.request.Request(
            f"{laptop.base}mapt-room/{path}",
            data=json.dumps({"address": ROOM}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert 403 == refused.value.code
    assert 404 == status(f"{laptop.base}mapt-room/nothing.js?token={laptop.token}")
