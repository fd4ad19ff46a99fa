"""How lessons and Start here open: ready, without code, and readable where nothing runs."""

from __future__ import annotations

import json

import pytest
import workshop
from answering import TIME_LINE, item_of
from playwright.sync_api import TimeoutError, expect

from mapt_course import course as whole
from mapt_course import items as it
from mapt_course.record import Record


@pytest.mark.parametrize("view", ["doc/tree", "notebooks"])
def test_a_lesson_shows_no_code_and_none_of_the_workshop(course, page, view):
    """No code, no prompts, no empty bars, in JupyterLab and in Notebook."""
    course.open(page, TIME_LINE, view)
    text = page.locator("body").inner_text()

    assert "A time line with three turning points" in text
    assert [] == workshop.shown(page)
    assert 0 == page.get_by_text("Start this lesson").locator("visible=true").count()
    page.locator(".mapt-lesson").evaluate("(e) => e.classList.remove('mapt-lesson')")
    assert workshop.shown(page), "the same look finds what a bare notebook shows"


def test_a_double_click_or_enter_shows_no_source(course, page):
    """A lesson's text stays a page, whatever a trainee presses."""
    course.open(page, TIME_LINE)
    page.get_by_role("heading", name="From good will to law").dblclick()
    for key in ("Enter", "d", "d", "b", "m", "y", "Delete"):
        page.keyboard.press(key)

    assert 0 == page.locator(".cm-editor:visible").count()
    assert page.get_by_role("heading", name="From good will to law").is_visible()


def test_a_cell_of_somebody_else_does_not_run_by_itself(course, page):
    """Only the course's own calls run on opening."""
    path = course.folder / TIME_LINE
    whole_file = path.read_text(encoding="utf-8")
    notebook = json.loads(whole_file)
    for source in (
        'open("ran.txt", "w").write("x")',
        'from mapt_course import quiz; quiz("roots-guess"); open("ran.txt", "w")',
    ):
        notebook["cells"].append(
            {
                "cell_type": "code",
                "id": f"x{len(source)}",
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
        )
    path.write_text(json.dumps(notebook), encoding="utf-8")
    try:
        course.open(page, TIME_LINE)
        page.wait_for_timeout(1500)

        assert not (path.parent / "ran.txt").exists()
    finally:
        path.write_text(whole_file, encoding="utf-8")


def test_start_here_shows_progress_and_leads_on(course, page):
    """The map counts what is in the records, says what is next, and its link opens it."""
    course.open(page, "0-start-here/start-here.ipynb", "doc/tree")
    home = page.locator(".mapt-home:visible").first
    first = home.inner_text()
    lesson, following = (each for each in whole.lessons("start") if each.activities)
    bank = whole.module_bank("start")
    for activity in lesson.activities:
        for name in bank.quizzes[activity].items:
            Record(course.folder / "0-start-here").append(
                "response", name, response=it.key_response(bank.items[name])
            )
    page.reload()
    page.locator(".mapt-go:visible").filter(has_text=following.title).wait_for(timeout=45_000)
    second = page.locator(".mapt-next:visible").inner_text()
    page.locator(".mapt-go:visible").click()
    page.locator(".mapt-rating:visible").first.wait_for(timeout=45_000)

    assert "Begin here" in first and lesson.title in first and "left in the lessons" in first
    assert f"{len(lesson.activities)} of " in second and "Next for you" in second


def test_the_page_reads_as_text_where_nothing_runs(course, page):
    """Without the course's extension: the questions stand there, and a button starts the lesson."""
    page.route("**/mapt-course/static/remoteEntry.js*", lambda route: route.abort())
    page.goto(course.address(TIME_LINE, "doc/tree"))
    button = page.get_by_role("button", name="Start this lesson")
    button.wait_for(timeout=45_000)
    expect(page.locator(".mapt-static").first).to_be_visible()
    assert item_of("roots-007").stem in page.locator("body").inner_text()
    for _ in range(4):  # JupyterLab ignores a press that comes before it is ready
        button.click()
        try:
            page.locator("section.mapt:visible").first.wait_for(timeout=8_000)
            break
        except TimeoutError:
            continue

    page.locator("section.mapt .mapt-item").nth(3).wait_for(timeout=45_000)


def test_every_then_and_now_row_can_be_filtered(course, page):
    """The page of all rows leaves those that have all the words typed."""
    page.goto(course.address("9-forward/9-4-every-row.ipynb"))
    field = page.get_by_label("Show only rows with these words")
    field.wait_for(timeout=45_000)
    rows = page.locator(".mapt-row")
    everything = rows.count()
    field.fill("children act 1989")

    expect(rows.locator("visible=true").first).to_contain_text("Children Act 1989")
    assert 55 == everything
    assert 0 < rows.locator("visible=true").count() < everything


def test_an_example_for_ones_own_job_stays_open(course, page):
    """Chosen once, it is open in every lesson."""
    course.open(page, "1-roots/1-2-faults-duties-outcomes.ipynb")
    page.locator(".mapt-for-housing-officer summary").click()
    course.open(page, "2-hubs/2-1-schools.ipynb")
    shown = page.locator(".mapt-example[open] summary")

    expect(shown).to_have_text(["Housing officer"])
