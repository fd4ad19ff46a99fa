"""What a page gets to see of an item."""

from mapt_course import items as it
from mapt_course.record import Event
from mapt_course.widgets.view import item_view

RATING = it.Rating(
    id="x-1",
    stem="How true?",
    scale=("No", "Half", "Yes"),
    statements=(it.Entry("a", "I know."), it.Entry("b", "I can.")),
    picture="What has moved?",
    beside=(it.Entry("y-1", "Before"), it.Entry("y-2", "Later")),
)


def answered(response):
    return [Event("1", "2026-11-24T09:00:00Z", "response", "x-1", response=response)]


def test_a_rating_is_drawn_once_it_is_complete():
    """Half an answer has no picture."""
    assert "picture" not in item_view(RATING, answered({"a": 1}))
    assert "picture" in item_view(RATING, answered({"a": 1, "b": 3}))


def test_ratings_stand_beside_each_other_by_place():
    """Earlier ones first, the present one last; one never given is left out."""
    shown = item_view(RATING, answered({"a": 1, "b": 3}), beside={"y-1": [2, None], "y-2": []})

    assert {
        "title": "What has moved?",
        "series": ["Before", "Now"],
        "rows": [
            {"text": "I know.", "values": [2, 1]},
            {"text": "I can.", "values": [None, 3]},
        ],
    } == shown["picture"]
