"""What a trainee wrote is text wherever a trainer sees it."""

from __future__ import annotations

from html.parser import HTMLParser

import trainees
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter

from mapt_course import foreign
from mapt_course import items as it
from mapt_course.marking import marker, table

MARKUP = st.lists(
    st.sampled_from(
        [
            "<script>",
            "</div>",
            "</table>",
            "<b ",
            "onerror=",
            "`",
            "```",
            "*",
            "_",
            "\n",
            "\n\n",
            "    ",
            "# ",
            "- ",
            "[a](b)",
            "![a](b)",
            "&lt;",
            "&#60;",
            "$",
            "$$",
            "\\(",
            "<!--",
            "-->",
            "|",
            "http://x.example",
            "<a@b.example>",
            "\t",
            "x",
            "\u202e",
            "\x00",
            "\r",
            "'",
            '"',
        ]
    )
    | st.text(max_size=3)
).map("".join)


class Tags(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(sorted(name for name, _ in attrs))))
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data):
        self.text += data


def rendered(source: str) -> str:
    """A Markdown cell as nbconvert, and so formgrader, renders it."""
    return HTMLExporter().markdown2html({}, source)


def shown(text: str) -> str:
    """A text without what acts."""
    return foreign.clean(text)


@settings(deadline=None)
@given(MARKUP)
@example(trainees.HOSTILE.format("x"))
def test_a_markdown_cell_shows_a_text_letter_for_letter(text):
    """Neither Markdown nor HTML nor TeX finds anything in it."""
    page = Tags(rendered(table.literal(text)))

    assert {tag for tag, _ in page.tags} <= {"div", "br"}
    assert {names for tag, names in page.tags if tag == "div"} == {("class", "style")}
    assert page.text.strip("\n") == shown(text).strip("\n")


@settings(deadline=None)
@given(MARKUP)
@example(trainees.HOSTILE.format("x")[:500])  # a gap takes no more
@example(trainees.HOSTILE.format("x")[500:1000])
@example(trainees.HOSTILE.format("x")[1000:])
def test_the_table_shows_a_text_letter_for_letter(text):
    """A typed gap, and a note with a file's name, add no tag to the table."""
    gap = it.Gap(
        id="g", stem="s", text="{g}", gaps=(it.Entry("g", "gap"),), key={"g": it.GapKey(("a",))}
    )

    def tags(typed: str, noted: str) -> Tags:
        row = marker.Row(gap, {"g": typed}, it.Mark(0.0, 1.0))
        return Tags(table.to_html(marker.Total("t", (row,)), [marker.Note(noted)]))

    page = tags(text or "x", text)
    assert page.tags == tags("x", "x").tags
    soup = BeautifulSoup(
        table.to_html(marker.Total("t", (marker.Row(gap, {"g": text or "x"}, it.Mark(0.0, 1.0)),))),
        "html.parser",
    )
    assert shown(f"gap: {text or 'x'}") in soup.get_text()


def test_a_very_long_text_is_cut():
    """What nobody would read is counted, not shown."""
    assert "1,000 more characters" in Tags(rendered(table.literal("x" * 21_000))).text


def test_a_foreign_name_is_one_line_that_acts_nowhere():
    assert foreign.one_line("a\n\x1b[2Jb\u202ec") == "a �[2Jb�c"
    assert len(foreign.one_line("x" * 500)) == 80
