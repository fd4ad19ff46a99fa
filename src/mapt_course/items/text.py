"""Texts: compared, made into ids, shown in a message."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """A typed text without case, accents, spaces and punctuation, for comparing."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in apart if c.isalnum())


def slug(text: str) -> str:
    """An id made of a text: small letters, figures and hyphens, 40 characters at most."""
    apart = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", apart).strip("-")[:40].strip("-")


def shown(text: str) -> str:
    """The beginning of a text, fit for one line of a message."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return "“" + "".join(c if c.isprintable() else "?" for c in short) + "”"
