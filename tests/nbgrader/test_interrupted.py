"""``mapt mark`` killed in the middle, twice at once, and beside a trainer who saves scores."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap

import damage
import pytest
import trainees
from course_copy import CourseCopy, environment
from gradebooks import dump, files

COHORT = 24
WHERE = (trainees.ASSIGNMENT, trainees.ASSIGNMENT)


@pytest.fixture(scope="module")
def handed_in(released, bank, tmp_path_factory) -> CourseCopy:
    """A cohort that is not marked."""
    course = CourseCopy.of(tmp_path_factory.mktemp("cohort"), released.root)
    release = course.root / "exercises" / trainees.ASSIGNMENT
    for number in range(COHORT):
        answers = [
            {"kind": "response", "item": f"roots-check-{n}", "response": bank.items[item].key}
            for n, item in ((8, "roots-check-8"),)
            if number % 2
        ]
        place = course.root / "submitted" / f"trainee{number}" / trainees.ASSIGNMENT
        damage.hand_in(place, release, bank, *answers)
    return course


@pytest.fixture(scope="module")
def at_once(handed_in, tmp_path_factory) -> CourseCopy:
    """The same cohort, marked in one undisturbed run."""
    course = CourseCopy.of(tmp_path_factory.mktemp("at-once"), handed_in.root)
    done = course.mark()
    assert done.returncode == 0, done.stdout + done.stderr
    return course


def assert_same(one: CourseCopy, other: CourseCopy) -> None:
    assert dump(one.root / "gradebook.db") == dump(other.root / "gradebook.db")
    assert files(one.root / "autograded") == files(other.root / "autograded")


def run(course: CourseCopy, code: str, *arguments: str) -> subprocess.Popen:
    """A program of its own that has this package and nbgrader."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(course.root), *arguments],
        env=environment(course.place / "home"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


# Marking is loaded once; each process that is killed is a real one, forked from there.
KILLED = """
    import os, random, signal, sqlite3, sys, time
    from pathlib import Path
    from mapt_course.marking import batch

    root, force = Path(sys.argv[1]), sys.argv[2:] == ["--force"]
    chance = random.Random(11)
    killed = 0
    for _ in range(10):
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            sys.stdout = open(theirs, "w")
            os._exit(batch.main([], force, root))
        os.close(theirs)
        with open(ours) as told:
            wanted = chance.randint(1, 12) if force else 1
            for line in told:
                wanted -= line.endswith(" marked\\n")
                if not wanted:
                    break
            time.sleep(chance.uniform(0, 0.015))
            os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        # What is in its place is whole, and its marks are in the gradebook.
        with sqlite3.connect(root / "gradebook.db") as book:
            assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            known = dict(book.execute(
                "SELECT student_id, auto_score FROM submitted_assignment AS s"
                " JOIN submitted_notebook AS n ON n.assignment_id = s.id"
                " JOIN grade AS g ON g.notebook_id = n.id"
                " JOIN grade_cells AS c ON c.id = g.cell_id WHERE c.cell_type = 'code'"
            ))
        book.close()
        for place in (root / "autograded").glob("[!.]*/roots-check"):
            assert len(list(place.iterdir())) == 4, place
            assert known[place.parent.name] is not None
    print(f"killed {killed} times, marked {len(known)}")
    assert killed > 4
    assert batch.main([], force, root) == 0
"""


@pytest.mark.parametrize("options", [(), ("--force",)])
def test_killed_again_and_again_the_result_is_that_of_one_run(
    handed_in, at_once, tmp_path, options
):
    """SIGKILL at any moment leaves whole submissions only, and the next run does the rest."""
    course = CourseCopy.of(tmp_path, (at_once if options else handed_in).root)
    process = run(course, KILLED, *options)
    output, _ = process.communicate(timeout=120)

    assert process.returncode == 0, output
    assert_same(course, at_once)
    assert not list((course.root / "autograded").glob(".marking-*"))


WAITS = """
    import sys
    from pathlib import Path
    from mapt_course.marking import batch

    print("ready", flush=True)
    sys.stdin.readline()
    sys.exit(batch.main([], False, Path(sys.argv[1])))
"""


def test_two_at_once_mark_each_submission_once(handed_in, at_once, tmp_path):
    """Each takes what the other has not done; together it is one run's result."""
    course = CourseCopy.of(tmp_path, handed_in.root)
    both = [run(course, WAITS) for _ in range(2)]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0], outputs
    marked = [int(re.search(r"marked now +(\d+)", output)[1]) for output in outputs]
    assert sum(marked) == COHORT
    assert_same(course, at_once)


# As formgrader's handler saves: the row is read, changed, committed, a session each time.
SAVES = """
    import sys, time
    sys.modules["rfc3987_syntax"] = None
    from nbgrader.api import Gradebook

    print("ready", flush=True)
    for turn in range(2):
        for number in range(24):
            with Gradebook(f"sqlite:///{sys.argv[1]}/gradebook.db", "mapt") as book:
                where = ("roots-check", "roots-check", f"trainee{number}")
                grade = book.find_grade("roots-check-r1", *where)
                grade.manual_score, grade.needs_manual_grade = number % 5, False
                book.find_comment("roots-check-r1", *where).manual_comment = f"{turn} {number}"
                book.db.flush()
                time.sleep(0.05)  # a slow disk: the gradebook is locked for as long
                book.db.commit()
"""


def test_scores_that_are_saved_meanwhile_stay(at_once, tmp_path):
    """Nothing that a trainer gives by hand is lost, and no mark of the questions."""
    course = CourseCopy.of(tmp_path, at_once.root)
    trainer = run(course, SAVES)
    assert trainer.stdout.readline() == "ready\n"
    while trainer.poll() is None:
        done = course.mark("--force", timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
    assert trainer.wait() == 0, trainer.stdout.read()

    tables = dump(course.root / "gradebook.db")
    given = {row["notebook_id"].split("/")[1]: row["manual_comment"] for row in tables["comment"]}
    assert given == {f"trainee{number}": f"1 {number}" for number in range(COHORT)}
    scores = {
        row["notebook_id"].split("/")[1]: row["manual_score"]
        for row in tables["grade"]
        if row["manual_score"] is not None
    }
    assert scores == {f"trainee{number}": number % 5 for number in range(COHORT)}
    expected = dump(at_once.root / "gradebook.db")["grade"]
    assert [row["auto_score"] for row in tables["grade"]] == [r["auto_score"] for r in expected]
