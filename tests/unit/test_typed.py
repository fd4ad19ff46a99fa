"""What stands on paper, typed into a table: read with all its faults, and taken once."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapt_course.bank import BankError
from mapt_course.room import day as days
from mapt_course.room import events as ev
from mapt_course.room import tally, typed
from mapt_course.room.day import FACILITATOR
from mapt_course.room.events import ROOM, Event

DAY = days.of_course()
AT = "2026-03-02T09:30:00+00:00"
HEADS = [column.head for column in typed.columns(DAY)]


def table(*rows: list[str], heads: list[str] = HEADS, parted: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=parted).writerows([["Sheet", "Agency", *heads], *rows])
    return out.getvalue()


def faults(content: str) -> list[str]:
    with pytest.raises(BankError) as wrong:
        typed.read(DAY, content)
    return wrong.value.faults


def test_the_columns_are_those_of_the_sheet():
    """Four questions, fifteen checks, three gaps, three questions of the eight."""
    assert ["A", "B", "C", "D"] == HEADS[:4]
    assert 4 + 15 + 3 + 3 == len(HEADS)
    assert typed.template(DAY).decode("utf-8-sig").startswith("Sheet,Agency,A,B,C,D,E1,E2")


@pytest.mark.parametrize("parted", [",", ";", "\t"])
def test_a_filled_table_is_read(parted):
    """Agencies by number or name; a dash, or nothing, where nothing is ticked."""
    content = table(
        ["1", "2", "3", "-", "", "0", *["1"] * 15, "2", "5", "", "8", "", ""],
        ["2", "housing", "1"],
        ["3", "", ""],
        parted=parted,
    )
    first, second = typed.read(DAY, "\ufeff" + content)

    assert ("health", "housing") == (first.agency, second.agency)
    assert {"ladder-step": "1"} == second.answers
    assert "0" == first.answers["ladder-growing"] and "ladder-inclusive" not in first.answers
    assert ["2", "5"] == first.answers["gaps"] and ["8"] == first.answers["questions"]
    assert "1" == first.answers["checks.15"]


def test_all_faults_come_at_once_each_with_its_line():
    found = faults(
        table(
            ["1", "Helth", "3"],
            ["x", "Health", "3"],
            ["2", "Health", "9"],
            ["3", "Health", *[""] * 19, "2", "2"],
            ["4", "Health", "1"],
            ["4", "Health", "1"],
        )
    )

    assert [
        "Line 2: which agency? Write one of: 1 Education, 2 Health, 3 Social care, 4 Police and "
        "justice, 5 Housing, 6 Voluntary sector, 7 Other.",
        "Line 3: the sheet's number has to lie between 1 and 500.",
        "Line 4: A: there is no answer “9”. Write its number, or a dash.",
        "Line 5: F2: 2 is chosen twice. Take one away.",
        "Line 7: sheet 4 stands twice. Number it anew.",
    ] == found


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "The first line has to name the columns"),
        ("a,b\n1,2\n", "The first line has to name the columns"),
        (typed.template(DAY).decode(), "Nothing is filled in"),
        (table(["1", "2", "1"], heads=["Z"]), "there is no column “Z”"),
        ('Sheet,Agency,A\n1,2,"3', "cannot be read"),
    ],
)
def test_what_is_no_table_is_told(content, why):
    assert why in "\n".join(faults(content))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300) | st.text("Sheet,Agency;A1\n\"'-0123456789", max_size=300))
def test_any_text_is_read_or_refused(content):
    for text in (content, f"Sheet,Agency,A,E1,F1,F2\n{content}"):
        try:
            assert typed.read(DAY, text)
        except BankError as wrong:
            assert wrong.faults and all(fault.endswith((".", "…")) for fault in wrong.faults)


def test_sheets_join_the_same_data_once_and_need_no_reveal():
    """Brought in again the same table changes nothing; a corrected one changes what differs."""

    def take(state: ev.State, content: str) -> int:
        taken = 0
        for sheet in typed.read(DAY, content):
            args = {"seat": sheet.seat, "agency": sheet.agency, "paper": True}
            join = Event(f"paper-{sheet.number}-{sheet.agency}", ROOM, "join", args, AT)
            taken += state.take(join)
            for name, op, args in typed.operations(sheet, typed.digest(content)):
                taken += state.take(Event(name, sheet.seat, op, args, AT))
        return taken

    state = ev.State(DAY)
    state.take(Event("go", FACILITATOR, "go", {"stage": 2}, AT))
    state.take(Event("show", FACILITATOR, "reveal", {}, AT))
    rows = [[str(n), "health", "2", "3"] for n in range(1, 5)]

    assert 12 == take(state, table(*rows))
    assert 0 == take(state, table(*rows))
    assert {"1": 0, "2": 4, "3": 0, "4": 0, "5": 0, "0": 0} == tally.tally(
        state, "ladder-step"
    ).counts

    rows[0][2] = "1"
    take(state, table(*rows))

    assert 1 == tally.tally(state, "ladder-step").counts["1"]
    assert 4 == tally.tally(state, "ladder-step").n
