"""Banks are read strictly; each fault names the file, the item and the mend."""

import copy
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapt_course import bank, course
from mapt_course import items as it

GOOD = """
format = 1
module = "roots"

[[learning_outcome]]
id = "roots-LO1"
text = "Put the turning points in order"

[[quiz]]
id = "roots-guess"
title = "A guess first"
items = ["roots-001", "roots-002"]

[[reflection]]
id = "roots-r1"
title = "A hand-over"
learning_outcome = "roots-LO1"
prompt = "What happened?"
min_words = 150
max_words = 200

[[item]]
id = "roots-001"
type = "single"
facts = ["ORIG-01"]
learning_outcome = "roots-LO1"
stem = "Which came first?"
hint = "Look at the line."
general_feedback = "1989 it was."
misconception = "Many think so."
points = 2
options = [
  { text = "The Act of 1989", correct = true, feedback = "Yes, that one." },
  { text = "The Act of 2004", feedback = "That came later." },
]

[[item]]
id = "roots-002"
type = "multiple"
facts = ["ORIG-01", "ORIG-02"]
learning_outcome = "roots-LO1"
stem = "Which fit?"
options = [
  { text = "Health", correct = true, feedback = "It does." },
  { text = "Schools", correct = true, feedback = "They do." },
  { text = "Trains", feedback = "They do not." },
]

[[item]]
id = "roots-003"
type = "matching"
facts = ["ORIG-01"]
learning_outcome = "roots-LO1"
stem = "What goes with what?"
pairs = [
  { left = "1989", right = "Children Act", feedback = "The first." },
  { left = "2004", right = "Children Act", feedback = "The second." },
  { left = "2003", right = "Green Paper", feedback = "In between." },
]
extra = [ { right = "White Paper", feedback = "Fits nothing." } ]

[[item]]
id = "roots-004"
type = "ordering"
facts = ["ORIG-01"]
learning_outcome = "roots-LO1"
stem = "In which order?"
steps = [
  { text = "First", feedback = "Before all." },
  { text = "Then", feedback = "In the middle." },
  { text = "Last", feedback = "After all." },
]

[[item]]
id = "roots-005"
type = "categorising"
facts = ["ORIG-01"]
learning_outcome = "roots-LO1"
stem = "Where does each go?"
categories = [ { text = "Health" }, { text = "Education", id = "edu" } ]
cards = [
  { text = "Nurse", category = "Health", feedback = "Health." },
  { text = "Teacher", category = "edu", also = ["Health"], feedback = "Education." },
]

[[item]]
id = "roots-006"
type = "gap"
facts = ["ORIG-01"]
learning_outcome = "roots-LO1"
stem = "Fill in."
text = "The programme {programme} came in {year}."
gaps = [
  { id = "programme", label = "programme", accept = ["Every Child Matters", "ECM", "ecm"], feedback = "ECM.", traps = [
     { text = "Sure Start", feedback = "Earlier." },
  ] },
  { id = "year", label = "year", accept = ["2003"], feedback = "2003." },
]
any_order = true

[[item]]
id = "roots-007"
type = "rating"
facts = []
learning_outcome = "roots-LO1"
stem = "Where do you stand?"
scale = ["Not yet", "With help", "On my own"]
statements = [ { text = "I can order them" } ]

[[item]]
id = "roots-008"
type = "scenario"
facts = ["ORIG-01"]
learning_outcome = "roots-LO1"
stem = "A scene."
start = "first"
nodes = [
  { id = "first", text = "It rings.", ask = "What do you do?", choices = [
      { text = "Answer", to = "second", worth = 1.0, feedback = "Good." },
      { text = "Let it ring", to = "end", worth = 0, feedback = "Hm." },
  ] },
  { id = "second", text = "A voice.", ask = "And now?", choices = [
      { text = "Listen", to = "end", worth = 1, feedback = "Good." },
      { text = "Hang up", to = "end", worth = 0.5, feedback = "Hm." },
  ] },
  { id = "end", text = "It ends." },
]
"""  # noqa: E501
FACTS = {"ORIG-01", "ORIG-02"}


def write(folder, text):
    path = folder / "items.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path, facts=FACTS):
    with pytest.raises(bank.BankError) as wrong:
        bank.read(path, facts)

    assert "\n".join(wrong.value.faults) == str(wrong.value)
    assert all(fault.startswith(f"{path}: ") and fault.isprintable()
               for fault in wrong.value.faults)  # fmt: skip
    return [fault.removeprefix(f"{path}: ") for fault in wrong.value.faults]


def test_a_good_bank_of_all_types_is_read(tmp_path):
    """Eight items, a quiz, a reflection and an outcome, in the file's order."""
    found = bank.read(write(tmp_path, GOOD), FACTS)

    assert list(it.TYPES) == [item.type for item in found.items.values()]
    assert "roots" == found.module
    assert ("roots-001", "roots-002") == found.quizzes["roots-guess"].items
    assert 200 == found.reflections["roots-r1"].max_words
    assert ["roots-LO1"] == list(found.outcomes)


def test_the_keys_are_what_the_author_wrote(tmp_path):
    """The right option, the pairs, the order, the worths."""
    found = bank.read(write(tmp_path, GOOD))
    keys = [found.items[f"roots-00{n}"].key for n in range(1, 9)]
    programme = it.GapKey(("Every Child Matters", "ECM", "ecm"), {"Sure Start": "Earlier."})

    assert [
        "the-act-of-1989",
        {"health", "schools"},
        {"1989": {"children-act"}, "2004": {"children-act"}, "2003": {"green-paper"}},
        ("first", "then", "last"),
        {"nurse": {"health"}, "teacher": {"edu", "health"}},
        {"programme": programme, "year": it.GapKey(("2003",))},
        None,
        {("first", "answer"): 1, ("first", "let-it-ring"): 0,
         ("second", "listen"): 1, ("second", "hang-up"): 0.5},
    ] == keys  # fmt: skip


def test_every_item_read_can_be_answered_in_full(tmp_path):
    """The key of each item earns its points, and each goes stripped through JSON values."""
    for item in bank.read(write(tmp_path, GOOD), FACTS).items.values():
        bare = it.strip(item)

        assert it.mark(item, it.key_response(item)).right
        assert bare == it.from_plain(it.to_plain(bare))


def test_facts_are_checked_only_where_they_are_given(tmp_path):
    """A trainee's computer has no inventory."""
    assert bank.read(write(tmp_path, GOOD.replace("ORIG-01", "ORIG-99"))).items


def test_a_byte_order_mark_and_other_line_ends_do_no_harm(tmp_path):
    """Windows editors write both."""
    path = tmp_path / "items.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert bank.read(path, FACTS).items


# What is replaced in the good bank, by what, and the fault that names item and mend.
NO_FIELD = "is not a field here. Take it out, or use one of: "
FAULTS = [
    # the file as a whole
    ("format = 1", "", "“format” is missing. Add format = 1."),
    ("format = 1", "format = 2", "this format is not known. Write format = 1."),
    ("format = 1", "format = true", "“format” has the wrong kind of value. Write format = 1."),
    ('module = "roots"', "", "“module” is missing. Add module = \"...\"."),
    ('module = "roots"', 'module = "Roots!"',
     "“Roots!” is not an id. Use small letters, figures and single hyphens."),
    ("format = 1", "format = 1\nmore = 1", "“more” " + NO_FIELD),
    ("[[reflection]]", "[reflection]", "“reflection” has to be written as [[reflection]]."),
    # ids and names
    ('id = "roots-002"\n', 'id = "roots-001"\n',
     "roots-001: this id stands twice in the file. Give one of them another id."),
    ('id = "roots-r1"', 'id = "roots-guess"',
     "roots-guess: this id stands twice in the file. Give one of them another id."),
    ('id = "roots-003"\n', "", 'item 3: “id” is missing. Add id = "...".'),
    ('id = "roots-003"\n', 'id = "Roots 3"\n',
     "Roots 3: “Roots 3” is not an id. Use small letters, figures and single hyphens."),
    ('id = "roots-003"\n', "id = 3\n", 'item 3: “id” has the wrong kind of value. Write id = "...'),
    ('"roots-001", "roots-002"]', '"roots-001", "roots-099"]',
     "roots-guess: there is no item “roots-099” in this file. Mend the id in items = []."),
    ('"roots-001", "roots-002"]', "]",
     "roots-guess: “items” needs 1 or more entries; it has 0. Add some."),
    ('"roots-001", "roots-002"]', "5]",
     'roots-guess: “items” has to be a list of texts: items = ["...", "..."].'),
    # what every item has
    ("hint =", "hnit =", "roots-001: “hnit” " + NO_FIELD),
    ('type = "single"', "", 'roots-001: “type” is missing. Add type = "...".'),
    ('type = "single"', 'type = "singel"',
     "roots-001: “singel” is not an item type. Use one of: single, multiple, matching, "),
    ('stem = "A scene."', "", 'roots-008: “stem” is missing. Add stem = "...".'),
    ('stem = "A scene."', 'stem = " "', "roots-008: “stem” is empty. Write the text."),
    ('stem = "A scene."', "stem = 1979-05-27", "roots-008: “stem” has the wrong kind of value."),
    ('["ORIG-01", "ORIG-02"]', '["ORIG-01", "ORIG-03"]',
     "roots-002: there is no fact “ORIG-03” in facts.toml. Mend the id, or add it."),
    ('["ORIG-01", "ORIG-02"]', "[]",
     "roots-002: “facts” needs 1 or more entries; it has 0. Add some."),
    ('id = "roots-LO1"\ntext', 'id = "roots-LO2"\ntext',
     "roots-001: there is no learning outcome “roots-LO1” in this file. Use one of: roots-LO2."),
    ("points = 2", "points = 101", "roots-001: “points” has to lie between 0 and 100. Write poi"),
    ("points = 2", "points = 0", "roots-001: “points” is 0. Write points = 1, or leave it out."),
    ("points = 2", "points = nan", "roots-001: “points” has to lie between 0 and 100."),
    ("points = 2", f"points = 0x{'f' * 5000}", "roots-001: “points” has to lie between 0 and 100."),
    ("points = 2", "points = true", "roots-001: “points” has the wrong kind of value. Write poi"),
    # single, multiple
    (', feedback = "That came later."', "",
     'roots-001: option 2: “feedback” is missing. Add feedback = "...".'),
    ('"That came later."', '""', "roots-001: option 2: “feedback” is empty. Write the text."),
    (', feedback = "That came later."', ', feedback = "x", key = true',
     "roots-001: option 2: “key” " + NO_FIELD),
    ('text = "The Act of 1989", correct', 'text = "The Act of 2004", correct',
     "roots-001: option 2: “the-act-of-2004” is also another entry's id. Add an id = \"...\" to"),
    ('text = "The Act of 1989", correct', 'text = "???", correct',
     'roots-001: option 1: the text gives no id. Add id = "...".'),
    ('text = "The Act of 1989", correct', 'text = "x", id = "key-1", correct',
     "roots-001: option 1: the id “key-1” hints at the key. Choose a neutral one."),
    ('1989", correct = true', '1989"',
     "roots-001: this has 0 options with correct = true. A single item has one: mend it."),
    ('2004", feedback', '2004", correct = true, feedback',
     "roots-001: this has 2 options with correct = true. A single item has one: mend it."),
    ('1989", correct = true', '1989", correct = 1',
     "roots-001: option 1: “correct” has the wrong kind of value. Write correct = true."),
    ('{ text = "The Act of 2004", feedback = "That came later." }', '"later"',
     "roots-001: option 2: is not a table. Write it as { name = value, ... }."),
    ('{ text = "The Act of 2004", feedback = "That came later." }', "{}",
     'roots-001: option 2: “text” is missing. Add text = "...".'),
    ('  { text = "The Act of 2004", feedback = "That came later." },', "",
     "roots-001: “options” needs 2 or more entries; it has 1. Add some."),
    ('"Schools", correct = true', '"Schools"',
     "roots-002: this has 1 options with correct = true. A multiple item has two or more: mend"),
    ('"Trains"', '"Trains", correct = true',
     "roots-002: every option is correct: nothing is asked. Add one that does not fit."),
    # matching
    ('right = "Green Paper"', 'right = "children act"',
     "roots-003: pair 3: “Children Act” and “children act” get the same id. Write them alike, or"),
    ('right = "Green Paper"', 'right = "!"',
     "roots-003: pair 3: “!” gives no id. Use letters or figures in it."),
    ('right = "Green Paper"', 'rihgt = "Green Paper"', "roots-003: pair 3: “rihgt” " + NO_FIELD),
    ('right = "White Paper"', 'right = "Green Paper"',
     "roots-003: extra 1: “Green Paper” is also the right side of a pair. Take one out."),
    ('right = "Green Paper", feedback = "In between." },\n]\nextra = [ { right = "White Paper", '
     'feedback = "Fits nothing." } ]', 'right = "Children Act", feedback = "In between." },\n]',
     "roots-003: all pairs have the same right side: nothing is asked. Add another."),
    (', feedback = "Fits nothing."', "", "roots-003: extra 1: “feedback” is missing. Add feedback"),
    # ordering
    ('type = "ordering"', 'type = "ordering"\nopen_feedback = true',
     "roots-004: “open_feedback” would tell which parts of this item are right. Take it out."),
    ('text = "Then"', 'text = "First"',
     "roots-004: step 2: “first” is also another entry's id. Add an id = \"...\" to one."),
    # categorising
    ('category = "Health"', 'category = "Helth"',
     "roots-005: card 1: there is no category “Helth”. Use one of: “Health”, “Education”."),
    ('also = ["Health"]', 'also = ["Sport"]',
     "roots-005: card 2: there is no category “Sport”. Use one of: “Health”, “Education”."),
    (', { text = "Education", id = "edu" }', "",
     "roots-005: “categories” needs 2 or more entries; it has 1. Add some."),
    # gap
    ('id = "year", label', 'id = "yaer", label',
     "roots-006: the gaps in the text and in gaps = [...] differ: programme, year / programme, "
     "yaer. Write each gap once in the text, as {id}."),
    ('id = "year", label', 'id = "programme", label',
     "roots-006: gap 2: “programme” is also another gap's id. Give one of them another id."),
    ('accept = ["2003"]', "accept = []",
     "roots-006: gap 2: “accept” needs 1 or more entries; it has 0. Add some."),
    ('accept = ["2003"]', 'accept = ["--"]',
     "roots-006: gap 2: an accepted answer has no letter or figure, or is too long. Reword it."),
    ('accept = ["2003"]', f'accept = ["{"x" * 501}"]',
     "roots-006: gap 2: an accepted answer has no letter or figure, or is too long. Reword it."),
    ('text = "Sure Start"', 'text = "E.C.M."',
     "roots-006: gap 1: trap 1: “E.C.M.” is also accepted here or a trap. Take one out."),
    ('{ text = "Sure Start", feedback = "Earlier." }',
     '{ text = "Sure Start", feedback = "a" }, { text = "sure-start", feedback = "b" }',
     "roots-006: gap 1: trap 2: “sure-start” is also accepted here or a trap. Take one out."),
    ('accept = ["2003"]', 'accept = ["2003", "Ecm"]',
     "roots-006: two gaps accept the same answer. With any_order, take it out of one."),
    ('id = "year", label', 'id = "answer-2", label',
     "roots-006: gap 2: the id “answer-2” hints at the key. Choose a neutral one."),
    # rating
    ('scale = ["Not yet", "With help", "On my own"]', 'scale = ["Not yet"]',
     "roots-007: “scale” needs 2 or more entries; it has 1. Add some."),
    ('scale = ["Not yet"', 'points = 1\nscale = ["Not yet"', "roots-007: “points” " + NO_FIELD),
    ('statements = [ { text = "I can order them" } ]',
     'statements = [ { text = "I can order them" } ]\nafter = "roots-009"',
     "roots-007: “after” and “weeks” stand together: after which rating, and how many weeks."),
    # scenario
    ('to = "second"', 'to = "sceond"',
     "roots-008: there is no node “sceond”. Mend start = or to = ."),
    ('start = "first"', 'start = "frist"',
     "roots-008: there is no node “frist”. Mend start = or to = ."),
    ('{ text = "Listen", to = "end"', '{ text = "Listen", to = "first"',
     "roots-008: the way first → second → first loops. Lead it to an ending."),
    ('to = "second"', 'to = "end"',
     "roots-008: no way leads to the node “second”. Lead one there, or take it out."),
    ('{ id = "end", text = "It ends." },', '{ id = "end", text = "a" }, { id = "end", text = "b" }',
     "roots-008: two nodes have the id “end”. Give one of them another id."),
    ("worth = 0.5", "worth = 1.5",
     "roots-008: node “second”: choice 2: “worth” has to lie between 0 and 1. Write worth = 1.0."),
    (", worth = 0.5", "",
     "roots-008: node “second”: choice 2: “worth” is missing. Add worth = 1.0."),
    ('ask = "And now?", ', "", 'roots-008: node “second”: “ask” is missing. Add ask = "...".'),
    ('      { text = "Hang up", to = "end", worth = 0.5, feedback = "Hm." },\n', "",
     "roots-008: node “second”: one choice is no choice. Give two or more, or none (an ending)."),
    ('id = "end", text', 'id = "right-end", text',
     "roots-008: node 3: the id “right-end” hints at the key. Choose a neutral one."),
    # reflection
    ("min_words = 150", "min_words = 250",
     "roots-r1: “min_words” is larger than “max_words”, or below 0. Mend the numbers."),
    ('prompt = "What happened?"', "", 'roots-r1: “prompt” is missing. Add prompt = "...".'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_fault_names_file_item_and_mend(tmp_path, old, new, fault):
    """The author's line tells where to look and what to write."""
    assert old in GOOD
    found = faults_of(write(tmp_path, GOOD.replace(old, new, 1)))

    assert any(each.startswith(fault) for each in found), found


def test_no_choice_of_worth_is_a_fault(tmp_path):
    """A scene in which nothing can be earned cannot be marked."""
    text = GOOD.replace("worth = 1.0", "worth = 0").replace("worth = 1,", "worth = 0,")
    found = faults_of(write(tmp_path, text.replace("worth = 0.5", "worth = 0.0")))

    assert ["roots-008: no choice has any worth. Give the best ones worth = 1.0."] == found


def test_a_scene_without_end_is_a_fault(tmp_path):
    """Nobody can read through a thousand nodes, and no computer should have to."""
    nodes = ",\n".join(
        f'{{ id = "n{n}", text = "t", ask = "a", choices = [ '
        f'{{ text = "a", to = "n{n + 1}", worth = 1, feedback = "f" }}, '
        f'{{ text = "b", to = "n{n + 1}", worth = 0, feedback = "f" }} ] }}'
        for n in range(1500)
    )
    text = GOOD[: GOOD.index('start = "first"')] + (
        f'start = "n0"\nnodes = [{nodes}, {{ id = "n1500", text = "t" }}]'
    )

    assert ["roots-008: a scene has 100 nodes at most. Take some out."] == faults_of(
        write(tmp_path, text)
    )


def test_all_faults_of_a_file_come_at_once(tmp_path):
    """Eight mistakes in five places, eight sentences, no more: in items and within one."""
    text = (
        GOOD.replace('stem = "Which came first?"\n', "")
        .replace("hint =", "hnit =")
        .replace(', feedback = "That came later."', "")
        .replace('["ORIG-01", "ORIG-02"]', '["ORIG-09"]')
        .replace('"roots-001", "roots-002"]', '"roots-001", "roots-404"]')
        .replace('category = "Health"', 'category = "Helth"')
        .replace("worth = 0.5", 'worth = "half"')
        .replace('prompt = "What happened?"', "")
    )
    found = faults_of(write(tmp_path, text))

    assert [
        "roots-001: “stem” is missing",
        "roots-001: option 2: “feedback” is missing",
        "roots-001: “hnit” is not a field here",
        "roots-002: there is no fact “ORIG-09” in facts.toml",
        "roots-005: card 1: there is no category “Helth”",
        "roots-008: node “second”: choice 2: “worth” has the wrong kind of value",
        "roots-guess: there is no item “roots-404” in this file",
        "roots-r1: “prompt” is missing",
    ] == [fault.split(". ")[0] for fault in found]


def test_a_faulty_item_is_still_known_to_its_quiz(tmp_path):
    """One mistake, one sentence: the quiz does not complain as well."""
    found = faults_of(write(tmp_path, GOOD.replace('type = "single"', 'type = "singel"')))

    assert 1 == len(found)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"format = ", "is not valid TOML: Invalid value (at end of document). Mend that place"),
        (
            b"a = { b = 1,\n c = 2 }",
            "is not valid TOML: Invalid initial character for a key part "
            "(at line 1, column 13). Mend that place first. "
            "All between { and } stands on one line.",
        ),
        (b"a = 1\na = 1\n", "is not valid TOML: Cannot overwrite a value (at line 2, column 6)."),
        (b"format = 1\nmodule = 'a'\nitem = [5]", "item 1: is not a table. Write it as { name ="),
        (b"\xff\xfe", "is not UTF-8 text. Save it as UTF-8."),
        (b"a = " + b"[" * 100_000, "is not valid TOML: "),
        (b"a = " + b"9" * 5000, "is not valid TOML: "),
        (b"", "“format” is missing. Add format = 1."),
    ],
)
def test_a_file_that_is_no_toml_is_a_fault(tmp_path, content, fault):
    """The place where reading ended is told."""
    path = tmp_path / "items.toml"
    path.write_bytes(content)
    found = faults_of(path)

    assert found[0].startswith(fault)


def test_an_absent_file_and_a_folder_are_faults(tmp_path):
    """Named like any other fault."""
    for path in (tmp_path, tmp_path / "absent.toml"):
        assert "cannot be read" in faults_of(path)[0]


def test_the_table_reader_stops_at_a_fault():
    """Other readers build on it: a field that gives no sense raises Fault, and is noted."""
    noted = []
    table = bank.Table({"a": 1}, "here", noted.append, equals=": ")

    with pytest.raises(bank.Fault):
        table.text("a")
    with pytest.raises(bank.Fault):
        table.text("b")
    with pytest.raises(bank.Fault):
        bank.Table([], "there", noted.append)
    assert [
        'here: “a” has the wrong kind of value. Write a: "...".',
        'here: “b” is missing. Add b: "...".',
        "there: is not a table. Write it as { name = value, ... }.",
    ] == noted


# --- the course as a whole ----------------------------------------------------------------

COURSE = (course.course_folder() / "course.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("title = ", "titel = ", 'course.toml: “title” is missing. Add title = "...".'),
        ("minutes = 30", 'minutes = "30"',
         "course.toml: module 1: “minutes” has the wrong kind of value. Write minutes = 60."),
        ("minutes = 30", "minutes = 30\nmore = 1", "course.toml: module 1: “more” " + NO_FIELD),
        ("format = 1", "format = 1\nmore = 1", "course.toml: “more” " + NO_FIELD),
        ("[[module]]", "[[modul]]", "course.toml: “module” is missing. Add module = [ ... ]."),
        ("format = 1", "format = ", "course.toml: is not valid TOML: "),
    ],
)  # fmt: skip
def test_the_course_file_is_read_as_strictly(tmp_path, monkeypatch, old, new, fault):
    """A damaged course.toml names the place and the mend."""
    assert old in COURSE
    (tmp_path / "course.toml").write_text(COURSE.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(course, "course_folder", lambda: tmp_path)
    with pytest.raises(bank.BankError) as wrong:
        course.course.__wrapped__()

    assert fault in str(wrong.value)


def test_what_the_course_does_not_have_is_not_found():
    """NotFound in words, for a module, an activity, a lesson's module."""
    for look_up in (course.bank_of, course.module_bank, course.lessons, course.lessons.__wrapped__):
        with pytest.raises(course.NotFound, match="nowhere-001"):
            look_up("nowhere-001")


# --- anything at all ----------------------------------------------------------------------


def places(values, at=()):
    """The ways to every value in a parsed file."""
    yield at
    if isinstance(values, dict | list):
        for name in values if isinstance(values, dict) else range(len(values)):
            yield from places(values[name], (*at, name))


PARSED = tomllib.loads(GOOD)
PLACES = [place for place in places(PARSED) if place]
ODD = st.sampled_from(
    ["", " ", "x", "first", "end", "roots-001", "???", "a\nb", True, False, 0, -1, 7, 16**5000,
     0.5, float("nan"), float("inf"), [], [[]], ["x"], [5], {}, {"x": 1}, [{}], date(2026, 1, 1)]
) | st.sampled_from(PLACES).map(lambda place: look(PARSED, place))  # fmt: skip


def look(values, place):
    for name in place:
        values = values[name]
    return copy.deepcopy(values)


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 2), ODD), min_size=1, max_size=4))
@settings(max_examples=800, deadline=None)
def test_any_change_of_a_bank_is_read_or_told(changes):
    """Fields dropped, renamed or of another kind: a Bank or a BankError, nothing else."""
    values = copy.deepcopy(PARSED)
    for place, how, odd in changes:
        try:
            holder = values
            for name in place[:-1]:
                holder = holder[name]
            if how == 0:
                del holder[place[-1]]
            elif how == 1 and isinstance(holder, dict):
                holder[str(place[-1]) + "x"] = holder.pop(place[-1])
            else:
                holder[place[-1]] = copy.deepcopy(odd)
        except (LookupError, TypeError):
            continue  # an earlier change took this place away
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bank, "load_toml", lambda path: values)
        try:
            found = bank.read(Path("items.toml"), FACTS)
        except bank.BankError as wrong:
            assert all(fault.startswith("items.toml: ") for fault in wrong.faults)
            return
    for item in found.items.values():
        assert it.mark(item, it.key_response(item)).score == item.points
        assert it.from_plain(it.to_plain(it.strip(item))) == it.strip(item)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_told(tmp_path_factory, content):
    """A file of anything gives a BankError."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)

    with pytest.raises(bank.BankError):
        bank.read(path)
