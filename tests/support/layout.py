"""What of a page a person cannot read or press: measured in the page, told in sentences.

Each function takes a Playwright page (or frame) and the CSS selector of what to look at.
``.mapt-unseen`` is for screen readers only, and exempt everywhere.
"""

from __future__ import annotations

from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").rstrip()


def _measure(page, what: str, *arguments) -> list[str]:
    return page.evaluate(f"(given) => (\n{SCRIPT}\n).{what}(...given)", list(arguments))


def overlaps(page, root: str = "body") -> list[str]:
    """Texts and fields of different elements that lie over each other by more than 2 px."""
    return _measure(page, "overlaps", root)


def clipped(page, root: str = "body") -> list[str]:
    """Texts that an edge cuts off, or that their button, list or field has no room for."""
    return _measure(page, "clipped", root)


def sideways(page, root: str = "body") -> list[str]:
    """What has to be scrolled sideways to be read."""
    return _measure(page, "sideways", root)


def small_text(page, root: str = "body", least: float = 16) -> list[str]:
    """Texts under a size in px."""
    return _measure(page, "smallText", root, least)


def long_lines(page, root: str = "body", most: int = 75) -> list[str]:
    """Running text with more signs in a line, on average, than the eye finds back from."""
    return _measure(page, "longLines", root, most)


def small_targets(page, root: str = "body", least: float = 24) -> list[str]:
    """Buttons, fields and links under a size in px; a field's label counts as part of it."""
    return _measure(page, "smallTargets", root, least)


def headings(page, root: str = "body") -> list[str]:
    """Headings that skip a level, and any number of h1 but one."""
    return _measure(page, "headings", root)


def unseen_focus(page, root: str = "body") -> list[str]:
    """What can be focused and shows no ring when it is."""
    page.keyboard.press("Shift")  # from here on the browser shows focus as to a keyboard's user
    return _measure(page, "unseenFocus", root)
