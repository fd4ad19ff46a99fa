"""Does a text hold something by which somebody could be found? A guess, so that people look again.

It has no list of names. It looks for what names, numbers and addresses look like in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 5  # hints for one text: enough to make somebody look again

# A capital within a sentence, after a word that speaks of a child or a family.
_WHO = (
    r"(?:child|children|pupil|student|baby|toddler|teenager|boy|girl|son|daughter|brother|sister|"
    r"sibling|twin|mum|mother|dad|father|gran|nan|grandmother|grandfather|carer|family|parent|"
    r"patient|client|named|called|name is|name was)"
)
_CALLED = re.compile(rf"\b{_WHO}s?,? (?:is |was )?(?:called |named )?((?:[A-Z][a-z’'-]+ ?){{1,3}})")
_AGED = re.compile(
    r"\b([A-Z][a-z’'-]+)(?:, |,? who is |,? aged | is | was | \()(?:aged )?(?:1?\d)\b(?![.:%])"
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? ([A-Z][a-z’'-]+)")
_NUMBERS = (
    ("a date of birth", re.compile(r"\b(?:born|birth|dob)\b.{0,20}\d{2,4}", re.IGNORECASE)),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")),
    ("an e-mail address", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b")),
    ("a telephone or NHS number", re.compile(r"(?<![\w.])(?:\+44|0)?(?:\d[ -]?){9,11}(?![\w.])")),
    (
        "an address",
        re.compile(r"\b\d{1,4}[a-z]? [A-Z]\w+ (?:Street|Road|Lane|Close|Avenue|Drive)\b"),
    ),
)
# Capitals that are no person: days, months, ordinary words that begin a sentence, jobs, bodies.
_WORDS = """
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July
August September October November December Christmas Easter Year Key Stage Reception English England
British Wales Scotland Act Every Child Matters Sure Start Working Together Social Care Services
Health Housing Police School Council Team Family Hub Centre Support I We They It The A An He She But
And So When If In On At Mum Dad Nobody Somebody Everybody
"""
_ORDINARY = frozenset(_WORDS.split())


def hints(text: str, known: Iterable[str] = ()) -> list[str]:
    """What in a text looks like a real person's details, as short phrases; [] for nothing.

    ``known``: names that belong to nobody real.
    """
    known = _ORDINARY.union(known)
    found = []
    for pattern in (_CALLED, _AGED, _TITLED):
        for match in pattern.finditer(text):
            words = [word for word in match[1].split() if word not in known]
            if words:
                found.append(f"“{' '.join(words)}”")
    for what, pattern in _NUMBERS:
        if pattern.search(text):
            found.append(what)
    return list(dict.fromkeys(found))[:MOST]
