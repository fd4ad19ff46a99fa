"""``mapt mark`` and ``nbgrader autograde`` on two copies of one course: the same result."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import trainees
from course_copy import CourseCopy
from gradebooks import dump, files
from nbgrader.api import Gradebook

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


def with_due_date(course: CourseCopy) -> None:
    """All are two days late, but for one with an extension; lateness costs everything."""
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with gradebook(course) as book:
        due = datetime.utcnow().replace(microsecond=0) - timedelta(days=2)
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


def test_the_result_is_the_stock_command_s(cycle, tmp_path):
    """Marked, left alone, handed in again, marked again: each time the same rows and files."""
    twins = Twins(tmp_path, cycle.unmarked)
    twins.both(with_due_date)
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
