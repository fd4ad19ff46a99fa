"""The course's pictures: same bytes each time, readable, and true to their data."""

import io
import re
import tomllib
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from mapt_course.figures import PICTURES, draw, style

COURSE = Path(__file__).resolve().parents[2] / "course"
FILES = {path.stem: path for path in COURSE.glob("*/figures/*.toml") if path.stem in PICTURES}
NOT_DRAWN = {"alt", "long_description", "id", "fact", "lane", "destination", "icon", "theme"}

picture = pytest.mark.parametrize("name", sorted(PICTURES))


def load(name):
    return tomllib.loads(FILES[name].read_text(encoding="utf-8"))


def texts(ax):
    """Return each text drawn with its box in points."""
    renderer = RendererSVG(*ax.figure.bbox.size, io.StringIO())
    drawn = [text for text in ax.findobj(Text) if text.get_text()]
    return [(text, text.get_window_extent(renderer)) for text in drawn]


def boxes(ax):
    """Return each card drawn with its box in points, the latest last; bars are no cards."""
    cards = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    cards = [(patch, patch.get_window_extent()) for patch in cards]
    return [(patch, box) for patch, box in cards if box.width > 10]


def words(data):
    """Return every string of the data that is meant for the page."""
    if isinstance(data, dict):
        data = [v for key, v in data.items() if key not in NOT_DRAWN or isinstance(v, list)]
    if isinstance(data, list):
        return [word for value in data for word in words(value)]
    return [data] if isinstance(data, str) else []


def names(entry, top=True):
    """Return the name (or title) of every entry of the data, at whatever depth."""
    if isinstance(entry, list):
        return [name for each in entry for name in names(each, top=False)]
    if not isinstance(entry, dict):
        return []
    own = [entry[key] for key in ("name", "title") if key in entry and not top]
    return own + [name for value in entry.values() for name in names(value, top=False)]


def plain(text):
    return " ".join(text.split())


def luminance(colour):
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def contains(outer, inner):
    return (
        outer.x0 - 0.5 <= inner.x0
        and outer.y0 - 0.5 <= inner.y0
        and inner.x1 <= outer.x1 + 0.5
        and inner.y1 <= outer.y1 + 0.5
    )


@picture
def test_drawing_twice_gives_the_same_bytes(name):
    """The SVG depends on nothing but the data, not even on the user's matplotlib settings."""
    first = draw(name, load(name))
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "none", "lines.linewidth": 9}):
        second = draw(name, load(name))

    assert first == second


@picture
def test_the_committed_picture_is_the_drawn_one(name):
    """The SVG beside the data is up to date."""
    assert FILES[name].with_suffix(".svg").read_bytes() == draw(name, load(name))


@picture
def test_the_svg_holds_its_title_and_no_live_text(name):
    """The words are outlines, so that no reader's fonts can change them."""
    svg = draw(name, load(name)).decode()

    assert f"<title>{load(name)['title']}</title>" in svg
    assert "<text" not in svg


@picture
def test_texts_stand_clear_of_each_other(name):
    """No text overlaps another one."""
    clashes = [
        (first.get_text(), second.get_text())
        for (first, a), (second, b) in combinations(texts(PICTURES[name](load(name))), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 0.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 0.5
    ]

    assert [] == clashes


@picture
def test_texts_stay_on_their_cards(name):
    """A text lies wholly on the smallest card that holds its middle."""
    ax = PICTURES[name](load(name))
    spilt = []
    for text, box in texts(ax):
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        under = [card for _, card in boxes(ax) if card.contains(*middle)]
        if not contains(min(under, key=lambda card: card.width * card.height), box):
            spilt.append(text.get_text())

    assert [] == spilt


@picture
def test_cards_do_not_cross(name):
    """Two cards lie apart or one lies on the other."""
    ax = PICTURES[name](load(name))
    cards = [box for _, box in boxes(ax)]
    crossed = [
        (a.bounds, b.bounds)
        for a, b in combinations(cards, 2)
        if a.overlaps(b) and not contains(a, b) and not contains(b, a)
    ]

    assert [] == crossed


@picture
def test_every_word_of_the_data_is_drawn(name):
    """Each label is on the page, and the page has no word that the data lacks."""
    drawn = {plain(text.get_text()) for text, _ in texts(PICTURES[name](load(name)))}
    wanted = {plain(word) for word in words(load(name))}
    numbers = {text for text in drawn if text.isdigit()}

    assert wanted - numbers == drawn - numbers


@picture
def test_text_is_large_and_dark_enough(name):
    """No text is smaller than 10 points or below a contrast of 4.5 to 1."""
    ax = PICTURES[name](load(name))
    for text, box in texts(ax):
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        under = [patch for patch, card in boxes(ax) if card.contains(*middle)][-1]
        dark, light = luminance(text.get_color()), luminance(under.get_facecolor())

        assert 10 <= text.get_fontsize(), text.get_text()
        assert 4.5 <= (light + 0.05) / (dark + 0.05), text.get_text()


@picture
def test_a_picture_has_words_for_those_who_cannot_see_it(name):
    """Alt text is one or two sentences; every label's name is in the long description."""
    data = load(name)
    told = plain(data["long_description"]).lower()
    assert 1 <= len(re.findall(r"[.?](?:\s|$)", data["alt"])) <= 2
    assert 60 <= len(told.split())
    assert [] == [name for name in names(data) if name.lower() not in told]


def test_the_map_says_what_the_course_says():
    """Ids, titles, questions and order of the modules are those of course.toml."""
    course = tomllib.loads((COURSE / "course.toml").read_text(encoding="utf-8"))
    on_map = [module for stage in load("p0-course-map")["stage"] for module in stage["modules"]]
    wanted = [{key: m[key] for key in ("id", "title", "question")} for m in course["module"]]

    assert wanted == on_map


def test_the_time_line_has_six_turning_points_in_order():
    """Turning points are numbered 1 to 6 by date, among 20 to 24 events."""
    events = sorted(load("p1-time-line")["event"], key=lambda event: event["at"])

    assert [1, 2, 3, 4, 5, 6] == [e["turning_point"] for e in events if "turning_point" in e]
    assert 20 <= len(events) <= 24


def test_the_pairing_is_complete():
    """Each of the six faults is joined to one of the four duties."""
    duties = load("p2-faults-and-duties")["duty"]
    pairs = {duty["fact"]: {fault["fact"] for fault in duty["faults"]} for duty in duties}

    assert {
        "LA-1": {"GAP-2"},
        "LA-2": {"GAP-4", "GAP-6"},
        "LA-3": {"GAP-1"},
        "LA-4": {"GAP-3", "GAP-5"},
    } == pairs


def test_an_unknown_picture_is_named():
    """The message says which file to rename, and to what."""
    with pytest.raises(ValueError, match=r"no picture 'p99'. Rename p99.toml to one of: p0-"):
        draw("p99", {})


@picture
@pytest.mark.parametrize("field", ["title", "alt", "long_description", "note"])
def test_a_missing_field_is_named(name, field):
    """The message names the file and the field."""
    data = load(name)
    del data[field]

    with pytest.raises(ValueError, match=rf"{name}\.toml .*{field}.*Add"):
        draw(name, data)


def test_an_event_in_no_lane_is_named():
    """A slip in a lane's id does not lose the event silently."""
    data = load("p1-time-line")
    data["event"][0]["lane"] = "laws"

    with pytest.raises(ValueError, match=r"there is no lane 'laws'. Choose one of: law, "):
        draw("p1-time-line", data)


def test_a_lane_too_many_is_refused():
    """Three lanes fit on the page."""
    data = load("p1-time-line")
    data["lane"].append({"id": "people", "name": "People"})

    with pytest.raises(ValueError, match=r"has 4 lanes. Make it 3"):
        draw("p1-time-line", data)


def test_a_picture_can_be_drawn_on_axes_of_ones_own():
    """A trainer's own Axes is used and returned."""
    own = style.canvas(100)

    assert own is PICTURES["p1-time-line"](load("p1-time-line"), own)
