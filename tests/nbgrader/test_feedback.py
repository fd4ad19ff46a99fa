"""The feedback page in a real browser, as a trainee opens it: a file, offline."""

from __future__ import annotations

import layout
import looks
import pytest
import trainees
from nbgrader.api import Gradebook


@pytest.fixture
def opened(page, returned):
    """Open a trainee's feedback page."""

    def open_page(name: str, place: str = "feedback"):
        folder = returned.course.root / place / name / trainees.ASSIGNMENT
        page.goto((folder / f"{trainees.ASSIGNMENT}.html").as_uri(), wait_until="load")
        return page

    return open_page


def row(page, number: int):
    """The row of an item."""
    return page.locator(".mapt-marks tbody tr").nth(number - 1)


def test_what_was_given_its_mark_and_its_feedback(opened, bank):
    """Each item: the response, the mark, the text of what was right, where to look again."""
    page = opened("omar")
    items = {number: bank.items[f"{trainees.ASSIGNMENT}-{number}"] for number in range(1, 10)}

    assert page.locator("h1").inner_text() == "Roots: module check"
    assert page.locator(".sum").inner_text() == "7.18 of 13 points"
    right = next(o for o in items[5].options if o.id == items[5].key)
    assert right.text in row(page, 5).inner_text()
    assert f"Right. {right.feedback}" in row(page, 5).inner_text()
    assert row(page, 5).locator("td").last.inner_text() == "1 of 1"
    gaps = row(page, 1).locator(".said").all_inner_texts()
    century, _, act, many, _ = items[1].gaps
    assert gaps == [
        f"Right. {century.feedback}",
        "Not yet.",
        f"Right. {act.feedback}",
        f"Right. {many.feedback}",
    ]
    assert row(page, 2).locator(".said").all_inner_texts() == ["Not yet."]
    # One of its ticks is wrong: nothing is told of the others.
    assert row(page, 3).locator(".said").count() == 0
    for number in (1, 2, 3, 4, 6, 7, 9):
        assert items[number].general_feedback in row(page, number).inner_text()


def test_the_level_that_a_reflection_reached(opened):
    """The text, its points, the level's name and words, and the trainer's comment."""
    page = opened("omar")
    shown = page.locator("section.text").inner_text()

    assert "It was a busy day. I would do it again." in shown
    assert "2 of 4 points: Explains" in shown
    assert "Gives a reason and names a fault that fits" in shown
    assert "Transforms" not in shown
    assert page.locator(".comment em").inner_text() == "other"


@pytest.mark.parametrize(
    ("name", "said"),
    [("ivy", "You handed in nothing here."), ("ada", "You handed in nothing here.")],
)
def test_without_a_reflection(opened, name, said):
    assert said in opened(name).locator("section.text").inner_text()


@pytest.mark.parametrize("name", trainees.ALL)
def test_no_code_is_shown(opened, name):
    """No code, no prompt, no empty box; the added cells of a hand-in are not repeated."""
    page = opened(name)
    shown = page.locator("body").inner_text()

    for told in ("mapt_course", "quiz(", "Out[", "In [", "Grade cell", "window.ran_added"):
        assert told not in shown
    assert page.locator("pre, code, .prompt, .input_area").count() == 0
    empty = "all => all.filter(e => !e.textContent.trim()).map(e => e.outerHTML)"
    assert page.locator("main div, main section, main p, main td").evaluate_all(empty) == []


def test_nothing_that_a_trainee_wrote_runs(opened):
    """Nor is anything fetched: see the fixture ``page``."""
    page = opened("eve")
    page.wait_for_timeout(300)  # a picture's onerror would come late

    ran = "Object.keys(window).filter(name => name.startsWith('ran_'))"
    assert page.evaluate(ran) == []
    assert page.locator("h1").is_visible()
    assert trainees.SCRIPT.format("reflection") in page.locator("main").inner_text()


def test_its_policy_lets_nothing_out(opened):
    """Even a picture, a style sheet or a script that came in would fetch and run nothing."""
    page = opened("lena")
    page.evaluate(
        """() => {
            for (const [name, values] of [
                ["img", { src: "http://remote.example/x.png" }],
                ["link", { rel: "stylesheet", href: "http://remote.example/x.css" }],
                ["script", { src: "http://remote.example/x.js" }],
                ["script", { textContent: "window.ran_script = 1" }],
                ["iframe", { src: "http://remote.example/x.html" }],
            ]) document.body.append(Object.assign(document.createElement(name), values));
        }"""
    )
    page.wait_for_timeout(300)

    assert page.evaluate("window.ran_script") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [looks.DESKTOP, looks.PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["omar", "eve"])
def test_it_can_be_read(opened, name, size, scheme):
    """On a desktop and on a phone, light and dark."""
    page = opened(name)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    # Measured once the page stands in its new size.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    assert layout.overlaps(page) == []
    assert layout.clipped(page) == []
    assert layout.sideways(page) == []
    assert layout.small_text(page) == []
    assert layout.headings(page) == []
    assert looks.violations(page) == []


def test_it_can_be_printed(opened):
    """Dark letters on white, whatever the screen's scheme, and nothing folded."""
    page = opened("omar")
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 720, "height": 1000})

    colour = page.evaluate("getComputedStyle(document.body).color")
    assert colour == "rgb(0, 0, 0)"
    assert not page.locator("summary").is_visible()
    assert layout.clipped(page) == []
    assert layout.sideways(page) == []


def test_what_the_trainer_changed_or_has_not_read(opened, returned):
    """The page says so; a key that was changed after the marking is told to the trainer."""
    where = (trainees.ASSIGNMENT, trainees.ASSIGNMENT, "omar")
    path = returned.course.root / "solutions" / trainees.ASSIGNMENT / "items.toml"
    key = path.read_text(encoding="utf-8")

    def score(quiz: float | None, reflection: float | None) -> None:
        with Gradebook(returned.gradebook) as gradebook:
            gradebook.find_grade(trainees.ASSIGNMENT, *where).manual_score = quiz
            gradebook.find_grade(trainees.REFLECTION, *where).manual_score = reflection
            gradebook.db.commit()

    score(7, None)
    path.write_text(key.replace('accept = ["1989"', 'accept = ["1889"'), encoding="utf-8")
    try:
        log = returned.course.trainer(
            "generate_feedback",
            trainees.ASSIGNMENT,
            "--student=omar",
            "--CourseDirectory.feedback_directory=early",
        )
    finally:
        path.write_text(key, encoding="utf-8")
        score(None, 2)
    shown = opened("omar", "early").locator("main").inner_text()

    assert "Your trainer has not read this yet." in shown
    assert "Your trainer changed the points for these questions to 7 of 9." in shown
    assert "omar, roots-check: the key was changed after the marking. Mark again before" in log
    assert "the key was changed" not in returned.logs["generate_feedback"]


def test_the_trainer_may_show_the_right_answers(opened, returned, bank):
    """With the setting on, each item that was not right has its right answer in words."""
    returned.course.trainer(
        "generate_feedback",
        trainees.ASSIGNMENT,
        "--student=omar",
        "--TraineePage.show_right_answers=True",
        "--CourseDirectory.feedback_directory=opened",
    )
    page = opened("omar", "opened")
    single, multiple = (bank.items[f"{trainees.ASSIGNMENT}-{number}"] for number in (2, 3))
    keys = {n: row(page, n).locator(".key").all_inner_texts() for n in range(1, 10)}

    right = {option.id: option.text for option in single.options}[single.key]
    assert keys[2] == [f"The right answer:\n{right}"]
    kept = [option.text for option in multiple.options if option.id in multiple.key]
    assert keys[3] == ["The right answer:\n" + "\n".join(kept)]
    assert "decade of the groundwork: 1980s" in keys[1][0]
    assert len(keys[7]) == 1, "not answered at all"
    assert keys[5] == keys[8] == []
    wrong = next(o for o in single.options if o.text in row(page, 2).inner_text())
    assert wrong.feedback.replace("*", "") in row(page, 2).inner_text()
