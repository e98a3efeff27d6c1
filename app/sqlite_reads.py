"""Reading SQLite for many pages at once: their queries share one trip to a thread.

A trip to the thread that speaks to SQLite costs more than most queries do. Whatever pages ask
while a trip is under way goes along with the next one, so the busier the portal is, the less a
query costs. The connection is a second one that cannot write: in WAL mode it never waits for a
writer, and it sees what was committed.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from pathlib import Path
from typing import Any

from tortoise.exceptions import OperationalError

BUSY_MS = 5_000  # only while SQLite recovers a database that was left in a hurry

Rows = list[Any]
_Asked = tuple[str, Sequence[Any], "asyncio.Future[Rows]"]


class SqliteReader:
    """A connection for reading, opened when it is first used, and the thread it lives in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-reads")
        self._connection: sqlite3.Connection | None = None
        self._asked: list[_Asked] = []
        self._trip: asyncio.Task[None] | None = None

    async def fetch_all(self, sql: str, values: Sequence[Any]) -> Rows:
        """The rows of a query that reads, with ``?1``-style places.

        Raises tortoise's OperationalError when SQLite refuses it, as it does when it writes.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Rows] = loop.create_future()
        self._asked.append((sql, values, answer))
        if self._trip is None:
            # In a context of its own: the trip outlives the request that began it.
            self._trip = loop.create_task(self._make_trips(), context=Context())
        return await answer

    async def close(self) -> None:
        """Answer what was asked, then close the connection and end the thread."""
        if self._trip is not None:
            await self._trip
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    async def _make_trips(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._asked:
                asked, self._asked = self._asked, []
                try:
                    answers = await loop.run_in_executor(self._thread, self._answer, asked)
                except Exception as error:  # whatever it is, nobody may wait for ever
                    answers = [error] * len(asked)
                for (_, _, waiting), answer in zip(asked, answers, strict=True):
                    if waiting.done():
                        continue  # whoever asked went away
                    if isinstance(answer, Exception):
                        waiting.set_exception(answer)
                    else:
                        waiting.set_result(answer)
        finally:
            self._trip = None

    def _answer(self, asked: list[_Asked]) -> list[Rows | Exception]:
        """In the thread: the rows of each query, or why there are none."""
        answers: list[Rows | Exception] = []
        for sql, values, _ in asked:
            try:
                answers.append(self._open().execute(sql, values).fetchall())
            except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
                refused = OperationalError(str(error))
                refused.__cause__ = error
                answers.append(refused)
        return answers

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(
                self._path, isolation_level=None, timeout=BUSY_MS / 1000
            )
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA query_only=ON")
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
