"""JupyterLab as the course needs it: on this machine only, with settings that touch no other.

It runs in this process, so that closing the window ends it. What it and its lessons print goes to
a log file; the terminal is left for a few plain words.
"""

from __future__ import annotations

import faulthandler
import json
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from platformdirs import user_state_path

from .course import PACKAGE

LOOPBACK = "127.0.0.1"
FIRST_PORT = 8888
GRACE = 10  # seconds
CLOSED = "The course is closed. Your work is saved."
START_PAGE = "lab/tree/0-start-here/start-here.ipynb"
# Server extensions that a lesson needs. Others on this machine, and terminals, stay off.
EXTENSIONS = ("jupyterlab", "notebook", "mapt_course.room.jupyter")


class ServerError(RuntimeError):
    """JupyterLab did not start; the message says what to do."""


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of this machine now."""
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        if probe.connect_ex((LOOPBACK, port)) == 0:
            return False
    with closing(socket.socket()) as listener:
        if os.name == "posix":  # as the server itself does; elsewhere it would take a port in use
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
            listener.listen()
        except OSError:
            return False
    return True


def free_port(first: int = FIRST_PORT) -> int:
    """The first free port from ``first`` on; ServerError where a hundred are taken."""
    for port in range(first, min(first + 100, 65536)):
        if is_free(port):
            return port
    raise ServerError(f"No port from {first} on is free. Start the computer again, or give one.")


def state_folder() -> Path:
    """Where logs and window layouts are kept: not in the trainee's folder."""
    folder = user_state_path("mapt-course", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="mapt-course-"))


def trust(notebooks: list[Path]) -> None:
    """Let JupyterLab show what these notebooks hold; an unreadable one stays untrusted."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    try:
        for path in notebooks:
            try:
                notebook = nbformat.read(path, as_version=4)
            except (OSError, ValueError, AttributeError, KeyError):
                continue
            if not notary.check_signature(notebook):
                notary.sign(notebook)
    finally:
        notary.store.close()


def serve(
    folder: Path, port: int | None, ready: Callable[[str, Callable[[str], None]], None]
) -> None:
    """Run JupyterLab on ``folder`` until it is told to stop; then no lesson is left running.

    Without a ``port`` it takes a free one. Once it answers, ``ready`` gets the address of
    *Start here* and a function that prints to the terminal. ServerError where it does not start.
    """
    state = state_folder()
    first = free_port() if port is None else port
    token = secrets.token_hex(24)
    log = state / f"server-{first}.log"
    _settings_of_this_server_only(state)
    with _output_to(log) as tell:
        try:
            app = _application(folder, first, 0 if port else 100, token, state)
        except (Exception, SystemExit) as error:
            traceback.print_exc()
            raise ServerError(
                f"JupyterLab did not start. Try once more, and if that does not help, "
                f"show your trainer the file “{log}”."
            ) from error
        address = f"http://{LOOPBACK}:{app.port}/{START_PAGE}?token={token}"
        app.io_loop.add_callback(ready, address, tell)
        with _stop_on_signals(app, tell):
            app.start()


def _application(folder: Path, port: int, retries: int, token: str, state: Path):
    from jupyter_server.serverapp import ServerApp

    layouts = state / f"layouts-{port}"
    _fresh_layout(layouts)
    values = {
        "ServerApp.ip": LOOPBACK,
        "ServerApp.port": port,
        "ServerApp.port_retries": retries,  # somebody may be quicker
        "ServerApp.root_dir": folder,
        "ServerApp.default_url": f"/{START_PAGE}",
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.terminals_enabled": False,
        "FileCheckpoints.checkpoint_dir": state / "checkpoints",  # not in the trainee's folder
        "IdentityProvider.token": token,
        "LabApp.default_url": f"/{START_PAGE}",
        "LabApp.extension_manager": "readonly",
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "LabServerApp.user_settings_dir": state / "settings",
        "LabServerApp.workspaces_dir": layouts,
        "LabServerApp.extra_labextensions_path": PACKAGE / "labextension",
        "KernelManager.transport_encryption": "auto",
        "AsyncKernelManager.transport_encryption": "auto",
    }
    app = ServerApp.instance(jpserver_extensions={name: True for name in EXTENSIONS})
    app.initialize(
        argv=[f"--{name}={value}" for name, value in values.items()],
        find_extensions=False,
        starter_extension="lab",
    )
    return app


def _fresh_layout(layouts: Path) -> None:
    """Open without side panels, and without the tabs of last time."""
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    for old in layouts.glob("*.jupyterlab-workspace"):
        old.unlink(missing_ok=True)
    folded = {
        "main": None,
        "left": {"collapsed": True, "visible": False},
        "right": {"collapsed": True, "visible": False},
    }
    default = {"data": {"layout-restorer:data": folded}, "metadata": {"id": "default"}}
    WorkspacesManager(str(layouts)).save("default", json.dumps(default))


def _settings_of_this_server_only(state: Path) -> None:
    """Read the course's settings of JupyterLab, and none that the user has for their own."""
    os.environ["JUPYTER_CONFIG_PATH"] = str(PACKAGE / "jupyter")
    os.environ["JUPYTER_CONFIG_DIR"] = str(state / "config")


@contextmanager
def _output_to(log: Path) -> Iterator[Callable[[str], None]]:
    """Send all output of this process and its children to ``log``.

    Yields a function that prints to the terminal all the same.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    before = os.dup(1), os.dup(2)
    terminal = os.fdopen(os.dup(1), "w", encoding=sys.stdout.encoding, errors="replace")
    logged = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)

    def tell(text: str) -> None:
        with suppress(OSError, ValueError):  # the window may be gone
            print(text, file=terminal, flush=True)

    try:
        os.dup2(logged, 1)
        os.dup2(logged, 2)
        yield tell
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, old in enumerate(before, start=1):
            os.dup2(old, number)
            os.close(old)
        os.close(logged)
        with suppress(OSError):
            terminal.close()


@contextmanager
def _stop_on_signals(app, tell: Callable[[str], None]) -> Iterator[None]:
    """Ctrl+C, the end of the session and a closed window all stop the server in good order.

    A lesson that does not end within GRACE seconds ends with this process.
    """

    def stop(number: int, frame: object) -> None:
        app.stop(from_signal=True)
        late = threading.Timer(GRACE, leave)
        late.daemon = True
        late.start()

    def leave() -> None:
        faulthandler.dump_traceback()
        tell(CLOSED)
        os._exit(0)

    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
