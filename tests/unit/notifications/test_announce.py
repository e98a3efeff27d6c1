"""Who is told of what, once, and what is not told at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.auth.models import Account
from app.letters.models import LetterKind
from app.notifications.announce import (
    announce,
    announce_form,
    announce_security,
    cancel,
    fresh_since,
)
from app.notifications.models import FollowUp, OutboxRow, Preference, State
from app.notifications.sql import PortalStatements
from app.payments.models import Payment, PaymentState
from tests.cast import FAMILY, KARIM, LUKASZ, SOFIE, STRANGERS, Fund, account_of
from tests.unit.notifications.conftest import NOW, mail_to, subscribe, told

HERE = PortalStatements()


async def payment(fund: Fund, dossier: str = FAMILY) -> int:
    return await announce(HERE, "payment", [fund.payments[dossier].id], NOW)


async def letter(fund: Fund, name: str = FAMILY) -> int:
    return await announce(HERE, "letter", [fund.letters[name].id], NOW)


async def test_every_device_and_address_of_every_party_gets_a_row(fund: Fund) -> None:
    await subscribe(SOFIE, "phone", "laptop")
    await subscribe(LUKASZ, "phone")
    await mail_to(KARIM)
    assert await payment(fund) == 3
    assert await told() == [
        ("karim", "email", "payment", "new", "pending"),
        ("sofie", "push", "payment", "new", "pending"),
        ("sofie", "push", "payment", "new", "pending"),
    ]


async def test_a_fact_is_announced_once(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    assert await payment(fund) == 1
    assert await payment(fund) == 0
    await subscribe(SOFIE, "new phone")
    await mail_to(SOFIE)
    assert await payment(fund) == 0, "a channel that came later does not bring it again"


async def test_a_returned_payment_is_announced_again_once(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    await payment(fund)
    await Payment.filter(id=fund.payments[FAMILY].id).update(state=PaymentState.RETURNED)
    assert await payment(fund) == 1
    assert await payment(fund) == 0


async def test_nobody_who_is_not_registered_is_told(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    await Account.all().update(registered_at=None)
    assert await payment(fund) == 0


async def test_mail_goes_to_a_verified_address_that_wants_it(fund: Fund) -> None:
    account = await mail_to(SOFIE, wants=False)
    assert await payment(fund) == 0
    account.wants_alerts, account.email_verified_at = True, None
    await account.save()
    assert await payment(fund) == 0
    account.email_verified_at = NOW
    await account.save()
    preference = await Preference.create(
        account=account, email_failed_at=NOW + timedelta(hours=1), email_failure="550"
    )
    assert await payment(fund) == 0, "the address was refused"
    preference.email_failed_at = NOW - timedelta(hours=1)
    await preference.save()
    assert await payment(fund) == 1, "and was verified again since"


async def test_a_kind_that_is_off_is_not_announced_by_that_channel(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    account = await mail_to(SOFIE)
    await Preference.create(account=account, payment_email=False, message_push=False)
    await payment(fund)
    await letter(fund)
    assert await told() == [
        ("sofie", "email", "letter", "new", "pending"),
        ("sofie", "push", "payment", "new", "pending"),
    ]


async def test_a_letter_to_one_parent_is_told_to_that_parent(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    await subscribe(KARIM, "phone")
    await letter(fund, "to karim")
    assert [row[0] for row in await told()] == ["karim"]


async def test_what_is_withdrawn_before_it_was_sent_is_cancelled(fund: Fund) -> None:
    await subscribe(SOFIE, "phone", "laptop")
    await payment(fund)
    first = await OutboxRow.all().order_by("id").first()
    assert first is not None
    first.state = State.SENT
    await first.save()
    ids = [fund.payments[FAMILY].id]
    assert await cancel(HERE, "payment", ids) == 1
    assert [row[4] for row in await told()] == ["cancelled", "sent"]
    assert await payment(fund) == 0, "sent again after all: this parent knows already"


async def test_what_comes_back_after_a_withdrawal_is_told_after_all(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    await payment(fund)
    await cancel(HERE, "payment", [fund.payments[FAMILY].id])
    assert await payment(fund) == 1
    assert [row[4] for row in await told()] == ["pending"]


async def test_important_letters_are_followed_up_for_each_reader(fund: Fund) -> None:
    await account_of(SOFIE)
    await account_of(KARIM)
    await letter(fund)
    assert await FollowUp.all().count() == 0, "a message is not that important"
    decision = fund.letters[FAMILY]
    decision.kind = LetterKind.DECISION
    await decision.save()
    await letter(fund)
    await letter(fund)
    assert await FollowUp.all().count() == 2


async def test_security_finds_a_way(fund: Fund) -> None:
    account = await mail_to(SOFIE, wants=False)
    await Preference.create(account=account, security_email=False)
    await announce_security(account.id, "new_device", NOW, fact=7)
    await announce_security(account.id, "new_device", NOW, fact=7)
    assert await told() == [("sofie", "email", "account", "new_device", "pending")]
    await subscribe(SOFIE, "phone")
    await announce_security(account.id, "new_device", NOW, fact=8)
    assert len([row for row in await told() if row[1] == "push"]) == 1
    assert len(await told()) == 2, "with a device, mail may be off"


async def test_a_changed_address_is_told_to_the_former_one(fund: Fund) -> None:
    account = await mail_to(SOFIE)
    await announce_security(account.id, "email_changed", NOW, former_address="oud@example.be")
    rows = await OutboxRow.all().order_by("target")
    assert [(row.target, row.address) for row in rows] == [(-1, "oud@example.be"), (0, "")]


async def test_a_form_is_told_to_whom_it_belongs(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    stranger = await mail_to(LUKASZ)
    sofie = await account_of(SOFIE)
    assert await announce_form([sofie.id], 5, "accepted", NOW) == 1
    assert await announce_form([sofie.id], 5, "accepted", NOW) == 0
    assert not [row for row in await told() if row[0] == stranger.subject]


async def test_many_at_once(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    await subscribe(LUKASZ, "phone")
    ids = [fund.payments[FAMILY].id, fund.payments[STRANGERS].id, 99_999]
    assert await announce(HERE, "payment", ids, NOW) == 2


def test_news_is_at_most_thirty_days_old_in_brussels() -> None:
    late_evening = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert fresh_since(late_evening) == date(2026, 11, 1)
