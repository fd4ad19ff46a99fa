"""Questions that are due again: one after another, of several modules, never in the way."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from IPython.display import HTML

from .. import bank as banks
from .. import course, record, review
from .. import items as it
from . import fallback, view
from .activity import STALE, Activity


class Due(Activity):
    """What is due on the page: all modules on *Start here*, those before a module in its lesson.

    An item is asked as a fresh attempt. The ``retry`` that makes it one is written with the first
    thing that the trainee does to it, so that to open a page writes nothing. Once it is begun it
    stays on the page, with its feedback, until the trainee goes on.
    """

    def __init__(self, module: str, folder: Path):
        modules = review.before(module) if module else [m.id for m in course.course().modules]
        root = folder.parent
        self.most = review.MOST_BEFORE_A_LESSON if module else review.MOST
        self.records = {
            each.id: record.Record(root / each.folder)
            for each in course.course().modules
            if each.id in modules
        }
        self.module = module
        self.begun = ""  # the item that is being answered, or has just been
        self._read: dict[str, tuple[tuple[int, int], tuple[record.Event, ...]]] = {}
        name = f"due-{module}" if module else "due"
        super().__init__("due", name, banks.Bank(module="due"), folder)

    @property
    def items(self) -> list:
        """Which items are due is told by the records, not by a bank."""
        return []

    def events(self) -> dict[str, tuple[record.Event, ...]]:
        """Each module's events, where there are any; read again where a file has changed."""
        for module, each in self.records.items():
            stamp = each.stamp()
            if module not in self._read or self._read[module][0] != stamp:
                self._read[module] = stamp, each.read().events
        return {module: events for module, (_, events) in self._read.items() if events}

    def state_of_page(self) -> dict[str, Any]:
        """What is due today, and the one question that is asked now.

        Keys beside those of every activity: ``items`` (one or none), ``due`` (left for today,
        without what has just been answered), ``later`` (due as well, more than is asked in a
        day), ``done`` (answered today), ``next`` (the day on which the next is due, or '').
        """
        now = datetime.now(UTC)
        events = self.events()
        plan = review.plan(events, now)
        done = review.reviewed(events, now.date())
        waiting = [each for each in plan if each.by(now.date())]
        today = waiting[: max(0, self.most - len(done))]
        asked = self.begun or next((each.item for each in today), "")
        coming = [each.at for each in plan if not each.by(now.date())]
        return {
            "call": "due",
            "id": self.activity_id,
            "place": str(self.record.path.parent),
            "graded": False,
            "lesson": bool(self.module),
            "items": [self._asked(asked)] if asked else [],
            "due": len(today),
            "later": len(waiting) - len(today),
            "done": len(done),
            "next": coming[0].date().isoformat() if coming else "",
        }

    def _asked(self, name: str) -> dict[str, Any]:
        item, _, events = self._found(name)
        if not _is_begun(events) and name != self.begun:
            fresh = record.Event("", "", "retry", name, review.ACTIVITY)
            events = [*events, fresh]
        return view.item_view(item, events)

    def _found(self, name: Any) -> tuple[it.Item, record.Record, list[record.Event]]:
        """An item that was answered, its module's record, and its events."""
        for module, events in self.events().items():
            item = review.reviewable(course.module_bank(module)).get(name)
            if item:
                return item, self.records[module], [e for e in events if e.item == name]
        raise ValueError(STALE)

    def _taken(self, message: dict[str, Any]) -> dict[str, Any]:
        do, name = message.get("do"), message.get("item")
        if do == "next":
            self.begun = ""
        elif do != "refresh":
            self._keep(do, name, message)
        return {"view": self.state_of_page()}

    def _keep(self, do: Any, name: Any, message: dict[str, Any]) -> None:
        """Write what was done to an item, in the record of its module."""
        if do not in ("response", "retry", "hint", "reveal"):
            raise ValueError(STALE)
        item, kept, events = self._found(name)
        sender = {"event_id": str(message["mid"]), "activity": review.ACTIVITY}
        told = {}
        if do == "response":
            told["response"] = it.check_response(item, message.get("response"))
            told["confidence"] = message.get("confidence") or ""
        if do in ("response", "hint") and not _is_begun(events):
            # Its id is made from the sender's: sent again, it counts once, like what follows it.
            fresh = f"{sender['event_id']}-fresh"
            kept.append("retry", name, event_id=fresh, activity=review.ACTIVITY)
        kept.append(do, name, **sender, **told)
        self.begun = name


def _is_begun(events: list[record.Event]) -> bool:
    """Whether the item is open in a review, that is since the last answer to it."""
    turns = [event for event in events if event.kind in ("response", "retry")]
    return bool(turns) and (turns[-1].kind, turns[-1].activity) == ("retry", review.ACTIVITY)


_shown: dict[tuple[str, Path], Due] = {}


def due(module: str = "") -> Any:
    """Show the questions that are due: of all modules, or of those before a module."""
    folder = Path.cwd()
    if os.environ.get("NBGRADER_EXECUTION"):
        return HTML(fallback.notice("Questions that are due are not part of an assignment."))
    if (module, folder) not in _shown:
        try:
            _shown[module, folder] = Due(module, folder)
        except course.NotFound as wrong:
            return HTML(fallback.notice(str(wrong)))
    return _shown[module, folder]
