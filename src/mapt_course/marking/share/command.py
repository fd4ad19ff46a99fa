"""``mapt share``: what is asked for, and what is told."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ... import zips
from ...foreign import one_line
from .. import release
from ..gradebook import Gradebook, GradebookError, explain
from ..merge import Take
from ..submission import TRAINEE_ID
from ..table import points
from . import files, papers
from .gather import CONFLICTS, Gathered, gather
from .hand_back import hand_back
from .split import Progress, ShareError, split
from .take_in import take_in

# Stock formgrader shows what it has read once, whatever becomes of the gradebook.
_AGAIN = "If formgrader is open, stop JupyterLab and start it again: it shows the old marks."
PATIENCE = 2  # seconds without a word
MOST_MARKERS = 200
_REFUSED = (ShareError, papers.PaperError, zips.ZipError)


def main(step: str, root: Path | None = None, **given) -> int:
    """Take one step (split, open, return or merge); 0 if all went well.

    ``root``: the course's checkout; the current folder or one above it unless said. ``split``
    comes to 1 where something could not be dealt, ``merge`` where conflicts are left, a zip was
    refused, or somebody is not in the gradebook.
    """
    steps = {"split": _split, "open": _open, "return": _return, "merge": _merge}
    try:
        root = root or release.find_root(Path.cwd())
        book = Gradebook(root, release.CONFIGURATION, make=step == "open")
        with closing(book):
            return steps[step](book, **given)
    except (*_REFUSED, release.ReleaseError, GradebookError) as wrong:
        print(wrong, file=sys.stderr)
    except SQLAlchemyError as wrong:
        print(explain(wrong), file=sys.stderr)
    except OSError as wrong:
        print(f"“{wrong.filename}” cannot be used: {wrong.strerror}.", file=sys.stderr)
    return 1


def _split(book: Gradebook, assignment: str, among: str, again: bool) -> int:
    done = split(book, assignment, _markers(among), again, _progress())
    width = max((len(each.marker) for each in done.zips), default=0)
    for each in done.zips:
        print(f"{each.marker:{width}}  {_number(each.submissions)}  {_shown(each.path)}")
    if not done.zips:
        print(f"{assignment}: nothing is left to deal.")
    if done.with_a_marker:
        print(f"With a marker already: {_number(done.with_a_marker)}.")
    if done.not_dealt:
        print(
            f"Not dealt, because they are not marked by machine yet: {_list(done.not_dealt)}. "
            f"Run “nbgrader autograde {assignment}”, and split again."
        )
    if done.zips:
        print("Send each marker the zip. There: mapt share open ZIP")
    return 1 if done.not_dealt else 0


def _open(book: Gradebook, zip: str) -> int:
    done = _naming(Path(zip), lambda path: take_in(book, path, _progress()))
    if done.before:
        print("This share was opened before. Nothing was changed.")
    else:
        print(f"{done.assignment}: {_number(len(done.taken))} to be read, for {done.marker}.")
    if done.left_alone:
        print(f"Left alone, because they were here already: {_list(done.left_alone)}.")
    print(
        "Mark them in formgrader: jupyter lab, then the address with /formgrader in place of "
        f"/lab. When you are done: mapt share return {done.assignment}"
    )
    return 0


def _return(book: Gradebook, assignment: str) -> int:
    for done in hand_back(book, assignment):
        waiting = f", {done.waiting} of them still to be marked" if done.waiting else ""
        print(f"{done.marker}: {_number(done.submissions)}{waiting}.")
        print(f"Send this file to the lead: {_shown(done.path)}")
    return 0


def _merge(book: Gradebook, zips: Sequence[str], take: Take | None) -> int:
    progress, code = _progress(), 0
    told: list[tuple[str, Gathered]] = []
    for number, name in enumerate(zips, 1):
        try:
            told.append((name, _naming(Path(name), lambda path: gather(book, path, take))))
        except _REFUSED as wrong:
            print(wrong, file=sys.stderr)
            code = 1
        progress("Merging", number, len(zips))
    for name, done in told:
        _tell_merged(name, done)
        code = 1 if done.unknown else code
    if any(done.taken for _, done in told):
        print(_AGAIN)
    left = [(each, done.marker) for _, done in told for each in done.conflicts]
    if left:
        code = 1
        print("\nConflicts: you and the marker gave something different. Yours was kept.\n")
        _print_table(
            ("trainee", "cell", "what", "ours", "theirs", "by"),
            [
                (at[0], at[2], at[3], _value(each.ours), _value(each.theirs), marker)
                for each, marker in left
                for at in [each.place]
            ],
        )
        place = Path(files.SHARES) / told[0][1].assignment / CONFLICTS
        print(
            f"\nThey are kept in {place}. To settle them, merge the zip again with "
            "--take theirs or --take ours; or give the score in formgrader, and merge again."
        )
    return code


def _tell_merged(name: str, done: Gathered) -> None:
    if done.older:
        print(f"{done.marker}: a later return was merged before this one ({name}). Passed over.")
        return
    new = f"{done.taken} new" if done.taken else "nothing new"
    more = f", {len(done.conflicts)} in conflict" if done.conflicts else ""
    print(f"{done.marker}: {_number(done.submissions)}; marks and comments: {new}{more}.")
    if done.handed_in_again:
        print(f"  Handed in again since, and to be read again: {_list(done.handed_in_again)}.")
    if done.unknown:
        print(f"  Not in this gradebook, and left out: {_list(done.unknown)}.")


def _naming(path: Path, step):
    """Take a step with a zip; what is wrong with it is told with its name."""
    try:
        return step(path)
    except (papers.PaperError, zips.ZipError, ShareError) as wrong:
        raise type(wrong)(f"“{one_line(path.name)}” was refused. {wrong}") from wrong


def _markers(among: str) -> list[str]:
    """Names with commas between, or how many; nobody where nothing is said."""
    if among.isascii() and among.isdigit():
        if not 1 <= int(among) <= MOST_MARKERS:
            raise ShareError(f"Share among 1 to {MOST_MARKERS} markers.")
        return [f"marker-{number}" for number in range(1, int(among) + 1)]
    names = [name.strip() for name in among.split(",")] if among.strip() else []
    for name in names:
        if not TRAINEE_ID.fullmatch(name) or name[-1] in ". ":
            raise ShareError(
                f"“{one_line(name)}” is no name for a marker: use letters, figures, spaces "
                "and . _ @ + - only, with commas between the names."
            )
    if len({name.casefold() for name in names}) < len(names):
        raise ShareError("A marker is named twice. Give each a name of their own.")
    return names


def _progress() -> Progress:
    """Tells how far it is, once something has taken longer than people wait in silence."""
    began = time.monotonic()

    def tell(what: str, done: int, of: int) -> None:
        if time.monotonic() - began < PATIENCE:
            return
        if sys.stderr.isatty():
            end = "\n" if done == of else ""
            print(f"\r{what} … {done} of {of}", end=end, file=sys.stderr, flush=True)
        elif done == of:
            print(f"{what} … {done} of {of}", file=sys.stderr, flush=True)

    return tell


def _number(submissions: int) -> str:
    return f"{submissions} submission" + ("" if submissions == 1 else "s")


def _shown(path: Path) -> str:
    here = Path(os.path.relpath(path))
    return f"{path if '..' in here.parts else here}"


def _list(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return ", ".join(one_line(name) for name in names[:20]) + more


def _value(value) -> str:
    if value is None:
        return "–"
    return f"“{one_line(value, 40)}”" if isinstance(value, str) else points(value)


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        print(
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        )
