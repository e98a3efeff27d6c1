"""What wakes the workers: a write by anybody, seen at once and without asking all the time.

PostgreSQL tells by NOTIFY. SQLite does not, but one number in shared memory says whether another
connection has written (``PRAGMA data_version``): five looks a second cost next to nothing. What
happens in this very process can ring as well.
"""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import structlog

from app.notifications.sql import BELL
from app.notifications.store import FAILURES, PostgresStore, SqliteStore, postgres_address

LOOK_SECONDS = 0.2
_AGAIN_SECONDS = 5.0
_ALIVE_SECONDS = 30.0  # between two looks at whether PostgreSQL is still there

log = structlog.get_logger()


class Bell:
    """Rings for everybody who waits; each waits by an event of their own."""

    def __init__(self) -> None:
        self._events: set[asyncio.Event] = set()

    def listener(self) -> asyncio.Event:
        """An event that is set at every ring; who waits clears it before looking for work."""
        event = asyncio.Event()
        self._events.add(event)
        return event

    def ring(self) -> None:
        """Wake everybody."""
        for event in self._events:
            event.set()


BELL_HERE = Bell()


def ring() -> None:
    """Wake the worker of this process, if it has one; to be called after a commit."""
    BELL_HERE.ring()


async def watch(store: SqliteStore | PostgresStore, database_url: str, bell: Bell) -> None:
    """Ring whenever another connection has written, until cancelled."""
    while True:
        try:
            if isinstance(store, SqliteStore):
                await _watch_sqlite(store, bell)
            else:
                await _watch_postgres(database_url, bell)
        except FAILURES as error:
            log.warning("outbox_watch_failed", error=type(error).__name__)
            await asyncio.sleep(_AGAIN_SECONDS)
            bell.ring()  # something may have been missed


async def _watch_sqlite(store: SqliteStore, bell: Bell) -> None:
    # On the worker's own connection, so that its own writes do not wake it.
    seen = await store.data_version()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        version = await store.data_version()
        if version != seen:
            seen = version
            bell.ring()


async def _watch_postgres(database_url: str, bell: Bell) -> None:
    connection: Any = await asyncpg.connect(postgres_address(database_url))
    try:
        await connection.add_listener(BELL, lambda *_: bell.ring())
        bell.ring()  # for what came while nobody listened
        while True:
            await asyncio.sleep(_ALIVE_SECONDS)
            await connection.execute("SELECT 1")
    finally:
        connection.terminate()
