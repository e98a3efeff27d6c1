"""What an import announces, in the transaction in which it stores."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app import database
from app.backoffice import news
from app.backoffice.service import Target
from app.demo.people import KARIM, SOFIE
from app.notifications.models import FollowUp, OutboxRow
from tests.unit.backoffice.conftest import Import
from tests.unit.backoffice.feeds import DECISION, DOSSIER, LETTER, MESSAGE, PAYMENT, changed
from tests.unit.backoffice.feeds import withdrawal as taken_back
from tests.unit.notifications.conftest import mail_to, subscribe


@pytest.fixture(autouse=True)
async def parents(target: Target, request: pytest.FixtureRequest) -> Any:
    """Sofie has a phone, Karim an address."""
    await database.connect(target.database_url)
    await subscribe(SOFIE, "phone")
    await mail_to(KARIM)
    yield
    await database.disconnect()


async def outbox() -> list[tuple[str, str, str]]:
    rows = await OutboxRow.all().select_related("account")
    return sorted((row.account.subject, row.kind + " " + row.event, row.state) for row in rows)


async def test_a_new_payment_is_announced_to_both_parents(load: Import) -> None:
    await load(DOSSIER, PAYMENT)
    assert await outbox() == [
        ("karim", "payment new", "pending"),
        ("sofie", "payment new", "pending"),
    ]


async def test_an_import_repeated_or_corrected_announces_once(load: Import) -> None:
    await load(DOSSIER, PAYMENT)
    await load(DOSSIER, PAYMENT)
    await load(changed(PAYMENT, "lines", 0, "amount", 1))
    await load(changed(changed(PAYMENT, "lines", 0, "amount", 2), "state", "announced"))
    assert len(await outbox()) == 2


async def test_history_is_not_announced(load: Import) -> None:
    old = changed(changed(PAYMENT, "pay_date", "2026-10-23"), "reference", "P-old")
    await load(DOSSIER, old, changed(LETTER, "date", "2026-10-23"))
    assert await outbox() == []


async def test_a_payment_returned_after_months_is_news(load: Import) -> None:
    old = changed(PAYMENT, "pay_date", "2026-08-08")
    await load(DOSSIER, old)
    await load(changed(old, "state", "returned"))
    await load(changed(old, "state", "returned"))
    assert [row[1] for row in await outbox()] == ["payment returned"] * 2


async def test_a_refused_batch_announces_nothing(load: Import) -> None:
    report = await load(DOSSIER, PAYMENT, changed(PAYMENT, "dossier", "D-unknown"))
    assert not report.ok
    assert await outbox() == []


async def test_a_dry_run_announces_nothing(load: Import) -> None:
    await load(DOSSIER, PAYMENT, dry_run=True)
    assert await outbox() == []


async def test_what_is_withdrawn_in_the_same_batch_is_not_told(load: Import) -> None:
    await load(DOSSIER, PAYMENT, MESSAGE, taken_back("payment", "P-1"))
    assert {row[1:] for row in await outbox()} == {("message new", "pending")}


async def test_a_withdrawal_taken_back_is_told_after_all(load: Import) -> None:
    await load(DOSSIER, MESSAGE)
    await load(taken_back("message", "M-1"))
    await load(MESSAGE)
    assert {row[2] for row in await outbox()} == {"pending"}
    assert len(await outbox()) == 2


async def test_a_letter_is_told_to_its_addressee_alone(load: Import) -> None:
    await load(DOSSIER, DECISION)
    assert [row[:2] for row in await outbox()] == [("sofie", "letter new")]
    assert await FollowUp.all().count() == 1
    await load(changed(DECISION, "to", KARIM.number))
    assert [row[0] for row in await outbox()] == ["karim", "sofie"]


async def test_in_a_large_batch_the_dossiers_of_the_same_batch_count_too(
    load: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "_FEW", 0)
    other = changed(changed(DOSSIER, "number", "D-2"), "people", DOSSIER["people"][:1])
    await load(DOSSIER, PAYMENT)
    await load(
        other,
        changed(PAYMENT, "reference", "P-2"),
        changed(changed(PAYMENT, "reference", "P-3"), "dossier", "D-2"),
    )
    assert len(await outbox()) == 5
    assert (await OutboxRow.all().order_by("-id").first()).due_at == datetime(  # type: ignore[union-attr]
        2026, 11, 23, 9, tzinfo=UTC
    )
