from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import pytest
from tortoise.exceptions import OperationalError

from app import clock, database, patient_sqlite
from app.auth import sessions
from app.auth.models import Session
from app.dossiers.models import Office
from tests import cast


@pytest.fixture
async def connected(sqlite_url: str) -> AsyncIterator[str]:
    await database.connect(sqlite_url)
    yield sqlite_url
    await database.disconnect()


@contextmanager
def somebody_else_writing(url: str) -> Iterator[sqlite3.Connection]:
    """Another process's import, as far as SQLite can tell."""
    other = sqlite3.connect(database.sqlite_path(url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        if other.in_transaction:
            other.execute("ROLLBACK")
        other.close()


async def test_a_write_waits_for_another_process_while_reads_go_on(connected: str) -> None:
    with somebody_else_writing(connected) as other:
        write = asyncio.create_task(Office.create(code="GENT", name="Gent"))
        await asyncio.sleep(patient_sqlite.BETWEEN_TRIES)

        assert await Office.all().count() == 0
        assert not write.done()

        other.execute("ROLLBACK")
        await write
    assert await Office.all().count() == 1


async def test_a_transaction_waits_for_another_process_while_reads_go_on(connected: str) -> None:
    async def add_two() -> None:
        async with database.transaction():
            await Office.create(code="GENT", name="Gent")
            await Office.create(code="AALST", name="Aalst")

    with somebody_else_writing(connected) as other:
        write = asyncio.create_task(add_two())
        await asyncio.sleep(patient_sqlite.BETWEEN_TRIES)

        assert await Office.all().count() == 0
        assert not write.done()

        other.execute("ROLLBACK")
        await write
    assert await Office.all().count() == 2


async def test_whoever_waits_too_long_is_told_so(
    connected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_sqlite, "_patience", ContextVar("patience", default=0.06))

    with somebody_else_writing(connected), pytest.raises(OperationalError, match="locked"):
        await Office.create(code="GENT", name="Gent")


async def test_another_fault_is_not_tried_again(connected: str) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        await database.fetch_all("SELECT 1 FROM nowhere")


async def test_a_page_never_waits_to_note_that_somebody_is_there(connected: str) -> None:
    token = await cast.sign_in(cast.SOFIE)
    long_ago = clock.now() - sessions.SEEN_EVERY
    await Session.all().update(last_seen_at=long_ago)
    viewer = await sessions.find_viewer(token, clock.now())
    assert viewer is not None

    with somebody_else_writing(connected):
        await sessions.keep_alive(viewer, clock.now())

    assert (await Session.get()).last_seen_at == long_ago
