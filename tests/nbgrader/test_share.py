"""``mapt share``: dealt, opened, returned and merged; broken off, damaged, and done twice."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import sys
import zipfile
from pathlib import Path

import cohort
import pytest

from mapt_course.marking import gradebook
from mapt_course.marking.share import command

LENA, OMAR, IVY, ZOE = "lena", "omar", "ivy", "zoë.müller@example.org"
WAITING = (None, None, None, True)


class Desks:
    """The folders of the lead and of two markers, and the steps of ``mapt share``."""

    def __init__(self, place: Path):
        self.place = place
        self.lead, self.anna, self.ben = (place / name for name in ("lead", "anna", "ben"))

    def split(self, among: str = "anna,ben", again: bool = False) -> int:
        return command.main("split", self.lead, assignment="roots-check", among=among, again=again)

    def dealt(self, name: str) -> Path:
        return self.lead / "shares/roots-check" / f"{name}.zip"

    def open(self, home: Path, path: Path) -> int:
        return command.main("open", home, zip=str(path))

    def hand_back(self, home: Path) -> Path:
        """The return, under a name of its own, as mail keeps them."""
        assert command.main("return", home, assignment="roots-check") == 0
        [path] = (home / "shares/roots-check").glob("roots-check-marks-of-*.zip")
        number = len(list(self.place.glob("return-*.zip")))
        return Path(shutil.copy(path, self.place / f"return-{number}.zip"))

    def merge(self, *zips: Path, take: str | None = None) -> int:
        return command.main("merge", self.lead, zips=[str(each) for each in zips], take=take)

    def give(self, home: Path, trainee: str, *mark, **more) -> None:
        with cohort.opened(home) as gradebook:
            cohort.give(gradebook, trainee, *mark, **more)

    def marks(self, home: Path) -> dict[str, tuple]:
        with cohort.opened(home) as gradebook:
            return cohort.marks(gradebook)

    def hand_in_again(self, trainee: str, score: float = 8) -> None:
        cohort.hand_in(self.lead, trainee, "again")
        with cohort.opened(self.lead) as gradebook:
            cohort.autograde(gradebook, [trainee], score)


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Path:
    """Three who wrote and one who did not, marked by machine; two markers with empty folders."""
    place = tmp_path_factory.mktemp("before")
    lead = cohort.course(place / "lead")
    with cohort.opened(lead) as gradebook:
        empty = shutil.copy(lead / "gradebook.db", place / "empty.db")
        cohort.add_assignment(gradebook)
        cohort.add_trainees(gradebook, [LENA, OMAR, IVY, ZOE])
        cohort.autograde(gradebook, [LENA, OMAR, ZOE], 5.5)
        cohort.autograde(gradebook, [IVY], 2, wrote=False)
    for trainee in (LENA, OMAR, IVY, ZOE):
        cohort.hand_in(lead, trainee)
    for name in ("anna", "ben"):
        cohort.course(place / name, empty)
    return place


@pytest.fixture
def desks(before, tmp_path) -> Desks:
    """Nothing dealt yet."""
    return Desks(shutil.copytree(before, tmp_path / "desks"))


@pytest.fixture(scope="module")
def after(before, tmp_path_factory) -> Path:
    """Dealt and opened: Lena and Zoë are with Anna, Omar with Ben."""
    desks = Desks(shutil.copytree(before, tmp_path_factory.mktemp("after") / "desks"))
    assert desks.split() == 0
    assert desks.open(desks.anna, desks.dealt("anna")) == 0
    assert desks.open(desks.ben, desks.dealt("ben")) == 0
    return desks.place


@pytest.fixture
def opened(after, tmp_path) -> Desks:
    """As ``after`` has it."""
    return Desks(shutil.copytree(after, tmp_path / "desks"))


# Dealing


def test_a_share_holds_one_marker_s_submissions_and_no_more(desks, capsys):
    (desks.lead / "submitted" / LENA / "roots-check" / "link").symlink_to("/etc/hostname")
    (desks.lead / "submitted" / LENA / "roots-check" / "page.html").write_text("<p>")
    assert desks.split() == 0

    told = capsys.readouterr().out
    assert "anna  2 submissions" in told
    assert "ben   1 submission " in told
    with zipfile.ZipFile(desks.dealt("anna")) as archive:
        names = archive.namelist()
        paper = archive.read("share.json").decode()
        assert not any(b"0123456789abcdef" in archive.read(name) for name in names)
    files = ("responses.jsonl", "roots-check.ipynb", "timestamp.txt")
    assert sorted(names) == sorted(
        ["share.json"]
        + [
            f"{step}/{trainee}/roots-check/{file}"
            for trainee in (LENA, ZOE)
            for step in ("submitted", "autograded")
            for file in files
        ]
    )
    assert OMAR not in paper
    assert IVY not in paper
    assert "lena@example.org" not in paper


def test_what_takes_long_is_told(desks, capsys, monkeypatch):
    monkeypatch.setattr(command, "PATIENCE", 0)
    desks.split()
    desks.open(desks.anna, desks.dealt("anna"))

    assert capsys.readouterr().err.splitlines() == [
        "Looking through the submissions … 3 of 3",
        "Writing the zips … 3 of 3",
        "Unpacking … 2 of 2",
    ]


def test_dealing_again_deals_what_is_new(opened, capsys):
    capsys.readouterr()
    with cohort.opened(opened.lead) as gradebook:
        cohort.add_trainees(gradebook, ["max"])
        cohort.autograde(gradebook, ["max"], 3)
    cohort.hand_in(opened.lead, "max")
    assert opened.split(among="") == 0

    assert "With a marker already: 3 submissions." in capsys.readouterr().out
    assert not opened.dealt("anna~2").exists()
    with zipfile.ZipFile(opened.dealt("ben~2")) as archive:
        assert list(json.loads(archive.read("share.json"))["trainees"]) == ["max"]
    assert opened.split() == 0
    assert "roots-check: nothing is left to deal." in capsys.readouterr().out


def test_who_hands_in_again_stays_with_the_marker(opened):
    opened.hand_in_again(LENA)
    assert opened.split() == 0

    with zipfile.ZipFile(opened.dealt("anna~2")) as archive:
        assert list(json.loads(archive.read("share.json"))["trainees"]) == [LENA]


def test_again_deals_what_a_marker_has_to_another(opened):
    assert opened.split(among="ben", again=True) == 0

    with zipfile.ZipFile(opened.dealt("ben~2")) as archive:
        assert sorted(json.loads(archive.read("share.json"))["trainees"]) == [LENA, OMAR, ZOE]


def test_a_submission_without_its_marked_notebook_is_told(desks, capsys):
    shutil.rmtree(desks.lead / "autograded" / OMAR)
    assert desks.split() == 1

    assert "they are not marked by machine yet: omar." in capsys.readouterr().out


def test_a_later_hand_in_is_dealt_when_it_is_marked(desks, capsys):
    record = desks.lead / "submitted" / LENA / "roots-check" / "responses.jsonl"
    record.write_text("later\n")
    assert desks.split() == 1
    assert "they are not marked by machine yet: lena." in capsys.readouterr().out

    shutil.copy(record, desks.lead / "autograded" / LENA / "roots-check")
    assert desks.split() == 0
    assert "1 submission " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("among", "said"),
    [
        ("", "Name the markers: "),
        ("0", "Share among 1 to 200 markers."),
        ("anna,../ben", "“../ben” is no name for a marker"),
        ("anna,,ben", "“” is no name for a marker"),
        ("anna,Anna", "A marker is named twice."),
    ],
)
def test_markers_that_cannot_be(desks, capsys, among, said):
    assert desks.split(among) == 1
    assert said in capsys.readouterr().err
    assert not (desks.lead / "shares").exists()


def test_an_assignment_that_there_is_not(desks, capsys):
    given = {"assignment": "hubs-check", "among": "2", "again": False}
    assert command.main("split", desks.lead, **given) == 1
    assert "has no assignment “hubs-check”" in capsys.readouterr().err


# Opening


def test_an_opened_share_is_there_to_be_marked(opened):
    assert opened.marks(opened.anna) == {LENA: WAITING, ZOE: WAITING}
    for step in ("submitted", "autograded"):
        assert {each.name for each in (opened.anna / step).iterdir()} == {LENA, ZOE}
    with cohort.opened(opened.anna) as gradebook:
        [told] = [
            each for each in gradebook.submission_dicts("roots-check") if each["student"] == LENA
        ]
    assert (told["score"], told["max_score"]) == (5.5, 13)
    assert [each.name for each in (opened.anna / "shares").iterdir()] == ["roots-check"]


def test_the_flag_and_a_late_penalty_come_with_it(desks):
    with cohort.opened(desks.lead) as gradebook:
        notebook = gradebook.find_submission_notebook("roots-check", "roots-check", LENA)
        notebook.flagged, notebook.late_submission_penalty = True, 1.5
        gradebook.db.commit()
    desks.split()
    desks.open(desks.anna, desks.dealt("anna"))

    with cohort.opened(desks.anna) as gradebook:
        notebook = gradebook.find_submission_notebook("roots-check", "roots-check", LENA)
        assert (notebook.flagged, notebook.late_submission_penalty) == (True, 1.5)


def test_a_strange_hand_in_keeps_nobody_from_opening(desks):
    """Hundreds of files, folders in folders, and names that no zip should have."""
    place = desks.lead / "submitted" / LENA / "roots-check"
    (place / "/".join("x" * 20)).mkdir(parents=True)
    (place / "/".join("x" * 20) / "deep").write_text("")
    for name in ("a\nb", "..\\up", "C:\\up", os.fsdecode(b"\xff"), *map(str, range(300))):
        (place / name).write_text("")
    desks.split()

    assert desks.open(desks.anna, desks.dealt("anna")) == 0
    assert desks.marks(desks.anna) == {LENA: WAITING, ZOE: WAITING}
    copied = list((desks.anna / "submitted" / LENA / "roots-check").rglob("*"))
    assert len(copied) == 200
    assert not [each for each in copied if "up" in each.name]


def test_opening_twice_changes_nothing(opened, capsys):
    opened.give(opened.anna, LENA, 3, "Why?")
    marked = opened.marks(opened.anna)
    assert opened.open(opened.anna, opened.dealt("anna")) == 0

    assert "This share was opened before." in capsys.readouterr().out
    assert opened.marks(opened.anna) == marked


def test_what_is_the_marker_s_own_is_left_alone(desks, capsys):
    """A trainee whom the marker has already, and one whose files lie there unmarked."""
    desks.split(among="anna")
    with cohort.opened(desks.anna) as gradebook:
        cohort.add_assignment(gradebook)
        cohort.add_trainees(gradebook, [LENA])
    desks.give(desks.anna, LENA, 1, "Mine")
    cohort.hand_in(desks.anna, OMAR, "own")
    assert desks.open(desks.anna, desks.dealt("anna")) == 0

    assert "Left alone, because they were here already: lena, omar." in capsys.readouterr().out
    assert desks.marks(desks.anna) == {LENA: (1, None, "Mine", False), ZOE: WAITING}
    own = desks.anna / "submitted" / OMAR / "roots-check" / "responses.jsonl"
    assert own.read_text() == "own omar\n"
    with zipfile.ZipFile(desks.hand_back(desks.anna)) as archive:
        assert list(json.loads(archive.read("return.json"))["trainees"]) == [ZOE]


def test_another_edition_of_the_assignment_is_refused(desks, capsys):
    desks.split()
    with cohort.opened(desks.anna) as gradebook:
        cohort.add_assignment(gradebook)
        gradebook.find_grade_cell("roots-check-r1", "roots-check", "roots-check").max_score = 8
        gradebook.db.commit()
    assert desks.open(desks.anna, desks.dealt("anna")) == 1

    assert "another edition of “roots-check”" in capsys.readouterr().err
    assert desks.marks(desks.anna) == {}


def test_a_later_hand_in_comes_to_the_marker_and_waits_again(opened):
    opened.give(opened.anna, LENA, 3, "Why?")
    opened.give(opened.anna, ZOE, 2)
    opened.hand_in_again(LENA, 8)
    assert opened.split() == 0
    assert opened.open(opened.anna, opened.dealt("anna~2")) == 0

    assert opened.marks(opened.anna) == {
        LENA: (3, None, "Why?", True),
        ZOE: (2, None, None, False),
    }
    for step in ("submitted", "autograded"):
        record = opened.anna / step / LENA / "roots-check" / "responses.jsonl"
        assert record.read_text() == "again lena\n"
    with cohort.opened(opened.anna) as gradebook:
        where = ("roots-check", "roots-check", "roots-check", LENA)
        assert gradebook.find_grade(*where).auto_score == 8
    opened.give(opened.anna, LENA, 4, "Better.")
    assert opened.merge(opened.hand_back(opened.anna)) == 0
    assert opened.marks(opened.lead)[LENA] == (4, None, "Better.", False)


def test_a_conflict_at_a_marker_s_is_told_the_lead(opened):
    """The lead gave a mark before the share was dealt again, the marker had given another."""
    opened.give(opened.anna, LENA, 3)
    opened.give(opened.lead, LENA, 1)
    opened.hand_in_again(LENA)
    opened.split()
    opened.open(opened.anna, opened.dealt("anna~2"))

    assert opened.marks(opened.anna)[LENA] == (3, None, None, True)
    assert opened.merge(opened.hand_back(opened.anna)) == 1
    assert opened.marks(opened.lead)[LENA] == (1, None, None, True)


# Returning and merging


def test_marks_come_back(opened, capsys):
    opened.give(opened.anna, LENA, 3, "Why?", extra=0.5)
    opened.give(opened.anna, LENA, 7, cell="roots-check")  # the sum of the questions, put right
    opened.give(opened.ben, OMAR, 0, "Ask me.")
    capsys.readouterr()
    anna, ben = opened.hand_back(opened.anna), opened.hand_back(opened.ben)
    assert "anna: 2 submissions, 1 of them still to be marked." in capsys.readouterr().out
    assert opened.merge(anna, ben) == 0

    assert opened.marks(opened.lead) == {
        LENA: (3, 0.5, "Why?", False),
        OMAR: (0, None, "Ask me.", False),
        ZOE: WAITING,
        IVY: (None, None, None, False),
    }
    with cohort.opened(opened.lead) as gradebook:
        where = ("roots-check", "roots-check", "roots-check", LENA)
        assert gradebook.find_grade(*where).manual_score == 7
    told = capsys.readouterr().out
    assert "anna: 2 submissions; marks and comments: 4 new." in told
    assert "ben: 1 submission; marks and comments: 2 new." in told


def test_later_returns_follow_earlier_ones_in_any_order(opened, capsys):
    opened.give(opened.anna, LENA, 3, "Why?")
    first = opened.hand_back(opened.anna)
    opened.give(opened.anna, LENA, 4, "")
    opened.give(opened.anna, ZOE, 2)
    second = opened.hand_back(opened.anna)
    opened.give(opened.anna, ZOE, None)
    third = opened.hand_back(opened.anna)

    assert opened.merge(first) == 0
    assert opened.marks(opened.lead)[LENA] == (3, None, "Why?", False)
    assert opened.merge(second) == 0
    assert opened.marks(opened.lead)[LENA] == (4, None, None, False)
    assert opened.marks(opened.lead)[ZOE] == (2, None, None, False)
    assert opened.merge(third) == 0
    capsys.readouterr()
    assert opened.merge(second, first) == 0
    assert capsys.readouterr().out.count("a later return was merged before this one") == 2
    assert opened.marks(opened.lead)[LENA] == (4, None, None, False)
    assert opened.marks(opened.lead)[ZOE] == WAITING


def conflicts(desks: Desks) -> list[list[str]]:
    path = desks.lead / "shares/roots-check/conflicts.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.fixture
def disputed(opened) -> tuple[Desks, Path]:
    """Lead and Anna disagree on Lena's score and comment; Anna's return."""
    opened.give(opened.lead, LENA, 1, "No.")
    opened.give(opened.anna, LENA, 3, "=1+1")
    opened.give(opened.anna, ZOE, 2)
    return opened, opened.hand_back(opened.anna)


def test_a_conflict_is_shown_and_ours_stays(disputed, capsys):
    desks, back = disputed
    capsys.readouterr()
    assert desks.merge(back) == 1

    told = capsys.readouterr().out
    assert "anna: 2 submissions; marks and comments: 1 new, 2 in conflict." in told
    assert [line.split() for line in told.splitlines() if line.startswith("lena")] == [
        ["lena", "roots-check-r1", "comment", "“No.”", "“=1+1”", "anna"],
        ["lena", "roots-check-r1", "score", "1", "3", "anna"],
    ]
    assert "--take theirs or --take ours" in told
    assert desks.marks(desks.lead)[LENA] == (1, None, "No.", False)
    assert desks.marks(desks.lead)[ZOE] == (2, None, None, False)
    where = [LENA, "roots-check", "roots-check-r1"]
    assert conflicts(desks) == [
        [*where, "comment", "No.", "'=1+1", "anna"],
        [*where, "score", "1.0", "3.0", "anna"],
    ]


@pytest.mark.parametrize(
    ("take", "left"), [("ours", (1, None, "No.", False)), ("theirs", (3, None, "=1+1", False))]
)
def test_a_conflict_is_settled(disputed, take, left):
    desks, back = disputed
    assert desks.merge(back) == 1
    assert desks.merge(back, take=take) == 0

    assert desks.marks(desks.lead)[LENA] == left
    assert conflicts(desks) == []
    assert desks.merge(desks.hand_back(desks.anna)) == 0
    assert desks.marks(desks.lead)[LENA] == left


def test_a_conflict_is_settled_in_formgrader(disputed):
    desks, back = disputed
    desks.merge(back)
    desks.give(desks.lead, LENA, 3, "=1+1")

    assert desks.merge(back) == 0
    assert conflicts(desks) == []


def test_a_conflict_that_was_not_settled_comes_with_the_next_return(disputed):
    desks, back = disputed
    desks.merge(back)
    desks.give(desks.anna, ZOE, 4)

    assert desks.merge(desks.hand_back(desks.anna)) == 1
    assert [row[3:6] for row in conflicts(desks)] == [
        ["comment", "No.", "'=1+1"],
        ["score", "1.0", "3.0"],
    ]
    assert desks.marks(desks.lead)[ZOE] == (4, None, None, False)


def test_a_mark_for_an_earlier_hand_in_is_kept_and_read_again(opened, capsys):
    opened.give(opened.anna, LENA, 3)
    opened.give(opened.anna, ZOE, 2)
    back = opened.hand_back(opened.anna)
    opened.hand_in_again(LENA)
    for _ in range(2):
        assert opened.merge(back) == 0
        assert opened.marks(opened.lead)[LENA] == (3, None, None, True)
        assert opened.marks(opened.lead)[ZOE] == (2, None, None, False)
    assert "Handed in again since, and to be read again: lena." in capsys.readouterr().out


def test_a_mark_seen_again_after_another_autograding_waits_no_more(opened):
    """nbgrader asks for a look at a mark by hand each time that it marks again."""
    opened.give(opened.lead, LENA, 3)
    with cohort.opened(opened.lead) as gradebook:
        cohort.autograde(gradebook, [LENA], 6)
    opened.split(again=True)
    opened.open(opened.anna, opened.dealt("anna~2"))
    assert opened.marks(opened.anna)[LENA] == (3, None, None, True)
    opened.give(opened.anna, LENA, 3)

    assert opened.merge(opened.hand_back(opened.anna)) == 0
    assert opened.marks(opened.lead)[LENA] == (3, None, None, False)


def test_two_markers_of_one_trainee_are_in_conflict_with_each_other(opened):
    opened.split(among="ben", again=True)
    opened.open(opened.ben, opened.dealt("ben~2"))
    opened.give(opened.anna, LENA, 3)
    opened.give(opened.ben, LENA, 2)
    assert opened.merge(opened.hand_back(opened.ben)) == 0
    assert opened.merge(opened.hand_back(opened.anna)) == 1

    assert opened.marks(opened.lead)[LENA] == (2, None, None, False)
    assert [row[3:] for row in conflicts(opened)] == [["score", "2.0", "3.0", "anna"]]


def test_who_is_not_in_the_gradebook_is_told(opened, capsys):
    opened.give(opened.anna, LENA, 3)
    opened.give(opened.anna, ZOE, 2)
    back = opened.hand_back(opened.anna)
    with cohort.opened(opened.lead) as gradebook:
        gradebook.remove_student(LENA)
    assert opened.merge(back) == 1

    assert "Not in this gradebook, and left out: lena." in capsys.readouterr().out
    assert opened.marks(opened.lead)[ZOE] == (2, None, None, False)


def test_a_trainee_taken_out_at_the_marker_s_takes_no_mark_away(opened):
    opened.give(opened.anna, LENA, 3)
    assert opened.merge(opened.hand_back(opened.anna)) == 0
    with cohort.opened(opened.anna) as gradebook:
        gradebook.remove_student(LENA)
    assert opened.merge(opened.hand_back(opened.anna)) == 0

    assert opened.marks(opened.lead)[LENA] == (3, None, None, False)


@pytest.mark.parametrize("score", [5, -1])
def test_points_that_cannot_be_given_are_refused(opened, capsys, score):
    opened.give(opened.anna, LENA, score)
    opened.give(opened.anna, ZOE, 2)
    opened.give(opened.ben, OMAR, 2)
    anna, ben = opened.hand_back(opened.anna), opened.hand_back(opened.ben)
    assert opened.merge(anna, ben) == 1

    assert f"It gives lena {score} points for “roots-check-r1”" in capsys.readouterr().err
    assert opened.marks(opened.lead)[ZOE] == WAITING
    assert opened.marks(opened.lead)[OMAR] == (2, None, None, False)


def test_nothing_to_return(desks, capsys):
    assert command.main("return", desks.anna, assignment="roots-check") == 1
    assert "No share of “roots-check” was opened here." in capsys.readouterr().err


def test_a_gradebook_in_use_is_told(opened, capsys, monkeypatch):
    opened.give(opened.anna, LENA, 3)
    back = opened.hand_back(opened.anna)
    monkeypatch.setattr(gradebook, "PATIENCE", 0.1)
    other = sqlite3.connect(opened.lead / "gradebook.db")
    other.execute("BEGIN IMMEDIATE")
    try:
        assert opened.merge(back) == 1
    finally:
        other.close()
    assert "Another program kept the gradebook busy" in capsys.readouterr().err
    assert opened.merge(back) == 0


# Broken off


def run_and_kill(step, desks: Desks, moment: int = 0) -> int:
    """Run a step in a process of its own, killed at its nth call; how many calls there were."""
    there, here = os.pipe()
    if not (child := os.fork()):
        calls = 0

        def count(frame, event, argument) -> None:
            nonlocal calls
            if "mapt_course" in frame.f_code.co_filename:
                calls += 1
                if calls == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.setprofile(count)
        step(desks)
        sys.setprofile(None)
        os.write(here, str(calls).encode())
        os._exit(0)
    os.close(here)
    with os.fdopen(there) as told:
        calls = int(told.read() or moment)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) == bool(moment)
    return calls


def killed(tmp_path, start: Path, step, times: int):
    """Copies of a state, with a step killed at another moment in each, spread over the step."""

    def copy(name: str) -> Desks:
        return Desks(shutil.copytree(start, tmp_path / name))

    calls = run_and_kill(step, copy("whole"))
    for part in range(1, times + 1):
        desks = copy(f"killed-{part}")
        run_and_kill(step, desks, calls * part // (times + 1))
        yield desks


def test_killed_while_dealing(desks, tmp_path):
    for tried in killed(tmp_path, desks.place, lambda desks: desks.split(), 6):
        tried.split()
        for home, name in ((tried.anna, "anna"), (tried.ben, "ben")):
            assert tried.open(home, tried.dealt(name)) == 0
        assert tried.marks(tried.anna) == {LENA: WAITING, ZOE: WAITING}
        assert tried.marks(tried.ben) == {OMAR: WAITING}


def test_killed_while_opening(desks, tmp_path):
    """Also where a later hand-in takes the place of an earlier one that was marked."""
    desks.split()
    desks.open(desks.anna, desks.dealt("anna"))
    desks.give(desks.anna, LENA, 3, "Why?")
    desks.hand_in_again(LENA)
    cohort.hand_in(desks.lead, "max")
    with cohort.opened(desks.lead) as gradebook:
        cohort.add_trainees(gradebook, ["max"])
        cohort.autograde(gradebook, ["max"], 3)
    desks.split(among="anna")

    def again(desks: Desks) -> None:
        assert desks.open(desks.anna, desks.dealt("anna~2")) == 0

    for tried in killed(tmp_path, desks.place, again, 12):
        again(tried)
        marks = tried.marks(tried.anna)
        assert marks[LENA] == (3, None, "Why?", True)
        assert marks["max"] == WAITING
        for step in ("submitted", "autograded"):
            for trainee, said in ((LENA, "again lena\n"), ("max", "{} max\n")):
                record = tried.anna / step / trainee / "roots-check" / "responses.jsonl"
                assert record.read_text() == said


def test_killed_while_merging(disputed, tmp_path):
    desks, back = disputed

    def merge(desks: Desks) -> None:
        desks.merge(desks.place / back.name)

    for tried in killed(tmp_path, desks.place, merge, 12):
        # All of it or nothing.
        found = tried.marks(tried.lead)
        assert found[LENA] == (1, None, "No.", False)
        assert found[ZOE] in (WAITING, (2, None, None, False))
        merge(tried)
        assert tried.marks(tried.lead)[ZOE] == (2, None, None, False)
        assert len(conflicts(tried)) == 2


# Damaged and foreign


def changed(source: Path, target: Path, change) -> Path:
    """A copy of a zip whose files a function has changed."""
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in change(files).items():
            archive.writestr(name, content)
    return target


def paper(**changes):
    """Change a share's or a return's paper."""

    def change(files):
        [name] = [name for name in files if name.endswith(".json")]
        return {**files, name: json.dumps({**json.loads(files[name]), **changes})}

    return change


def trainee(name: str, old: str = LENA):
    def change(files):
        [paper] = [name for name in files if name.endswith(".json")]
        told = json.loads(files[paper])
        told["trainees"] = {name: told["trainees"][old]}
        return {paper: json.dumps(told)}

    return change


def added(name: str):
    return lambda files: {**files, name: b"x"}


FOREIGN = {
    "no share": lambda files: {"notes.txt": b"x"},
    "a file before the paper": lambda files: {"a": b"x", **files},
    "no JSON": lambda files: {**files, "share.json": b"{"},
    "deep JSON": lambda files: {**files, "share.json": b"[" * 100_000},
    "no number": lambda files: {
        **files,
        "share.json": files["share.json"].replace(b"5.5", b"NaN", 1),
    },
    "an endless number": lambda files: {
        **files,
        "share.json": files["share.json"].replace(b"5.5", b"1e999", 1),
    },
    "half a character": lambda files: {
        **files,
        "share.json": files["share.json"].replace(
            b'"first_name": null', b'"first_name": "\\ud800"'
        ),
    },
    "a newer format": paper(format=2),
    "an assignment elsewhere": paper(assignment="../elsewhere"),
    "a marker elsewhere": paper(marker="../elsewhere"),
    "a trainee elsewhere": trainee("../elsewhere"),
    "a trainee who would run": trainee("<img src=x onerror=alert(1)>"),
    "no time": lambda files: {
        **files,
        "share.json": files["share.json"].replace(b'"timestamp": null', b'"timestamp": "soon"'),
    },
    "somebody else's file": added("submitted/omar/roots-check/responses.jsonl"),
    "another assignment": added("submitted/lena/hubs-check/responses.jsonl"),
    "a file of no step": added("solutions/roots-check/items.toml"),
    "a file above": added("submitted/lena/../../x"),
    "a page": added("autograded/lena/roots-check/page.html"),
    "a page handed in": added("submitted/lena/roots-check/page.html"),
    "a file for a folder": added("submitted/lena/roots-check"),
    "a folder for a file": added("submitted/lena/roots-check/responses.jsonl/x"),
    "a key": added("submitted/lena/roots-check/items.toml"),
}


@pytest.mark.parametrize("change", FOREIGN.values(), ids=FOREIGN)
def test_a_share_that_is_none_is_refused_and_nothing_is_left_of_it(desks, capsys, change):
    desks.split()
    bad = changed(desks.dealt("anna"), desks.place / "bad.zip", change)
    before = sorted(desks.anna.rglob("*"))
    capsys.readouterr()
    assert desks.open(desks.anna, bad) == 1

    told = capsys.readouterr().err
    assert told.startswith("“bad.zip” was refused. ")
    assert len(told.splitlines()) == 1
    assert [each for each in sorted(desks.anna.rglob("*")) if each.name != "shares"] == before
    assert desks.marks(desks.anna) == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda files: {"notes.json": b"{}"},
        lambda files: {"return.json": files["return.json"].replace(b"3.0", b"Infinity")},
        lambda files: {"return.json": files["return.json"].replace(b"3.0", b'"3"')},
        lambda files: {"return.json": files["return.json"].replace(b'"score"', b'"auto_score"')},
        lambda files: {**files, "more.json": b"{}"},
        paper(kind="share"),
        paper(assignment="../elsewhere"),
        paper(id="../elsewhere"),
    ],
)
def test_a_return_that_is_none_is_refused(opened, capsys, change):
    opened.give(opened.anna, LENA, 3)
    bad = opened.hand_back(opened.anna)
    changed(bad, opened.place / "bad.zip", change)
    capsys.readouterr()
    assert opened.merge(opened.place / "bad.zip") == 1

    told = capsys.readouterr().err
    assert told.startswith("“bad.zip” was refused. ")
    assert len(told.splitlines()) == 1
    assert opened.marks(opened.lead)[LENA] == WAITING
