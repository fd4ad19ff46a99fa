"""A text that somebody else wrote (a file's name, say), made fit for a note or a terminal."""

from __future__ import annotations

import re

LONGEST_SHOWN = 20_000  # characters of one text; a reflection of 200 words has about 1,200

# Characters that act (controls, halves of a pair), and those that turn the direction of what
# follows: a score could be made to read backwards.
_ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def one_line(text: str, longest: int = 80) -> str:
    """One line, with nothing that acts."""
    line = " ".join(clean(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def clean(text: str) -> str:
    """Without characters that act (in a terminal, say), and not longer than people read."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    cut = text[:LONGEST_SHOWN]
    kept = _ACTS.sub("\N{REPLACEMENT CHARACTER}", cut)
    more = len(text) - len(cut)
    return f"{kept}\n[… {more:,} more characters]" if more else kept
