"""The paper pack as it comes out of a printer, and as it looks before."""

from __future__ import annotations

import re
from collections import Counter

import layout
import pytest
from looks import DESKTOP, PHONE, axe

from mapt_course.room import day as days
from mapt_course.room import paper

A4, A3_WIDE, A4_WIDE = (210, 297), (420, 297), (297, 210)


@pytest.fixture
def pack(page, tmp_path):
    """A page with the pack, opened from the disk."""
    path = tmp_path / paper.FILE
    path.write_text(paper.pack(days.of_course()), encoding="utf-8")
    page.goto(path.as_uri())
    return page


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in mm."""
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    return [tuple(round(float(each) / 72 * 25.4) for each in box) for box in found]


def test_it_prints_on_a4_and_the_circle_and_the_grid_on_a3(pack):
    """Every sheet begins a page; those with much to say take a second one, and none a third."""
    sheets = pack.locator(".sheet").count()
    printed = Counter(sizes(pack.pdf(prefer_css_page_size=True, print_background=True)))

    assert {A4, A3_WIDE, A4_WIDE} == set(printed)
    assert (2, 1) == (printed[A3_WIDE], printed[A4_WIDE])
    assert sheets <= printed.total() <= sheets + 4


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_it_can_be_read_before_it_is_printed(pack, size, scheme):
    """No violation, overlap or cut text; on a phone wide tables scroll within their sheet."""
    pack.set_viewport_size({"width": size[0], "height": size[1]})
    pack.emulate_media(color_scheme=scheme)
    violations = [rule["id"] for rule in axe.run(pack).response["violations"]]
    found = [*layout.overlaps(pack), *layout.clipped(pack)]

    assert ([], []) == (violations, found)
    assert size[0] >= pack.evaluate("document.documentElement.scrollWidth")
