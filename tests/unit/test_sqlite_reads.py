"""Reading SQLite in shared trips: every page gets its own answer, and nobody writes this way."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tortoise.exceptions import OperationalError

from app import database
from app.dossiers.models import Office
from app.sqlite_reads import SqliteReader


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[SqliteReader]:
    path = tmp_path / "numbers.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE number (n INT); INSERT INTO number VALUES (1), (2);")
    connection.close()
    made = SqliteReader(path)
    yield made
    await made.close()


async def test_each_of_many_at_once_gets_the_answer_to_its_own_question(
    reader: SqliteReader,
) -> None:
    answers = await asyncio.gather(
        *(reader.fetch_all("SELECT ?1 + n FROM number ORDER BY n", [n * 10]) for n in range(50))
    )

    assert [tuple(row) for row in answers[7]] == [(71,), (72,)]
    assert [answer[0][0] for answer in answers] == [n * 10 + 1 for n in range(50)]


async def test_a_wrong_question_spoils_only_its_own_answer(reader: SqliteReader) -> None:
    wrong, right = await asyncio.gather(
        reader.fetch_all("SELECT * FROM nowhere", []),
        reader.fetch_all("SELECT COUNT(*) FROM number", []),
        return_exceptions=True,
    )

    assert isinstance(wrong, OperationalError)
    assert not isinstance(right, BaseException)
    assert right[0][0] == 2


@pytest.mark.parametrize("values", [[object()], [2**70], []])
async def test_values_that_fit_no_question_are_refused(
    reader: SqliteReader, values: list[object]
) -> None:
    with pytest.raises(OperationalError):
        await reader.fetch_all("SELECT ?1", values)

    assert await reader.fetch_all("SELECT 1", [])


async def test_it_cannot_write(reader: SqliteReader) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        await reader.fetch_all("DELETE FROM number", [])


async def test_who_goes_away_leaves_the_others_their_answer(reader: SqliteReader) -> None:
    left = asyncio.create_task(reader.fetch_all("SELECT 1", []))
    stayed = asyncio.create_task(reader.fetch_all("SELECT 2", []))
    await asyncio.sleep(0)
    left.cancel()

    assert (await stayed)[0][0] == 2
    assert left.cancelled()
    assert (await reader.fetch_all("SELECT 3", []))[0][0] == 3


async def test_closing_ends_its_thread_and_answers_first(tmp_path: Path) -> None:
    reader = SqliteReader(tmp_path / "empty.sqlite3")
    asked = asyncio.create_task(reader.fetch_all("SELECT 1", []))
    await asyncio.sleep(0)

    await reader.close()

    assert asked.done()
    assert not [one for one in threading.enumerate() if one.name.startswith("sqlite-reads")]


async def test_a_read_sees_what_was_just_written(either_database: str) -> None:
    await database.fetch_all("SELECT 1 FROM office")
    await Office.create(code="GENT", name="Gent")

    assert [row["code"] for row in await database.fetch_all("SELECT code FROM office")] == ["GENT"]


async def test_inside_a_transaction_a_read_sees_what_is_not_committed_and_others_do_not(
    either_database: str,
) -> None:
    written, looked = asyncio.Event(), asyncio.Event()

    async def other() -> int:
        await written.wait()
        rows = await database.fetch_all("SELECT code FROM office")
        looked.set()
        return len(rows)

    elsewhere = asyncio.create_task(other())  # before the transaction: it is not part of it
    async with database.transaction():
        await Office.create(code="GENT", name="Gent")
        assert len(await database.fetch_all("SELECT code FROM office")) == 1
        written.set()
        await asyncio.wait_for(looked.wait(), 5)

    assert await elsewhere == 0


async def test_when_a_trip_fails_altogether_nobody_waits_for_ever(
    reader: SqliteReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_asked: object) -> None:
        raise MemoryError

    monkeypatch.setattr(reader, "_answer", fail)
    async with asyncio.timeout(5):
        answers = await asyncio.gather(
            *(reader.fetch_all("SELECT 1", []) for _ in range(3)), return_exceptions=True
        )

    assert [type(answer) for answer in answers] == [MemoryError] * 3
