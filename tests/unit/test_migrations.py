"""The migrations make the tables that the models say, on both databases, and the indexes too."""

from __future__ import annotations

from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector

from app import database
from tests import cast

SQLITE_KEYS = """
SELECT m.name AS "table", f."from" AS "column"
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
"""
SQLITE_INDEXES = """
SELECT m.name AS "table", c.name AS "column"
FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c
WHERE m.type = 'table' AND c.seqno = 0
"""
POSTGRES_KEYS = """
SELECT c.conrelid::regclass::text AS "table", a.attname::text AS "column"
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f'
"""
POSTGRES_INDEXES = """
SELECT i.indrelid::regclass::text AS "table", a.attname::text AS "column"
FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
"""


async def _pairs(sql: str) -> set[tuple[str, str]]:
    return {(row["table"], row["column"]) for row in await database.fetch_all(sql)}


async def test_the_models_are_what_the_migrations_make(either_database: str) -> None:
    config = database.tortoise_config(either_database)
    assert Tortoise.apps is not None
    changes = await MigrationAutodetector(Tortoise.apps, config["apps"]).changes()
    assert changes == [], "run makemigrations"


async def test_every_foreign_key_leads_an_index(either_database: str) -> None:
    sqlite = database.dialect() == "sqlite"
    keys = await _pairs(SQLITE_KEYS if sqlite else POSTGRES_KEYS)
    indexes = await _pairs(SQLITE_INDEXES if sqlite else POSTGRES_INDEXES)
    assert len(keys) > 8
    assert keys - indexes == set()


async def test_migrating_again_keeps_all_data(either_url: str) -> None:
    await database.connect(either_url)
    await cast.make_fund()
    await database.disconnect()
    for _ in range(2):
        await database.migrate(either_url)
    await database.connect(either_url)
    rows = await database.fetch_all("SELECT count(*) AS n FROM payment_line")
    await database.disconnect()
    assert rows[0]["n"] == 5


async def test_a_database_is_made_where_it_was_not(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/een map/met é/portaal.sqlite3"
    await database.migrate(url)
    await database.connect(url)
    try:
        assert await database.is_ready()
        assert (tmp_path / "een map/met é/portaal.sqlite3").exists()
    finally:
        await database.disconnect()


async def test_a_reference_to_a_row_that_is_gone_stops_a_migration(sqlite_url: str) -> None:
    await database.connect(sqlite_url)
    await database.connection().execute_script(
        "PRAGMA foreign_keys = OFF;"
        "INSERT INTO party (dossier_id, person_id, role) VALUES (7, 7, 'beneficiary');"
    )
    await database.disconnect()
    with pytest.raises(RuntimeError, match="2 rows"):
        await database.migrate(sqlite_url)
