"""The command ``mapt``: reads the command line and hands over; it holds no logic."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any

from . import __version__

INTRODUCTION = """\
A course on working together for children, for JupyterLab.

  mapt start          open the course; your work is kept in the folder “mapt-course”
  mapt hand-in        hand in a check or an assignment (its page has a button for it)
  mapt portfolio      all that you wrote, in Word; likewise: mapt certificate
  mapt export         take everything along; mapt import brings it back elsewhere

for trainers and authors:
  mapt release        make what trainees receive from the solutions
  mapt collect        take in hand-ins that came by mail; then: mapt mark
  mapt share          share the marking by hand among several markers
  mapt build          make lessons, pictures and checks; “mapt check” looks for mistakes in them

More about one of them: mapt start --help
"""

# Which extra brings a package that a command found missing.
EXTRAS = {
    "markdown_it": "author",
    "textstat": "author",
    "yaml": "author",
    "matplotlib": "author",
    "filelock": "trainer",
    "nbgrader": "trainer",
    "pandas": "trainer",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; SystemExit where the command line is wrong."""
    given = _parser().parse_args(arguments)
    if given.command is None:
        print(INTRODUCTION, end="")
        return 0
    module, values = _handler(given)
    try:
        return importlib.import_module(f"{__package__}.{module}").main(**values)
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as missing:
        extra = EXTRAS.get((missing.name or "").partition(".")[0])
        if extra is None:
            raise
        print(_how_to_get(given.command, missing.name, extra), file=sys.stderr)
        return 1


def _handler(given: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    match given.command:
        case "start":
            values = {"folder": given.folder, "port": given.port, "browser": given.browser}
            return "start", values
        case "hand-in":
            values = {"assignment": given.assignment, "folder": given.folder}
            return "handin", values | {"name": given.name, "yes": given.yes}
        case "export":
            values = {"step": "export", "folder": given.folder, "file": given.to}
            one = {} if given.product is None else {"product": given.product}
            return "carry", values | one
        case "import":
            return "carry", {"step": "import", "folder": given.folder, "file": given.zip}
        case "portfolio" | "certificate" as kind:
            values = {"folder": given.folder, "name": given.name}
            if kind == "certificate" and given.verify is not None:
                return "marking.verify", values | {"code": given.verify}
            return "portfolio.command", values | {"kind": kind}
        case "collect":
            return "marking.intake", {"paths": given.paths}
        case "build":
            return "authoring.build", {"check": given.check}
        case "check":
            return "authoring.check", {}
        case "mark":
            return "marking.batch", {"assignments": given.assignments, "force": given.force}
        case "share":
            values = {name: value for name, value in vars(given).items() if name != "command"}
            return "marking.share.command", values
        case _:
            return "marking.release", {"assignments": given.assignments}


def _how_to_get(command: str, package: str, extra: str) -> str:
    return (
        f"“mapt {command}” needs {package}, which is not installed here. "
        f'Get it with: python -m pip install "mapt-course[{extra}]" '
        f'(in a copy of the project: python -m pip install -e ".[{extra}]").'
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"“{text}” is not a port. Give a number, such as 8890.")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mapt",
        usage="mapt COMMAND",
        description=INTRODUCTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"mapt-course {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", help=argparse.SUPPRESS, prog="mapt"
    )

    start = commands.add_parser(
        "start",
        help="open the course",
        description="Copies the course into a folder of yours and opens it in JupyterLab. "
        "Your answers and your own files there are left alone.",
    )
    start.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="your folder (usually ~/mapt-course)"
    )
    start.add_argument("--port", type=_port, help="usually the first free one from 8888 on")
    start.add_argument("--browser", help="“none” opens no browser and prints the address only")

    hand_in = commands.add_parser(
        "hand-in",
        help="hand in a check or an assignment",
        description="Says what is missing, asks, and hands in what lies in your course folder.",
    )
    hand_in.add_argument("assignment", metavar="ASSIGNMENT", help="such as roots-check")
    _add_folder(hand_in)
    hand_in.add_argument("--name", help="your name or number, as your trainer has it")
    hand_in.add_argument("--yes", action="store_true", help="do not ask whether to go on")

    _add_carry(commands)
    for kind, told in (
        ("portfolio", "make a Word document of all that you wrote"),
        ("certificate", "make your certificate, or check one"),
    ):
        paper = commands.add_parser(
            kind, help=told, description=f"Writes your {kind} into the folder portfolio/."
        )
        _add_folder(paper)
        paper.add_argument("--name", help="your name, as it is to be printed")
    paper.add_argument(
        "--verify",
        metavar="CODE",
        help="for a trainer: whether a certificate's check code fits the records in FOLDER (or "
        "in a zip of it) and the name given with --name",
    )

    build = commands.add_parser("build", help="make lessons and pictures from their sources")
    build.add_argument(
        "--check", action="store_true", help="write nothing; fail where something is out of date"
    )
    commands.add_parser("check", help="look for mistakes in lessons and questions")
    collect = commands.add_parser(
        "collect",
        help="take in hand-ins",
        description="Takes zips and text files that the hand-in button made, folders of them, and "
        "a learning platform's zip of all of them, and puts them into submitted/.",
    )
    collect.add_argument("paths", nargs="+", metavar="FILE_OR_FOLDER")
    release = commands.add_parser("release", help="make what trainees receive")
    release.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all, unless named")
    mark = commands.add_parser(
        "mark",
        help="mark all that was handed in",
        description="Marks what lies in the folder submitted/, as “nbgrader autograde” does, and "
        "says at the end what is to be read by hand and what needs attention. Nothing that was "
        "handed in is run. What is marked already is left alone.",
    )
    mark.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all, unless named")
    mark.add_argument(
        "--force",
        action="store_true",
        help="mark again what is marked already, after a change of the key, say; scores and "
        "comments given by hand stay",
    )
    _add_share(commands)
    return parser


def _add_folder(command: Any) -> None:
    told = "your course folder (usually ~/mapt-course)"
    command.add_argument("folder", nargs="?", metavar="FOLDER", help=told)


def _add_carry(commands: Any) -> None:
    export = commands.add_parser(
        "export",
        help="take everything along",
        description="Packs all that is yours in your course folder into one zip: answers, what "
        "you handed in, your files, and what you filled into forms.",
    )
    _add_folder(export)
    export.add_argument(
        "--to", metavar="PLACE", help="a zip, or with --product a folder; usually in “export” there"
    )
    export.add_argument(
        "--product",
        metavar="TITLE",
        help="one form that you filled in, and not a zip of everything: as Word, Markdown and CSV",
    )

    back = commands.add_parser(
        "import",
        help="bring it back",
        description="Brings what “mapt export” packed into your course folder on this computer. "
        "Answers from both computers are brought together, and nothing here is lost.",
    )
    back.add_argument("zip", metavar="FILE.zip")
    _add_folder(back)


def _add_share(commands: Any) -> None:
    share = commands.add_parser(
        "share",
        help="share the marking by hand",
        description="Shares the submissions that are to be read by hand among several markers, "
        "who work on machines of their own, and brings their marks together again.",
    )
    steps = share.add_subparsers(dest="step", metavar="STEP", required=True)

    split = steps.add_parser("split", help="write a zip for each marker")
    split.add_argument("assignment", metavar="ASSIGNMENT")
    split.add_argument(
        "--among",
        default="",
        metavar="NAMES",
        help="the markers, with commas between, or how many; the same as before, unless named",
    )
    split.add_argument(
        "--again", action="store_true", help="deal also what a marker has and has not returned"
    )

    opened = steps.add_parser("open", help="for a marker: take in the submissions of a zip")
    opened.add_argument("zip", metavar="ZIP")

    returned = steps.add_parser("return", help="for a marker: write the marks into a zip")
    returned.add_argument("assignment", metavar="ASSIGNMENT")

    merge = steps.add_parser("merge", help="bring the marks that came back into the gradebook")
    merge.add_argument("zips", nargs="+", metavar="ZIP")
    merge.add_argument(
        "--take", choices=["ours", "theirs"], help="whose marks stand where both gave some"
    )


if __name__ == "__main__":
    sys.exit(main())
