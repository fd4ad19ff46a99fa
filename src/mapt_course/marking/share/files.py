"""A submission's files: on the disk, in a zip, and whether they are still the same."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.coursedir import CourseDirectory

from .. import folder, zips

STEPS = ("submitted", "autograded")
SHARES = "shares"
SHARE, RETURN = "share.json", "return.json"  # the papers in the two kinds of zip

Files = dict[str, bytes]  # names with their folders, as in a zip

# A marker's share: some hundred folders. It is large where trainees' files are, and packs as well
# as those; what stands first in it is looked at before the rest is read.
SHARE_LIMITS = zips.Limits(
    zip=1024 * zips.MB, file=64 * zips.MB, total=4096 * zips.MB, files=20_000, ratio=1100
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

    Links, what is too large and what has an odd name stay out, and so does the secret with which
    its feedback is fetched.
    """
    found = {}
    with TemporaryDirectory() as scratch:
        copy = Path(scratch)
        source = place(course, step, trainee, assignment)
        folder.copy_submission(source, copy, course.ignore, 1000 * course.max_file_size)
        for each in sorted(copy.rglob("*")):
            inside = each.relative_to(copy)
            if not each.is_file() or inside.parts[0] in (folder.SET_ASIDE, folder.SECRET):
                continue
            try:
                name = zips.plain_name(f"{step}/{trainee}/{assignment}/{inside.as_posix()}")
            except zips.ZipError:
                continue
            found[name] = each.read_bytes()
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
