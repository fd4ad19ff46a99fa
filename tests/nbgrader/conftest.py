"""Fixtures: the assignments built once, and one full cycle of nbgrader's real commands."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trainees
from course_copy import CHECKOUT, CourseCopy, build, environment, nbgrader
from nbgrader.api import Gradebook

from mapt_course import bank as banks
from mapt_course import workfolder
from mapt_course.marking.release import own_programs_first


@pytest.fixture(scope="session", autouse=True)
def alembic() -> None:
    """nbgrader calls it by name where a gradebook is made, here as well."""
    own_programs_first()


@pytest.fixture(scope="session")
def solutions(tmp_path_factory) -> Path:
    """``solutions/`` of the checkout, copied and freshly built."""
    root = tmp_path_factory.mktemp("built")
    shutil.copytree(
        CHECKOUT / "solutions", root / "solutions", ignore=shutil.ignore_patterns("*.ipynb")
    )
    build(root)
    return root / "solutions"


@pytest.fixture(scope="session")
def bank(solutions) -> banks.Bank:
    """The bank of roots-check with its key."""
    return banks.read(solutions / "roots-check" / "items.toml")


@pytest.fixture(scope="session")
def released(tmp_path_factory, solutions) -> CourseCopy:
    """A course whose assignments are released and which nobody has handed anything in for."""
    course = CourseCopy.make(tmp_path_factory.mktemp("released"), solutions)
    course.trainer("generate_assignment", trainees.ASSIGNMENT)
    return course


@dataclass
class Cycle:
    """A cycle that has been run; ``logs``: what each command said."""

    course: CourseCopy
    logs: dict[str, str] = field(default_factory=dict)

    def autograded(self, name: str) -> Path:
        """A trainee's marked notebook."""
        return self.course.root / "autograded" / name / trainees.ASSIGNMENT / trainees.NOTEBOOK

    def feedback(self, name: str) -> str:
        """A trainee's feedback page."""
        place = self.course.root / "feedback" / name / trainees.ASSIGNMENT
        return (place / f"{trainees.ASSIGNMENT}.html").read_text(encoding="utf-8")

    @property
    def unmarked(self) -> Path:
        """The trainer's course folder as it was before it was marked."""
        return self.course.place / "unmarked"

    @property
    def gradebook(self) -> str:
        """The address of the gradebook's database."""
        return f"sqlite:///{self.course.root / 'gradebook.db'}"


@pytest.fixture(scope="session")
def cycle(tmp_path_factory, solutions, bank) -> Cycle:
    """From release to marks, for all trainees; marks by hand and feedback are in the tests."""
    course = CourseCopy.make(tmp_path_factory.mktemp("cycle"), solutions)
    run = Cycle(course)
    run.logs["generate"] = course.trainer("generate_assignment", trainees.ASSIGNMENT)
    run.logs["release"] = course.trainer("release_assignment", trainees.ASSIGNMENT)

    fetched = course.trainee("somebody")
    run.logs["fetch"] = nbgrader(
        "fetch_assignment",
        trainees.ASSIGNMENT,
        "--course=mapt",
        cwd=fetched,
        env=environment(fetched),
    )

    def hand_in(name: str) -> str:
        home = course.trainee(name)
        if name == "ada":
            workfolder.bring(home / "my course", workfolder.shipped())
            place = home / "my course" / workfolder.CHECKS
        else:
            # One fetches, the others have a copy: a fetch is the same for all, and takes a second.
            place = home
            shutil.copytree(fetched / trainees.ASSIGNMENT, place / trainees.ASSIGNMENT)
        trainees.ALL[name](place / trainees.ASSIGNMENT, bank)
        command = ("submit", trainees.ASSIGNMENT, "--course=mapt", f"--student={name}")
        return nbgrader(*command, cwd=place, env=environment(home))

    with ThreadPoolExecutor(2) as pool:
        run.logs |= dict(zip(trainees.ALL, pool.map(hand_in, trainees.ALL), strict=True))
    damage_exchange(course)
    run.logs["collect"] = course.trainer("collect", trainees.ASSIGNMENT)
    damage_submissions(course)
    shutil.copytree(course.root, run.unmarked, symlinks=True)
    run.logs["autograde"] = course.trainer("autograde", trainees.ASSIGNMENT)
    return run


@pytest.fixture(scope="session")
def returned(cycle) -> Cycle:
    """After marks and comments by hand, given as formgrader gives them: feedback and export."""
    where = (trainees.REFLECTION, trainees.ASSIGNMENT, trainees.ASSIGNMENT)
    with Gradebook(cycle.gradebook) as gradebook:
        for name, score in {"omar": 2, "ben": 1, "eve": 1, "lena": 4}.items():
            grade = gradebook.find_grade(*where, name)
            grade.manual_score, grade.needs_manual_grade = score, False
            # A trainer may quote what a trainee wrote.
            quoted = f"{trainees.COMMENT}\n\n{trainees.HOSTILE.format('quoted')}"
            comment = quoted if name == "eve" else trainees.COMMENT
            gradebook.find_comment(*where, name).manual_comment = comment
        gradebook.db.commit()
    for command in ("generate_feedback", "release_feedback"):
        cycle.logs[command] = cycle.course.trainer(command, trainees.ASSIGNMENT)
    cycle.logs["export"] = cycle.course.trainer("export", "--to=marks.csv")
    return cycle


@pytest.fixture
def page(browser):
    """A page on this machine; it must ask no other for anything (but what is tried on purpose)."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    asked = []
    context.route(
        re.compile(r"^(?!(file://|data:|http://127\.0\.0\.1[:/]))"),
        lambda route: (asked.append(route.request.url), route.abort()),
    )
    yield context.new_page()
    context.close()
    assert asked == [], "a page asked another computer"


def damage_exchange(course: CourseCopy) -> None:
    """What anybody may put into the inbound folder by hand."""
    inbound = course.exchange / "mapt" / "inbound"
    when = "2026-11-24 09:00:00.000000 UTC"
    hostile = inbound / f"<img src=x onerror=ran_name=1>+{trainees.ASSIGNMENT}+{when}+x"
    hostile.mkdir()
    for name in ("zoe", "max"):
        (inbound / f"{name}+{trainees.ASSIGNMENT}+yesterday+x").mkdir()
    linked = inbound / f"kim+{trainees.ASSIGNMENT}+{when}+x"
    linked.mkdir()
    key = course.root / "solutions" / trainees.ASSIGNMENT / "items.toml"
    (linked / "key.txt").symlink_to(key)
    (linked / "responses.jsonl").symlink_to(key)
    (linked / "nowhere").symlink_to("/no/such/file")
    (linked / trainees.NOTEBOOK).write_text("{ this is no notebook")


def damage_submissions(course: CourseCopy) -> None:
    """What may come by other ways than the exchange."""
    place = course.root / "submitted" / "sam" / trainees.ASSIGNMENT
    place.mkdir(parents=True)
    (place / "my work.ipynb").write_text("[]")
    (place / "other work.ipynb").mkdir()
    (place / "timestamp.txt").write_bytes(b"\xff yesterday")
    (place / "key.html").symlink_to(course.root / "solutions" / trainees.ASSIGNMENT / "items.toml")
