"""formgrader in a real browser: what a trainer sees of what trainees wrote."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
import trainees
from course_copy import environment
from nbgrader.api import Gradebook

START = """
import sys
sys.modules["rfc3987_syntax"] = None
from jupyter_server.serverapp import main
main()
"""


@pytest.fixture(scope="module")
def formgrader(cycle):
    """The address of a running formgrader on the cycle's course."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = cycle.course.place / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [
                sys.executable,
                "-c",
                START,
                "--no-browser",
                "--allow-root",
                f"--port={port}",
                "--port-retries=0",
                "--IdentityProvider.token=",
                "--ServerApp.allow_unauthenticated_access=True",
                f"--ServerApp.root_dir={cycle.course.root}",
                "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
            ],
            cwd=cycle.course.root,
            env=environment(cycle.course.place / "home-trainer"),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}/formgrader"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/manage_assignments", timeout=20)
                break
            except OSError:
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def page(browser):
    """A page that reaches this machine only (formgrader asks a CDN for MathJax)."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
    yield context.new_page()
    context.close()


def open_submission(page, formgrader, cycle, name: str) -> None:
    """Open a trainee's submission as a trainer does who follows its link."""
    with Gradebook(cycle.gradebook) as gradebook:
        submission = gradebook.find_submission_notebook(
            trainees.ASSIGNMENT, trainees.ASSIGNMENT, name
        ).id
    page.goto(f"{formgrader}/submissions/{submission}/", wait_until="load")
    page.wait_for_function("formgrader.grades.loaded && formgrader.comments.loaded")


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


def test_nothing_that_a_trainee_wrote_runs(page, formgrader, cycle):
    """Scripts, handlers, links, frames and styles are letters on the page, and nothing else."""
    open_submission(page, formgrader, cycle, "eve")
    page.wait_for_timeout(500)  # a picture's onerror would come late

    ran = "Object.keys(window).filter(name => name.startsWith('ran_'))"
    assert page.evaluate(ran) == []
    notebook = page.locator("#notebook").first
    assert notebook.locator("script, iframe, img, object, embed, svg").count() == 0
    assert notebook.locator("a[href^='javascript']").count() == 0
    handlers = "all => all.filter(e => [...e.attributes].some(a => a.name.startsWith('on')))"
    assert notebook.locator("*").evaluate_all(f"{handlers}.length") == 0
    assert page.locator("body").is_visible()
    shown = notebook.inner_text()
    for where in ("reflection", "cell", "added", "raw"):
        for text in (trainees.SCRIPT, trainees.IMAGE, trainees.LINK, trainees.FRAME):
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
