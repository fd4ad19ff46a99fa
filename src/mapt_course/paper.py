"""A Word document: real headings, contents that are filled in, tables, texts of any script."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph

from .words import clean

INK, SOFT, BLUE = RGBColor(0x1C, 0x24, 0x30), RGBColor(0x55, 0x60, 0x6E), RGBColor(0, 0x5F, 0x93)
TINT, LINE, DARKEST = "F3F5F7", "C5CCD4", "7CB4DC"
FONT = "Calibri"
MARGIN = Cm(2.2)
A4 = Cm(21), Cm(29.7)
WIDTH = Emu(A4[0] - 2 * MARGIN)
LETTERS = 84  # of a table's text beside each other
DEEPEST = 2  # level of headings that stands in the contents


class Paper:
    """A document being made; each method adds to its end. ``title`` and ``author`` name it.

    ``one_page``: small and close, with no room above the title.
    """

    def __init__(self, title: str, author: str, one_page: bool = False):
        self.document = docx.Document()
        self.headings: list[tuple[int, str, str]] = []  # level, text, bookmark
        self.place_of_contents: Paragraph | None = None
        told = self.document.core_properties
        told.title, told.author, told.language, told.comments = title, author, "en-GB", ""
        section = self.document.sections[0]
        section.page_width, section.page_height = A4
        section.left_margin = section.right_margin = MARGIN
        section.top_margin = section.bottom_margin = Cm(1.6 if one_page else 2)
        self._styles(one_page)
        self.ids = {style.name: style.style_id for style in self.document.styles}

    def heading(self, level: int, text: str) -> None:
        """A heading of level 1 to 4."""
        bookmark = f"_Toc{len(self.headings) + 1:06}"
        paragraph = self.document.add_heading(level=level)
        paragraph._p.append(_made("w:bookmarkStart", id=len(self.headings), name=bookmark))
        _write(paragraph, text)
        paragraph._p.append(_made("w:bookmarkEnd", id=len(self.headings)))
        self.headings.append((level, text, bookmark))

    def text(self, text: str, style: str = "Normal", marked: bool = False) -> None:
        """A paragraph for each line; ``marked``: a text of the course, with **bold** words."""
        for line in clean(text).split("\n"):
            if line.strip():
                _write(self._styled(self.document.add_paragraph(), style), line, marked)

    def table(
        self,
        what: str,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        shades: Sequence[float | None] = (),
    ) -> None:
        """A table whose first row is repeated on each page; ``what``: said of it aloud.

        ``shades``: for each row, how dark its second box is, from 0 to 1; None for no shade.
        """
        table = self.document.add_table(rows=1, cols=len(head), style="Table Grid")
        table.autofit = False
        told = table._tbl.tblPr
        told.append(_made("w:tblCaption", val=what))
        borders = _made("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(_made(f"w:{side}", val="single", sz=4, color=LINE))
        told.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
        for _ in rows:
            table.add_row()
        sizes = _widths([head, *rows])
        for column, size in zip(table.columns, sizes, strict=True):
            column.width = size
        for n, (row, texts) in enumerate(zip(table.rows, [head, *rows], strict=True)):
            properties = row._tr.get_or_add_trPr()
            # A row of a few lines stays whole; a long text has to go on over the page.
            if sum(map(len, texts)) < 600:
                properties.append(_made("w:cantSplit"))
            if n == 0:
                properties.append(_made("w:tblHeader"))
            for k, (cell, text, size) in enumerate(zip(row.cells, texts, sizes, strict=True)):
                cell.width = size
                if n == 0:
                    _fill(cell, TINT)
                elif k == 1 and shades and shades[n - 1] is not None:
                    _fill(cell, _shade(shades[n - 1]))
                lines = [each for each in clean(text).split("\n") if each.strip()] or [""]
                for m, line in enumerate(lines):
                    paragraph = cell.paragraphs[0] if m == 0 else cell.add_paragraph()
                    self._styled(paragraph, "Table Text" if n else "Table Head")
                    _write(paragraph, line)
        self._styled(self.document.add_paragraph(), "Table Text")  # two tables would grow together

    def contents(self) -> None:
        """Here stands the table of contents, of headings that come after it."""
        self.text("Contents", "Contents Head")
        self.place_of_contents = self.document.add_paragraph(style="toc 1")

    def foot(self, text: str) -> None:
        """A text and the page's number at the foot of each page."""
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.style = "Quiet"
        _write(paragraph, f"{text} · page ")
        for run in _field(" PAGE ", "1"):
            paragraph._p.append(run)

    def content(self) -> bytes:
        """The document as a file."""
        if self.place_of_contents is not None:
            self._fill_contents()
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()

    def _styled(self, paragraph: Paragraph, style: str) -> Paragraph:
        # python-docx's own way looks through all styles each time: 4 s for a full portfolio.
        paragraph._p.style = self.ids[style]
        return paragraph

    def _fill_contents(self) -> None:
        # The list is the field's last result: it is there before anybody brings it up to date,
        # and Word puts the pages' numbers in when asked to. Until then it names none.
        entries = [each for each in self.headings if each[0] <= DEEPEST]
        start, result = _field(f' TOC \\o "1-{DEEPEST}" \\h \\z \\u ', None), []
        for level, text, bookmark in entries:
            paragraph = self.place_of_contents.insert_paragraph_before(style=f"toc {level}")
            _write(paragraph, text)
            link = _made("w:hyperlink", anchor=bookmark, history=1)
            for run in list(paragraph._p.r_lst):
                link.append(run)
            paragraph._p.append(link)
            result.append(paragraph._p)
        if not result:
            return
        for run in reversed(start[:-1]):
            properties = result[0].pPr
            properties.addnext(run)
        result[-1].append(start[-1])
        place = self.place_of_contents._p
        place.getparent().remove(place)

    def _styles(self, one_page: bool) -> None:
        styles = self.document.styles
        small, room = (9, 0.5) if one_page else (10, 2)
        base = styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:lang')}")
        base.set(qn("w:val"), "en-GB")
        _dress(styles["Normal"], 11, INK, after=6, line=1.15)
        _dress(styles["Title"], 28, BLUE, bold=True, before=0 if one_page else 90, after=8)
        borders = styles["Title"].element.pPr.find(qn("w:pBdr"))
        if borders is not None:
            styles["Title"].element.pPr.remove(borders)
        for level, size in ((1, 20), (2, 15), (3, 12.5), (4, 11)):
            style = styles[f"Heading {level}"]
            _dress(style, size, INK if level == 3 else BLUE, bold=True, before=18 - 2 * level)
            style.font.italic = False
        styles["Heading 1"].paragraph_format.page_break_before = True
        for name, size, colour, more in (
            ("Name", 18, INK, {"bold": True, "after": 4}),
            ("Contents Head", 20, BLUE, {"bold": True, "before": 12, "after": 6}),
            ("Quiet", 10, SOFT, {"after": 4}),
            ("Dates", 10, SOFT, {"after": 4, "next": True}),
            ("Task", 10.5, SOFT, {"after": 8, "next": True}),
            ("Label", 11, INK, {"bold": True, "before": 8, "after": 2, "next": True}),
            ("Table Head", small, INK, {"bold": True, "after": room, "before": room}),
            ("Table Text", small, INK, {"after": room, "before": room}),
            ("toc 1", 11, INK, {"bold": True, "before": 6, "after": 2}),
            ("toc 2", 11, INK, {"after": 1}),
        ):
            # Word brings its contents up to date in styles of its own, which have these names.
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, name.startswith("toc "))
            _dress(style, size, colour, **more)
            styles[name].base_style = styles["Normal"]
        styles["toc 2"].paragraph_format.left_indent = Cm(0.8)


def _widths(rows: Sequence[Sequence[str]]) -> list[Emu]:
    """The columns' widths: room for the longest word of each, the rest as the texts ask for it."""
    words, lengths = [], []
    for texts in zip(*rows, strict=True):
        words.append(min(18, max(len(word) for text in texts for word in text.split() or [""])) + 3)
        lengths.append(min(60, max(map(len, texts))))
    spare = max(0, LETTERS - sum(words))
    shares = [
        word + spare * length / max(1, sum(lengths))
        for word, length in zip(words, lengths, strict=True)
    ]
    return [Emu(int(WIDTH * share / sum(shares))) for share in shares]


def _dress(style, size, colour, bold=False, before=0, after=4, line=None, next=False) -> None:
    font = style.font
    font.name, font.size, font.color.rgb, font.bold = FONT, Pt(size), colour, bold
    names = style.element.rPr.rFonts
    for each in [name for name in names.attrib if name.endswith("Theme")]:
        del names.attrib[each]  # a theme's font would win over ours
    for each in ("w:cs", "w:eastAsia"):
        names.attrib.pop(qn(each), None)  # other scripts: whatever the computer has for them
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if line:
        shape.line_spacing = line
    if next:
        shape.keep_with_next = True


def _write(paragraph: Paragraph, text: str, marked: bool = False) -> None:
    """A line of text. What is written from right to left begins on the right."""
    text = clean(text)
    rightward = _is_rightward(text)
    parts = re.split(r"(\*\*[^*]+\*\*|\*[^*]+\*)", text) if marked else [text]
    for part in filter(None, parts):
        stars = 0
        if marked and len(part) > 2:
            stars = 2 if part.startswith("**") else 1 if part.startswith("*") else 0
        run = paragraph.add_run(part[stars : len(part) - stars])
        run.bold, run.italic = stars == 2 or None, stars == 1 or None
        if rightward:
            run.font.rtl = True
    if rightward:
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(
            _made("w:bidi"), "w:adjustRightInd", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )


def _is_rightward(text: str) -> bool:
    """Whether the first letter that has a direction is of a script written leftwards."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _field(instruction: str, shown: str | None) -> list:
    """The runs of a field; without ``shown``, its result is to be put before the last."""
    runs = [_made("w:r") for _ in range(3)]
    runs[0].append(_made("w:fldChar", fldCharType="begin"))
    runs[1].append(_made("w:instrText"))
    runs[1][0].text = instruction
    runs[1][0].set(qn("xml:space"), "preserve")
    runs[2].append(_made("w:fldChar", fldCharType="separate"))
    if shown is not None:
        runs.append(_made("w:r"))
        runs[-1].append(_made("w:t"))
        runs[-1][0].text = shown
    runs.append(_made("w:r"))
    runs[-1].append(_made("w:fldChar", fldCharType="end"))
    return runs


def _fill(cell, colour: str) -> None:
    shade = _made("w:shd", val="clear", color="auto", fill=colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _shade(share: float) -> str:
    """From the tint to a blue on which the text still has a contrast of 4.5 to 1."""
    ends = zip(bytes.fromhex(TINT), bytes.fromhex(DARKEST), strict=True)
    return bytes(round(a + (b - a) * share) for a, b in ends).hex().upper()


def _made(tag: str, **attributes):
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element
