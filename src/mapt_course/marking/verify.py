"""``mapt certificate --verify``: does a certificate's check code fit a trainee's records?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from .. import course, record, workfolder, zips
from ..portfolio import statement, work

LIMITS = zips.Limits(zip=512 * zips.MB, file=record.LARGEST_FILE, total=1024 * zips.MB, files=5_000)


def main(code: str, folder: str | None, name: str | None) -> int:
    """Say whether the code fits, and what the records say; 1 where it does not.

    ``folder``: a working folder, or a zip of one. ``name``: as it stands on the certificate.
    """
    place = Path(folder or workfolder.DEFAULT).expanduser().absolute()
    if name is None:
        print("Add --name, and the name as it stands on the certificate.")
        return 1
    try:
        if place.is_dir():
            found = statement.of(place, name, statement.until(code))
        else:
            with tempfile.TemporaryDirectory() as unpacked:
                _unpack(place, Path(unpacked))
                found = statement.of(Path(unpacked), name, statement.until(code))
    except zips.ZipError as wrong:
        print(f"{place}: {wrong} Give a working folder, or a zip of one.")
        return 1
    except work.PaperError as wrong:
        print(wrong)
        return 1
    fits = statement.plain(found.code) == statement.plain(code)
    if fits:
        print("The code fits these records. Now compare each line with the paper:")
    else:
        print(
            "The code does not fit these records and this name. The name may be spelt otherwise, "
            "the code mistyped, the records may be others than the certificate was made from, or "
            "it was made with another version of the course.\n"
            "Up to the code's moment, these records say:"
        )
    for line in found.lines():
        print(f"  {line}")
    return 0 if fits else 1


def _unpack(path: Path, folder: Path) -> None:
    """The records in a zip, into a folder; ZipError for a zip that is not taken."""
    places = [f"{module.folder}/{record.NAME}" for module in course.course().modules]
    places += [f"{workfolder.CHECKS}/{name}/{record.NAME}" for name in course.assignments()]
    for name, content in zips.members(path, LIMITS):
        for place in places:
            if name == place or name.endswith(f"/{place}"):  # or in the working folder's own
                target = folder / place
                if target.exists():
                    raise zips.ZipError(f"It holds two records of {Path(place).parent}.")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
