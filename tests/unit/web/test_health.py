from __future__ import annotations

from quart import Quart

from app import database
from tests import postgres


async def test_a_process_that_serves_is_alive_and_ready(app: Quart) -> None:
    client = app.test_client()
    for path in ("/healthz", "/readyz"):
        answer = await client.get(path)
        assert (answer.status_code, await answer.get_data(as_text=True)) == (200, "ok\n")


async def test_without_tables_it_is_alive_and_not_ready(app: Quart) -> None:
    await database.connection().execute_script("DROP TABLE batch")
    client = app.test_client()
    assert (await client.get("/healthz")).status_code == 200
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert await answer.get_data(as_text=True) == "database: not ready\n"


async def test_when_postgresql_goes_away_it_is_not_ready_and_recovers(
    migrated_postgres: str,
) -> None:
    url = postgres.create_database(migrated_postgres)
    name = postgres.name_of(url)
    await database.connect(url)
    try:
        assert await database.is_ready()
        postgres.execute(_kick(name))
        postgres.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_away"')
        assert not await database.is_ready()
        postgres.execute(f'ALTER DATABASE "{name}_away" RENAME TO "{name}"')
        assert await database.is_ready()
    finally:
        await database.disconnect()
        postgres.drop_database(url)


def _kick(name: str) -> str:
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
