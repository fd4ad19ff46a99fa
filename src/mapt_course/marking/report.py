"""What ``mapt mark`` tells the trainer: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from ..foreign import one_line

MARKED, UNCHANGED, FAILED = "marked", "unchanged", "not marked"
WIDTH = 30  # characters of the bar
LONGEST = 400  # characters of a remark


@dataclass(frozen=True)
class Outcome:
    """What came of one submission; ``remarks``: sentences for the trainer to act on."""

    trainee: str
    state: str
    remarks: tuple[str, ...] = ()


class Progress:
    """A bar on a terminal, a line for each submission elsewhere."""

    def __init__(self, assignment: str, total: int, out: TextIO):
        self.assignment, self.total, self.done, self.out = assignment, total, 0, out
        self.bar = out.isatty()
        self._draw()

    def step(self, outcome: Outcome) -> None:
        """One more is done."""
        self.done += 1
        if self.bar:
            self._draw()
        else:
            who = one_line(outcome.trainee)
            print(
                f"{self.assignment}, {self.done} of {self.total}: {who}, {outcome.state}",
                file=self.out,
                flush=True,
            )

    def end(self) -> None:
        """Take the bar away."""
        if self.bar:
            print("\r\x1b[K", end="", file=self.out, flush=True)

    def _draw(self) -> None:
        if self.bar:
            full = WIDTH * self.done // max(1, self.total)
            bar = "#" * full + "." * (WIDTH - full)
            line = f"{self.assignment} [{bar}] {self.done} of {self.total}"
            print(f"\r{line}\x1b[K", end="", file=self.out, flush=True)


def summary(assignment: str, outcomes: Sequence[Outcome], waiting: int) -> str:
    """What came of an assignment's submissions, as lines for the trainer."""

    def having(state: str) -> list[Outcome]:
        return [outcome for outcome in outcomes if outcome.state == state]

    if not outcomes:
        return f"{assignment}: nothing handed in"
    attention = [each for each in outcomes if each.remarks and each.state != FAILED]
    lines = [
        f"{assignment}: {len(outcomes)} handed in",
        f"  marked now            {len(having(MARKED)):>4}",
        f"  unchanged             {len(having(UNCHANGED)):>4}",
        f"  to be read by hand    {waiting:>4}",
        f"  need attention        {len(attention):>4}",
        f"  not marked            {len(having(FAILED)):>4}",
    ]
    for title, group in (
        ("Need attention (marked as far as it could be read):", attention),
        ("Not marked:", having(FAILED)),
    ):
        if group:
            lines += ["", title]
        for outcome in group:
            lines.append(f"  {one_line(outcome.trainee)}")
            lines += [f"    {one_line(remark, LONGEST)}" for remark in outcome.remarks]
    return "\n".join(lines)
