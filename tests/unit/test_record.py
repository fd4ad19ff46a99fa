"""What was acknowledged is read back, whatever else happened to the file."""

import errno
import json
import multiprocessing
import os
import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapt_course import record
from mapt_course.record import Record, RecordError

FORK = "fork" in multiprocessing.get_all_start_methods()
needs_fork = pytest.mark.skipif(not FORK, reason="starts writers by fork")
LINE = (
    b'{"v": 1, "id": "e1", "at": "2026-01-05T09:30:00.000Z", "kind": "response", '
    b'"item": "roots-007", "response": "a"}'
)


def line(**change):
    return json.dumps(json.loads(LINE) | change).encode()


def ids(reading):
    return [event.id for event in reading.events]


def put(folder, content):
    (folder / record.NAME).write_bytes(content)
    return Record(folder)


# --- appending and reading ----------------------------------------------------------------


def test_what_was_appended_is_read(tmp_path):
    """Events come back as append returned them, in order."""
    trainee = Record(tmp_path)
    events = [
        trainee.append("opened", "roots-guess"),
        trainee.append("response", "roots-007", activity="roots-guess", response="a-b",
                       confidence="sure"),
        trainee.append("response", "roots-008", response={"é ü": "“typed” ✓ \u2028 \x00"}),
        trainee.append("response", "roots-009", response={"s": 3}),
        trainee.append("response", "roots-010", response=[]),
        trainee.append("reflection", "roots-r1", text="Two lines\r\nof text."),
        trainee.append("reflection", "roots-r2"),
    ]  # fmt: skip

    assert record.Reading(tuple(events), {}) == trainee.read()


def test_an_absent_file_has_no_events(tmp_path):
    """A trainee who has not begun."""
    trainee = Record(tmp_path)

    assert record.Reading((), {}) == trainee.read()
    assert (0, 0) == trainee.stamp()


def test_append_returns_what_a_reader_sees(tmp_path):
    """Tuples become lists and numbers as names become texts, as JSON has it."""
    trainee = Record(tmp_path)
    event = trainee.append("response", "roots-007", response=("a", "b"))

    assert ["a", "b"] == event.response
    assert (event,) == trainee.read().events


def test_the_time_is_utc(tmp_path):
    """ISO 8601 with milliseconds and a Z."""
    at = Record(tmp_path).append("opened", "roots-guess").at

    assert at.endswith("Z")
    assert timedelta(seconds=5) > abs(datetime.now(UTC) - datetime.fromisoformat(at))


def test_an_id_sent_twice_counts_once(tmp_path):
    """The first line of an id counts; later ones are not faults."""
    trainee = Record(tmp_path)
    trainee.append("response", "roots-007", event_id="mine", response="a")
    trainee.append("response", "roots-007", event_id="mine", response="b")
    reading = trainee.read()

    assert [("mine", "a")] == [(event.id, event.response) for event in reading.events]
    assert {} == reading.skipped


def test_the_stamp_changes_with_the_file(tmp_path):
    """A reader may keep what it read until then."""
    trainee = Record(tmp_path)
    trainee.append("opened", "roots-guess")
    before = trainee.stamp()
    trainee.append("opened", "roots-guess")

    assert before != trainee.stamp()


def test_the_latest_response_of_an_item_counts(tmp_path):
    """The folds: by item, in the file's order; hints and retries are no responses."""
    trainee = Record(tmp_path)
    first = trainee.append("response", "roots-007", response="a")
    trainee.append("hint", "roots-007")
    other = trainee.append("response", "roots-008", response=["x"])
    last = trainee.append("response", "roots-007", response="b")
    trainee.append("retry", "roots-007")
    text = trainee.append("reflection", "roots-r1", text="At last.")
    events = trainee.read().events

    assert {"roots-007": last, "roots-008": other, "roots-r1": text} == record.latest(events)
    assert {"roots-007": [first, last], "roots-008": [other]} == record.responses(events)


def cycle():
    found = []
    found.append(found)
    return found


def deep(depth):
    found = "a"
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "guess"},
        {"kind": 5},
        {"item": ""},
        {"item": None},
        {"item": "x" * 201},
        {"event_id": "x" * 201},
        {"activity": "x" * 201},
        {"event_id": "\ud800"},
        {"confidence": "very"},
        {"text": 5},
        {"text": "\udfff"},
        {"text": "x" * 300_000},
        {"response": None},
        {"response": 5},
        {"response": True},
        {"response": 0.5},
        {"response": float("nan")},
        {"response": object()},
        {"response": b"a"},
        {"response": {"a"}},
        {"response": ["\ud800"]},
        {"response": {"\ud800": "a"}},
        {"response": {"a": 1.0}},
        {"response": {"a": None}},
        {"response": {"a": ["b"]}},
        {"response": {"a": 10**5000}},
        {"response": [["a"]]},
        {"response": deep(100)},
        {"response": deep(100_000)},
        {"response": cycle()},
    ],
)
def test_what_the_format_does_not_allow_is_not_written(tmp_path, values):
    """ValueError with a plain line, and nothing in the file."""
    trainee = Record(tmp_path)
    with pytest.raises(ValueError, match=r"^(not an event of a record: |This text is too long)"):
        trainee.append(**{"kind": "response", "item": "roots-007", "response": "a"} | values)

    assert not trainee.path.exists()


# --- lines that are not events ------------------------------------------------------------

TORN = "a line is torn or not JSON"
KIND = "an event has a field of the wrong kind"
VERSION = "an event is of another version"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (LINE[:-1], TORN),
        (LINE[:20], TORN),
        (LINE + LINE, TORN),
        (b"\x00" * 4096, TORN),
        (b"\xff\xfe" + LINE.decode().encode("utf-16-le"), TORN),
        (LINE.replace(b"roots", b"ro\xc3ts"), TORN),
        (bytes(range(10)) + bytes(range(11, 256)), TORN),
        (b"[" * 100_000, TORN),
        (b'{"v":1,"response":' * 10_000, TORN),
        (LINE.replace(b'"a"', b"NaN"), TORN),
        (LINE.replace(b'"a"', b'{"a": ' + b"9" * 5000 + b"}"), TORN),
        (b"x" * 300_000, "a line is too long"),
        (b'"' + b"a text" * 20 + b'"', "a line is not an event"),
        (b'["v", 1, "id", "at", "kind", "item", "and", "so", "on", "and on"]',
         "a line is not an event"),
        (LINE.replace(b'"v": 1, ', b""), "a line is not an event"),
        (line(v=2), VERSION),
        (line(v="1"), VERSION),
        (line(v=True), VERSION),
        (line(v=1.0), VERSION),
        (line(v=None), VERSION),
        (line(kind="liked"), "an event is of an unknown kind"),
        (line(kind=["response"]), KIND),
        (line(id=7), KIND),
        (line(text=None), KIND),
        (line(id="\ud800"), KIND),
        (line(response=["\ud800"]), KIND),
        (line(response=None), KIND),
        (line(response=3), KIND),
        (LINE.replace(b'"a"', b'{"a": 1e999}'), KIND),
        (LINE.replace(b'"a"', b"[" * 200 + b"]" * 200), KIND),
        (line(id=""), "an event has no id or no item"),
        (line(item=""), "an event has no id or no item"),
        (line(item="x" * 201), "an event has no id or no item"),
        (line(confidence="very"), "an event has an unknown confidence"),
        (line(at=""), "an event has no time"),
        (line(at="yesterday"), "an event has no time"),
        (line(at="2026-13-05T09:30:00Z"), "an event has no time"),
        (line(at="2026-01-05T09:30:00"), "an event has no time"),
        (line(at="2026-01-05T09:30:00+01:00"), "an event has no time"),
    ],
)  # fmt: skip
def test_a_foreign_line_is_skipped_and_counted(tmp_path, content, reason):
    """The events before and after it are read."""
    reading = put(
        tmp_path, line(id="before") + b"\n" + content + b"\n" + line(id="after") + b"\n"
    ).read()

    assert ["before", "after"] == ids(reading)
    assert {reason: 1} == reading.skipped
    assert reason == record.parse(content)


@pytest.mark.parametrize(
    "content",
    [
        LINE,
        b"\xef\xbb\xbf" + LINE + b"\n",
        LINE + b"\r\n",
        b"\n\n  \r\n" + LINE + b"\n\n\t\n",
        line(unknown="field", more=[1, 2]),
        line(at="2026-01-05T09:30:00Z"),
        line(at="2026-01-05T09:30:00.123456+00:00"),
        LINE.replace(b"roots", b"r\\u006fots"),
    ],
)
def test_what_other_programs_write_is_read(tmp_path, content):
    """A byte order mark, other line ends, empty lines, further fields: no harm done."""
    reading = put(tmp_path, content).read()

    assert ["e1"] == ids(reading)
    assert ["roots-007"] == [event.item for event in reading.events]
    assert {} == reading.skipped


def test_an_append_after_a_torn_line_starts_a_line_of_its_own(tmp_path):
    """Nothing is glued to what a dying writer left."""
    trainee = put(tmp_path, LINE + b"\n" + line(id="torn")[:30])
    trainee.append("opened", "roots-guess", event_id="new")
    reading = trainee.read()

    assert ["e1", "new"] == ids(reading)
    assert {TORN: 1} == reading.skipped


def test_a_last_line_that_only_lacks_its_end_counts(tmp_path):
    """All of the event is there: it is read, and the next one stands below it."""
    trainee = put(tmp_path, LINE)
    trainee.append("opened", "roots-guess", event_id="new")

    assert ["e1", "new"] == ids(trainee.read())
    assert LINE + b"\n" == trainee.path.read_bytes()[: len(LINE) + 1]


def test_an_empty_file_is_a_record(tmp_path):
    """It takes events like an absent one."""
    trainee = put(tmp_path, b"")

    assert record.Reading((), {}) == trainee.read()
    assert trainee.append("opened", "roots-guess") in trainee.read().events


@given(st.lists(st.binary(max_size=80) | st.sampled_from([LINE, b"\n", b"{", b"\x00", b'"'])))
@settings(max_examples=120, deadline=None)
def test_reading_never_raises(tmp_path_factory, chunks):
    """Any bytes give events and counts."""
    trainee = put(tmp_path_factory.getbasetemp(), b"".join(chunks))
    reading = trainee.read()

    assert all(isinstance(event, record.Event) for event in reading.events)
    assert all(count > 0 for count in reading.skipped.values())


@given(st.lists(st.tuples(st.integers(0, len(LINE)), st.integers(0, 3), st.binary(max_size=3))))
@settings(max_examples=250, deadline=None)
def test_a_damaged_line_is_an_event_or_a_reason(changes):
    """What is read can be written again, and is the same event."""
    damaged = LINE
    for place, length, more in changes:
        damaged = damaged[:place] + more + damaged[place + length :]
    found = record.parse(damaged)

    assert isinstance(found, str) or found == record.parse(found.line())


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(["v", *record.TEXTS, "response"]), JSONISH, max_size=3)
    | st.fixed_dictionaries({"response": JSONISH})
)
@settings(max_examples=250, deadline=None)
def test_fields_of_any_kind_are_an_event_or_a_reason(change):
    """JSON values anywhere in a line: never an exception."""
    found = record.parse(line(**change))

    assert isinstance(found, str) or found == record.parse(found.line())


def test_a_file_over_the_cap_is_read_to_the_cap(tmp_path, monkeypatch):
    """Whole lines up to there; what is left out is told."""
    monkeypatch.setattr(record, "LARGEST_FILE", 3 * len(LINE))
    reading = put(tmp_path, b"".join(line(id=f"e{n}") + b"\n" for n in range(9))).read()

    assert ["e0", "e1"] == ids(reading)
    assert {"the file is too large; the rest was not read": 1} == reading.skipped


def test_nothing_is_acknowledged_that_readers_would_not_read(tmp_path, monkeypatch):
    """A full record takes no more, and says so."""
    monkeypatch.setattr(record, "LARGEST_FILE", 500)
    trainee, taken = Record(tmp_path), []
    with pytest.raises(RecordError, match=r"the file is full: move it away"):
        while True:
            taken.append(trainee.append("opened", "roots-guess").id)

    assert taken == ids(trainee.read())
    assert {} == trainee.read().skipped


def test_many_short_lines_are_skipped(tmp_path):
    """A file made to keep a trainer waiting: each line is looked at, none is parsed."""
    reading = put(tmp_path, b"{\n" * 2_000_000 + LINE).read()

    assert ["e1"] == ids(reading)
    assert {TORN: 2_000_000} == reading.skipped


# --- places that are no record ------------------------------------------------------------


def make_folder(path):
    path.mkdir()


def make_link(path):
    (path.parent / "elsewhere").write_bytes(LINE + b"\n")
    path.symlink_to(path.parent / "elsewhere")


def make_pipe(path):
    os.mkfifo(path)


@pytest.mark.parametrize("make", [make_folder, make_link, make_pipe])
def test_what_is_no_ordinary_file_is_neither_read_nor_written(tmp_path, make):
    """A folder, a link, a pipe: counted in reading, RecordError in writing, never a wait."""
    trainee = Record(tmp_path)
    make(trainee.path)
    before = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None

    assert record.Reading((), {"it is not an ordinary file: move it away": 1}) == trainee.read()
    with pytest.raises(RecordError, match="not an ordinary file: move it away"):
        trainee.append("opened", "roots-guess")
    if before is not None:
        assert len(before) == len(os.listdir("/proc/self/fd"))


def test_a_link_is_not_written_through(tmp_path):
    """The file it leads to stays as it was."""
    trainee = Record(tmp_path)
    make_link(trainee.path)
    with pytest.raises(RecordError):
        trainee.append("opened", "roots-guess")

    assert LINE + b"\n" == (tmp_path / "elsewhere").read_bytes()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """The message names the path and what to do."""
    trainee = Record(tmp_path / "absent")
    with pytest.raises(RecordError, match=r"absent.*No such file.*move the course folder"):
        trainee.append("opened", "roots-guess")

    assert record.Reading((), {}) == trainee.read()


def test_a_path_that_cannot_be_is_read_as_nothing(tmp_path):
    """A NUL in a name, a file where a folder should be."""
    (tmp_path / "file").write_bytes(b"")

    for folder in (tmp_path / "a\x00b", tmp_path / "file"):
        assert () == Record(folder).read().events


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_counted(tmp_path):
    """No rights: no events, and the system's reason; writing says what to do."""
    trainee = put(tmp_path, LINE)
    trainee.path.chmod(0)

    assert record.Reading((), {"Permission denied": 1}) == trainee.read()
    with pytest.raises(RecordError, match="a place you may write to"):
        trainee.append("opened", "roots-guess")


def test_a_refused_open_is_counted(tmp_path, monkeypatch):
    """The same, where the tests run as root."""

    def refuse(*args):
        raise PermissionError(errno.EACCES, "Permission denied")

    trainee = put(tmp_path, LINE)
    monkeypatch.setattr(os, "open", refuse)

    assert record.Reading((), {"Permission denied": 1}) == trainee.read()
    with pytest.raises(RecordError, match="a place you may write to"):
        trainee.append("opened", "roots-guess")


# --- the disk -----------------------------------------------------------------------------


def test_a_full_disk_acknowledges_nothing(tmp_path, monkeypatch):
    """Half a line reaches the disk: RecordError says what to do, and the next one is read."""
    trainee = Record(tmp_path)
    trainee.append("opened", "roots-guess", event_id="first")
    real = os.write
    space = [40]

    def write(file, content):
        if not space[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = real(file, content[: space[0]])
        space[0] -= written
        return written

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(RecordError, match=r"No space left.*Make room on the disk"):
            trainee.append("response", "roots-007", event_id="lost", response="a")
    trainee.append("opened", "roots-guess", event_id="next")
    reading = trainee.read()

    assert ["first", "next"] == ids(reading)
    assert {TORN: 1} == reading.skipped


def test_a_disk_that_cannot_sync_acknowledges_nothing(tmp_path, monkeypatch):
    """The event may be in the file, but nobody was told that it is safe; sent again, it counts."""

    def fail(file):
        raise OSError(errno.EIO, "Input/output error")

    trainee = Record(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(RecordError, match="Input/output error"):
            trainee.append("opened", "roots-guess", event_id="mine")
    trainee.append("opened", "roots-guess", event_id="mine")

    assert ["mine"] == ids(trainee.read())


def test_the_disk_is_synced_before_the_acknowledgement(tmp_path, monkeypatch):
    """One write, then fsync of the file, of a new file's folder too; only then append returns."""
    log, places = [], {}
    real_open, real_write, real_sync = os.open, os.write, os.fsync

    def open_(path, *args):
        file = real_open(path, *args)
        places[file] = os.path.basename(path)
        return file

    def write(file, content):
        log.append(("write", places[file]))
        return real_write(file, content)

    def sync(file):
        log.append(("fsync", places[file]))
        real_sync(file)

    trainee = Record(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", open_)
        patch.setattr(os, "write", write)
        patch.setattr(os, "fsync", sync)
        for _ in range(2):
            trainee.append("opened", "roots-guess")
            log.append("returned")

    assert [
        ("write", record.NAME), ("fsync", record.NAME), ("fsync", tmp_path.name), "returned",
        ("write", record.NAME), ("fsync", record.NAME), "returned",
    ] == log  # fmt: skip


def test_a_place_without_locks_takes_events(tmp_path, monkeypatch):
    """Windows has no fcntl, some network folders have no locks."""

    def refuse(*args):
        raise OSError(errno.ENOLCK, "No locks available")

    trainee = Record(tmp_path)
    if record.fcntl:
        with monkeypatch.context() as patch:
            patch.setattr(record.fcntl, "flock", refuse)
            trainee.append("opened", "roots-guess", event_id="no lock")
    monkeypatch.setattr(record, "fcntl", None)
    trainee.append("opened", "roots-guess", event_id="no module")

    assert "no module" == ids(trainee.read())[-1]


# --- several writers, and writers that die ------------------------------------------------


def fill(folder, told, chunk=0, count=0):
    """Append until killed (or so many); each acknowledged id goes down the pipe."""
    real = os.write
    if chunk:

        def write(file, content):
            time.sleep(0.0002)
            return real(file, content[:chunk])

        os.write = write
    trainee = Record(folder)
    while count != 1:
        event = trainee.append("response", "roots-007", response={"left": "right"})
        real(told, event.id.encode() + b"\n")
        count -= 1
    os._exit(0)


def killed_while_writing(folder, chunk, times):
    """Kill so many writers at random moments: acknowledged ids, and lines that they tore."""
    dice, fork = random.Random(chunk), multiprocessing.get_context("fork")
    told, torn = [], 0
    for _ in range(times):
        hears, tells = os.pipe()
        writer = fork.Process(target=fill, args=(folder, tells, chunk))
        writer.start()
        os.close(tells)
        first = os.read(hears, 33)  # the writer is at work now
        time.sleep(dice.random() * 0.02)
        writer.kill()
        writer.join()
        with os.fdopen(hears, "rb") as stream:
            told += (first + stream.read()).decode().split("\n")[:-1]
        last = Record(folder).path.read_bytes().rpartition(b"\n")[2]
        torn += bool(last) and isinstance(record.parse(last), str)
    return told, torn


@needs_fork
def test_what_was_acknowledged_survives_sigkill(tmp_path):
    """Forty writers killed at work: every id that they told is read back."""
    told, torn = killed_while_writing(tmp_path, 0, 40)
    reading = Record(tmp_path).read()

    assert len(told) >= 40
    assert set() == set(told) - set(ids(reading))
    assert torn == sum(reading.skipped.values())


@needs_fork
def test_torn_lines_of_killed_writers_are_counted(tmp_path):
    """Writers that write nine bytes at a time are killed in mid-line, and nothing else is lost."""
    told, torn = killed_while_writing(tmp_path, 9, 40)
    trainee = Record(tmp_path)
    last = trainee.append("opened", "roots-guess")
    reading = trainee.read()

    assert torn > 0
    assert {TORN: torn} == reading.skipped
    assert set() == {*told, last.id} - set(ids(reading))


@needs_fork
@pytest.mark.parametrize(("writers", "chunk"), [(2, 0), (4, 0), (2, 50)])
def test_several_writers_at_once_lose_nothing(tmp_path, writers, chunk):
    """Three hundred events each: all there, each whole, even where a write takes several steps."""
    fork = multiprocessing.get_context("fork")
    sink = os.open(os.devnull, os.O_WRONLY)
    count = 61 if chunk else 301
    started = [
        fork.Process(target=fill, args=(tmp_path, sink, chunk, count)) for _ in range(writers)
    ]
    for writer in started:
        writer.start()
    for writer in started:
        writer.join()
    os.close(sink)
    reading = Record(tmp_path).read()

    assert [0] * writers == [writer.exitcode for writer in started]
    assert writers * (count - 1) == len(reading.events)
    assert {} == reading.skipped
