"""Rules about e-mail addresses: which can be written to, how they are shown, when to ask again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email

# A verification e-mail goes where somebody typed, perhaps to a stranger: few, and not in a row.
WAIT_BETWEEN = timedelta(minutes=2)
MOST_A_DAY = 5
DAY = timedelta(hours=24)


def deliverable(address: str) -> str | None:
    """The address as SMTP carries it (RFC 5321, the domain in ASCII), or None when it cannot.

    A local part outside ASCII needs SMTPUTF8 (RFC 6531) of every server on its way: no.
    """
    try:
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, allow_quoted_local=False
        )
    except EmailNotValidError:
        return None
    return found.ascii_email


def masked(address: str) -> str:
    """An address that its owner recognises and nobody else learns: ``s•••@voorbeeld.be``."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}" if at and local else "•••"


def may_verify_from(sent: Sequence[datetime], now: datetime) -> datetime:
    """From when another verification e-mail may go to an account; ``now`` when it may already.

    In: when earlier ones went, in any order. At most one in two minutes and five in a day.
    """
    recent = sorted(moment for moment in sent if moment > now - DAY)
    if len(recent) >= MOST_A_DAY:
        return recent[-MOST_A_DAY] + DAY
    if recent:
        return max(now, recent[-1] + WAIT_BETWEEN)
    return now


__all__ = ["deliverable", "masked", "may_verify_from"]
