"""``kinderbijslag outbox``, as the operator types it."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner, Result

from app.notifications.announce import announce
from app.notifications.command import outbox_command
from app.notifications.models import OutboxRow, State
from app.notifications.sql import PortalStatements
from tests.cast import FAMILY, SOFIE, Fund
from tests.unit.notifications.conftest import NOW, subscribe


@pytest.fixture(autouse=True)
def settings(either_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("DATABASE_URL", either_database),
        ("SECRET_KEY", "s" * 40),
        ("OIDC_ISSUER", "http://127.0.0.1:8001"),
        ("OIDC_CLIENT_ID", "portaal"),
        ("OIDC_CLIENT_AUTH", "client_secret_basic"),
        ("OIDC_CLIENT_SECRET", "geheim"),
    ):
        monkeypatch.setenv(f"KINDERBIJSLAG_{name}", value)


@pytest.fixture
async def parked(fund: Fund) -> list[int]:
    """Two rows that were given up."""
    await subscribe(SOFIE, "phone", "laptop")
    await announce(PortalStatements(), "payment", [fund.payments[FAMILY].id], NOW)
    await OutboxRow.all().update(state=State.PARKED, last_error="413", attempts=1)
    return [row.id for row in await OutboxRow.all().order_by("id")]


async def outbox(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, outbox_command, list(words))


async def test_it_counts_and_lists_without_a_word_about_whom(parked: list[int]) -> None:
    result = await outbox("list")
    assert result.exit_code == 0
    first, *rows = result.output.splitlines()
    assert first == "0 pending, 0 overdue, 2 parked"
    assert rows == [
        f"{number}  push payment new  2026-11-23 09:00  tried 1 time: 413" for number in parked
    ]


async def test_rows_are_dropped_and_retried_by_number(parked: list[int]) -> None:
    assert (await outbox("drop", str(parked[0]))).output == "1 will not be sent.\n"
    assert (await outbox("retry", *map(str, parked))).output == "1 will be sent.\n"
    states = [row.state.value for row in await OutboxRow.all().order_by("id")]
    assert states == ["cancelled", "pending"]


async def test_all_of_them(parked: list[int]) -> None:
    assert (await outbox("retry", "--all")).output == "2 will be sent.\n"
    assert (await outbox("retry")).exit_code == 2
    assert (await outbox("retry", "--all", "1")).exit_code == 2


async def test_a_database_that_is_not_there_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, fund: Fund
) -> None:
    monkeypatch.setenv("KINDERBIJSLAG_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")
    result = await outbox("list")
    assert result.exit_code == 1
    assert "does not work" in result.output
