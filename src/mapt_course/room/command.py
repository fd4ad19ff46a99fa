"""``mapt room``: a room on its own, without JupyterLab."""

from __future__ import annotations

import asyncio
import logging
import sys
from io import StringIO
from pathlib import Path

import segno
from platformdirs import user_state_path

from . import afterwards, opening
from .opening import Opened, RoomError, own_address
from .store import StoreError

LOG = "%(asctime)s %(name)s %(levelname)s %(message)s"


def main(
    address: str | None = None,
    port: int | None = None,
    database: str | None = None,
    seats: int = opening.SEATS,
    report: Path | None = None,
    forget: bool = False,
) -> int:
    """Run until Ctrl+C. Exit code 1, with one sentence printed, where it cannot start.

    ``report``: instead, make the newest day's papers below this folder; ``forget``: instead,
    delete what is kept of it.
    """
    _log_to_file()
    try:
        if report:
            print("Making the agreement, the record and the pictures …", flush=True)
            files = afterwards.report(report, database)
            print(f"{len(files)} files are in “{files[0].parent}”.")
            return 0
        if forget:
            afterwards.forget(database)
            print("All that was kept of the newest day is deleted. Papers that you made stay.")
            return 0
        asyncio.run(
            _run(address or own_address(), opening.PORT if port is None else port, database, seats)
        )
    except (RoomError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _run(address: str, port: int, database: str | None, seats: int) -> None:
    here = await opening.opened(address, port, database, seats, lambda: _papers(database))
    stop = opening.on_stop()
    print(_told(here), flush=True)
    await stop.wait()
    print("\nThe room stops. What was answered is saved.", flush=True)
    await here.stop()


def _papers(database: str | None) -> None:
    """The facilitator has closed the room: make the day's papers where this command runs."""
    try:
        files = afterwards.report(Path.cwd() / "joint-day", database)
    except RoomError as wrong:
        print(f"\nThe room is closed. {wrong}", flush=True)
    else:
        print(
            f"\nThe room is closed. The agreement, the record and {len(files) - 2} more files are "
            f"in “{files[0].parent}”.\nTo delete what was kept of the day: mapt room --forget",
            flush=True,
        )


def _log_to_file() -> None:
    """What goes wrong is told in a file, not between the lines that the facilitator reads."""
    folder = user_state_path("mapt-course", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.FileHandler(folder / "room.log", encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format=LOG)


def _told(here: Opened) -> str:
    room, path, code = here.room, here.store.path, here.room.door.code
    picture = _as_text(f"{room.address}#{code}")
    kept = f"Answers are kept in “{path}”." if path else "Answers are kept in your database."
    return (
        f"\nThe room is open. Phones in the same network join at\n\n  {room.address}\n\n"
        f"with the code  {code}  or with this picture:\n\n{picture}\n"
        f"For you alone, the facilitator's page:\n\n  {here.key_link}\n\n"
        f"{kept} The same command opens the same room again.\n"
        "Leave this window open during the day. To stop, press Ctrl+C here."
    )


def _as_text(address: str) -> str:
    out = StringIO()
    segno.make(address, error="l", micro=False).terminal(out, border=2, compact=True)
    return out.getvalue()
