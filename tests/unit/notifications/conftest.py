"""People to tell, on SQLite and on PostgreSQL in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from app import database
from app.auth.models import Account
from app.demo.people import DemoPerson
from app.notifications.models import OutboxRow, Subscription
from app.notifications.outbox import Outbox
from app.notifications.store import open_store
from tests import cast

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
async def fund(either_database: str) -> cast.Fund:
    """The cast's dossiers."""
    assert database.is_connected()
    return await cast.make_fund()


@pytest.fixture
async def outbox(either_database: str) -> AsyncIterator[Outbox]:
    """The outbox of this test's database."""
    async with open_store(either_database) as store:
        yield Outbox(store)


async def subscribe(person: DemoPerson, *devices: str) -> list[Subscription]:
    """Register somebody of the cast and give them devices that take push."""
    account = await cast.account_of(person)
    return [
        await Subscription.create(
            account=account,
            device=device,
            endpoint=f"https://push.example/{person.key}/{device}",
            p256dh="p",
            auth="a",
            created_at=NOW,
        )
        for device in devices
    ]


async def mail_to(person: DemoPerson, *, wants: bool = True) -> Account:
    """Register somebody of the cast with a verified address."""
    account = await cast.account_of(person)
    account.email = f"{person.key}@example.be"
    account.email_verified_at = NOW
    account.wants_alerts = wants
    await account.save()
    return account


async def told() -> list[tuple[str, str, str, str, str]]:
    """What stands in the outbox: who, how, about what, what happened, how far it is."""
    rows = await OutboxRow.all().select_related("account").order_by("id")
    return sorted(
        (row.account.subject, row.channel.value, row.subject, row.event, row.state.value)
        for row in rows
    )
