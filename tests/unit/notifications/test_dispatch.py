"""From claimed rows to messages and back: what is told, how it is bundled, what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from datetime import datetime, timedelta
from random import Random

import pytest

from app.dossiers.models import Party
from app.letters.models import Reading
from app.notifications.announce import announce, announce_security, cancel
from app.notifications.dispatch import Answer, Dispatcher, Sender, Verdict
from app.notifications.facts import Message
from app.notifications.models import Channel, OutboxRow, Preference, Subscription
from app.notifications.outbox import LEASE, Outbox
from app.notifications.sql import PortalStatements
from app.payments.models import Payment
from tests.cast import FAMILY, KARIM, LUKASZ, SOFIE, STRANGERS, Fund, account_of
from tests.unit.notifications.conftest import NOW, mail_to, subscribe, told
from tests.unit.notifications.fake_channels import SENT, Mailbox

HERE = PortalStatements()


async def bring(fund: Fund, *, at: datetime = NOW) -> None:
    ids = [fund.payments[FAMILY].id, fund.payments[STRANGERS].id]
    await announce(HERE, "payment", ids, at)


async def deliver(
    outbox: Outbox,
    sender: Sender,
    now: datetime = NOW,
    channel: Channel = Channel.PUSH,
) -> int:
    sent = 0
    dispatcher = Dispatcher(outbox, sender, Random(1), lambda: now)
    while claim := await outbox.claim(channel, 100, now):
        sent += await dispatcher.dispatch(claim)
    return sent


async def states() -> list[tuple[str, str]]:
    rows = await OutboxRow.all().order_by("id")
    return [(row.state.value, row.last_error) for row in rows]


async def test_a_message_knows_what_it_needs(fund: Fund, outbox: Outbox) -> None:
    (phone,) = await subscribe(SOFIE, "phone")
    account = await account_of(SOFIE)
    await Preference.create(account=account, show_amounts=True, phrase="blauwe fiets")
    await bring(fund)
    mailbox = Mailbox()
    assert await deliver(outbox, mailbox) == 1
    (message,) = mailbox.messages
    (item,) = message.items
    assert message.device is not None
    assert (message.device.id, message.device.endpoint) == (phone.id, phone.endpoint)
    assert len(message.identity) == 32
    assert (message.recipient.show_amounts, message.recipient.phrase) == (True, "blauwe fiets")
    assert item.payment is not None
    assert (item.payment.total_cents, item.dossier_number) == (18_747, FAMILY)
    assert item.created_at == NOW
    assert await states() == [("sent", "")]


async def test_several_facts_become_one_summary_for_each_target(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone", "laptop")
    await bring(fund)
    await announce(HERE, "letter", [fund.letters[FAMILY].id], NOW + timedelta(minutes=1))
    mailbox = Mailbox()
    await deliver(outbox, mailbox, NOW + timedelta(minutes=1))
    assert [[item.subject for item in m.items] for m in mailbox.messages] == [
        ["payment", "letter"]
    ] * 2
    assert len({m.identity for m in mailbox.messages}) == 2


async def test_a_repeat_is_the_same_message_even_when_more_came_meanwhile(
    fund: Fund, outbox: Outbox
) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)
    mailbox = Mailbox(lambda _: Answer(Verdict.AGAIN, maybe_arrived=True, reason="timeout"))
    await deliver(outbox, mailbox)
    later = NOW + timedelta(hours=1)
    await announce(HERE, "letter", [fund.letters[FAMILY].id], later)
    mailbox.answer = lambda _: SENT
    await deliver(outbox, mailbox, later)
    first, *others = mailbox.messages
    assert [[i.id for i in m.items] for m in others if m.identity == first.identity] == [
        [item.id for item in first.items]
    ]
    assert len(others) == 2


async def test_what_surely_did_not_arrive_joins_the_next_summary(
    fund: Fund, outbox: Outbox
) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)
    mailbox = Mailbox(lambda _: Answer(Verdict.AGAIN, reason="503"))
    await deliver(outbox, mailbox)
    later = NOW + timedelta(hours=1)
    await announce(HERE, "letter", [fund.letters[FAMILY].id], later)
    mailbox.answer = lambda _: SENT
    await deliver(outbox, mailbox, later)
    assert [len(m.items) for m in mailbox.messages] == [2]


async def test_after_a_crash_the_same_message_is_repeated(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)

    class Crash(BaseException):
        pass

    class Dying(Mailbox):
        async def send_all(
            self, messages: Iterable[Message]
        ) -> AsyncGenerator[tuple[Message, Answer], None]:
            self.messages += list(messages)
            raise Crash
            yield

    dying, mailbox = Dying(), Mailbox()
    with pytest.raises(Crash):
        await deliver(outbox, dying)
    assert await deliver(outbox, mailbox, NOW + LEASE - timedelta(seconds=1)) == 0
    assert await deliver(outbox, mailbox, NOW + LEASE) == 1
    assert mailbox.messages[0].identity == dying.messages[0].identity


async def test_what_is_withdrawn_read_or_no_longer_theirs_is_not_sent(
    fund: Fund, outbox: Outbox
) -> None:
    await subscribe(SOFIE, "phone")
    await subscribe(KARIM, "phone")
    await subscribe(LUKASZ, "phone")
    await bring(fund)
    await announce(HERE, "letter", [fund.letters[FAMILY].id], NOW)
    await Payment.filter(id=fund.payments[STRANGERS].id).update(withdrawn_at=NOW)
    await Party.filter(person=fund.people["karim"]).delete()
    await Payment.filter(id=fund.payments[FAMILY].id).update(withdrawn_at=NOW)
    await Reading.create(letter=fund.letters[FAMILY], account=await account_of(SOFIE), read_at=NOW)
    mailbox = Mailbox()
    assert await deliver(outbox, mailbox) == 0
    assert sorted(await states()) == [
        ("cancelled", "no longer theirs"),
        ("cancelled", "read"),
        ("cancelled", "withdrawn"),
        ("cancelled", "withdrawn"),
        ("cancelled", "withdrawn"),
    ]


async def test_quiet_hours_hold_everything_back_but_security(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    account = await account_of(SOFIE)
    await Preference.create(account=account, quiet_from=9 * 60, quiet_until=12 * 60)
    await bring(fund)  # ten o'clock in Brussels
    await announce_security(account.id, "new_device", NOW)
    mailbox = Mailbox()
    await deliver(outbox, mailbox)
    assert [m.items[0].subject for m in mailbox.messages] == ["account"]
    row = await OutboxRow.get(subject="payment")
    assert (row.due_at, row.attempts, row.bundle) == (NOW + timedelta(hours=2), 0, None)
    assert await deliver(outbox, mailbox, NOW + timedelta(hours=2)) == 1


async def test_a_device_that_is_gone_is_forgotten_and_only_that(fund: Fund, outbox: Outbox) -> None:
    phone, laptop = await subscribe(SOFIE, "phone", "laptop")
    await bring(fund)
    gone = Answer(Verdict.GONE, reason="410")
    mailbox = Mailbox(lambda m: gone if m.device and m.device.id == phone.id else SENT)
    await deliver(outbox, mailbox)
    assert [s.id for s in await Subscription.all()] == [laptop.id]
    assert sorted(await states()) == [("cancelled", "410"), ("sent", "")]


async def test_a_device_that_moved_to_somebody_else_is_told_nothing(
    fund: Fund, outbox: Outbox
) -> None:
    (phone,) = await subscribe(SOFIE, "phone")
    await mail_to(SOFIE, wants=True)
    await Preference.create(account=await account_of(SOFIE), payment_email=False)
    await bring(fund)
    phone.account = await account_of(LUKASZ)
    await phone.save()
    mailbox, letters = Mailbox(), Mailbox()
    assert await deliver(outbox, mailbox) == 0
    assert await deliver(outbox, letters, channel=Channel.EMAIL) == 1, "by mail instead"
    assert letters.messages[0].address == "sofie@example.be"
    assert await Subscription.filter(id=phone.id).exists(), "it is Łukasz's now"


async def test_a_message_that_is_wrong_is_parked(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)
    await deliver(outbox, Mailbox(lambda _: Answer(Verdict.HOPELESS, reason="413")))
    assert await states() == [("parked", "413")]


async def test_trouble_that_does_not_end_is_parked(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)
    mailbox, now = Mailbox(lambda _: Answer(Verdict.AGAIN, reason="500")), NOW
    for _ in range(20):
        await deliver(outbox, mailbox, now)
        now += timedelta(hours=3)
    assert await states() == [("parked", "500")]


async def test_an_outage_of_a_service_left_alone_parks_nothing(fund: Fund, outbox: Outbox) -> None:
    await mail_to(SOFIE)
    await bring(fund)
    down = Answer(Verdict.AGAIN, timedelta(minutes=1), tried=False, reason="paused")
    mailbox, now = Mailbox(lambda _: down), NOW
    for _ in range(60):  # for an hour
        await deliver(outbox, mailbox, now, Channel.EMAIL)
        now += timedelta(minutes=2)
    mailbox.answer = lambda _: SENT
    assert await deliver(outbox, mailbox, now, Channel.EMAIL) == 1


async def test_one_message_that_breaks_the_channel_holds_up_no_other(
    fund: Fund, outbox: Outbox
) -> None:
    await subscribe(SOFIE, "phone")
    await subscribe(LUKASZ, "phone")
    await bring(fund)

    def answer(message: Message) -> Answer:
        if message.recipient.given_name == SOFIE.given_name:
            raise ValueError
        return SENT

    mailbox = Mailbox(answer)
    await deliver(outbox, mailbox)
    assert sorted(await states()) == [("pending", "ValueError"), ("sent", "")]


async def test_a_former_address_is_told_on_its_own(fund: Fund, outbox: Outbox) -> None:
    account = await mail_to(SOFIE)
    await announce_security(account.id, "email_changed", NOW, former_address="oud@example.be")
    mailbox = Mailbox()
    await deliver(outbox, mailbox, channel=Channel.EMAIL)
    assert sorted(m.address for m in mailbox.messages) == ["oud@example.be", "sofie@example.be"]
    refusing = Mailbox(lambda _: Answer(Verdict.GONE, reason="550"))
    await announce_security(account.id, "email_changed", NOW, fact=1, former_address="o@x.be")
    await OutboxRow.filter(target=0, state="pending").delete()
    await deliver(outbox, refusing, channel=Channel.EMAIL)
    assert not await Preference.all().exists(), "a former address says nothing of the present one"


async def test_a_withdrawal_between_two_attempts_ends_it(fund: Fund, outbox: Outbox) -> None:
    await subscribe(SOFIE, "phone")
    await bring(fund)
    await deliver(outbox, Mailbox(lambda _: Answer(Verdict.AGAIN, reason="503")))
    await cancel(HERE, "payment", [fund.payments[FAMILY].id])
    assert await deliver(outbox, Mailbox(), NOW + timedelta(hours=1)) == 0
    assert (await told())[0][4] == "cancelled"
