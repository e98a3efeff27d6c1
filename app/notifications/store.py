"""The worker's own connection to the database, beside that of the portal's pages.

On SQLite its calls run in a thread of their own: while an import holds the write lock the worker
waits, and the pages do not. ``data_version`` tells cheaply that another connection has written.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from app.database import SQLITE_BUSY_MS, is_sqlite, sqlite_path
from app.notifications.sql import sqlite_places

Row = Sequence[Any]
Statement = tuple[str, Sequence[Any]]
_T = TypeVar("_T")
_CLAIM_LOCK = 0x6F757462  # any number, the same for every worker

FAILURES = (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


class Store(Protocol):
    """What the outbox needs of a database; ``$1``-style places throughout."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgres``."""

    async def fetch(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query."""

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run one statement on its own; out: how many rows it wrote."""

    async def claim(self, sql: str, values: Sequence[Any]) -> list[Row]:
        """The rows of ``UPDATE … RETURNING``, one worker at a time."""

    async def write(self, statements: Sequence[Statement]) -> None:
        """Run several statements, all or none."""


@asynccontextmanager
async def open_store(database_url: str) -> AsyncIterator[SqliteStore | PostgresStore]:
    """A connection of one's own, closed at the end. Raises FAILURES when there is none."""
    store = (
        await SqliteStore.open(database_url)
        if is_sqlite(database_url)
        else await PostgresStore.open(database_url)
    )
    try:
        yield store
    finally:
        await store.close()


class SqliteStore:
    """SQLite, in one thread."""

    dialect = "sqlite"

    def __init__(self, thread: ThreadPoolExecutor, db: sqlite3.Connection) -> None:
        self._thread = thread
        self._db = db

    @classmethod
    async def open(cls, database_url: str) -> SqliteStore:
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox")
        loop = asyncio.get_running_loop()
        return cls(thread, await loop.run_in_executor(thread, _connect_sqlite, database_url))

    async def close(self) -> None:
        await self._in_thread(self._db.close)
        self._thread.shutdown()

    async def _in_thread(self, work: Callable[..., _T], *arguments: Any) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, work, *arguments)

    async def fetch(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        return await self._in_thread(self._fetch, sql, values)

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        return await self._in_thread(lambda: self._db.execute(sqlite_places(sql), values).rowcount)

    async def claim(self, sql: str, values: Sequence[Any]) -> list[Row]:
        # One statement is a transaction of its own, and takes the write lock before it reads.
        return await self.fetch(sql, values)

    async def write(self, statements: Sequence[Statement]) -> None:
        await self._in_thread(self._write, statements)

    async def data_version(self) -> int:
        """A number that changes when another connection has written."""
        version: int = (await self.fetch("PRAGMA data_version"))[0][0]
        return version

    def _fetch(self, sql: str, values: Sequence[Any]) -> list[Row]:
        return self._db.execute(sqlite_places(sql), values).fetchall()

    def _write(self, statements: Sequence[Statement]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for sql, values in statements:
                self._db.execute(sqlite_places(sql), values)
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


def _connect_sqlite(database_url: str) -> sqlite3.Connection:
    path = sqlite_path(database_url).absolute()
    db = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {SQLITE_BUSY_MS}",
    ):
        db.execute(f"PRAGMA {pragma}")
    return db


def postgres_address(database_url: str) -> str:
    """The address without the options of Tortoise's pool."""
    return urlunsplit(urlsplit(database_url)._replace(scheme="postgresql"))


class PostgresStore:
    """PostgreSQL, over one connection, a statement at a time."""

    dialect = "postgres"

    def __init__(self, db: Any) -> None:
        self._db = db
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, database_url: str) -> PostgresStore:
        # A plan made once for a small outbox would be kept while an import fills it.
        settings = {"plan_cache_mode": "force_custom_plan"}
        address = postgres_address(database_url)
        return cls(await asyncpg.connect(address, server_settings=settings))

    async def close(self) -> None:
        await self._db.close(timeout=5)

    async def fetch(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        async with self._turn:
            rows: list[Row] = await self._db.fetch(sql, *values)
        return rows

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        async with self._turn:
            status: str = await self._db.execute(sql, *values)
        return int(status.rpartition(" ")[2])

    async def claim(self, sql: str, values: Sequence[Any]) -> list[Row]:
        # In turn, so that two workers never share the rows of one message between them.
        async with self._turn, self._db.transaction():
            await self._db.execute("SELECT pg_advisory_xact_lock($1)", _CLAIM_LOCK)
            rows: list[Row] = await self._db.fetch(sql, *values)
        return rows

    async def write(self, statements: Sequence[Statement]) -> None:
        async with self._turn, self._db.transaction():
            for sql, values in statements:
                await self._db.execute(sql, *values)
