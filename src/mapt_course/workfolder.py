"""A trainee's working folder: brings the course's notebooks and touches nothing else in it.

A notebook that its trainee did not change is replaced by a newer one. One that was changed is
kept beside it first, as ``<name> (my copy).ipynb``; one that cannot be read, as
``<name> (damaged).ipynb``. Records, other files and links are left alone.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import course

CHECKS = "checks"
DEFAULT = "~/mapt-course"


class FolderError(OSError):
    """The working folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Shipped:
    """A notebook of the course: where it is, and where it goes below the working folder."""

    source: Path
    place: Path


@dataclass
class Brought:
    """What was done, as paths below the working folder; ``trust``: is ours through and through."""

    new: list[Path] = field(default_factory=list)
    newer: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    left_alone: list[Path] = field(default_factory=list)
    trust: list[Path] = field(default_factory=list)


def shipped() -> list[Shipped]:
    """The course's notebooks, lessons first."""
    lessons = [
        Shipped(path, Path(module.folder) / path.name)
        for module in course.course().modules
        for path in sorted((course.course_folder() / module.folder).glob("*.ipynb"))
    ]
    joint_day = [
        Shipped(path, Path(path.parent.name) / path.name)
        for path in sorted((course.course_folder() / "joint-day").glob("*.ipynb"))
    ]
    checks = [
        Shipped(
            course.exercises_folder() / name / f"{name}.ipynb",
            Path(CHECKS) / name / f"{name}.ipynb",
        )
        for name in course.assignments()
    ]
    return lessons + joint_day + checks


def prepare(folder: Path) -> None:
    """Make the folder where it is missing; FolderError where nothing can be saved in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = _new_name(folder)
        _write(probe, b"mapt\n")
        probe.unlink()
    except OSError as error:
        raise FolderError(_reason(folder, error)) from error


def bring(
    folder: Path,
    notebooks: list[Shipped],
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Brought:
    """Copy what is new or newer into ``folder``; FolderError where it cannot be written."""
    brought = Brought()
    try:
        for number, notebook in enumerate(notebooks, start=1):
            _bring(folder, notebook, brought)
            progress(number, len(notebooks))
    except OSError as error:
        raise FolderError(_reason(folder, error)) from error
    return brought


def _bring(folder: Path, notebook: Shipped, brought: Brought) -> None:
    target = folder / notebook.place
    if not is_ours_to_write(folder, target):
        brought.left_alone.append(notebook.place)
        return
    content, ours = _with_digest(notebook.source.read_bytes())
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        replace(target, content)
        brought.new.append(notebook.place)
        brought.trust.append(notebook.place)
        return
    present = target.read_bytes()
    theirs = _notebook(present)
    state = _compare(theirs, ours)
    if state in ("newer", "keep"):
        if state == "keep":
            suffix = "my copy" if theirs is not None else "damaged"
            brought.kept.append(_keep(target, present, suffix).relative_to(folder))
        replace(target, content)
        brought.newer.append(notebook.place)
    if state == "newer" or state == "keep" or (state == "same" and _holds_only_ours(theirs, ours)):
        brought.trust.append(notebook.place)


def _compare(theirs: dict[str, Any] | None, ours: dict[str, Any]) -> str:
    """``same``, ``newer`` (replace), ``keep`` (keep theirs beside, replace) or ``theirs``."""
    if theirs is None:
        return "keep"
    now, built = course.sources_digest(theirs), _own_digest(theirs)
    if now == _own_digest(ours):
        return "same" if _attachments(theirs) == _attachments(ours) else "newer"
    if now == built:
        return "newer"
    return "theirs" if built == _own_digest(ours) else "keep"


def is_ours_to_write(folder: Path, target: Path) -> bool:
    """Whether neither the target nor a folder above it is a link or something unexpected."""
    between = [target.parent, *target.parent.parents]
    for each in between[: between.index(folder)]:
        if each.is_symlink() or (each.exists() and not each.is_dir()):
            return False
    return not target.is_symlink() and (not target.exists() or target.is_file())


def _with_digest(content: bytes) -> tuple[bytes, dict[str, Any]]:
    """A shipped notebook that tells its own digest; the bytes as they are where it does."""
    notebook = json.loads(content)
    digest = course.sources_digest(notebook)
    if _own_digest(notebook) == digest:
        return content, notebook
    told = notebook.setdefault("metadata", {}).setdefault("mapt", {})
    told["digest"] = digest
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return text.encode() + b"\n", notebook


def _notebook(content: bytes) -> dict[str, Any] | None:
    """The notebook that these bytes are, or None."""
    try:
        notebook = json.loads(content)
        course.sources_digest(notebook)
        notebook["cells"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return notebook


def is_untouched(content: bytes) -> bool:
    """Whether a file is a notebook of the course's, as it was built; its outputs do not count."""
    notebook = _notebook(content)
    return notebook is not None and course.sources_digest(notebook) == _own_digest(notebook)


def _own_digest(notebook: dict[str, Any]) -> str | None:
    metadata = notebook.get("metadata")
    told = metadata.get("mapt") if isinstance(metadata, dict) else None
    digest = told.get("digest") if isinstance(told, dict) else None
    return digest if isinstance(digest, str) else None


def _attachments(notebook: dict[str, Any]) -> list[Any]:
    return [cell.get("attachments") or None for cell in notebook["cells"]]


def _holds_only_ours(theirs: dict[str, Any], ours: dict[str, Any]) -> bool:
    """Whether no output is in it that we did not ship: an output may hold a script."""
    return all(
        not mine.get("outputs") or mine.get("outputs") == our.get("outputs")
        for mine, our in zip(theirs["cells"], ours["cells"], strict=True)
    )


def _keep(target: Path, content: bytes, suffix: str) -> Path:
    """Write ``content`` beside ``target`` under a name that is free, and return it."""
    for name in free_names(target, suffix):
        try:
            _write(name, content)
        except FileExistsError:
            continue
        return name
    raise AssertionError("unreachable")


def free_names(target: Path, suffix: str) -> Iterator[Path]:
    """Names beside ``target`` that say what it is, one after the other."""
    yield target.with_name(f"{target.stem} ({suffix}){target.suffix}")
    number = 1
    while True:
        number += 1
        yield target.with_name(f"{target.stem} ({suffix} {number}){target.suffix}")


def replace(target: Path, content: bytes) -> None:
    """Put ``content`` in the place of ``target`` in one step."""
    new = _new_name(target.parent)
    _write(new, content)
    try:
        os.replace(new, target)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def _new_name(folder: Path) -> Path:
    return folder / f".mapt-{secrets.token_hex(8)}.new"


def _write(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet, to the disk; nothing is left where it fails."""
    with open(path, "xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise


def _reason(folder: Path, error: OSError) -> str:
    other = "or name another folder: mapt start FOLDER"
    if folder.exists() and not folder.is_dir():
        return f"“{folder}” is a file, not a folder. Rename it, {other}"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk is full: nothing can be saved in “{folder}”. Free some space, {other}"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"You may not write to “{folder}”. Ask for the right to, {other}"
    told = error.strerror or str(error)
    return f"The folder “{folder}” cannot be used ({told}). Check that it is there, {other}"
