"""The joint day on paper: everything that the room asks stands on a sheet, as text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from mapt_course import cli
from mapt_course.room import day as days
from mapt_course.room import paper, typed

HOSTILE = '<script>alert("x")</script> & “so on”'


@pytest.fixture(scope="module")
def day() -> days.Day:
    return days.of_course()


def read(html: str) -> str:
    """What a person reads on the sheets."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def words(day: days.Day) -> list[str]:
    """Every text of the plan that somebody is to read."""
    told = [day.title, *day.rules, *(each.text for each in day.agencies)]
    for stage in day.stages:
        told += [stage.title, stage.at, stage.shows, *stage.says, *stage.prompts]
        told += [text for card in stage.cards for text in card]
        for ask in stage.asks:
            told += [ask.note, *ask.rows, *(each.text for each in (*ask.columns, *ask.options))]
            # In the grid, the two asks are one table: the heads of its columns say it.
            told += [ask.text] if stage.id != "grid" else []
    return told


def test_everything_of_the_plan_is_on_paper(day):
    """Each rule, question, check, prompt, card and option, in its own words."""
    seen = read(paper.pack(day))
    missing = [text for text in words(day) if " ".join(text.split()) not in seen]

    assert [] == missing


def test_the_lists_have_the_length_that_the_source_gives_them(day):
    """Ten stages; four questions, fifteen checks, seven rows, eight questions, twelve sentences."""
    ladder = next(stage for stage in day.stages if stage.id == "ladder")
    asks = day.asks

    assert 10 == len(day.stages)
    assert 4 == len(ladder.asks)
    assert (15, 7, 12) == tuple(len(asks[name].rows) for name in ("checks", "views", "stand"))
    assert 8 == len(asks["questions"].options)
    assert 7 == next(len(stage.cards) for stage in day.stages if stage.id == "meeting")


def test_the_page_of_results_has_a_place_for_each_answer(day):
    """Four questions, fifteen checks, three gaps and three questions, in a line for each sheet."""
    page = paper.pack(day).rpartition("<section")[2]
    heads = re.findall(r"<th scope=\"col\">([^<]+)</th>", page)

    assert set(typed.BY_NUMBER) <= {stage.id for stage in day.stages}
    assert ["Sheet", "Agency", *"ABCD"] == heads[:6]
    assert [15, 3, 3] == [sum(h.startswith(letter) for h in heads) for letter in "EFG"]
    assert typed.LINES == page.count("<tr>") - 1


def test_a_plan_is_shown_as_text(day):
    """What looks like HTML in the file is printed as it stands."""
    stage = replace(
        day.stages[0],
        title=HOSTILE,
        shows=HOSTILE,
        says=(HOSTILE,),
        prompts=(HOSTILE,),
        cards=((HOSTILE, HOSTILE),),
        asks=tuple(replace(ask, text=HOSTILE, note=HOSTILE) for ask in day.stages[0].asks),
    )
    html = paper.pack(replace(day, title=HOSTILE, rules=(HOSTILE,), stages=(stage,)))

    assert "<script" not in html
    assert HOSTILE in read(html)


def test_the_pack_fetches_nothing(day):
    """One file, which carries its own style."""
    html = paper.pack(day)

    assert "default-src 'none'" in html
    assert not re.search(r"https?:|\bsrc=|url\(|@import|<link|<script", html)


def test_the_command_writes_it_where_it_is_told(tmp_path, capsys):
    """Into a folder under its own name, or to a file; a place that is not there is told."""
    assert 0 == cli.main(["paper", str(tmp_path)])
    assert str(tmp_path / paper.FILE) in capsys.readouterr().out
    assert 0 == cli.main(["paper", str(tmp_path / "day.html")])
    assert (tmp_path / paper.FILE).read_bytes() == (tmp_path / "day.html").read_bytes()
    capsys.readouterr()
    assert 1 == cli.main(["paper", str(tmp_path / "no such folder" / "day.html")])
    assert "Name another place: mapt paper PLACE." in capsys.readouterr().out
