"""``mapt start``: brings the course into a working folder and opens it in JupyterLab."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

from . import course, workfolder

Tell = Callable[[str], None]


def main(folder: str | None = None, port: int | None = None, browser: str | None = None) -> int:
    """Run until it is stopped. Exit code 1, with one sentence printed, where it cannot start."""
    from . import server

    browser = browser if browser is not None else os.environ.get("BROWSER", "")
    place = Path(folder or workfolder.DEFAULT).expanduser().absolute()
    try:
        if port is not None and not server.is_free(port):
            raise server.ServerError(_port_in_use(port))
        bring_course(place)
        print("Starting JupyterLab …", flush=True)
        server.serve(place, port, lambda address, tell: _ready(address, tell, place, browser))
    except (workfolder.FolderError, server.ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    print(server.CLOSED, flush=True)
    os._exit(0)  # a thread that still waits for a lesson must not hold the window


def bring_course(place: Path) -> workfolder.Brought:
    """Copy and trust the course's notebooks; FolderError where the folder cannot be used."""
    from . import server

    workfolder.prepare(place)
    notebooks = workfolder.shipped()
    brought = workfolder.bring(place, notebooks, _progress)
    server.trust([place / each for each in brought.trust])
    for kept in brought.kept:
        print(f"There is a newer lesson. What you had is kept as “{kept}”.")
    for left in brought.left_alone:
        print(f"“{left}” is not a plain file or folder. It was left alone, and not brought.")
    return brought


def _progress(done: int, of: int) -> None:
    if sys.stdout.isatty():
        print(f"\rCopying lessons … {done} of {of}", end="\n" if done == of else "", flush=True)
    elif done == of:
        print(f"Copying lessons … {done} of {of}", flush=True)


def _port_in_use(port: int) -> str:
    other = port + 2 if port + 2 <= 65535 else port - 2
    return (
        f"Port {port} is in use, perhaps by the course itself. "
        f"Close the other window, or start with --port {other}."
    )


def _ready(address: str, tell: Tell, place: Path, browser: str) -> None:
    """Say where the course is, and open it; in a thread of its own, as a browser may block."""
    stop = "Leave this window open while you work. To stop, press Ctrl+C here."
    tell(f"\n{course.course().title}\nYour work is kept in “{place}”.")
    if browser.lower() == "none" or not _can_open(browser):
        tell(f"Open this address in your browser:\n\n  {address}\n\n{stop}")
        return
    tell(f"The course opens in your browser. Its address is:\n\n  {address}\n\n{stop}")
    threading.Thread(target=_open, args=[address, tell, browser], daemon=True).start()


def _can_open(browser: str) -> bool:
    """False on Linux without a screen: a text browser would open, which cannot show the course."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
    return (
        bool(browser)
        or not sys.platform.startswith("linux")
        or any(os.environ.get(name) for name in screens)
    )


def _open(address: str, tell: Tell, browser: str) -> None:
    if browser:
        os.environ["BROWSER"] = browser
    try:
        opened = webbrowser.open(address)
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        tell("No browser opened. Copy the address above into a browser on this computer.")
