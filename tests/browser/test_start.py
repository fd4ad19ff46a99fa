"""The real ``mapt start``, as a trainee meets it: a terminal, a browser, Start here."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest
from started import STARTS_WITHIN, Started, new_home

from mapt_course import course, workfolder


@pytest.fixture
def home(tmp_path) -> dict[str, str]:
    """The environment of a trainee who has never used Jupyter."""
    return new_home(tmp_path / "home")


@pytest.fixture
def start(home):
    """Starts the course; stops every one that the test did not."""
    running = []

    def begin(*arguments: str, **more: str) -> Started:
        running.append(Started(home, *arguments, **more))
        return running[-1]

    yield begin
    for each in running:
        if each.process.poll() is None:
            each.stop()


@pytest.fixture
def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def children(process: int) -> list[int]:
    """The lessons that run below a process (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process:
            found.append(int(stat.parent.name))
    return found


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def runs(process: int) -> bool:
    """Whether a process does anything any more; one that nobody has counted out yet does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_trainee_starts_reads_stops_and_comes_back(start, page, tmp_path, port):
    folder = tmp_path / "my course"
    running = start(str(folder), "--port", port, "--browser", "none")
    page.goto(running.address)
    title = json.loads(
        (course.course_folder() / "0-start-here" / "start-here.ipynb").read_text(encoding="utf-8")
    )["metadata"]["mapt"]["title"]
    page.get_by_role("heading", name=title, exact=True).first.wait_for(timeout=60_000)
    assert "Copying lessons" in running.said and "Starting JupyterLab" in running.said
    assert "Leave this window open" in running.said

    # A first visit shows no panel, no bar for programmers, no question and no news.
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".jp-toast-button, .Toastify__toast").count() == 0
    assert page.locator("#jp-left-stack:visible, #jp-right-stack:visible").count() == 0
    assert page.locator(".lm-MenuBar-itemLabel").all_inner_texts() == ["File"]
    seen = page.locator("body").inner_text()
    for word in ("kernel", "ipykernel", "Traceback"):
        assert word not in seen.lower()

    # The folder holds notebooks, and what the trainee made; also after a save.
    page.keyboard.press("Control+s")
    page.locator(".jp-mod-dirty").wait_for(state="detached")
    places = {str(each.place) for each in workfolder.shipped()}
    assert files(folder) - {"responses.jsonl"} == places

    if sys.platform == "linux":
        deadline = time.monotonic() + 30
        while not children(running.process.pid) and time.monotonic() < deadline:
            time.sleep(0.2)
        lessons = children(running.process.pid)
        assert lessons, "opening a lesson makes it ready"
    assert running.stop(signal.SIGINT) == 0
    assert running.said.rstrip().endswith("The course is closed. Your work is saved.")
    assert "Traceback" not in running.said
    if sys.platform == "linux":
        # A helper that the course could not wait for ends by itself, a moment after it.
        deadline = time.monotonic() + 20
        while any(map(runs, lessons)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not any(map(runs, lessons))

    # The next day: the same folder, the same port, no tabs of yesterday.
    (folder / "my notes.txt").write_text("mine")
    again = start(str(folder), "--port", port, "--browser", "none")
    page.goto(again.address)
    page.get_by_role("heading", name=title, exact=True).first.wait_for(timeout=60_000)
    assert (folder / "my notes.txt").read_text() == "mine"
    assert files(folder) - {"responses.jsonl", "my notes.txt"} == places
    assert again.stop(signal.SIGTERM) == 0


def test_nobody_without_the_token_and_nobody_from_elsewhere_gets_in(start, tmp_path, port):
    import urllib.error
    import urllib.request

    running = start(str(tmp_path / "mine"), "--port", port, "--browser", "none")
    bare = running.address.partition("/lab/")[0]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{bare}/api/contents", timeout=10)
    assert refused.value.code == 403
    own = socket.gethostbyname(socket.gethostname())
    if not own.startswith("127."):
        with socket.socket() as elsewhere:
            elsewhere.settimeout(3)
            assert elsewhere.connect_ex((own, int(port))) != 0
    token = running.address.partition("token=")[2]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{bare}/api/terminals?token={token}", timeout=10)
    assert refused.value.code == 404, "a trainee needs no terminal"


def test_a_port_in_use_is_one_sentence_and_the_first_course_stays_open(start, tmp_path, port):
    first = start(str(tmp_path / "mine"), "--port", port, "--browser", "none")
    assert first.address
    second = start(str(tmp_path / "mine"), "--port", port, "--browser", "none")
    assert second.process.wait(timeout=STARTS_WITHIN) == 1
    second.wait_for("--port")
    assert f"Port {port} is in use, perhaps by the course itself." in second.said
    assert len(second.said.splitlines()) == 1
    assert first.process.poll() is None


def test_without_a_port_a_second_course_finds_its_own(start, tmp_path):
    first = start(str(tmp_path / "mine"), "--browser", "none")
    second = start(str(tmp_path / "mine"), "--browser", "none")
    assert first.address.partition("/lab/")[0] != second.address.partition("/lab/")[0]


@pytest.mark.skipif(os.name == "nt", reason="“false” is a command of Unix")
def test_a_browser_that_fails_is_told_and_the_course_stays_open(start, tmp_path, port):
    running = start(str(tmp_path / "mine"), "--port", port, BROWSER="false")
    assert running.address
    running.wait_for("No browser opened. Copy the address above")
    assert running.process.poll() is None


def test_the_users_own_jupyter_is_left_alone_and_has_no_say(start, home, tmp_path, port):
    config = Path(home["HOME"]) / ".jupyter"
    config.mkdir()
    (config / "jupyter_server_config.py").write_text("c.ServerApp.ip = '0.0.0.0'\nraise SystemExit")
    (config / "jupyter_server_config.json").write_text('{"IdentityProvider": {"token": ""}}')
    before = {path: path.read_bytes() for path in config.rglob("*") if path.is_file()}
    running = start(str(tmp_path / "mine"), "--port", port, "--browser", "none")
    assert running.address
    assert running.stop() == 0
    assert {path: path.read_bytes() for path in config.rglob("*") if path.is_file()} == before
