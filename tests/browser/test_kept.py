"""What a trainee wrote is kept: over a reload, a restart, a killed helper, a stopped course."""

from __future__ import annotations

import os

from answering import MAISIE, REFLECTION, TIME_LINE, block, click_answer, item_of, verdict
from playwright.sync_api import expect
from running import RunningCourse
from started import Started, new_home


def test_a_reflection_saves_itself_and_counts_words(course, page):
    """Typed text reaches the record without a button and is there after a reload."""
    course.open(page, MAISIE)
    box = page.locator(".mapt-reflection textarea")
    box.press_sequentially(REFLECTION)
    expect(page.locator("div.mapt-reflection")).to_contain_text("Saved ", timeout=15_000)
    course.open(page, MAISIE)

    assert REFLECTION == box.input_value()
    assert f"{len(REFLECTION.split())} words" in page.locator("div.mapt-reflection").inner_text()
    assert REFLECTION == course.events("1-roots")[-1].text


def test_a_restarted_helper_brings_everything_back(course, page):
    """After a restart the same answers stand there without a click."""
    item = item_of("roots-007")
    course.open(page, TIME_LINE)
    place = block(page, item)
    click_answer(place, item, item.key)
    place.get_by_role("button", name="Sure", exact=True).click()
    verdict(place)
    page.evaluate(
        "() => document.querySelectorAll('section.mapt').forEach((e) => { e.dataset.old = 1 })"
    )
    course.call(f"kernels/{course.kernel_of(TIME_LINE)}/restart", "POST")
    expect(page.locator("section[data-old]")).to_have_count(0, timeout=45_000)

    assert "Right" in verdict(block(page, item))


def test_what_is_typed_while_the_helper_is_dead_is_delivered(course, page):
    """A killed helper: the page says so in plain words, starts it again and loses nothing."""
    course.open(page, MAISIE)
    # The note comes and goes faster than a test can look.
    page.evaluate("""() => {
      globalThis.said = "";
      const note = document.querySelector(".mapt-note");
      new MutationObserver(() => { globalThis.said += note.innerText; })
        .observe(note, { childList: true, subtree: true });
    }""")
    [process] = course.helpers()
    os.kill(process, 9)
    page.locator(".mapt-reflection textarea").fill(REFLECTION)
    page.locator(".mapt-reflection textarea").blur()
    course.until(
        lambda: [e for e in course.events("1-roots") if e.text == REFLECTION], "the text delivered"
    )

    page.locator(".mapt-note:visible").wait_for(state="hidden", timeout=45_000)
    said = page.evaluate("() => globalThis.said")

    assert "The course's helper stopped and is starting again." in said
    assert "kernel" not in said.lower()
    assert REFLECTION == page.locator(".mapt-reflection textarea").input_value()


def test_a_second_page_sees_what_the_first_one_saved(course, page):
    """Two pages of one lesson: one model, one record, no quarrel."""
    item = item_of("roots-007")
    course.open(page, TIME_LINE)
    other = page.context.new_page()
    course.open(other, TIME_LINE)
    click_answer(block(page, item), item, item.key)
    block(page, item).get_by_role("button", name="Sure", exact=True).click()
    verdict(block(page, item))

    assert "Right" in verdict(block(other, item))
    assert 1 == len(course.events("1-roots"))


def test_a_course_that_was_stopped_and_started_again_delivers_what_was_typed(tmp_path, page):
    """The whole course killed: the page keeps what is typed; started again, it goes on."""
    home = new_home(tmp_path / "home")
    folder = tmp_path / "course"
    first = Started(home, str(folder), "--browser", "none")
    running = RunningCourse(folder, first)
    running.open(page, MAISIE)
    for process in [first.process.pid, *running.helpers()]:
        os.kill(process, 9)
    page.locator("div.mapt-reflection textarea").fill(REFLECTION)
    page.locator("div.mapt-reflection textarea").blur()
    note = page.locator(".mapt-note:visible").get_by_role("button", name="Go on")
    note.wait_for(timeout=30_000)
    second = Started(home, str(folder), "--browser", "none", "--port", running.port)
    try:
        assert second.address
        note.click()
        running.until(
            lambda: [e for e in running.events("1-roots") if e.text == REFLECTION],
            "the text delivered",
            60,
        )
        assert 1 == len(running.events("1-roots"))
        assert page.locator("section.mapt:visible").first.is_visible()
    finally:
        second.stop()
