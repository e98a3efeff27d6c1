"""A real SMTP server on this machine, whose answers a test can choose."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.mail.message import POLICY, MailWriter
from app.mail.smtp import Patience, SmtpServer
from tests.unit.mail.house import CONTEXTS, HOUSE, to

USER, PASSWORD = "portaal", "een heel geheim"
OK = "250 2.0.0 OK"
QUICK = Patience(connect=0.5, command=0.3, content=0.3)
DROP = "drop"  # instead of an answer: the connection is cut off


@dataclass
class PostOffice:
    """A handler of aiosmtpd that keeps what it takes in.

    ``answers`` holds, by command, what to say the next times instead of yes; ``delay`` how long
    to think about a command.
    """

    answers: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    delay: dict[str, float] = field(default_factory=dict)
    taken: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    servers: list[SMTP] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    port: int = 0

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        answer = await self._answer("MAIL", server)
        if answer == OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._answer("RCPT", server)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        else:
            self.at_once -= 1
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.at_once -= 1
        answer = await self._answer("DATA", server)
        if answer == OK:
            content = envelope.content
            assert isinstance(content, bytes)
            assert envelope.mail_from is not None
            message: Any = message_from_bytes(content, policy=POLICY)
            self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), message))
            self.over_tls.append(session.ssl is not None)
        return answer

    async def _answer(self, command: str, server: SMTP) -> str:
        await asyncio.sleep(self.delay.get(command, 0))
        answer = self.answers[command].pop(0) if self.answers[command] else OK
        if answer == DROP:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: LoginPassword
    ) -> AuthResult:
        right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        self.logins.append(data.login.decode())
        if self.answers["AUTH"]:
            self.answers["AUTH"].pop()
            right = False
        return AuthResult(success=right, handled=False)

    @property
    def connections(self) -> int:
        """How many there have been."""
        return len(self.servers)

    def hang_up(self) -> None:
        """Close every connection, as a server does with one that lies idle."""
        for server in self.servers:
            if server.transport is not None:
                server.transport.close()


@asynccontextmanager
async def opened(
    tls: ssl.SSLContext | None = None, *, from_start: bool = False, **options: Any
) -> AsyncIterator[PostOffice]:
    """A post office that is open: with STARTTLS when given ``tls``, or in TLS ``from_start``."""
    office = PostOffice()

    def serve() -> SMTP:
        server = SMTP(
            office,
            hostname="post.example",
            tls_context=None if from_start else tls,
            authenticator=office.authenticate,
            loop=asyncio.get_running_loop(),
            **options,
        )
        office.servers.append(server)
        return server

    listener = await asyncio.get_running_loop().create_server(
        serve, "127.0.0.1", 0, ssl=tls if from_start else None
    )
    office.port = listener.sockets[0].getsockname()[1]
    yield office
    listener.close()
    office.hang_up()
    await listener.wait_closed()
    await asyncio.sleep(0.02)  # the ends of the connections see that they are closed


def certificate(folder: Path, host: str = "127.0.0.1") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate made here: what a server shows, and a client that trusts only that."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "post.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "post.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    return serving, ssl.create_default_context(cafile=str(file))


def mail(address: str = "sofie@voorbeeld.example", number: int = 1) -> EmailMessage:
    """Some message to an address."""
    return MailWriter(HOUSE).render("message", CONTEXTS["message"], "nl", to(address, number))


def server(port: int, *, security: str = "none", user: str = "", password: str = "") -> SmtpServer:
    """The settings of a post office on this machine."""
    assert security in {"none", "starttls", "tls"}
    return SmtpServer(
        host="127.0.0.1",
        port=port,
        security=security,  # type: ignore[arg-type]
        user=user,
        password=password,
        sender=HOUSE.sender,
        hello="portaal.devlier.example",
    )


__all__ = [
    "DROP",
    "OK",
    "PASSWORD",
    "QUICK",
    "USER",
    "PostOffice",
    "certificate",
    "mail",
    "opened",
    "server",
]
