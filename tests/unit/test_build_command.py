"""The command ``mapt build``: what it says, what it leaves alone, and faults in plain words."""

import shutil

import pytest
from small_course import BANK, CHECK, DRAWN, LESSON, PICTURE, ROWS, RUBRIC, SmallCourse

from mapt_course.authoring import build

NOTEBOOK = LESSON.replace(".md", ".ipynb")
CHECKED = CHECK.replace(".md", ".ipynb")
SVG = PICTURE.replace(".toml", ".svg")


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A small course whose pictures are drawn at once."""
    monkeypatch.setattr(build, "draw", lambda told: DRAWN)
    return SmallCourse(tmp_path / "checkout")


def test_a_second_build_writes_nothing(small, capsys):
    """Each file is up to date, and untouched."""
    build.main(root=small.root)
    names = (NOTEBOOK, CHECKED, SVG)
    before = [(small.root / name).stat().st_mtime_ns for name in names]
    capsys.readouterr()
    build.main(root=small.root)

    said = capsys.readouterr().out
    assert [f"{name}: up to date" in said for name in names] == [True] * 3
    assert before == [(small.root / name).stat().st_mtime_ns for name in names]


def test_check_writes_nothing_and_names_what_is_missing(small, capsys):
    """Before the first build every built file is missing."""
    code = build.main(check=True, root=small.root)

    said = capsys.readouterr().out
    assert 1 == code
    assert [f"{name}: is missing." in said for name in (NOTEBOOK, CHECKED, SVG)] == [True] * 3
    assert [] == [*small.root.rglob("*.ipynb"), *small.root.rglob("*.svg")]


def test_check_is_content_after_a_build(small, capsys):
    """Nothing differs, nothing is left over."""
    build.main(root=small.root)

    assert 0 == build.main(check=True, root=small.root)
    assert "4 built files are up to date." in capsys.readouterr().out


def test_check_names_what_differs(small, capsys):
    """A built file that somebody edited, and one whose source changed."""
    build.main(root=small.root)
    (small.root / SVG).write_text("mine")
    small.edit(LESSON, "Now read on.", "Read on.")

    assert 1 == build.main(check=True, root=small.root)
    said = capsys.readouterr().out
    assert f"{NOTEBOOK}: differs from its sources. Run mapt build." in said
    assert f"{SVG}: differs from its sources. Run mapt build." in said
    assert "mine" == small.read(SVG)


@pytest.mark.parametrize("check", [True, False])
def test_what_has_no_source_is_left_over(small, capsys, check):
    """A renamed lesson's old notebook, and a picture's old SVG."""
    build.main(root=small.root)
    small.write("course/1-roots/1-9-old.ipynb", "{}")
    small.write("course/1-roots/figures/old.svg", "<svg/>")

    assert 1 == build.main(check=check, root=small.root)
    said = capsys.readouterr().out
    assert "course/1-roots/1-9-old.ipynb: left over" in said
    assert "course/1-roots/figures/old.svg: left over" in said


def test_an_installed_package_has_nothing_to_build(tmp_path, capsys):
    """The message says where build works."""
    assert 1 == build.main(root=tmp_path)
    assert "works in a checkout" in capsys.readouterr().out


# --- faults -------------------------------------------------------------------------------

FAULTS = {
    "no header": (LESSON, "---\nmapt:", "mapt:", ":1: the file does not begin with a header"),
    "YAML": (LESSON, "[roots-LO1]", "[roots-LO1", ":7: the header is not valid YAML"),
    "not mapt": (LESSON, "mapt:", "mopt:", "“mapt” is missing. Add mapt: "),
    "no title": (LESSON, '  title: "A time line"\n', "", "“title” is missing. Add title: "),
    "minutes": (LESSON, "minutes: 25", "minutes: long", ":5: “minutes” has the wrong kind"),
    "no minutes": (LESSON, "minutes: 25", "minutes: 0", ":5: “minutes” has to be 1 or more"),
    "a field": (LESSON, "  minutes", "  author: me\n  minutes", ":5: “author” is not a field"),
    "lesson id": (LESSON, "lesson: roots-1", "lesson: Roots 1", ":3: “lesson” has to be small"),
    "outcome": (LESSON, "[roots-LO1]", "[roots-LO9]", "Did you mean “roots-LO1”?"),
    "assignment": (CHECK, "assignment: roots-check", "assignment: roots", "“assignment” has to be"),
    "no text": (CHECK, "nt: roots-check", "nt: [1]", ":7: “assignment” has the wrong kind"),
    "no day": (LESSON, "minutes: 25", "minutes: 2026-02-30", ":2: the header is not valid YAML"),
    "in a lesson": (LESSON, "minutes: 25", "minutes: 25\n  assignment: x", "is not a field here"),
    "h1": (LESSON, "Now read on.", "# Again", ":17: the title comes from the header"),
    "no heading": (
        LESSON,
        "Now read on.",
        "| | Act |\n|---|---|\n| a | b |",
        ":17: a column has no",
    ),
    "directive": (LESSON, "{picture} p1", "{figure} p1", ":24: “{figure}” is not a directive"),
    "colons": (LESSON, "Now read on.", ":::{note}\nx\n:::", ":17: ::: means nothing here"),
    "call": (LESSON, 'quiz("roots-guess")', "quiz('roots-guess')", ":13: a code-cell holds one"),
    "two calls": (LESSON, 'quiz("roots-guess")', "home()\nhome()", ":13: a code-cell holds one"),
    "due": (LESSON, 'quiz("roots-guess")', 'due("hubs")', ':13: write due("roots"), or due()'),
    "due, graded": (CHECK, 'quiz("roots-check")', "due()", "graded work asks nothing again."),
    "code": (LESSON, 'quiz("roots-guess")', "import os", ":13: a code-cell holds one call"),
    "activity": (LESSON, "roots-guess", "roots-gues", ":13: there is no quiz “roots-gues” in"),
    "other call": (LESSON, 'scenario("roots-002")', 'quiz("roots-002")', 'scenario("roots-002").'),
    "twice": (LESSON, "Now read on.", '```{code-cell}\nquiz("roots-guess")\n```', "stands twice"),
    "picture": (LESSON, "{picture} p1-line", "{picture} p1-lane", "Did you mean “p1-line”?"),
    "unnamed": (LESSON, "{picture} p1-line", "{picture}", ":24: write it as ```{picture} name"),
    "no alt": (PICTURE, "alt =", "alts =", "figures/p1-line.toml: “alt” is missing. Add alt ="),
    "row": (LESSON, "TN-01 TN-02", "TN-01 TN-03", ":27: there is no row “TN-03” in course/facts"),
    "date": (ROWS, "2026-11-03", '"2026-11-03"', "TN-02: “checked” has to be a day, without quo"),
    "not closed": (LESSON, 'n("roots-r1")\n```', 'n("roots-r1")', ":36: this fence is not closed"),
    "in a list": (LESSON, "Now read on.", "- a\n\n  ```{picture} p1-line\n  ```", "at the margin"),
    "details": (LESSON, "It costs nothing.", "<details>\n\nx", ":9: <details> and </details> do"),
    "comment": (LESSON, "Now read on.", "Now <!-- read on.", "is not closed. End it with -->."),
    "scene": (
        CHECK,
        'quiz("roots-check")',
        'scenario("x")',
        "graded work holds quizzes, reflections and",
    ),
    "rubric": (RUBRIC, '"roots-check-r1"', '"other"', "no rubric. Write reflection = "),
    "bank": (BANK, 'type = "single"', 'type = "simple"', "items.toml: roots-001: “simple” is not"),
    "bank's name": (BANK, 'module = "roots"', 'module = "route"', 'Write module = "roots".'),
    "course": ("course/course.toml", 'limits = "l"', "", "course/course.toml: “limits” is missing"),
    "grade ids": (CHECK, "## Handing in", "## R1", "two cells would have the id “roots-check-r1”"),
}


@pytest.mark.parametrize(("name", "old", "new", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_sentence_with_its_place(small, capsys, name, old, new, said):
    """No traceback, exit 1, the file named; what is wrong is not built."""
    small.edit(name, old, new)
    code = build.main(root=small.root)

    lines = [line for line in capsys.readouterr().out.splitlines() if said in line]
    assert (1, 1) == (code, len(lines))
    assert lines[0].startswith(("course/", "solutions/"))
    assert str(small.root) not in lines[0]


def test_all_faults_of_a_file_come_at_once(small, capsys):
    """Three slips are three lines, each with its own line number."""
    small.edit(
        LESSON, "roots-guess", "roots-gone", "{picture} p1-line", "{picture} p9", "TN-02", "TN-09"
    )
    build.main(root=small.root)

    faults = [s for s in capsys.readouterr().out.splitlines() if s.startswith(f"{LESSON}:")]
    assert [13, 24, 27] == [int(fault.split(":")[1]) for fault in faults]
    assert not (small.root / NOTEBOOK).exists()
    assert (small.root / CHECKED).exists()


def test_a_fault_makes_nothing_left_over(small, capsys):
    """The notebook of a lesson with a fault is only old."""
    build.main(root=small.root)
    small.edit(LESSON, "---\nmapt:", "mapt:")
    capsys.readouterr()
    build.main(root=small.root)

    assert "left over" not in capsys.readouterr().out


def test_a_picture_that_cannot_be_drawn_is_named(small, capsys, monkeypatch):
    """The drawing's own words are passed on; its lesson waits for it."""
    monkeypatch.undo()
    code = build.main(root=small.root)

    said = capsys.readouterr().out
    assert 1 == code
    assert "figures/p1-line.toml: cannot be drawn. There is no picture 'p1-line'." in said
    assert not (small.root / NOTEBOOK).exists()


def test_a_lesson_that_is_no_text_is_named(small, capsys):
    """Bytes that are not UTF-8 end in a sentence."""
    (small.root / LESSON).write_bytes(b"---\nmapt:\n---\n\xff\xfe")

    assert 1 == build.main(root=small.root)
    assert f"{LESSON}: is not UTF-8 text." in capsys.readouterr().out


def test_a_file_with_windows_line_ends_builds_the_same(small):
    """An editor's habits do not show in the notebook."""
    build.main(root=small.root)
    first = (small.root / NOTEBOOK).read_bytes()
    text = small.read(LESSON)
    (small.root / LESSON).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    build.main(root=small.root)

    assert first == (small.root / NOTEBOOK).read_bytes()


def test_an_assignment_without_its_lesson_is_named(small, capsys):
    """The file to write is named."""
    (small.root / CHECK).unlink()

    assert 1 == build.main(root=small.root)
    assert f"{CHECK}: cannot be read" in capsys.readouterr().out


def test_a_course_without_solutions_builds(small):
    """The wheel's half of the course stands alone."""
    shutil.rmtree(small.root / "solutions")

    assert 0 == build.main(root=small.root)
