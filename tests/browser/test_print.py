"""A lesson on paper: all of it, dark on white, nothing to press."""

from __future__ import annotations

import re

import layout
import pytest
from answered import LONG, answer_everything

START = "0-start-here/start-here.ipynb"
LESSON = "1-roots/1-1-time-line.ipynb"
MAISIE = "1-roots/1-3-maisie.ipynb"
SHEET = ".mapt-lesson:not(.lm-mod-hidden)"
# Everything between the root and the lesson's last cell that would cut or scroll on paper.
CUTTING = """(sheet) => {
  const last = [...document.querySelectorAll(sheet + " .jp-Cell")].at(-1);
  const found = [];
  for (let e = last.parentElement; e; e = e.parentElement) {
    const { overflowX, overflowY, position, contain } = getComputedStyle(e);
    if ([overflowX, overflowY].some((each) => each !== "visible") || position !== "static"
        || contain !== "none")
      found.push(`${e.tagName} .${e.className} ${overflowX} ${overflowY} ${position} ${contain}`);
  }
  return found;
}"""
COLOURS = """(sheet) => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).every((each) => each > 215);
  const texts = "p, li, h1, h2, h3, td, th, legend, span, dd, button";
  const found = new Set();
  for (const e of document.querySelectorAll(`${sheet} :is(${texts})`)) {
    const words = e.textContent.trim().slice(0, 40);
    if (!e.checkVisibility() || !words) continue;
    if (light(getComputedStyle(e).color)) found.add("light text: " + words);
    for (let each = e; each; each = each.parentElement) {
      const { backgroundColor } = getComputedStyle(each);
      if (/rgba\\(.*, 0\\)/.test(backgroundColor)) continue;
      if (!light(backgroundColor)) found.add(`${backgroundColor} behind ${words}`);
      break;
    }
  }
  return [...found];
}"""


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF of Chromium's has: each is one object that names its parent."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "view"), [(LESSON, "notebooks"), (LESSON, "doc/tree"), (MAISIE, "lab/tree")]
)
def test_the_whole_lesson_prints_dark_on_white(course, page, path, view, scheme):
    """Nothing is cut after a screen, nothing of JupyterLab's is printed, nothing is dark."""
    answer_everything(course.folder)
    page.emulate_media(color_scheme=scheme)
    course.open(page, path, view)
    height = page.locator(f"{SHEET} .jp-WindowedPanel-viewport").bounding_box()["height"]
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 px to the inch
    page.emulate_media(media="print", color_scheme=scheme)
    whole = page.evaluate("() => document.documentElement.scrollHeight")

    assert [] == page.evaluate(CUTTING, SHEET)
    assert [] == page.evaluate(COLOURS, SHEET)
    assert whole > height * 0.6
    # The choices of a scene are its text; they look like a list on paper.
    assert 0 == page.locator("button:visible:not(.mapt-choices button)").count()
    assert 0 == page.locator("textarea:visible, .jp-Toolbar:visible, .lm-MenuBar:visible").count()
    assert [] == layout.overlaps(page, SHEET)


def test_a_pdf_has_all_pages_and_the_long_reflection(course, page):
    """As many pages as the lesson is high; the whole of a text that its box would cut."""
    answer_everything(course.folder)
    course.open(page, MAISIE)
    pdf = page.pdf(format="A4")
    page.emulate_media(media="print")
    high = page.evaluate("() => document.documentElement.scrollHeight")
    paper = page.locator(".mapt-paper")

    assert pages_of(pdf) >= high / 1123 > 2
    assert LONG == paper.text_content()
    assert [] == layout.clipped(page, SHEET)


def test_start_here_prints_its_map(course, page):
    """The course map is on paper with its links as text."""
    course.open(page, START)
    page.emulate_media(media="print")

    assert page.locator(".mapt-map > li:visible").count() >= 9
    assert [] == page.evaluate(CUTTING, SHEET)
