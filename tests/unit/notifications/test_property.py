"""The outbox through random schedules of crashes, lost answers, withdrawals and second workers.

Whatever happens, in the end: every fact that stayed true has been handed over for every device
that was there all along, each message that arrived twice did so under the same identity with the
same facts, and nothing is left over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

import pytest

from app.notifications.announce import announce, cancel
from app.notifications.dispatch import Answer, Dispatcher, Verdict
from app.notifications.facts import Message
from app.notifications.models import Channel, OutboxRow, State, Subscription
from app.notifications.outbox import Claim, Outbox
from app.notifications.schedule import MOST_ATTEMPTS
from app.notifications.sql import PortalStatements
from app.notifications.store import open_store
from app.payments.models import Payment
from tests.cast import FAMILY, KARIM, LUKASZ, SOFIE, STRANGERS, Fund
from tests.unit.notifications.conftest import NOW, mail_to, subscribe
from tests.unit.notifications.fake_channels import SENT

HERE = PortalStatements()


class _Killed(BaseException):
    """The worker is gone, and with it whatever it knew."""


class _World:
    """What arrives at devices and addresses, with all the trouble on the way there."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.calm = False
        self.withdrawn: set[int] = set()  # at any time
        self.arrived: dict[tuple[int, str], list[tuple[int, ...]]] = defaultdict(list)

    def arrive(self, message: Message) -> None:
        target = message.device.id if message.device else -message.recipient.account_id
        ids = tuple(item.id for item in message.items)
        self.arrived[target, message.identity].append(ids)

    async def send_all(
        self, messages: Iterable[Message]
    ) -> AsyncGenerator[tuple[Message, Answer], None]:
        rng = self.rng
        for message in messages:
            chance = 1.0 if self.calm else rng.random()
            if chance < 0.08:
                raise _Killed
            if chance < 0.16:
                self.arrive(message)
                raise _Killed
            if chance < 0.24:
                self.arrive(message)
                yield message, Answer(Verdict.AGAIN, maybe_arrived=True, reason="timeout")
            elif chance < 0.30:
                yield message, Answer(Verdict.AGAIN, maybe_arrived=True, reason="reset")
            elif chance < 0.38:
                yield message, Answer(Verdict.AGAIN, timedelta(seconds=rng.randrange(900)))
            elif chance < 0.42:
                yield message, Answer(Verdict.AGAIN, tried=False, reason="paused")
            elif chance < 0.44:
                raise OSError
            else:
                self.arrive(message)
                yield message, SENT


@pytest.mark.parametrize("seed", range(8))
async def test_nothing_is_lost_or_told_twice_and_no_row_is_stuck(
    fund: Fund, outbox: Outbox, either_database: str, seed: int
) -> None:
    rng = Random(seed)
    await subscribe(SOFIE, "phone", "laptop")
    await subscribe(KARIM, "phone")
    await subscribe(LUKASZ, "phone")
    await mail_to(SOFIE)
    world = _World(rng)
    async with open_store(either_database) as store:
        workers = [outbox, Outbox(store)]
        now = await _trouble(fund, workers, world, rng)
        world.calm = True
        for _ in range(3 * MOST_ATTEMPTS):
            if not (await outbox.counts(now))["pending"]:
                break
            now += timedelta(hours=3)
            await _work(workers[0], world, now, Channel.PUSH)
            await _work(workers[0], world, now, Channel.EMAIL)
    await _judge(world)


async def _trouble(fund: Fund, workers: list[Outbox], world: _World, rng: Random) -> datetime:
    now = NOW
    number = 0
    for _ in range(60):
        now += timedelta(seconds=rng.choice([0, 1, 20, 200, 2_000]))
        action = rng.random()
        if action < 0.3:
            number += 1
            dossier = fund.dossiers[rng.choice([FAMILY, STRANGERS])]
            payment = await Payment.create(
                dossier=dossier,
                reference=f"R-{number}",
                kind="monthly",
                period=NOW.date(),
                pay_date=NOW.date(),
                state="paid",
                total_cents=1,
                digest="",
            )
            await announce(HERE, "payment", [payment.id], now)
            await announce(HERE, "payment", [payment.id], now)
        elif action < 0.36:
            payment = rng.choice(await Payment.all())
            if payment.withdrawn_at is None:
                await Payment.filter(id=payment.id).update(withdrawn_at=now)
                await cancel(HERE, "payment", [payment.id])
                world.withdrawn.add(payment.id)
            else:
                await Payment.filter(id=payment.id).update(withdrawn_at=None)
                await announce(HERE, "payment", [payment.id], now)
        else:
            channel = rng.choice([Channel.PUSH, Channel.PUSH, Channel.EMAIL])
            await _work(rng.choice(workers), world, now, channel)
    return now


async def _work(outbox: Outbox, world: _World, now: datetime, channel: Channel) -> None:
    """One claim, dispatched by a worker that may be killed, also right after claiming."""
    claim: Claim | None = await outbox.claim(channel, world.rng.choice([1, 2, 50]), now)
    if claim is None or (not world.calm and world.rng.random() < 0.1):
        return
    with suppress(_Killed):
        await Dispatcher(outbox, world, world.rng, lambda: now).dispatch(claim)


async def _judge(world: _World) -> None:
    rows = {row.id: row for row in await OutboxRow.all()}
    assert {row.state for row in rows.values()} <= {State.SENT, State.CANCELLED, State.PARKED}
    parked = [row for row in rows.values() if row.state is State.PARKED]
    assert not parked, "the trouble did not last long enough to give up"
    by_row: dict[int, set[str]] = defaultdict(set)
    for (_, identity), copies in world.arrived.items():
        for copy in copies:
            more = {rows[number].subject_id for number in copy if number not in copies[0]}
            assert more <= world.withdrawn, "a repeat brings nothing but what came back"
            for number in copy:
                by_row[number].add(identity)
    assert all(len(identities) == 1 for identities in by_row.values()), "told twice"
    for row in rows.values():
        if row.state is State.SENT:
            assert by_row[row.id], "recorded as sent, and never handed over"
        else:
            assert row.subject_id in world.withdrawn, "given up, though it stayed true"
    still = {p.id for p in await Payment.filter(withdrawn_at=None, reference__startswith="R-")}
    targets = {s.id for s in await Subscription.all()} | {0}
    told = {(row.subject_id, row.target) for row in rows.values() if row.state is State.SENT}
    assert {number for number, _ in told} >= still, "nobody was told"
    assert {target for _, target in told} == targets
