"""A submission's files: on the disk, in a zip, and whether they are still the same."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from ... import zips
from .. import folder

STEPS = ("submitted", "autograded")
SHARES = "shares"
SHARE, RETURN = "share.json", "return.json"  # the papers in the two kinds of zip

Files = dict[str, bytes]  # names with their folders, as in a zip

MOST_FILES = 200  # of one submission; an assignment has four
# A marker's share is as large as its submissions, and packs as well as they do. What stands first
# in it is looked at before the rest is read.
SHARE_LIMITS = zips.Limits(
    zip=4096 * zips.MB, file=64 * zips.MB, total=8192 * zips.MB, files=200_000, ratio=1100
)
RETURN_LIMITS = zips.Limits(zip=20 * zips.MB, file=60 * zips.MB, total=60 * zips.MB, files=1)


def shares_folder(course: CourseDirectory, assignment: str) -> Path:
    """Where the shares of an assignment lie, and what is known of them."""
    return Path(course.root) / SHARES / assignment


def place(course: CourseDirectory, step: str, trainee: str, assignment: str) -> Path:
    """The folder of a submission at one of the ``STEPS``."""
    return Path(course.format_path(getattr(course, f"{step}_directory"), trainee, assignment))


def read(course: CourseDirectory, step: str, trainee: str, assignment: str) -> Files:
    """A submission's ordinary files.

    Links, what is too large or too much and what has an odd name stay out, and so does the
    secret with which its feedback is fetched.
    """
    source, left = place(course, step, trainee, assignment), 1000 * course.max_dir_size
    found: Files = {}
    unwanted = shutil.ignore_patterns(*course.ignore, folder.SET_ASIDE, folder.SECRET)
    for here, folders, names in os.walk(source):
        folders[:] = sorted(set(folders) - unwanted(here, folders))
        for name in sorted(set(names) - unwanted(here, names)):
            if len(found) == MOST_FILES:
                return found
            path = Path(here, name)
            inside = path.relative_to(source).as_posix()
            try:
                plain = zips.plain_name(f"{step}/{trainee}/{assignment}/{inside}")
                content = folder.read_file(path, min(left, 1000 * course.max_file_size))
            except (OSError, ValueError):
                continue
            found[plain] = content
            left -= len(content)
    return found


def is_marked(submitted: Files, autograded: Files) -> bool:
    """Whether a hand-in was marked by machine, and not an earlier one."""
    kept = {
        name.split("/", 1)[1]: content
        for name, content in submitted.items()
        if name.rsplit("/", 1)[1] in folder.KEPT
    }
    own = {name.split("/", 1)[1]: content for name, content in autograded.items()}
    return any(name.endswith(".ipynb") for name in own) and kept.items() <= own.items()


def digest(files: Files) -> str:
    """The same for the same files, and for no others."""
    made = hashlib.sha256()
    for name, content in sorted(files.items()):
        for part in (name.encode(), content):
            made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()
