"""Databases for the tests of the letter room: SQLite, and PostgreSQL where a query is at stake."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from quart import Quart

from app import database
from tests import postgres
from tests.unit.letters.room import make_app


@pytest.fixture(scope="session")
async def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied by each test."""
    path = tmp_path_factory.mktemp("letters") / "migrated.sqlite3"
    await database.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
async def migrated_postgres() -> str:
    """The name of a PostgreSQL database with all tables, to be copied by each test."""
    url = postgres.create_database()
    await database.migrate(url)
    return postgres.name_of(url)


@asynccontextmanager
async def _copy(migrated: Path, folder: Path) -> AsyncIterator[None]:
    path = folder / "test.sqlite3"
    shutil.copy(migrated, path)
    await database.connect(f"sqlite:///{path}")
    yield
    await database.disconnect()


@pytest.fixture
async def sqlite(migrated: Path, tmp_path: Path) -> AsyncIterator[None]:
    """A SQLite database of this test's own."""
    async with _copy(migrated, tmp_path):
        yield


@pytest.fixture(params=["sqlite", "postgres"])
async def either_database(
    request: pytest.FixtureRequest, migrated: Path, migrated_postgres: str, tmp_path: Path
) -> AsyncIterator[None]:
    """A database of this test's own, once of each sort."""
    if request.param == "sqlite":
        async with _copy(migrated, tmp_path):
            yield
        return
    url = postgres.create_database(migrated_postgres)
    await database.connect(url)
    yield
    await database.disconnect()
    postgres.drop_database(url)


@pytest.fixture
async def app(sqlite: None, tmp_path: Path) -> Quart:
    """The letter room on a database of this test's own."""
    return make_app(tmp_path / "documents")
