"""A bank and what stands in it beside items and forms."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from .. import items as it
from .forms import Form


@dataclass(frozen=True)
class Quiz:
    """Items that stand together on a page.

    ``waits_for``: a quiz whose items have to be answered before this one shows any mark; it may
    be itself. ``beside``: the quiz, answered earlier, whose result is shown beside this one's;
    ``ratings``: self-ratings shown with both, as (item id, when it was given).
    """

    id: str
    title: str
    items: tuple[str, ...]
    waits_for: str = ""
    beside: str = ""
    ratings: tuple[it.Entry, ...] = ()


@dataclass(frozen=True)
class Reflection:
    """A question answered in free text; ``min_words`` and ``max_words`` are advice.

    ``facts``: what it lets a trainee practise in their own setting, if it names any.
    ``earlier``: the reflection whose text is shown again above this one.
    """

    id: str
    title: str
    prompt: str
    facts: tuple[str, ...] = ()
    learning_outcome: str = ""
    min_words: int = 0
    max_words: int = 0
    reminder: str = ""
    earlier: str = ""


@dataclass(frozen=True)
class Bank:
    """What one ``items.toml`` holds, in the file's order."""

    module: str
    outcomes: dict[str, str] = field(default_factory=dict)
    quizzes: dict[str, Quiz] = field(default_factory=dict)
    items: dict[str, it.Item] = field(default_factory=dict)
    reflections: dict[str, Reflection] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)

    def holds(self, call: str, activity_id: str) -> bool:
        """Whether an activity can be called so."""
        if call in ("scenario", "rating"):
            item = self.items.get(activity_id)
            return item is not None and item.type == call
        held = {"quiz": self.quizzes, "reflection": self.reflections, "form": self.forms}
        return activity_id in held[call]

    def later(self, activities: Iterable[str]) -> it.Rating | None:
        """Of a lesson's activities, the rating that is asked weeks after another; None for none."""
        found = (self.items.get(name) for name in activities)
        return next((each for each in found if isinstance(each, it.Rating) and each.after), None)

    def is_done(self, activity_id: str, answered: Container[str]) -> bool:
        """Whether an activity is done; ``answered``: ids of what was answered or written."""
        if activity_id in self.quizzes:
            return all(name in answered for name in self.quizzes[activity_id].items)
        return activity_id in answered
