"""A cohort of 500, shared among 20 markers with gradebooks of their own."""

from __future__ import annotations

import csv
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import cohort
import pytest

from mapt_course.marking.share import command

TRAINEES = [f"t{number:03}" for number in range(500)]
SILENT = TRAINEES[::50]  # wrote no reflection: nothing to read by hand
MARKERS = 20


@dataclass(frozen=True)
class Shared:
    """The lead's folder, the markers', and what the markers gave."""

    lead: Path
    markers: dict[str, Path]
    given: dict[str, tuple]
    returns: list[str]


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Shared:
    """Dealt, opened, marked, returned; not merged yet. Two have a mark of the lead's too."""
    place = tmp_path_factory.mktemp("shared")
    lead = cohort.course(place / "lead")
    with cohort.opened(lead) as gradebook:
        # nbgrader asks another program for the version of an empty gradebook: once is enough.
        empty = shutil.copy(lead / "gradebook.db", place / "empty.db")
        cohort.add_assignment(gradebook)
        cohort.add_trainees(gradebook, TRAINEES)
        cohort.autograde(gradebook, set(TRAINEES) - set(SILENT), 5.5)
        cohort.autograde(gradebook, SILENT, 2, wrote=False)
    for trainee in TRAINEES:
        cohort.hand_in(lead, trainee)
    assert command.main("split", lead, assignment="roots-check", among="20", again=False) == 0

    markers, given = {}, {}
    for number in range(1, MARKERS + 1):
        name = f"marker-{number}"
        home = markers[name] = cohort.course(place / name, empty)
        assert command.main("open", home, zip=str(lead / f"shares/roots-check/{name}.zip")) == 0

        def mark(trainee: str, number=number, name=name) -> tuple:
            assert trainee not in given
            score, comment, extra = number % 5, f"From {name} to {trainee}", number % 3 or None
            given[trainee] = (score, extra, comment, False)
            return score, comment, extra

        with cohort.opened(home) as gradebook:
            cohort.give_all(gradebook, mark)
        assert command.main("return", home, assignment="roots-check") == 0
    with cohort.opened(lead) as gradebook:
        # Meanwhile the lead gives one trainee another score, and one the same.
        cohort.give(gradebook, "t001", 4 - given["t001"][0] or 1)
        cohort.give(gradebook, "t002", given["t002"][0], extra=given["t002"][1])
    returns = [str(next(home.glob("shares/roots-check/*.zip"))) for home in markers.values()]
    return Shared(lead, markers, given, returns)


@pytest.fixture(scope="module")
def merged(shared) -> dict[str, tuple]:
    """All returns merged, in no order."""
    shuffled = random.Random(966).sample(shared.returns, len(shared.returns))
    assert command.main("merge", shared.lead, zips=shuffled, take=None) == 1
    with cohort.opened(shared.lead) as gradebook:
        return cohort.marks(gradebook)


def test_everybody_who_wrote_is_with_one_marker(shared):
    assert shared.given.keys() == set(TRAINEES) - set(SILENT)
    sizes = [len(list((home / "autograded").iterdir())) for home in shared.markers.values()]
    assert sizes == [25] * 10 + [24] * 10


def test_a_marker_has_nothing_of_others(shared):
    home = shared.markers["marker-7"]
    text = (home / "gradebook.db").read_bytes()
    for step in ("submitted", "autograded"):
        names = {each.name for each in (home / step).iterdir()}
        assert names == {trainee for trainee in names if trainee.encode() in text}
        assert len(names) == 25
    assert not [trainee for trainee in set(TRAINEES) - names if trainee.encode() in text]


def test_no_mark_is_lost_or_doubled(shared, merged):
    assert merged.keys() == set(TRAINEES)
    for trainee, mark in shared.given.items():
        if trainee != "t001":
            assert merged[trainee] == mark
    for trainee in SILENT:
        assert merged[trainee] == (None, None, None, False)


def test_the_conflict_is_left_and_shown(shared, merged):
    score, extra, comment, waits = shared.given["t001"]
    ours = 4 - score or 1

    assert merged["t001"] == (ours, extra, comment, waits)
    with (shared.lead / "shares/roots-check/conflicts.csv").open(encoding="utf-8-sig") as file:
        [row] = csv.DictReader(file)
    [marker] = [name for name in shared.markers if f"From {name} to" in comment]
    assert row["trainee"] == "t001"
    assert (row["cell"], row["what"], row["by"]) == ("roots-check-r1", "score", marker)
    assert (float(row["ours"]), float(row["theirs"])) == (ours, score)


def test_merging_again_changes_nothing(shared, merged, capsys):
    assert command.main("merge", shared.lead, zips=shared.returns, take=None) == 1
    with cohort.opened(shared.lead) as gradebook:
        assert cohort.marks(gradebook) == merged
    assert capsys.readouterr().out.count("nothing new") == MARKERS


def test_settled_for_the_other_side(shared, merged, capsys):
    [marker] = [name for name in shared.markers if f"From {name} to" in shared.given["t001"][2]]
    home = shared.markers[marker] / "shares/roots-check"
    back = str(home / f"roots-check-marks-of-{marker}.zip")
    assert command.main("merge", shared.lead, zips=[back], take="theirs") == 0
    with cohort.opened(shared.lead) as gradebook:
        settled = cohort.marks(gradebook)
    assert settled == {**merged, **shared.given}
    assert not (shared.lead / "shares/roots-check/conflicts.csv").exists()
    assert "conflict" not in capsys.readouterr().out
