"""Where the browser of the tests is.

As a program (``make test``) it also gets one where there is none: Playwright's own download, or
apt-get where that may be used. It prints the path, or nothing, and always succeeds: without a
browser the browser tests tell why they did not run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = (
    "No Chromium: not on PATH, not downloaded by Playwright, not given as MAPT_CHROMIUM. "
    "Install one, or run: python -m playwright install chromium"
)


def find() -> str | None:
    """The browser as MAPT_CHROMIUM gives it, from PATH, or Playwright's own."""
    given = os.environ.get("MAPT_CHROMIUM")
    if given:
        return given
    return on_path() or downloaded()


def on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def downloaded() -> str | None:
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception as error:  # absent, or unable to start: either way there is no browser
        print(f"Playwright: {error}", file=sys.stderr)
        return None
    return path if Path(path).is_file() else None


def provide() -> str | None:
    """A browser, got from the network where there is none yet."""
    found = find()
    if found:
        return found
    tell("No Chromium here. Downloading Playwright's …")
    if run(sys.executable, "-m", "playwright", "install", "chromium"):
        found = downloaded()
        if found and starts(found):
            return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        tell("That did not work. Installing Debian's …")
        if run("apt-get", "update") and run("apt-get", "install", "--yes", "chromium"):
            return on_path()
    tell("No browser could be had. The browser tests will say so.")
    return None


def starts(path: str) -> bool:
    """Whether it runs here: a download may lack libraries of the system."""
    return run(path, "--version")


def run(*command: str) -> bool:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            timeout=300,
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        tell(str(error))
        return False
    return done.returncode == 0


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(provide() or "")
