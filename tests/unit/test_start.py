"""The working folder: newer lessons come, and nothing of the trainee's goes."""

from __future__ import annotations

import errno
import json
import os
import socket
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.sign import NotebookNotary

from mapt_course import course, server, start, workfolder
from mapt_course.workfolder import Shipped

LESSON = Path("1-roots/1-1-time-line.ipynb")
CHECK = Path("checks/roots-check/roots-check.ipynb")


def a_notebook(text="The first version.", outputs=(), **metadata) -> dict:
    """A notebook as the build makes it."""
    notebook = {
        "cells": [
            {"cell_type": "markdown", "id": "words", "metadata": {}, "source": text},
            {
                "cell_type": "code",
                "id": "call",
                "metadata": {"tags": ["mapt-activity"]},
                "source": 'quiz("roots-guess")',
                "execution_count": None,
                "outputs": list(outputs),
            },
        ],
        "metadata": {"mapt": {"lesson": "roots-1"}, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    notebook["metadata"]["mapt"]["digest"] = course.sources_digest(notebook)
    return notebook


def save(path: Path, notebook: dict) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path.read_bytes()


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def shipped(tmp_path) -> list[Shipped]:
    """One lesson and one check, as the package carries them."""
    notebooks = [Shipped(tmp_path / "package" / place, place) for place in (LESSON, CHECK)]
    for each in notebooks:
        save(each.source, a_notebook())
    return notebooks


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "mapt-course"
    workfolder.prepare(place)
    return place


def newer(shipped: list[Shipped], text="The second version.") -> bytes:
    return save(shipped[0].source, a_notebook(text))


# What is brought


def test_the_folder_holds_the_notebooks_and_nothing_else(shipped, folder):
    brought = workfolder.bring(folder, shipped)
    assert set(files(folder)) == {str(LESSON), str(CHECK)}
    assert brought.new == [LESSON, CHECK]
    assert (folder / LESSON).read_bytes() == shipped[0].source.read_bytes()


def test_progress_is_told(shipped, folder):
    told = []
    workfolder.bring(folder, shipped, lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


def test_the_course_ships_start_here_first_and_never_a_solution():
    places = [each.place for each in workfolder.shipped()]
    assert places[0].parent == Path("0-start-here")
    assert Path(server.START_PAGE).relative_to("lab/tree") in places
    assert len(places) == len(set(places))
    assert all(each.source.is_file() for each in workfolder.shipped())
    assert not any("solutions" in str(each.source) for each in workfolder.shipped())


def test_what_is_present_and_current_is_not_written_again(shipped, folder):
    workfolder.bring(folder, shipped)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    brought = workfolder.bring(folder, shipped)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert (brought.new, brought.newer, brought.kept) == ([], [], [])


def test_an_unchanged_lesson_is_replaced_by_a_newer_one(shipped, folder):
    workfolder.bring(folder, shipped)
    content = newer(shipped)
    brought = workfolder.bring(folder, shipped)
    assert (folder / LESSON).read_bytes() == content
    assert brought.newer == [LESSON]
    assert set(files(folder)) == {str(LESSON), str(CHECK)}


def test_outputs_that_jupyterlab_saved_are_no_change(shipped, folder):
    workfolder.bring(folder, shipped)
    run = load(folder / LESSON)
    run["cells"][1].update(execution_count=3, outputs=[{"output_type": "display_data"}])
    run["cells"][0]["source"] = run["cells"][0]["source"].splitlines(keepends=True)
    run["metadata"]["language_info"] = {"name": "python"}
    saved = save(folder / LESSON, run)
    workfolder.bring(folder, shipped)
    assert (folder / LESSON).read_bytes() == saved, "nothing newer: left alone, with its outputs"
    content = newer(shipped)
    assert workfolder.bring(folder, shipped).kept == []
    assert (folder / LESSON).read_bytes() == content


def test_a_new_picture_in_the_same_words_is_brought(shipped, folder):
    workfolder.bring(folder, shipped)
    notebook = a_notebook()
    notebook["cells"][0]["attachments"] = {"p.png": {"image/png": "AAAA"}}
    content = save(shipped[0].source, notebook)
    workfolder.bring(folder, shipped)
    assert (folder / LESSON).read_bytes() == content


def test_a_changed_lesson_stays_while_nothing_is_newer(shipped, folder):
    workfolder.bring(folder, shipped)
    mine = load(folder / LESSON)
    mine["cells"][0]["source"] = "My own words."
    saved = save(folder / LESSON, mine)
    brought = workfolder.bring(folder, shipped)
    assert (folder / LESSON).read_bytes() == saved
    assert LESSON not in brought.trust


def test_a_changed_lesson_is_kept_beside_the_newer_one_each_time(shipped, folder):
    workfolder.bring(folder, shipped)
    kept = []
    for version in ("second", "third", "fourth"):
        mine = load(folder / LESSON)
        mine["cells"][0]["source"] = f"My words before the {version}."
        kept.append(save(folder / LESSON, mine))
        content = newer(shipped, f"The {version} version.")
        workfolder.bring(folder, shipped)
        assert (folder / LESSON).read_bytes() == content
    copies = [
        "1-1-time-line (my copy).ipynb",
        "1-1-time-line (my copy 2).ipynb",
        "1-1-time-line (my copy 3).ipynb",
    ]
    assert [(folder / "1-roots" / name).read_bytes() for name in copies] == kept


def test_a_notebook_without_a_digest_is_taken_for_the_trainees(shipped, folder):
    mine = a_notebook("My own.")
    del mine["metadata"]["mapt"]
    saved = save(folder / LESSON, mine)
    workfolder.bring(folder, shipped)
    assert (folder / "1-roots/1-1-time-line (my copy).ipynb").read_bytes() == saved


def test_a_shipped_notebook_that_does_not_tell_its_digest_is_given_one(shipped, folder):
    notebook = a_notebook()
    notebook["metadata"]["mapt"] = {"assignment": "roots-check"}
    save(shipped[1].source, notebook)
    workfolder.bring(folder, shipped)
    there = load(folder / CHECK)
    assert there["metadata"]["mapt"].pop("digest") == course.sources_digest(there)
    assert there == notebook
    assert workfolder.bring(folder, shipped).newer == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [
                b"[]",
                b"{}",
                b"null",
                b'{"cells": 3}',
                b'{"cells": [3]}',
                b"\xff\xfe",
                b'{"cells": [{"source": 5}]}',
                b"[" * 100_000,
                b'{"cells": {"a": 1}}',
            ]
        ),
    )
)
def test_no_bytes_of_a_trainee_are_ever_lost(tmp_path_factory, content):
    base = tmp_path_factory.mktemp("damaged")
    shipped = [Shipped(base / "package" / LESSON, LESSON)]
    ours = save(shipped[0].source, a_notebook())
    (base / "mine" / "1-roots").mkdir(parents=True)
    (base / "mine" / LESSON).write_bytes(content)
    workfolder.bring(base / "mine", shipped)
    assert (base / "mine" / LESSON).read_bytes() == ours
    assert content in [kept for name, kept in files(base / "mine").items() if "(" in name]


# What is left alone


def test_records_and_own_files_stay_as_they_are(shipped, folder):
    own = {
        "responses.jsonl": b'{"v": 1}\n',
        "checks/roots-check/responses.jsonl": b"torn",
        "1-roots/my notes.docx": b"\x00\x01",
        "1-roots/1-1-time-line (my copy).ipynb": b"an earlier copy",
        "1-roots/.ipynb_checkpoints/1-1-time-line-checkpoint.ipynb": b"{}",
        "9-old/a lesson that is no more.ipynb": b"{}",
    }
    for name, content in own.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    workfolder.bring(folder, shipped)
    newer(shipped)
    workfolder.bring(folder, shipped)
    assert files(folder).items() >= own.items()
    assert len(files(folder)) == len(own) + 2


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_not_followed(shipped, folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "roots-check").mkdir(parents=True)
    target = elsewhere / "file.ipynb"
    target.write_text("not to be touched")
    (folder / "1-roots").mkdir()
    (folder / LESSON).symlink_to(target)
    (folder / "checks").symlink_to(elsewhere)
    brought = workfolder.bring(folder, shipped)
    assert brought.left_alone == [LESSON, CHECK]
    assert files(elsewhere) == {"file.ipynb": b"not to be touched"}
    assert (folder / LESSON).is_symlink()


def test_a_folder_or_file_in_the_way_stops_only_that_notebook(shipped, folder):
    (folder / LESSON).mkdir(parents=True)
    (folder / "checks").write_text("a file")
    assert workfolder.bring(folder, shipped).left_alone == [LESSON, CHECK]


# Where the folder cannot be used


def failing_at(monkeypatch, number, code):
    """From the ``number``-th flush to the disk on, the disk refuses with ``code``."""
    real, seen = os.fsync, []

    def fsync(descriptor):
        seen.append(descriptor)
        if len(seen) >= number:
            raise OSError(code, os.strerror(code))
        real(descriptor)

    monkeypatch.setattr(workfolder.os, "fsync", fsync)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_full_disk_leaves_what_was_there_and_no_halves(shipped, folder, monkeypatch, at):
    workfolder.bring(folder, shipped)
    mine = load(folder / LESSON)
    mine["cells"][0]["source"] = "My own words."
    saved = save(folder / LESSON, mine)
    newer(shipped)
    save(shipped[1].source, a_notebook("Also newer."))
    failing_at(monkeypatch, at, errno.ENOSPC)
    with pytest.raises(workfolder.FolderError, match="disk is full"):
        workfolder.bring(folder, shipped)
    assert saved in files(folder).values()
    for name, content in files(folder).items():
        assert not name.endswith(".new")
        json.loads(content)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "may not write"),
        (errno.EACCES, "may not write"),
        (errno.EIO, "cannot be used"),
    ],
)
def test_a_folder_that_takes_nothing_is_told_before_any_lesson_opens(
    tmp_path, monkeypatch, capsys, code, words
):
    failing_at(monkeypatch, 1, code)
    assert start.main(str(tmp_path / "mine"), port=None, browser="none") == 1
    told = capsys.readouterr()
    assert words in told.err
    assert "mapt start FOLDER" in told.err
    assert len(told.err.splitlines()) == 1
    assert files(tmp_path) == {}


def test_a_file_in_place_of_the_folder_is_told(tmp_path, capsys):
    (tmp_path / "mine").write_text("a file")
    assert start.main(str(tmp_path / "mine"), browser="none") == 1
    assert "is a file, not a folder" in capsys.readouterr().err
    assert (tmp_path / "mine").read_text() == "a file"


def test_a_folder_below_a_file_is_told(tmp_path, capsys):
    (tmp_path / "file").write_text("a file")
    assert start.main(str(tmp_path / "file" / "mine"), browser="none") == 1
    assert "cannot be used" in capsys.readouterr().err


# Ports and browsers


def test_a_port_in_use_is_told_with_another(tmp_path, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not server.is_free(port)
        assert start.main(str(tmp_path / "mine"), port=port, browser="none") == 1
    told = capsys.readouterr().err
    assert f"Port {port} is in use" in told
    assert f"--port {port + 2}" in told or f"--port {port - 2}" in told
    assert not (tmp_path / "mine").exists()
    assert server.is_free(port)


def test_a_port_that_is_bound_on_every_address_is_in_use():
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        assert not server.is_free(other.getsockname()[1])


def test_the_next_free_port_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        if port < 65500:
            assert server.free_port(port) > port


ADDRESS = "http://127.0.0.1:8888/lab?token=t"


def said(browser: str, monkeypatch, tmp_path, opens=True) -> tuple[str, list[str]]:
    told, opened = [], []
    monkeypatch.setattr(start.webbrowser, "open", lambda url: opened.append(url) or opens)
    monkeypatch.setattr(start.threading, "Thread", AtOnce)
    start._ready(ADDRESS, told.append, tmp_path, browser)
    return "\n".join(told), opened


class AtOnce:
    def __init__(self, target, args, daemon):
        self.start = lambda: target(*args)


@pytest.fixture
def screen(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("BROWSER", "")


@pytest.mark.parametrize("browser", ["none", "None"])
def test_browser_none_opens_none_and_prints_the_address(browser, screen, monkeypatch, tmp_path):
    text, opened = said(browser, monkeypatch, tmp_path)
    assert opened == []
    assert ADDRESS in text and "Open this address" in text and "Ctrl+C" in text


def test_a_browser_opens_on_the_address(screen, monkeypatch, tmp_path):
    text, opened = said("", monkeypatch, tmp_path)
    assert opened == [ADDRESS]
    assert ADDRESS in text and "No browser opened" not in text


def test_a_browser_that_does_not_open_is_told_with_a_way_on(screen, monkeypatch, tmp_path):
    text, _ = said("", monkeypatch, tmp_path, opens=False)
    assert "No browser opened. Copy the address above" in text


@pytest.mark.skipif(os.name == "nt", reason="Linux only")
def test_no_text_browser_takes_the_terminal(monkeypatch, tmp_path):
    monkeypatch.setattr(start.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    text, opened = said("", monkeypatch, tmp_path)
    assert opened == [] and "Open this address" in text


# Trust


@pytest.fixture
def own_signatures(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))


def is_trusted(path: Path) -> bool:
    return NotebookNotary().check_signature(nbformat.read(path, as_version=4))


def bring_and_trust(folder, shipped):
    brought = workfolder.bring(folder, shipped)
    server.trust([folder / each for each in brought.trust])


def test_copied_notebooks_are_trusted(shipped, folder, own_signatures):
    bring_and_trust(folder, shipped)
    assert is_trusted(folder / LESSON) and is_trusted(folder / CHECK)


def test_a_folder_from_another_computer_is_trusted_where_all_of_it_is_ours(
    shipped, folder, own_signatures
):
    workfolder.bring(folder, shipped)
    run = load(folder / CHECK)
    run["cells"][1]["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>1</script>"}}
    ]
    save(folder / CHECK, run)
    bring_and_trust(folder, shipped)
    assert is_trusted(folder / LESSON)
    assert not is_trusted(folder / CHECK), "an output that we did not ship may hold a script"


def test_a_notebook_with_other_sources_is_never_trusted(shipped, folder, own_signatures):
    bring_and_trust(folder, shipped)
    mine = load(folder / LESSON)
    mine["cells"][1]["source"] = "import os"
    save(folder / LESSON, mine)
    bring_and_trust(folder, shipped)
    assert not is_trusted(folder / LESSON)
    newer(shipped)
    bring_and_trust(folder, shipped)
    assert is_trusted(folder / LESSON)
    assert not is_trusted(folder / "1-roots/1-1-time-line (my copy).ipynb")


# The settings


def test_settings_are_for_the_course_only_and_need_nothing_that_jupyterlab_lacks():
    labconfig = course.PACKAGE / "jupyter" / "labconfig"
    overrides = load(labconfig / "default_setting_overrides.json")
    assert overrides["@jupyterlab/notebook-extension:tracker"]["autoStartDefaultKernel"] is True
    disabled = load(labconfig / "page_config.json")["disabledExtensions"]
    for needed in ("@jupyterlab/notebook-extension:tools", "@jupyterlab/running-extension"):
        assert needed not in disabled, "other plugins depend on it"
