"""``mapt mark`` and ``nbgrader autograde`` on two copies of one course: the same result."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta

import damage
import pytest
import trainees
from course_copy import CourseCopy, environment
from gradebooks import dump, files
from nbgrader.api import Gradebook

from mapt_course.marking import batch

WHERE = (trainees.ASSIGNMENT, trainees.ASSIGNMENT)


def gradebook(course: CourseCopy) -> Gradebook:
    return Gradebook(f"sqlite:///{course.root / 'gradebook.db'}")


class Twins:
    """Two copies of one course; ``stock`` is marked by nbgrader's command, ``batch`` by ours."""

    def __init__(self, place, unmarked):
        self.stock = CourseCopy.of(place / "stock", unmarked)
        self.batch = CourseCopy.of(place / "batch", unmarked)

    def both(self, change) -> None:
        for course in (self.stock, self.batch):
            change(course)

    def mark(self, *options: str) -> str:
        self.stock.trainer("autograde", trainees.ASSIGNMENT, *options)
        done = self.batch.mark(*options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def assert_same(self) -> None:
        stock, batch = (dump(course.root / "gradebook.db") for course in (self.stock, self.batch))
        assert stock == batch
        stock, batch = (files(course.root / "autograded") for course in (self.stock, self.batch))
        assert stock.keys() == batch.keys()
        for name, content in stock.items():
            assert content == batch[name], name


def with_due_date(course: CourseCopy, due: datetime) -> None:
    """All are late, but for one with an extension; lateness costs everything."""
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with gradebook(course) as book:
        book.update_or_create_assignment(trainees.ASSIGNMENT, duedate=due)
        book.add_student("extra", first_name="Nobody", last_name="Yet")
        book.add_student("omar", first_name="Omar", email="omar@example.org")
        book.add_submission(trainees.ASSIGNMENT, "omar")
        book.grant_extension(trainees.ASSIGNMENT, "omar", days=9)


def by_hand(course: CourseCopy) -> None:
    """What a trainer gives in formgrader, and a later hand-in."""
    with gradebook(course) as book:
        grade = book.find_grade(trainees.REFLECTION, *WHERE, "omar")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2, 0.5, False
        book.find_comment(trainees.REFLECTION, *WHERE, "omar").manual_comment = "You say why."
        book.find_grade("roots-check", *WHERE, "lena").manual_score = 8.5
        book.find_submission_notebook(*WHERE, "lena").flagged = True
        book.find_submission_notebook(*WHERE, "noah").flagged = False
        book.db.commit()
    place = course.root / "submitted" / "ivy" / trainees.ASSIGNMENT
    place.chmod(0o755)
    stamp = place / "timestamp.txt"
    stamp.unlink()
    stamp.write_text("2027-01-05 09:00:00.000000 UTC")
    (place / "responses.jsonl").write_text(
        json.dumps(
            {
                "v": 1,
                "id": "late-thought",
                "at": "2026-11-24T09:00:00.000Z",
                "kind": "reflection",
                "item": trainees.REFLECTION,
                "text": "I thought again.",
            }
        )
        + "\n"
    )


def test_the_result_is_the_stock_command_s(cycle, bank, tmp_path):
    """Marked, left alone, handed in again, marked again: each time the same rows and files."""

    def damaged(course: CourseCopy) -> None:
        release = course.root / "exercises" / trainees.ASSIGNMENT
        for name in ("copied-from", "copied-to", "metadata-stripped", "forged-marks"):
            place = course.root / "submitted" / name / trainees.ASSIGNMENT
            damage.CASES[name].change(damage.hand_in(place, release, bank))

    twins = Twins(tmp_path, cycle.unmarked)
    twins.both(damaged)
    due = datetime.utcnow().replace(microsecond=0) - timedelta(days=2)
    twins.both(lambda course: with_due_date(course, due))
    twins.mark()
    twins.assert_same()
    twins.both(by_hand)
    told = twins.mark()
    twins.assert_same()
    assert "marked now               1" in told
    twins.mark("--force")
    twins.assert_same()
    with gradebook(twins.batch) as book:
        grade = book.find_grade(trainees.REFLECTION, *WHERE, "omar")
        assert (grade.manual_score, grade.extra_credit) == (2, 0.5)
        assert book.find_comment(trainees.REFLECTION, *WHERE, "omar").comment == "You say why."
        assert book.find_submission_notebook(*WHERE, "lena").late_submission_penalty == 8.5


@pytest.fixture
def course(released, tmp_path, bank) -> CourseCopy:
    """A course with one sound submission, and one of a name that cannot be."""
    copy = CourseCopy.of(tmp_path, released.root)
    release = copy.root / "exercises" / trainees.ASSIGNMENT
    damage.hand_in(copy.root / "submitted" / "lena" / trainees.ASSIGNMENT, release, bank)
    return copy


def remove(*names: str):
    return lambda root: [
        shutil.rmtree(root / name) if (root / name).is_dir() else (root / name).unlink()
        for name in names
    ]


def not_in_gradebook(root) -> None:
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        book.remove_assignment(trainees.ASSIGNMENT)


def another_edition(root) -> None:
    path = root / "exercises" / trainees.ASSIGNMENT / trainees.NOTEBOOK
    content = path.read_text("utf-8").replace("## Your reflection", "## Your thoughts")
    path.unlink()
    path.write_text(content, "utf-8")


def damaged_release(root) -> None:
    path = root / "exercises" / trainees.ASSIGNMENT / trainees.NOTEBOOK
    path.unlink()
    path.write_text("{")


def more_points(root) -> None:
    path = root / "solutions" / trainees.ASSIGNMENT / "items.toml"
    content = path.read_text("utf-8").replace(
        '\ntype = "single"', '\ntype = "single"\npoints = 3', 1
    )
    path.write_text(content, "utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (remove("gradebook.db"), "There is no gradebook yet"),
        (remove("solutions/roots-check"), "There is no assignment “roots-check”"),
        (remove("exercises/roots-check"), "“roots-check” is not released. Run: mapt release"),
        (not_in_gradebook, "“roots-check” is not in the gradebook. Run: mapt release roots-check"),
        (another_edition, "is not the one in the gradebook. Run: mapt release roots-check"),
        (damaged_release, "is damaged. Run: mapt release roots-check"),
        (more_points, "worth 11 points in items.toml and 9 in the release"),
        (lambda root: (root / "gradebook.db").write_bytes(b"x" * 4096), "cannot be opened"),
        (lambda root: (root / "nbgrader_config.py").write_text("c = ("), "cannot be read"),
        (lambda root: (root / "autograded").write_text(""), "Nothing can be written in"),
        (
            lambda root: (root / "solutions/roots-check/items.toml").write_text("[["),
            "items.toml",
        ),
    ],
)
def test_what_is_missing_is_told_in_a_sentence(course, capsys, change, said):
    change(course.root)

    assert batch.main([trainees.ASSIGNMENT], root=course.root) == 1
    assert said in capsys.readouterr().err


def test_a_folder_that_is_not_the_course_s(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert batch.main([]) == 1
    assert "This is not the course's folder" in capsys.readouterr().err


def test_nothing_released(course, capsys):
    shutil.rmtree(course.root / "exercises")

    assert batch.main([], root=course.root) == 1
    assert "Nothing is released yet. Run: mapt release" in capsys.readouterr().err


def test_nothing_handed_in(course, capsys):
    shutil.rmtree(course.root / "submitted")

    assert batch.main([], root=course.root) == 0
    assert "roots-check: nothing handed in" in capsys.readouterr().out


def test_one_that_cannot_be_marked_is_told_and_stops_nobody(course, capsys):
    """Whatever goes wrong within one submission; here its folder in autograded/ is a file."""
    shutil.copytree(course.root / "submitted" / "lena", course.root / "submitted" / "kim")
    (course.root / "autograded").mkdir()
    (course.root / "autograded" / "kim").write_text("")

    assert batch.main([], root=course.root) == 1
    told = capsys.readouterr().out
    assert "roots-check, 1 of 2: kim, not marked\nroots-check, 2 of 2: lena, marked\n" in told
    assert "Not marked:\n  kim\n    File exists" in told
    with gradebook(course) as book:
        assert book.find_grade("roots-check", *WHERE, "lena").auto_score == 2
        assert [student.id for student in book.students] == ["lena"]


def test_what_the_gradebook_does_not_hold_is_marked_again(course, capsys):
    """A gradebook that was begun anew, beside an old autograded/ folder, is filled."""
    batch.main([], root=course.root)
    with gradebook(course) as book:
        book.remove_student("lena")

    assert batch.main([], root=course.root) == 0
    with gradebook(course) as book:
        assert book.find_grade("roots-check", *WHERE, "lena").auto_score == 2


def test_on_a_terminal_a_bar_tells_how_far_it_is(course):
    """And no line for each submission."""
    main, ours = os.openpty()
    command = [sys.executable, "-m", "mapt_course.cli", "mark"]
    env = environment(course.place / "home")
    subprocess.run(command, cwd=course.root, env=env, stdout=ours, timeout=60, check=True)
    os.close(ours)
    told = os.read(main, 100_000).decode()
    os.close(main)

    assert f"\rroots-check [{'#' * 30}] 1 of 1" in told
    assert "lena, marked" not in told
    assert "roots-check: 1 handed in\r\n" in told
