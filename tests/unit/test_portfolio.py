"""The portfolio and the certificate: opened again and read back against the record."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import docx
import office
import pytest
import read_back
import worked
from docx.oxml.ns import qn
from read_back import places, texts

from mapt_course import cli, course, record, results
from mapt_course import items as it
from mapt_course.marking import verify
from mapt_course.portfolio import book, certificate, command, statement

NAME = "Lena Platt-Öztürk"
HOSTILE = "A\x00B\x0bC\ufffeD <w:p/> </script> {x} & ﷽ " + "w" * 3_000
ARABIC = "هذا نص باللغة العربية، رقم 12"


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    """A working folder in which everything is done."""
    folder = tmp_path_factory.mktemp("full")
    worked.work_through(folder)
    return folder


@pytest.fixture(scope="module")
def portfolio(full):
    return docx.Document(io.BytesIO(book.make(full, NAME)))


@pytest.fixture
def folder(full, tmp_path) -> Path:
    """A copy of it, to change."""
    return Path(shutil.copytree(full, tmp_path / "copy"))


def opened(content: bytes):
    return docx.Document(io.BytesIO(content))


def all_text(document) -> str:
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*texts(document), *cells])


def headings(document, level: int) -> list[str]:
    style = f"Heading {level}"
    return [each.text for each in document.paragraphs if each.style.name == style]


# --- the portfolio ---------------------------------------------------------------------------


def test_every_reflection_stands_in_it_as_it_was_left(full, portfolio):
    """With its title as a heading, the day of its last change, and no earlier wording alone."""
    wanted = sum(len(bank.reflections) for bank, _ in places(full))

    assert wanted == read_back.reflections(full, portfolio)
    assert wanted >= 18  # R1 to R9, and those of the checks


def test_every_entry_of_every_form_stands_in_it(full, portfolio):
    """Boxes as labelled paragraphs, tables as tables with their first row repeated."""
    wanted = sum(len(f.cells()) for bank, _ in places(full) for f in bank.forms.values())

    assert wanted == read_back.forms(full, portfolio)


def test_ratings_stand_side_by_side_and_say_what_they_are_not(full, portfolio):
    """Before, as seen at the end, at the end, and weeks later: one table in the scale's words."""
    ratings = [i for b, _ in places(full) for i in b.items.values() if isinstance(i, it.Rating)]
    [table] = [t for t in portfolio.tables if "Before the course" in t.rows[0].cells[1].text]
    item = course.module_bank("forward").items["forward-156"]

    assert sum(len(i.statements) for i in ratings) == read_back.ratings(full, portfolio)
    assert ["Statement", *(e.text for e in item.beside), "Now"] == [
        cell.text for cell in table.rows[0].cells
    ]
    assert len(ratings) - 2 == texts(portfolio).count(book.NOT_VALIDATED)


def test_how_sure_it_felt_stands_beside_what_was_known(full, portfolio):
    """The two scores, and the means of all four ratings, as the course's page tells them."""
    [table] = [t for t in portfolio.tables if results.TITLE in _caption(t)]
    rows = [tuple(cell.text for cell in row.cells) for row in table.rows[1:]]
    quiz = course.module_bank("forward").quizzes["forward-baseline"]

    assert results.rows(full, quiz) == rows and 2 + 4 == len(rows)
    assert results.CAUTION in texts(portfolio)


def test_before_the_weeks_have_passed_the_rating_at_the_end_is_the_last(tmp_path):
    """The later one is not missed, and what stands beside it is shown with the one before."""
    bank = course.module_bank("forward")
    place = record.Record(_made(tmp_path / "9-forward"))
    for name in ("forward-155-then", "forward-155"):
        given = {each.id: 2 for each in bank.items[name].statements}
        place.append("response", name, response=given)
    document = opened(book.make(tmp_path, NAME))
    heads = [[cell.text for cell in t.rows[0].cells] for t in document.tables]

    assert [["Statement", "Before, as I see it today", "Now"], ["What", "Result"]] == heads
    assert "What has moved?" in headings(document, 2)
    assert "weeks later" not in all_text(document)


def test_the_audit_is_shaded_by_its_steps_and_says_them(portfolio):
    """The darker the higher, and each with its word: no answer is told by a shade alone."""
    form = course.released_bank("principles-audit-and-plan").forms["principles-audit-and-plan-form"]
    field = next(each for each in form.fields() if each.id == form.picture_of)
    [table] = [t for t in portfolio.tables if f"{form.title}: {field.label}" == _caption(t)]
    cells = [row.cells[1] for row in table.rows[1:]]
    shades: dict[str, set[str]] = {}
    for cell in cells:
        fill = cell._tc.tcPr.find(qn("w:shd")).get(qn("w:fill"))
        shades.setdefault(cell.text, set()).add(fill)
    steps = [option.text for option in field.columns[0].options]
    in_order = [int(min(shades[step]), 16) for step in steps if step in shades]

    assert len(in_order) > 1 and all(len(each) == 1 for each in shades.values())
    assert in_order == sorted(in_order, reverse=True)


def test_questions_are_counted_as_the_record_and_the_key_have_them(full, portfolio):
    """Answered, and right at the last try, for each quiz of a module."""
    tables = [t for t in portfolio.tables if t.rows[0].cells[0].text == "Quiz or scene"]

    assert len(tables) == len(course.course().modules)
    assert sum(len(bank.quizzes) for bank, _ in places(full)) == read_back.questions(
        full, portfolio
    )


def test_a_retry_that_was_right_counts_and_an_open_question_does_not(tmp_path):
    bank = course.module_bank("roots")
    quiz = next(q for q in bank.quizzes.values() if len(q.items) > 1)
    item = bank.items[quiz.items[0]]
    place = record.Record(_made(tmp_path / "1-roots"))
    place.append("response", item.id, response=worked.answered.responses(item)["wrong"])
    place.append("retry", item.id)
    place.append("response", item.id, response=worked.answered.responses(item)["right"])
    [table] = opened(book.make(tmp_path, NAME)).tables

    assert [quiz.title, str(len(quiz.items)), "1", "1"] == [c.text for c in table.rows[1].cells]


def test_what_was_handed_in_stands_with_its_receipt(full, portfolio):
    assert len(course.assignments()) == read_back.hand_ins(full, portfolio)


def test_the_title_page_and_the_contents(portfolio):
    """The contents are a field, and its last result is the list of headings."""
    told = texts(portfolio)
    listed = [p for p in portfolio.paragraphs if p.style.name.startswith("toc ")]
    fields = portfolio.element.body.findall(f".//{qn('w:instrText')}")
    links = [link.get(qn("w:anchor")) for p in listed for link in p._p.hyperlink_lst]
    marks = {m.get(qn("w:name")) for m in portfolio.element.iter(qn("w:bookmarkStart"))}
    heads = [p.text for p in portfolio.paragraphs if p.style.name in ("Heading 1", "Heading 2")]

    assert ["My portfolio", NAME, course.course().title] == told[:3]
    assert "2 March 2026 to " in told[3] and course.course().limits == told[4]
    assert heads == [p.text for p in listed]
    assert len(set(links)) == len(heads) and set(links) <= marks
    assert [True] == ["TOC" in field.text for field in fields]
    assert len(course.course().modules) == len(headings(portfolio, 1))


def test_each_table_has_a_repeated_head_and_is_named(portfolio):
    for table in portfolio.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


@pytest.mark.parametrize("name", ["נועה כהן", "Олена Бойко", "李小龍", ARABIC, "Zoë <b>&amp;"])
def test_texts_of_any_script_and_any_kind_are_text(tmp_path, name):
    """Signs that no document can hold are left out; nothing else is, and nothing acts."""
    place = record.Record(_made(tmp_path / "1-roots"))
    place.append("reflection", "roots-r1", text=f"{HOSTILE}\n{ARABIC}\r\nlast")
    content = book.make(tmp_path, name)
    document = opened(content)
    told = texts(document)
    [arabic] = [p for p in document.paragraphs if p.text == ARABIC and p.style.name == "Normal"]
    [last] = [p for p in document.paragraphs if p.text == "last"]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        linked = [n for n in packed.namelist() if b'TargetMode="External"' in packed.read(n)]

    assert name in told
    assert HOSTILE.replace("\x00", "").replace("\ufffe", "").split("\x0b")[1] in told
    assert arabic._p.pPr.find(qn("w:bidi")) is not None and arabic.runs[0].font.rtl
    assert last._p.pPr.find(qn("w:bidi")) is None
    assert [] == linked


def test_a_very_long_record_makes_a_document(tmp_path):
    place = record.Record(_made(tmp_path / "1-roots"))
    text = "\n".join(f"Line {n} of a very long text." for n in range(1_500))
    place.append("reflection", "roots-r1", text=text)

    assert set(text.split("\n")) <= set(texts(opened(book.make(tmp_path, NAME))))


# --- the certificate -------------------------------------------------------------------------


def test_the_certificate_states_what_the_records_hold(full):
    """Word and page alike: shares, hours, receipts, what it is not, and the code."""
    stated = statement.of(full, NAME)
    document = opened(certificate.word(stated))
    word, page = all_text(document), certificate.page(stated)
    told = [row[-1] for table in read_back.tables(document) for row in table]
    told += [NAME, "2 March 2026 to ", statement.hours(read_back.minutes())]

    assert len(course.course().modules) + len(course.assignments()) == read_back.certificate(
        full, document
    )
    assert [] == [text for text in told if text not in page]
    assert [] == [
        text for text in [*told, certificate.MARKS, statement.SAYS, stated.code] if text not in word
    ]
    assert statement.SAYS in page and stated.code in page and certificate.MARKS in page
    assert "Roots\n14 of 14\n3 of 3" in word


def test_a_lesson_for_weeks_later_is_left_out_by_nobody(full, folder):
    """Not begun, it is no lesson that was missed; done, it counts."""
    path = folder / "9-forward" / record.NAME
    later = (b'"forward-156"', b'"forward-r10"')
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(n for n in lines if not any(name in n for name in later)))
    before, after = (statement.of(each, NAME).modules[-1] for each in (folder, full))

    assert before.completed == before.lessons and after.completed == after.lessons
    assert (1, 2) == (after.lessons - before.lessons, after.activities - before.activities)


def test_a_lesson_half_done_counts_for_no_hours(tmp_path):
    """Its activities do."""
    [first, *_] = course.lessons("roots")
    bank = course.module_bank("roots")
    name = first.activities[0]
    place = record.Record(_made(tmp_path / "1-roots"))
    for item in bank.quizzes[name].items if name in bank.quizzes else [name]:
        given = worked.answered.responses(bank.items[item])["right"]
        place.append("response", item, response=given)
    stated = statement.of(tmp_path, NAME)

    assert "less than a quarter of an hour" == stated.hours
    assert [("Roots", 1, 0)] == [(m.title, m.done, m.completed) for m in stated.modules]


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (7, "less than a quarter of an hour"),
        (8, "¼ hour"),
        (60, "1 hour"),
        (68, "1¼ hours"),
        (105, "1¾ hours"),
        (119, "2 hours"),
    ],
)
def test_hours_are_told_to_the_quarter(minutes, told):
    assert told == statement.hours(minutes)


def test_the_code_verifies_however_it_is_typed_and_after_more_work(folder, capsys):
    code = statement.of(folder, NAME).code
    assert code == statement.of(folder, NAME).code
    record.Record(folder / "1-roots").append("reflection", "roots-r1", text="Later.")
    assert code != statement.of(folder, NAME).code
    for typed in (code, code.lower().replace("-", " "), code.replace("0", "O").replace("1", "l")):
        assert 0 == verify.main(typed, str(folder), NAME), typed
    said = capsys.readouterr().out
    assert "fits these records" in said and f"Name: {NAME}" in said


def test_the_code_verifies_where_two_records_were_brought_together(folder):
    """The order of the lines may be another then."""
    code = statement.of(folder, NAME).code
    path = folder / "1-roots" / record.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(sorted(lines, key=lambda line: json.loads(line)["id"])))

    assert 0 == verify.main(code, str(folder), NAME)


def changed_reflection(folder: Path) -> None:
    path = folder / "1-roots" / record.NAME
    path.write_bytes(path.read_bytes().replace(b"What I wrote", b"What I write"))


def changed_hour(folder: Path) -> None:
    path = folder / "checks" / "roots-check" / record.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if b'"handed-in"' not in line))


def less_done(folder: Path) -> None:
    path = folder / "2-hubs" / record.NAME
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))


@pytest.mark.parametrize("change", [changed_reflection, changed_hour, less_done])
def test_the_code_does_not_fit_changed_records(folder, capsys, change):
    code = statement.of(folder, NAME).code
    change(folder)

    assert 1 == verify.main(code, str(folder), NAME)
    assert "does not fit" in capsys.readouterr().out


def test_the_code_fits_one_name_only(full, capsys):
    code = statement.of(full, NAME).code

    assert 1 == verify.main(code, str(full), "Lena Platt")
    assert "The name may be spelt otherwise" in capsys.readouterr().out


@pytest.mark.parametrize("within", ["", "mapt-course/"])
def test_a_zip_of_the_folder_does_as_well(full, tmp_path, capsys, within):
    path = tmp_path / "work.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in full.rglob(record.NAME):
            packed.write(each, within + each.relative_to(full).as_posix())
        packed.writestr(f"{within}portfolio/notes.txt", "no record")

    assert 0 == verify.main(statement.of(full, NAME).code, str(path), NAME)


def test_the_commands_fit_together_from_one_computer_to_another(folder, tmp_path, capsys):
    """Certificate and export there, verified here from the zip alone, by the command."""
    assert 0 == cli.main(["certificate", str(folder), "--name", NAME])
    code = capsys.readouterr().out.rpartition("Check code: ")[2].strip()
    path = tmp_path / "another place" / "work.zip"
    path.parent.mkdir()
    assert 0 == cli.main(["export", str(folder), "--to", str(path)])
    shutil.rmtree(folder)
    capsys.readouterr()
    verified = cli.main(["certificate", str(path), "--verify", code, "--name", NAME])
    said = capsys.readouterr().out
    other = cli.main(["certificate", str(path), "--verify", code, "--name", "Somebody Else"])

    assert (0, 1) == (verified, other)
    assert "fits these records" in said and f"Name: {NAME}" in said and "receipt" in said


def test_what_cannot_be_verified_is_told_in_a_sentence(full, tmp_path, capsys):
    code = statement.of(full, NAME).code
    (tmp_path / "no.zip").write_bytes(b"no zip")
    for values in (
        ("1234", str(full), NAME),
        ("Z" * 24, str(full), NAME),
        (code, str(tmp_path / "no.zip"), NAME),
        (code, str(tmp_path / "absent"), NAME),
        (code, str(tmp_path), NAME),
        (code, str(full), None),
        (code, str(full), " "),
    ):
        assert 1 == verify.main(*values), values
        assert capsys.readouterr().out.strip().endswith("."), values


def test_the_page_runs_nothing_that_a_name_holds(full):
    page = certificate.page(statement.of(full, "<script>alert(1)</script> \u202eevil"))

    assert "<script" not in page and "&lt;script&gt;" in page and "\u202e" not in page
    assert "default-src 'none'" in page


# --- the commands ----------------------------------------------------------------------------


def test_the_commands_write_into_the_working_folder(folder, capsys):
    """The name is the one that work was handed in under, unless another is given."""
    assert 0 == command.main("portfolio", str(folder), None)
    assert 0 == command.main("certificate", str(folder), NAME)
    said = capsys.readouterr().out
    made = sorted(path.name for path in (folder / "portfolio").iterdir())

    assert ["certificate.docx", "certificate.html", "portfolio.docx"] == made
    assert statement.of(folder, NAME).code in said
    assert "lena" in texts(docx.Document(folder / "portfolio" / "portfolio.docx"))


@pytest.mark.parametrize("kind", command.KINDS)
@pytest.mark.parametrize("name", [NAME, None])
def test_nothing_done_is_told_in_a_sentence(tmp_path, capsys, kind, name):
    """A page opened is nothing done."""
    record.Record(_made(tmp_path / "1-roots")).append("opened", "roots-1")

    assert 1 == command.main(kind, str(tmp_path), name)
    assert "There is nothing to put into it yet" in capsys.readouterr().out
    assert not (tmp_path / "portfolio").exists()


@pytest.mark.parametrize("name", ["", " \u202e", "x" * 101])
def test_a_name_that_cannot_be_printed_is_told_in_a_sentence(full, capsys, name):
    assert 1 == command.main("certificate", str(full), name)
    assert capsys.readouterr().out.strip().endswith(".")


def test_a_folder_that_takes_no_file_is_told_in_a_sentence(folder, capsys):
    (folder / "portfolio").write_text("a file in the way")

    assert 1 == command.main("portfolio", str(folder), NAME)
    assert "could not be written" in capsys.readouterr().out


# --- in another program ----------------------------------------------------------------------


@office.MISSING
def test_libreoffice_opens_both_and_the_certificate_has_one_page(full, tmp_path):
    """As PDF pages, with everything done and handed in."""
    command.make("portfolio", Path(shutil.copytree(full, tmp_path / "w")), NAME)
    paths = command.make("certificate", tmp_path / "w", NAME)
    place = paths[0].parent
    pages = office.pages([place / f"{name}.docx" for name in command.KINDS], tmp_path)

    assert 1 == pages["certificate"]
    assert len(course.course().modules) < pages["portfolio"] < 100


def _caption(table) -> str:
    return table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
