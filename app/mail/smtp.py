"""Sends e-mail over SMTP (RFC 5321) with TLS (RFC 3207, RFC 8314) and authentication (RFC 4954).

One connection is kept and used for one message after another; it is opened anew when the server
dropped it or when it has lain idle for longer than servers like. No address, name, text or answer
of a server is ever logged.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal
from urllib.parse import urlsplit

import structlog
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from app.mail.addresses import deliverable
from app.mail.outcomes import SENT, Outcome, Reason, Verdict, hung_up, outcome_of
from app.settings import Settings

log = structlog.get_logger()

PORTS = {"starttls": 587, "tls": 465, "none": 25}
MOST_WAITING = 100  # messages at once in one process; more come back as a retry
# What an attempt may end in: UnicodeError is a host name that DNS cannot even ask for.
FAILURES = (SMTPException, OSError, UnicodeError)
GOODBYE = 2.0  # seconds that a server has for its answer to QUIT


@dataclass(frozen=True)
class SmtpServer:
    """Where e-mail is handed in, and how. ``hello`` is how we call ourselves there."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str
    password: str
    sender: str
    hello: str

    def __repr__(self) -> str:
        """Without the password and the user."""
        return f"SmtpServer({self.host}:{self.port}, {self.security})"


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds (RFC 5321 4.5.3.2 asks for minutes; a queue retries)."""

    connect: float = 15
    command: float = 30
    content: float = 120
    idle: float = 60  # a connection unused for longer is opened anew


class SmtpMailer:
    """A Mailer on one connection to one server; belongs to one event loop."""

    def __init__(
        self,
        server: SmtpServer,
        *,
        tls: ssl.SSLContext | None = None,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """In: the server; ``tls`` when others vouch for it than those the system trusts."""
        self._server = server
        self._tls = tls
        self._patience = patience or Patience()
        self._clock = clock
        self._client: SMTP | None = None
        self._used_at = 0.0
        self._lock = asyncio.Lock()
        self._waiting = 0

    async def send(self, message: EmailMessage) -> Outcome:
        """Send one message; messages at the same time take turns.

        A message whose connection breaks while its content travels may have arrived: it comes
        back as a retry, and its Message-ID tells the reader's server that it is the same one.
        """
        recipient = deliverable(message["To"].addresses[0].addr_spec)
        if recipient is None:
            return _told(Outcome(Verdict.BOUNCED, Reason.ADDRESS))
        if self._waiting >= MOST_WAITING:
            return _told(Outcome(Verdict.RETRY, Reason.FULL))
        self._waiting += 1
        try:
            async with self._lock:
                return _told(await self._send(recipient, message.as_bytes()))
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Say goodbye to the server, if there is one."""
        async with self._lock:
            await self._leave()

    async def _send(self, recipient: str, content: bytes) -> Outcome:
        try:
            client = await self._addressed(recipient)
            await client.data(content, timeout=self._patience.content)
        except FAILURES as error:
            await self._clear_up(error)
            return outcome_of(error)
        except BaseException:  # cancelled: nobody knows how far the conversation is
            self._drop()
            raise
        self._used_at = self._clock()
        return SENT

    async def _addressed(self, recipient: str) -> SMTP:
        """A connection on which the sender and the recipient were taken.

        A kept connection may turn out to be gone at the first word: nothing was sent then, so
        the same is said once more on a new one.
        """
        client, kept = await self._connected()
        try:
            await self._address(client, recipient)
        except FAILURES as error:
            if not (kept and hung_up(error)):
                raise
            self._drop()
            client, _ = await self._connected()
            await self._address(client, recipient)
        return client

    async def _address(self, client: SMTP, recipient: str) -> None:
        await client.mail(self._server.sender)
        await client.rcpt(recipient)

    async def _connected(self) -> tuple[SMTP, bool]:
        """A connection that is ready for a message, and whether it was there already."""
        if self._client is not None and self._clock() - self._used_at > self._patience.idle:
            await self._leave()
        if self._client is not None and self._client.is_connected:
            return self._client, True
        client = await self._new_client()
        try:
            await client.connect(timeout=self._patience.connect)
            if self._server.user:
                await client.login(self._server.user, self._server.password)
        except BaseException:  # a connection that is half open is never kept
            client.close()
            raise
        self._client = client
        return client, False

    async def _new_client(self) -> SMTP:
        if self._tls is None and self._server.security != "none":
            self._tls = await asyncio.to_thread(ssl.create_default_context)
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            local_hostname=self._server.hello,
            timeout=self._patience.command,
            use_tls=self._server.security == "tls",
            start_tls=self._server.security == "starttls",
            tls_context=self._tls,
        )

    async def _clear_up(self, error: Exception) -> None:
        """Make the connection fit for the next message, or give it up."""
        client = self._client
        if client is None or not isinstance(error, SMTPResponseException) or hung_up(error):
            return self._drop()
        try:
            await client.rset()
        except FAILURES:
            self._drop()
        else:
            self._used_at = self._clock()

    async def _leave(self) -> None:
        if self._client is not None and self._client.is_connected:
            with suppress(*FAILURES):
                await self._client.quit(timeout=GOODBYE)
        self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def _told(outcome: Outcome) -> Outcome:
    """Log what did not go well; the operator must act on a refusal."""
    if outcome.verdict is not Verdict.SENT:
        tell = log.error if outcome.verdict is Verdict.REFUSED else log.warning
        tell(
            f"mail_{outcome.verdict}",
            reason=str(outcome.reason),
            code=outcome.code,
            status=outcome.status,
        )
    return outcome


def smtp_server(settings: Settings) -> SmtpServer | None:
    """The server of the settings, or None when e-mail is not set up."""
    if not settings.smtp_host:
        return None
    return SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port or PORTS[settings.smtp_security],
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password,
        sender=settings.mail_from,
        hello=urlsplit(settings.base_url).hostname or "localhost",
    )


__all__ = ["Patience", "SmtpMailer", "SmtpServer", "smtp_server"]
