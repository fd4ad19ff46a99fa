"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import chromium as browser_finder
import pytest

ROOT = Path(__file__).parents[1]
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Without one the test is skipped; where CI=true it fails."""
    found = browser_finder.find()
    if found is None:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(browser_finder.MISSING, pytrace=False)
        pytest.skip(browser_finder.MISSING)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator:
    """One Chromium for all browser tests; a test opens its own context or page."""
    from playwright.sync_api import sync_playwright

    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=[*ARGUMENTS, *(["--no-sandbox"] if as_root else [])]
        )
        yield running
        running.close()


@pytest.fixture
def page(browser) -> Iterator:
    """A page of its own, as a new visitor would have it."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
