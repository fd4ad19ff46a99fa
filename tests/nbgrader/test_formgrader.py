"""formgrader in a real browser: what a trainer sees of what trainees wrote."""

from __future__ import annotations

import json

import layout
import pytest
import trainees
from formgrader import running
from nbgrader.api import Gradebook
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def formgrader(cycle):
    """The address of a running formgrader on the cycle's course."""
    with running(cycle.course.root, cycle.course.place / "home-trainer") as found:
        yield found.address


def open_submission(page, formgrader, cycle, name: str) -> None:
    """Open a trainee's submission as a trainer does who follows its link."""
    with Gradebook(cycle.gradebook) as gradebook:
        submission = gradebook.find_submission_notebook(
            trainees.ASSIGNMENT, trainees.ASSIGNMENT, name
        ).id
    page.goto(f"{formgrader}/submissions/{submission}/", wait_until="load")
    # Set once formgrader has the marks and the comments; the page's policy forbids to poll for it.
    for box in ("input.score", "textarea.comment"):
        page.locator(f"{box}[placeholder]").last.wait_for()
    page.evaluate("jQuery.fx.off = true")  # it scrolls to a box for half a second


def answer(page):
    """The panel of the reflection: text, box for the score, box for a comment."""
    return page.locator(".nbgrader_cell", has=page.locator(f"input.score#{trainees.REFLECTION}"))


def test_responses_and_reflection(page, formgrader, cycle):
    """The responses stand as a table, the reflection beside the box for its score."""
    open_submission(page, formgrader, cycle, "omar")

    table = page.locator("table:has(caption)")
    caption = "Roots: module check: 5.18 of 9 points (1 of 9 not answered)"
    assert table.locator("caption").inner_text() == caption
    assert table.locator("tbody tr").count() == 9
    assert table.locator("tbody tr").nth(2).locator("td").nth(1).inner_text() == "0.33 of 1"
    score = page.locator("input.score#roots-check")
    assert score.get_attribute("placeholder") == str(trainees.OMAR_TOTAL)
    assert "It was a busy day. I would do it again." in answer(page).inner_text()
    assert answer(page).locator("textarea.comment").is_visible()
    assert "mapt_course" not in page.locator("body").inner_text()
    for code in page.locator(".code_cell .input_area, .prompt").all():
        assert not code.is_visible()


def test_nothing_that_a_trainee_wrote_runs(page, formgrader, cycle):
    """Scripts, handlers, links, frames and styles are letters on the page, and nothing else."""
    open_submission(page, formgrader, cycle, "eve")
    page.wait_for_timeout(500)  # a picture's onerror would come late

    ran = "Object.keys(window).filter(name => name.startsWith('ran_'))"
    assert page.evaluate(ran) == []
    notebook = page.locator("#notebook").first
    for names in ("script, iframe, img, object, embed, svg", "a, link, base, meta, video, form"):
        assert notebook.locator(names).count() == 0
    handlers = "all => all.filter(e => [...e.attributes].some(a => a.name.startsWith('on')))"
    assert notebook.locator("*").evaluate_all(f"{handlers}.length") == 0
    assert page.locator("body").is_visible()
    shown = notebook.inner_text()
    for where in ("reflection", "cell", "added", "raw"):
        for text in (trainees.SCRIPT, trainees.LINK, *trainees.SCHEMES, *trainees.REMOTE):
            assert text.format(where) in shown
    for text in (trainees.SCRIPT, trainees.IMAGE, trainees.LINK, trainees.FRAME):
        assert text.format("gap") in shown
    for where in ("output", "stream", "locked"):
        assert f"ran_{where}" not in shown


def test_damage_is_told(page, formgrader, cycle):
    """What was damaged stands above the table."""
    open_submission(page, formgrader, cycle, "noah")

    note = page.locator("[role=note]").inner_text()
    assert "The record was damaged" in note
    assert "2 of 9 points" in page.locator("caption").inner_text()


def test_damaged_submissions_are_flagged(page, formgrader, cycle):
    """The list of submissions has a flag at each damaged one."""
    page.goto(f"{formgrader}/gradebook/{trainees.ASSIGNMENT}/{trainees.ASSIGNMENT}")
    page.locator("td.flagged").first.wait_for()

    assert page.locator("td.flagged .glyphicon-flag").count() == len(trainees.DAMAGED)


def test_a_score_and_a_comment_are_kept(page, formgrader, cycle):
    """What the trainer types into the boxes is in the gradebook."""
    open_submission(page, formgrader, cycle, "lena")
    answer(page).locator("input.score").fill("3")
    with page.expect_response(lambda response: response.request.method == "PUT"):
        answer(page).locator("input.score").press("Tab")
    answer(page).locator("textarea.comment").fill("A small step, and a date.")
    with page.expect_response(lambda response: response.request.method == "PUT"):
        answer(page).locator("textarea.comment").press("Tab")

    with Gradebook(cycle.gradebook) as gradebook:
        where = (trainees.REFLECTION, trainees.ASSIGNMENT, trainees.ASSIGNMENT, "lena")
        assert gradebook.find_grade(*where).manual_score == 3
        assert gradebook.find_comment(*where).comment == "A small step, and a date."


def rubric_of(page, cell: str = trainees.REFLECTION):
    """The rubric beside a cell; its buttons can be pressed once formgrader has its marks."""
    rubric = page.locator(f".mapt-rubric[data-cell='{cell}']")
    rubric.locator("button:enabled").first.wait_for()
    return rubric


def saved(cycle, name: str, cell: str = trainees.REFLECTION) -> tuple[float | None, str | None]:
    """A trainee's score and comment by hand, from the gradebook."""
    where = (cell, trainees.ASSIGNMENT, trainees.ASSIGNMENT, name)
    with Gradebook(cycle.gradebook) as gradebook:
        comment = gradebook.find_comment(*where).manual_comment
        return gradebook.find_grade(*where).manual_score, comment


def test_the_rubric_stands_beside_the_text(page, formgrader, cycle):
    """Side by side on a wide screen, under each other on a narrow one."""
    open_submission(page, formgrader, cycle, "omar")
    rubric = rubric_of(page)

    told = rubric.locator(".mapt-level > p").all_inner_texts()
    assert [line.split(".")[0] for line in told] == [
        "Retells",
        "Explains",
        "Shifts",
        "Transforms",
    ]
    assert "Gives a reason and names a fault that fits" in told[1]
    text, beside = answer(page).bounding_box(), rubric.bounding_box()
    assert beside["x"] >= text["x"] + text["width"]
    assert abs(beside["y"] - text["y"]) < 30
    page.set_viewport_size({"width": 390, "height": 800})
    text, below = answer(page).bounding_box(), rubric.bounding_box()
    assert below["y"] >= text["y"] + text["height"]
    assert layout.sideways(page, "#notebook") == []
    assert layout.overlaps(page, ".mapt-beside") == []


def test_a_click_gives_a_level_and_a_comment(page, formgrader, cycle):
    """Both are saved as typed ones are; a second comment comes after the first."""
    open_submission(page, formgrader, cycle, "ben")
    rubric = rubric_of(page)
    with page.expect_response(lambda response: response.request.method == "PUT"):
        rubric.get_by_role("button", name="Give 3 points: Shifts").click()
    comments = rubric.locator(".mapt-level").nth(2).locator(".mapt-comment")
    first, second = comments.all_inner_texts()
    box = answer(page).locator("textarea.comment")
    box.fill("Typed first.")
    for comment in comments.all():  # without waiting for what is being saved
        comment.click()
    expect(box).to_have_value(f"Typed first.\n\n{first}\n\n{second}")
    rubric.get_by_text("Saved.").wait_for()
    comments.first.click()
    rubric.get_by_text("This comment is there already.").wait_for()

    assert saved(cycle, "ben") == (3, f"Typed first.\n\n{first}\n\n{second}")
    pressed = rubric.locator("[aria-pressed=true]")
    assert pressed.all_inner_texts() == ["3"]
    answer(page).locator("input.score").fill("1")
    with page.expect_response(lambda response: response.request.method == "PUT"):
        answer(page).locator("input.score").press("Tab")
    assert pressed.all_inner_texts() == ["1"]


def test_the_rubric_works_by_keyboard(page, formgrader, cycle):
    """Tab goes on from the box for the comment to the buttons; Enter and Space press them."""
    open_submission(page, formgrader, cycle, "eve")
    rubric_of(page)
    answer(page).locator("textarea.comment").fill("")
    answer(page).locator("textarea.comment").press("Tab")
    focused = page.locator(":focus")
    assert focused.get_attribute("data-points") == "1"
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    chosen = focused.inner_text()
    page.keyboard.press("Space")
    expect(answer(page).locator("textarea.comment")).to_have_value(chosen)
    page.locator(".mapt-said", has_text="Saved.").wait_for()

    assert saved(cycle, "eve") == (1, chosen)


def test_what_cannot_be_saved_is_told(page, formgrader, cycle):
    """The server is gone: the trainer hears of it."""
    open_submission(page, formgrader, cycle, "lena")
    rubric = rubric_of(page)
    page.route("**/api/grade/*", lambda route: route.abort())
    rubric.locator(".mapt-points").first.click()

    rubric.get_by_text("Not saved. Look whether the server still runs").wait_for()


@pytest.fixture
def rubric_file(cycle):
    """The trainer's ``rubric.toml``, put back afterwards."""
    path = cycle.course.root / "solutions" / trainees.ASSIGNMENT / "rubric.toml"
    before = path.read_text(encoding="utf-8")
    yield path
    path.write_text(before, encoding="utf-8")


def test_a_rubric_of_criteria_is_text_as_well(page, formgrader, cycle, rubric_file):
    """Each cell has its own criterion; what stands in the file is shown letter for letter."""
    texts = [trainees.SCRIPT.format("rubric"), trainees.IMAGE.format("rubric"), "</aside> a & b"]
    rubric_file.write_text(
        "format = 1\nform = 'a-form'\n"
        "[[criterion]]\nid = 'r1'\nname = '<b>Evidence</b>'\n[[criterion.level]]\n"
        f"points = 2\ndescriptor = '{texts[0]}'\ncomments = {json.dumps(texts[1:])}\n"
    )
    open_submission(page, formgrader, cycle, "omar")
    rubric = rubric_of(page)

    assert rubric.locator("h4").inner_text() == "<b>Evidence</b>"
    assert rubric.locator(".mapt-level > p").inner_text() == texts[0]
    assert rubric.locator(".mapt-comment").all_inner_texts() == texts[1:]
    assert page.evaluate("window.ran_rubric") is None


def test_a_broken_rubric_is_told_and_the_page_still_works(page, formgrader, cycle, rubric_file):
    """The text and its boxes are there; the fault says what to do."""
    rubric_file.write_text("format = 1\nreflection = 'roots-check-r1'\n")
    open_submission(page, formgrader, cycle, "omar")

    assert "“level” is missing" in page.get_by_role("alert").inner_text()
    assert answer(page).locator("input.score").is_visible()


def test_no_page_of_formgrader_asks_another_computer(page, formgrader):
    """All lists, too: see the fixture ``page``."""
    name = trainees.ASSIGNMENT
    for address in (
        "manage_assignments",
        f"manage_submissions/{name}",
        "gradebook",
        f"gradebook/{name}",
        f"gradebook/{name}/{name}",
        "manage_students",
        "manage_students/omar",
    ):
        assert page.goto(f"{formgrader}/{address}", wait_until="load").ok


def test_its_policy_lets_nothing_out(page, formgrader, cycle):
    """Even a picture that came in would not be fetched."""
    open_submission(page, formgrader, cycle, "lena")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: '//remote.example/x'}))")
    page.wait_for_timeout(200)


def test_files_of_trainees_are_not_served(page, formgrader, cycle):
    """A page that a trainee handed in is not to be had from formgrader's address."""
    with Gradebook(cycle.gradebook) as gradebook:
        submission = gradebook.find_submission_notebook(
            trainees.ASSIGNMENT, trainees.ASSIGNMENT, "eve"
        ).id

    assert page.goto(f"{formgrader}/submissions/{submission}/page.html").status == 404


def test_its_own_button_marks_in_the_same_way(page, formgrader, cycle):
    """Autograde, pressed in formgrader, uses the course's configuration."""
    page.goto(f"{formgrader}/manage_submissions/{trainees.ASSIGNMENT}")
    row = page.locator("tr", has=page.get_by_text("noah", exact=True))
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        row.locator("td.autograde a").click()

    told = answered.value.json()
    assert told["success"], told
    assert "noah, roots-check: The record was damaged" in told["log"]
    with Gradebook(cycle.gradebook) as gradebook:
        where = (trainees.ASSIGNMENT, trainees.ASSIGNMENT, "noah")
        assert gradebook.find_grade("roots-check", *where).auto_score == trainees.SCORES["noah"]
