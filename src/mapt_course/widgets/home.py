"""*Start here*: the course map, with progress folded from the records."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from IPython.display import HTML

from .. import course, record, words
from .. import items as it
from ..workfolder import CHECKS
from . import fallback
from .activity import Activity


def course_map(root: Path, now: datetime | None = None) -> dict[str, Any]:
    """The course map for a working folder.

    Keys: title, subtitle, limits, ``modules`` (id, title, question, minutes, lessons and
    graded), ``next`` (title, href, minutes) or None, ``again`` (likewise: what is looked at again
    weeks later, once they have passed) or None, ``minutes_left``, ``done`` and ``of``
    (activities). A lesson's progress is the share of its activities that were answered; its
    ``minutes`` are those that are left. A lesson for weeks later has ``weeks``, and does not count
    before they have passed or it is begun.
    """
    whole = course.course()
    now = now or datetime.now(UTC)
    left, done, of, upcoming, again = 0.0, 0, 0, None, None
    modules = []
    for module in whole.modules:
        answered = set(record.latest(record.Record(root / module.folder).read().events))
        lessons = []
        for lesson in course.lessons(module.id):
            if not lesson.activities:
                continue  # Start here itself
            finished = sum(
                course.bank_of(name).is_done(name, answered) for name in lesson.activities
            )
            minutes = lesson.minutes * (1 - finished / len(lesson.activities))
            entry = {
                "title": lesson.title,
                "href": f"../{module.folder}/{lesson.path.name}",
                "minutes": max(1, round(minutes)),
                "done": finished,
                "of": len(lesson.activities),
            }
            lessons.append(entry)
            later = course.module_bank(module.id).later(lesson.activities)
            if later:
                is_due = _have_passed(later, root, now)
                entry["weeks"] = later.weeks
                if is_due and finished < len(lesson.activities):
                    again = entry
                if not (is_due or finished):
                    continue
            done, of = done + finished, of + len(lesson.activities)
            left += minutes
            if upcoming is None and not later and finished < len(lesson.activities):
                upcoming = entry
        shown = {
            "id": module.id,
            "title": module.title,
            "question": module.question,
            "minutes": module.minutes,
            "lessons": lessons,
        }
        own = [_graded(n, root) for n in course.assignments() if _is_of(module.id, n, root)]
        shown["graded"] = sorted(own, key=lambda entry: not entry["is_check"])
        for entry in shown["graded"]:
            if upcoming is None and not entry["handed_in"] and entry["is_check"]:
                upcoming = entry
        modules.append(shown)
    return {
        "title": whole.title,
        "subtitle": whole.subtitle,
        "limits": whole.limits,
        "modules": modules,
        "next": upcoming,
        "again": again,
        "minutes_left": round(left),
        "done": done,
        "of": of,
    }


def _have_passed(later: it.Rating, root: Path, now: datetime) -> bool:
    """Whether the weeks have passed since the rating was given that it comes after."""
    place = record.Record(root / course.module_folder(later.after))
    given = record.latest(place.read().events).get(later.after)
    return given is not None and words.moment(given) + timedelta(weeks=later.weeks) <= now


def _is_of(module_id: str, assignment: str, root: Path) -> bool:
    """Whether an assignment is of the module, and in the working folder."""
    notebook = root / CHECKS / assignment / f"{assignment}.ipynb"
    return assignment.startswith(f"{module_id}-") and notebook.is_file()


def _graded(assignment: str, root: Path) -> dict[str, Any]:
    """A check or an assignment on the map. ``handed_in``: how often."""
    bank = course.released_bank(assignment)
    events = record.Record(root / CHECKS / assignment).read().events
    told = course.notebook_metadata(course.exercises_folder() / assignment)
    wanted = {*bank.items, *bank.reflections}
    done, of = len(set(record.latest(events)) & wanted), len(wanted)
    for form in bank.forms.values():
        done += len(form.entries(record.entries(events).get(form.id, {})))
        of += len(form.cells())
    return {
        "title": told["title"],
        "href": f"../{CHECKS}/{assignment}/{assignment}.ipynb",
        "minutes": told["minutes"],
        "done": done,
        "of": of,
        "handed_in": len(record.hand_ins(events, assignment)),
        "is_check": bool(bank.items),
    }


class Home(Activity):
    """The course map on the page; drawn anew whenever the page asks."""

    def __init__(self, folder: Path):
        super().__init__("home", "home", course.banks.Bank(module="home"), folder)

    @property
    def items(self) -> list:
        """A map asks nothing."""
        return []

    def state_of_page(self) -> dict[str, Any]:
        """The map, from the records as they are now."""
        return {"call": "home", "id": "home", "place": "home", "map": course_map(self.root)}


_homes: dict[Path, Home] = {}


def home() -> Any:
    """Show the course map."""
    folder = Path.cwd()
    if os.environ.get("NBGRADER_EXECUTION"):
        return HTML(fallback.notice("The course map is not part of an assignment."))
    if folder not in _homes:
        _homes[folder] = Home(folder)
    return _homes[folder]
