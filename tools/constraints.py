"""Writes constraints.txt: one set of versions that serves every Python of the course.

``make constraints`` calls it. It asks pip for a real resolution of all extras with the oldest
Python, then whether the newer ones can use the same versions. It needs python3.11, python3.12 and
python3.13, and the network; nothing is installed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
HEAD = """\
# Versions that were tested together, for Python 3.11 to 3.13; names and versions only.
# Written by: make constraints
# What only Windows or macOS need is not listed, and pip takes the newest there.
"""


def main() -> int:
    """Write the file, or say which Python cannot use the versions of the oldest."""
    pins: dict[str, str] = {}
    for version in PYTHONS:
        print(f"Asking pip with Python {version} …", flush=True)
        try:
            found = resolve(version, pins)
        except (OSError, subprocess.CalledProcessError) as error:
            told = getattr(error, "stderr", None) or error
            print(f"Python {version} found no versions that fit together:\n{told}", file=sys.stderr)
            return 1
        pins = {**found, **pins}
    lines = [f"{name}=={pins[name]}\n" for name in sorted(pins)]
    (ROOT / "constraints.txt").write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"constraints.txt: {len(lines)} versions")
    return 0


def resolve(version: str, pins: dict[str, str]) -> dict[str, str]:
    """Names and versions that pip would install for ``.[test]`` if these pins are kept."""
    with tempfile.TemporaryDirectory() as folder:
        venv, keep, report = Path(folder, "venv"), Path(folder, "keep"), Path(folder, "report")
        keep.write_text("".join(f"{name}=={pin}\n" for name, pin in pins.items()))
        run(f"python{version}", "-m", "venv", str(venv))
        python = next(venv.glob("[bS]*/python*"))
        run(
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--dry-run",
            "--ignore-installed",
            "--constraint",
            str(keep),
            "--report",
            str(report),
            f"{ROOT}[test]",
        )
        chosen = json.loads(report.read_text(encoding="utf-8"))["install"]
    found = {
        re.sub(r"[-_.]+", "-", each["metadata"]["name"]).lower(): each["metadata"]["version"]
        for each in chosen
    }
    found.pop("mapt-course", None)
    return found


def run(*command: str) -> None:
    subprocess.run(command, check=True, text=True, stderr=subprocess.PIPE)


if __name__ == "__main__":
    sys.exit(main())
