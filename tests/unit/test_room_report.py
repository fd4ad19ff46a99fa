"""What a joint day leaves behind: the same each time, all that was agreed, and nobody in it."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import docx
import office
import pandas
import pytest
import recorded_day
from docx.oxml.ns import qn
from recorded_day import BEGINS, CARD, DAY, HOSTILE, PROMISE, UNKIND, Recorder

from mapt_course.portfolio.work import PaperError
from mapt_course.room import events as ev
from mapt_course.room import report
from mapt_course.room.day import FACILITATOR
from mapt_course.room.events import ROOM, State
from mapt_course.room.report import agreement, held, tables, told
from mapt_course.room.tally import FEWEST, mean, tally, top

EVENTS = recorded_day.recorded()
SMALL = [each.text for each in DAY.agencies if recorded_day.PEOPLE[each.id] < FEWEST]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The report of the recorded day."""
    place = tmp_path_factory.mktemp("report")
    report.write(DAY, EVENTS, place, UTC)
    return place


@pytest.fixture(scope="module")
def state() -> State:
    return ev.reduce(DAY, EVENTS)


@pytest.fixture(scope="module")
def record(folder):
    return docx.Document(folder / "record.docx")


@pytest.fixture(scope="module")
def agreed(folder):
    return docx.Document(folder / "agreement.docx")


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def words(document) -> str:
    """All that a document says, its tables and the words instead of pictures as well."""
    root = document.element.body
    said = ["".join(p.itertext(qn("w:t"))) for p in root.iter(qn("w:p"))]
    return "\n".join(said + [each.get("descr", "") for each in root.iter(qn("wp:docPr"))])


def cells(document) -> list[list[list[str]]]:
    """The texts of each table."""
    return [[[c.text for c in row.cells] for row in table.rows] for table in document.tables]


def table_of(document, head: str) -> list[list[str]]:
    """The table one of whose heads begins with these words."""
    found = [t for t in cells(document) if any(each.startswith(head) for each in t[0])]
    assert 1 == len(found), head
    return found[0]


# --- the same each time ----------------------------------------------------------------------


def test_the_recorded_day_is_a_day_as_days_are():
    """Else the tests below would show little."""
    day = recorded_day.record()

    assert 2_800 < len(day.events) < 3_500
    assert day.refused >= 10 and day.repeated >= 30
    assert 60 == sum(seat.voices for seat in day.state.present())
    assert set(ev.OPERATIONS) - {event.op for event in day.events} <= {
        "withdraw", "conceal", "unlock", "unhide"
    }  # fmt: skip
    assert {stage for stage in held.of(DAY, day.events, UTC).stages} == set(range(10))
    assert day.events == list(EVENTS)


def test_another_process_with_another_hash_seed_writes_the_same_bytes(folder, tmp_path):
    code = (
        "import sys, pathlib, datetime, recorded_day\n"
        "from mapt_course.room import report\n"
        "events = recorded_day.record().events\n"
        "report.write(recorded_day.DAY, events, pathlib.Path(sys.argv[1]), datetime.UTC)\n"
    )
    paths = [str(Path(recorded_day.__file__).parent), *sys.path]
    env = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": os.pathsep.join(paths)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=env, check=True, timeout=300)
    first = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    again = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert first.keys() == again.keys()
    assert [] == [name for name in first if first[name] != again[name]]


def test_what_was_sent_twice_gives_the_same_agreement(folder):
    twice = [event for event in EVENTS for _ in (1, 2)]
    made = agreement.word(held.of(DAY, twice, UTC))

    assert (folder / "agreement.docx").read_bytes() == made


def test_the_files_are_those_that_are_told(tmp_path):
    """Each answered question has its picture, and a second report replaces the first."""
    said: list[str] = []
    for _ in (1, 2):
        paths = report.write(DAY, EVENTS[:400], tmp_path / "report", UTC, said.append)

    assert sorted(paths) == sorted((tmp_path / "report").iterdir())
    assert {"agreement.docx", "record.docx", "tallies.csv", "notes.csv", "texts.csv"} <= {
        path.name for path in paths
    }
    assert "The agreement and the record" == said[-1]


# --- all that was agreed ---------------------------------------------------------------------


def test_the_agreement_holds_every_line_that_was_written(agreed, state):
    text = words(agreed)
    for name, title in agreement.SHARED.items():
        assert title in text
        for place, _ in DAY.asks[name].places():
            for version in told.versions(state, place):
                assert version in text, place
    gaps = {option.id: option.text for option in DAY.asks["gaps"].options}
    counts = tally(state, "gaps").counts

    assert [[gaps[name], str(counts[name])] for name in top(state, "gaps")] == table_of(
        agreed, "Gap"
    )[1:]
    assert ["Other", "Not written yet."] in table_of(agreed, "Agency")


def test_lines_with_two_versions_show_both_and_are_counted(agreed, state):
    assert 2 == len(state.texts["mission"])
    text = words(agreed)

    assert "One line has more than one version" in text
    assert "2 versions, still to be joined:" in text
    for version in state.texts["mission"].values():
        assert version.text in text


def test_the_inner_circle_is_in_the_agreement_and_both_in_the_record(agreed, record, state):
    found = told.statements(state, DAY.asks["statements"])
    inner = [one for one in found if one.ring == "inner"]
    assert inner and len(inner) < len(found)
    (table,) = [table for table in cells(agreed) if table[0][0] == "No."]

    assert [[str(o.number), o.text, "\n".join(o.also)] for o in inner] == table[1:]
    written = {"No.": 0}
    for each in cells(record):
        written["No."] += (len(each) - 1) * (each[0][0] == "No.")
    assert len(found) == written["No."]


def test_the_record_holds_the_stages_the_audit_and_the_votes(record, state):
    text = words(record)
    for stage in DAY.stages:
        assert stage.title in text
    audit = table_of(record, "Don't know")
    assert 1 + len(DAY.asks["checks"].rows) == len(audit)
    for (place, label), row in zip(DAY.asks["checks"].places(), audit[1:], strict=True):
        found = tally(state, place)
        counts = [str(found.counts[option.id]) for option in DAY.asks["checks"].options]
        assert [label, *counts, str(found.n)] == row
    heat = table_of(record, "Counted together")
    for (place, label), row in zip(DAY.asks["checks"].places(), heat[1:], strict=True):
        assert label == row[0] and f"({mean(tally(state, place).counts):.1f})" in row[1]
    times = table_of(record, "Began")
    assert [stage.title for stage in DAY.stages] == [row[0] for row in times[1:]]
    assert f"{BEGINS:%H:%M}" == times[1][1]
    assert "2 March 2026" in text and "60 people took part" in text


def test_the_notes_that_the_room_saw_are_in_the_record(record, state):
    text = words(record)
    for name in ("evidence", "table-notes", "missing-rule", "noticed"):
        found = told.statements(state, DAY.asks[name])
        assert found
        for one in found:
            assert one.text in text


def test_every_picture_says_what_it_shows(folder, record):
    told_of = [each.get("descr") for each in record.element.body.iter(qn("wp:docPr"))]

    assert len(list(folder.glob("*.png"))) == len(told_of) >= 9
    assert all(text and len(text) > 40 for text in told_of)
    for path in folder.glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 20_000


def test_pooled_results_load_into_a_report_on_the_cohort(folder, state):
    """As pandas reads the table: the counts of a question, and the mean of its levels."""
    frame = pandas.read_csv(folder / "tallies.csv")
    step = frame[(frame.place == "ladder-step") & (frame.group == tables.EVERYBODY)]
    known = step[step.option > 0]
    counts = tally(state, "ladder-step").counts

    assert sum(counts.values()) == step["count"].sum()
    assert mean(counts) == pytest.approx(
        (known.option * known["count"]).sum() / known["count"].sum()
    )


def test_tables_hold_every_tally_note_and_text(folder, state):
    tallies = rows(folder, "tallies.csv")
    for place, ask in DAY.places.items():
        if ask.kind in ("choice", "pick"):
            counts = {
                row["option"]: int(row["count"])
                for row in tallies
                if row["place"] == place and row["group"] == tables.EVERYBODY
            }
            assert tally(state, place).counts == counts
    shown = [
        note
        for note in state.notes.values()
        if not note.hidden and state.is_shown(DAY.asks[note.ask])
    ]
    assert len(shown) == len(rows(folder, "notes.csv"))
    written = sum(len(versions) for versions in state.texts.values())
    assert written == len(rows(folder, "texts.csv"))


# --- and nobody in it ------------------------------------------------------------------------


def everything(folder, record, agreed) -> str:
    tables_ = [path.read_text(encoding="utf-8-sig") for path in sorted(folder.glob("*.csv"))]
    return "\n".join([words(record), words(agreed), *tables_])


def test_cards_promises_hidden_notes_and_seats_are_in_no_file(folder, record, agreed, state):
    assert any(
        CARD in str(seat.answers) and PROMISE in str(seat.answers) for seat in state.present()
    )
    assert any(note.hidden for note in state.notes.values())
    text = everything(folder, record, agreed)
    for word in (CARD, PROMISE, UNKIND):
        assert word not in text
    assert not re.findall(r"\bs[1-9][0-9]*\b", text)


def test_no_file_tells_a_group_of_fewer_than_three(folder, record, agreed):
    """Not by its number, and not by its name."""
    assert 2 == len(SMALL)
    for row in rows(folder, "tallies.csv"):
        assert row["people"] == "fewer than 3" or int(row["people"]) >= FEWEST
        assert row["people"] != "fewer than 3" or not row["count"]
        assert row["group"] not in SMALL
    for row in rows(folder, "notes.csv"):
        assert not row["people_who_marked"] or int(row["people_who_marked"]) >= FEWEST
    for table in cells(record):
        assert not set(SMALL) & set(table[0])
        if table[0] == ["Agency", "People"]:
            assert all(int(number) >= FEWEST for _, number in table[1:])
            assert 60 == sum(int(number) for _, number in table[1:])
    for name in SMALL:
        assert f"; {name}: " not in words(record)


def test_a_spreadsheet_takes_nothing_for_a_formula(folder):
    texts = [text for path in folder.glob("*.csv") for row in rows(folder, path.name)
             for text in row.values()]  # fmt: skip

    assert f"'{HOSTILE[0]}" in texts
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]


def room(*joins: str) -> Recorder:
    """A room that nobody has left, of these agencies."""
    day = Recorder(1)
    for n, agency in enumerate(joins, 1):
        day.do(ROOM, "join", seat=f"s{n}", agency=agency)
    return day


def test_of_two_people_no_answer_is_told(tmp_path):
    day = room("health", "health")
    day.go("ladder")
    day.answer("ladder-step", 1.1)
    day.reveal()
    report.write(DAY, day.events, tmp_path, UTC)

    assert "Fewer than three people answered." in words(docx.Document(tmp_path / "record.docx"))
    (row,) = [row for row in rows(tmp_path, "tallies.csv") if row["place"] == "ladder-step"]
    assert ("fewer than 3", "") == (row["people"], row["count"])
    assert not (tmp_path / "ladder-step.png").exists()


def test_what_is_not_revealed_yet_is_not_told_while_the_room_is_open(tmp_path):
    day = room(*["health"] * 4)
    day.go("audit")
    day.answer("checks", 1.1)
    day.do("s1", "note", ask="evidence", text="1: what nobody saw")
    report.write(DAY, day.events, tmp_path, UTC)
    text = words(docx.Document(tmp_path / "record.docx"))

    assert "The answers were not revealed." in text
    assert "1 note was not shown to the room" in text and "reveal them there" in text
    assert [] == [row for row in rows(tmp_path, "tallies.csv") if row["place"] == "checks.1"]
    assert "what nobody saw" not in text + (tmp_path / "notes.csv").read_text(encoding="utf-8")


def test_once_the_room_is_closed_numbers_are_told_and_unseen_notes_are_not(tmp_path):
    day = room(*["health"] * 4)
    day.go("audit")
    day.answer("checks", 1.1)
    day.do("s1", "note", ask="evidence", text="1: what nobody saw")
    day.do("s2", "note", ask="evidence", text="2: what nobody saw either")
    day.do(FACILITATOR, "close")
    report.write(DAY, day.events, tmp_path, UTC)

    assert 2 == told.unseen(day.state, DAY.asks["evidence"])
    assert "2 notes were not shown to the room" in words(docx.Document(tmp_path / "record.docx"))
    assert 4 == told.counted(day.state, "checks.1").n
    assert [] == told.statements(day.state, DAY.asks["evidence"])


def test_what_was_merged_into_a_hidden_note_still_stands():
    day = room(*["health"] * 4)
    day.go("circle")
    for n, text in enumerate((UNKIND, "Be on time", "Be early"), 1):
        day.do(f"s{n}", "note", ask="statements", text=text)
    unkind, *others = day.state.notes
    for name in others:
        day.do(FACILITATOR, "merge", note=name, into=unkind)
    day.do(FACILITATOR, "hide", note=unkind)
    (one,) = told.statements(day.state, DAY.asks["statements"])

    assert ("Be on time", ("Be early",), "inner") == (one.text, one.also, one.ring)


def test_a_stage_that_was_left_and_come_back_to_counts_all_its_minutes():
    day = room("health")
    day.go("cards", minutes=20)
    day.go("ladder", minutes=30)
    day.go("cards", minutes=10)
    day.now = day.now.replace(hour=4)  # a clock that was put back
    day.go("ladder", minutes=0)
    found = held.of(DAY, day.events, UTC)

    assert {0: 20, 1: 30, 2: 10} == {stage: spent.minutes for stage, spent in found.stages.items()}


def test_a_room_in_which_nobody_was_is_told_in_a_sentence(tmp_path):
    refused = [replace(EVENTS[0], by="s1")]
    for events in ([], refused):
        with pytest.raises(PaperError, match="Nobody has been in this room yet"):
            report.write(DAY, events, tmp_path / "report", UTC)

    assert not (tmp_path / "report").exists()


# --- in another program ----------------------------------------------------------------------


@office.MISSING
def test_libreoffice_opens_both(folder, tmp_path):
    pages = office.pages([folder / "agreement.docx", folder / "record.docx"], tmp_path)

    assert 2 <= pages["agreement"] <= 4
    assert 12 <= pages["record"] <= 30
