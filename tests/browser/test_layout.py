"""The measurements of pages can fail: each finds a known fault on a small page, and no other."""

from __future__ import annotations

import layout
import pytest

LONG = "a long text " * 20


@pytest.fixture(scope="module")
def sheet(browser):
    """A bare page to put HTML on."""
    context = browser.new_context(viewport={"width": 800, "height": 600})
    yield context.new_page()
    context.close()


OVERLAPPING = {
    "two texts": (
        '<p style="position: absolute; top: 0">Under</p>'
        '<p style="position: absolute; top: 4px">Over</p>'
    ),
    "a line that its neighbour's minus margin runs into": (
        '<div style="margin-bottom: -12px">Above</div><div>Below</div>'
    ),
    "a text and a field": '<input type="radio" style="margin-right: -40px"><span>Option</span>',
    "texts scrolled out of sight": (
        '<div style="height: 50px; overflow: auto"><div style="height: 300px"></div>'
        '<p style="margin: 0 0 -15px">Under</p><p style="margin: 0">Over</p></div>'
    ),
}
APART = {
    "lines of one paragraph": f'<p style="line-height: 1.1; font-size: 32px">{LONG}</p>',
    "a bold word in a line": "<p>Some <b>bold <i>and</i></b> plain words</p>",
    "a text for screen readers only": (
        '<p style="position: absolute; top: 0">Seen</p>'
        '<p class="mapt-unseen" style="position: absolute; top: 0">Heard</p>'
    ),
    "a label around its field": '<label><input type="checkbox"> Tick</label>',
    "what has been scrolled under a bar": (
        '<div>Bar</div><div style="height: 50px; overflow: auto">'
        "<p>One</p><p>Two</p><p id=last>Three</p></div><p>After</p>"
    ),
}


@pytest.mark.parametrize("html", OVERLAPPING.values(), ids=OVERLAPPING)
def test_an_overlap_is_found(sheet, html):
    """Text over other text or a field is told with both."""
    sheet.set_content(html)

    [told] = layout.overlaps(sheet)
    assert "overlap by" in told


@pytest.mark.parametrize("html", APART.values(), ids=APART)
def test_no_overlap_is_made_up(sheet, html):
    """What only stands close, or inside, is none."""
    sheet.set_content(html)
    sheet.evaluate("() => document.querySelector('#last')?.scrollIntoView()")

    assert [] == layout.overlaps(sheet)


CLIPPED = {
    "a text in a low box": f'<div style="height: 20px; overflow: hidden"><p>{LONG}</p></div>',
    "an ellipsis": (
        '<p style="width: 90px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">'
        f"{LONG}</p>"
    ),
    "overflow: clip": f'<p style="width: 90px; overflow: clip; white-space: nowrap">{LONG}</p>',
    "a button": '<button style="width: 60px; white-space: nowrap">Show me the answer</button>',
    "a list": '<select style="width: 60px"><option>A category with a long name</select>',
    "an empty field": '<input type="text" style="width: 60px" placeholder="decade of the Act">',
}
WHOLE = {
    "a box that scrolls": f'<div style="height: 20px; overflow: auto"><p>{LONG}</p></div>',
    "a box with room": '<div style="height: 90px; overflow: hidden"><p>Short</p></div>',
    "a text for screen readers only": (
        f'<p class="mapt-unseen" style="width: 1px; height: 1px; overflow: hidden">{LONG}</p>'
    ),
    "controls with room": (
        '<button>Hint</button><select><option>Choose</select><input type="text" placeholder="year">'
    ),
}


@pytest.mark.parametrize("html", CLIPPED.values(), ids=CLIPPED)
def test_a_cut_text_is_found(sheet, html):
    """A text that an edge or a control cuts off is told."""
    sheet.set_content(html)

    assert [] != layout.clipped(sheet)


@pytest.mark.parametrize("html", WHOLE.values(), ids=WHOLE)
def test_a_whole_text_is_not_told(sheet, html):
    """What can be read, or scrolled to, is not cut."""
    sheet.set_content(html)

    assert [] == layout.clipped(sheet)


FAULTS = {
    layout.sideways: '<div style="width: 90px; overflow: auto"><p style="width: 300px">x</p></div>',
    layout.small_text: '<p style="font-size: 14px">Small print</p>',
    layout.long_lines: f'<p style="width: 790px; font-size: 12px">{LONG}</p>',
    layout.small_targets: '<button style="height: 20px">Press</button>',
    layout.headings: "<h1>One</h1><h3>Three</h3>",
    layout.unseen_focus: '<button style="outline: none">Go</button>',
}
SOUND = (
    '<h1>One</h1><h2>Two</h2><p>Text with a <a href="#x">link</a> in a sentence.</p>'
    '<button style="font-size: 16px; min-height: 44px">Press here</button>'
    "<style>:focus-visible { outline: 3px solid blue; }</style>"
)


@pytest.mark.parametrize("measure", FAULTS, ids=lambda each: each.__name__)
def test_each_other_fault_is_found(sheet, measure):
    """Each measurement tells the fault it is for, and is silent on a sound page."""
    sheet.set_content(FAULTS[measure])
    told = measure(sheet)
    sheet.set_content(SOUND)

    assert 1 == len(told)
    assert [] == measure(sheet)
