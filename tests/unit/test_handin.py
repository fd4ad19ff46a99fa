"""Handing in: what a trainee is told first, the receipt, the files, and what of it counts."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
import zipfile

import pytest

from mapt_course import course, handin, record
from mapt_course import items as it
from mapt_course.bank import Bank
from mapt_course.privacy import hints

NAME = "roots-check"
REFLECTION = "roots-check-r1"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "checks" / NAME
    place.mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_text("{}")
    return place


def answer(folder, number: int = 2, option: int = 0) -> None:
    item = course.released_bank(NAME).items[f"{NAME}-{number}"]
    record.Record(folder).append("response", item.id, response=item.options[option].id)


def bank() -> Bank:
    return course.released_bank(NAME)


def events(folder):
    return record.Record(folder).read().events


def test_what_is_missing_is_told_in_sentences(folder):
    """Open and half-answered questions by number, an empty and a short reflection."""
    trainee = record.Record(folder)
    for number in (2, 5):
        answer(folder, number)
    gaps = bank().items[f"{NAME}-1"].gaps
    trainee.append("response", f"{NAME}-1", response={gaps[0].id: "1800s"})
    first = handin.look(bank(), events(folder))
    trainee.append("reflection", REFLECTION, text="Too short by far.")

    assert "Questions 3, 4, 6, 7, 8 and 9 are not answered." == first[0]
    assert "Question 1 is only partly answered." == first[1]
    assert "is still empty" in first[2] and 3 == len(first)
    assert "is very short" in handin.look(bank(), events(folder))[2]


def test_nothing_is_said_where_all_is_done(folder):
    trainee = record.Record(folder)
    for item in bank().items.values():
        trainee.append("response", item.id, response=whole_response(item))
    trainee.append("reflection", REFLECTION, text="The nurse rang and nobody rang back. " * 25)

    assert [] == handin.look(bank(), events(folder))


def whole_response(item: it.Item) -> object:
    if item.type == "single":
        return item.options[0].id
    if item.type == "multiple":
        return [item.options[0].id]
    if item.type == "ordering":
        return [step.id for step in item.steps]
    if item.type == "gap":
        return {gap.id: "1989" for gap in item.gaps}
    asked, given = (
        (item.lefts, item.rights) if item.type == "matching" else (item.cards, item.categories)
    )
    return {each.id: given[0].id for each in asked}


def test_a_childs_details_are_warned_of(folder):
    """In a reflection and in a gap."""
    record.Record(folder).append("reflection", REFLECTION, text="A girl called Amira, 7, ran off.")

    assert any("“Amira”" in sentence for sentence in handin.look(bank(), events(folder)))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("The pupil Oliver Hughes came late.", "“Oliver Hughes”"),
        ("I spoke to Mrs Whitcombe about it.", "“Whitcombe”"),
        ("Jacob is 9 and likes trains.", "“Jacob”"),
        ("She was born 3.4.2015 in June.", "a date of birth"),
        ("They moved to 12 Mill Road.", "an address"),
        ("Ring 07700 900123 at noon.", "a telephone or NHS number"),
        ("The flat is in ZZ1 1ZZ now.", "a postcode"),
        ("Write to somebody@example.org first.", "an e-mail address"),
    ],
)
def test_details_of_a_real_person_are_seen(text, hint):
    assert [hint] == hints(text)


@pytest.mark.parametrize(
    "text",
    [
        "The police officer and the housing officer met in March 2026.",
        "The mother, Tanya, rang. Jaden is 14.",
        "My son said so on Monday. The Family Hub opens on Friday.",
        "In 2009 the Act was 20 years old. Every Child Matters came out in 2003.",
        "",
    ],
)
def test_jobs_days_laws_and_the_storys_people_are_no_details(text):
    assert [] == hints(text, ("Tanya", "Jaden"))


def test_the_receipt_fits_what_was_handed_in_and_nothing_else(folder):
    """The trainer works it out again from the file; one changed answer gives another."""
    answer(folder)
    receipt = handin.hand_in(folder, NAME, "lena")
    with zipfile.ZipFile(receipt.files[0]) as packed:
        assert {record.NAME, f"{NAME}.ipynb"} == set(packed.namelist())
        again = folder / "again.jsonl"
        again.write_bytes(packed.read(record.NAME))
    [theirs] = record.hand_ins(record.read(again).events, NAME)
    again.write_bytes(again.read_bytes().replace(b'"response": "', b'"response": "x'))
    [forged] = record.hand_ins(record.read(again).events, NAME)

    assert receipt.code == theirs.receipt != forged.receipt
    assert ("lena", 1) == (receipt.who, receipt.number)
    assert receipt.files[1].read_bytes() == (folder / record.NAME).read_bytes()


def test_pressed_twice_it_gives_the_same_receipt(folder):
    """Nothing changed, so no second hand-in is used up."""
    answer(folder)
    first, second = (handin.hand_in(folder, NAME, "lena") for _ in range(2))

    assert first.code == second.code
    assert 1 == len(record.hand_ins(events(folder), NAME))


def test_it_can_be_handed_in_twice_and_no_more(folder):
    """The third time is refused in a sentence; the file of the second can still be made."""
    for option in (0, 1):
        answer(folder, option=option)
        receipt = handin.hand_in(folder, NAME, "lena")
    assert 2 == receipt.number == handin.hand_in(folder, NAME, "lena").number
    answer(folder, option=2)
    with pytest.raises(handin.HandInError, match="You have handed this in 2 times"):
        handin.hand_in(folder, NAME, "lena")


@pytest.mark.parametrize(
    "who", ["", "  ", "../lena", "a/b", "a__b", "l\u202eena", ".hidden", "x" * 61]
)
def test_a_name_that_no_folder_can_have_is_refused(folder, who):
    answer(folder)
    with pytest.raises(handin.HandInError, match="your name or number"):
        handin.hand_in(folder, NAME, who)
    assert [] == record.hand_ins(events(folder), NAME)


@pytest.mark.parametrize("who", ["Łukasz", "Zoe\u0308", "محمّد", "प्रिया", "李 小龙", "o.lena-2@x"])
def test_names_of_any_script_are_taken(folder, who):
    answer(folder)
    receipt = handin.hand_in(folder, NAME, who)

    assert receipt.files[0].is_file()
    assert unicodedata.normalize("NFC", who) == receipt.who


def test_nothing_answered_is_not_handed_in(folder):
    with pytest.raises(handin.HandInError, match="nothing to hand in"):
        handin.hand_in(folder, NAME, "lena")


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_lost(folder):
    """A file lies where the folder should be."""
    answer(folder)
    (folder.parent / handin.FOLDER).write_text("in the way")
    with pytest.raises(handin.HandInError, match="could not be written"):
        handin.hand_in(folder, NAME, "lena")
    (folder.parent / handin.FOLDER).unlink()

    assert handin.hand_in(folder, NAME, "lena").files[0].is_file()
    assert 1 == len(record.hand_ins(events(folder), NAME))


def run(*arguments: str):
    return subprocess.run(
        [sys.executable, "-m", "mapt_course.cli", "hand-in", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_the_command_says_what_it_does(folder):
    """Missing answers, the receipt, the files; a second time without a name."""
    root = str(folder.parents[1])
    assert "There is no “x”" in run("x", root).stdout
    assert "There is no folder" in run(NAME, f"{root}/no").stdout
    answer(folder)
    assert "Say who you are" in run(NAME, root).stdout
    done = run(NAME, root, "--name", "lena")
    code = record.hand_ins(events(folder), NAME)[0].receipt

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "Questions 1, 3, 4, 5, 6, 7, 8 and 9 are not answered." in done.stdout
    assert f"Receipt: {code}" in done.stdout and f"{NAME}__lena__" in done.stdout
    assert f"Receipt: {code}" in run(NAME, root).stdout
