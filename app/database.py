"""The database: how it is reached, migrated and written to.

SQLite on one machine, PostgreSQL when that is outgrown; ``KINDERBIJSLAG_DATABASE_URL`` decides.
The ORM serves writes and ordinary pages. A few hot pages read with hand-written SQL through
``fetch_all``, kept beside the model it reads.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException
from tortoise.migrations.api import migrate as run_migrations
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

MODELS = (
    "app.dossiers.models",
    "app.auth.models",
    "app.notifications.models",
    "app.payments.models",
    "app.letters.models",
    "app.overview.models",
    "app.backoffice.models",
)

SQLITE_BUSY_MS = 30_000  # an import of 300,000 payments holds the write lock for some seconds


def tortoise_config(database_url: str, *, foreign_keys: bool = True) -> dict[str, Any]:
    """Tortoise's configuration for a database URL.

    ``foreign_keys=False`` is for migrations on SQLite alone: rebuilding a table with foreign
    keys on would silently delete the rows that refer to it.
    """
    return {
        "connections": {"default": _connection_url(database_url, foreign_keys=foreign_keys)},
        "apps": {
            "models": {
                "models": list(MODELS),
                "default_connection": "default",
                "migrations": "migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection_url(database_url: str, *, foreign_keys: bool) -> str:
    if is_sqlite(database_url):
        path = sqlite_path(database_url)
        switch = "ON" if foreign_keys else "OFF"
        return (
            f"sqlite://{path}?journal_mode=WAL&synchronous=NORMAL"
            f"&busy_timeout={SQLITE_BUSY_MS}&foreign_keys={switch}"
        )
    return "asyncpg://" + database_url.split("://", 1)[1]


def is_sqlite(database_url: str) -> bool:
    """Whether a database URL names a SQLite file."""
    return database_url.startswith("sqlite://")


def sqlite_path(database_url: str) -> Path:
    """The file behind ``sqlite:///relative.db`` or ``sqlite:////absolute.db``."""
    return Path(database_url.removeprefix("sqlite://").removeprefix("/").split("?")[0])


async def connect(database_url: str) -> None:
    """Open the database for this process; tables must have been migrated before."""
    EXECUTOR_CACHE.clear()  # statements of another database, when one process opens two in turn
    await Tortoise.init(config=tortoise_config(database_url), _enable_global_fallback=True)


async def disconnect() -> None:
    """Close every connection of this process."""
    await Tortoise.close_connections()


async def migrate(database_url: str) -> None:
    """Bring the tables up to the newest migration, keeping all data.

    Raises NotReady when the database does not answer, RuntimeError when SQLite's own check finds
    a reference to a row that is gone.
    """
    if is_sqlite(database_url):
        sqlite_path(database_url).parent.mkdir(parents=True, exist_ok=True)
    config = tortoise_config(database_url, foreign_keys=False)
    try:
        await Tortoise.init(config=config, init_connections=False)
        await _ping()
        await run_migrations(config=config)
        if is_sqlite(database_url):
            rows = await get_connection("default").execute_query_dict("PRAGMA foreign_key_check")
            if rows:
                raise RuntimeError(f"{len(rows)} rows refer to a row that is gone after migrating")
    finally:
        await Tortoise.close_connections()


UNREACHABLE = (BaseORMException, OSError, asyncpg.PostgresError, sqlite3.Error)


class NotReady(Exception):
    """The database cannot be served from yet; the text says why and what to do."""


async def check(database_url: str) -> None:
    """Raise NotReady unless the database answers and every migration has been applied."""
    if is_sqlite(database_url) and not sqlite_path(database_url).exists():
        raise NotReady("there is no database yet: run kinderbijslag migrate")
    config = tortoise_config(database_url)
    try:
        await Tortoise.init(config=config, init_connections=False)
        await _ping()
        pending = await MigrationExecutor(get_connection("default"), config["apps"]).plan()
    finally:
        await Tortoise.close_connections()
    if pending:
        raise NotReady(f"{len(pending)} migration(s) to apply: run kinderbijslag migrate")


async def _ping() -> None:
    try:
        await get_connection("default").execute_query("SELECT 1")
    except UNREACHABLE as error:
        raise NotReady(f"the database does not answer ({type(error).__name__})") from error


def is_connected() -> bool:
    """Whether ``connect`` has been called."""
    return bool(Tortoise._inited)


async def is_ready() -> bool:
    """Whether the database answers and its tables are there."""
    try:
        await fetch_all("SELECT 1 FROM batch LIMIT 1")
    except UNREACHABLE:
        return False
    return True


def connection() -> BaseDBAsyncClient:
    """The connection in use here: the open transaction's, else the shared one."""
    return get_connection("default")


def dialect() -> str:
    """``sqlite`` or ``postgres``."""
    return str(connection().capabilities.dialect)


@asynccontextmanager
async def transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """All or nothing. On SQLite the write lock is taken at once, so a read inside stays true."""
    async with in_transaction("default") as client:
        if client.capabilities.dialect == "sqlite":
            await client.execute_query("ROLLBACK")
            await client.execute_query("BEGIN IMMEDIATE")
        yield client


async def fetch_all(sql: str, values: Sequence[Any] = ()) -> Sequence[Any]:
    """Rows of a hand-written query with ``$1``-style places, by name or position.

    In: SQL that both databases understand. Out: rows (sqlite3.Row or asyncpg.Record).
    """
    client = connection()
    if client.capabilities.dialect == "sqlite":
        sql = _sqlite_places(sql)
    _, rows = await client.execute_query(sql, list(values))
    return rows


@lru_cache(maxsize=256)
def _sqlite_places(sql: str) -> str:
    return re.sub(r"\$(\d+)", r"?\1", sql)


def as_date(value: date | str) -> date:
    """A civil date from a hand-written query: SQLite keeps it as text."""
    return value if isinstance(value, date) else date.fromisoformat(value[:10])


def as_time(value: datetime | str) -> datetime:
    """An aware moment from a hand-written query: SQLite keeps it as text."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
