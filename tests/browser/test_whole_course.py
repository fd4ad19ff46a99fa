"""The whole course, walked through in a real page by a new trainee, and read back.

Lena comes three times, with weeks between them; time passes while the course is closed. In the end
she takes everything along to another computer, and makes her papers there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import docx
import pytest
import read_back
from playwright.sync_api import expect
from running import READY
from walking import Trainee, kept, pass_days

from mapt_course import course as whole
from mapt_course import items as it
from mapt_course import record, review, workfolder
from mapt_course.portfolio import statement, work

WHO, NAME = "lena", "Lena Platt-Öztürk"
AGAIN = "roots-check"  # handed in twice


@pytest.fixture(scope="module")
def walked(browser, tmp_path_factory) -> SimpleNamespace:
    """What is there after the last day."""
    place = tmp_path_factory.mktemp("walk")
    lena = Trainee(browser, place, WHO)
    seen = SimpleNamespace(lena=lena)
    with lena.sitting():
        seen.first_due = lena.sheet.locator(".mapt-due-head").inner_text()
        lena.begin()
        do_pages(lena, until="5-models/", place=place)
    pass_days(lena.folder, 30)
    with lena.sitting():
        seen.due = lena.sheet.locator(".mapt-due-head").inner_text()
        lena.begin()
        seen.before_lesson = lena.review()
        seen.enough = lena.sheet.locator(".mapt-due-head").inner_text()
        lena.back()
        seen.reviewed = lena.review()
        lena.begin()
        do_pages(lena, until="checks/forward-check/", place=place)
        lena.back()
    pass_days(lena.folder, 45)
    with lena.sitting():
        seen.again = lena.review()
        lena.begin()
        do_pages(lena, until="", place=place)
        lena.back()
        seen.map = lena.sheet.locator(".mapt-home .mapt-next").inner_text()
        seen.signs = lena.sheet.locator(".mapt-map .mapt-sign").all_inner_texts()
        lena.go(lena.sheet.locator(".mapt-map a[href$='/roots-check.ipynb']"))
        lena.change_one(AGAIN)
        seen.second = lena.hand_in(AGAIN, place)
        lena.back()
        seen.export = lena.take_along(place)
    other = Trainee(browser, make(place / "other"), WHO)
    with other.sitting():
        seen.brought = other.bring_back(seen.export)
        seen.papers = other.make_papers(NAME, place)
        seen.code = statement.of(other.folder, NAME).code
    seen.other = other
    return seen


def make(folder: Path) -> Path:
    folder.mkdir()
    return folder


def do_pages(lena: Trainee, until: str, place: Path) -> None:
    """Page after page, as each names the next, until one in a folder is open; '': all."""
    while True:
        lena.do_page()
        if lena.path.startswith("checks/"):
            lena.hand_in(Path(lena.path).stem, place)
        if not lena.onward() or (until and lena.path.startswith(until)):
            return


def test_walk(walked):
    print(vars(walked))
    print(walked.lena.wrong, walked.other.wrong)
