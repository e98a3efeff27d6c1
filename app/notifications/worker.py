"""Sends what is due, until told to stop: a lane for each channel, so that none holds up another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random

import structlog

from app import clock
from app.notifications.bell import BELL_HERE, Bell, watch
from app.notifications.dispatch import Dispatcher, Sender
from app.notifications.models import Channel
from app.notifications.outbox import Claim, Outbox
from app.notifications.store import FAILURES, open_store

GRACE_SECONDS = 8.0  # for what is under way when we are to stop; then its lease runs out
AT_ONCE = 2  # claims under way in a lane: the next is prepared while the last answers come
_LONGEST_SLEEP = 60.0
_SHORTEST_SLEEP = 0.05  # rows that are due, but held by an import that is under way
_AFTER_FAILURE = 2.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Lane:
    """A channel, who sends by it, and how many rows it takes at a time."""

    channel: Channel
    sender: Sender
    rows: int


def make_lanes(senders: Mapping[Channel, Sender]) -> list[Lane]:
    """A lane for each channel. A push is quick, an e-mail takes its time."""
    rows = {Channel.PUSH: 500, Channel.EMAIL: 40}
    return [Lane(channel, sender, rows[channel]) for channel, sender in senders.items()]


async def send_alerts(
    stop: asyncio.Event,
    database_url: str,
    lanes: list[Lane],
    *,
    bell: Bell = BELL_HERE,
    rng: Random | None = None,
    grace: float = GRACE_SECONDS,
) -> None:
    """Send what is due until ``stop`` is set, then finish what is under way within the grace.

    Has database connections of its own; waits and tries again when the database fails.
    """
    while not stop.is_set():
        try:
            async with open_store(database_url) as store:
                outbox = Outbox(store)
                watcher = asyncio.create_task(watch(store, database_url, bell))
                try:
                    async with asyncio.TaskGroup() as group:
                        for lane in lanes:
                            runner = _Runner(lane, outbox, bell, rng or Random(), grace)  # noqa: S311
                            group.create_task(runner.run(stop))
                finally:
                    watcher.cancel()
                    with suppress(asyncio.CancelledError):
                        await watcher
        except* FAILURES as failures:
            names = sorted({type(one).__name__ for one in failures.exceptions})
            log.error("outbox_failed", errors=names)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _AFTER_FAILURE)


class _Runner:
    """One lane at work."""

    def __init__(self, lane: Lane, outbox: Outbox, bell: Bell, rng: Random, grace: float) -> None:
        self._lane = lane
        self._outbox = outbox
        self._event = bell.listener()
        self._dispatcher = Dispatcher(outbox, lane.sender, rng)
        self._under_way: set[asyncio.Task[None]] = set()
        self._grace = grace

    async def run(self, stop: asyncio.Event, now: Callable[[], datetime] = clock.now) -> None:
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._event.clear()  # before looking, so that no ring is lost
                claim = None
                if len(self._under_way) < AT_ONCE:
                    claim = await self._outbox.claim(self._lane.channel, self._lane.rows, now())
                if claim is not None:
                    self._under_way.add(asyncio.create_task(self._dispatch(claim)))
                else:
                    await self._wait(stopped, now())
        finally:
            stopped.cancel()
            await self._finish()

    async def _dispatch(self, claim: Claim) -> None:
        try:
            sent = await self._dispatcher.dispatch(claim)
        except FAILURES as error:
            # The lease runs out and the rows are due again: nothing is lost by waiting for that.
            log.error("alerts_not_recorded", error=type(error).__name__)
        else:
            log.info(
                "alerts_sent", channel=self._lane.channel.value, rows=len(claim.ids), sent=sent
            )

    async def _wait(self, stopped: asyncio.Task[bool], now: datetime) -> None:
        """Wait for a ring, for the next row to become due, for a place, or for the end."""
        timeout = _LONGEST_SLEEP
        if len(self._under_way) < AT_ONCE:
            due = await self._outbox.next_due(self._lane.channel)
            if due is not None:
                timeout = min(timeout, max(_SHORTEST_SLEEP, (due - now).total_seconds()))
        ring = asyncio.create_task(self._event.wait())
        full = len(self._under_way) >= AT_ONCE
        waiting = {stopped, *self._under_way, *(() if full else (ring,))}
        done, _ = await asyncio.wait(waiting, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        ring.cancel()
        self._under_way -= done

    async def _finish(self) -> None:
        if not self._under_way:
            return
        _, late = await asyncio.wait(self._under_way, timeout=self._grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
