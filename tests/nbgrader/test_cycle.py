"""The full cycle with nbgrader's real commands: from release to feedback and export."""

from __future__ import annotations

import csv
import html
import re

import pytest
import trainees
from bs4 import BeautifulSoup
from course_copy import environment, nbgrader, read
from nbgrader.api import Gradebook

from mapt_course import record
from mapt_course.marking import folder

WHERE = (trainees.ASSIGNMENT, trainees.ASSIGNMENT)


def text_of(notebook) -> str:
    """All that a marked notebook shows, without its tags."""
    cells = read(notebook)["cells"]
    shown = [
        cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        for cell in cells
    ]
    for cell in cells:
        for output in cell.get("outputs", ()):
            shown.append("".join(output["data"]["text/html"]))
    return html.unescape(re.sub(r"<br>|</div>", "\n", "\n".join(shown)))


@pytest.mark.parametrize("name", trainees.SCORES)
def test_score_of_the_quiz(cycle, name):
    """Each trainee has the score worked out by hand, whatever the others did."""
    with Gradebook(cycle.gradebook) as gradebook:
        grade = gradebook.find_grade("roots-check", *WHERE, name)

        assert grade.auto_score == pytest.approx(trainees.SCORES[name], abs=1e-4)
        assert grade.max_score == 9
        assert not grade.needs_manual_grade


def test_partial_credit_of_each_item(cycle):
    """Partial credit, item by item, as in ``trainees.OMAR``."""
    marks = re.findall(r"class=\"points\">([\d.]+) of 1<", text_of(cycle.autograded("omar")))

    expected = {1: "0.6", 2: "0", 3: "0.33", 4: "0.9", 5: "1", 6: "0.75", 7: "0", 8: "1", 9: "0.6"}
    assert marks == list(expected.values())
    assert sum(trainees.OMAR.values()) == pytest.approx(trainees.OMAR_TOTAL, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "waits"),
    [("lena", True), ("omar", True), ("ben", True), ("ivy", False), ("noah", False)],
)
def test_a_reflection_waits_for_the_trainer(cycle, name, waits):
    """A reflection that was written needs a mark by hand; where there is none it is 0."""
    with Gradebook(cycle.gradebook) as gradebook:
        grade = gradebook.find_grade(trainees.REFLECTION, *WHERE, name)
        comment = gradebook.find_comment(trainees.REFLECTION, *WHERE, name)

        assert grade.auto_score == (None if waits else 0)
        assert comment.auto_comment == (None if waits else "No response.")


def test_the_latest_reflection_is_shown(cycle):
    """The latest text stands in the manually graded cell, letter for letter."""
    shown = text_of(cycle.autograded("lena"))

    assert trainees.LENA in shown.replace("<br>", "\n")
    assert "A first try" not in shown


def test_a_reflection_typed_into_the_notebook_is_shown(cycle):
    """Somebody who wrote into the notebook and not into the box is read as well."""
    assert "I wrote it here.\n\nSorry!" in text_of(cycle.autograded("ben"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "noah",
            "The record was damaged: a line is torn or not JSON (3 times); "
            "an event is of another version.",
        ),
        ("noah", "A response could not be marked: roots-check-5:"),
        ("mia", "The cell “roots-check” stood 2 times in the notebook. It counts once."),
        ("ben", "The notebook was handed in as “Ben's answers (1).ipynb”."),
        ("tom", "The notebook cannot be read: it is empty. Only the record was read."),
        ("eve", "Other notebooks were handed in as well: “<img src=x onerror=ran_file=1>.ipynb”."),
        ("kim", "The notebook cannot be read: it is not a notebook, or was cut off."),
        ("kim", "“responses.jsonl” was set aside:"),
        ("sam", "“timestamp.txt” was set aside:"),
        ("sam", "No notebook has the name “roots-check.ipynb”"),
        ("sam", "“key.html” was set aside:"),
    ],
)
def test_damage_is_reported(cycle, name, said):
    """Damage stands in the log, in the notebook that formgrader shows, and as a flag."""
    with Gradebook(cycle.gradebook) as gradebook:
        flagged = gradebook.find_submission_notebook(*WHERE, name).flagged

    assert f"WARNING] {name}, roots-check: {said}" in cycle.logs["autograde"]
    assert said in text_of(cycle.autograded(name))
    assert flagged


def test_the_working_folder_is_handed_in_as_it_is(cycle):
    """Who works in the folder of ``mapt start`` fetches nothing, and nothing is missed."""
    handed_in = cycle.course.root / "submitted" / "ada" / trainees.ASSIGNMENT

    assert "WARNING" not in cycle.logs["ada"]
    assert "Submitted as: mapt roots-check" in cycle.logs["ada"]
    assert {each.name for each in handed_in.iterdir()} >= {trainees.NOTEBOOK, record.NAME}


@pytest.mark.parametrize("name", ["lena", "omar", "ivy", "ada"])
def test_what_is_whole_is_not_flagged(cycle, name):
    """Only damage sets the flag; nothing answered is no damage."""
    with Gradebook(cycle.gradebook) as gradebook:
        assert not gradebook.find_submission_notebook(*WHERE, name).flagged
    assert f"WARNING] {name}" not in cycle.logs["autograde"]


def test_nothing_answered_is_said(cycle):
    """Who answered nothing has 0, and the table says so."""
    shown = text_of(cycle.autograded("ivy"))

    assert "Roots: module check: 0 of 9 points (nothing answered)" in shown
    assert "Nothing was answered: no “responses.jsonl” was handed in." in shown


def test_marking_starts_no_kernel(cycle):
    """Release starts nbgrader's own look at its new database; collecting and marking, nothing."""
    started = cycle.course.started.read_text().splitlines()

    assert [line.split()[0] for line in started] == ["alembic"]
    assert not list(cycle.course.place.rglob("executed"))


def test_what_is_no_submission_is_not_collected(cycle):
    """A name that would run as script in formgrader, and a folder without a time, are left."""
    log = cycle.logs["collect"]

    assert "Not collected: “<img src=x onerror=ran_name=1>+roots-check+" in log
    for name in ("zoe", "max"):
        assert f"Not collected: “{name}+roots-check+yesterday+x”" in log
    names = {each.name for each in (cycle.course.root / "submitted").iterdir()}
    assert names == {*trainees.ALL, "kim", "sam"}


def test_links_are_not_followed(cycle):
    """The key does not come into a submission, by no link."""
    key = (cycle.course.root / "solutions/roots-check/items.toml").read_bytes()
    for step in ("submitted", "autograded"):
        for each in (cycle.course.root / step).rglob("*"):
            if each.is_file() and not each.is_symlink():
                assert each.read_bytes() != key
    assert "kim" in cycle.logs["collect"]
    assert "“responses.jsonl” was left out: it is a link" in cycle.logs["collect"]


def test_autograded_holds_what_the_next_steps_need(cycle):
    """What formgrader serves from its own address is the marked notebook and plain data."""
    names = {each.name for each in (cycle.course.root / "autograded").glob("*/*/*")}

    assert names == {trainees.NOTEBOOK, *folder.KEPT}


def test_the_trainee_s_notebook_leaves_nothing_but_text(cycle):
    """Outputs, attachments, metadata and locked cells of the trainee's are gone."""
    marked = cycle.autograded("eve").read_text(encoding="utf-8")

    for gone in (
        "ran_output",
        "ran_stream",
        "ran_js",
        "ran_tag",
        "ran_title",
        "ran_attached",
        "ran_locked",
        "attachments",
        "widgets",
        "<script",
        "<img",
        "<iframe",
    ):
        assert gone not in marked


def test_feedback_reaches_the_trainee(returned):
    """The trainee fetches a page with the responses, marks, and the trainer's comment."""
    home = returned.course.place / "home-omar"
    nbgrader(
        "fetch_feedback",
        trainees.ASSIGNMENT,
        "--course=mapt",
        "--student=omar",
        cwd=home,
        env=environment(home),
    )
    [page] = (home / trainees.ASSIGNMENT).rglob("feedback/**/*.html")
    shown = page.read_text(encoding="utf-8")

    assert "7.18 of 13 points" in shown
    assert "Roots: module check: 5.18 of 9 points" in shown
    assert "It was a busy day." in html.unescape(shown)
    assert "Now sit in the <em>other</em> chair." in shown


def test_everybody_has_feedback(returned):
    """Damage of one does not keep the others' feedback back."""
    log = returned.logs["release_feedback"]

    for name in (*trainees.ALL, "kim", "sam"):
        assert returned.feedback(name)
        assert f"Releasing feedback for student '{name}'" in log


def test_feedback_holds_no_script_of_a_trainee(returned):
    """Nothing that a trainee wrote is a tag on the page."""
    page = BeautifulSoup(returned.feedback("eve"), "html.parser")

    names = {tag.name for tag in page.find_all()}
    assert not names & {"script", "img", "iframe", "object", "embed", "svg", "link", "base"}
    assert not names & {"video", "form", "button", "input", "image"}
    assert not [a for tag in page.find_all() for a in tag.attrs if a.startswith("on")]
    assert not [a for a in page.find_all("a") if not a["href"].startswith("http")]
    shown = page.find(id="notebook").get_text()
    assert trainees.SCRIPT.format("reflection") in shown
    assert trainees.SCRIPT.format("quoted") in shown


def test_feedback_holds_no_key(returned, bank):
    """Who answered nothing learns no answer: no option, no accepted text, no feedback text."""
    page = BeautifulSoup(returned.feedback("ivy"), "html.parser")
    shown = page.find(id="notebook").get_text()
    texts = [
        entry.text
        for item in bank.items.values()
        for name in item.lists
        for entry in getattr(item, name)
        if name != "gaps"
    ]
    texts += [
        entry.feedback
        for item in bank.items.values()
        for name in item.lists
        for entry in getattr(item, name)
        if entry.feedback
    ]
    texts += [
        accepted
        for item in bank.items.values()
        if item.type == "gap"
        for key in item.key.values()
        for accepted in key.accept
    ]

    assert [text for text in texts if text in shown] == []


def test_export(returned):
    """The sums of the export are those worked out by hand."""
    with (returned.course.root / "marks.csv").open(newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    assert scores == {
        "lena": 13,
        "omar": pytest.approx(7.1833, abs=1e-4),
        "ivy": 0,
        "noah": 2,
        "mia": 1,
        "ben": 2,
        "tom": 1,
        "eve": 2,
        "kim": 0,
        "sam": 0,
        "ada": 2,
    }


def test_marking_again_changes_nothing(returned):
    """A second marking keeps the marks by hand, and notes the damage again."""
    log = returned.course.trainer("autograde", trainees.ASSIGNMENT, "--force", "--student=ben")

    assert "ben, roots-check: The notebook was handed in as" in log
    with Gradebook(returned.gradebook) as gradebook:
        assert gradebook.find_grade(trainees.REFLECTION, *WHERE, "ben").manual_score == 1
        assert gradebook.find_grade("roots-check", *WHERE, "ben").score == 1
