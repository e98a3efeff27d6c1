"""From claimed rows to messages, by a channel, and back to outcomes.

What a message says is looked up when it is sent, in one query for all rows of a claim: so what
was withdrawn or read meanwhile is not told, nor anything of a dossier that is no longer theirs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from random import Random
from typing import Protocol

import structlog

from app import clock
from app.notifications.facts import Message, Pending, load, make_message
from app.notifications.models import Channel, Kind
from app.notifications.outbox import (
    LEASE,
    Again,
    Claim,
    Dropped,
    Outbox,
    Parked,
    Result,
    Sent,
    TargetGone,
)
from app.notifications.schedule import is_hopeless, quiet_until, wait_before_retry

SENDING = LEASE * 0.7  # what is unanswered by then is tried again, and still ours to say so
_TOGETHER = 100  # outcomes recorded at once, so that little is sent twice after kill -9

log = structlog.get_logger()


class ChannelFailed(Exception):
    """A channel raised instead of answering: a fault of ours; the text names the exception."""


class Verdict(StrEnum):
    """What a channel says became of a message."""

    SENT = "sent"
    AGAIN = "again"  # trouble that may pass
    GONE = "gone"  # this device or address takes nothing any more
    HOPELESS = "hopeless"  # the message itself is wrong: trying again does not help


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message.

    ``after``: what the other side asked to wait. ``maybe_arrived``: after a time-out or a broken
    connection it may only be repeated as it was. ``tried``: False when it was not even tried,
    because the service is being left alone. ``reason``: a word for the operator, never personal.
    """

    verdict: Verdict
    after: timedelta | None = None
    maybe_arrived: bool = False
    tried: bool = True
    reason: str = ""


class Sender(Protocol):
    """A channel: sends messages as quickly as it may, and answers as the answers come."""

    def send_all(self, messages: Iterable[Message]) -> AsyncGenerator[tuple[Message, Answer], None]:
        """Send each; whoever stops listening leaves the rest without an answer."""


class Dispatcher:
    """Sends the rows of a claim by one channel and records what became of them."""

    def __init__(
        self,
        outbox: Outbox,
        sender: Sender,
        rng: Random,
        clock: Callable[[], datetime] = clock.now,
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._rng = rng
        self._clock = clock

    async def dispatch(self, claim: Claim) -> int:
        """Send everything of a claim; out: how many messages were handed over."""
        now = self._clock()
        rows = await load(self._outbox.store, claim.ids)
        results, sendable = sort_out(rows, now, self._rng)
        lost = set(claim.ids) - {row.item.id for row in rows}
        results += [Dropped(one, "no longer theirs") for one in lost]
        if results:
            await self._outbox.record(claim, results, now)
        messages = bundle(sendable)
        sent = 0
        waiting = {message.identity: message for message in messages}
        try:
            async with asyncio.timeout(SENDING.total_seconds()):
                sent += await self._send(claim, messages, waiting)
        except TimeoutError:
            log.warning("alerts_unanswered", channel=claim.channel.value, count=len(waiting))
        except ChannelFailed as error:
            log.error("alerts_failed", channel=claim.channel.value, exc_info=error)
            sent += await self._send_one_by_one(claim, waiting)
        await self._finish(claim, waiting)
        return sent

    async def _send(
        self,
        claim: Claim,
        messages: Sequence[Message],
        waiting: dict[str, Message],
    ) -> int:
        """Send and record; takes every message out of ``waiting`` once its outcome is kept."""
        sent = 0
        answered: list[tuple[Message, Answer]] = []
        try:
            async with aclosing(self._answers(messages)) as answers:
                async for message, answer in answers:
                    answered.append((message, answer))
                    sent += answer.verdict is Verdict.SENT
                    if len(answered) >= _TOGETHER:
                        kept, answered = answered, []
                        await self._record(claim, kept, waiting)
        finally:
            if answered:
                await asyncio.shield(self._record(claim, answered, waiting))
        return sent

    async def _answers(
        self, messages: Sequence[Message]
    ) -> AsyncGenerator[tuple[Message, Answer], None]:
        """What the channel answers; raises ChannelFailed for whatever goes wrong in it."""
        try:
            async with aclosing(self._sender.send_all(messages)) as answers:
                async for pair in answers:
                    yield pair
        except Exception as error:
            raise ChannelFailed(type(error).__name__) from error

    async def _record(
        self,
        claim: Claim,
        answered: list[tuple[Message, Answer]],
        waiting: dict[str, Message],
    ) -> None:
        now = self._clock()
        results: list[Result] = []
        for message, answer in answered:
            results += outcomes(message, answer, now, self._rng)
        await self._outbox.record(claim, results, now)
        for message, _ in answered:
            waiting.pop(message.identity, None)

    async def _send_one_by_one(self, claim: Claim, waiting: dict[str, Message]) -> int:
        """After a failure of the channel itself: so that one bad message holds up no other."""
        sent = 0
        for message in list(waiting.values()):
            try:
                async with asyncio.timeout(10):
                    sent += await self._send(claim, [message], waiting)
            except (ChannelFailed, TimeoutError) as error:
                answer = Answer(Verdict.AGAIN, maybe_arrived=True, reason=str(error) or "no answer")
                await self._record(claim, [(message, answer)], waiting)
        return sent

    async def _finish(self, claim: Claim, waiting: dict[str, Message]) -> None:
        answer = Answer(Verdict.AGAIN, maybe_arrived=True, reason="no answer")
        if waiting:
            rest = [(message, answer) for message in waiting.values()]
            await self._record(claim, rest, waiting)


def sort_out(
    rows: Iterable[Pending], now: datetime, rng: Random
) -> tuple[list[Result], list[Pending]]:
    """What need not or may not be sent now, and why; and what is to be sent."""
    results: list[Result] = []
    sendable: list[Pending] = []
    for row in rows:
        result = _obstacle(row, now, rng)
        if result is None:
            sendable.append(row)
        else:
            results.append(result)
    return results, sendable


def _obstacle(row: Pending, now: datetime, rng: Random) -> Result | None:
    item = row.item
    if row.withdrawn:
        return Dropped(item.id, "withdrawn")
    if row.stranger:
        return Dropped(item.id, "no longer theirs")
    if row.is_read:
        return Dropped(item.id, "read")
    if row.channel is Channel.PUSH and row.device is None:
        return TargetGone(item.id, "no device")
    if row.channel is Channel.EMAIL and not row.recipient.email:
        return TargetGone(item.id, "no address")
    if is_hopeless(item.attempts - 1):  # its worker died so often that it may be the cause
        return Parked(item.id, "lost too often")
    if item.kind is not Kind.SECURITY:
        end = quiet_until(now, row.recipient.quiet_from, row.recipient.quiet_until)
        if end is not None:
            return Again(item.id, end, "quiet hours", fresh=row.is_new, counts=False)
    return None


def bundle(rows: Iterable[Pending]) -> list[Message]:
    """One message for all rows of a target and bundle, the oldest row first."""

    def key(row: Pending) -> tuple[int, int, int]:
        return row.bundle, row.recipient.account_id, row.target

    ordered = sorted(rows, key=lambda row: (key(row), row.item.id))
    return [make_message(list(together)) for _, together in groupby(ordered, key)]


def outcomes(message: Message, answer: Answer, now: datetime, rng: Random) -> list[Result]:
    """What an answer means for each row of a message; what is tried again stays together."""
    if answer.verdict is Verdict.SENT:
        return [Sent(item.id) for item in message.items]
    if answer.verdict is Verdict.GONE:
        device = message.device.id if message.device else None
        refused = None if message.device or message.is_former else message.recipient.account_id
        reason = answer.reason or "gone"
        return [TargetGone(item.id, reason, device, refused) for item in message.items]
    if answer.verdict is Verdict.HOPELESS:
        return [Parked(item.id, answer.reason) for item in message.items]
    most = max(item.attempts for item in message.items)
    at = now + wait_before_retry(most, answer.after, rng)
    fresh = message.is_new and not answer.maybe_arrived
    return [
        Parked(item.id, answer.reason)
        if answer.tried and is_hopeless(item.attempts)
        else Again(item.id, at, answer.reason, fresh=fresh, counts=answer.tried)
        for item in message.items
    ]
