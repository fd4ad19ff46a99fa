"""A running formgrader on a course folder, spoken to as its own page speaks to it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_copy import environment

START = """
import sys
sys.modules["rfc3987_syntax"] = None
from jupyter_server.serverapp import main
main()
"""


@dataclass(frozen=True)
class Formgrader:
    """``address`` of its pages, without a slash at the end."""

    address: str

    def ask(self, path: str, values: Any = None) -> Any:
        """What it answers; with values they are put there."""
        request = urllib.request.Request(f"{self.address}/{path}")
        if values is not None:
            request.method, request.data = "PUT", json.dumps(values).encode()
        with urllib.request.urlopen(request, timeout=20) as answer:
            told = answer.read().decode()
        return json.loads(told) if path.startswith("api/") else told


@contextmanager
def running(root: Path, home: Path) -> Iterator[Formgrader]:
    """formgrader on a course folder, as a person with that home folder starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = root / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [
                sys.executable,
                "-c",
                START,
                "--no-browser",
                "--allow-root",
                f"--port={port}",
                "--port-retries=0",
                "--IdentityProvider.token=",
                "--ServerApp.allow_unauthenticated_access=True",
                "--ServerApp.disable_check_xsrf=True",
                f"--ServerApp.root_dir={root}",
                "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
            ],
            cwd=root,
            env=environment(home),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    found = Formgrader(f"http://127.0.0.1:{port}/formgrader")
    try:
        for _ in range(600):
            try:
                found.ask("manage_assignments")
                break
            except OSError:
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
        yield found
    finally:
        server.terminate()
        server.wait(20)
