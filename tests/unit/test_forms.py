"""Forms: how they are read, what a box takes, what a page and a trainer get to see of one."""

from __future__ import annotations

import json

import pytest

from mapt_course import bank as banks
from mapt_course import course, record, widgets
from mapt_course import items as it
from mapt_course.bank import forms
from mapt_course.widgets import activity, view

BANK = """
format = 1
module = "roots"

[[learning_outcome]]
id = "roots-LO1"
text = "Draw"

[[form]]
id = "roots-sheet"
title = "A sheet"
prompt = "Fill it in."
learning_outcome = "roots-LO1"
picture = "levels"
picture_of = "grid"
picture_title = "Where are we?"

[[form.part]]
title = "First"
fields = [
  { id = "job", type = "line", label = "Your job" },
  { id = "why", type = "text", label = "Why", min_words = 5, max_words = 20 },
  { id = "when", type = "date", label = "When" },
  { id = "grid", type = "table", label = "Check", rows = ["Purpose", "Money"], columns = [
    { id = "level", type = "choice", label = "Level", options = ["No", "Yes"] },
    { id = "shown", type = "line", label = "Shown by" },
  ] },
]

[[form.part]]
title = "Then"
note = "Three."
fields = [{ id = "three", type = "table", label = "Step", rows = 3, columns = [
  { id = "what", type = "line", label = "What" },
] }]
"""


@pytest.fixture
def form(tmp_path) -> banks.Form:
    return read(tmp_path, BANK).forms["roots-sheet"]


def read(folder, text: str) -> banks.Bank:
    path = folder / "items.toml"
    path.write_text(text, encoding="utf-8")
    return banks.read(path)


def test_a_form_has_a_box_for_each_field_and_each_place_of_a_table(form):
    """Boxes of a table are named by row and column; rows without texts by their number."""
    assert [
        "job",
        "why",
        "when",
        "grid.1.level",
        "grid.1.shown",
        "grid.2.level",
        "grid.2.shown",
        "three.1.what",
        "three.2.what",
        "three.3.what",
    ] == list(form.cells())
    assert ("Step 1", "Step 2", "Step 3") == form.parts[1].fields[0].rows


def test_a_form_goes_through_json_and_back(form):
    """As a released notebook carries it."""
    assert form == forms.from_plain(json.loads(json.dumps(forms.to_plain(form))))


@pytest.mark.parametrize(
    ("cell", "text"),
    [("job", ""), ("job", "x" * 500), ("when", "2026-03-02"), ("grid.2.level", "yes")],
)
def test_a_box_takes_what_fits(form, cell, text):
    assert text == form.check(cell, text)


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        ("nowhere", "x", "not in the form any more"),
        ("grid.3.level", "yes", "not in the form any more"),
        (["job"], "x", "not in the form any more"),
        ("job", 7, "words or figures"),
        ("job", "\ud800", "words or figures"),
        ("job", "x" * 501, "at most 500 characters"),
        ("grid.1.level", "perhaps", "does not offer that"),
        ("when", "2026-02-30", "takes a day"),
        ("when", "tomorrow", "takes a day"),
    ],
)
def test_a_box_says_what_does_not_fit(form, cell, text, said):
    with pytest.raises(it.ResponseError, match=said):
        form.check(cell, text)


def test_entries_that_do_not_fit_any_more_are_left_out(form):
    """An older wording of the form, an empty box."""
    given = {"job": "Nurse", "why": " ", "gone": "x", "grid.1.level": "maybe", "when": "2026-03-02"}

    assert {"job": "Nurse", "when": "2026-03-02"} == form.entries(given)


def test_an_entry_is_shown_in_words(form):
    cells = form.cells()

    assert "Yes" == cells["grid.1.level"].shown("yes")
    assert "02.03.2026" == cells["when"].shown("2026-03-02")
    assert "Nurse" == cells["job"].shown("Nurse")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('type = "line", label = "Your job"', 'type = "box", label = "J"', "not a kind of box"),
        ('id = "why"', 'id = "job"', "two fields have the id “job”"),
        ('options = ["No", "Yes"]', 'options = ["No", "no"]', "nearly the same"),
        ("rows = 3", "rows = 0", "how many rows"),
        ('picture = "levels"', 'picture = "radar"', "“picture” is one of"),
        ('picture_of = "grid"', 'picture_of = "job"', "name a table of this form"),
        ('picture_title = "Where are we?"', "", "picture_title"),
        ('title = "First"', 'title = "First"\nmore = 1', "is not a field here"),
    ],
)
def test_a_faulty_form_is_told_with_its_mend(tmp_path, old, new, said):
    assert old in BANK
    with pytest.raises(banks.BankError, match=said):
        read(tmp_path, BANK.replace(old, new))


def test_the_last_entry_of_each_box_counts(tmp_path, form):
    """Events are merged, whatever order the boxes were filled in."""
    trainee = record.Record(tmp_path)
    for cells in ({"job": "Nurse"}, {"why": "So", "job": "Teacher"}, {"why": ""}):
        trainee.append("form", form.id, response=cells)
    events = trainee.read().events
    shown = view.form_view(form, events, "No names.")

    assert {"roots-sheet": {"job": "Teacher", "why": ""}} == record.entries(events)
    assert {"job": "Teacher"} == shown["cells"]
    assert events[-1].at == shown["saved"]
    assert "No names." == shown["reminder"]


def test_a_page_fills_in_box_by_box(tmp_path, monkeypatch):
    """Each box is on the disk before it is acknowledged; nonsense is answered with a sentence."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    activity._activity.cache_clear()
    said: list[dict] = []
    monkeypatch.setattr(
        activity.Activity, "send", lambda self, content, buffers=None: said.append(content)
    )
    shown = widgets.form("ladders-064")
    shown._received(
        shown, {"do": "form", "mid": "1", "item": "ladders-064", "cell": "who", "text": "All"}, []
    )
    shown._received(
        shown, {"do": "form", "mid": "2", "item": "ladders-064", "cell": "x", "text": "?"}, []
    )
    [event] = record.Record(tmp_path).read().events

    assert ("form", {"who": "All"}) == (event.kind, event.response)
    assert {"who": "All"} == said[0]["form"]["cells"] == shown.state_of_page()["form"]["cells"]
    assert said[1]["refused"] and "Reload the page." in said[1]["error"]
    activity._activity.cache_clear()


def test_every_form_of_the_course_can_be_filled_in():
    """Each box takes something; each form practises facts."""
    found = [
        form for m in course.course().modules for form in course.module_bank(m.id).forms.values()
    ]

    assert 7 == len(found)
    for each in found:
        assert each.facts, each.id
        for cell in each.cells().values():
            text = {"choice": cell.options[0].id if cell.options else "", "date": "2026-03-02"}
            each.check(cell.id, text.get(cell.type, "words"))
