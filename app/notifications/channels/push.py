"""The outbox's messages over Web Push."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from datetime import timedelta

from app.notifications.channels.words import leading, words_of
from app.notifications.dispatch import Answer, Verdict
from app.notifications.facts import Message
from app.notifications.push.outcomes import Outcome, Result
from app.notifications.push.payload import Kind, Notification
from app.notifications.push.sender import Outgoing, Sender

_VERDICTS = {
    Result.DELIVERED: Verdict.SENT,
    Result.GONE: Verdict.GONE,
    Result.UNSENDABLE: Verdict.HOPELESS,  # perhaps our own list or keys: no device is lost by it
    Result.TOO_LARGE: Verdict.HOPELESS,
}


class PushChannel:
    """Sends by one sender of push messages (``dispatch.Sender``)."""

    def __init__(self, sender: Sender, base_url: str) -> None:
        self._sender = sender
        self._base_url = base_url

    async def send_all(
        self, messages: Iterable[Message]
    ) -> AsyncGenerator[tuple[Message, Answer], None]:
        """Send each; answers come in the order in which push services give them."""
        under_way: dict[object, Message] = {}
        outgoing = self._outgoing(messages, under_way)
        async with aclosing(self._sender.send_all(outgoing)) as outcomes:
            async for outcome in outcomes:
                yield under_way.pop(outcome.id), answer_of(outcome)

    def _outgoing(
        self, messages: Iterable[Message], under_way: dict[object, Message]
    ) -> Iterator[Outgoing]:
        for message in messages:
            under_way[message.identity] = message
            yield self.outgoing(message)

    def outgoing(self, message: Message) -> Outgoing:
        """What travels to the device of a message; its identity is tag and topic."""
        device = message.device
        assert device is not None  # noqa: S101 (rows without a device are sorted out before)
        words = words_of(message)
        first = leading(message)
        notification = Notification(
            title=words.title,
            body=words.body,
            lang=message.recipient.language,
            tag=message.identity,
            navigate=self._base_url + words.path,
            timestamp=int(first.created_at.timestamp() * 1000),
        )
        return Outgoing(
            id=message.identity,
            endpoint=device.endpoint,
            p256dh=device.p256dh,
            auth=device.auth,
            key_version=device.key_version,
            kind=Kind(first.kind.value),
            notification=notification,
        )


def answer_of(outcome: Outcome) -> Answer:
    """What the outbox does about the answer of a push service."""
    wait = None if outcome.retry_after is None else timedelta(seconds=outcome.retry_after)
    return Answer(
        _VERDICTS.get(outcome.result, Verdict.AGAIN),
        after=wait,
        maybe_arrived=outcome.result is Result.FAILED and not outcome.status,
        tried=outcome.result is not Result.POSTPONED,
        reason=" ".join(part for part in (outcome.result.value, outcome.reason) if part),
    )
