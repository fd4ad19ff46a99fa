"""A page in the ways that people look at it: light, dark, on a phone; and what is wrong then."""

from __future__ import annotations

import layout
from axe_playwright_python.sync_playwright import Axe

DESKTOP, PHONE = (1280, 900), (390, 844)
LOOKS = {
    "desktop, light": (DESKTOP, "light"),
    "desktop, dark": (DESKTOP, "dark"),
    "phone, light": (PHONE, "light"),
    "phone, dark": (PHONE, "dark"),
}
# One of each, where every lesson is looked at.
TWO_LOOKS = {name: LOOKS[name] for name in ("desktop, light", "phone, dark")}
SHEET = ".mapt-lesson:not(.lm-mod-hidden)"

axe = Axe()


def look(page, size: tuple[int, int], scheme: str) -> None:
    """Give the window a size, and let JupyterLab change its own theme with the system's."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    light = "true" if scheme == "light" else "false"
    page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached", timeout=15_000)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))")


def violations(page, context: str | None = None) -> list[str]:
    """What axe-core finds, a line for each place."""
    found = axe.run(page, context=context).response
    told = [(rule, node) for rule in found["violations"] for node in rule["nodes"]]
    # axe does not decide about contrast over a picture or a gradient: none of our text is there.
    unsure = [r for r in found["incomplete"] if r["id"] == "color-contrast"]
    told += [(rule, node) for rule in unsure for node in rule["nodes"]]
    return [f"axe {r['id']} ({r['impact']}): {n['html'][:100]}" for r, n in told]


def complaints(page, phone: bool) -> list[str]:
    """All that is wrong with the lesson's own panel in the present look."""
    return [
        *layout.overlaps(page, SHEET),
        *layout.clipped(page, SHEET),
        *layout.sideways(page, SHEET),
        *layout.small_text(page, SHEET),
        *layout.small_targets(page, SHEET, 44 if phone else 24),
        *([] if phone else layout.long_lines(page, SHEET)),
    ]


def all_looks(page, context: str | None = None, looks: dict = LOOKS) -> str:
    """Every complaint, a line each with its look."""
    found: list[str] = []
    measured: set[tuple[int, int]] = set()
    for name, (size, scheme) in looks.items():
        look(page, size, scheme)
        # A theme changes colours, and axe sees those; where things stand it does not change.
        told = [] if size in measured else complaints(page, size == PHONE)
        measured.add(size)
        told += violations(page, context)
        found += [f"{name}: {line}" for line in told]
    found += [*layout.headings(page, SHEET), *layout.unseen_focus(page, SHEET)]
    return "\n".join(found)
