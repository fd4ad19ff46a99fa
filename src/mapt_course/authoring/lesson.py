"""A lesson's source: its header and its pieces, each with its line in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .. import bank as banks
from ..items import slug

# jupytext's MyST reader gives cells without their lines, with random ids, and leaves headings and
# {picture} to us. The parser that it is built on tells where each heading and fence begins and
# ends by CommonMark's own rules, which is all that is needed here and all that could go wrong.
PARSER = MarkdownIt("commonmark").enable("table")

ACTIVITIES = ("quiz", "scenario", "rating", "reflection", "form", "hand_in")
CALL = re.compile(
    rf'({"|".join(ACTIVITIES)}|due)\("([^"]*)"\)|(home|due|take_along|papers|joint_day)\(\)'
)
# No bank stands behind these.
ASKS_NOTHING = ("home", "hand_in", "due", "take_along", "papers", "joint_day")
DIRECTIVE = re.compile(r"\{([^{}]*)\}\s*(.*)")
COMMENT = r"<!--(?:(?!-->).)*-->"
WEB = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
MARK = re.compile(r"(?=[A-Za-z]+[\d-])[\w.-]+")
HOW = {
    "code-cell": ", ".join(f'{call}("...")' for call in ACTIVITIES)
    + ', home(), due(), due("module"), take_along(), papers() or joint_day()',
    "picture": "{picture} name-of-the-picture",
    "then-and-now": "{then-and-now} TN-01 TN-02",
    "examples": "{examples}, and under it one line for each job: Teacher: ...",
}


@dataclass(frozen=True)
class Header:
    """What stands under ``mapt:``; ``outcomes``: ids."""

    lesson: str
    title: str
    minutes: int
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """A cell to be. ``kind``: text, activity, picture, then-and-now or examples.

    ``section``: the slug of the heading above; ``opens``: this text begins with that heading.
    ``names``: an activity's call and id (``home`` has none), a picture's name, row ids, or the
    jobs of examples, whose lines are the ``text``.
    """

    kind: str
    line: int
    section: str
    text: str = ""
    opens: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A lesson as written. ``facts`` and ``links``: (id or target, line); ``shown``: its path."""

    path: Path
    shown: str
    header: Header
    pieces: tuple[Piece, ...]
    facts: tuple[tuple[str, int], ...]
    links: tuple[tuple[str, int], ...]

    def called(self) -> list[tuple[str, str]]:
        """The (call, id) of each activity in order, without those that are no item's or form's."""
        found = [piece.names for piece in self.pieces if piece.kind == "activity"]
        return [(names[0], names[1]) for names in found if names[0] not in ASKS_NOTHING]

    @property
    def is_home(self) -> bool:
        """Whether this is *Start here*, the page with the course map."""
        return any(piece.names == ("home",) for piece in self.pieces)

    @property
    def is_page(self) -> bool:
        """Whether it teaches nothing: *Start here*, and the facilitator's page."""
        return self.is_home or any(piece.names == ("joint_day",) for piece in self.pieces)


def read(path: Path, shown: str, assignment: str = "") -> Source:
    """Read a lesson, or the assignment of that name; BankError with all faults of the file."""
    return _Reader(path, shown, assignment).source()


def without_comments(text: str) -> str:
    """The text without its fact marks and an author's other comments, and no space in their place.

    A line that held nothing else goes with them.
    """
    alone = re.sub(rf"(?ms)^[ \t]*(?:{COMMENT}[ \t]*)+(?:\n|\Z)", "", text)
    if alone != text:
        alone = re.sub(r"\n{3,}", "\n\n", alone)
    first = re.sub(rf"(?ms)^([ \t]*)(?:{COMMENT}[ \t]*)+", r"\1", alone)
    return re.sub(rf"(?s)[ \t]*{COMMENT}", "", first)


class _Reader:
    def __init__(self, path: Path, shown: str, assignment: str):
        self.path, self.shown, self.assignment = path, shown, assignment
        self.faults: list[str] = []

    def fault(self, line: int, what: str) -> None:
        self.faults.append(f"{self.shown}:{line}: {what}")

    def source(self) -> Source:
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except OSError as wrong:
            raise banks.BankError([f"{self.shown}: cannot be read ({wrong.strerror})."]) from None
        except UnicodeDecodeError:
            wrong = f"{self.shown}: is not UTF-8 text. Save it as UTF-8."
            raise banks.BankError([wrong]) from None
        head = re.match(r"---[ \t]*\n(.*?\n)??---[ \t]*(?:\n|\Z)", text, re.DOTALL)
        if not head:
            wrong = "the file does not begin with a header. Write --- and mapt: above the text."
            raise banks.BankError([f"{self.shown}:1: {wrong}"])
        header = self._header(head.group(1) or "")
        self.above = head.group(0).count("\n")
        body = text[head.end() :]
        tokens = PARSER.parse(body)
        pieces = tuple(self._pieces(body, tokens))
        facts = tuple(self._facts(body))
        links = tuple(self._links(tokens))
        if self.faults or header is None:
            raise banks.BankError(self.faults)
        return Source(self.path, self.shown, header, pieces, facts, links)

    def _header(self, text: str) -> Header | None:
        try:
            values = yaml.safe_load(text)
        except (yaml.YAMLError, ValueError, RecursionError) as wrong:  # ValueError: 30 February
            mark = getattr(wrong, "problem_mark", None)
            what = getattr(wrong, "problem", None) or "it cannot be read"
            self.fault((mark.line if mark else 0) + 2, f"the header is not valid YAML: {what}.")
            return None
        lines = {
            m[1]: n
            for n, line in enumerate(text.split("\n"), 2)
            if (m := re.match(r"\s*(\w+):", line))
        }

        def note(what: str) -> None:
            named = re.search(r"“(\w+)”", what)
            line = lines.get(named[1] if named else "", lines.get("mapt", 1))
            self.fault(line, what.removeprefix(": "))

        try:
            top = banks.Table(values or {}, "", note, ": ")
            table = banks.Table(top.take("mapt", dict, "the lesson's fields"), "", note, ": ")
            top.end()
        except banks.Fault:
            return None
        found: dict[str, Any] = {}
        for name, ask in {
            "lesson": lambda: table.text("lesson"),
            "title": lambda: table.text("title"),
            "minutes": lambda: table.take("minutes", int, "25"),
            "outcomes": lambda: tuple(table.texts("outcomes", 0)),
            "assignment": lambda: self._named(table),
        }.items():
            try:
                found[name] = ask()
            except banks.Fault:
                continue
        found.pop("assignment", None)
        table.end()
        if not banks.NAME.fullmatch(found.get("lesson", "a")):
            table.fault("“lesson” has to be small letters, figures and single hyphens.")
        if found.get("minutes", 1) < 1:
            table.fault("“minutes” has to be 1 or more.")
        return Header(**found) if len(found) == 4 else None

    def _named(self, table: banks.Table) -> None:
        """An assignment may say which it is; a lesson may not."""
        if self.assignment and table.text("assignment", self.assignment) != self.assignment:
            table.fault(f"“assignment” has to be the folder's name, {self.assignment}.")

    def _pieces(self, body: str, tokens: list[Token]) -> Iterator[Piece]:
        lines = body.split("\n")
        section, opens, at, row = "", False, 0, 0
        for n, token in enumerate(tokens):
            line = self.above + token.map[0] + 1 if token.map else 0
            if token.type == "heading_open" and token.tag == "h1":
                self.fault(line, "the title comes from the header. Begin a section with ##.")
            if token.type == "th_open" and not tokens[n + 1].content.strip():
                self.fault(line or row, "a column has no heading. Name it, for those who listen.")
            if token.type == "tr_open":
                row = line
            if token.type == "inline" and token.content.startswith(":::"):
                self.fault(line, "::: means nothing here. Write ``` around a directive.")
            if token.type == "heading_open" and token.tag == "h2" and token.level == 0:
                yield from self._text(lines, at, token.map[0], section, opens)
                at, opens = token.map[0], True
                section = slug(without_comments(tokens[n + 1].content)) or "section"
            if token.type != "fence":
                continue
            last = lines[token.map[1] - 1].lstrip()
            if token.level == 0 and (
                not last.startswith(token.markup) or token.map[1] - token.map[0] < 2
            ):
                self.fault(line, f"this fence is not closed. End it with {token.markup}.")
            if token.info.startswith("{"):
                if token.level:
                    self.fault(line, "a directive stands at the margin. Take it out of the list.")
                yield from self._text(lines, at, token.map[0], section, opens)
                at, opens = token.map[1], False
                yield from self._directive(token, line, section)
        yield from self._text(lines, at, len(lines), section, opens)

    def _text(
        self, lines: list[str], start: int, end: int, section: str, opens: bool
    ) -> Iterator[Piece]:
        text = without_comments("\n".join(lines[start:end]))
        line = self.above + start + 1
        if "<!--" in text:
            self.fault(line, "a comment under this line is not closed. End it with -->.")
        if len(re.findall(r"<details\b", text)) != text.count("</details>"):
            self.fault(
                line,
                "<details> and </details> do not pair up before the next heading or fence. "
                "Close it there: a heading, question or picture cannot stand inside.",
            )
        if text.strip():
            yield Piece("text", line, section, text.strip("\n"), opens)

    def _directive(self, token: Token, line: int, section: str) -> Iterator[Piece]:
        found = DIRECTIVE.fullmatch(token.info.strip())
        name, rest = found.groups() if found else (token.info, "")
        if name not in HOW:
            known = ", ".join(f"{{{each}}}" for each in HOW)
            self.fault(line, f"“{{{name}}}” is not a directive. Use one of: {known}.")
            return
        said = token.content.strip()
        if name == "code-cell":
            call = CALL.fullmatch(said)
            if not call or rest:
                self.fault(line, f"a code-cell holds one call and nothing else: {HOW[name]}.")
                return
            names = (call[3],) if call[3] else (call[1], call[2])
            yield Piece("activity", line, section, names=names)
        elif name == "examples":
            entries = [each.partition(":")[::2] for each in said.split("\n") if each.strip()]
            if rest or not entries or not all(job and text.strip() for job, text in entries):
                self.fault(line, f"write it as ```{HOW[name]}")
                return
            names = tuple(job.strip() for job, _ in entries)
            text = "\n".join(without_comments(text).strip() for _, text in entries)
            yield Piece(name, line, section, text, names=names)
        elif said or not rest or (name == "picture" and " " in rest):
            self.fault(line, f"write it as ```{HOW[name]}, with nothing between the fences.")
        else:
            yield Piece(name, line, section, names=tuple(rest.split()))

    def _facts(self, body: str) -> Iterator[tuple[str, int]]:
        for comment in re.finditer(COMMENT, body, re.DOTALL):
            words = comment[0][4:-3].split()
            if words and all(MARK.fullmatch(word) for word in words):
                line = self.above + body[: comment.start()].count("\n") + 1
                yield from ((word, line) for word in words)

    def _links(self, tokens: list[Token]) -> Iterator[tuple[str, int]]:
        for token in tokens:
            for each in [token, *(token.children or [])]:
                targets = [each.attrGet("href"), each.attrGet("src")]
                if each.type in ("html_inline", "html_block"):
                    targets = re.findall(r'\b(?:href|src)\s*=\s*["\']([^"\']*)', each.content)
                for target in targets:
                    if target and not WEB.match(str(target)):
                        yield str(target), self.above + (token.map or [0])[0] + 1
