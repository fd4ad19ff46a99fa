"""After a joint day: its papers are made, and what was kept of it is deleted."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ..portfolio.work import PaperError
from . import day as days
from . import report as reports
from .opening import RoomError, default_database
from .store import Store

NONE = "No room has been opened on this computer yet, so there is nothing here."


def newest(database: str | Path | None = None) -> tuple[str, bool] | None:
    """The day (ISO date, UTC) of the newest room that is kept, and whether it was closed.

    None where nothing is kept. StoreError where the database cannot be used.
    """
    store = _store(database)
    if store is None:
        return None
    with closing(store):
        room, closed = store.newest()
        return (store.opened(room)[:10], closed) if room else None


def report(folder: Path, database: str | Path | None = None) -> list[Path]:
    """Make the newest day's papers in a folder of their own below ``folder``; its files.

    RoomError with a sentence where there is no day, nothing in it, or no room on the disk.
    """
    with closing(_there(database)) as store:
        room = store.newest()[0]
        if not room:
            raise RoomError(NONE)
        events, opened = store.events(room), store.opened(room)
    try:
        return reports.write(days.of_course(), events, folder / f"{opened[:10]}-{room[:4]}")
    except PaperError as wrong:
        raise RoomError(str(wrong)) from None


def forget(database: str | Path | None = None) -> None:
    """Delete all that is kept of the newest day. RoomError where there is none, StoreError where
    it is open."""
    with closing(_there(database)) as store:
        room = store.newest()[0]
        if not room:
            raise RoomError(NONE)
        store.claim()  # not while it is open somewhere
        store.forget(room)


def _store(database: str | Path | None) -> Store | None:
    """The database; None for a file that is not there, so that none is made by looking."""
    where = database or default_database()
    if "://" not in str(where) and not Path(where).expanduser().is_file():
        return None
    return Store(where)


def _there(database: str | Path | None) -> Store:
    store = _store(database)
    if store is None:
        raise RoomError(NONE)
    return store
