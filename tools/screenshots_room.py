"""Take pictures of a joint day: each stage on phone, tablet, laptop and projector.

usage: python tools/screenshots_room.py FOLDER [--dark]      (needs what `make test` installs)

They show invented answers, among them texts that would be scripts if a page took them for one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import chromium  # noqa: E402  (from tests/support)
import rooms  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from room_day import RoomDay  # noqa: E402


def take(day: RoomDay, folder: Path) -> None:
    """A whole page of every screen at each moment."""
    for moment in day.walk():
        for name, page in day.pages.items():
            page.wait_for_timeout(150)  # what came last is drawn
            page.screenshot(path=folder / f"{moment}-{name.replace(' ', '-')}.png", full_page=True)
        print(moment)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--dark", action="store_true")
    given = options.parse_args()
    found = chromium.find()
    if found is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        room = rooms.Command(Path(folder) / "room.sqlite")
        try:
            take(RoomDay(browser, room, "dark" if given.dark else "light"), given.folder)
        finally:
            room.stop()
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
