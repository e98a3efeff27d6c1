"""The outbox: rows are claimed by a worker, sent, and their outcomes recorded, in batches.

Claiming writes a random number of the claim in each row and moves ``due_at`` to the end of the
lease. So a row is claimed by one worker at a time, and when that worker dies (kill -9) it is due
again by itself. Recording counts only under the same claim, except for «sent», which is true
whoever says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbits
from typing import Any

from app.database import as_time
from app.notifications.announce import REACHABLE
from app.notifications.models import Channel, OutboxRow, State
from app.notifications.sql import AMONG, MOMENT, listed, moment
from app.notifications.store import Statement, Store

LEASE = timedelta(minutes=3)
KEPT = timedelta(days=120)  # of what is done: far beyond what may still be announced again
_FORGOTTEN = 500  # at a time
_REASON = 120  # characters, as in the model


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows that this worker holds until its lease ends."""

    number: int
    channel: Channel
    ids: list[int]
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """It was handed over."""

    id: int


@dataclass(frozen=True, slots=True)
class Again:
    """To be tried later.

    ``fresh``: for certain nothing of it arrived, so it may be bundled anew with what is due by
    then. ``counts``: whether it was an attempt at all.
    """

    id: int
    at: datetime
    reason: str = ""
    fresh: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Parked:
    """Given up, until the operator looks."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Not to be told any more: withdrawn, read, or no longer theirs."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class TargetGone:
    """The device or the address takes nothing any more: the other channel takes over.

    ``subscription_id``: the device to forget. ``account_id``: whose address was refused for
    good, which they see at their next visit. None: nothing of the kind.
    """

    id: int
    reason: str
    subscription_id: int | None = None
    account_id: int | None = None


Result = Sent | Again | Parked | Dropped | TargetGone

# Whole targets are claimed: what is due for one device or address becomes one message. How each
# database is to go about it is spelled out, for just after an import their statistics are wrong.
# (Without «+ interval» PostgreSQL would look for each target among all rows that are due.)
_CLAIM = {
    "sqlite": """UPDATE outbox SET claim = $1, bundle = coalesce(bundle, $1), due_at = $3,
    attempts = attempts + 1
WHERE id IN (
    SELECT o.id FROM (
        SELECT DISTINCT account_id, target FROM (
            SELECT account_id, target FROM outbox INDEXED BY outbox_due
            WHERE state = 'pending' AND channel = $2 AND due_at <= $4
            ORDER BY due_at LIMIT $5)
    ) AS g CROSS JOIN outbox o INDEXED BY outbox_waiting
    WHERE o.account_id = g.account_id AND o.target = g.target
        AND o.state = 'pending' AND o.due_at <= $4)
RETURNING id""",
    "postgres": """UPDATE outbox SET claim = $1, bundle = coalesce(bundle, $1),
    due_at = $3::timestamptz, attempts = attempts + 1
WHERE id = ANY(ARRAY(
    SELECT w.id FROM (
        SELECT DISTINCT account_id, target FROM (
            SELECT account_id, target FROM outbox
            WHERE state = 'pending' AND channel = $2 AND due_at <= $4::timestamptz
            ORDER BY due_at LIMIT $5) AS first
    ) AS g CROSS JOIN LATERAL (
        SELECT o.id FROM outbox o
        WHERE o.account_id = g.account_id AND o.target = g.target
            AND o.state = 'pending' AND o.due_at + interval '0' <= $4::timestamptz
        FOR UPDATE SKIP LOCKED
    ) AS w))
RETURNING id""",
}

_SENT = """UPDATE outbox SET state = 'sent', sent_at = {now}, claim = NULL, last_error = ''
    WHERE id {among} AND state <> 'sent'"""
_DEVICES_OK = """UPDATE subscription SET last_ok_at = {now}, failures = 0, last_error = ''
    WHERE id IN (SELECT subscription_id FROM outbox WHERE id {among})"""
_DEVICE_FAILS = """UPDATE subscription SET failures = failures + 1, last_error = $2
    WHERE id IN (SELECT subscription_id FROM outbox WHERE id = $1)"""
_AGAIN = """UPDATE outbox SET due_at = {due}, last_error = $4, claim = NULL,
    attempts = attempts - $5, bundle = CASE WHEN $6 = 1 THEN NULL ELSE bundle END
    WHERE id = $1 AND claim = $2 AND state = 'pending'"""
# What was bundled by this very claim, and ends without arriving, is free of its bundle.
_END = """UPDATE outbox SET state = $3, last_error = $4, claim = NULL,
    bundle = CASE WHEN bundle = $2 THEN NULL ELSE bundle END
    WHERE id = $1 AND claim = $2 AND state = 'pending'"""

_NOT_ELSEWHERE = """NOT EXISTS (SELECT 1 FROM outbox x WHERE x.account_id = o.account_id
    AND x.subject = o.subject AND x.subject_id = o.subject_id AND x.event = o.event
    AND x.id <> o.id AND x.state IN ('pending', 'sent'))"""
_OTHER_BY_EMAIL = """INSERT INTO outbox (account_id, channel, subscription_id, target, address,
    kind, subject, subject_id, event, state, due_at, attempts, created_at, last_error)
SELECT a.id, 'email', NULL, 0, '', o.kind, o.subject, o.subject_id, o.event, 'pending', {now}, 0,
    {now}, ''
FROM outbox o
    JOIN account a ON a.id = o.account_id
    LEFT JOIN preference c ON c.account_id = a.id
WHERE o.id = $1 AND o.channel = 'push' AND (a.wants_alerts OR o.kind = 'security')
    AND {not_elsewhere} AND {reachable}
ON CONFLICT (subject_id, subject, event, account_id, target) DO NOTHING"""
_OTHER_BY_PUSH = """INSERT INTO outbox (account_id, channel, subscription_id, target, address,
    kind, subject, subject_id, event, state, due_at, attempts, created_at, last_error)
SELECT o.account_id, 'push', s.id, s.id, '', o.kind, o.subject, o.subject_id, o.event, 'pending',
    {now}, 0, {now}, ''
FROM outbox o JOIN subscription s ON s.account_id = o.account_id
WHERE o.id = $1 AND o.channel = 'email' AND o.target = 0 AND {not_elsewhere}
ON CONFLICT (subject_id, subject, event, account_id, target) DO NOTHING"""
_REMOVE_DEVICE = "DELETE FROM subscription WHERE id = $1"
_MARK_ADDRESS = """UPDATE preference SET email_failed_at = {now}, email_failure = $3
    WHERE account_id = $1"""
_NO_PREFERENCE = """INSERT INTO preference (account_id, payment_push, payment_email, letter_push,
    letter_email, message_push, message_email, form_push, form_email, security_push,
    security_email, show_amounts, phrase, email_failure)
SELECT id, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, FALSE, '', ''
FROM account WHERE id = $1
ON CONFLICT (account_id) DO NOTHING"""


_RETRY = """UPDATE outbox SET state = 'pending', attempts = 0, due_at = {now}, claim = NULL
    WHERE state = 'parked' AND id {among}"""


class Outbox:
    """The outbox as a worker and an operator handle it."""

    def __init__(self, store: Store, number: Callable[[], int] = lambda: randbits(62)) -> None:
        self._store = store
        self._number = number

    @property
    def store(self) -> Store:
        """The connection behind it."""
        return self._store

    def _sql(self, text: str, now: str = "$2") -> str:
        dialect = self._store.dialect
        return text.format(
            now=MOMENT[dialect].format(now),
            among=AMONG[dialect],
            reachable=REACHABLE,
            not_elsewhere=_NOT_ELSEWHERE,
        )

    def _moment(self, value: datetime) -> object:
        return moment(self._store.dialect, value)

    async def next_due(self, channel: Channel) -> datetime | None:
        """When the first row of a channel is due; None when nothing waits."""
        sql = "SELECT min(due_at) FROM outbox WHERE state = 'pending' AND channel = $1"
        value = (await self._store.fetch(sql, (channel.value,)))[0][0]
        return None if value is None else as_time(value)

    async def claim(
        self, channel: Channel, limit: int, now: datetime, lease: timedelta = LEASE
    ) -> Claim | None:
        """Take rows that are due, a few more than ``limit`` when a target has many; None: none."""
        due = await self.next_due(channel)  # a read: without work the database is not written to
        if due is None or due > now:
            return None
        number = self._number()
        values = (number, channel.value, self._moment(now + lease), self._moment(now), limit)
        rows = await self._store.claim(_CLAIM[self._store.dialect], values)
        return Claim(number, channel, [row[0] for row in rows], now) if rows else None

    async def record(self, claim: Claim, results: Iterable[Result], now: datetime) -> None:
        """Write what became of claimed rows, all of it or nothing."""
        statements: list[Statement] = []
        sent: list[int] = []
        for result in results:
            if isinstance(result, Sent):
                sent.append(result.id)
            else:
                statements += self._statements(claim, result, now)
        if sent:
            values = (listed(self._store.dialect, sent), self._moment(now))
            statements.append((self._sql(_SENT), values))
            if claim.channel is Channel.PUSH:
                statements.append((self._sql(_DEVICES_OK), values))
        if statements:
            await self._store.write(statements)

    def _statements(
        self, claim: Claim, result: Again | Parked | Dropped | TargetGone, now: datetime
    ) -> list[Statement]:
        reason = result.reason[:_REASON]
        if isinstance(result, Again):
            due = MOMENT[self._store.dialect].format("$3")
            values = (
                result.id,
                claim.number,
                self._moment(result.at),
                reason,
                0 if result.counts else 1,
                1 if result.fresh else 0,
            )
            again: list[Statement] = [(_AGAIN.format(due=due), values)]
            if result.counts and claim.channel is Channel.PUSH:
                again.append((_DEVICE_FAILS, (result.id, reason)))
            return again
        if isinstance(result, Parked):
            return [(_END, (result.id, claim.number, State.PARKED.value, reason))]
        if isinstance(result, Dropped):
            return [(_END, (result.id, claim.number, State.CANCELLED.value, reason))]
        return [
            *self._other_channel(claim, result, now),
            (_END, (result.id, claim.number, State.CANCELLED.value, reason)),
        ]

    def _other_channel(self, claim: Claim, gone: TargetGone, now: datetime) -> list[Statement]:
        moment = self._moment(now)
        statements: list[Statement] = []
        if gone.account_id is not None:
            values = (gone.account_id, moment, gone.reason[:_REASON])
            statements = [(_NO_PREFERENCE, (gone.account_id,)), (self._sql(_MARK_ADDRESS), values)]
        by = _OTHER_BY_EMAIL if claim.channel is Channel.PUSH else _OTHER_BY_PUSH
        statements.append((self._sql(by), (gone.id, moment)))
        if gone.subscription_id is not None:
            statements.append((_REMOVE_DEVICE, (gone.subscription_id,)))
        return statements

    async def counts(self, now: datetime) -> dict[str, int]:
        """How many rows wait, are overdue by more than a lease, and are parked."""
        sql = """SELECT
            (SELECT count(*) FROM outbox WHERE state = 'pending'),
            (SELECT count(*) FROM outbox WHERE state = 'pending' AND due_at < {now}),
            (SELECT count(*) FROM outbox WHERE state = 'parked')"""
        place = MOMENT[self._store.dialect].format("$1")
        row = (await self._store.fetch(sql.format(now=place), (self._moment(now - LEASE),)))[0]
        return {"pending": row[0], "overdue": row[1], "parked": row[2]}

    async def parked(self, limit: int = 100) -> list[Sequence[Any]]:
        """Parked rows, oldest first: id, channel, kind, event, attempts, created_at, reason."""
        sql = """SELECT id, channel, kind, event, attempts, created_at, last_error FROM outbox
            WHERE state = 'parked' ORDER BY id LIMIT $1"""
        return await self._store.fetch(sql, (limit,))

    async def retry(self, now: datetime, ids: Sequence[int] | None = None) -> int:
        """Send parked rows after all, these or every one; out: how many."""
        if ids is None:
            rows = await self._store.fetch("SELECT id FROM outbox WHERE state = 'parked'")
            ids = [row[0] for row in rows]
        values = (listed(self._store.dialect, ids), self._moment(now))
        return await self._store.run(self._sql(_RETRY), values)

    async def drop(self, ids: Sequence[int]) -> int:
        """Never send these parked rows; out: how many."""
        sql = """UPDATE outbox SET state = 'cancelled', last_error = 'dropped'
            WHERE state = 'parked' AND id {among}"""
        return await self._store.run(self._sql(sql), (listed(self._store.dialect, ids),))


async def forget_done(now: datetime) -> int:
    """Delete rows that were done with long ago, some thousands at a time; out: how many."""
    old = OutboxRow.filter(
        state__in=(State.SENT, State.CANCELLED), created_at__lt=now - KEPT
    ).order_by("id")
    ids = await old.limit(_FORGOTTEN).values_list("id", flat=True)
    return await OutboxRow.filter(id__in=list(ids)).delete() if ids else 0
