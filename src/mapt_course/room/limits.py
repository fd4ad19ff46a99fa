"""How much may come, and how often: buckets of tokens that fill up with time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]  # seconds, from any moment on


class Bucket:
    """Holds ``most`` tokens, and gets ``rate`` new ones a second."""

    def __init__(self, most: float, rate: float, clock: Clock):
        self._most, self._rate, self._clock = most, rate, clock
        self._held, self._at = float(most), clock()

    def take(self) -> bool:
        """Take a token; False where there is none."""
        if self.held() < 1:
            return False
        self._held -= 1
        return True

    def held(self) -> float:
        """How many tokens there are."""
        now = self._clock()
        self._held = min(self._most, self._held + (now - self._at) * self._rate)
        self._at = now
        return self._held

    def wait(self) -> int:
        """Whole seconds until there is a token, at least one."""
        return max(1, math.ceil((1 - self.held()) / self._rate))

    def is_full(self) -> bool:
        """Whether it is as good as new."""
        return self.held() >= self._most


class Buckets:
    """A bucket for each name; those that are full again are forgotten."""

    MANY = 5_000

    def __init__(self, most: float, rate: float, clock: Clock):
        self._of = (most, rate, clock)
        self._buckets: dict[str, Bucket] = {}

    def __getitem__(self, name: str) -> Bucket:
        if name not in self._buckets:
            if len(self._buckets) >= self.MANY:
                kept = {n: b for n, b in self._buckets.items() if not b.is_full()}
                self._buckets = kept if len(kept) < self.MANY else {}
            self._buckets[name] = Bucket(*self._of)
        return self._buckets[name]


@dataclass
class Limits:
    """How often may what happen? By address, seat, or over all."""

    clock: Clock = time.monotonic
    tries: Buckets = field(init=False)  # wrong codes of an address
    all_tries: Bucket = field(init=False)
    joins: Bucket = field(init=False)
    operations: Buckets = field(init=False)  # of a seat
    refusals: Buckets = field(init=False)  # of a seat: operations beyond those

    def __post_init__(self) -> None:
        self.tries = Buckets(10, 0.1, self.clock)
        self.all_tries = Bucket(200, 1, self.clock)
        self.joins = Bucket(200, 20, self.clock)
        self.operations = Buckets(40, 10, self.clock)
        self.refusals = Buckets(100, 5, self.clock)
