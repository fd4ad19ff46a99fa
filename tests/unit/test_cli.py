"""The command line: what it hands over, and what it says where something is missing."""

from __future__ import annotations

import subprocess
import sys
import types

import pytest

from mapt_course import __version__, cli

HANDLERS = (
    "start",
    "handin",
    "carry",
    "authoring.build",
    "authoring.check",
    "marking.release",
    "marking.intake",
    "marking.batch",
    "marking.share.command",
    "marking.verify",
    "portfolio.command",
)


@pytest.fixture
def handlers(monkeypatch):
    """Stand-ins for every handler; returns what each was called with."""
    calls = []
    for name in HANDLERS:
        module = types.ModuleType(f"mapt_course.{name}")
        module.main = lambda _to=name, **values: calls.append((_to, values)) or 7
        monkeypatch.setitem(sys.modules, f"mapt_course.{name}", module)
    return calls


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("start", ("start", {"folder": None, "port": None, "browser": None})),
        (
            "start here --port 8890 --browser none",
            ("start", {"folder": "here", "port": 8890, "browser": "none"}),
        ),
        (
            "portfolio here --name Lena",
            ("portfolio.command", {"kind": "portfolio", "folder": "here", "name": "Lena"}),
        ),
        (
            "certificate",
            ("portfolio.command", {"kind": "certificate", "folder": None, "name": None}),
        ),
        (
            "certificate --verify 1A-2B work.zip --name Lena",
            ("marking.verify", {"code": "1A-2B", "folder": "work.zip", "name": "Lena"}),
        ),
        (
            "hand-in roots-check here --name lena --yes",
            (
                "handin",
                {"assignment": "roots-check", "folder": "here", "name": "lena", "yes": True},
            ),
        ),
        ("collect a.zip b", ("marking.intake", {"paths": ["a.zip", "b"]})),
        ("build", ("authoring.build", {"check": False})),
        ("build --check", ("authoring.build", {"check": True})),
        ("check", ("authoring.check", {})),
        ("release", ("marking.release", {"assignments": []})),
        ("mark", ("marking.batch", {"assignments": [], "force": False})),
        ("mark a b --force", ("marking.batch", {"assignments": ["a", "b"], "force": True})),
        (
            "share split a --among anna,ben",
            (
                "marking.share.command",
                {"step": "split", "assignment": "a", "among": "anna,ben", "again": False},
            ),
        ),
        (
            "share split a --again",
            (
                "marking.share.command",
                {"step": "split", "assignment": "a", "among": "", "again": True},
            ),
        ),
        ("share open a.zip", ("marking.share.command", {"step": "open", "zip": "a.zip"})),
        ("share return a", ("marking.share.command", {"step": "return", "assignment": "a"})),
        (
            "share merge a.zip b.zip --take theirs",
            (
                "marking.share.command",
                {"step": "merge", "zips": ["a.zip", "b.zip"], "take": "theirs"},
            ),
        ),
        ("export", ("carry", {"step": "export", "folder": None, "file": None})),
        (
            "export here --to a.zip",
            ("carry", {"step": "export", "folder": "here", "file": "a.zip"}),
        ),
        (
            "export here --to out --product role-card",
            (
                "carry",
                {"step": "export", "folder": "here", "file": "out", "product": "role-card"},
            ),
        ),
        ("import a.zip", ("carry", {"step": "import", "folder": None, "file": "a.zip"})),
        ("release roots-check a", ("marking.release", {"assignments": ["roots-check", "a"]})),
    ],
)
def test_a_command_reaches_its_handler_and_returns_its_exit_code(line, call, handlers):
    assert cli.main(line.split()) == 7
    assert handlers == [call]


def test_without_a_command_it_tells_how_to_start(capsys):
    assert cli.main([]) == 0
    told = capsys.readouterr().out
    assert "mapt start" in told
    assert len(told.splitlines()) < 15


def test_it_tells_its_version(capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["--version"])
    assert left.value.code == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("port", ["0", "65536", "-1", "many", "８８８８", ""])
def test_a_wrong_port_is_told_in_a_sentence(port, capsys, handlers):
    with pytest.raises(SystemExit):
        cli.main(["start", f"--port={port}"])
    assert "is not a port" in capsys.readouterr().err
    assert handlers == []


@pytest.mark.parametrize(
    ("package", "extra"),
    [("markdown_it", "author"), ("matplotlib.figure", "author"), ("nbgrader.apps", "trainer")],
)
def test_a_missing_extra_is_told_with_the_way_to_get_it(package, extra, handlers, capsys):
    def missing(**values):
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    sys.modules["mapt_course.authoring.build"].main = missing
    assert cli.main(["build"]) == 1
    told = capsys.readouterr().err
    assert package in told
    assert f"mapt-course[{extra}]" in told


def test_another_missing_module_is_our_own_mistake_and_is_not_hidden(handlers):
    def missing(**values):
        raise ModuleNotFoundError("No module named 'elsewhere'", name="elsewhere")

    sys.modules["mapt_course.authoring.build"].main = missing
    with pytest.raises(ModuleNotFoundError):
        cli.main(["build"])


def test_ctrl_c_ends_quietly(handlers, capsys):
    def interrupted(**values):
        raise KeyboardInterrupt

    sys.modules["mapt_course.start"].main = interrupted
    assert cli.main(["start"]) == 130
    assert capsys.readouterr().err == ""


def test_the_command_costs_next_to_nothing_before_it_is_known():
    code = "import sys, mapt_course.cli; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"jupyterlab", "nbformat", "ipywidgets", "pandas"} & set(done.stdout.split())
