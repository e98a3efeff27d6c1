"""SQL of this room, in the words of the database at hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

import msgspec

from app import database

BELL = "outbox"  # the channel of PostgreSQL's NOTIFY
# «is one of the list $1»; a SQLite list goes as JSON, so that a statement takes any number.
AMONG = {"sqlite": "IN (SELECT value FROM json_each($1))", "postgres": "= ANY($1::bigint[])"}
MOMENT = {"sqlite": "{}", "postgres": "{}::timestamptz"}


class Statements(Protocol):
    """A transaction in which to write: that of an import, or of the portal."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgres``."""

    async def run(self, sql: str, values: Sequence[Any]) -> int:
        """Run one statement with ``$1``-style places; out: how many rows it wrote."""

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The rows of a query with ``$1``-style places."""


def listed(dialect: str, keys: Collection[int]) -> object:
    """A list of ids as a bound value for ``AMONG``."""
    return msgspec.json.encode(list(keys)).decode() if dialect == "sqlite" else list(keys)


def moment(dialect: str, value: datetime) -> object:
    """An aware moment as the database takes it; in SQLite as Tortoise writes it."""
    return value.isoformat(" ") if dialect == "sqlite" else value


@lru_cache(maxsize=256)
def sqlite_places(sql: str) -> str:
    """``$1`` as ``?1``; these queries hold no other dollar sign."""
    return sql.replace("$", "?")


class PortalStatements:
    """The portal's own connection: the transaction that is open here, if one is."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgres``."""
        return database.dialect()

    async def run(self, sql: str, values: Sequence[Any]) -> int:
        """Run one statement; out: how many rows it wrote."""
        if self.dialect == "sqlite":
            sql = sqlite_places(sql)
        elif sql.startswith("INSERT"):
            # Tortoise miscounts what PostgreSQL inserts, but counts the rows of an answer.
            sql = f"WITH written AS ({sql} RETURNING 1) SELECT 1 FROM written"  # noqa: S608
        count, _ = await database.connection().execute_query(sql, list(values))
        return count

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The rows of a query."""
        return await database.fetch_all(sql, values)
