"""What the records of a working folder hold, module by module."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .. import bank as banks
from .. import course, handin, record, words, workfolder

FOLDER = "portfolio"  # in the working folder: what is made
LONGEST_NAME = 100  # characters
# What turns the direction of all that follows: a name could make its line read backwards.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


class PaperError(ValueError):
    """A portfolio or certificate cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Place:
    """A module's or an assignment's record, with the bank that it answers to.

    ``events``: all but those of pages opened, which is nothing done. ``minutes``: of an
    assignment. ``hand_ins``: those of an assignment that count.
    """

    id: str
    title: str
    bank: banks.Bank
    events: tuple[record.Event, ...]
    minutes: int = 0
    hand_ins: tuple[record.HandIn, ...] = ()


@dataclass(frozen=True)
class ModuleWork:
    """What was done in a module; ``number``: its place on the course map."""

    number: int
    module: course.Module
    lessons: Place
    graded: tuple[Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """The module's own record, then its assignments'."""
        return self.lessons, *self.graded


@dataclass(frozen=True)
class Work:
    """All that a working folder's records hold."""

    folder: Path
    modules: tuple[ModuleWork, ...]

    def places(self) -> Iterator[Place]:
        """Every record, in the course's order."""
        for each in self.modules:
            yield from each.places

    def times(self) -> list[datetime]:
        """When something was answered, written or handed in; earliest first."""
        return sorted(words.moment(event) for place in self.places() for event in place.events)

    def who(self) -> str:
        """The name of the latest hand-in, or ''."""
        handed = [each for place in self.places() for each in place.hand_ins]
        return max(handed, key=words.moment).who if handed else ""


def read(folder: Path, until: datetime | None = None) -> Work:
    """The work in a folder; ``until``: no later events. PaperError where there is none."""

    def place(where: Path, name: str, title: str, bank: banks.Bank, minutes: int = 0) -> Place:
        whole = record.Record(where).read().events
        events = [event for event in whole if event.kind != "opened"]
        # A receipt is of all that stood above it, so hand-ins are told from the whole record.
        handed = record.hand_ins(whole, name)[: handin.MOST]
        if until:
            events = [event for event in events if words.moment(event) <= until]
            handed = [each for each in handed if words.moment(each) <= until]
        return Place(name, title, bank, tuple(events), minutes, tuple(handed))

    modules = []
    for number, module in enumerate(course.course().modules):
        try:
            bank = course.module_bank(module.id)
        except course.NotFound:  # not written yet
            continue
        graded = []
        for name in course.assignments():
            if name.startswith(f"{module.id}-"):
                told = course.notebook_metadata(course.exercises_folder() / name)
                where = folder / workfolder.CHECKS / name
                released = course.released_bank(name)
                graded.append(place(where, name, told["title"], released, told["minutes"]))
        own = place(folder / module.folder, module.id, module.title, bank)
        modules.append(ModuleWork(number, module, own, tuple(graded)))
    work = Work(folder, tuple(modules))
    if not work.times():
        raise PaperError(
            f"There is nothing to put into it yet: in {folder} no question is answered and "
            "nothing is written. Do a lesson first."
        )
    return work


def name(told: str) -> str:
    """A name as it is printed; PaperError where there is none."""
    told = unicodedata.normalize("NFC", " ".join(_TURNS.sub("", words.clean(told)).split()))
    if not any(character.isalnum() for character in told):
        raise PaperError("Say whose it is: give your name as it is to be printed.")
    if len(told) > LONGEST_NAME:
        raise PaperError(f"A name takes at most {LONGEST_NAME} characters. Shorten it.")
    return told
