"""``mapt release``: from ``solutions/`` to ``exercises/`` with stock ``nbgrader``."""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

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
    try:
        return max([_release(root, each) for each in names])
    except KeyboardInterrupt:
        return 130


def _release(root: Path, assignment: str) -> int:
    """Make one exercise; a line that says so, or nbgrader's own log where it fails."""
    made = root / "exercises" / assignment / f"{assignment}.ipynb"
    before = made.read_bytes() if made.is_file() else b""
    done = _nbgrader(root).generate_assignment(assignment, force=True, create=True)
    if not done["success"]:
        print(done.get("log", ""), done.get("error", ""), sep="\n", file=sys.stderr)
        print(f"{assignment}: not released; the reason stands above.", file=sys.stderr)
        return 1
    print(f"exercises/{assignment}: {'up to date' if made.read_bytes() == before else 'written'}")
    return 0


@cache
def _nbgrader(root: Path) -> Any:
    """nbgrader's own interface to its commands, with the course's configuration.

    One for all assignments: each command by itself takes three seconds to start.
    """
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    own_programs_first()
    config = PyFileConfigLoader(CONFIGURATION, str(root)).load_config()
    nbgrader = NbGraderAPI(CourseDirectory(config=config), config=config)
    nbgrader.log.setLevel("WARNING")
    return nbgrader


def own_programs_first() -> None:
    """Let nbgrader find alembic, which it calls by name, where no environment is activated."""
    own, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if own not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([own, path])


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
