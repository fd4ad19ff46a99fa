"""Every kind of damaged submission, marked by ``mapt mark`` in one run beside sound ones."""

from __future__ import annotations

import html
import os
import shutil
import stat
from pathlib import Path

import damage
import pytest
import trainees
from course_copy import CourseCopy, read
from damage import CASES, NAMES, NO_NAMES
from nbgrader.api import Gradebook

WHERE = (trainees.ASSIGNMENT, trainees.ASSIGNMENT)


class Marked:
    """A course that was marked, and what ``mapt mark`` said."""

    def __init__(self, course: CourseCopy, output: str):
        self.course, self.output = course, output
        self.remarks: dict[str, list[str]] = {}
        listed = output.partition("Need attention (")[2].splitlines()[1:]
        who = ""
        for line in listed:
            if line.startswith("    "):
                self.remarks[who].append(line.strip())
            elif line.startswith("  "):
                who = line[2:]
                self.remarks[who] = []
        self.gradebook = Gradebook(f"sqlite:///{course.root / 'gradebook.db'}")

    def grade(self, cell: str, trainee: str):
        return self.gradebook.find_grade(cell, *WHERE, trainee)

    def page(self, trainee: str) -> str:
        notebook = self.course.root / "autograded" / trainee / trainees.ASSIGNMENT
        cells = read(notebook / trainees.NOTEBOOK)["cells"]
        return html.unescape("".join("".join(cell["source"]) for cell in cells))


@pytest.fixture(scope="session")
def marked(released, bank, tmp_path_factory) -> Marked:
    """One cohort of nothing but special cases, and ``sound``."""
    course = CourseCopy.of(tmp_path_factory.mktemp("damage"), released.root)
    release = course.root / "exercises" / trainees.ASSIGNMENT
    submitted = course.root / "submitted"
    for name in ("sound", *CASES, *NAMES, *NO_NAMES):
        damage.hand_in(submitted / name / trainees.ASSIGNMENT, release, bank)
    for name, case in CASES.items():
        case.change(submitted / name / trainees.ASSIGNMENT)
    (submitted / "a link").symlink_to("sound")
    (submitted / "linked").mkdir()
    (submitted / "linked" / trainees.ASSIGNMENT).symlink_to("/etc")
    (submitted / "a file").mkdir()
    (submitted / "a file" / trainees.ASSIGNMENT).write_text("")
    (submitted / "nothing").mkdir()
    (submitted / "roots-check.zip").write_bytes(b"PK")
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(trainees.ASSIGNMENT, duedate=damage.DUE)
    done = course.mark(timeout=60)
    assert done.returncode == 1, done.stdout + done.stderr  # some have names that cannot be
    assert done.stderr == ""
    return Marked(course, done.stdout)


@pytest.mark.parametrize("name", CASES)
def test_a_damaged_submission_is_marked_as_far_as_it_can_be(marked, name):
    """Marks of what is left, the reason in the report, the flag in the gradebook."""
    case = CASES[name]
    grade = marked.grade("roots-check", name)
    notebook = marked.gradebook.find_submission_notebook(*WHERE, name)

    assert (grade.auto_score, grade.needs_manual_grade) == (case.score, False)
    assert marked.grade(trainees.REFLECTION, name).needs_manual_grade == bool(case.text)
    assert case.text in marked.page(name)
    assert any(case.reason in remark for remark in marked.remarks[name]), marked.remarks[name]
    assert notebook.flagged == case.flagged


def test_a_sound_neighbour_is_marked_as_ever(marked):
    """It has its marks, no flag, and stands in no list."""
    assert marked.grade("roots-check", "sound").auto_score == 2
    assert marked.grade(trainees.REFLECTION, "sound").auto_score is None
    assert damage.TEXT in marked.page("sound")
    assert not marked.gradebook.find_submission_notebook(*WHERE, "sound").flagged
    assert "sound" not in marked.remarks


def test_a_record_that_two_have_is_told_of_both(marked):
    """The report names the other; the page, which the trainee sees as well, does not."""
    for name, other in (("copied-from", "copied-to"), ("copied-to", "copied-from")):
        assert f"The same entries are in the record of: {other}." in marked.remarks[name]
        place = marked.course.root / "autograded" / name / trainees.ASSIGNMENT
        assert other not in (place / trainees.NOTEBOOK).read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_are_marked(marked, name):
    assert marked.grade("roots-check", name).auto_score == 2
    assert marked.page(name)


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_cannot_be_is_reported_and_left_out(marked, name):
    """Nothing of it reaches the gradebook, whose names formgrader writes into its pages."""
    told = marked.output.partition("Not marked:")[2]

    assert name[:20].replace("\u202e", "\ufffd") in told
    assert name not in [student.id for student in marked.gradebook.students]
    assert not (marked.course.root / "autograded" / name).exists()


@pytest.mark.parametrize("name", ["a link", "linked", "a file"])
def test_what_is_no_folder_is_reported(marked, name):
    assert "in submitted/ is a link or a file, not a folder." in marked.remarks[name][0]
    assert not (marked.course.root / "autograded" / name).exists()


def test_the_summary_counts(marked):
    sound = len(CASES) + len(NAMES) + 1
    refused = len(NO_NAMES) + 3

    assert f"marked now            {sound:>4}" in marked.output
    assert f"not marked            {refused:>4}" in marked.output
    assert f"need attention        {len(CASES):>4}" in marked.output


def test_nothing_is_read_or_written_without_bounds(marked):
    """Of a record of 1 GB as much is kept as is read; a link's target is nowhere."""
    kept = sum(each.stat().st_size for each in (marked.course.root / "autograded").rglob("*.jsonl"))
    passwords = Path("/etc/passwd").read_bytes()

    assert kept < 200_000
    for each in (marked.course.root / "autograded").rglob("*"):
        assert not each.is_file() or each.read_bytes() != passwords


def test_nothing_is_started(marked):
    """No program, so no kernel either."""
    assert not marked.course.started.exists()


def test_a_second_run_tells_the_same_of_those_that_still_have_the_flag(marked, tmp_path):
    """A flag that was taken away has been dealt with; the others are told until then."""
    course = CourseCopy(tmp_path)
    shutil.copytree(marked.course.root, course.root, symlinks=True, ignore=_no_giants)
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        gradebook.find_submission_notebook(*WHERE, "cell-split").flagged = False
        gradebook.db.commit()
    again = Marked(course, course.mark().stdout)

    assert f"unchanged             {len(CASES) + len(NAMES) + 1:>4}" in again.output
    assert again.remarks == {k: v for k, v in marked.remarks.items() if k != "cell-split"}


def _no_giants(folder: str, names: list[str]) -> list[str]:
    status = {name: os.lstat(os.path.join(folder, name)) for name in names}
    return [n for n, s in status.items() if s.st_size > 1 << 24 or stat.S_ISFIFO(s.st_mode)]
