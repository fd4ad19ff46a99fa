"""A zip that somebody else made, read with care; and a zip of our own, written whole or not.

Whatever the zip says of itself, no more is read than the limits allow, and nothing is written:
what becomes of a name is the caller's affair, who gets only plain relative ones.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .foreign import one_line

MB = 1024 * 1024
LONGEST_NAME, DEEPEST = 500, 12  # characters of a file's name with its folders; folders
MODEST = 10 * MB  # a zip that unpacks to less is no bomb, however well it packs
_ENTRY = b"PK\x01\x02"  # stands before each entry of a zip's directory


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes. ``zip``: of the zip itself; ``file``: of each file in it, unpacked;
    ``total``: of all files, unpacked; ``files``: how many; ``ratio``: unpacked to packed."""

    zip: int
    file: int
    total: int
    files: int
    ratio: int = 100


class ZipError(ValueError):
    """A zip that is not taken; the message is a sentence that says why."""


def members(path: Path, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """The files in a zip: their names, parts joined by ``/``, and their bytes, one at a time.

    A name is relative and leads nowhere but down; none comes twice. All names and sizes are
    looked at before the first file is read. ZipError where anything is not as it should be,
    also after some files: write to a place that can be thrown away until all have come.
    """
    try:
        with path.open("rb") as stream:
            _check_whole(stream, limits)
            with zipfile.ZipFile(stream) as archive:
                entries = _entries(archive, limits)
                for name, entry in entries.items():
                    yield name, _read(archive, entry, name)
    except OSError as wrong:
        raise ZipError(f"It cannot be read: {wrong.strerror or wrong}.") from None
    # A zip of a later kind is “not implemented” to Python.
    except (zipfile.BadZipFile, NotImplementedError, UnicodeError, struct.error) as wrong:
        raise ZipError("It is not a zip, or was damaged on its way.") from wrong


def plain_name(told: str) -> str:
    """A name as :func:`members` gives it; ZipError for one that leads elsewhere, or is too long."""
    # Some programs on Windows write their own separator into a zip.
    told = unicodedata.normalize("NFC", told.replace("\\", "/"))
    parts = [part for part in told.split("/") if part not in ("", ".")]
    bad = (
        told.startswith("/")
        or re.match(r"[A-Za-z]:", told)
        or ".." in parts
        or not parts
        or len(told) > LONGEST_NAME
        or len(parts) > DEEPEST
        or any(unicodedata.category(character) in ("Cc", "Cs") for character in told)
    )
    if bad:
        raise ZipError(f"“{one_line(told)}” in it is not the name of a file in a folder.")
    return "/".join(parts)


def write(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write a zip. What was there stays until the new one is whole, and is then replaced.

    The same files make the same bytes: neither time nor owner is told.
    """
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as stream:
        pack(stream, files)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def pack(stream: IO[bytes], files: Iterable[tuple[str, bytes]]) -> None:
    """Write a zip into an open file; the same files make the same bytes."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, content)


def _check_whole(stream, limits: Limits) -> None:
    """Before Python reads the zip's directory: that alone may fill the memory."""
    found = os.fstat(stream.fileno())
    if not stat.S_ISREG(found.st_mode):
        raise ZipError("It is no ordinary file.")
    if found.st_size > limits.zip:
        raise ZipError(f"It is larger than {_size(limits.zip)}.")
    entries, end = 0, b""
    while block := stream.read(MB):
        entries += (end + block).count(_ENTRY)
        end = block[1 - len(_ENTRY) :]
    # A zip within the zip counts as well; hence not the limit itself.
    if entries > 10 * limits.files:
        raise ZipError(f"It holds more than {limits.files:,} files.")
    stream.seek(0)


def _entries(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        name = plain_name(entry.orig_filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.is_dir() or kind == stat.S_IFDIR:
            continue
        if kind not in (0, stat.S_IFREG):
            raise ZipError(f"“{one_line(name)}” in it is a link, or no ordinary file.")
        if entry.flag_bits & 0x1:
            raise ZipError("It is locked with a password. Ask for it without one.")
        if entry.file_size > limits.file:
            raise ZipError(f"“{one_line(name)}” in it is larger than {_size(limits.file)}.")
        if name in entries:
            raise ZipError(f"“{one_line(name)}” is in it twice.")
        entries[name] = entry
    if len(entries) > limits.files:
        raise ZipError(f"It holds more than {limits.files:,} files.")
    unpacked = sum(entry.file_size for entry in entries.values())
    packed = sum(entry.compress_size for entry in entries.values())
    if unpacked > limits.total:
        raise ZipError(f"Unpacked it would be larger than {_size(limits.total)}.")
    if unpacked > MODEST and unpacked > limits.ratio * packed:
        raise ZipError(f"Unpacked it would be more than {limits.ratio} times as large.")
    return entries


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ZipError(f"“{one_line(name)}” in it is packed in an unusual way. Zip it anew.")
    try:
        with archive.open(entry) as stream:
            # Python stops at the size that the directory tells, which was looked at above.
            return stream.read()
    except (zlib.error, EOFError, RuntimeError, ValueError) as wrong:
        raise ZipError(f"“{one_line(name)}” in it is damaged.") from wrong


def _size(size: int) -> str:
    return f"{size // MB:,} MB" if size >= MB else f"{size:,} bytes"
