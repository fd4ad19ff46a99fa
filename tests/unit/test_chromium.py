"""Where the browser of the tests comes from, and what happens where there is none."""

from __future__ import annotations

import os
import subprocess
import sys

import chromium
import pytest


@pytest.fixture
def machine(monkeypatch):
    """A machine without a browser; returns its commands, and which of them work."""
    ran, works = [], {}
    monkeypatch.delenv("MAPT_CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "on_path", lambda: works.get("path"))
    monkeypatch.setattr(chromium, "downloaded", lambda: works.get("download"))
    monkeypatch.setattr(chromium.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(chromium.os, "geteuid", lambda: works.get("user", 1000), raising=False)

    def run(*command):
        word = "apt-get" if command[0] == "apt-get" else "playwright"
        ran.append(word)
        works.update(works.get(f"after {word}", {}))
        return f"after {word}" in works

    monkeypatch.setattr(chromium, "run", run)
    monkeypatch.setattr(chromium, "starts", lambda path: works.get("starts", True))
    return ran, works


def test_one_on_path_needs_no_network(machine):
    ran, works = machine
    works["path"] = "/usr/bin/chromium"
    assert chromium.provide() == "/usr/bin/chromium"
    assert ran == []


def test_then_playwrights_own(machine):
    ran, works = machine
    works["after playwright"] = {"download": "/cache/chrome"}
    assert chromium.provide() == "/cache/chrome"
    assert ran == ["playwright"]


@pytest.mark.parametrize(
    "why", [{}, {"after playwright": {"download": "/cache/chrome"}, "starts": False}]
)
def test_then_debians_for_root(machine, why):
    ran, works = machine
    works.update(why, user=0)
    works["after apt-get"] = {"path": "/usr/bin/chromium"}
    assert chromium.provide() == "/usr/bin/chromium"
    assert ran == ["playwright", "apt-get", "apt-get"]


def test_nothing_is_installed_for_others_and_nothing_aborts(machine):
    ran, _ = machine
    assert chromium.provide() is None
    assert ran == ["playwright"]


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 error")])
def test_without_a_browser_its_tests_are_skipped_with_the_reason_and_fail_in_ci(
    root, tmp_path, ci, outcome
):
    (tmp_path / "test_page.py").write_text("def test_page(page): pass\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-ra",
            "-p",
            "no:cacheprovider",
            str(tmp_path),
            "-p",
            "conftest",
            "--rootdir",
            str(tmp_path),
        ],
        env={
            **os.environ,
            "PATH": str(tmp_path),
            "MAPT_CHROMIUM": "",
            "CI": ci,
            "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(
                [
                    str(root / "tests"),
                    str(root / "tests" / "support"),
                    os.environ.get("PYTHONPATH", ""),
                ]
            ),
        },
        capture_output=True,
        text=True,
    )
    assert outcome in done.stdout, done.stdout + done.stderr
    assert "No Chromium: not on PATH" in done.stdout
