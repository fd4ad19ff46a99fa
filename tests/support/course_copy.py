"""A copy of the course in a temporary folder, and the real nbgrader commands run on it.

Nothing is written in the checkout, in the home folder or in a shared exchange.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]

# nbgrader's commands as they are. Without this package, which jsonschema only uses to check
# addresses, each starts in 1 s instead of 2.3 s.
START = """
import os, sys
sys.modules["rfc3987_syntax"] = None
started = os.environ.get("MAPT_TEST_STARTED")
def tell(event, told):
    if started and event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        with open(started, "a") as file:
            file.write(f"{told[0]} {told[1] if len(told) > 1 else ''}\\n")
sys.addaudithook(tell)
from nbgrader.apps.nbgraderapp import main
main()
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment that knows this interpreter and package, and nobody's settings."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    # nbgrader calls alembic by name.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {
        **kept,
        "PATH": path,
        "HOME": str(home),
        "PYTHONPATH": str(CHECKOUT / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        **more,
    }


@dataclass(frozen=True)
class CourseCopy:
    """``root``: the trainer's folder; ``place``: where trainees and the exchange are as well."""

    place: Path

    @property
    def root(self) -> Path:
        """The trainer's course folder."""
        return self.place / "course"

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange folder."""
        return self.place / "exchange"

    @property
    def started(self) -> Path:
        """Where the programs stand that the trainer's commands started, one a line."""
        return self.place / "started.txt"

    @classmethod
    def make(cls, place: Path, solutions: Path) -> CourseCopy:
        """Copy ``solutions/`` (built) and the configuration."""
        copy = cls(place)
        copy.root.mkdir(parents=True)
        shutil.copytree(solutions, copy.root / "solutions")
        shutil.copy(CHECKOUT / "nbgrader_config.py", copy.root)
        copy.exchange.mkdir()
        copy.exchange.chmod(0o777)
        return copy

    @classmethod
    def of(cls, place: Path, root: Path) -> CourseCopy:
        """A copy of a trainer's course folder as it is, with all that was handed in."""
        copy = cls(place)
        shutil.copytree(root, copy.root, symlinks=True)
        copy.exchange.mkdir()
        return copy

    def trainer(self, *command: str) -> str:
        """Run an nbgrader command as the trainer; its log. AssertionError where it fails."""
        env = environment(
            self.place / "home-trainer",
            MAPT_EXCHANGE=str(self.exchange),
            MAPT_TEST_STARTED=str(self.started),
        )
        return nbgrader(*command, cwd=self.root, env=env)

    def mark(self, *arguments: str, **asked: Any) -> subprocess.CompletedProcess:
        """Run ``mapt mark`` as the trainer."""
        return subprocess.run(
            [sys.executable, "-m", "mapt_course.cli", "mark", *arguments],
            cwd=self.root,
            env=environment(self.place / "home-trainer", MAPT_TEST_STARTED=str(self.started)),
            capture_output=True,
            text=True,
            **asked,
        )

    def trainee(self, name: str) -> Path:
        """A trainee's home, with a stock configuration where Jupyter's own stands."""
        home = self.place / f"home-{name}"
        settings = Path(environment(home)["JUPYTER_CONFIG_DIR"])
        settings.mkdir()
        (settings / "nbgrader_config.py").write_text(
            "c = get_config()\n"
            'c.CourseDirectory.course_id = "mapt"\n'
            f"c.Exchange.root = {str(self.exchange)!r}\n"
        )
        return home


def nbgrader(*command: str, cwd: Path, env: dict[str, str], fails: bool = False) -> str:
    """Run an nbgrader command; its whole output."""
    ran = subprocess.run(
        [sys.executable, "-c", START, *command], cwd=cwd, env=env, capture_output=True, text=True
    )
    output = ran.stdout + ran.stderr
    assert bool(ran.returncode) == fails, f"nbgrader {' '.join(command)}:\n{output}"
    return output


def build(root: Path) -> None:
    """``mapt build`` of the assignments in ``root/solutions``; what they lead on to is the course.

    Its pictures, which no assignment has, are not drawn: that takes seconds.
    """
    sources = shutil.ignore_patterns("*.ipynb", "*.svg")
    shutil.copytree(CHECKOUT / "course", root / "course", ignore=sources, dirs_exist_ok=True)
    code = (
        "import sys; from pathlib import Path; from mapt_course.authoring import build; "
        "build.draw = lambda told: b'<svg></svg>'; "
        "sys.exit(build.main(root=Path(sys.argv[1])))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(root)],
        env=environment(root / "home"),
        capture_output=True,
        text=True,
    )
    assert not ran.returncode, ran.stdout + ran.stderr


def read(notebook: Path) -> dict:
    """A notebook's JSON."""
    return json.loads(notebook.read_text(encoding="utf-8"))


def write(notebook: Path, values: dict) -> None:
    """Write a notebook's JSON, also over a file that may only be read."""
    notebook.unlink(missing_ok=True)
    notebook.write_text(json.dumps(values), encoding="utf-8")
