"""A submission's folder, whatever lies in it."""

from __future__ import annotations

import os

import hostile
import pytest
from hypothesis import given, settings

from mapt_course.marking import folder

ASSIGNMENT = [
    {
        "id": "text",
        "source": "Read this.",
        "metadata": {
            "nbgrader": {
                "grade": False,
                "solution": False,
                "locked": True,
                "grade_id": "check-text",
            }
        },
    },
    {
        "id": "check",
        "source": "quiz",
        "metadata": {
            "nbgrader": {"grade": True, "solution": False, "locked": True, "grade_id": "check"}
        },
    },
    {
        "id": "check-r1",
        "source": "Placeholder.",
        "metadata": {
            "nbgrader": {"grade": True, "solution": True, "locked": False, "grade_id": "check-r1"}
        },
    },
]


def compared(*cells) -> folder.Difference:
    return folder.compare(folder.Submission(cells), ASSIGNMENT)


WHOLE = [
    folder.Cell("text", "check-text", "Read this."),
    folder.Cell("check", "check", "quiz"),
    folder.Cell("check-r1", "check-r1", "Placeholder."),
]


def test_an_untouched_notebook_differs_in_nothing():
    assert compared(*WHOLE) == folder.Difference()


def test_cells_that_are_there_twice_or_not_at_all():
    notes = compared(WHOLE[0], WHOLE[1], WHOLE[1]).notes

    assert [note.text for note in notes] == [
        "The cell “check” stood 2 times in the notebook. It counts once.",
        "The cell “check-r1” was missing from the notebook. It was put back.",
    ]


def test_added_cells_and_written_answers():
    told = compared(
        *WHOLE[:2],
        folder.Cell("check-r1", "check-r1", "My text"),
        folder.Cell("x", "", "A question for you"),
        folder.Cell("y", "", " "),
        folder.Cell("z", "", "Read this."),
    )

    assert told.written == {"check-r1": "My text"}
    assert told.added == ("A question for you",)


def test_a_link_is_not_read(tmp_path):
    (tmp_path / "key").write_text("key")
    (tmp_path / "link").symlink_to(tmp_path / "key")

    with pytest.raises(OSError):
        folder.read_file(tmp_path / "link", 100)


def test_a_pipe_does_not_keep_it_waiting(tmp_path):
    os.mkfifo(tmp_path / "check.ipynb")
    told = folder.read_submission(tmp_path, "check")

    assert "it is no ordinary file" in told.notes[0].text


def test_a_file_is_read_up_to_a_limit(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 2000)

    with pytest.raises(ValueError, match="larger than 1 kB"):
        folder.read_file(tmp_path / "file", 1999)


def test_tidying_leaves_ordinary_files_and_sets_the_rest_aside(tmp_path):
    (tmp_path / "check.ipynb").write_text("{}")
    (tmp_path / "timestamp.txt").write_text("2026-11-24 09:00:00.123456 UTC")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "away").symlink_to("/etc/hostname")
    (tmp_path / "folder").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    for _ in range(2):
        folder.tidy(tmp_path)

        left = sorted(
            str(p.relative_to(tmp_path))
            for p in tmp_path.rglob("*")
            if p.is_file() and not p.is_symlink()
        )
        assert left == ["check.ipynb", "timestamp.txt"]
        noted = folder.read_submission(tmp_path, "check").notes
        assert sum("was set aside" in note.text for note in noted) == 3


@pytest.mark.parametrize("stamp", [b"", b"yesterday", b"\xff\xfe", b"x" * 500, b"2026-13-45 1:1:1"])
def test_a_bad_time_stamp_gives_way_to_the_file_s_time(tmp_path, stamp):
    (tmp_path / "timestamp.txt").write_bytes(stamp)
    os.utime(tmp_path / "timestamp.txt", (0, 0))
    folder.tidy(tmp_path)

    assert (tmp_path / "timestamp.txt").read_text() == "1970-01-01 00:00:00.000000 UTC"
    assert (tmp_path / ".set-aside" / "timestamp.txt").exists()


@pytest.mark.parametrize("aside", ["link", "file"])
def test_a_trainee_s_own_set_aside_changes_nothing(tmp_path, aside):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = tmp_path / "place"
    place.mkdir()
    if aside == "link":
        (place / ".set-aside").symlink_to(elsewhere)
    else:
        (place / ".set-aside").write_text("")
    (place / "link").symlink_to("/etc/hostname")
    folder.tidy(place)

    assert list(elsewhere.iterdir()) == []
    assert (place / ".set-aside" / "link").is_symlink()


def test_what_the_next_steps_need_is_left_and_made(tmp_path):
    for name in ("responses.jsonl", "page.html", "gradebook.db"):
        (tmp_path / name).write_text("x")
    (tmp_path / "submission_secret.txt").write_bytes(b"\xff")
    (tmp_path / "more").mkdir()
    folder.keep_only_needed(tmp_path, tmp_path)

    assert {each.name for each in tmp_path.iterdir()} == folder.KEPT
    assert len((tmp_path / "submission_secret.txt").read_text()) == 128


def test_a_copy_follows_no_link_and_tells_what_it_leaves(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "sub").mkdir(parents=True)
    target.mkdir()
    (source / "sub" / "fine.txt").write_text("fine")
    (source / "big.txt").write_bytes(b"x" * 200)
    (source / "items.toml").write_text("")
    (source / "link").symlink_to(source / "big.txt")
    (source / "dangling").symlink_to(source / "nowhere")
    left_out = folder.copy_submission(source, target, ["*.toml"], 100)

    assert left_out == [
        "“big.txt” was left out: it is larger than 0 kB",
        "“dangling” was left out: it is a link",
        "“link” was left out: it is a link",
    ]
    assert [p.name for p in target.rglob("*.txt") if p.parent.name != ".set-aside"] == ["fine.txt"]


@settings(deadline=None)
@given(hostile.NOTEBOOKS)
def test_no_notebook_upsets_it(tmp_path_factory, raw):
    """Whatever the file's bytes are, it is read as text cells, or noted."""
    place = tmp_path_factory.mktemp("submission")
    (place / "check.ipynb").write_bytes(raw)
    told = folder.read_submission(place, "check")
    difference = folder.compare(told, ASSIGNMENT)

    assert (told.cells is None) == bool(told.notes)
    for text in (*difference.added, *difference.written.values()):
        text.encode()


def test_a_deep_notebook_is_noted(tmp_path):
    (tmp_path / "check.ipynb").write_text('{"cells": ' + "[" * 100_000)

    assert "cannot be read" in folder.read_submission(tmp_path, "check").notes[0].text
