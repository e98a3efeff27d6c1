"""A Mailer that sends nothing: it keeps e-mails in a folder, to be looked at (demo, trials)."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from app.mail.message import POLICY
from app.mail.outcomes import SENT, Outcome

MOST_KEPT = 500
KEY = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class StoredMail:
    """One e-mail in the list: enough to choose it by."""

    key: str
    sent_at: datetime
    to: str
    name: str
    subject: str


class MailboxMailer:
    """Keeps the latest e-mails as .eml files; one with the same Message-ID replaces the former."""

    def __init__(self, folder: Path, most: int = MOST_KEPT) -> None:
        self._folder = folder
        self._most = most

    async def send(self, message: EmailMessage) -> Outcome:
        """Keep a message, and forget the oldest ones. Raises OSError when the disk refuses."""
        await asyncio.to_thread(self._keep, message)
        return SENT

    async def close(self) -> None:
        """Nothing to let go of."""

    async def mails(self, to: str = "") -> list[StoredMail]:
        """What is kept, newest first; only what went to an address when it is given."""
        found = await asyncio.to_thread(lambda: list(self._heads()))
        return [mail for mail in found if not to or mail.to.casefold() == to.casefold()]

    async def read(self, key: str) -> EmailMessage | None:
        """One e-mail in full, or None when there is none (any more)."""
        if not KEY.fullmatch(key):
            return None
        try:
            content = await asyncio.to_thread((self._folder / f"{key}.eml").read_bytes)
        except FileNotFoundError:
            return None
        return message_from_bytes(content, policy=POLICY)  # type: ignore[return-value]

    def _keep(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        key = sha256(str(message["Message-ID"]).encode()).hexdigest()[:24]
        with NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
            file.write(message.as_bytes())
        Path(file.name).replace(self._folder / f"{key}.eml")
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        for path in self._newest_first()[self._most :]:
            path.unlink(missing_ok=True)

    def _newest_first(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        with os.scandir(self._folder) as entries:
            kept = [entry for entry in entries if entry.name.endswith(".eml")]
        kept.sort(key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
        return [Path(entry.path) for entry in kept]

    def _heads(self) -> Iterator[StoredMail]:
        parser = BytesHeaderParser(policy=POLICY)
        for path in self._newest_first():
            try:
                with path.open("rb") as file:
                    yield _head(path.stem, parser.parse(file))  # type: ignore[arg-type]
            except FileNotFoundError:  # forgotten meanwhile
                continue


def _head(key: str, message: EmailMessage) -> StoredMail:
    address = message["To"].addresses[0]
    return StoredMail(
        key=key,
        sent_at=message["Date"].datetime or datetime.fromtimestamp(0, UTC),
        to=address.addr_spec,
        name=address.display_name,
        subject=str(message["Subject"]),
    )


def bodies(message: EmailMessage) -> tuple[str, str]:
    """The plain text and the HTML of an e-mail of ours."""
    return _body(message, "plain"), _body(message, "html")


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


__all__ = ["MailboxMailer", "StoredMail", "bodies"]
