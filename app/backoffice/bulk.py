"""Rows by the thousand, in one transaction on a connection of its own: SQLite or PostgreSQL.

The ORM makes an object of each row, which an import of 300,000 payments cannot afford. What an
import needs is little: look rows up by a list of keys, insert, update by id, delete.

Names of tables and columns are constants of this room; values are always bound.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, count
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg
import msgspec

from app.database import SQLITE_BUSY_MS, is_sqlite, sqlite_path
from app.notifications.sql import sqlite_places

Row = Sequence[Any]

_SQLITE_CACHE_KIB = 32_768  # index pages of a large payment table, and a bound on memory
_SQLITE_PLACES = 900  # in one statement; builds with the lowest limit take 999
_IMPORT_LOCK = 0x6B696E64  # any number, the same for every import
_POOL_OPTIONS = {"minsize", "maxsize", "max_queries", "max_inactive_connection_lifetime"}


class Bulk(Protocol):
    """One transaction of many rows."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgres``."""

    async def run(self, sql: str, values: Sequence[Any]) -> int:
        """Run one statement with ``$1``-style places; out: how many rows it wrote."""

    async def fetch(self, sql: str, values: Sequence[Any]) -> list[Row]:
        """The rows of a query with ``$1``-style places."""

    async def begin(self) -> None:
        """Start the transaction; waits for an import that is under way elsewhere."""

    async def commit(self) -> None:
        """Keep everything since ``begin``."""

    async def rollback(self) -> None:
        """Forget everything since ``begin``."""

    async def close(self) -> None:
        """End the connection."""

    def date(self, text: str) -> Any:
        """A civil date ``YYYY-MM-DD`` as this database takes it."""

    def moment(self, value: datetime) -> Any:
        """An aware moment as this database takes it."""

    async def select(self, table: str, columns: str, key: str, keys: Collection[Any]) -> list[Row]:
        """The named columns of every row whose ``key`` is among ``keys``."""

    async def ids(self, table: str, number: int) -> Iterator[int]:
        """At least so many ids for rows to come, used by nobody else."""

    async def insert(self, table: str, columns: str, rows: Sequence[Row]) -> None:
        """Add rows."""

    async def update(self, table: str, columns: str, rows: Sequence[Row]) -> None:
        """Change rows; the id of each is the last of its values."""

    async def delete(self, table: str, key: str, keys: Collection[Any]) -> None:
        """Remove every row whose ``key`` is among ``keys``."""

    async def add_one(self, table: str, column: str, key: str, keys: Collection[Any]) -> None:
        """Count ``column`` up by one in every row whose ``key`` is among ``keys``."""


@asynccontextmanager
async def open_bulk(database_url: str) -> AsyncIterator[Bulk]:
    """A connection of its own for an import; what was not committed is forgotten at the end."""
    bulk: Bulk
    if is_sqlite(database_url):
        bulk = SqliteBulk(database_url)
    else:
        bulk = PostgresBulk(await _connect(database_url))
    try:
        yield bulk
    finally:
        await bulk.close()


def _split(columns: str) -> list[str]:
    return columns.split(", ")


class SqliteBulk:
    """SQLite: the calls block, so an import does not run in a process that serves pages."""

    def __init__(self, database_url: str) -> None:
        path = sqlite_path(database_url)
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
        self._db.isolation_level = None  # transactions are begun and ended below
        self._next: dict[str, Iterator[int]] = {}
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            f"busy_timeout = {SQLITE_BUSY_MS}",
            f"cache_size = -{_SQLITE_CACHE_KIB}",
        ):
            self._db.execute(f"PRAGMA {pragma}")

    @property
    def dialect(self) -> str:
        return "sqlite"

    async def run(self, sql: str, values: Sequence[Any]) -> int:
        return self._db.execute(sqlite_places(sql), values).rowcount

    async def fetch(self, sql: str, values: Sequence[Any]) -> list[Row]:
        return self._db.execute(sqlite_places(sql), values).fetchall()

    async def begin(self) -> None:
        self._next = {}
        self._db.execute("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        self._db.execute("COMMIT")

    async def rollback(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    async def close(self) -> None:
        await self.rollback()
        self._db.close()

    def date(self, text: str) -> str:
        return text

    def moment(self, value: datetime) -> str:
        return value.isoformat(" ")

    async def select(self, table: str, columns: str, key: str, keys: Collection[Any]) -> list[Row]:
        if not keys:
            return []
        sql = f"SELECT {columns} FROM {table} WHERE {key} {_AMONG}"  # noqa: S608
        return self._db.execute(sql, (_listed(keys),)).fetchall()

    async def ids(self, table: str, number: int) -> Iterator[int]:
        if table not in self._next:  # nobody else writes until the transaction ends
            sql = f"""SELECT max(coalesce((SELECT max(id) FROM {table}), 0),
                coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0))"""  # noqa: S608
            self._next[table] = count(self._db.execute(sql, (table,)).fetchone()[0] + 1)
        return self._next[table]

    async def insert(self, table: str, columns: str, rows: Sequence[Row]) -> None:
        # Many rows a statement: starting one costs as much as a row (measured: 1.6 times as quick).
        width = len(_split(columns))
        together = max(1, _SQLITE_PLACES // width)
        places = f"({', '.join('?' * width)})"
        sql = f"INSERT INTO {table} ({columns}) VALUES {{}}"  # noqa: S608
        full = len(rows) - len(rows) % together
        values = [
            tuple(chain.from_iterable(rows[at : at + together])) for at in range(0, full, together)
        ]
        self._db.executemany(sql.format(", ".join([places] * together)), values)
        self._db.executemany(sql.format(places), rows[full:])

    async def update(self, table: str, columns: str, rows: Sequence[Row]) -> None:
        places = ", ".join(f"{column} = ?" for column in _split(columns))
        self._db.executemany(f"UPDATE {table} SET {places} WHERE id = ?", rows)  # noqa: S608

    async def delete(self, table: str, key: str, keys: Collection[Any]) -> None:
        if keys:
            sql = f"DELETE FROM {table} WHERE {key} {_AMONG}"  # noqa: S608
            self._db.execute(sql, (_listed(keys),))

    async def add_one(self, table: str, column: str, key: str, keys: Collection[Any]) -> None:
        if keys:
            sql = f"UPDATE {table} SET {column} = {column} + 1 WHERE {key} {_AMONG}"  # noqa: S608
            self._db.execute(sql, (_listed(keys),))


_AMONG = "IN (SELECT value FROM json_each(?))"


def _listed(keys: Collection[Any]) -> str:
    return msgspec.json.encode(list(keys)).decode()


async def _connect(database_url: str) -> Any:
    parts = urlsplit(database_url)
    options = [
        ("sslmode" if name == "ssl" else name, value)  # as the ORM calls it, and as libpq does
        for name, value in parse_qsl(parts.query)
        if name not in _POOL_OPTIONS
    ]
    url = urlunsplit(parts._replace(scheme="postgresql", query=urlencode(options)))
    # A plan made once for a small table would be kept while the table grows under it.
    return await asyncpg.connect(url, server_settings={"plan_cache_mode": "force_custom_plan"})


class PostgresBulk:
    """PostgreSQL: new rows go by COPY, over the binary protocol."""

    def __init__(self, connection: Any) -> None:
        self._db = connection
        self._transaction: Any = None

    @property
    def dialect(self) -> str:
        return "postgres"

    async def run(self, sql: str, values: Sequence[Any]) -> int:
        status: str = await self._db.execute(sql, *values)  # "INSERT 0 5", "UPDATE 5"
        return int(status.rpartition(" ")[2])

    async def fetch(self, sql: str, values: Sequence[Any]) -> list[Row]:
        rows: list[Row] = await self._db.fetch(sql, *values)
        return rows

    async def begin(self) -> None:
        self._transaction = self._db.transaction()
        await self._transaction.start()
        await self._db.execute("SELECT pg_advisory_xact_lock($1)", _IMPORT_LOCK)

    async def commit(self) -> None:
        transaction, self._transaction = self._transaction, None
        await transaction.commit()

    async def rollback(self) -> None:
        if self._transaction is not None:
            transaction, self._transaction = self._transaction, None
            await transaction.rollback()

    async def close(self) -> None:
        await self._db.close()

    def date(self, text: str) -> date:
        return _date(text)

    def moment(self, value: datetime) -> datetime:
        return value

    async def select(self, table: str, columns: str, key: str, keys: Collection[Any]) -> list[Row]:
        if not keys:
            return []
        sql = f"SELECT {columns} FROM {table} WHERE {key} = ANY($1)"  # noqa: S608
        rows: list[Row] = await self._db.fetch(sql, list(keys))
        return rows

    async def ids(self, table: str, number: int) -> Iterator[int]:
        sql = """SELECT array_agg(nextval(pg_get_serial_sequence($1, 'id')))
            FROM generate_series(1, $2::int)"""
        return iter(await self._db.fetchval(sql, table, number) or ())

    async def insert(self, table: str, columns: str, rows: Sequence[Row]) -> None:
        if rows:
            await self._db.copy_records_to_table(table, records=rows, columns=_split(columns))

    async def update(self, table: str, columns: str, rows: Sequence[Row]) -> None:
        if rows:
            names = _split(columns)
            places = ", ".join(f"{column} = ${at}" for at, column in enumerate(names, 1))
            sql = f"UPDATE {table} SET {places} WHERE id = ${len(names) + 1}"  # noqa: S608
            await self._db.executemany(sql, rows)

    async def delete(self, table: str, key: str, keys: Collection[Any]) -> None:
        if keys:
            sql = f"DELETE FROM {table} WHERE {key} = ANY($1)"  # noqa: S608
            await self._db.execute(sql, list(keys))

    async def add_one(self, table: str, column: str, key: str, keys: Collection[Any]) -> None:
        if keys:
            sql = f"UPDATE {table} SET {column} = {column} + 1 WHERE {key} = ANY($1)"  # noqa: S608
            await self._db.execute(sql, list(keys))


@lru_cache(maxsize=4096)
def _date(text: str) -> date:
    return date.fromisoformat(text)
