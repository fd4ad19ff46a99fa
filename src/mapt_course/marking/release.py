"""``mapt release``: from ``solutions/`` to ``exercises/`` with stock ``nbgrader``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from .. import bank as banks
from .. import course

CONFIGURATION = "nbgrader_config.py"


def main(assignments: list[str], root: Path | None = None) -> int:
    """Generate the exercises of the assignments (of all, where none is named); 0 if all went well.

    ``root``: the course's checkout; the current folder or one above it unless said.
    """
    try:
        root = root or find_root(Path.cwd(), Path(__file__).resolve().parents[3])
        found = root.glob("solutions/*/items.toml")
        names = assignments or sorted(each.parent.name for each in found)
        if not names:
            raise ReleaseError("There is nothing in solutions/ to release.")
        for name in names:
            check(root / "solutions" / name)
    except (ReleaseError, banks.BankError) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "--force"]
    # nbgrader calls alembic by name, which is not on the path of an environment not activated.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return max(
        subprocess.run([*command, name], cwd=root, env={**os.environ, "PATH": path}).returncode
        for name in names
    )


class ReleaseError(Exception):
    """Nothing can be released; the message says what to do."""


def check(folder: Path) -> None:
    """ReleaseError where an assignment is not there, or its notebook is older than its items."""
    notebook = folder / f"{folder.name}.ipynb"
    if not (folder / "items.toml").is_file():
        raise ReleaseError(f"There is no assignment “{folder.name}” in {folder.parent}.")
    try:
        told = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["mapt"]
    except (OSError, ValueError, KeyError):
        raise ReleaseError(f"{notebook} is not built. Run: mapt build") from None
    current = course.released_metadata(banks.read(folder / "items.toml"))
    # Through JSON and back: a tuple in the one is a list in the other.
    if any(told.get(name) != value for name, value in json.loads(json.dumps(current)).items()):
        raise ReleaseError(f"{notebook} is older than its items.toml. Run: mapt build")


def find_root(here: Path, *elsewhere: Path) -> Path:
    """The course's folder: this one, one above it, or one of the others; ReleaseError for none."""
    for folder in (here, *here.parents, *elsewhere):
        if (folder / CONFIGURATION).is_file() and (folder / "solutions").is_dir():
            return folder
    raise ReleaseError(
        f"This is not the course's folder: there is no {CONFIGURATION} and no solutions/ here."
    )
