"""SQLite that waits for a lock without holding up the rest: Tortoise's client, more patient.

A process has one connection to SQLite. When another process writes (an import), SQLite would let
a write on that connection sleep for its busy time-out, and every page of the process behind it.
Here a locked statement fails at once, the connection is free for readers, and the statement is
tried again a little later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from tortoise.backends.sqlite.client import SqliteClient
from tortoise.exceptions import OperationalError

Result = TypeVar("Result")

WAIT_AT_MOST = 30.0  # seconds; an import of 300,000 payments holds the lock for some eight
BETWEEN_TRIES = 0.05

_patience: ContextVar[float] = ContextVar("patience", default=WAIT_AT_MOST)


def is_locked(error: Exception) -> bool:
    """Whether SQLite says that somebody else is writing."""
    return "database is locked" in str(error)


@contextmanager
def only_if_free() -> Iterator[None]:
    """Leave out what is written in here when somebody else is writing: it can do without."""
    token = _patience.set(0)
    try:
        yield
    except OperationalError as error:
        if not is_locked(error):
            raise
    finally:
        _patience.reset(token)


async def patiently(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """The result of ``attempt``, tried again while the database is locked by another process.

    Raises tortoise's OperationalError when it stays locked for half a minute.
    """
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + _patience.get()
    while True:
        try:
            return await attempt()
        except OperationalError as error:
            if not is_locked(error) or loop.time() >= give_up_at:
                raise
        await asyncio.sleep(BETWEEN_TRIES)


class PatientSqliteClient(SqliteClient):
    """The shared connection: each statement stands alone, so it may be tried again."""

    async def execute_insert(self, query: str, values: list[Any]) -> int:
        """Insert a row, out: its id."""
        return int(
            await patiently(lambda: super(PatientSqliteClient, self).execute_insert(query, values))
        )

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Run a statement for each row of values, all or nothing."""
        await patiently(lambda: super(PatientSqliteClient, self).execute_many(query, values))

    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, Sequence[dict[str, Any]]]:
        """Run a statement, out: how many rows it touched, and the rows."""
        return await patiently(
            lambda: super(PatientSqliteClient, self).execute_query(query, values)
        )

    async def execute_query_dict(
        self, query: str, values: list[Any] | None = None
    ) -> list[dict[str, Any]]:
        """Run a statement, out: its rows as dicts."""
        return await patiently(
            lambda: super(PatientSqliteClient, self).execute_query_dict(query, values)
        )


client_class = PatientSqliteClient  # where Tortoise looks for it
