"""A course that ``mapt start`` has opened, for the browser tests."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from started import Started, new_home

from mapt_course import record

READY = 45_000  # ms for a lesson, on a busy machine


def wait_for_activities(page) -> None:
    """Until those of the notebook on a page are alive."""
    page.locator("section.mapt:visible").first.wait_for(timeout=READY)
    page.locator(".mapt-note:visible").wait_for(state="hidden", timeout=READY)


@contextmanager
def new_computer(folder: Path) -> Iterator[RunningCourse]:
    """A course with a home and a working folder of its own."""
    started = Started(new_home(folder / "home"), str(folder / "course"), "--browser", "none")
    try:
        yield RunningCourse(folder / "course", started)
    finally:
        started.stop()


class RunningCourse:
    """A started course: its folder, its addresses, its helpers (kernels)."""

    def __init__(self, folder: Path, started: Started):
        self.folder, self.started = folder, started
        self.base, self.port, self.token = re.match(
            r"(http://[^/]+:(\d+)/).*token=(\w+)", started.address
        ).groups()

    def address(self, path: str, view: str = "notebooks") -> str:
        """``view``: ``notebooks`` (Notebook 7) or ``doc/tree`` (JupyterLab)."""
        return f"{self.base}{view}/{path}?token={self.token}"

    def open(self, page, path: str, view: str = "notebooks") -> None:
        """Open a notebook as a trainee does and wait until its activities are alive."""
        page.goto(self.address(path, view))
        wait_for_activities(page)

    def call(self, path: str, method: str = "GET"):
        """Ask the server's own interface."""
        request = urllib.request.Request(
            f"{self.base}api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
            data=b"" if method == "POST" else None,
        )
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def kernel_of(self, path: str) -> str:
        return next(s["kernel"]["id"] for s in self.call("sessions") if s["path"] == path)

    def helpers(self) -> list[int]:
        """The process ids of the helpers."""
        ids = "|".join(kernel["id"] for kernel in self.call("kernels"))
        found = subprocess.run(
            ["pgrep", "-f", f"ipykernel_launcher.*({ids})"], capture_output=True, text=True
        )
        return [int(process) for process in found.stdout.split()]

    def events(self, folder: str) -> list[record.Event]:
        return list(record.Record(self.folder / folder).read().events)

    def until(self, true, what: str, seconds: float = 20):
        """Wait for something outside the page."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = true()
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s: {what}")

    def forget(self) -> None:
        """As on the first day: no record, no running lesson."""
        for session in self.call("sessions"):
            self.call(f"sessions/{session['id']}", "DELETE")
        for path in self.folder.rglob(record.NAME):
            path.unlink()
