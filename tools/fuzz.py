"""Any bytes as a record, as a notebook and as a hand-in: marked, or refused in a sentence.

Where atheris is installed (``pip install atheris``; Linux and macOS, Python up to 3.11):

    python tools/fuzz.py SECONDS

Each input is kept to what a file may hold; a crash is written beside this command and ends it.
The hypothesis tests of ``tests/`` do the same for a few hundred inputs, everywhere.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mapt_course"]):
    from mapt_course import bank as banks
    from mapt_course import record
    from mapt_course.marking import folder, intake, marker, zips

ROOT = Path(__file__).parents[1]
NAME = "roots-check"
BANK = banks.read(ROOT / "solutions" / NAME / "items.toml")
PLACE = Path(tempfile.mkdtemp())


def one(content: bytes) -> None:
    """The first byte says what the rest is."""
    kind, rest = content[:1], content[1:]
    if kind < b"\x55":
        path = PLACE / record.NAME
        path.write_bytes(rest)
        marker.mark_events(BANK, record.read(path).events)
    elif kind < b"\xaa":
        (PLACE / f"{NAME}.ipynb").write_bytes(rest)
        folder.read_submission(PLACE, NAME)
    else:
        try:
            intake.read(ROOT, "x.zip" if kind < b"\xd5" else "x.txt", rest)
        except zips.ZipError as wrong:
            assert str(wrong).endswith("."), wrong


if __name__ == "__main__":
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    seeds = PLACE / "seeds"
    seeds.mkdir()
    line = record.Event("1", "2026-11-24T09:00:00Z", "response", f"{NAME}-2", response="x").line()
    handed = record.Event("2", "2026-11-24T09:00:00Z", "handed-in", NAME, text="lena").line()
    notebook = (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_bytes()
    zips.write(PLACE / "seed.zip", [(record.NAME, line + handed)])
    packed = (PLACE / "seed.zip").read_bytes()
    for first, rest in (1, line), (0x60, notebook), (0xB0, packed), (0xFF, line + handed):
        (seeds / str(first)).write_bytes(bytes([first]) + rest)
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=70000", str(seeds)], one)
    atheris.Fuzz()
