"""``mapt collect``: what trainees send by mail or through a learning platform, good and bad."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from pathlib import Path

import pytest
import trainees
from course_copy import CHECKOUT, CourseCopy, environment, nbgrader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapt_course import handin, record
from mapt_course.marking import folder as folders
from mapt_course.marking import intake, marker, submission

NAME = trainees.ASSIGNMENT


@pytest.fixture
def root(tmp_path, solutions) -> Path:
    """A trainer's folder with one assignment and nothing handed in."""
    place = tmp_path / "course"
    shutil.copytree(solutions / NAME, place / "solutions" / NAME)
    shutil.copytree(CHECKOUT / "exercises" / NAME, place / "exercises" / NAME)
    shutil.copy(CHECKOUT / "nbgrader_config.py", place)
    return place


@pytest.fixture
def working(tmp_path) -> Path:
    """A trainee's folder of the assignment."""
    place = tmp_path / "trainee" / "checks" / NAME
    shutil.copytree(CHECKOUT / "exercises" / NAME, place)
    return place


def hand_in(working: Path, bank, who: str = "lena", trainee=trainees.lena) -> handin.Receipt:
    trainee(working, bank)
    return handin.hand_in(working, NAME, who)


def collected(root: Path, who: str = "lena") -> Path:
    return root / "submitted" / who / NAME


@pytest.mark.parametrize("which", [0, 1])
def test_the_zip_and_the_text_file_are_taken(root, working, bank, capsys, which):
    """Both hold the record; the receipt that the trainee has is printed."""
    receipt = hand_in(working, bank)
    assert 0 == intake.main([str(receipt.files[which])], root)
    told = capsys.readouterr().out
    events = record.read(collected(root) / record.NAME).events
    submission = folders.read_submission(collected(root), NAME)

    assert receipt.code in told and "lena, roots-check: handed in 20" in told
    assert events == record.Record(working).read().events
    assert () == submission.notes
    assert folders.parse_timestamp((collected(root) / folders.TIMESTAMP).read_bytes())
    assert (root / intake.COLLECTED / NAME / "lena" / receipt.files[which].name).is_file()


def test_nbgrader_zip_collect_takes_the_same_zip(tmp_path, solutions, working, bank):
    """The real command with the course's configuration; of two hand-ins the later one."""
    course = CourseCopy.make(tmp_path / "stock", solutions)
    shutil.copytree(CHECKOUT / "exercises" / NAME, course.root / "exercises" / NAME)
    archive = course.root / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    shutil.copy(hand_in(working, bank, trainee=trainees.ben_in_place).files[0], archive)
    trainees.lena(working, bank)
    later = handin.hand_in(working, NAME, "lena").files[0]
    # Named by the second, and both may fall into the same one here.
    shutil.copy(later, archive / later.name.replace("__20", "__21"))
    nbgrader("zip_collect", NAME, cwd=course.root, env=environment(course.place / "home"))
    events = record.read(collected(course.root) / record.NAME).events

    assert record.Record(working).read().events == events
    assert (collected(course.root) / f"{NAME}.ipynb").is_file()


def test_where_there_is_an_exchange_it_goes_there_as_well(
    tmp_path, solutions, working, bank, monkeypatch
):
    """By nbgrader itself; the trainer's stock command collects it, with its receipt."""
    course = CourseCopy.make(tmp_path / "exchanged", solutions)
    course.trainer("generate_assignment", NAME)
    course.trainer("release_assignment", NAME)
    for name, value in environment(tmp_path / "home-trainee").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MAPT_EXCHANGE", str(course.exchange))
    receipt = hand_in(working, bank)
    course.trainer("collect", NAME)
    [handed] = record.hand_ins(record.read(collected(course.root) / record.NAME).events, NAME)

    assert receipt.exchange
    assert receipt.code == handed.receipt
    assert receipt.files[0].is_file()


def test_a_folder_and_a_platforms_zip_are_taken(root, tmp_path, working, bank, capsys):
    """As a learning platform gives them: folders within a zip, other files beside them."""
    receipt = hand_in(working, bank)
    given = tmp_path / "all"
    (given / "Lena Example_123_assignsubmission_file").mkdir(parents=True)
    shutil.copy(receipt.files[0], given / "Lena Example_123_assignsubmission_file")
    (given / "photo.png").write_bytes(b"x")
    packed = shutil.make_archive(str(tmp_path / "all submissions"), "zip", given)
    assert 0 == intake.main([str(given)], root)
    assert 0 == intake.main([packed], root)
    told = capsys.readouterr().out

    assert "1 taken, 0 not taken" in told and "It was collected before." in told


def test_a_later_hand_in_takes_the_place_of_the_first_and_never_the_other_way(root, working, bank):
    """Whatever order they come in."""
    first = hand_in(working, bank, trainee=trainees.ben_in_place).files[0].read_bytes()
    trainees.lena(working, bank)
    second = handin.hand_in(working, NAME, "lena").files[0].read_bytes()
    told = [intake.take(root, f"{n}.zip", each) for n, each in enumerate((first, second, first))]
    handed = record.hand_ins(record.read(collected(root) / record.NAME).events, NAME)

    assert ["taken", "newer", "there"] == [each.split()[0] for each in told]
    assert 2 == len(handed)


def test_other_answers_under_the_same_name_are_told_and_kept(root, tmp_path, working, bank):
    """Two machines, or two people: nothing is lost."""
    one = hand_in(working, bank).files[0]
    elsewhere = tmp_path / "elsewhere" / NAME
    elsewhere.mkdir(parents=True)
    other = hand_in(elsewhere, bank, trainee=trainees.omar).files[0]
    intake.take(root, "one.zip", one.read_bytes())

    assert "takes the place of other answers" in intake.take(root, "two.zip", other.read_bytes())
    assert 2 == len(list((root / intake.COLLECTED / NAME / "lena").iterdir()))


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def line(**more) -> bytes:
    event = record.Event("1", "2026-11-24T09:00:00Z", "handed-in", NAME, text="lena")
    return record.Event(**{**vars(event), **more}).line()


BAD = {
    "absolute path": (packed({"/etc/passwd": b"x", record.NAME: line()}), "not the name of a file"),
    "parent path": (packed({f"../../{record.NAME}": line()}), "not the name of a file"),
    "a bomb": (packed({record.NAME: line(), "zeros": b"\0" * 50_000_000}), "times as large"),
    "no record": (packed({"a.ipynb": b"{}"}), "it holds no “responses.jsonl”"),
    "two records": (
        packed({record.NAME: line(), f"b/{record.NAME}": line()}),
        "it holds 2 “responses.jsonl”",
    ),
    "no zip": (b"PK nonsense", "not a zip"),
    "empty": (b"", "not a zip"),
    "cut off": (packed({record.NAME: line() * 50})[:200], "not a zip"),
    "nobody's": (packed({record.NAME: b""}), "does not say whose it is"),
    "no such assignment": (packed({record.NAME: line(item="other-check")}), "no assignment"),
    "a path as assignment": (packed({record.NAME: line(item="../x")}), "no assignment"),
    "a path as name": (packed({record.NAME: line(text="../../lena")}), "not the name of a trainee"),
    "a script as name": (packed({record.NAME: line(text="<img src=x>")}), "not the name"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_a_reason_and_stops_nobody(
    root, tmp_path, working, bank, capsys, what
):
    """The good one beside it is taken; nothing is written elsewhere."""
    content, reason = BAD[what]
    given = tmp_path / "given"
    given.mkdir()
    (given / "a bad one.zip").write_bytes(content)
    shutil.copy(hand_in(working, bank).files[0], given / "good.zip")
    before = set(tmp_path.iterdir())
    assert 1 == intake.main([str(given)], root)
    told = capsys.readouterr().out

    assert reason in told and "NOT TAKEN" in told and "1 taken, 1 not taken" in told
    assert ["lena"] == [each.name for each in (root / "submitted").iterdir()]
    assert before == set(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["link", "fifo", "folder", "missing"])
def test_what_is_no_ordinary_file_is_not_taken(root, tmp_path, capsys, kind):
    """A link is not followed, a pipe is not waited for."""
    path = tmp_path / "x.zip"
    if kind == "link":
        path.symlink_to("/etc/passwd")
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()

    assert 1 == intake.main([str(path)], root)
    assert "NOT TAKEN" in capsys.readouterr().out


def test_two_hand_ins_count_and_the_better_of_them(working, bank):
    """Marked as the record was each time; what came later does not count."""
    trainees.omar(working, bank)
    handin.hand_in(working, NAME, "omar")
    trainees.lena(working, bank)
    handin.hand_in(working, NAME, "omar")
    item = bank.items[f"{NAME}-2"]
    wrong = next(option.id for option in item.options if option.id != item.key)
    record.Record(working).append("response", item.id, response=wrong)
    marks = marker.mark_events(bank, record.Record(working).read().events)

    assert [trainees.OMAR_TOTAL, 9] == [attempt.score for attempt in marks.attempts]
    assert 9 == marker.total(bank, marks, NAME).score
    assert ["What was written after the second hand-in does not count."] == [
        note.text for note in marks.notes
    ]


def test_both_hand_ins_are_told_to_the_trainer(root, working, bank):
    """Above the table, with what each came to."""
    trainees.omar(working, bank)
    handin.hand_in(working, NAME, "omar")
    trainees.lena(working, bank)
    receipt = handin.hand_in(working, NAME, "omar")
    intake.take(root, "omar.zip", receipt.files[0].read_bytes())
    assignment = submission.read_assignment(root / "solutions" / NAME, root / "exercises" / NAME)
    reading = record.read(collected(root, "omar") / record.NAME)
    notebook = submission.rebuild(assignment, collected(root, "omar"), reading)
    notes = submission.mark(assignment, notebook, collected(root, "omar"), reading)
    day = receipt.at[:10]

    assert [
        f"Handed in twice: 5.18 points on {day}, then 9 points on {day}. The better counts."
    ] == [note.text for note in notes]
    assert not notes[0].damage


def test_a_first_hand_in_that_was_better_counts(working, bank):
    """The questions are those of the first time; the reflection is the latest."""
    trainees.lena(working, bank)
    handin.hand_in(working, NAME, "lena")
    trainees.omar(working, bank)
    events = record.Record(working).read().events
    marks, written = marker.mark_events(bank, events), marker.written(bank, events)
    worse = marks.attempts[1].score

    assert 9 == marks.attempts[0].score > worse
    assert 9 == marker.total(bank, marks, NAME).score
    assert "It was a busy day" in written.reflections[trainees.REFLECTION]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=3000), st.sampled_from(["x.zip", "x.txt", "roots-check__lena__1.jsonl"]))
def test_no_bytes_end_in_anything_but_a_sentence(root, content, name):
    """Taken, or refused with a reason."""
    try:
        assert intake.take(root, name, content)
    except intake.zips.ZipError as wrong:
        assert str(wrong).endswith(".")
