"""A worker in a process of its own, for tests that kill it: DATABASE-URL JOURNAL.

What arrives is written to the journal: the identity of the message and the ids of its rows.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path

from app.notifications.dispatch import Answer, Verdict
from app.notifications.facts import Message
from app.notifications.models import Channel
from app.notifications.worker import Lane, send_alerts


class Journal:
    """A push service that remembers, also when the worker dies."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)

    async def send_all(
        self, messages: Iterable[Message]
    ) -> AsyncGenerator[tuple[Message, Answer], None]:
        for message in messages:
            ids = ",".join(str(item.id) for item in message.items)
            self._file.write(f"{message.identity} {ids}\n")
            await asyncio.sleep(0.001)
            yield message, Answer(Verdict.SENT)


if __name__ == "__main__":
    lane = Lane(Channel.PUSH, Journal(Path(sys.argv[2])), 20)
    asyncio.run(send_alerts(asyncio.Event(), sys.argv[1], [lane]))
