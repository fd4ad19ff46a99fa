"""Databases for the room's tests."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

import postgres
import pytest
import sqlalchemy as sa


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch) -> None:
    """The secret of a room in a server's database is kept in the user's folder: not in ours."""
    for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL server. Without one the test is skipped; where CI=true it fails."""
    programs = postgres.find()
    if programs is None:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(postgres.MISSING, pytrace=False)
        pytest.skip(postgres.MISSING)
    with postgres.running(programs) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """An empty database of that server."""
    name = f"room_{secrets.token_hex(4)}"
    engine = sa.create_engine(
        postgres_server.replace("postgresql:", "postgresql+psycopg:", 1),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgres_server.replace("/postgres?", f"/{name}?", 1)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path) -> str:
    """Each of the two databases."""
    if request.param == "sqlite":
        return str(tmp_path / "room.sqlite")
    return request.getfixturevalue("postgres_url")
