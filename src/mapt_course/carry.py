"""Taking everything along: ``mapt export`` and ``mapt import``, from one computer to another.

The zip holds what is the trainee's in the working folder, and beside it what they filled into
forms, to be read. What comes in was made elsewhere: it is data, goes nowhere but into the
working folder, and takes nothing's place there. Records are merged (``merge``).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from . import course, merge, products, record, workfolder, zips
from .foreign import one_line
from .items import slug

FOLDER = "export"  # in the working folder: zips that were made from it
INSIDE = "course-folder"  # in the zip: what lay in the working folder
PRODUCTS = "products"  # in the zip: what was filled into forms
BESIDE = "from the other computer"
LIMITS = zips.Limits(zip=200 * zips.MB, file=64 * zips.MB, total=400 * zips.MB, files=1_000)
# What may come in. A program could run by lying beside a lesson, a page by being opened.
KINDS = {
    *(".ipynb", ".jsonl", ".txt", ".md", ".csv", ".tsv", ".zip", ".ics", ".pdf", ".rtf"),
    *(".doc", ".docx", ".odt", ".pages", ".xls", ".xlsx", ".ods", ".numbers"),
    *(".ppt", ".pptx", ".odp", ".key", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".heic"),
    *(".mp3", ".mp4", ".m4a", ".ogg", ".wav"),
}
README = """\
What is this?

This zip was made by the course “{title}”. It is all that is yours in it.

{inside}    your answers, what you handed in, and your own files
{products}         what you filled into forms, to read (.md) and as tables (.csv)

To go on with it on another computer: start the course there, open the page “Start here”,
and choose this file under “Bring it back: choose a zip”, at the end of the page.
Or type: mapt import NAME-OF-THIS-FILE.zip

Keep it as you keep your other papers: what you wrote is in it, and it is not locked.
"""

Progress = Callable[[int, int], None]


class CarryError(OSError):
    """It cannot be exported or imported; the message says why and what to do."""


@dataclass
class Packed:
    """The zip, how many files went into it, and sentences on what was left out."""

    path: Path
    files: int
    left_out: list[str] = field(default_factory=list)


@dataclass
class Brought:
    """What came in: events that were new, files that were, and sentences on all else."""

    events: int = 0
    files: int = 0
    notes: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """What a trainee is told."""
        said = []
        if self.events:
            said.append(f"{_count(self.events, 'entry', 'entries')} in your records came in.")
        if self.files:
            said.append(f"{_count(self.files, 'file', 'files')} came in.")
        if not said and not self.notes:
            said.append("Nothing is new: all that is in it was here already.")
        return said + self.notes


def main(step: str, folder: str | None, file: str | None, product: str | None = None) -> int:
    """``mapt export`` (``file``: where to) and ``mapt import``; 1 where it cannot be done.

    ``product``: export this form alone, into a folder, as Word, Markdown and CSV.
    """
    place = Path(folder or workfolder.DEFAULT).expanduser().absolute()
    try:
        if product is not None:
            target = Path(file).expanduser() if file else place / FOLDER
            for path in take_out(place, product, target):
                print(path)
        elif step == "export":
            packed = pack(place, Path(file).expanduser() if file else None, _progress("Packing"))
            print("\n".join([*packed.left_out, f"{packed.files} files are in:\n  {packed.path}"]))
        else:
            brought = bring_back(Path(file).expanduser(), place, _progress("Bringing back"))
            print("\n".join(brought.sentences()))
    except CarryError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


def pack(
    folder: Path, to: Path | None = None, progress: Progress = lambda done, of: None
) -> Packed:
    """Write all that is the trainee's into a zip, whole or not at all.

    ``to``: its name; without one, today's in the folder's ``export``. CarryError where there is
    nothing, where it would be more than an import takes, or where it cannot be written.
    """
    if not folder.is_dir():
        raise CarryError(f"There is no folder {folder}. Name your course folder.")
    own, left_out = _own(folder)
    if not own:
        raise CarryError(f"There is nothing of yours in {folder} yet.")
    made = list(_readable(folder))
    if len(own) + len(made) + 1 > LIMITS.files:
        raise CarryError(
            f"There are more than {LIMITS.files:,} files in {folder}. Move those that have "
            "nothing to do with the course to another place."
        )
    if sum(path.stat().st_size for path in own.values()) > LIMITS.total - LIMITS.file:
        raise CarryError(
            f"Your files in {folder} are larger than {(LIMITS.total - LIMITS.file) // zips.MB} MB "
            "together. Move the largest ones (films, say) to another place."
        )
    target = to or folder / FOLDER / f"mapt-course-{date.today().isoformat()}.zip"
    try:
        if to is None:
            target.parent.mkdir(exist_ok=True)
        zips.write(target, _contents(own, made, progress))
    except OSError as wrong:
        raise CarryError(
            f"The zip could not be written to {target} ({wrong.strerror or wrong}). Make room "
            "on the disk, or choose another place with --to."
        ) from wrong
    return Packed(target, len(own) + len(made) + 1, left_out)


def take_out(folder: Path, product: str, target: Path) -> list[Path]:
    """Write one form's files into a folder; ``product``: its id, or how its title begins.

    CarryError where there is none, or more than one, or where it cannot be written.
    """
    found = list(products.filled(folder))
    wanted = slug(product)
    fits = [each for each in found if product == each.form.id] or [
        each for each in found if wanted and slug(each.form.title).startswith(wanted)
    ]
    if len(fits) != 1:
        there = "\n".join(f"  {each.form.title}" for each in found)
        raise CarryError(
            f"“{one_line(product)}” could be any of several, or is none. Name one of these, which "
            f"you have filled in:\n{there}"
            if found
            else f"No form is filled in yet in {folder}. Name your course folder, or fill one in."
        )
    [product] = fits
    paths = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for kind in products.KINDS:
            paths.append(target / product.name(kind))
            workfolder.replace(paths[-1], product.file(kind))
    except OSError as wrong:
        raise CarryError(
            f"It could not be written to {target} ({wrong.strerror or wrong}). If it is open in "
            "Word, close it there, or choose another folder with --to."
        ) from wrong
    return paths


def bring_back(path: Path, folder: Path, progress: Progress = lambda done, of: None) -> Brought:
    """Bring what :func:`pack` packed into a working folder; nothing there is lost by it.

    A record's missing events come in. A file of the same name and another content is kept
    beside. Broken off and begun again, it finishes. CarryError where the zip is none of ours,
    or where nothing can be written.
    """
    brought = Brought()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            # All of it is looked at before any of it is taken.
            taken = dict(_unpacked(path, Path(scratch)))
            if not taken:
                raise CarryError(
                    "There is nothing of a course folder in this zip. Choose the zip that "
                    "“Take everything along” or “mapt export” made."
                )
            workfolder.prepare(folder)
            lessons = {each.place.as_posix() for each in workfolder.shipped()}
            for number, (name, content) in enumerate(taken.items(), start=1):
                _bring(folder, name, content.read_bytes(), name in lessons, brought)
                progress(number, len(taken))
    except zips.ZipError as wrong:
        raise CarryError(f"This zip was not brought back. {wrong}") from wrong
    except workfolder.FolderError as wrong:
        raise CarryError(str(wrong)) from wrong
    except OSError as wrong:
        if isinstance(wrong, CarryError):
            raise
        raise CarryError(
            f"Not everything could be written to {folder} ({wrong.strerror or wrong}). Make room "
            "on the disk, and bring the same zip back again: it goes on from there."
        ) from wrong
    return brought


def _own(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """The trainee's files by their names in the folder, and sentences on those left out."""
    lessons = {folder / each.place for each in workfolder.shipped()}
    own: dict[str, Path] = {}
    left_out = []
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if here == folder and FOLDER in folders:
            folders.remove(FOLDER)
        for path in sorted(here / name for name in files if not name.startswith(".")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file():
                left_out.append(f"“{name}” was left out: it is a link, or no ordinary file.")
            elif path.stat().st_size > LIMITS.file:
                size = LIMITS.file // zips.MB
                left_out.append(f"“{name}” was left out: it is larger than {size} MB.")
            elif path not in lessons or not workfolder.is_untouched(path.read_bytes()):
                own[name] = path
                if len(own) > LIMITS.files:
                    return own, left_out
    return own, left_out


def _contents(
    own: dict[str, Path], made: list[tuple[str, bytes]], progress: Progress
) -> Iterator[tuple[str, bytes]]:
    words = {"title": course.course().title, "inside": INSIDE, "products": PRODUCTS}
    yield "README.txt", README.format(**words).replace("\n", "\r\n").encode()
    for number, (name, path) in enumerate(own.items(), start=1):
        yield f"{INSIDE}/{name}", path.read_bytes()
        progress(number, len(own))
    yield from made


def _readable(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every form that something was filled into, as Markdown and as CSV."""
    for product in products.filled(folder):
        for kind in ("md", "csv"):
            yield f"{PRODUCTS}/{product.form.id}.{kind}", product.file(kind)


def _unpacked(path: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    """The working folder's files of a zip: their names in it, and where they lie meanwhile."""
    for number, (name, content) in enumerate(zips.members(path, LIMITS)):
        top, _, rest = name.partition("/")
        if top == INSIDE and rest:
            kept = scratch / str(number)
            kept.write_bytes(content)
            yield rest, kept


def _bring(folder: Path, name: str, content: bytes, is_lesson: bool, brought: Brought) -> None:
    shown = one_line(name)
    parts = PurePosixPath(name).parts
    if PurePosixPath(name).suffix.lower() not in KINDS or not all(map(_is_plain, parts)):
        brought.notes.append(
            f"“{shown}” stays in the zip: it is not a document, a picture or a notebook."
        )
        return
    target = folder.joinpath(*parts)
    if not workfolder.is_ours_to_write(folder, target):
        brought.notes.append(f"“{shown}” stays in the zip: a link or a folder is in its place.")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.name == record.NAME:
        try:
            brought.events += merge.bring_in(record.Record(target.parent), content)
            return
        except merge.Apart:
            note = (
                f"“{one_line(parts[-2]) if parts[1:] else shown}” was handed in on both computers. "
                "Both stay as they were handed in: the other one is kept as “{kept}”."
            )
    elif not is_lesson and not target.exists():
        workfolder.replace(target, content)
        brought.files += 1
        return
    elif not is_lesson and target.read_bytes() == content:
        return
    elif is_lesson:
        note = f"Your changed page “{shown}” is kept as “{{kept}}”."
    else:
        note = f"“{shown}” is here with another content. What came in is kept as “{{kept}}”."
    kept = _beside(target, content)
    if kept is not None:
        brought.notes.append(note.replace("{kept}", one_line(kept.name)))


def _beside(target: Path, content: bytes) -> Path | None:
    """Keep a file beside another of its name; None where it was kept before."""
    if target.is_file() and target.name != record.NAME and target.read_bytes() == content:
        return None
    for path in workfolder.free_names(target, BESIDE):
        if not os.path.lexists(path):
            workfolder.replace(path, content)
            return path
        if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
            return None
    raise AssertionError("unreachable")


def _is_plain(part: str) -> bool:
    """A name that every system takes, and that hides nothing."""
    return not (part.startswith(".") or part.endswith((" ", ".")) or set(part) & set('<>:"|?*'))


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _progress(what: str) -> Progress:
    def told(done: int, of: int) -> None:
        if sys.stdout.isatty():
            print(f"\r{what} … {done} of {of}", end="\n" if done == of else "", flush=True)
        elif done == of:
            print(f"{what} … {done} of {of}", flush=True)

    return told
