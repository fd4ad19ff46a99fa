"""A longer piece of work: handed in, taken in, marked by machine, read by hand, returned."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from course_copy import CHECKOUT, CourseCopy
from formgrader import running
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from trainees import HOSTILE

from mapt_course import bank as banks
from mapt_course import handin, record
from mapt_course.authoring import samples
from mapt_course.marking import intake

NAME = "ladders-position-paper"
CRITERIA = ("concepts", "evidence", "voice", "professions", "law", "action")
SAMPLES = sorted((CHECKOUT / "solutions").glob("*/samples/*.toml"))


@dataclass
class Read:
    """The trainer's course after the marking by machine; ``said``: what ``mapt mark`` printed."""

    course: CourseCopy
    said: str

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.course.root / 'gradebook.db'}")


def form() -> banks.Form:
    [only] = banks.read(CHECKOUT / "solutions" / NAME / "items.toml").forms.values()
    return only


def fill(folder: Path, entries: dict[str, str]) -> None:
    for cell, text in entries.items():
        record.Record(folder).append("form", f"{NAME}-form", response={cell: text})


@pytest.fixture(scope="module")
def marked(tmp_path_factory, solutions) -> Read:
    """Lena has the strong sample, Eve tries to run script from every box, Ivy fills in nothing."""
    place = tmp_path_factory.mktemp("assignment")
    course = CourseCopy.make(place, solutions)
    strong = samples.read(CHECKOUT / "solutions" / NAME / "samples" / "strong.toml").entries
    texts = {
        cell.id: HOSTILE.format(cell.id.replace(".", "_"))
        for cell in form().cells().values()
        if cell.type == "text"
    }
    course.trainer("generate_assignment", NAME)
    for who, entries in {"lena": strong, "eve": texts}.items():
        folder = place / who / NAME
        shutil.copytree(course.root / "exercises" / NAME, folder)
        fill(folder, entries)
        receipt = handin.hand_in(folder, NAME, who)
        intake.take(course.root, receipt.files[1].name, receipt.files[1].read_bytes())
    shutil.copytree(course.root / "exercises" / NAME, course.root / "submitted" / "ivy" / NAME)
    done = course.mark(NAME)
    assert done.returncode == 0, done.stdout + done.stderr
    return Read(course, done.stdout)


@pytest.fixture(scope="module")
def formgrader(marked):
    with running(marked.course.root, marked.course.place / "home-trainer") as found:
        yield found.address


def open_work(page, formgrader, marked, who: str) -> None:
    with marked.gradebook() as gradebook:
        submission = gradebook.find_submission_notebook(NAME, NAME, who).id
    page.goto(f"{formgrader}/submissions/{submission}/", wait_until="load")
    page.locator("textarea.comment[placeholder]").last.wait_for()
    page.evaluate("jQuery.fx.off = true")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_every_sample_fits_its_form_and_its_rubric(path):
    """Nine hand-ins, each marked on six criteria; none of the strong ones would fail."""
    sample = samples.read(path)
    bank = banks.read(path.parents[1] / "items.toml")
    rubric = banks.read_rubric(path.parents[1] / "rubric.toml")
    [own] = bank.forms.values()
    passes = min(sample.marks.values()) > 1 and sum(m >= 3 for m in sample.marks.values()) >= 4

    assert [] == list(samples.faults(sample, own, rubric))
    assert CRITERIA == tuple(sample.marks)
    assert passes or path.stem != "strong"
    assert not passes or path.stem != "weak"


def test_six_criteria_wait_to_be_read(marked):
    """For who handed in; who filled in nothing has 0 and waits for nobody."""
    with marked.gradebook() as gradebook:
        waiting = {
            who: [
                grade.needs_manual_grade
                for grade in gradebook.find_submission_notebook(NAME, NAME, who).grades
            ]
            for who in ("lena", "eve", "ivy")
        }

    assert {"lena": [True] * 6, "eve": [True] * 6, "ivy": [False] * 6} == waiting


def test_the_work_stands_above_its_criteria(page, formgrader, marked):
    """As a readable page with its chart; each criterion has its levels; a click gives points."""
    open_work(page, formgrader, marked, "lena")
    product = page.locator(".mapt-product")
    assert "140 messages in one week" in product.inner_text()
    assert "Step 2" in product.locator("table").inner_text()
    assert [f"{NAME}-{name}" for name in CRITERIA] == [
        each.get_attribute("data-cell") for each in page.locator(".mapt-rubric").all()
    ]
    rubric = page.locator(f".mapt-rubric[data-cell='{NAME}-law']")
    rubric.locator("button.mapt-points[data-points='3']").click()
    expect(rubric.get_by_role("status")).to_have_text("Saved.")
    rubric.locator(".mapt-comment").nth(4).click()
    expect(rubric.get_by_role("status")).to_have_text("Saved.")

    with marked.gradebook() as gradebook:
        where = (f"{NAME}-law", NAME, NAME, "lena")
        assert 3 == gradebook.find_grade(*where).manual_score
        assert gradebook.find_comment(*where).manual_comment


def test_nothing_that_was_filled_in_runs(page, formgrader, marked):
    """Letters on the page, and nothing else."""
    open_work(page, formgrader, marked, "eve")
    page.wait_for_timeout(500)  # a picture's onerror would come late
    product = page.locator(".mapt-product")

    assert [] == page.evaluate("Object.keys(window).filter(name => name.startsWith('ran_'))")
    assert 0 == product.locator("script, iframe, img, a, style, svg, form").count()
    assert "<script>window.ran_place = 1</script>" in product.inner_text()


def test_the_feedback_has_the_work_its_levels_and_comments(page, marked):
    """Readable on a phone too; nothing that was filled in is more than text."""
    with marked.gradebook() as gradebook:
        for who in ("lena", "eve"):
            for name in CRITERIA:
                where = (f"{NAME}-{name}", NAME, NAME, who)
                grade = gradebook.find_grade(*where)
                grade.manual_score, grade.needs_manual_grade = 4 if who == "lena" else 1, False
                gradebook.find_comment(*where).manual_comment = f"On {name}: well argued."
        gradebook.db.commit()
    marked.course.trainer("generate_feedback", NAME)
    for who in ("lena", "eve"):
        path = marked.course.root / "feedback" / who / NAME / f"{NAME}.html"
        page.set_viewport_size({"width": 390, "height": 900})
        page.goto(path.as_uri())
        text = page.locator("main").inner_text()
        assert "On voice: well argued." in text
        assert "Leading" in text or who == "eve"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [] == page.evaluate("Object.keys(window).filter(name => name.startsWith('ran_'))")
        assert 0 == page.locator("main").locator("script, iframe, img, style, form").count()
