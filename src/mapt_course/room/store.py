"""Where a room's events are kept: SQLite in a file, or PostgreSQL by its URL.

Events are appended, never changed. :meth:`Store.append` returns once they are on the disk, so what
was acknowledged after it survives a kill and a power cut. No secret is kept: of a seat's token
only its hash.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from .events import Event

TABLES = sa.MetaData()
ROOMS = sa.Table(
    "rooms",
    TABLES,
    sa.Column("room", sa.String(32), primary_key=True),
    sa.Column("opened", sa.String(40), nullable=False),
)
EVENTS = sa.Table(
    "events",
    TABLES,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("room", sa.String(32), sa.ForeignKey("rooms.room"), nullable=False),
    sa.Column("sender", sa.String(16), nullable=False),
    sa.Column("id", sa.String(40), nullable=False),
    sa.Column("op", sa.String(16), nullable=False),
    sa.Column("args", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.UniqueConstraint("room", "sender", "id"),
    sqlite_autoincrement=True,
)
SEATS = sa.Table(
    "seats",
    TABLES,
    sa.Column("room", sa.String(32), sa.ForeignKey("rooms.room"), primary_key=True),
    sa.Column("seat", sa.String(16), primary_key=True),
    sa.Column("token", sa.String(64), nullable=False),
)


IN_USE = "This room is open in another window already. Use that one, or close it first."
LOCK = 0x6D617074  # any number that is ours


class StoreError(Exception):
    """The database cannot be used; the message says what to do."""


class Store:
    """A database of rooms. ``where``: the path of a file, or a URL such as
    ``postgresql://user@host/name``. StoreError where it cannot be opened."""

    def __init__(self, where: str | Path):
        self.path = None if "://" in str(where) else Path(where).expanduser().absolute()
        try:
            self._engine = sa.create_engine(
                _url(str(where), self.path), pool_pre_ping=True, hide_parameters=True
            )
            if self.path:
                sa.event.listen(self._engine, "connect", _set_up_sqlite)
            TABLES.create_all(self._engine)
        except ModuleNotFoundError:
            raise  # “mapt” says how to get it
        except ArgumentError:
            raise StoreError(
                "This is no address of a database. Give a file, or a URL such as "
                "postgresql://name@host/database."
            ) from None
        except (SQLAlchemyError, OSError) as error:
            raise StoreError(_cannot_open(self.path)) from error
        self._claim: Any = None

    def claim(self) -> None:
        """Be the only one who writes here, until :meth:`close` or the end of this process.

        StoreError where another does. A second room would not see what the first one takes.
        """
        if self.path:
            lock = self.path.with_name(f"{self.path.name}.open")
            self._claim = sqlite3.connect(lock, timeout=0, isolation_level=None)
            try:
                self._claim.execute("BEGIN EXCLUSIVE")  # a lock that ends with its process
            except sqlite3.OperationalError:
                raise StoreError(IN_USE) from None
        else:
            self._claim = self._engine.connect()
            if not self._claim.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))):
                raise StoreError(IN_USE)

    def newest(self) -> tuple[str, bool]:
        """The newest room ("" where there is none), and whether it was closed."""
        newest = sa.select(ROOMS.c.room).order_by(ROOMS.c.opened.desc(), ROOMS.c.room).limit(1)
        with self._engine.connect() as connection:
            room = connection.scalar(newest) or ""
            closed = sa.select(EVENTS.c.seq).where(EVENTS.c.room == room, EVENTS.c.op == "close")
            return room, connection.scalar(closed.limit(1)) is not None

    def opened(self, room: str) -> str:
        """When a room was opened first: ISO 8601, UTC."""
        with self._engine.connect() as connection:
            return connection.scalar(sa.select(ROOMS.c.opened).where(ROOMS.c.room == room))

    def room(self) -> str:
        """The id of the newest room, unless it was closed; else of a new one."""
        room, is_closed = self.newest()
        if is_closed or not room:
            room = secrets.token_hex(8)
            opened = datetime.now(UTC).isoformat()
            with self._engine.begin() as connection:
                connection.execute(ROOMS.insert().values(room=room, opened=opened))
        return room

    def forget(self, room: str) -> None:
        """Delete all that is kept of a room, so that it cannot be read from the file either."""
        with self._engine.begin() as connection:
            for table in (EVENTS, SEATS, ROOMS):
                connection.execute(table.delete().where(table.c.room == room))
        if self.path:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
                plain.execute(sa.text("VACUUM"))
                plain.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def append(
        self, room: str, events: Iterable[Event], tokens: Mapping[str, str] | None = None
    ) -> None:
        """Keep events, all or none of them. ``tokens``: the hash of each new seat's token."""
        rows = [
            {
                "room": room,
                "sender": event.by,
                "id": event.id,
                "op": event.op,
                "args": json.dumps(event.args, separators=(",", ":")),
                "at": event.at,
            }
            for event in events
        ]
        seats = [{"room": room, "seat": s, "token": t} for s, t in (tokens or {}).items()]
        with self._engine.begin() as connection:
            if rows:
                connection.execute(EVENTS.insert(), rows)
            if seats:
                connection.execute(SEATS.insert(), seats)

    def events(self, room: str) -> list[Event]:
        """All that happened in a room, in its order."""
        columns = [EVENTS.c[name] for name in ("id", "sender", "op", "args", "at")]
        query = sa.select(*columns).where(EVENTS.c.room == room).order_by(EVENTS.c.seq)
        with self._engine.connect() as connection:
            return [
                Event(name, sender, op, json.loads(args), at)
                for name, sender, op, args, at in connection.execute(query)
            ]

    def seats(self, room: str) -> dict[str, str]:
        """The seat that each token's hash opens."""
        query = sa.select(SEATS.c.token, SEATS.c.seat).where(SEATS.c.room == room)
        with self._engine.connect() as connection:
            return {token: seat for token, seat in connection.execute(query)}

    def close(self) -> None:
        """Let go of the database."""
        if self._claim is not None:
            self._claim.close()
        self._engine.dispose()


def _url(where: str, path: Path | None) -> sa.URL:
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        return sa.URL.create("sqlite", database=str(path))
    url = sa.make_url(where)
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername != "postgresql+psycopg":
        raise ArgumentError(where)
    return url


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # with WAL, NORMAL could lose the last commits
    connection.execute("PRAGMA busy_timeout = 5000")


def _cannot_open(path: Path | None) -> str:
    if path:
        return f"“{path}” cannot be used as the room's file. Give another one with --database."
    return "The database does not answer, or does not let you in. Look at its address once more."
