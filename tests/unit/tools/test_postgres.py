"""PostgreSQL for tests is real, starts by itself and gives each test a database of its own."""

from __future__ import annotations

import asyncpg

from tests import postgres


async def test_a_fresh_database_is_a_real_and_empty_one(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM pg_stat_user_tables") == 0
        assert int(await connection.fetchval("SHOW server_version_num")) >= 160_000
    finally:
        await connection.close()


async def test_a_copy_of_a_filled_database_has_its_rows(postgres_url: str) -> None:
    name = postgres.name_of(postgres_url)
    postgres.execute("CREATE TABLE gezin AS SELECT 3 AS kinderen", name)
    copy = postgres.create_database(template=name)
    try:
        connection = await asyncpg.connect(copy)
        assert await connection.fetchval("SELECT kinderen FROM gezin") == 3
        await connection.close()
    finally:
        postgres.drop_database(copy)
