"""No key of a graded item stands in what a trainee receives, in no form.

Two ways: a search for every text that only the key's side knows, in many encodings; and
non-interference: with every key changed, the released exercise is the same byte for byte.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import html
import json
import os
import re
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import trainees
from course_copy import CHECKOUT, CourseCopy, build, read

from mapt_course import bank as banks
from mapt_course import items as it
from mapt_course import record
from mapt_course.marking import marker, table

# All field names of the course's own in a released exercise; nothing else may come in.
FIELDS = {
    "assignment",
    "quizzes",
    "items",
    "reflections",
    "lesson",
    "title",
    "minutes",
    "module",
    "outcomes",
    "activities",
    "digest",
    # an item's
    "id",
    "type",
    "stem",
    "facts",
    "learning_outcome",
    "points",
    "options",
    "lefts",
    "rights",
    "steps",
    "categories",
    "cards",
    "text",
    "gaps",
    "any_order",
    "scale",
    "statements",
    "start",
    "nodes",
    "choices",
    "ask",
    "to",
    # a reflection's
    "prompt",
    "min_words",
    "max_words",
    "reminder",
}


def forms(secret: str) -> Iterator[bytes]:
    """A text in the encodings in which one might hide it."""
    turned_letters = codecs.encode(secret, "rot13")
    for text in {secret, secret.lower(), secret.upper(), secret[::-1], turned_letters}:
        raw = text.encode()
        yield raw
        yield json.dumps(text).encode()[1:-1]
        yield raw.hex().encode()
        yield quote(text).encode()
        yield quote_plus(text).encode()
        yield text.encode("utf-16-le")
        for encoded in (base64.b64encode, base64.urlsafe_b64encode, base64.b32encode):
            yield encoded(raw).rstrip(b"=")
        # Within a longer base64 text the same bytes stand at one of three offsets.
        for before in (b" ", b"  "):
            yield base64.b64encode(before + raw + b" " * 3)[4:-4]
    for text in (secret, secret.lower()):
        for algorithm in ("md5", "sha1", "sha224", "sha256", "sha512", "blake2b"):
            digest = hashlib.new(algorithm, text.encode())
            yield digest.hexdigest()[:16].encode()
            yield base64.b64encode(digest.digest())[:16]


def entries(item) -> Iterator:
    """All entries of an item."""
    for name in item.lists:
        yield from getattr(item, name)


def feedback(bank) -> set[str]:
    """Texts that nobody may see before marking."""
    found = set()
    for item in bank.items.values():
        found |= {item.hint, item.general_feedback, item.misconception}
        found |= {entry.feedback for entry in entries(item)}
        for key in item.key.values() if item.type == "gap" else ():
            found |= set(key.traps.values())
    return found - {""}


def typed(bank) -> set[str]:
    """What a gap accepts, and its traps."""
    gaps = [key for item in bank.items.values() if item.type == "gap" for key in item.key.values()]
    return {text for key in gaps for text in (*key.accept, *key.traps)}


def key_marks(bank) -> set[str]:
    """Values that would tell the key if they stood, encoded or hashed, beside an item."""
    found = set()
    for item in bank.items.values():
        keys = {
            "single": lambda i: [i.key],
            "multiple": lambda i: sorted(i.key),
            "ordering": lambda i: [",".join(i.key), json.dumps(list(i.key)), *i.key],
        }
        values = keys.get(item.type, lambda i: [])(item)
        if item.type in ("matching", "categorising"):
            values = [
                f"{a}{sep}{b}"
                for a, rights in item.key.items()
                for b in rights
                for sep in ("", ":", "=", ",", "-", "|")
            ]
        found |= {f"{before}{value}" for value in values for before in ("", f"{item.id}:", item.id)}
    return found


def hits(content: bytes, secrets: set[str], plain: bool = True, shortest: int = 6) -> list[str]:
    """The secrets that stand in a content. ``plain``: also as they are."""
    found = []
    for secret in sorted(secrets):
        as_it_is = {secret.encode(), secret.lower().encode(), secret.upper().encode()}
        as_it_is |= {json.dumps(text.decode()).encode()[1:-1] for text in as_it_is}
        as_it_is |= {quote(secret).encode(), quote_plus(secret).encode()}
        for form in forms(secret):
            if len(form) >= shortest and form in content and (plain or form not in as_it_is):
                found.append(f"{secret!r} as {form!r}")
    return found


CHECKS = sorted(path.name for path in (CHECKOUT / "solutions").glob("*-check"))


@pytest.fixture(params=CHECKS)
def check(request) -> tuple[bytes, banks.Bank]:
    """What a trainee receives of a check, and its bank with the key.

    ``test_release`` sees to it that the checkout's exercises are what the commands make.
    """
    name = request.param
    content = (CHECKOUT / "exercises" / name / f"{name}.ipynb").read_bytes()
    return content, banks.read(CHECKOUT / "solutions" / name / "items.toml")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> dict[str, bytes]:
    """The files of this checkout's wheel."""
    from hatchling import build as hatchling

    before, place = Path.cwd(), tmp_path_factory.mktemp("wheel")
    os.chdir(CHECKOUT)
    try:
        name = hatchling.build_wheel(str(place))
    finally:
        os.chdir(before)
    with zipfile.ZipFile(place / name) as opened:
        return {each: opened.read(each) for each in opened.namelist()}


def test_the_search_finds_what_is_hidden():
    """The search itself works: each form is found."""
    for form in forms("Every Child Matters"):
        assert hits(b"..." + form + b"...", {"Every Child Matters"})


def test_an_exercise_holds_the_notebook_only(cycle):
    """No key, source or rubric comes along."""
    files = {
        str(each.relative_to(cycle.course.root / "exercises"))
        for each in (cycle.course.root / "exercises").rglob("*")
        if each.is_file()
    }

    assert files == {f"{trainees.ASSIGNMENT}/{trainees.NOTEBOOK}"}


def test_no_feedback_in_an_exercise(check):
    released, bank = check
    assert hits(released, feedback(bank)) == []


def test_no_accepted_answer_in_an_exercise(check):
    """Not encoded; in roots-check, whose words are rare ones, not plain in other items either."""
    released, bank = check
    found = hits(released, typed(bank), plain=False)
    words = re.findall(r"[\w' ]+", released.decode().lower())
    plain = {
        text
        for text in typed(bank)
        if any(re.search(rf"\b{re.escape(text.lower())}\b", word) for word in words)
    }

    assert found == []
    if bank.module != "roots-check":
        return  # years and terms of art, which its other questions ask about in their own right
    accepted = {
        text
        for item in bank.items.values()
        if item.type == "gap"
        for key in item.key.values()
        for text in key.accept
    }
    assert plain & accepted == set()


def test_no_mark_of_a_key_in_an_exercise(check):
    """An option's id stands there as every option's does; never encoded, hashed or paired."""
    released, bank = check
    assert hits(released, key_marks(bank), plain=False) == []
    pairs = {mark for mark in key_marks(bank) if ":" in mark}
    assert hits(released, pairs) == []


def test_an_exercise_has_known_fields_only(cycle):
    """A field that could tell the key would be a new field."""
    notebook = read(cycle.course.root / "exercises" / trainees.ASSIGNMENT / trainees.NOTEBOOK)

    def names(value) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(names, value.values()))
        return set().union(*map(names, value)) if isinstance(value, list) else set()

    assert names(notebook["metadata"]["mapt"]) <= FIELDS
    assert set(notebook["metadata"]) == {"kernelspec", "language_info", "mapt"}
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= {"nbgrader", "tags", "jupyter", "editable", "deletable"}
        assert set(cell["metadata"]["nbgrader"]) <= {
            "grade",
            "solution",
            "locked",
            "task",
            "points",
            "grade_id",
            "cell_type",
            "checksum",
            "schema_version",
        }


def test_the_wheel_holds_no_solution(wheel):
    """Neither a file of solutions/ nor any of its feedback, in no file and no form."""
    own = {name: content for name, content in wheel.items() if not name.endswith("RECORD")}

    assert not [name for name in own if "solutions" in name or "rubric" in name]
    assert not [name for name in own if re.search(r"exercises/.*\.(toml|md|jsonl)$", name)]
    # The lessons' own banks point to the same lessons; what is said of an answer is only here.
    every = [banks.read(CHECKOUT / "solutions" / name / "items.toml") for name in CHECKS]
    told = set().union(*map(feedback, every))
    secrets = {text for text in told if not text.startswith("To look again")}
    everything = b"\n".join(own.values())
    assert hits(everything, secrets) == []


# --- feedback -----------------------------------------------------------------------------


def withheld(rows) -> tuple[set[str], set[str]]:
    """What a trainee's feedback may not hold: texts and lines of the key; what a gap accepts."""
    texts, words, own = set(), set(), set()
    for row in rows:
        item = row.item
        right = {part.id for part in row.mark.parts if part.right}
        given = [] if row.response is None else table.in_words(item, row.response)
        own |= {line for _, line in given} | {row.item.general_feedback}
        own |= {entry.feedback for entry in entries(item) if entry.id in right}
        texts |= {item.hint, item.misconception}
        texts |= {entry.feedback for entry in entries(item)}
        texts |= {line for _, line in table.in_words(item, it.key_response(item))}
        if item.type == "gap":
            keys = [key for gap, key in item.key.items() if gap not in right]
            texts |= {said for key in item.key.values() for said in key.traps.values()}
            words |= {text for key in keys for text in key.accept}
    return texts - own - {""}, words


@pytest.mark.parametrize("name", trainees.ALL)
def test_feedback_holds_no_key_of_what_was_not_right(returned, bank, name):
    """No right answer and no text about a wrong one, plain or encoded, to any of the trainees."""
    handed_in = returned.course.root / "submitted" / name / trainees.ASSIGNMENT
    events = record.read(handed_in / record.NAME).events
    rows = marker.mark_events(bank, events).rows.values()
    texts, words = withheld(rows)
    page = returned.feedback(name)
    shown = html.unescape(re.sub(r"<[^>]+>", " ", page))

    assert name == "lena" or len(texts) > 20
    content = "\n".join([page, html.unescape(page), shown]).encode()
    assert hits(content, texts | {table._bare(text) for text in texts}) == []
    assert hits(content, words, plain=False) == []
    assert [word for word in words if re.search(rf"\b{re.escape(word)}\b", shown, re.I)] == []


# --- non-interference ---------------------------------------------------------------------


def turned(values: list) -> list:
    """A list, one place further."""
    return values[1:] + values[:1]


def with_another_key(told: dict) -> dict:
    """An ``items.toml`` with the same questions, and every key, hint and feedback another one."""
    for item in told["item"]:
        for field in ("hint", "general_feedback", "misconception"):
            item[field] = f"Another {field}"
        kind = item["type"]
        if kind in ("single", "multiple"):
            marks = turned([option.get("correct", False) for option in item["options"]])
            for option, mark in zip(item["options"], marks, strict=True):
                option["correct"], option["feedback"] = mark, "Other words"
            item["options"].reverse()
        elif kind == "ordering":
            item["steps"] = turned(item["steps"])
        elif kind == "matching":
            rights = turned([pair["right"] for pair in item["pairs"]])
            for pair, right in zip(item["pairs"], rights, strict=True):
                pair["right"], pair["feedback"] = right, "Other words"
            item["pairs"].reverse()
        elif kind == "categorising":
            named = [category["text"] for category in item["categories"]]
            for card in item["cards"]:
                card["category"] = turned(named)[named.index(card["category"])]
                card["feedback"] = "Other words"
            item["cards"].reverse()
        elif kind == "gap":
            for gap in item["gaps"]:
                gap["accept"], gap["feedback"] = [f"other {gap['id']}"], "Other words"
                gap.pop("traps", None)
    return told


def toml(value, top: bool = True) -> str:
    """Values as TOML: enough for a bank."""
    if top:
        lines = [
            f"{name} = {toml(each, False)}"
            for name, each in value.items()
            if not (isinstance(each, list) and each and isinstance(each[0], dict))
        ]
        for name, each in value.items():
            if isinstance(each, list) and each and isinstance(each[0], dict):
                for table in each:
                    lines += [f"[[{name}]]", *(f"{k} = {toml(v, False)}" for k, v in table.items())]
        return "\n".join(lines) + "\n"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml(v, False)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(each, False) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def test_another_key_gives_the_same_exercise(cycle, solutions, tmp_path):
    """Nothing of an exercise depends on a key: with every key changed it is the same.

    All nine checks are built anew; the stock command then sees the same notebook, which is shown
    for one of them.
    """
    root = tmp_path / "built"
    shutil.copytree(solutions, root / "solutions", ignore=shutil.ignore_patterns("*.ipynb"))
    for name in CHECKS:
        path = root / "solutions" / name / "items.toml"
        after = with_another_key(tomllib.loads(path.read_text(encoding="utf-8")))
        path.write_text(toml(after), encoding="utf-8")
    build(root)
    for name in CHECKS:
        notebook = Path("solutions") / name / f"{name}.ipynb"
        key, turned_key = (
            banks.read(each / name / "items.toml") for each in (solutions, root / "solutions")
        )
        assert all(turned_key.items[each].key != item.key for each, item in key.items.items())
        assert (root / notebook).read_bytes() == (CHECKOUT / notebook).read_bytes(), name
    other = CourseCopy.make(tmp_path / "other", root / "solutions")
    other.trainer("generate_assignment", trainees.ASSIGNMENT)
    where = Path("exercises") / trainees.ASSIGNMENT / trainees.NOTEBOOK

    assert (other.root / where).read_bytes() == (cycle.course.root / where).read_bytes()
