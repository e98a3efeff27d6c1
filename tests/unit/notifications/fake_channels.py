"""Channels for tests: they note what arrives, and answer by a script or by chance."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable

from app.notifications.dispatch import Answer, Verdict
from app.notifications.facts import Message

SENT = Answer(Verdict.SENT)


class Mailbox:
    """Everything that arrived; asked for an answer message by message."""

    def __init__(self, answer: Callable[[Message], Answer] = lambda _: SENT) -> None:
        self.answer = answer
        self.messages: list[Message] = []

    async def send_all(
        self, messages: Iterable[Message]
    ) -> AsyncGenerator[tuple[Message, Answer], None]:
        for message in messages:
            answer = self.answer(message)
            if answer.verdict is Verdict.SENT or answer.maybe_arrived:
                self.messages.append(message)
            yield message, answer
