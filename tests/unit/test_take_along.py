"""What the page sends piece by piece becomes a zip, or is refused in a sentence."""

from __future__ import annotations

import base64

import pytest

from mapt_course import carry, record
from mapt_course.widgets.take_along import TakeAlong

ONCE_MORE = "The zip did not come through whole. Choose it once more."


@pytest.fixture
def along(tmp_path):
    (tmp_path / "0-start-here").mkdir()
    record.Record(tmp_path / "0-start-here").append("response", "start-003", response="a")
    return TakeAlong(tmp_path / "0-start-here")


def bring(along, content: bytes, pieces: int, run: str = "1"):
    """Send a zip in so many pieces; what the page is told last."""
    size = -(-len(content) // pieces)
    for at in range(0, len(content), size):
        piece = base64.b64encode(content[at : at + size]).decode()
        message = {"do": "bring", "run": run, "at": at, "of": len(content), "content": piece}
        told = along._taken(message)["view"]
    return told


def test_packed_and_brought_back_in_pieces(along, tmp_path):
    view = along._taken({"do": "pack", "run": "1"})["view"]
    content = (tmp_path / carry.FOLDER / view["zip"]).read_bytes()
    (tmp_path / "0-start-here" / record.NAME).unlink()
    told = bring(along, content, 7, "2")

    assert 2 == view["files"] and "1" == view["run"]
    assert ("2", ["1 entry in your records came in."]) == (told["run"], told["said"])
    assert 1 == len(record.Record(tmp_path / "0-start-here").read().events)


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": 5},
        {"of": carry.LIMITS.zip + 1},
        {"of": 1},
        {"content": "no base64"},
        {"content": ""},
        {"content": base64.b64encode(b"x" * 600_000).decode(), "of": 600_000},
    ],
)
def test_a_piece_that_does_not_fit_ends_it(along, wrong):
    message = {"do": "bring", "at": 0, "of": 10, "content": base64.b64encode(b"12345").decode()}

    assert ONCE_MORE == along._taken(message | wrong)["view"]["wrong"]
    assert along._coming is None
    assert ONCE_MORE == along._taken(message | {"at": 5})["view"]["wrong"]


def test_what_is_no_zip_is_told(along):
    assert "It is not a zip" in bring(along, b"holiday" * 20, 3)["wrong"]


def test_nothing_to_pack_is_told(along, tmp_path):
    (tmp_path / "0-start-here" / record.NAME).unlink()

    assert "There is nothing of yours" in along._taken({"do": "pack"})["view"]["wrong"]


def test_a_page_of_another_version_is_told_to_reload(along):
    with pytest.raises(ValueError, match="out of date"):
        along._taken({"do": "dance"})
