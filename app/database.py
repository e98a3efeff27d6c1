"""The database: how it is reached, migrated and written to.

SQLite on one machine, PostgreSQL when that is outgrown; ``KINDERBIJSLAG_DATABASE_URL`` decides.
The ORM serves writes and ordinary pages. A few hot pages read with hand-written SQL through
``fetch_all``, kept beside the model it reads.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException, ConfigurationError
from tortoise.migrations.api import migrate as run_migrations
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

from app.beside import package
from app.patient_sqlite import patiently
from app.settings import PREFIX
from app.sqlite_reads import SqliteReader

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

_reader: SqliteReader | None = None  # of the database that is connected, when it is SQLite
_in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)


def tortoise_config(database_url: str, *, foreign_keys: bool = True) -> dict[str, Any]:
    """Tortoise's configuration for a database URL.

    ``foreign_keys=False`` is for migrations on SQLite alone: rebuilding a table with foreign
    keys on would silently delete the rows that refer to it.
    """
    return {
        "connections": {"default": _connection(database_url, foreign_keys=foreign_keys)},
        "apps": {
            "models": {
                "models": list(MODELS),
                "default_connection": "default",
                "migrations": package("migrations"),
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(database_url: str, *, foreign_keys: bool) -> str | dict[str, Any]:
    if not is_sqlite(database_url):
        rest = database_url.split("://", 1)[1]
        return "asyncpg://" + re.sub(r"([?&])sslmode=", r"\1ssl=", rest)  # libpq's name of it
    credentials = {
        "file_path": str(sqlite_path(database_url)),
        "journal_mode": "WAL",
        "synchronous": "NORMAL",
        # The patient client waits by itself, and lets others pass meanwhile. Migrations do not.
        "busy_timeout": 0 if foreign_keys else SQLITE_BUSY_MS,
        "foreign_keys": "ON" if foreign_keys else "OFF",
    }
    return {"engine": "app.patient_sqlite", "credentials": credentials}


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
    global _reader
    _reader = SqliteReader(sqlite_path(database_url)) if is_sqlite(database_url) else None


async def disconnect() -> None:
    """Close every connection of this process."""
    global _reader
    if _reader is not None:
        await _reader.close()
        _reader = None
    await Tortoise.close_connections()


async def migrate(database_url: str) -> None:
    """Bring the tables up to the newest migration, keeping all data.

    Raises NotReady when the database does not answer, RuntimeError when SQLite's own check finds
    a reference to a row that is gone.
    """
    if is_sqlite(database_url):
        sqlite_path(database_url).parent.mkdir(parents=True, exist_ok=True)
    config = tortoise_config(database_url, foreign_keys=False)
    async with _opened(config):
        await run_migrations(config=config)  # which opens a connection of its own
        if is_sqlite(database_url):
            rows = await get_connection("default").execute_query_dict("PRAGMA foreign_key_check")
            if rows:
                raise RuntimeError(f"{len(rows)} rows refer to a row that is gone after migrating")


UNREACHABLE = (BaseORMException, OSError, asyncpg.PostgresError, sqlite3.Error)


class NotReady(Exception):
    """The database cannot be served from yet; the text says why and what to do."""


async def check(database_url: str) -> None:
    """Raise NotReady unless the database answers and every migration has been applied."""
    if is_sqlite(database_url) and not sqlite_path(database_url).exists():
        raise NotReady("there is no database yet: run kinderbijslag migrate")
    config = tortoise_config(database_url)
    async with _opened(config):
        pending = await MigrationExecutor(get_connection("default"), config["apps"]).plan()
    if pending:
        raise NotReady(f"{len(pending)} migration(s) to apply: run kinderbijslag migrate")


@asynccontextmanager
async def _opened(config: dict[str, Any]) -> AsyncIterator[None]:
    """Open the database for a moment. Raises NotReady unless it answers."""
    wrong = NotReady(f"{PREFIX}DATABASE_URL has a port or an option that cannot be")
    try:
        await Tortoise.init(config=config, init_connections=False)
        get_connection("default")
    except (ConfigurationError, ValueError) as error:
        raise wrong from error
    try:
        await _ping(wrong)
        yield
    finally:
        await Tortoise.close_connections()


async def _ping(wrong: NotReady) -> None:
    try:
        await get_connection("default").execute_query("SELECT 1")
    except TypeError as error:  # the driver takes options by their name
        raise wrong from error
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
    """All or nothing. On SQLite the write lock is taken at once, so a read inside stays true.

    Within another transaction it is a part of that one, which may fail alone.
    """
    if isinstance(connection(), TransactionalDBClient):
        async with in_transaction("default") as part:
            yield part
        return
    async with AsyncExitStack() as stack:
        client = await patiently(lambda: _begin(stack))
        token = _in_transaction.set(True)
        try:
            yield client
        finally:
            _in_transaction.reset(token)


async def _begin(stack: AsyncExitStack) -> BaseDBAsyncClient:
    async with AsyncExitStack() as attempt:
        client = await attempt.enter_async_context(in_transaction("default"))
        if client.capabilities.dialect == "sqlite":
            await client.execute_query("ROLLBACK")
            await client.execute_query("BEGIN IMMEDIATE")
        stack.push_async_exit(attempt.pop_all())
    return client


async def fetch_all(sql: str, values: Sequence[Any] = ()) -> Sequence[Any]:
    """Rows of a hand-written query with ``$1``-style places, by name or position.

    It reads; on SQLite outside a transaction it cannot write.
    In: SQL that both databases understand. Out: rows (sqlite3.Row or asyncpg.Record).
    """
    if _reader is not None and not _in_transaction.get():
        return await _reader.fetch_all(_sqlite_places(sql), values)
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
    return _date(value) if isinstance(value, str) else value


@lru_cache(maxsize=8_192)
def _date(text: str) -> date:
    return date.fromisoformat(text[:10])


def as_time(value: datetime | str) -> datetime:
    """An aware moment from a hand-written query: SQLite keeps it as text."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
