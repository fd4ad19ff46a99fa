"""Zips that somebody else made: what is taken, and what is refused with a sentence."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapt_course import zips

LIMITS = zips.Limits(zip=30 * zips.MB, file=20 * zips.MB, total=25 * zips.MB, files=20)


def made(*entries, compression=zipfile.ZIP_DEFLATED) -> bytes:
    """The bytes of a zip of entries: a name or ZipInfo, and a content."""
    raw = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(raw, "w", compression) as archive:
        warnings.simplefilter("ignore")  # it warns of names that come twice
        for name, content in entries:
            archive.writestr(name, content, None if isinstance(name, str) else compression)
    return raw.getvalue()


def of_kind(name: str, kind: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (kind | 0o644) << 16
    return entry


def read(tmp_path, raw: bytes, limits=LIMITS) -> dict[str, bytes]:
    path = tmp_path / "some.zip"
    path.write_bytes(raw)
    return dict(zips.members(path, limits))


def refused(tmp_path, raw: bytes, limits=LIMITS) -> str:
    with pytest.raises(zips.ZipError) as wrong:
        read(tmp_path, raw, limits)
    return str(wrong.value)


def test_what_it_writes_it_reads(tmp_path):
    files = {"a.txt": b"one", "lena/zoë.jsonl": b"\x00" * 1000, "lena/empty": b""}
    path = tmp_path / "own.zip"
    zips.write(path, files.items())

    assert dict(zips.members(path, LIMITS)) == files
    first = path.read_bytes()
    zips.write(path, files.items())
    assert path.read_bytes() == first
    assert [each.name for each in tmp_path.iterdir()] == ["own.zip"]


def test_a_zip_is_whole_or_not_there(tmp_path):
    path = tmp_path / "own.zip"
    zips.write(path, [("a", b"before")])

    def broken_off():
        yield "a", b"after"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        zips.write(path, broken_off())
    assert dict(zips.members(path, LIMITS)) == {"a": b"before"}


def test_folders_and_odd_ways_to_write_a_name(tmp_path):
    """Folders are not files; some programs write a dot before, or Windows' own separator."""
    raw = made(("lena/", b""), ("./lena/a.txt", b"1"), ("lena\\b.txt", b"2"), ("e\u0301", b"3"))

    assert read(tmp_path, raw) == {"lena/a.txt": b"1", "lena/b.txt": b"2", "é": b"3"}


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../up.txt",
        "a/../../up.txt",
        "..\\up.txt",
        "\\\\server\\share",
        "C:\\up.txt",
        "c:up.txt",
        "a\nb",
        "a\x1bb",
        ".",
        "..",
        "a" * 501,
        "/".join("a" * 13),
    ],
)
def test_a_name_that_leads_elsewhere(tmp_path, name):
    told = refused(tmp_path, made(("fine.txt", b""), (name, b"x")))

    assert told.endswith("in it is not the name of a file in a folder.")
    assert told.isprintable()


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK]
)
def test_a_link_and_what_is_no_file(tmp_path, kind):
    told = refused(tmp_path, made((of_kind("a", kind), b"/etc/passwd")))

    assert told == "“a” in it is a link, or no ordinary file."


def test_a_name_that_comes_twice(tmp_path):
    assert refused(tmp_path, made(("a", b"1"), ("./a", b"2"))) == "“a” is in it twice."


def test_too_many_files(tmp_path):
    told = refused(tmp_path, made(*((f"{n}", b"") for n in range(21))))

    assert told == "It holds more than 20 files."


def test_a_directory_of_millions_is_not_even_read(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZipFile", None)
    entry = b"PK\x01\x02" + bytes(42)

    assert refused(tmp_path, entry * 100_000) == "It holds more than 20 files."


def test_too_large_a_file(tmp_path):
    told = refused(tmp_path, made(("a", bytes(20 * zips.MB + 1))))

    assert told == "“a” in it is larger than 20 MB."


def test_too_large_together(tmp_path):
    raw = made(("a", bytes(13 * zips.MB)), ("b", bytes(13 * zips.MB)))

    assert refused(tmp_path, raw) == "Unpacked it would be larger than 25 MB."


def test_a_bomb(tmp_path):
    raw = made(("a", bytes(15 * zips.MB)))

    assert len(raw) < 20_000
    assert refused(tmp_path, raw) == "Unpacked it would be more than 100 times as large."


def test_too_large_a_zip(tmp_path):
    limits = zips.Limits(zip=1000, file=10_000, total=10_000, files=1)

    told = refused(tmp_path, made(("a", bytes(2000)), compression=zipfile.ZIP_STORED), limits)
    assert told == "It is larger than 1,000 bytes."


def test_a_size_that_is_a_lie(tmp_path):
    """A file that says it is small is read no further than that."""
    raw = bytearray(made(("a", bytes(5 * zips.MB))))
    size = struct.pack("<I", 5 * zips.MB)
    assert raw.count(size) == 2
    at = raw.rindex(size)
    raw[at : at + 4] = struct.pack("<I", 10)

    assert refused(tmp_path, bytes(raw)) in (
        "“a” in it is damaged.",
        "It is not a zip, or was damaged on its way.",
    )


def test_a_password(tmp_path):
    raw = bytearray(made(("a", b"secret")))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1

    assert refused(tmp_path, bytes(raw)).startswith("It is locked with a password.")


def test_an_unusual_way_to_pack(tmp_path):
    told = refused(tmp_path, made(("a", b"x" * 100), compression=zipfile.ZIP_BZIP2))

    assert told == "“a” in it is packed in an unusual way. Zip it anew."


@pytest.mark.parametrize(
    "raw",
    [b"", b"PK", b"<html>Sign in</html>", made(("a", b"x" * 1000))[:-30], b"\x00" * 5000],
    # Names of their own: a zip holds the second it was made in, and both workers must agree.
    ids=["empty", "two-letters", "a-page", "cut-off", "zeros"],
)
def test_what_is_no_zip(tmp_path, raw):
    assert refused(tmp_path, raw) == "It is not a zip, or was damaged on its way."


def test_a_file_that_was_damaged(tmp_path):
    raw = bytearray(made(("a", b"x" * 1000), compression=zipfile.ZIP_STORED))
    raw[100] ^= 1

    assert refused(tmp_path, bytes(raw)) == "It is not a zip, or was damaged on its way."


def test_no_file_and_a_folder(tmp_path):
    for path in (tmp_path / "nothing.zip", tmp_path):
        with pytest.raises(zips.ZipError, match="It cannot be read: "):
            list(zips.members(path, LIMITS))


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255))))
def test_whatever_the_bytes_are(tmp_path_factory, more, changes):
    """A zip with any bytes changed is read, or refused with a sentence."""
    raw = bytearray(made(("lena/a.txt", b"abc" * 50), ("b", zlib.compress(b"x"))) + more)
    for at, value in changes:
        raw[at % len(raw)] = value
    path = tmp_path_factory.getbasetemp() / "fuzzed.zip"
    path.write_bytes(raw)
    try:
        for name, content in zips.members(path, LIMITS):
            assert name == zips.plain_name(name)
            assert len(content) <= LIMITS.file
    except zips.ZipError as wrong:
        assert str(wrong).isprintable()
