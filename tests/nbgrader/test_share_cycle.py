"""Two markers, from the command line and with the real formgrader: marked, and merged."""

from __future__ import annotations

import io
import shutil
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import formgrader
import pytest
import trainees
from course_copy import CHECKOUT
from nbgrader.api import Gradebook

from mapt_course import cli

WHERE = (trainees.ASSIGNMENT, trainees.ASSIGNMENT)


def mapt(home: Path, *words: str) -> str:
    """A command of a person whose copy of the project is ``home/course``; what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(home / "course"), redirect_stdout(out), redirect_stderr(err):
        code = cli.main(words)
    assert (code, err.getvalue()) == (0, "")
    return out.getvalue()


def gradebook(home: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{home / 'course' / 'gradebook.db'}")


@dataclass(frozen=True)
class Shared:
    """What the commands printed; who was dealt; the lead's home."""

    told: dict[str, str]
    dealt: dict[str, list[str]]
    lead: Path


@pytest.fixture(scope="module")
def shared(cycle, solutions, tmp_path_factory) -> Shared:
    """Dealt, opened, marked (Anna in formgrader), returned and merged."""
    place = tmp_path_factory.mktemp("markers")
    lead, anna, ben = (place / name for name in ("lead", "anna", "ben"))
    shutil.copytree(cycle.course.root, lead / "course")
    with gradebook(lead) as book:  # other tests may have given marks
        for submission in book.assignment_submissions(trainees.ASSIGNMENT):
            for grade in submission.notebooks[0].grades:
                grade.manual_score = None
                grade.needs_manual_grade = grade.auto_score is None
            for comment in submission.notebooks[0].comments:
                comment.manual_comment = None
        book.db.commit()
    told = {"split": mapt(lead, "share", "split", "roots-check", "--among", "anna,ben")}
    dealt = {}
    for home in (anna, ben):
        shutil.copytree(solutions, home / "course" / "solutions")
        shutil.copy(CHECKOUT / "nbgrader_config.py", home / "course")
        share = lead / "course/shares/roots-check" / f"{home.name}.zip"
        told[f"open {home.name}"] = mapt(home, "share", "open", str(share))
        with gradebook(home) as book:
            rows = book.notebook_submission_dicts(*WHERE)
        dealt[home.name] = sorted(row["student"] for row in rows)

    with formgrader.running(anna / "course", anna / "settings") as page:
        listed = page.ask("api/submitted_notebooks/roots-check/roots-check")
        assert sorted(row["student"] for row in listed) == dealt["anna"]
        for row in listed:
            told[row["student"]] = page.ask(f"submissions/{row['id']}/")
            [grade] = [
                each
                for each in page.ask(f"api/grades?submission_id={row['id']}")
                if each["name"] == trainees.REFLECTION
            ]
            [comment] = page.ask(f"api/comments?submission_id={row['id']}")
            score = {"manual_score": "3", "extra_credit": None}
            page.ask(f"api/grade/{grade['id']}", {**grade, **score})
            said = {"manual_comment": f"Thank you, {row['student']}."}
            page.ask(f"api/comment/{comment['id']}", {**comment, **said})
    with gradebook(ben) as book:
        for name in dealt["ben"]:
            grade = book.find_grade(trainees.REFLECTION, *WHERE, name)
            grade.manual_score, grade.needs_manual_grade = 2, False
        book.db.commit()
    returns = []
    for home in (anna, ben):
        told[f"return {home.name}"] = mapt(home, "share", "return", "roots-check")
        returns += (home / "course/shares/roots-check").glob("roots-check-marks-of-*.zip")
    told["merge"] = mapt(lead, "share", "merge", *map(str, returns))
    return Shared(told, dealt, lead)


def test_who_wrote_is_dealt_evenly(shared, cycle):
    with Gradebook(cycle.gradebook) as book:
        wrote = sorted(
            each.student_id
            for each in book.assignment_submissions(trainees.ASSIGNMENT)
            if book.find_grade(trainees.REFLECTION, *WHERE, each.student_id).auto_score is None
        )
    assert sorted(shared.dealt["anna"] + shared.dealt["ben"]) == wrote
    assert abs(len(shared.dealt["anna"]) - len(shared.dealt["ben"])) <= 1


def test_a_marker_sees_in_formgrader_what_the_lead_would(shared, cycle):
    for name in shared.dealt["anna"]:
        own = cycle.autograded(name)
        copy = shared.lead.parent / "anna/course" / own.relative_to(cycle.course.root)
        assert copy.read_bytes() == own.read_bytes()
        assert "Roots: module check:" in shared.told[name]
        assert 'class="tex2jax_ignore"' in shared.told[name]


def test_every_mark_is_in_the_lead_s_gradebook(shared):
    with gradebook(shared.lead) as book:
        for marker, score in (("anna", 3), ("ben", 2)):
            for name in shared.dealt[marker]:
                grade = book.find_grade(trainees.REFLECTION, *WHERE, name)
                comment = book.find_comment(trainees.REFLECTION, *WHERE, name)
                assert (grade.manual_score, grade.needs_manual_grade) == (score, False)
                said = f"Thank you, {name}." if marker == "anna" else None
                assert comment.manual_comment == said
                assert grade.notebook.score == pytest.approx(trainees.SCORES[name] + score, 1e-4)
        assert not book.find_assignment(trainees.ASSIGNMENT).notebooks[0].needs_manual_grade


def test_each_step_says_what_to_do_next(shared):
    sizes = {name: len(dealt) for name, dealt in shared.dealt.items()}

    assert "shares/roots-check/anna.zip" in shared.told["split"]
    assert "There: mapt share open ZIP" in shared.told["split"]
    told = shared.told["open anna"]
    assert f"roots-check: {sizes['anna']} submissions to be read, for anna." in told
    assert "mapt share return roots-check" in told
    assert (
        "Send this file to the lead: shares/roots-check/roots-check-marks-of-ben.zip"
        in shared.told["return ben"]
    )
    assert shared.told["merge"] == (
        f"anna: {sizes['anna']} submissions; marks and comments: {2 * sizes['anna']} new.\n"
        f"ben: {sizes['ben']} submissions; marks and comments: {sizes['ben']} new.\n"
        "If formgrader is open, stop JupyterLab and start it again: it shows the old marks.\n"
    )
