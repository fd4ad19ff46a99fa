"""Everything taken along in a zip, and brought back on another computer."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from mapt_course import carry, cli, course, products, record, start, workfolder, zips

FORM = "principles-audit-and-plan"
CHECK = "checks/roots-check"


@pytest.fixture(scope="module")
def lessons():
    return workfolder.shipped()[:3]


@pytest.fixture
def here(tmp_path, lessons):
    """A working folder in use."""
    folder = tmp_path / "here"
    workfolder.prepare(folder)
    workfolder.bring(folder, lessons)
    trainee = record.Record(folder / "1-roots")
    trainee.path.parent.mkdir(exist_ok=True)
    trainee.append("response", "roots-007", response="a")
    (folder / "portfolio").mkdir()
    (folder / "portfolio" / "my portfolio.docx").write_bytes(b"PK words")
    (folder / "notes of mine.txt").write_text("Ask Bev.", encoding="utf-8")
    return folder


@pytest.fixture
def there(tmp_path, lessons):
    """Another computer's."""
    folder = tmp_path / "there"
    workfolder.prepare(folder)
    workfolder.bring(folder, lessons)
    (folder / "1-roots").mkdir()
    return folder


def filled(folder) -> str:
    form = next(iter(course.released_bank(FORM).forms.values()))
    place = folder / workfolder.CHECKS / FORM
    place.mkdir(parents=True, exist_ok=True)
    boxes = [cell.id for cell in form.cells().values() if cell.type in ("line", "text")]
    said = {boxes[0]: "=HYPERLINK(1)", boxes[1]: 'One, "two"\n# three <b>'}
    record.Record(place).append("form", form.id, response=said)
    return form.id


def files(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tree(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and carry.FOLDER not in path.parts
    }


def zipped(path, **entries: bytes):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def inside(**names: bytes) -> dict[str, bytes]:
    return {f"{carry.INSIDE}/{name}": content for name, content in names.items()}


# --- out ----------------------------------------------------------------------------------


def test_the_zip_holds_what_is_the_trainees_and_nothing_else(here, lessons):
    """A changed lesson is theirs, an unchanged one is the course's."""
    changed = here / lessons[1].place
    changed.write_bytes(changed.read_bytes().replace(b'"cells": [', b'"cells": [\n', 1))
    mine = here / lessons[2].place
    mine.write_text(mine.read_text(encoding="utf-8").replace("course", "curse"), encoding="utf-8")
    (here / ".hidden").write_text("x")
    (here / "away.txt").symlink_to("/etc/hostname")
    form = filled(here)
    packed = carry.pack(here)
    held = files(packed.path)

    assert packed.path.parent == here / "export" and packed.files == len(held)
    assert {
        "README.txt",
        "course-folder/1-roots/responses.jsonl",
        "course-folder/notes of mine.txt",
        "course-folder/portfolio/my portfolio.docx",
        f"course-folder/{lessons[2].place.as_posix()}",
        f"course-folder/checks/{FORM}/responses.jsonl",
        f"products/{form}.md",
        f"products/{form}.csv",
    } == set(held)
    assert ["“away.txt” was left out: it is a link, or no ordinary file."] == packed.left_out
    assert b"mapt import" in held["README.txt"]


def test_the_same_folder_makes_the_same_bytes(here, tmp_path):
    """And an earlier zip is not packed into the next."""
    one, other = carry.pack(here).path, carry.pack(here, tmp_path / "other.zip").path

    assert one.read_bytes() == other.read_bytes()


def test_a_form_can_be_read_and_acts_nowhere(here):
    """No formula for a spreadsheet, no heading and no HTML for a page."""
    form = filled(here)
    held = files(carry.pack(here).path)
    rows = list(csv.reader(io.StringIO(held[f"products/{form}.csv"].decode("utf-8-sig"))))
    page = held[f"products/{form}.md"].decode()
    whole = course.released_bank(FORM).forms[form]

    assert ["box", "label", "entry"] == rows[0] and len(rows) == 1 + len(whole.cells())
    assert {"'=HYPERLINK(1)", 'One, "two"\n# three <b>', ""} >= {row[2] for row in rows[1:]}
    assert r"\# three \<b\>" in page and "\n# three" not in page


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", " =1", "\r=1"])
def test_nothing_is_a_formula(text):
    assert products._no_formula(text).startswith("'")


def test_more_files_than_come_back_are_not_packed(here):
    (here / "many").mkdir()
    for n in range(carry.LIMITS.files):
        (here / "many" / f"{n}.txt").touch()
    with pytest.raises(carry.CarryError, match="more than 1,000 files"):
        carry.pack(here)


# --- and back -----------------------------------------------------------------------------


def test_everything_comes_back_on_another_computer(here, there):
    """Answers that were given there stay, and the second time nothing is new."""
    record.Record(there / "1-roots").append("response", "roots-008", response="b")
    path = carry.pack(here).path
    brought = carry.bring_back(path, there)
    items = {event.item for event in record.Record(there / "1-roots").read().events}
    again = tree(there)

    assert (1, 2, []) == (brought.events, brought.files, brought.notes)
    assert {"roots-007", "roots-008"} == items
    assert b"PK words" == (there / "portfolio" / "my portfolio.docx").read_bytes()
    assert ["Nothing is new: all that is in it was here already."] == carry.bring_back(
        path, there
    ).sentences()
    assert again == tree(there)


def test_there_and_back_the_records_are_the_same(here, there):
    """Whichever way first."""
    for n in range(3):
        record.Record(here / "1-roots").append("response", f"roots-01{n}", response="a")
        time.sleep(0.002)  # the second answer is the later one
        record.Record(there / "1-roots").append("response", f"roots-01{n}", response="b")
    carry.bring_back(carry.pack(here).path, there)
    carry.bring_back(carry.pack(there).path, here)
    one, other = ((each / "1-roots" / record.NAME).read_bytes() for each in (here, there))

    assert one == other and 7 == len(one.splitlines())
    assert "b" == record.latest(record.Record(here / "1-roots").read().events)["roots-012"].response


def test_another_file_of_the_same_name_is_kept_beside(here, there, lessons):
    """Once, however often it is brought; a changed lesson never takes the course's place."""
    (there / "notes of mine.txt").write_text("Ask Kev.", encoding="utf-8")
    mine = here / lessons[2].place
    mine.write_text(mine.read_text(encoding="utf-8").replace("course", "curse"), encoding="utf-8")
    path = carry.pack(here).path
    brought = carry.bring_back(path, there)
    kept = there / "notes of mine (from the other computer).txt"
    before = tree(there)

    assert "Ask Bev." == kept.read_text(encoding="utf-8")
    assert "Ask Kev." == (there / "notes of mine.txt").read_text(encoding="utf-8")
    assert (
        "“notes of mine.txt” is here with another content. What came in is kept as "
        "“notes of mine (from the other computer).txt”."
    ) in brought.notes
    assert workfolder.is_untouched((there / lessons[2].place).read_bytes())
    assert any("Your changed page" in note for note in brought.notes)
    carry.bring_back(path, there)
    assert before == tree(there)


def test_handed_in_on_both_computers_both_are_kept(here, there):
    for folder, who in ((here, "a"), (there, "b")):
        (folder / CHECK).mkdir(parents=True)
        record.Record(folder / CHECK).append("response", "roots-check-1", response=who)
        record.Record(folder / CHECK).append("handed-in", "roots-check", text="lena")
    before = tree(there)[f"{CHECK}/{record.NAME}"]
    brought = carry.bring_back(carry.pack(here).path, there)
    kept = there / CHECK / "responses (from the other computer).jsonl"

    assert before == tree(there)[f"{CHECK}/{record.NAME}"]
    assert kept.read_bytes() == tree(here)[f"{CHECK}/{record.NAME}"]
    assert (
        "“roots-check” was handed in on both computers. Both stay as they were handed in: the "
        "other one is kept as “responses (from the other computer).jsonl”."
    ) in brought.sentences()


def test_a_folder_that_is_not_there_is_made(here, tmp_path):
    brought = carry.bring_back(carry.pack(here).path, tmp_path / "new" / "folder")

    assert 1 == brought.events and (tmp_path / "new" / "folder" / "notes of mine.txt").is_file()


# --- what others made ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["json.py", "1-roots/sqlite3.py", "x.so", ".bashrc", ".ipython/a.txt", "jupyter_config.json",
     "a.html", "run", "a.txt:b.txt", "a./b.txt", "x.svg", "sub/.ipynb_checkpoints/a.ipynb"],
)  # fmt: skip
def test_what_could_run_does_not_come_in(there, tmp_path, name):
    before = tree(there)
    brought = carry.bring_back(zipped(tmp_path / "a.zip", **inside(**{name: b"1"})), there)

    assert before == tree(there)
    assert [f"“{name}” stays in the zip: it is not a document, a picture or a notebook."] == (
        brought.notes
    )


@pytest.mark.parametrize("name", ["../out.txt", "/out.txt", "a/../../out.txt", "C:out.txt"])
def test_nothing_goes_out_of_the_folder(there, tmp_path, name):
    path = zipped(tmp_path / "a.zip", **inside(**{"good.txt": b"1"}), **{name: b"1"})
    before = tree(tmp_path)
    with pytest.raises(carry.CarryError, match=r"^This zip was not brought back\. .*\.$"):
        carry.bring_back(path, there)

    assert before == tree(tmp_path)


def test_a_link_in_the_folder_is_not_followed(there, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (there / "portfolio").symlink_to(tmp_path / "elsewhere")
    (there / "5-models").mkdir(exist_ok=True)
    (there / "5-models" / record.NAME).symlink_to(tmp_path / "elsewhere" / "r")
    names = {"portfolio/a.txt": b"1", f"5-models/{record.NAME}": b"1"}
    brought = carry.bring_back(zipped(tmp_path / "a.zip", **inside(**names)), there)

    assert [] == list((tmp_path / "elsewhere").iterdir())
    assert 2 == len(brought.notes)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\x00" * 80])
def test_what_is_no_zip_is_told_in_a_sentence(there, tmp_path, content, capsys):
    (tmp_path / "a.zip").write_bytes(content)

    assert 1 == cli.main(["import", str(tmp_path / "a.zip"), str(there)])
    assert capsys.readouterr().err == (
        "This zip was not brought back. It is not a zip, or was damaged on its way.\n"
    )


def test_a_zip_of_something_else_is_told_in_a_sentence(there, tmp_path):
    with pytest.raises(carry.CarryError, match="nothing of a course folder in this zip"):
        carry.bring_back(zipped(tmp_path / "a.zip", **{"holiday.jpg": b"1"}), there)


def test_more_than_a_thousand_files_do_not_come_in(there, tmp_path):
    names = {f"{n}.txt": b"" for n in range(carry.LIMITS.files + 1)}
    before = tree(there)
    with pytest.raises(carry.CarryError, match="It holds more than 1,000 files"):
        carry.bring_back(zipped(tmp_path / "a.zip", **inside(**names)), there)

    assert before == tree(there)


def test_killed_at_any_moment_and_run_again(here, tmp_path):
    """No file is half there, and the second run makes it whole."""
    for n in range(300):
        (here / "portfolio" / f"{n}.txt").write_bytes(b"words " * 2_000)
    path = carry.pack(here).path
    told = "import sys; from mapt_course import cli; cli.main(['import', *sys.argv[1:]])"
    wanted = {f"portfolio/{n}.txt" for n in range(300)}
    halfway = 0
    for n in range(4):
        folder = tmp_path / f"there {n}"
        run = subprocess.Popen(
            [sys.executable, "-c", told, path, folder], stdout=subprocess.DEVNULL
        )
        end = time.monotonic() + 20
        while time.monotonic() < end and not (folder / "portfolio" / f"{n * 5}.txt").exists():
            time.sleep(0.002)
        run.send_signal(signal.SIGKILL)
        run.wait()
        there = {name: each for name, each in tree(folder).items() if "/.mapt-" not in name}
        halfway += 0 < len(wanted & set(there)) < 300
        assert all(b"words " * 2_000 == there[name] for name in wanted & set(there))
        carry.bring_back(path, folder)
        assert wanted <= set(tree(folder)) and [] == carry.bring_back(path, folder).notes

    assert halfway


def test_the_two_commands(here, there, tmp_path, capsys):
    """As a trainee types them."""
    out = tmp_path / "all.zip"

    assert 0 == cli.main(["export", str(here), "--to", str(out)])
    assert f"Packing … 3 of 3\n4 files are in:\n  {out}\n" == capsys.readouterr().out
    assert 0 == cli.main(["import", str(out), str(there)])
    assert (
        "Bringing back … 3 of 3\n1 entry in your records came in.\n2 files came in.\n"
        == capsys.readouterr().out
    )
    assert 1 == cli.main(["export", str(tmp_path / "nowhere")])
    assert "There is no folder" in capsys.readouterr().err


def test_mapt_start_goes_on_where_it_was_brought(here, tmp_path):
    """Into an empty folder first, and the course comes after."""
    folder = tmp_path / "fresh"
    carry.bring_back(carry.pack(here).path, folder)
    brought = start.bring_course(folder)

    assert [] == brought.kept == brought.left_alone
    assert 1 == len(record.Record(folder / "1-roots").read().events)


def test_a_disk_that_is_full_is_told(here, there, monkeypatch):
    path = carry.pack(here).path

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workfolder, "replace", full)
    with pytest.raises(carry.CarryError, match="bring the same zip back again"):
        carry.bring_back(path, there)


def test_an_own_limit_is_what_an_import_takes():
    assert carry.LIMITS.files == 1_000 and carry.LIMITS.zip <= 200 * zips.MB
