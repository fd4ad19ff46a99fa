"""The author's rules: each speaks up where it is broken, and is silent where it is kept."""

import math
from datetime import date

import pytest
from small_course import BANK, CHECK, DRAWN, FACTS, KEY, LESSON, PICTURE, ROWS, SmallCourse

from mapt_course import items as it
from mapt_course.authoring import build, check, habits

TODAY = date(2026, 11, 24)
GROUPS = "course/facts/groups.toml"


@pytest.fixture
def small(tmp_path):
    """A small course that keeps every rule."""
    return SmallCourse(tmp_path / "checkout")


def checked(small, capsys, today=TODAY):
    """The exit code and the lines that were said."""
    code = check.main(root=small.root, today=today)
    return code, capsys.readouterr().out.splitlines()


def test_a_course_that_keeps_the_rules_is_only_counted(small, capsys):
    """No complaint, the habits' figures, and a summary."""
    code, said = checked(small, capsys)

    assert 0 == code
    assert [
        "habits, 2 single items: chance 43%; longest 43%, shortest 43%, first 60%, last 0%, "
        "most words of the stem 43%, most qualified 43%",
        "reading grade (Flesch-Kincaid): mean -1.3, hardest lesson -1.3",
        "1 module, 1 lesson, 1 assignment, 6 items, 2 reflections, 0 forms, 1 picture, 2 facts, "
        "2 then-and-now rows: 0 complaints, 0 warnings.",
    ] == said


def test_the_built_files_do_not_disturb(small, capsys, monkeypatch):
    """Notebooks and pictures beside their sources are no news."""
    monkeypatch.setattr(build, "draw", lambda told: DRAWN)
    build.main(root=small.root)
    capsys.readouterr()

    assert 0 == checked(small, capsys)[0]


MORE = """
[[item]]
id = "{}"
type = "single"
facts = ["ORIG-01"]
learning_outcome = "roots-LO1"
stem = "Which?"
options = [
  {{ text = "This", correct = true, feedback = "Yes." }},
  {{ text = "That", feedback = "No." }},
]
"""

RATED = """
[[item]]
id = "roots-9"
type = "rating"
facts = []
learning_outcome = "roots-LO1"
stem = "How true?"
scale = ["No", "Yes"]
statements = [ { text = "I know." } ]
picture = "Where do I stand?"
beside = [ { item = "roots-001", label = "Before" } ]
"""

BROKEN = {
    "a bank": (BANK, 'stem = "When did it begin?"\n', "", f"{BANK}: roots-001: “stem” is missing"),
    "a bank's fact": (BANK, '["ORIG-02"]', '["ORIG-09"]', "roots-002: there is no fact “ORIG-09”"),
    "a key's fact": (KEY, 'facts = ["ORIG-01"]', 'facts = ["X-1"]', "there is no fact “X-1”"),
    "a lesson": (LESSON, "roots-guess", "roots-gues", f"{LESSON}:13: there is no quiz"),
    "a field of facts": (FACTS, 'text = "An', 'texts = "An', "ORIG-02: “text” is missing"),
    "facts twice": (FACTS, '"ORIG-02"', '"ORIG-01"', "ORIG-01: this id stands twice"),
    "a fact's module": (FACTS, 'd = "ORIG-02"\nmodule = "roots"', 'd = "ORIG-02"\nmodule = "x"',
                        "ORIG-02: there is no module “x”"),
    "a field of rows": (ROWS, 'item = "A', 'itm = "A', "TN-02: “item” is missing"),
    "rows twice": (ROWS, '"TN-02"', '"TN-01"', "TN-01: this id stands twice"),
    "a row's date": (ROWS, "2026-11-03", "2026-11-03T10:00:00", "TN-02: “checked” has to be a day"),
    "a row's fact": (ROWS, '["ORIG-02"]', '["ORIG-99"]', "TN-01: there is no fact “ORIG-99”"),
    "confidence": (ROWS, '"medium"', '"fair"', "TN-02: “confidence” is one of: high, medium, low"),
    "a rubric": ("solutions/roots-check/rubric.toml", "points = 4", "points = 1", "of its own"),
    "ids twice": (LESSON, "lesson: roots-1", "lesson: roots-guess", "roots-guess: this id stands"),
    "a foreign id": (BANK, 'id = "roots-r1"', 'id = "r1"', "r1: the id has to begin with roots-"),
    "the check's ids": (KEY, 'd = "roots-check-r1"', 'd = "roots-9"', "begin with roots-check-."),
    "a borrowed id": (BANK, 'id = "roots-r1"', 'id = "roots-check-r9"', "belongs to the assig"),
    "outcomes": (KEY, "Put the turning points", "Put turning points", "roots-LO1: says something"),
    "not taught": (LESSON, " <!-- ORIG-02 -->", "", f"{FACTS}: ORIG-02: no lesson teaches it."),
    "not practised": (BANK, '["ORIG-02"]', '["ORIG-01"]', "ORIG-02: no item practises it."),
    "a task's fact": (BANK, 'prompt = "Tell', 'facts = ["ORIG-09"]\nprompt = "Tell',
                      "roots-r1: there is no fact “ORIG-09”"),
    "hard to read": (LESSON, "Now read on.", "Notwithstanding considerable organisational "
                     "reconfiguration, multidisciplinary professionals persistently experienced "
                     "incompatible accountability relationships " * 4 + ".", "reads at grade"),
    "beside nothing": (BANK, "\n[[reflection]]", RATED + "\n[[reflection]]",
                       "roots-9: “roots-001” is no rating of as many statements."),
    "after nothing": (BANK, "\n[[reflection]]", RATED + 'after = "roots-001"\nweeks = 6\n'
                      "\n[[reflection]]", "roots-9: after: there is no rating “roots-001”."),
    "no such result": (BANK, "\n[[reflection]]", RATED + 'result = "roots-guess"\n\n[[reflection]]',
                       "roots-9: result: there is no quiz “roots-guess” that has a"),
    "nothing earlier": (BANK, 'prompt = "Tell', 'earlier = "roots-r0"\nprompt = "Tell',
                        "roots-r1: there is no reflection “roots-r0” above this one."),
    "a wrong mark": (LESSON, "Now read on.", "No. <!-- ORIG-2 -->", "17: there is no fact “ORIG-2"),
    "a small mark": (LESSON, "Now read on.", "Now. <!-- orig-02 -->", "there is no fact “orig-02”"),
    "a quiz unused": (LESSON, 'quiz("roots-guess")', "home()", "roots-guess: no lesson calls it."),
    "a scene unused": (LESSON, 'scenario("roots-002")', "home()", "roots-002: no lesson calls it."),
    "a text unused": (LESSON, 'reflection("roots-r1")', "home()", "roots-r1: no lesson calls it."),
    "no quiz": (BANK, "\n[[reflection]]", MORE.format("roots-003") + "\n[[reflection]]",
                "roots-003: no quiz asks it."),
    "same feedback": (BANK, "That is a century late.", "That is – two centuries early!",
                      "“Around 1950” has the same feedback as “Around 1650”."),
    "same in a scene": (BANK, "Nobody knows.", "Somebody listens.", "“Let it ring” has the same"),
    "above": (BANK, "Around 1950", "None of the above", "“None of the above” is no option"),
    "all above": (BANK, "Around 1950", "All of above", "“All of above” is no option of its own."),
    "too few facts": (GROUPS, "count = 2", "count = 16", "ORIG: 2 facts where the source has 16"),
    "no group": (GROUPS, '"ORIG"', '"ORI"', "ORIG-01: no group of facts/groups.toml begins so."),
    "short alt": (PICTURE, "A line of years from 1850 to 2004 with \\\"six\\\" marks.", "A line.",
                  "“alt” has 7 characters."),
    "long alt": (PICTURE, "A line of", "A line of" + " many" * 50, "“alt” has 301 characters."),
    "no long words": (PICTURE, "long_description", "longer", "“long_description” is missing"),
    "not shown": (LESSON, "```{picture} p1-line\n```", "", f"{PICTURE}: no lesson shows it."),
    "minutes": (LESSON, "minutes: 25", "minutes: 26", "its lessons take 26 minutes, the module"),
    "a dead link": (LESSON, "checks/roots-check/", "checks/", ":40: the link “../checks/roots-"),
    "a source": (LESSON, "Now read on.", "[On](1-1-time-line.md).", ":17: the link “1-1-time-line"),
    "an image": (LESSON, "Now read on.", "![On](on.png)", "the link “on.png” leads to no notebook"),
    "an HTML link": (LESSON, "Now read on.", 'A <a href="x.ipynb">b</a>.', "the link “x.ipynb”"),
    "in a table": (LESSON, "Now read on.", "| a |\n|---|\n| [b](c.pdf) |", "the link “c.pdf”"),
    "a check's link": (CHECK, "../../1-roots", "../1-roots", "the link “../1-roots/1-1-time-line"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_named_with_its_file(small, capsys, name, old, new, said):
    """One complaint says so, and the code is 1."""
    small.edit(name, old, new)
    code, lines = checked(small, capsys)

    found = [line for line in lines if said in line]
    assert (1, 1) == (code, len(found))
    assert found[0].startswith(("course/", "solutions/"))
    assert "0 complaints" not in lines[-1]


KEPT = {
    "a module's minutes are all used": (LESSON, "minutes: 25", "minutes: 24"),
    "a module without lessons owes nothing": (GROUPS, "count = 8", "count = 9"),
    "a fact of a module to come": (
        FACTS, "\n[[fact]]\nid = \"ORIG-02\"",
        '\n[[fact]]\nid = "SCH-1"\nmodule = "hubs"\ntext = "t"\nsource = "s"\n'
        '\n[[fact]]\nid = "ORIG-02"',
    ),
    "an author's note is no mark": (LESSON, "Now read on.", "Now read on. <!-- shorten? -->"),
    "a link to the lesson itself": (LESSON, "Now read on.", "[On](1-1-time-line.ipynb#your-turn)."),
    "a link on this page": (LESSON, "Now read on.", "[On](#your-turn)."),
    "a mail address": (LESSON, "Now read on.", "[Me](mailto:me@example.org)."),
    "feedback of different items": (KEY, "Poverty is another matter.", "That is a century late."),
    "a title may tell of all": (BANK, "Around 1950", "All of them"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new"), KEPT.values(), ids=KEPT)
def test_a_kept_rule_is_silent(small, capsys, name, old, new):
    """What looks like a breach and is none brings no complaint."""
    small.edit(name, old, new)
    code, lines = checked(small, capsys)

    assert (0, True) == (code, "0 complaints" in lines[-1])


def test_a_task_in_ones_own_setting_practises_its_facts(small, capsys):
    """A reflection may name facts: then no item has to."""
    small.edit(BANK, '["ORIG-02"]', '["ORIG-01"]')
    small.edit(BANK, 'prompt = "Tell', 'facts = ["ORIG-02"]\nprompt = "Tell')

    assert 0 == checked(small, capsys)[0]


def test_facts_that_cannot_be_read_are_one_complaint(small, capsys):
    """Ids are not held against nothing."""
    small.write(FACTS, "format = ")
    code, lines = checked(small, capsys)

    assert 1 == code
    assert [True] == ["is not valid TOML" in line for line in lines if line.startswith("course")]


def test_lessons_of_no_module_are_named(small, capsys):
    """A folder that course.toml does not know would never be built."""
    small.write("course/3-other/3-1-x.md", "x")
    _, lines = checked(small, capsys)

    assert any("3-1-x.md: no module of course/course.toml has the folder" in s for s in lines)


def test_every_complaint_of_a_lesson_comes_at_once(small, capsys):
    """Two slips are two lines."""
    small.edit(LESSON, "roots-guess", "roots-gone", "{picture} p1-line", "{picture} p9")
    _, lines = checked(small, capsys)

    assert [13, 24] == [int(s.split(":")[1]) for s in lines if s.startswith(f"{LESSON}:")]


@pytest.mark.parametrize(
    ("today", "warnings"),
    [
        (date(2027, 5, 2), []),  # 180 days after TN-02 was checked
        (date(2027, 5, 3), [f"warning: {ROWS}: TN-02: checked 181 days ago."]),
        (date(2026, 11, 22), [f"warning: {ROWS}: TN-01: checked on a day that is still"]),
    ],
)
def test_old_rows_are_a_warning_and_no_complaint(small, capsys, today, warnings):
    """Half a year after the last look, somebody has to look again."""
    code, lines = checked(small, capsys, today)
    found = [line for line in lines if line.startswith("warning")]

    assert 0 == code
    assert len(warnings) == len(found)
    assert all(line.startswith(start) for line, start in zip(found, warnings, strict=True))


def test_an_installed_package_has_nothing_to_check(tmp_path, capsys):
    """The message says where check works."""
    assert 1 == check.main(root=tmp_path)
    assert "works in a checkout" in capsys.readouterr().out


# --- habits -------------------------------------------------------------------------------


def single(*texts, key=0, stem="Which of these?", points=1.0):
    """An item whose options have these texts; ``key``: the place of the right one."""
    options = tuple(it.Entry(f"o{n}", text, "f") for n, text in enumerate(texts))
    return it.Single(id="x", stem=stem, options=options, key=f"o{key}", points=points)


def multiple(*texts, keys=(0, 1)):
    """The same with several right ones."""
    options = tuple(it.Entry(f"o{n}", text, "f") for n, text in enumerate(texts))
    return it.Multiple(id="x", stem="All?", options=options, key=frozenset(f"o{k}" for k in keys))


@pytest.mark.parametrize(
    ("habit", "item", "hit"),
    [
        ("longest", single("long text", "text", "t"), 1),
        ("longest", single("long text", "text", "t", key=1), 0),
        ("longest", single("same", "size", "t"), 0.5),
        ("shortest", single("long text", "text", "t", key=2), 1),
        ("first", single("a", "b"), 1),
        ("last", single("a", "b"), 0),
        ("last", single("a", "b", "c", key=2), 1),
        ("most words of the stem", single("Two grey cats", "a dog", stem="Which cats?"), 1),
        ("most words of the stem", single("a cow", "CATS, two", stem="Which cats?", key=0), 0),
        ("most words of the stem", single("a cow", "a dog", stem="Which of the cats?"), 0.5),
        ("most qualified", single("It may often help", "It can help", "It helps"), 1),
        ("most qualified", single("It may often help", "It can help", "It helps", key=1), 0),
        ("most qualified", single("As a rule it helps", "IF asked, it helps", "It helps"), 0.5),
        ("most qualified", single("Somewhere in Canada", "A mighty gift", key=1), 0.5),
        ("longest", multiple("long text", "text", "t", keys=(0, 2)), 1),
        ("first", multiple("long text", "text", "t", keys=(1, 2)), 0),
    ],
)
def test_a_habit_points_at_an_option(habit, item, hit):
    """Options that tie share the hit."""
    assert hit == habits.hit(item, habit)


def figure(items, habit="first"):
    return next(each for each in habits.figures(items) if each.habit == habit)


def test_scores_are_shares_of_the_points():
    """An item of three points counts three times; chance does so too."""
    told = figure([single("a", "b", points=3), single("a", "b", "c", "d", key=3)])

    assert 0.75 == told.score
    assert pytest.approx((3 * 0.5 + 0.25) / 4) == told.chance


@pytest.mark.parametrize(("count", "hits"), [(6, 0), (6, 3), (10, 10), (19, 7)])
def test_the_tail_is_the_binomial_one(count, hits):
    """With equal chances the probability is the exact binomial test's."""
    exact = sum(math.comb(count, k) * 0.25**k * 0.75 ** (count - k) for k in range(hits, count + 1))

    assert pytest.approx(exact) == habits.tail([0.25] * count, hits)


def test_few_items_are_not_blamed_for_noise():
    """Two hits of four may be luck; four of four are not."""
    some = [single("a", "b", "c", "d", key=n % 2) for n in range(4)]
    all_first = [single("a", "b", "c", "d") for _ in range(4)]

    assert not figure(some).gives_away(whole=True)
    assert figure(all_first).gives_away(whole=True)
    assert figure(all_first).gives_away(whole=False)


@pytest.mark.parametrize(
    ("hits", "away"), [(0, True), (3, True), (4, False), (5, False), (6, False), (7, True)]
)
def test_from_twenty_items_on_a_margin_holds_for_the_course(hits, away):
    """Five points above or below chance are allowed, more are not; in one bank the test decides."""
    items = [single("a", "b", "c", "d", key=int(n >= hits)) for n in range(20)]

    assert away == figure(items).gives_away(whole=True)
    assert not figure(items).gives_away(whole=False)


def test_no_items_have_no_figures():
    """A course of scenes only has no habits."""
    assert [] == habits.figures([])


def quiz_of(key, texts):
    """A bank's text with eight items whose key stands in that place."""
    items = [
        MORE.format(f"roots-{n}").replace(
            MORE[MORE.index("options") :].format(),
            "options = [\n" + "".join(
                f'  {{ text = "{text} {n}", feedback = "f{place}"'
                f'{", correct = true" if place == key else ""} }},\n'
                for place, text in enumerate(texts)
            ) + "]\n",
        )
        for n in range(10, 18)
    ]  # fmt: skip
    names = ", ".join(f'"roots-{n}"' for n in range(10, 18))
    return f'\n[[quiz]]\nid = "roots-many"\ntitle = "Many"\nitems = [{names}]\n' + "".join(items)


@pytest.mark.parametrize(
    ("key", "texts", "said"),
    [
        (0, ("Cat", "Dog", "Cow"), "the first option is right in 100% of 9"),
        (2, ("Cat", "Dog", "Cow"), "the last option is right in 89% of 9"),
        (1, ("Cat", "Elephant", "Cow"), "the longest option is right in 93% of 9"),
        (1, ("Horse", "Cat", "Zebra"), "the shortest option is right in 93% of 9"),
    ],
)
def test_a_bank_whose_key_can_be_guessed_is_named(small, capsys, key, texts, said):
    """The bank and the habit are named, and what chance would give."""
    small.edit(LESSON, "Now read on.", '```{code-cell}\nquiz("roots-many")\n```')
    small.write(BANK, small.read(BANK) + quiz_of(key, texts))
    if key == 0:
        small.edit(
            BANK,
            '"Around 1850", correct = true', '"Around 1450"',
            '"Around 1650"', '"Around 1850", correct = true',
        )  # fmt: skip
    code, lines = checked(small, capsys)

    assert 1 == code
    assert any(f"{BANK}: single items: {said} (chance 33%)" in line for line in lines)


def test_a_complaint_says_which_way_to_go():
    """A habit that pays is to be right less often; one to be ruled out, more often."""
    items = [single("long text", "t", "text", "text", key=1) for _ in range(20)]
    said = list(check._given_away("course", "single", True, habits.figures(items)))

    ruled_out, pays = said[:2]
    assert ruled_out.startswith(
        "course: single items: the longest option is right in 0% of 20 (chance 25%): "
        "make it right more often."
    )
    assert "shortest option is right in 100% of 20 (chance 25%): make it right less" in pays


def test_a_mixed_bank_is_not_blamed(small, capsys):
    """Keys in all places, and options alike, pay no habit."""
    small.edit(LESSON, "Now read on.", '```{code-cell}\nquiz("roots-many")\n```')
    mixed = quiz_of(0, ("Cat", "Dog", "Cow"))
    parts = mixed.split("[[item]]")
    turned = [
        part.replace(', correct = true', "").replace(f'feedback = "f{n % 3}"',
                                                     f'feedback = "f{n % 3}", correct = true')
        for n, part in enumerate(parts[1:])
    ]  # fmt: skip
    small.write(BANK, small.read(BANK) + "[[item]]".join([parts[0], *turned]))

    assert 0 == checked(small, capsys)[0]
