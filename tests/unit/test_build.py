"""Lessons and graded checks become notebooks, the same bytes each time."""

import base64
import json
import re

import nbformat
import pytest
from small_course import BANK, CHECK, DRAWN, KEY, LESSON, PICTURE, SmallCourse

from mapt_course import course
from mapt_course.authoring import build
from mapt_course.authoring.lesson import without_comments

NOTEBOOK = LESSON.replace(".md", ".ipynb")
CHECKED = CHECK.replace(".md", ".ipynb")
SVG = PICTURE.replace(".toml", ".svg")


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A small course whose pictures are drawn at once."""
    monkeypatch.setattr(build, "draw", lambda told: DRAWN)
    return SmallCourse(tmp_path / "checkout")


def built(small, name=NOTEBOOK):
    """The notebook after a build that went well, its cells by id."""
    assert 0 == build.main(root=small.root)
    notebook = json.loads(small.read(name))
    return notebook, {cell["id"]: cell for cell in notebook["cells"]}


def source(cell):
    return "".join(cell["source"])


# --- lessons ------------------------------------------------------------------------------


def test_a_lesson_opens_with_title_time_module_and_outcomes(small):
    """They come from the header and the bank."""
    _, cells = built(small)

    assert (
        "# A time line\n\nAbout 25 minutes · Module: Roots\n\nYou will be able to:\n\n"
        "- Put the turning points in order"
    ) == source(cells["mapt-title"])


def test_a_lesson_without_outcomes_promises_none(small):
    """The list is left out, and so is its sentence."""
    small.edit(LESSON, "[roots-LO1]", "[]", "minutes: 25", "minutes: 1")
    _, cells = built(small)

    assert "# A time line\n\nAbout 1 minute · Module: Roots" == source(cells["mapt-title"])


def test_the_start_button_has_a_cell_of_its_own(small):
    """Where the extension runs, it hides the cell by its tag."""
    _, cells = built(small)

    assert ["mapt-start"] == cells["mapt-start"]["metadata"]["tags"]
    assert (
        '<button data-commandlinker-command="notebook:run-all-cells" '
        'data-commandlinker-args="{}">Start this lesson</button>'
    ) in source(cells["mapt-start"])


def test_an_activity_is_one_hidden_line_with_a_static_picture_of_itself(small):
    """The line is the call; the stored output is what a copy that was not run shows."""
    _, cells = built(small)
    cell = cells["roots-guess"]
    output = cell["outputs"][0]

    assert 'from mapt_course import quiz; quiz("roots-guess")' == source(cell)
    assert {
        "deletable": False,
        "editable": False,
        "jupyter": {"source_hidden": True},
        "tags": ["mapt-activity"],
    } == cell["metadata"]
    assert (1, "display_data") == (len(cell["outputs"]), output["output_type"])
    assert {"text/html", "text/plain"} == set(output["data"])
    assert "Around 1850" in "".join(output["data"]["text/html"])


@pytest.mark.parametrize(
    ("activity", "call"),
    [("roots-002", 'scenario("roots-002")'), ("roots-r1", 'reflection("roots-r1")')],
)
def test_each_call_imports_itself(small, activity, call):
    """The name imported is the name called."""
    _, cells = built(small)

    assert f"from mapt_course import {call.split('(')[0]}; {call}" == source(cells[activity])


def test_home_is_called_without_an_id(small):
    """It is no activity: it has no id of its own."""
    small.edit(LESSON, "Now read on.", "```{code-cell}\nhome()\n```")
    notebook, cells = built(small)

    assert "from mapt_course import home; home()" == source(cells["home"])
    assert ["roots-guess", "roots-002", "roots-r1"] == notebook["metadata"]["mapt"]["activities"]


@pytest.mark.parametrize("call", ["due()", 'due("roots")'])
def test_what_is_due_is_called_for_the_whole_course_or_a_module(small, call):
    """It is no activity either."""
    small.edit(LESSON, "Now read on.", f"```{{code-cell}}\n{call}\n```")
    notebook, cells = built(small)

    assert f"from mapt_course import due; {call}" == source(
        cells["due-roots" if "roots" in call else "due"]
    )
    assert ["roots-guess", "roots-002", "roots-r1"] == notebook["metadata"]["mapt"]["activities"]


def test_a_rating_is_called_like_the_others(small):
    """A rating stands by itself, outside a quiz."""
    small.write(
        BANK,
        small.read(BANK)
        + """
[[item]]
id = "roots-003"
type = "rating"
facts = []
learning_outcome = "roots-LO1"
stem = "Where do you stand?"
scale = ["Low", "High"]
statements = [ { text = "I can explain it" } ]
""",
    )
    small.edit(LESSON, "Now read on.", '```{code-cell}\nrating("roots-003")\n```')
    _, cells = built(small)

    assert 'from mapt_course import rating; rating("roots-003")' == source(cells["roots-003"])


def test_text_is_split_at_sections_and_fences(small):
    """Cells are named by what they hold."""
    notebook, _ = built(small)

    assert [
        "mapt-title", "mapt-start", "a-guess-first", "roots-guess", "a-guess-first-2",
        "from-good-will-to-law", "p1-line", "then-and-now-tn-01", "your-turn", "roots-002",
        "roots-r1", "your-turn-2",
    ] == [cell["id"] for cell in notebook["cells"]]  # fmt: skip


def test_text_cells_are_neither_edited_nor_deleted(small):
    """A trainee answers; the text stays."""
    notebook, _ = built(small)
    texts = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]

    assert all(
        cell["metadata"]["editable"] is cell["metadata"]["deletable"] is False for cell in texts
    )


def test_fact_marks_are_taken_out_without_a_trace(small):
    """No space is left where a mark stood."""
    _, cells = built(small)

    assert (
        "## From good will to law\n\nAgencies fought poverty.\nA law came. It was the first."
    ) == source(cells["from-good-will-to-law"])


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("It was so. <!-- A-1 -->", "It was so."),
        ("One. <!-- A-1 --> Two. <!-- A-2 A-3 -->\nThree.", "One. Two.\nThree."),
        ("| a <!-- A-1 --> | b |", "| a | b |"),
        ("- **Healthy** <!-- A-1 -->: in body", "- **Healthy**: in body"),
        ("above\n\n<!-- A-1 -->\n\nbelow", "above\n\nbelow"),
        ("above\n  <!-- A-1 --> <!-- A-2 -->\nbelow", "above\nbelow"),
        ("<!-- A-1 --> begins", "begins"),
        ("- a\n  <!-- A-1 --> b <!-- A-2 -->", "- a\n  b"),
        ("x <!-- for\nthe author --> y", "x y"),
        ("nothing  to do\n\n\n\nhere", "nothing  to do\n\n\n\nhere"),
    ],
)
def test_comments_leave_no_stray_spaces(written, left):
    """What stood around a comment stands as if it had not been there."""
    assert left == without_comments(written)


def test_a_heading_inside_a_fence_is_no_section(small):
    """CommonMark decides what a heading is."""
    small.edit(LESSON, "Now read on.", "~~~\n## not a heading\n~~~\n\n    ## nor this")
    notebook, cells = built(small)

    assert "~~~\n## not a heading\n~~~\n\n    ## nor this" == source(cells["a-guess-first-2"])
    assert 12 == len(notebook["cells"])


def test_a_picture_stands_in_the_notebook_with_its_words(small):
    """Title, picture with alt text, and the long description folded away."""
    _, cells = built(small)
    text = source(cells["p1-line"])
    shown = base64.b64encode((small.root / SVG).read_bytes()).decode()

    assert text.startswith('<img class="mapt-picture" ')
    assert 'alt="A line of years from 1850 to 2004 with &quot;six&quot; marks."' in text
    assert f'src="data:image/svg+xml;base64,{shown}"' in text
    assert text.endswith(
        "<details>\n<summary>Describe this picture in words</summary>\n\n"
        "Two marks:\n\n1. 1850: work.\n2. 1989: law.\n\n</details>"
    )


def test_a_box_tells_then_now_and_when_with_the_oldest_check(small):
    """It is one block of HTML: escaped, without a blank line, dated by its oldest row."""
    _, cells = built(small)
    text = source(cells["then-and-now-tn-01"])

    assert text.startswith(
        '<div class="mapt-then-now">\n<div class="mapt-row">\n<h3>Children Act 1989</h3>\n<dl>\n'
    )
    assert "<dt>Then</dt><dd>Made it law.</dd>\n<dt>Now</dt><dd>In force.</dd>" in text
    assert (
        "<p>Checked 3 November 2026. "
        "Follow your local partnership &amp; your <em>employer</em> first.</p>"
    ) in text
    assert "<li>Children Act 1989: legislation.gov.uk &lt;1989 c. 41&gt;</li>" in text
    assert "<li>A &#36;5 fund: a newspaper (how sure we are: medium)</li>" in text
    assert "\n\n" not in text


def test_the_notebook_knows_its_lesson_and_its_digest(small):
    """The metadata are what the home page and the working folder read."""
    notebook, _ = built(small)

    assert {
        "activities": ["roots-guess", "roots-002", "roots-r1"],
        "digest": course.sources_digest(notebook),
        "lesson": "roots-1",
        "minutes": 25,
        "module": "roots",
        "outcomes": ["roots-LO1"],
        "title": "A time line",
    } == notebook["metadata"]["mapt"]
    assert {"name": "python"} == notebook["metadata"]["language_info"]
    assert "python3" == notebook["metadata"]["kernelspec"]["name"]


def test_notebooks_are_valid_and_written_in_one_form(small):
    """nbformat 4.5, sorted, indent 1, no escapes, one line end."""
    built(small)
    for name in (NOTEBOOK, CHECKED):
        text = small.read(name)
        notebook = json.loads(text)
        nbformat.validate(notebook)

        assert (4, 5) == (notebook["nbformat"], notebook["nbformat_minor"])
        assert json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False) + "\n" == text
        assert all(re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell["id"]) for cell in notebook["cells"])


# --- stable -------------------------------------------------------------------------------


def test_a_built_file_depends_on_nothing_but_its_sources(small, tmp_path):
    """Two checkouts with the same sources have the same bytes."""
    other = SmallCourse(tmp_path / "elsewhere" / "deeper")
    build.main(root=small.root)
    build.main(root=other.root)

    for name in (NOTEBOOK, CHECKED, SVG):
        assert (small.root / name).read_bytes() == (other.root / name).read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "come"),
    [
        ("It costs nothing.", "It costs nothing.\n\nNothing at all.", set()),
        ("It costs nothing.", "x\n\n```{then-and-now} TN-02\n```\n\ny",
         {"then-and-now-tn-02", "a-guess-first-3"}),
        ("## Your turn", "## A guess first\n\nAgain.\n\n## Your turn", {"a-guess-first-3"}),
        ("## Your turn", "## A guess first 2\n\nAgain.\n\n## Your turn", {"a-guess-first-3"}),
    ],
)  # fmt: skip
def test_an_insertion_renumbers_no_other_section(small, old, new, come):
    """All ids from before are there after a paragraph, a box or a section came in."""
    _, before = built(small)
    small.edit(LESSON, old, new)
    _, after = built(small)
    same = {name for name in before if not name.startswith("a-guess-first")}

    assert come == set(after) - set(before)
    assert set() == set(before) - set(after)
    assert [before[name] for name in same] == [after[name] for name in same]


def test_nothing_in_a_check_depends_on_the_key(small):
    """The built check has the same bytes under another key, another order, other feedback."""
    build.main(root=small.root)
    first = (small.root / CHECKED).read_bytes()
    small.edit(
        KEY,
        '"Housing", correct = true, feedback = "Housing it was."', '"Housing", feedback = "No."',
        '"Poverty", feedback', '"Poverty", correct = true, feedback',
        '  { text = "Zeal", feedback = "Zeal." },\n', "",
        '  { text = "Move", feedback = "Move." },\n',
        '  { text = "Move", feedback = "Go." },\n  { text = "Zeal", feedback = "Zeal." },\n',
        'right = "Health"', 'right = "Other"',
        'right = "School"', 'right = "Health"',
        'right = "Other"', 'right = "School"',
        'accept = ["1989"]', 'accept = ["2004", "4"]',
    )  # fmt: skip
    build.main(root=small.root)

    assert first == (small.root / CHECKED).read_bytes()


# --- graded checks ------------------------------------------------------------------------


def test_a_check_is_laid_out_for_nbgrader(small):
    """Locked texts; a graded quiz; a reflection's box and, right after it, the cell to mark."""
    notebook, _ = built(small, CHECKED)
    told = [
        (cell["id"], g["grade_id"], g["grade"], g["solution"], g["locked"], g.get("points"))
        for cell in notebook["cells"]
        for g in [cell["metadata"]["nbgrader"]]
    ]

    assert [
        ("mapt-title", "roots-check-mapt-title", False, False, True, None),
        ("mapt-start", "roots-check-mapt-start", False, False, True, None),
        ("questions", "roots-check-questions", False, False, True, None),
        ("roots-check", "roots-check", True, False, True, 4),
        ("your-reflection", "roots-check-your-reflection", False, False, True, None),
        ("roots-check-r1-box", "roots-check-r1-box", False, False, True, None),
        ("roots-check-r1", "roots-check-r1", True, True, False, 4),
        ("handing-in", "roots-check-handing-in", False, False, True, None),
    ] == told
    assert all(
        (cell["cell_type"], 3, False)
        == tuple(cell["metadata"]["nbgrader"][k] for k in ("cell_type", "schema_version", "task"))
        for cell in notebook["cells"]
    )


def test_the_cell_to_mark_holds_one_sentence_and_is_hidden(small):
    """The marker puts the reflection there."""
    _, cells = built(small, CHECKED)
    cell = cells["roots-check-r1"]

    assert "What you wrote is put here when your work is handed in." == source(cell)
    assert ("markdown", ["mapt-hidden"]) == (cell["cell_type"], cell["metadata"]["tags"])


def test_points_that_are_no_whole_number_stay_so(small):
    """A half point is not lost."""
    small.edit(KEY, "points = 1.5", "points = 2")
    _, cells = built(small, CHECKED)

    assert 4.5 == cells["roots-check"]["metadata"]["nbgrader"]["points"]


def test_a_check_carries_its_stripped_bank(small):
    """The metadata are the released bank's and the lesson's."""
    notebook, _ = built(small, CHECKED)
    told = notebook["metadata"]["mapt"]
    bank = course.banks_from_metadata(told)

    assert ["roots-check-1", "roots-check-2", "roots-check-3", "roots-check-4"] == list(bank.items)
    assert all(item.key is None for item in bank.items.values())
    assert ("roots-check", "roots", 20) == (told["lesson"], told["module"], told["minutes"])
    assert course.sources_digest(notebook) == told["digest"]


def test_nbgrader_accepts_the_check(small):
    """Its own validator finds no fault with the metadata."""
    nbgraderformat = pytest.importorskip("nbgrader.nbgraderformat")
    built(small, CHECKED)

    nbgraderformat.MetadataValidator().validate_nb(nbformat.read(small.root / CHECKED, 4))


# --- beside the lessons -------------------------------------------------------------------


def test_words_and_abbreviations_are_at_hand_in_a_lesson(small):
    """The glossary is folded away at the end of a lesson, and not of a graded check."""
    small.write(
        "course/facts/glossary.toml",
        """
format = 1

[[group]]
title = "Abbreviations"
entries = [ { word = "ECM", meaning = "Every Child Matters <2003>" } ]
""",
    )
    _, cells = built(small)
    _, checks = built(small, CHECKED)

    assert "<dt>ECM</dt><dd>Every Child Matters &lt;2003&gt;</dd>" in source(cells["mapt-words"])
    assert "mapt-words" not in checks


def test_coverage_names_the_lesson_and_the_items_of_each_fact(small):
    """Built beside the lessons, for people who look for a gap."""
    assert 0 == build.main(root=small.root)

    assert (
        "| ORIG-01 | [1-1-time-line.md](../course/1-roots/1-1-time-line.md) | roots-001 |"
    ) in small.read("docs/coverage.md")


def test_a_lesson_leads_on_to_the_check_and_back_to_start_here(small):
    """In the order of the course map, with the paths of a trainee's folder."""
    small.write(
        "course/1-roots/0-start.md",
        """---
mapt:
  lesson: start-here
  title: "Start here"
  minutes: 1
  outcomes: []
---

```{code-cell}
home()
```
""",
    )
    small.edit(LESSON, "minutes: 25", "minutes: 20")
    _, cells = built(small)
    _, checks = built(small, CHECKED)

    assert (
        "---\n\n**Next:** [Roots: module check](../checks/roots-check/roots-check.ipynb) · "
        "[Back to Start here](../1-roots/0-start.ipynb)"
    ) == source(cells["mapt-onward"])
    assert "---\n\n[Back to Start here](../../1-roots/0-start.ipynb)" == source(
        checks["mapt-onward"]
    )


EXAMPLES = "```{examples}\nTeacher: A *pupil*.\nNurse: A & B.\n```\n\nNow read on."


def test_examples_are_folded_one_for_each_job(small):
    """Each under its job, as text."""
    small.write("course/facts/professions.toml", 'format = 1\nnames = ["Teacher", "Nurse"]\n')
    small.edit(LESSON, "Now read on.", EXAMPLES)
    _, cells = built(small)

    assert (
        '<details class="mapt-example mapt-for-nurse">'
        "<summary>Nurse</summary><p>A &amp; B.</p></details>"
    ) in source(cells["examples"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Nurse: A & B.", "", "the examples are for: Teacher, Nurse, in this order."),
        ("Nurse: A & B.", "Nurse", "one line for each job"),
        ("{examples}", "{examples} all", "one line for each job"),
    ],
)
def test_an_example_that_lacks_is_named(small, capsys, old, new, said):
    """Every job has an example, and every line a job."""
    small.write("course/facts/professions.toml", 'format = 1\nnames = ["Teacher", "Nurse"]\n')
    small.edit(LESSON, "Now read on.", EXAMPLES.replace(old, new))

    assert 1 == build.main(root=small.root)
    assert said in capsys.readouterr().out


def test_all_rows_can_be_shown_at_once(small):
    """The box of every row is marked, so that the page offers to filter it."""
    small.edit(LESSON, "{then-and-now} TN-01 TN-02", "{then-and-now} all")
    _, cells = built(small)
    box = source(cells["then-and-now-all"])

    assert 'class="mapt-then-now mapt-all-rows"' in box
    assert 2 == box.count('<div class="mapt-row">')
