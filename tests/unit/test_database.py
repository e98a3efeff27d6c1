from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from tortoise.exceptions import IntegrityError

from app import database
from app.backoffice.bulk import open_bulk
from app.database import as_date, as_time, fetch_all, transaction
from app.dossiers.models import Dossier, Office, Party
from tests import postgres


class Stop(Exception):
    """Ends a transaction half-way."""


async def _store_and_stop(*codes: str) -> None:
    """Store the offices, each in a transaction within the former, and fail at the end."""
    async with transaction():
        await Office.create(code=codes[0], name="A")
        for code in codes[1:]:
            async with transaction():
                await Office.create(code=code, name="A")
        raise Stop


async def test_half_a_transaction_is_none(either_database: str) -> None:
    with pytest.raises(Stop):
        await _store_and_stop("A")
    assert await Office.all().count() == 0
    async with transaction():
        await Office.create(code="B", name="B")
    assert [office.code for office in await Office.all()] == ["B"]


async def test_a_transaction_within_one_belongs_to_it(either_database: str) -> None:
    async with transaction():
        await Office.create(code="OUTER", name="A")
        async with transaction():
            await Office.create(code="INNER", name="B")
    assert {office.code for office in await Office.all()} == {"OUTER", "INNER"}
    with pytest.raises(Stop):
        await _store_and_stop("LOST", "LOST TOO")
    assert await Office.all().count() == 2


async def test_a_transaction_within_one_may_fail_alone(either_database: str) -> None:
    async with transaction():
        await Office.create(code="OUTER", name="A")
        with pytest.raises(Stop):
            await _store_and_stop("INNER")
        await Office.create(code="LATER", name="C")
    assert {office.code for office in await Office.all()} == {"OUTER", "LATER"}


async def test_transactions_at_once_come_one_after_the_other(either_database: str) -> None:
    await Office.create(code="A", name="0")

    async def count_up() -> None:
        async with transaction() as client:
            lock = "" if database.dialect() == "sqlite" else " FOR UPDATE"
            _, rows = await client.execute_query(f"SELECT name FROM office WHERE code = 'A'{lock}")
            await asyncio.sleep(0)
            await Office.filter(code="A").update(name=str(int(rows[0]["name"]) + 1))

    await asyncio.gather(*(count_up() for _ in range(8)))
    assert (await Office.get(code="A")).name == "8"


async def test_a_query_by_hand_has_numbered_places(either_database: str) -> None:
    await Office.create(code="A", name="Gent")
    await Office.create(code="B", name="Aalst")
    rows = await fetch_all(
        "SELECT code, name FROM office WHERE name = $2 OR code = $1 OR name = $2 ORDER BY code",
        ["A", "Aalst"],
    )
    assert [(row["code"], row[1]) for row in rows] == [("A", "Gent"), ("B", "Aalst")]
    assert await fetch_all("SELECT 1 FROM office WHERE code = $1", ["' OR 1=1 --"]) == []


async def test_more_than_nine_places_are_told_apart(either_database: str) -> None:
    places = ", ".join(f"CAST(${number} AS INTEGER) AS p{number}" for number in range(1, 13))
    (row,) = await fetch_all(f"SELECT {places}", list(range(1, 13)))
    assert [row[f"p{number}"] for number in range(1, 13)] == list(range(1, 13))


async def test_a_query_within_a_transaction_sees_what_it_wrote(either_database: str) -> None:
    async with transaction():
        await Office.create(code="A", name="Gent")
        assert len(await fetch_all("SELECT 1 FROM office")) == 1


async def test_references_are_kept_true(either_database: str) -> None:
    with pytest.raises(IntegrityError):
        await Party.create(dossier_id=7, person_id=7, role="beneficiary")
    office = await Office.create(code="A", name="Gent")
    await Dossier.create(number="D-1", office=office)
    with pytest.raises(IntegrityError):
        await office.delete()


async def test_sqlite_is_set_up_to_last(sqlite_url: str) -> None:
    await database.connect(sqlite_url)
    try:
        found = {
            name: (await database.connection().execute_query_dict(f"PRAGMA {name}"))[0]
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    finally:
        await database.disconnect()
    assert found["journal_mode"] == {"journal_mode": "wal"}
    assert found["foreign_keys"] == {"foreign_keys": 1}
    assert found["synchronous"] == {"synchronous": 1}


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/x.sqlite3", "var/x.sqlite3"),
        ("sqlite:////srv/x.sqlite3", "/srv/x.sqlite3"),
        ("sqlite:///var/x.sqlite3?mode=rw", "var/x.sqlite3"),
    ],
)
def test_three_strokes_are_relative_and_four_absolute(url: str, path: str) -> None:
    assert str(database.sqlite_path(url)) == path
    assert database.is_sqlite(url)
    assert not database.is_sqlite("postgres://db/x")


@pytest.mark.parametrize("option", ["ssl=disable", "sslmode=disable"])
async def test_both_names_of_an_encrypted_connection_are_known(
    migrated_postgres: str, option: str
) -> None:
    url = postgres.create_database(migrated_postgres)
    try:
        await database.check(f"{url}{'&' if '?' in url else '?'}{option}")
        async with open_bulk(f"{url}{'&' if '?' in url else '?'}{option}") as bulk:
            assert list(await bulk.select("office", "code, id", "code", ["A"])) == []
    finally:
        postgres.drop_database(url)


def test_dates_and_moments_come_back_from_text() -> None:
    assert as_date("2026-11-06") == as_date("2026-11-06 00:00:00") == date(2026, 11, 6)
    assert as_date(date(2026, 11, 6)) == date(2026, 11, 6)
    moment = datetime(2026, 11, 6, 12, 30, tzinfo=UTC)
    assert as_time("2026-11-06 12:30:00+00:00") == as_time(moment) == moment


async def test_one_process_opens_two_databases_in_turn(
    sqlite_url: str, migrated_postgres: str
) -> None:
    other = postgres.create_database(migrated_postgres)
    try:
        for url in (sqlite_url, other):
            await database.connect(url)
            await Office.create(code="A", name="Gent")
            assert await Office.filter(code="A").count() == 1
            await database.disconnect()
    finally:
        postgres.drop_database(other)
