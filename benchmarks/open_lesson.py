"""How long a lesson takes to open, beside the least that Jupyter itself takes.

Measured in one run of one server, in turn, in Notebook 7, each page in a browser of its own:

* **lesson**: from asking for the address of a lesson until every quiz of it stands there, can be
  answered, and the note “Getting the lesson ready…” is gone. Nothing is pressed.
* **empty**: from asking for the address of a notebook with one cell, ``print("ready")``, until the
  printed word stands there. Nothing in stock Jupyter runs a cell by itself: the cell is clicked as
  soon as it is on the page, and Ctrl+Enter pressed as soon as the kernel has answered for the first
  time; looking costs at most 20 ms. A trainee's own hand would be slower.

*cold*: no kernel of the notebook runs, and the browser has nothing in its cache.
*warm*: the kernel still runs, and the browser has been here before.

    python benchmarks/open_lesson.py [--runs 7] [--lesson 1-roots/1-1-time-line.ipynb]
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "support")]

import chromium  # noqa: E402
from playwright.sync_api import Page, TimeoutError, sync_playwright  # noqa: E402
from started import Started, new_home  # noqa: E402

LESSON = "1-roots/1-1-time-line.ipynb"
EMPTY = "empty.ipynb"
AIM = 1.3
LIMIT = 90_000  # ms

CELL = {
    "cell_type": "code",
    "id": "ready",
    "metadata": {},
    "source": 'print("ready")',
    "outputs": [],
    "execution_count": None,
}
NOTEBOOK = {
    "cells": [CELL],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
# Every quiz that the notebook's outputs promise is a live one, with something to press.
USABLE = """() => {
  const calls = [...document.querySelectorAll(".mapt-call")];
  const note = document.querySelector(".mapt-note");
  return calls.length > 0 && note && !note.innerText.trim() &&
    calls.every((call) => call.querySelector("section.mapt :is(input, button, textarea, a)"));
}"""
PRINTED = """() => [...document.querySelectorAll(".jp-OutputArea-output")]
  .some((each) => each.innerText.trim() === "ready")"""


class Server:
    """The course as it is started for a trainee, with the empty notebook beside its lessons."""

    def __init__(self, place: Path):
        home = new_home(place / "home") | {"PYTHONPATH": str(ROOT / "src")}  # this checkout
        self.started = Started(home, str(place / "course"), "--browser", "none")
        address = self.started.address
        self.base, self.token = re.match(r"(http://[^/]+/).*token=(\w+)", address).groups()
        self.call(f"contents/{EMPTY}", "PUT", {"type": "notebook", "content": NOTEBOOK})

    def address(self, path: str) -> str:
        return f"{self.base}notebooks/{path}?token={self.token}"

    def call(self, path: str, method: str = "GET", body: dict | None = None) -> list:
        request = urllib.request.Request(
            f"{self.base}api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "null")

    def end_kernels(self) -> None:
        for session in self.call("sessions"):
            self.call(f"sessions/{session['id']}", "DELETE")


def open_lesson(page: Page, address: str) -> dict[str, float]:
    """Seconds until the lesson can be used; and its stages."""
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => document.querySelector('.mapt-note')", timeout=LIMIT, polling=20)
    shown = time.perf_counter() - begun
    page.wait_for_function(
        "() => document.querySelector('section.mapt')", timeout=LIMIT, polling=20
    )
    first = time.perf_counter() - begun
    page.wait_for_function(USABLE, timeout=LIMIT, polling=20)
    return {"page": shown, "first quiz": first, "usable": time.perf_counter() - begun}


def open_empty(page: Page, address: str) -> dict[str, float]:
    """Seconds until the printed word is there; and its stages."""
    answered = []

    def listen(socket) -> None:
        socket.on("framereceived", lambda frame: answered.append(b"kernel_info_reply" in frame))

    page.on("websocket", lambda socket: "/channels" in socket.url and listen(socket))
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(
        "() => document.querySelector('.jp-Notebook .jp-CodeCell')", timeout=LIMIT, polling=20
    )
    shown = time.perf_counter() - begun
    page.locator(".jp-CodeCell .cm-content").click()
    while not any(answered):
        page.wait_for_timeout(10)
    can_run = time.perf_counter() - begun
    while True:  # once, unless the page is not ready to take it
        page.keyboard.press("Control+Enter")
        try:
            page.wait_for_function(PRINTED, timeout=300, polling=20)
        except TimeoutError:
            continue
        return {"page": shown, "kernel": can_run, "usable": time.perf_counter() - begun}


def measure(server: Server, browser, runs: int, lesson: str) -> dict[tuple[str, str], list[dict]]:
    """(what, cold or warm) -> one dict of stages a run; the order changes from run to run."""
    kinds = [("lesson", open_lesson, lesson), ("empty", open_empty, EMPTY)]
    found: dict[tuple[str, str], list[dict]] = {}
    for run in range(runs):
        for what, opened, path in kinds if run % 2 == 0 else kinds[::-1]:
            server.end_kernels()
            context = browser.new_context()
            for state in ("cold", "warm"):
                page = context.new_page()
                times = opened(page, server.address(path))
                page.close()
                found.setdefault((what, state), []).append(times)
                print(f"  run {run + 1} {what} {state}: {times['usable']:.2f} s", flush=True)
            context.close()
    return found


def table(found: dict[tuple[str, str], list[dict]]) -> str:
    """Medians in seconds, with the range of what was measured, and the ratio."""
    lines = ["", f"{'':6}{'lesson':>22}{'empty':>22}{'ratio':>8}   (aim: {AIM})"]
    for state in ("cold", "warm"):
        cells, medians = [], []
        for what in ("lesson", "empty"):
            times = sorted(each["usable"] for each in found[what, state])
            medians.append(statistics.median(times))
            cells.append(f"{medians[-1]:.2f} s ({times[0]:.2f}-{times[-1]:.2f})")
        ratio = medians[0] / medians[1]
        lines.append(f"{state:6}{cells[0]:>22}{cells[1]:>22}{ratio:>8.2f}")
    lines.append("\nMedians of the stages, in seconds from the address:")
    for (what, state), times in sorted(found.items()):
        stages = {name: statistics.median(each[name] for each in times) for name in times[0]}
        told = ", ".join(f"{name} {seconds:.2f}" for name, seconds in stages.items())
        lines.append(f"  {what}, {state}: {told}")
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--runs", type=int, default=7)
    asked.add_argument("--lesson", default=LESSON)
    given = asked.parse_args()
    path = chromium.find()
    if path is None:
        sys.exit(chromium.MISSING)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        server = Server(Path(place))
        try:
            browser = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", "--disable-gpu"]
            )
            # One page beforehand: the server's own first answer is nobody's opening.
            context = browser.new_context()
            open_empty(context.new_page(), server.address(EMPTY))
            context.close()
            print(table(measure(server, browser, given.runs, given.lesson)))
            browser.close()
        finally:
            server.started.stop()


if __name__ == "__main__":
    main()
