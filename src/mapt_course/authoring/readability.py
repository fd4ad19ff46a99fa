"""How hard a lesson reads: Flesch-Kincaid grade (years of schooling in the USA), by textstat."""

from __future__ import annotations

import re
import warnings
from functools import cache
from html import unescape

from . import lesson

HARDEST = 10.0  # mean grade of the lessons of a module; a reading age of about 15


def grade(source: lesson.Source) -> float:
    """The grade of a lesson's running text; tables, headings, links and sources do not count."""
    return _grade(text(source))


@cache
def _grade(words: str) -> float:
    with warnings.catch_warnings():  # of pkg_resources, which textstat still imports
        warnings.simplefilter("ignore")
        import textstat

    return textstat.flesch_kincaid_grade(words) if words else 0.0


def text(source: lesson.Source) -> str:
    """The lesson's running text as a reader hears it, a list entry as a sentence of its own."""
    lines = []
    for piece in source.pieces:
        if piece.kind != "text" or piece.section == "sources":
            continue
        for line in piece.text.splitlines():
            line = re.sub(r"^\s*([-*+>]|\d+\.)\s+", "", line.strip())
            if line.startswith(("#", "|", "<")):
                continue
            line = re.sub(r"!?\[([^]]*)\]\([^)]*\)", r"\1", line)
            line = unescape(re.sub(r"<[^>]+>|[*_`]", "", line)).strip()
            if line:
                lines.append(line if line[-1] in '.?!:;"”' else f"{line}.")
    return "\n".join(lines)
