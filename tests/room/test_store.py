"""The room's database, on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import stat

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from mapt_course.room import door
from mapt_course.room.events import FACILITATOR, ROOM, Event
from mapt_course.room.store import Store, StoreError

AT = "2026-03-02T09:30:00+00:00"


def event(name: str, by: str = "s1", op: str = "note", **args) -> Event:
    return Event(name, by, op, args, AT)


@pytest.fixture
def store(database):
    opened = Store(database)
    yield opened
    opened.close()


def test_what_was_kept_comes_back_in_its_order(store, database):
    room = store.room()
    odd = "“Ä” 🙂 \ud800 \x00 <script>alert(1)</script> '; DROP TABLE events; --"
    first = [event("a", text=odd, nested={"x": [1, None, True, 1.5]}), event("b", by="s2")]
    store.append(room, first)
    store.append(room, [event("a", by=FACILITATOR)])
    again = Store(database)

    assert room == again.room()
    assert [*first, event("a", by=FACILITATOR)] == again.events(room)
    again.close()


def test_an_operation_is_kept_once_and_a_commit_is_whole_or_not_at_all(store):
    room = store.room()
    store.append(room, [event("a", n=1)])
    with pytest.raises(IntegrityError):
        store.append(room, [event("b"), event("a", n=2)], {"s9": "hash"})

    assert [event("a", n=1)] == store.events(room)
    assert {} == store.seats(room)


def test_a_closed_room_is_followed_by_a_new_one(store):
    room = store.room()
    store.append(room, [event("a")])
    store.append(room, [event("c", by=FACILITATOR, op="close")])
    new = store.room()
    store.append(new, [event("a")])

    assert new != room
    assert new == store.room()
    assert 2 == len(store.events(room))
    assert 1 == len(store.events(new))


def test_a_seat_is_found_by_the_hash_of_its_token(store):
    room, token = store.room(), door.new_token()
    store.append(room, [event("s1", by=ROOM, op="join")], {"s1": door.hashed(token)})

    assert {door.hashed(token): "s1"} == store.seats(room)


def test_only_one_room_writes_to_a_database(store, database):
    store.claim()
    second = Store(database)
    with pytest.raises(StoreError, match="open in another window"):
        second.claim()
    second.close()
    store.close()
    third = Store(database)
    third.claim()
    third.close()


def test_sqlite_writes_through_to_the_disk(tmp_path):
    store = Store(tmp_path / "deep" / "room.sqlite")
    with store._engine.connect() as connection:
        assert "wal" == connection.scalar(sa.text("PRAGMA journal_mode"))
        assert 2 == connection.scalar(sa.text("PRAGMA synchronous"))  # FULL
    store.close()


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("mysql://a@b/c", "no address of a database"),
        ("://", "no address of a database"),
        ("sqlite:///x", "no address of a database"),
        ("postgresql://mapt@/x?host=/nowhere", "does not answer"),
        ("{tmp}", "Give another one with --database"),
        ("{tmp}/text", "Give another one with --database"),
        ("{tmp}/text/room.sqlite", "Give another one with --database"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(where, told, tmp_path):
    (tmp_path / "text").write_text("no database" * 100)
    with pytest.raises(StoreError, match=told):
        Store(where.format(tmp=tmp_path))

    assert "no database" * 100 == (tmp_path / "text").read_text()


def test_the_secret_is_for_its_owner_alone_and_stays_the_same(tmp_path):
    path = tmp_path / "new" / "room.secret"
    secret = door.secret_of(path)

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert secret == door.secret_of(path)
    assert secret != door.secret_of(tmp_path / "other")
    path.write_text("short")
    with pytest.raises(StoreError, match="damaged"):
        door.secret_of(path)


def test_code_and_key_belong_to_the_secret_and_the_room():
    one, same, other = door.Door(b"a", "1"), door.Door(b"a", "1"), door.Door(b"a", "2")

    assert (one.code, one.key, one.pass_) == (same.code, same.key, same.pass_)
    assert 6 == len({one.code, other.code, one.key, other.key, one.pass_, other.pass_})
    assert 6 == len(one.code)
    assert set(one.code) <= set(door.LETTERS)
    assert one.opens(f" {one.code[:3].lower()} {one.code[3:]}")
    assert not any(one.opens(code) for code in ("", None, 5, [one.code], other.code, "é", one.key))
    assert not any(one.leads(key) for key in ("", None, one.code, other.key, one.pass_))
    assert not any(one.is_facilitator(cookie) for cookie in ("", None, one.key, other.pass_))
