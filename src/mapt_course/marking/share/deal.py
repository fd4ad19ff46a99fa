"""Who marks whom. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence


def deal(
    trainees: Iterable[str], markers: Sequence[str], held: Mapping[str, str]
) -> dict[str, list[str]]:
    """The trainees of each marker.

    ``held``: with whom a trainee is already. They stay there, if that marker is still one; all
    others go to whoever has the fewest, those of earlier deals counted in.
    """
    load = Counter(marker for marker in held.values() if marker in markers)
    shares: dict[str, list[str]] = {marker: [] for marker in markers}
    for trainee in sorted(trainees):
        marker = held.get(trainee)
        if marker not in shares:
            marker = min(markers, key=load.__getitem__)
            load[marker] += 1
        shares[marker].append(trainee)
    return shares
