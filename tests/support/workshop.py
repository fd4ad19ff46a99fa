"""What of a page a trainee must never see: code, errors, the programmers' side of Jupyter."""

from __future__ import annotations

WORDS = (
    *("mapt_course", "import ", "In [", "[1]", "Kernel", "kernel", "Python"),
    *("Traceback", "Error:", "Exception", "undefined", "[object Object]", "NaN"),
)
NEVER = (
    *(".jp-InputArea-editor", ".cm-editor", ".jp-InputPrompt", ".jp-OutputPrompt"),
    *(".jp-InputPlaceholder", ".jp-cell-toolbar", ".mapt-broken", ".mapt-static"),
    *(".jp-Dialog", ".Toastify__toast", '[data-mime-type="application/vnd.jupyter.stderr"]'),
    '[data-mime-type="application/vnd.jupyter.error"]',
)
SEEN = """(never) => never.filter((selector) =>
  [...document.querySelectorAll(selector)].some((each) => each.checkVisibility()))"""


def shown(page) -> list[str]:
    """What stands there and should not; nothing on a page that is as it should be."""
    text = page.locator("body").inner_text()
    return [word for word in WORDS if word in text] + page.evaluate(SEEN, list(NEVER))
