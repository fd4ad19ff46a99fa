"""Which trainees hold the same entries in their records.

Every entry has an id of its own. Where two records have one in common, one was copied, or two
people worked in one folder: both are told to the trainer, and both keep their marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from .. import record
from . import submission
from .marker import Note

LARGEST = 2 * 1024 * 1024  # bytes of a record that are compared; a keen trainee's has half of it


class Shared:
    """The entries that several trainees hold, over all submissions of an assignment."""

    def __init__(self, submissions: Iterable[Path]):
        """Read the records of these submissions' folders (``submitted/<trainee>/<assignment>``)."""
        first: dict[int, str] = {}
        self._with: dict[str, Counter[str]] = {}
        for place in filter(submission.is_folder, submissions):
            trainee = place.parent.name
            for event in record.read(place / record.NAME, LARGEST).events:
                owner = first.setdefault(hash(event.id), trainee)
                if owner != trainee:
                    self._with.setdefault(trainee, Counter())[owner] += 1
                    self._with.setdefault(owner, Counter())[trainee] += 1

    def trainees(self, trainee: str) -> list[str]:
        """Those who hold entries of this trainee's record as well."""
        return sorted(self._with.get(trainee, ()))

    def notes(self, trainee: str) -> list[Note]:
        """The same as a note; it names nobody, as the trainee will read it too."""
        count = max(self._with.get(trainee, Counter()).values(), default=0)
        if not count:
            return []
        what = "An entry" if count == 1 else f"{count} entries"
        stand = "stands" if count == 1 else "stand"
        return [Note(f"{what} of this record {stand} in another trainee's record as well.")]
