"""``mapt start`` as a child process, as a trainee who has never used Jupyter meets it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

STARTS_WITHIN = 60  # seconds, on a busy machine


def new_home(folder: Path) -> dict[str, str]:
    """An environment with a home folder of its own and no settings of Jupyter's."""
    given = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "MAPT", "IPYTHON", "XDG", "BROWSER"))
    }
    folder.mkdir()
    own = ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")
    return given | {name: str(folder) for name in own}


class Started:
    """``mapt start``; ``address`` once it answers. ``through``: a command that runs a command."""

    def __init__(
        self, home: dict[str, str], *arguments: str, through: tuple[str, ...] = (), **more: str
    ):
        self.process = subprocess.Popen(
            [*through, sys.executable, "-m", "mapt_course.cli", "start", *arguments],
            env={**home, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def said(self) -> str:
        return "".join(self.lines)

    @property
    def address(self) -> str:
        return self.wait_for(r"http://127\.0\.0\.1:\d+/\S+token=\w+")

    def wait_for(self, pattern: str) -> str:
        """The first text that fits; AssertionError where it never comes."""
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            found = re.search(pattern, self.said)
            if found:
                return found.group()
            if self.process.poll() is not None and not self._reader.is_alive():
                break
            time.sleep(0.05)
        raise AssertionError(f"It never said {pattern!r} but:\n{self.said}")

    def stop(self, number: int = signal.SIGINT) -> int:
        """End it as Ctrl+C does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self._reader.join(timeout=10)
        return code
