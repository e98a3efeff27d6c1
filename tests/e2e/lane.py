"""A worker beside a running demo, whose push messages trust the certificate of a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from app.notifications.dispatch import Answer, Verdict
from app.notifications.facts import Message
from app.notifications.models import Channel
from app.notifications.push.endpoints import PushServices
from app.notifications.push.outcomes import Outcome, Result
from app.notifications.push.payload import Kind, Notification
from app.notifications.push.sender import Outgoing, Sender
from app.notifications.push.transport import Transport
from app.notifications.push.vapid import Vapid, read_key
from app.notifications.worker import make_lanes, send_alerts
from tests.e2e.portal import Portal

VERDICTS = {
    Result.DELIVERED: Verdict.SENT,
    Result.GONE: Verdict.GONE,
    Result.TOO_LARGE: Verdict.HOPELESS,
    Result.UNSENDABLE: Verdict.HOPELESS,
}


class PushLane:
    """The outbox's messages as push messages, in general words."""

    def __init__(self, sender: Sender, portal: Portal) -> None:
        self._sender = sender
        self._portal = portal

    async def send_all(
        self, messages: Iterable[Message]
    ) -> AsyncGenerator[tuple[Message, Answer], None]:
        """Send each and say what became of it."""
        known = {message.identity: message for message in messages}
        async for outcome in self._sender.send_all(map(self._outgoing, known.values())):
            yield known[str(outcome.id)], _answer(outcome)

    def _outgoing(self, message: Message) -> Outgoing:
        device, item = message.device, message.items[-1]
        assert device is not None
        notification = Notification(
            title="Er is een nieuwe betaling" if item.payment else "Er is nieuws",
            body="Open Mijn Kinderbijslag om ze te bekijken.",
            lang="nl",
            tag=message.identity,
            navigate=self._portal.url("/betalingen"),
        )
        return Outgoing(
            id=message.identity,
            endpoint=device.endpoint,
            p256dh=device.p256dh,
            auth=device.auth,
            key_version=device.key_version,
            kind=Kind(item.kind.value),
            notification=notification,
        )


def _answer(outcome: Outcome) -> Answer:
    after = timedelta(seconds=outcome.retry_after) if outcome.retry_after else None
    return Answer(VERDICTS.get(outcome.result, Verdict.AGAIN), after, reason=outcome.reason)


@asynccontextmanager
async def worker(portal: Portal, certificate: Path) -> AsyncIterator[None]:
    """The worker's loop on the demo's database, with the demo's own key, until the block ends."""
    services = PushServices((), allow_loopback=True)
    vapid = Vapid([read_key(portal.database.parent / "push.pem")], "mailto:push@devlier.example")
    sender = Sender(services, vapid, Transport(services.may_connect, roots=certificate))
    lanes = make_lanes({Channel.PUSH: PushLane(sender, portal)})
    stop = asyncio.Event()
    running = asyncio.create_task(send_alerts(stop, f"sqlite:///{portal.database}", lanes))
    try:
        yield
    finally:
        stop.set()
        await running
        await sender.close()
