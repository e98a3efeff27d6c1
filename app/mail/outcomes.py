"""What became of one e-mail, and how an SMTP server's answer is read (RFC 5321, RFC 3463).

The text of an answer often repeats the address, so only its numbers are kept.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

import aiosmtplib


class Verdict(StrEnum):
    """What to do about a message after it was tried."""

    SENT = "sent"  # the server took it over
    RETRY = "retry"  # later, the same message
    BOUNCED = "bounced"  # never again to this address, until the person looks at it
    REFUSED = "refused"  # our fault or the set-up's: keep it, and tell the operator


class Reason(StrEnum):
    """Why, in classes that an operator can act on."""

    NONE = ""
    CONNECTION = "connection"  # none could be made, or it broke
    TIMEOUT = "timeout"
    LATER = "later"  # the server said so: 4xx
    FULL = "full"  # too many messages wait already in this process
    GARBAGE = "garbage"  # no answer that SMTP knows
    TLS = "tls"
    AUTHENTICATION = "authentication"
    SERVER = "server"  # refuses us at the door
    SENDER = "sender"
    POLICY = "policy"  # refuses to relay, or takes us for somebody unwanted
    CONTENT = "content"
    UNSUPPORTED = "unsupported"  # the server cannot do what the settings ask
    ADDRESS = "address"  # of the reader: unknown, closed, full, or impossible


@dataclass(frozen=True)
class Outcome:
    """One verdict with its reason; ``code`` and ``status`` as the server gave them, if it did."""

    verdict: Verdict
    reason: Reason = Reason.NONE
    code: int = 0
    status: str = ""

    def __str__(self) -> str:
        """In short, for the outbox: ``bounced: address 550 5.1.1``."""
        numbers = " ".join(part for part in (str(self.code or ""), self.status) if part)
        return f"{self.verdict}: {self.reason} {numbers}".strip(" :")


SENT = Outcome(Verdict.SENT)


class Mailer(Protocol):
    """Takes e-mails out of our hands."""

    async def send(self, message: EmailMessage) -> Outcome:
        """Send one message to the address in its To; never raises for what a server does."""
        ...

    async def close(self) -> None:
        """Let go of the connection; the next message opens another."""
        ...


class Stage(StrEnum):
    """Where in the conversation an answer was given."""

    GREETING = "greeting"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


REFUSAL = {
    Stage.GREETING: Reason.SERVER,
    Stage.LOGIN: Reason.AUTHENTICATION,
    Stage.SENDER: Reason.SENDER,
    Stage.RECIPIENT: Reason.POLICY,
    Stage.CONTENT: Reason.CONTENT,
}
# A server without enhanced status codes says with these that the mailbox is the trouble; 554 and
# 530 it says to whoever may not relay.
ADDRESS_CODES = {550, 551, 552, 553, 556}
ABOUT_SENDER = {"5.1.7", "5.1.8"}
STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


def judge(stage: Stage, code: int, text: str) -> Outcome:
    """Read one answer of a server that did not say yes.

    An address is given up only when the server speaks of the address: a relay that refuses us
    altogether must not mark the addresses of every family.
    """
    found = STATUS.match(text)
    status = found[1] if found else ""
    if 400 <= code < 500:
        return Outcome(Verdict.RETRY, Reason.LATER, code, status)
    if not 500 <= code < 600:
        return Outcome(Verdict.RETRY, Reason.GARBAGE)
    if code == 530:
        return Outcome(Verdict.REFUSED, Reason.AUTHENTICATION, code, status)
    if status in ABOUT_SENDER:
        return Outcome(Verdict.REFUSED, Reason.SENDER, code, status)
    if _is_about_address(stage, code, status):
        return Outcome(Verdict.BOUNCED, Reason.ADDRESS, code, status)
    return Outcome(Verdict.REFUSED, REFUSAL[stage], code, status)


def _is_about_address(stage: Stage, code: int, status: str) -> bool:
    """Addressing (5.1), mailbox (5.2) and routing (5.4) are about the address, policy is not."""
    if stage not in {Stage.RECIPIENT, Stage.CONTENT}:
        return False
    if status:
        return status.startswith(("5.1.", "5.2.", "5.4.") if stage == Stage.RECIPIENT else "5.1.")
    return stage == Stage.RECIPIENT and code in ADDRESS_CODES


STAGES: list[tuple[type[aiosmtplib.SMTPResponseException], Stage]] = [
    (aiosmtplib.SMTPRecipientRefused, Stage.RECIPIENT),
    (aiosmtplib.SMTPSenderRefused, Stage.SENDER),
    (aiosmtplib.SMTPDataError, Stage.CONTENT),
    (aiosmtplib.SMTPAuthenticationError, Stage.LOGIN),
    (aiosmtplib.SMTPResponseException, Stage.GREETING),
]


def outcome_of(error: Exception) -> Outcome:
    """The outcome that an error of aiosmtplib, of TLS or of the network stands for."""
    cause = error if isinstance(error, ssl.SSLError) else error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Outcome(Verdict.REFUSED, Reason.TLS)  # will not mend itself: somebody must look
    if isinstance(cause, ssl.SSLError):
        return Outcome(Verdict.RETRY, Reason.TLS)
    if isinstance(error, TimeoutError):
        return Outcome(Verdict.RETRY, Reason.TIMEOUT)
    for kind, stage in STAGES:
        if isinstance(error, kind):
            return judge(stage, error.code, error.message)
    if isinstance(error, OSError):  # also aiosmtplib's, when it could not connect or was cut off
        return Outcome(Verdict.RETRY, Reason.CONNECTION)
    return Outcome(Verdict.REFUSED, Reason.UNSUPPORTED)


def hung_up(error: Exception) -> bool:
    """Whether the server ended the conversation, by closing it or by saying so (421)."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return error.code == 421
    return isinstance(error, OSError) and not isinstance(error, TimeoutError)


__all__ = [
    "SENT",
    "Mailer",
    "Outcome",
    "Reason",
    "Stage",
    "Verdict",
    "hung_up",
    "judge",
    "outcome_of",
]
