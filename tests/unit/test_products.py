"""A form on its own: from the page and by the command, in Word, Markdown and CSV."""

from __future__ import annotations

import base64
import csv
import io
import shutil
from pathlib import Path

import docx
import pytest
import worked

from mapt_course import cli, course, products, record
from mapt_course.widgets import activity

BLOCKS = "models-083"


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    """A working folder in which every form is filled in."""
    folder = tmp_path_factory.mktemp("full")
    worked.work_through(folder)
    return folder


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The form of the eight blocks, on a page of its own lesson."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    folder = tmp_path / "5-models"
    folder.mkdir()
    monkeypatch.chdir(folder)
    activity._activity.cache_clear()
    yield activity.form(BLOCKS)
    activity._activity.cache_clear()


def entries_in(content: bytes) -> list[str]:
    """All texts of a Word document, those in tables as well."""
    document = docx.Document(io.BytesIO(content))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return [*(each.text for each in document.paragraphs), *cells]


def test_every_form_makes_three_files_that_hold_each_entry(full):
    """Of the modules and of the assignments; Word begins with the form's title as a heading."""
    found = list(products.filled(full))
    for product in found:
        entries = product.form.entries(product.given)
        shown = [product.form.cells()[name].shown(value) for name, value in entries.items()]
        word = docx.Document(io.BytesIO(product.file("docx")))
        rows = list(csv.reader(io.StringIO(product.file("csv").decode("utf-8-sig"))))
        levels = [p.style.name for p in word.paragraphs if p.style.name.startswith("Heading")]

        assert set(shown) <= set(entries_in(product.file("docx"))), product.form.id
        assert shown == [row[2] for row in rows[1:]]
        assert product.file("md").decode().count("\n> ") == len(shown)
        assert (product.form.title, "Heading 1") == (
            word.paragraphs[0].text,
            word.paragraphs[0].style.name,
        )
        assert {"Heading 1", "Heading 2"} == set(levels)
    banks = [course.module_bank(m.id) for m in course.course().modules]
    banks += [course.released_bank(name) for name in course.assignments()]
    assert [each.form.id for each in found] == [name for bank in banks for name in bank.forms]
    assert len(found) == len({each.name("md") for each in found})


@pytest.mark.parametrize("kind", products.KINDS)
def test_the_page_is_given_the_file(page, kind):
    """What is written stands in it as text."""
    place = record.Record(Path.cwd())
    place.append("form", BLOCKS, response={"blocks.1.name": "=HYPERLINK() <b>Time</b>"})
    file = page._taken({"do": "product", "item": BLOCKS, "kind": kind, "mid": "1"})["file"]
    content = base64.b64decode(file["content"])
    text = "\n".join(entries_in(content)) if kind == "docx" else content.decode("utf-8-sig")

    assert (f"my-own-eight-blocks.{kind}", products.KINDS[kind]) == (file["name"], file["type"])
    assert {
        "docx": "=HYPERLINK() <b>Time</b>",
        "md": r"> =HYPERLINK\(\) \<b\>Time\</b\>",
        "csv": "'=HYPERLINK() <b>Time</b>",
    }[kind] in text


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"kind": "docx"}, "Nothing is filled in yet. Fill in a box first."),
        ({"kind": "exe"}, activity.STALE),
        ({}, activity.STALE),
    ],
)
def test_what_cannot_be_made_is_told_in_a_sentence(page, monkeypatch, message, told):
    if message != {"kind": "docx"}:
        record.Record(Path.cwd()).append("form", BLOCKS, response={"blocks.1.name": "Time"})
    answers = []
    monkeypatch.setattr(page, "send", answers.append)
    page._received(page, {"do": "product", "item": BLOCKS, "mid": "1", **message}, [])

    assert [{"ack": "1", "refused": True, "error": told}] == answers


@pytest.mark.parametrize("name", [BLOCKS, "My own eight blocks", "my own"])
def test_the_command_writes_one_form(full, tmp_path, capsys, name):
    """Found by its id or by how its title begins; the paths are said."""
    assert 0 == cli.main(["export", str(full), "--product", name, "--to", str(tmp_path / "out")])
    made = sorted((tmp_path / "out").iterdir())

    assert {str(path) for path in made} == set(capsys.readouterr().out.splitlines())
    assert [f"my-own-eight-blocks.{kind}" for kind in ("csv", "docx", "md")] == [
        path.name for path in made
    ]
    assert "What goes into box 0, in a few words" in entries_in(made[1].read_bytes())


def test_without_a_place_it_goes_where_zips_go(full, tmp_path):
    """A zip of everything that is made later does not take it in again."""
    folder = Path(shutil.copytree(full, tmp_path / "copy"))

    assert 0 == cli.main(["export", str(folder), "--product", "my role"])
    assert {"csv", "docx", "md"} == {p.suffix[1:] for p in (folder / "export").iterdir()}


@pytest.mark.parametrize("name", ["", "my", "no such form", "../../etc"])
def test_a_name_that_fits_none_or_several_gets_the_list(full, tmp_path, capsys, name):
    assert 1 == cli.main(["export", str(full), "--product", name, "--to", str(tmp_path / "out")])
    said = capsys.readouterr().err

    assert "  My own eight blocks\n" in said and "Our partnership agreement" in said
    assert not (tmp_path / "out").exists()


def test_nothing_filled_in_and_no_room_are_told_in_a_sentence(full, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    for folder, to in ((tmp_path, tmp_path / "out"), (full, tmp_path / "file")):
        values = ["export", str(folder), "--product", BLOCKS, "--to", str(to)]
        assert 1 == cli.main(values)
        assert capsys.readouterr().err.strip().endswith(".")
