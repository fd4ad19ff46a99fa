"""A trainee's records in tests: what they hold, and how weeks go by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from mapt_course import bank as banks
from mapt_course import course as whole
from mapt_course import items as it
from mapt_course import record


def pass_days(folder: Path, days: int) -> None:
    """Make everything in a folder's records so many days older; the course must be closed.

    A receipt is a digest of events with their times, so those shown before are others afterwards.
    """
    for path in folder.rglob(record.NAME):
        aged = []
        for line in path.read_bytes().splitlines():
            event = record.parse(line)
            assert isinstance(event, record.Event), event
            at = datetime.fromisoformat(event.at) - timedelta(days=days)
            told = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            aged.append(replace(event, at=told).line())
        path.write_bytes(b"".join(aged))


def folder_of(bank: banks.Bank) -> str:
    """Where the record of a bank's items lies, below the working folder."""
    if bank.module in whole.assignments():
        return f"checks/{bank.module}"
    return next(m.folder for m in whole.course().modules if m.id == bank.module)


def kept(events: Iterable[record.Event]) -> dict[str, object]:
    """What a record holds last of each item, reflection and form, by id."""
    events = list(events)
    found: dict[str, object] = dict(record.entries(events))
    for name, event in record.latest(events).items():
        if event.kind == "reflection":
            found[name] = event.text
        elif event.kind == "response":
            found[name] = alike(whole.bank_of(name).items[name], event.response)
    return found


def alike(item: it.Item, response):
    """A response to be compared: ticks have no order."""
    return sorted(response) if isinstance(item, it.Multiple) else response
