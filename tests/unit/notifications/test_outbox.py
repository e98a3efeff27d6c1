"""Claims, leases and outcomes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.auth.models import Account
from app.notifications.announce import announce
from app.notifications.models import Channel, OutboxRow, Preference, Subscription
from app.notifications.outbox import (
    KEPT,
    LEASE,
    Again,
    Claim,
    Dropped,
    Outbox,
    Parked,
    Result,
    Sent,
    TargetGone,
    forget_done,
)
from app.notifications.sql import PortalStatements
from app.notifications.store import open_store
from tests.cast import FAMILY, KARIM, LUKASZ, SOFIE, STRANGERS, Fund
from tests.unit.notifications.conftest import NOW, mail_to, subscribe

HERE = PortalStatements()
SECOND = timedelta(seconds=1)


async def bring(fund: Fund, *, letter: bool = False) -> None:
    ids = [fund.payments[FAMILY].id, fund.payments[STRANGERS].id]
    await announce(HERE, "payment", ids, NOW)
    if letter:
        await announce(HERE, "letter", [fund.letters[FAMILY].id], NOW + SECOND)


async def claimed(
    outbox: Outbox, now: datetime = NOW, limit: int = 100, by: Channel = Channel.PUSH
) -> Claim:
    claim = await outbox.claim(by, limit, now)
    assert claim is not None
    return claim


async def row(number: int) -> OutboxRow:
    return await OutboxRow.get(id=number)


async def test_what_is_due_is_claimed_once(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    assert await outbox.claim(Channel.PUSH, 10, NOW) is None
    await bring(fund)
    assert await outbox.claim(Channel.PUSH, 10, NOW - SECOND) is None, "not due yet"
    assert await outbox.claim(Channel.EMAIL, 10, NOW) is None, "another channel"
    claim = await claimed(outbox)
    assert len(claim.ids) == 1
    assert await outbox.claim(Channel.PUSH, 10, NOW + LEASE - SECOND) is None


async def test_a_dead_workers_rows_are_due_again_under_the_same_bundle(
    fund: Fund, outbox: Outbox
) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)
    first = await claimed(outbox)
    second = await claimed(outbox, NOW + LEASE)
    assert second.ids == first.ids
    assert second.number != first.number
    again = await row(first.ids[0])
    assert (again.bundle, again.claim, again.attempts) == (first.number, second.number, 2)


async def test_whole_targets_are_claimed(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    await subscribe(LUKASZ, "phone")
    await bring(fund, letter=True)
    claim = await claimed(outbox, NOW + SECOND, limit=1)
    assert len(claim.ids) == 2, "the payment and the letter of one device"
    rest = await claimed(outbox, NOW + SECOND, limit=1)
    assert len(rest.ids) == 1


async def test_two_workers_share_the_work(fund: Fund, outbox: Outbox, either_database: str) -> None:
    await subscribe(SOFIE, "phone", "laptop")
    await subscribe(LUKASZ, "phone")
    await bring(fund)
    async with open_store(either_database) as store:
        one = await claimed(outbox, limit=1)
        two = await claimed(Outbox(store), limit=10)
    assert sorted(one.ids + two.ids) == sorted([r.id for r in await OutboxRow.all()])
    assert not set(one.ids) & set(two.ids)


async def test_outcomes_are_kept(fund: Fund, outbox: Outbox) -> None:
    (phone, _, _) = await subscribe(SOFIE, "phone", "laptop", "tablet")
    await subscribe(LUKASZ, "phone")
    await bring(fund)
    claim = await claimed(outbox)
    sent, again, parked, dropped = claim.ids
    later = NOW + timedelta(minutes=5)
    results: list[Result] = [
        Sent(sent),
        Again(again, later, "503"),
        Parked(parked, "413"),
        Dropped(dropped, "read"),
    ]
    await outbox.record(claim, results, NOW)
    states = {r.id: (r.state.value, r.claim, r.last_error) for r in await OutboxRow.all()}
    assert states == {
        sent: ("sent", None, ""),
        again: ("pending", None, "503"),
        parked: ("parked", None, "413"),
        dropped: ("cancelled", None, "read"),
    }
    assert (await row(again)).due_at == later
    await phone.refresh_from_db()
    assert phone.last_ok_at == NOW
    failing = await Subscription.get(id=(await row(again)).target)
    assert (failing.failures, failing.last_error) == (1, "503")
    assert await outbox.counts(NOW) == {"pending": 1, "overdue": 0, "parked": 1}


async def test_what_surely_did_not_arrive_is_bundled_anew(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    await subscribe(LUKASZ, "phone")
    await bring(fund)
    claim = await claimed(outbox)
    first, second = claim.ids
    await outbox.record(claim, [Again(first, NOW, fresh=True), Again(second, NOW)], NOW)
    assert (await row(first)).bundle is None
    assert (await row(second)).bundle == claim.number


async def test_what_was_not_tried_costs_no_attempt(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)
    claim = await claimed(outbox)
    await outbox.record(claim, [Again(claim.ids[0], NOW, "paused", counts=False)], NOW)
    assert (await row(claim.ids[0])).attempts == 0
    assert (await Subscription.all().first()).failures == 0  # type: ignore[union-attr]


async def test_a_late_worker_changes_nothing_but_may_say_sent(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)
    late = await claimed(outbox)
    current = await claimed(outbox, NOW + LEASE)
    await outbox.record(late, [Parked(late.ids[0], "late")], NOW + LEASE)
    assert (await row(late.ids[0])).claim == current.number
    await outbox.record(late, [Sent(late.ids[0])], NOW + LEASE)
    await outbox.record(current, [Again(late.ids[0], NOW)], NOW + LEASE)
    assert (await row(late.ids[0])).state.value == "sent"


async def test_a_withdrawal_while_sending_stays_true(fund: Fund, outbox: Outbox) -> None:
    from app.notifications.announce import cancel

    await subscribe(SOFIE, "phone")
    await bring(fund)
    claim = await claimed(outbox)
    await cancel(HERE, "payment", [fund.payments[FAMILY].id])
    await outbox.record(claim, [Again(claim.ids[0], NOW)], NOW)
    assert (await row(claim.ids[0])).state.value == "cancelled", "not tried again"
    await outbox.record(claim, [Sent(claim.ids[0])], NOW)
    assert (await row(claim.ids[0])).state.value == "sent", "it had left already"


async def test_when_the_last_device_is_gone_mail_takes_over(fund: Fund, outbox: Outbox) -> None:
    phone, laptop = await subscribe(SOFIE, "phone", "laptop")
    account = await mail_to(SOFIE)
    await Preference.create(account=account, payment_email=False)
    await bring(fund)
    claim = await claimed(outbox)
    first, second = claim.ids
    await outbox.record(claim, [TargetGone(first, "410", subscription_id=phone.id)], NOW)
    assert await outbox.next_due(Channel.EMAIL) is None, "the other device still has it"
    await outbox.record(claim, [TargetGone(second, "410", subscription_id=laptop.id)], NOW)
    assert not await Subscription.all().exists()
    mail = await claimed(outbox, by=Channel.EMAIL)
    assert len(mail.ids) == 1
    assert {r.state.value for r in await OutboxRow.filter(channel="push")} == {"cancelled"}


async def test_a_refused_address_is_marked_and_push_takes_over(fund: Fund, outbox: Outbox) -> None:
    account = await mail_to(KARIM)
    await bring(fund)
    await subscribe(KARIM, "phone")
    claim = await claimed(outbox, by=Channel.EMAIL)
    gone = TargetGone(claim.ids[0], "550 no such user", account_id=account.id)
    await outbox.record(claim, [gone], NOW)
    preference = await Preference.get(account=account)
    assert (preference.email_failed_at, preference.email_failure) == (NOW, "550 no such user")
    assert preference.payment_email, "a new address gets everything again"
    assert await outbox.claim(Channel.PUSH, 10, NOW)


async def test_an_account_that_is_deleted_takes_its_rows_along(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)
    await Account.filter(subject="sofie").delete()
    assert await OutboxRow.all().count() == 0
    assert await outbox.claim(Channel.PUSH, 10, NOW) is None


async def test_the_operator_retries_and_drops_parked_rows(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone", "laptop")
    await bring(fund)
    claim = await claimed(outbox)
    await outbox.record(claim, [Parked(one, "413") for one in claim.ids], NOW)
    assert [(r[0], r[6]) for r in await outbox.parked()] == [(one, "413") for one in claim.ids]
    assert await outbox.drop(claim.ids[:1]) == 1
    assert await outbox.retry(NOW) == 1
    assert await outbox.retry(NOW, claim.ids) == 0, "none is parked any more"
    assert (await claimed(outbox)).ids == claim.ids[1:]


@pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=1)])
async def test_only_what_is_long_done_is_forgotten(
    fund: Fund, outbox: Outbox, late: timedelta
) -> None:
    await subscribe(SOFIE, "phone", "laptop")
    await bring(fund)
    claim = await claimed(outbox)
    await outbox.record(claim, [Sent(claim.ids[0])], NOW)
    assert await forget_done(NOW + KEPT + late) == (1 if late else 0)
    assert (await row(claim.ids[1])).state.value == "pending"
