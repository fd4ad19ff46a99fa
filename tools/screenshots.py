"""Take the pictures of docs/images/ from the running course.

usage: python tools/screenshots.py        (needs what `make test` installs)

They show invented answers of an invented trainee. Look at each before you commit it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import chromium  # noqa: E402  (from tests/support)
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from started import Started, new_home  # noqa: E402

from mapt_course.record import Record  # noqa: E402

IMAGES = ROOT / "docs" / "images"
READY = 60_000  # ms
TIME_LINE = "1-roots/1-1-time-line.ipynb"


def answers(folder: Path) -> None:
    """A trainee half way through module 1."""
    start, roots = Record(folder / "0-start-here"), Record(folder / "1-roots")
    for name in ("start-001", "start-002", "start-003"):
        start.append("response", name, response=_right(name))
    roots.append("response", "roots-007", response="the-children-act-2004", confidence="sure")
    for name in ("roots-006", "roots-008", "roots-009"):
        roots.append("response", name, response=_right(name), confidence="think")


def _right(name: str):
    from mapt_course import course, items

    return items.key_response(course.bank_of(name).items[name])


def page_of(browser: Browser, address: str, path: str, **how) -> Page:
    """A page with the lesson ready; ``how``: viewport and colour scheme of the context."""
    page = browser.new_context(device_scale_factor=1.5, **how).new_page()
    base, token = address.split("/lab/")[0], address.split("token=")[1]
    page.goto(f"{base}/{path}?token={token}")
    page.locator("section.mapt:visible").first.wait_for(timeout=READY)
    page.locator(".mapt-note:visible").wait_for(state="hidden", timeout=READY)
    return page


def take(browser: Browser, address: str) -> None:
    """All pictures."""
    wide = {"viewport": {"width": 1000, "height": 760}}
    phone = {"viewport": {"width": 390, "height": 780}}
    page = page_of(browser, address, f"notebooks/{TIME_LINE}", **wide)
    page.get_by_role("heading", name="A guess first").evaluate("(e) => e.scrollIntoView()")
    save(page, "lesson")
    page = page_of(browser, address, f"notebooks/{TIME_LINE}", color_scheme="dark", **wide)
    page.get_by_role("heading", name="A guess first").evaluate("(e) => e.scrollIntoView()")
    save(page, "lesson-dark")
    save(page_of(browser, address, f"notebooks/{TIME_LINE}", **phone), "lesson-phone")
    save(page_of(browser, address, "lab/tree/0-start-here/start-here.ipynb", **wide), "start-here")


def save(page: Page, name: str) -> None:
    page.wait_for_timeout(600)  # fonts and scrolling
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")
    page.context.close()


def main() -> int:
    found = chromium.find()
    if found is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        started = Started(new_home(Path(folder) / "home"), f"{folder}/course", "--browser", "none")
        try:
            address = started.address
            answers(Path(folder) / "course")
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            take(browser, address)
            browser.close()
        finally:
            started.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
