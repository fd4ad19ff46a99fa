"""The course and its browser on a computer without a network, as far as the system lets us."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A network of its own holds a loopback that is down; it is brought up, and there is nothing else.
HOLD = "ip link set lo up && echo up && exec sleep infinity"


class Cut:
    """A network namespace with nothing but loopback; ``enter`` is the command that joins it."""

    def __init__(self, enter: tuple[str, ...]):
        self.enter = enter

    def script(self, place: Path, program: str) -> Path:
        """A program that is the given one within the namespace."""
        place.write_text(f'#!/bin/sh\nexec {" ".join(self.enter)} {program} "$@"\n')
        place.chmod(0o755)
        return place


@contextmanager
def cut() -> Iterator[Cut | None]:
    """The namespace, gone with the context; None where the system lets us make none."""
    if not all(map(shutil.which, ("unshare", "nsenter", "ip"))):
        yield None
        return
    as_root = os.geteuid() == 0
    made = subprocess.Popen(
        ["unshare", *(["--net"] if as_root else ["--net", "--map-root-user"]), "sh", "-c", HOLD],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        if made.stdout.readline() != "up\n":
            yield None
            return
        joined = ["nsenter", "--net", f"--target={made.pid}"]
        yield Cut((*joined, *([] if as_root else ["--user", "--preserve-credentials"])))
    finally:
        made.kill()
        made.wait()
