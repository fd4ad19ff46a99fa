"""The rubric's file: levels, comments, criteria; and what is wrong with it."""

from __future__ import annotations

import pytest
from course_copy import CHECKOUT

from mapt_course import bank as banks

LEVELS = """
[[criterion.level]]
points = 1
descriptor = "Names sources."
comments = ["Which of them is the strongest?"]

[[criterion.level]]
points = 3
name = "Weighs"
descriptor = "Says how far each source reaches."
comments = ["Well weighed.", "Say what would change your mind."]
"""
CRITERIA = f"""
format = 1
form = "position-paper-form"
[[criterion]]
id = "evidence"
name = "Evidence"
{LEVELS}
[[criterion]]
id = "voice"
name = "The child's voice"
{LEVELS}
"""


@pytest.fixture
def read(tmp_path):
    """Read a text as the rubric of the assignment “position-paper”."""

    def read_text(text: str) -> banks.Rubric:
        path = tmp_path / "position-paper" / "rubric.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return banks.read_rubric(path)

    return read_text


def test_the_check_s_rubric():
    """One scale for the reflection, by the reflection's id."""
    rubric = banks.read_rubric(CHECKOUT / "solutions" / "roots-check" / "rubric.toml")
    [(cell, criterion)] = rubric.cells.items()

    assert rubric.activity == cell == "roots-check-r1"
    assert criterion.points == 4
    assert [level.name for level in criterion.levels] == [
        "Retells",
        "Explains",
        "Shifts",
        "Transforms",
    ]
    assert all(level.comments for level in criterion.levels)


def test_criteria_by_their_cells(read):
    """Each has the grade id of its cell, and its own levels."""
    rubric = read(CRITERIA)

    assert rubric.activity == "position-paper-form"
    assert {cell: each.name for cell, each in rubric.cells.items()} == {
        "position-paper-evidence": "Evidence",
        "position-paper-voice": "The child's voice",
    }
    assert rubric.cells["position-paper-voice"].levels[0].name == ""


@pytest.mark.parametrize(
    ("score", "points"), [(None, None), (0, None), (1, 1), (2.5, 1), (3, 3), (5, 3)]
)
def test_the_level_that_a_score_reaches(read, score, points):
    """The highest that it comes up to; extra points reach no further."""
    reached = read(CRITERIA).cells["position-paper-evidence"].reached(score)

    assert (reached and reached.points) == points


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format = 1", "format = 2", "this format is not known. Write format = 1."),
        ('id = "voice"', 'id = "evidence"', "this id stands twice in the file."),
        ("points = 3", "points = 1", "two levels have the same points. Give each points of its"),
        ("points = 3", "points = -3", "“points” is below 0."),
        ("points = 3", "", "“points” is missing."),
        ("points = 3", "points = 3\nworth = 2", "“worth” is not a field here."),
        ('["Well weighed."', "[7", "“comments” has to be a list of texts"),
        ("[[criterion.level]]", "[[criterion.levels]]", "“level” is missing."),
    ],
)
def test_faults_are_told(read, old, new, said):
    with pytest.raises(banks.BankError) as told:
        read(CRITERIA.replace(old, new))
    assert any(said in fault for fault in told.value.faults)


def test_all_faults_at_once(read):
    text = CRITERIA.replace("points = 3", "").replace('id = "voice"', "")
    with pytest.raises(banks.BankError) as told:
        read(text)
    assert len(told.value.faults) >= 2
