"""E-mail addresses: proving that they are somebody's, changing them, and what unsubscribing says.

The link in a verification e-mail is written straight away and not by the outbox: the person is
waiting for it, is told at once when it could not be sent, and asks for another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import urlencode

from app.auth.models import Account
from app.database import transaction
from app.mail import links
from app.mail.addresses import DAY, may_verify_from
from app.mail.message import Envelope, MailWriter, UnfitAddress
from app.mail.outcomes import SENT, Mailer, Outcome, Reason, Verdict
from app.notifications import preferences
from app.notifications.announce import announce_security
from app.notifications.models import Confirmation, Kind, Preference

CONFIRM_ADDRESS = "/meldingen/bevestiging"
UNSUBSCRIBE_ADDRESS = "/meldingen/afmelding"
SUMMARY = "summary"  # in an unsubscribe link: every kind that may be switched off
_NUMBERS_FROM = 1 << 48  # of verification e-mails, beyond those of the outbox
_PATIENCE_SECONDS = 8.0  # that a person waits for a slow mail server

_under_way: set[asyncio.Future[Outcome]] = set()


class AddressState(StrEnum):
    """How it stands with somebody's e-mail address."""

    NONE = "none"
    WAITING = "waiting"  # for the person to open the link
    VERIFIED = "verified"
    REFUSED = "refused"  # its server takes no e-mail for it


class Sent(StrEnum):
    """What became of asking for a verification e-mail."""

    YES = "ja"
    TOO_OFTEN = "te-vaak"
    FAILED = "mislukt"
    NOT_NEEDED = "niet-nodig"


@dataclass(frozen=True)
class PostRoom:
    """What verification e-mails are written, signed and sent with. ``mailer`` None: none leave."""

    writer: MailWriter
    mailer: Mailer | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that sign links."""
        return self.writer.house.keys

    async def changed(self, account: Account, former: str, now: datetime) -> None:
        """An account has another address (``AddressWatcher``)."""
        await changed(account, former, now)

    async def prove(self, account_id: int, now: datetime) -> None:
        """Let the owner prove an address (``AddressWatcher``)."""
        await ask_confirmation(account_id, self, now)


async def state_of(account: Account) -> AddressState:
    """How it stands with the address of an account."""
    if not account.email:
        return AddressState.NONE
    preference = await Preference.get_or_none(account_id=account.id)
    verified = account.email_verified_at
    failed = preference.email_failed_at if preference else None
    if failed is not None and (verified is None or failed >= verified):
        return AddressState.REFUSED
    return AddressState.WAITING if verified is None else AddressState.VERIFIED


async def refused_address(account_id: int) -> str:
    """The address of somebody to whom e-mail was refused for good, else nothing."""
    account = await Account.get(id=account_id)
    refused = await state_of(account) is AddressState.REFUSED
    return account.email if refused else ""


async def changed(account: Account, former: str, now: datetime) -> None:
    """Alert the former address, which was verified, that another takes its place.

    To be called in the transaction that changes the address.
    """
    await Preference.filter(account_id=account.id).update(email_failed_at=None, email_failure="")
    if former:
        await announce_security(account.id, "email_changed", now, former_address=former)


async def ask_confirmation(account_id: int, room: PostRoom, now: datetime) -> Sent:
    """Send the link that proves an address, not too often; a newer link voids the older ones."""
    async with transaction():
        account = await Account.get(id=account_id)
        if await state_of(account) in {AddressState.NONE, AddressState.VERIFIED}:
            return Sent.NOT_NEEDED
        earlier = Confirmation.filter(account_id=account_id, sent_at__gt=now - DAY)
        if may_verify_from([row.sent_at for row in await earlier], now) > now:
            return Sent.TOO_OFTEN
        asked = await Confirmation.create(account=account, address=account.email, sent_at=now)
    outcome = await _send(room, account, asked, now)
    if outcome.verdict is Verdict.SENT:
        return Sent.YES
    if outcome.verdict is Verdict.BOUNCED:
        await _mark_refused(account_id, str(outcome), now)
    await asked.delete()  # so that the person may try again at once
    return Sent.FAILED


async def _send(room: PostRoom, account: Account, asked: Confirmation, now: datetime) -> Outcome:
    """Hand the link in; a server that takes its time gets it after the person was answered."""
    if room.mailer is None:
        return Outcome(Verdict.REFUSED, Reason.UNSUPPORTED)
    try:
        letter = _letter(room, account, asked, now)
    except UnfitAddress:
        return Outcome(Verdict.BOUNCED, Reason.ADDRESS)
    sending = asyncio.ensure_future(room.mailer.send(letter))
    done, _ = await asyncio.wait({sending}, timeout=_PATIENCE_SECONDS)
    if done:
        return sending.result()
    _under_way.add(sending)
    sending.add_done_callback(_under_way.discard)
    return SENT


async def unsubscribe(account_id: int, kinds: Sequence[Kind]) -> None:
    """Switch e-mail about these kinds off; a link in an old e-mail may outlive the profile."""
    if await Account.filter(id=account_id).exists():
        for kind in kinds:
            await preferences.unsubscribe(account_id, kind)


async def confirm(room: PostRoom, token: str, now: datetime) -> None:
    """Take an address for proven. Raises links.BadLink when the link does not count (any more)."""
    link = links.read_verification(room.keys, token, now)
    async with transaction():
        account, row = await _wanted(room.keys, link)
        row.used_at = now
        await row.save(update_fields=["used_at"])
        account.email_verified_at = now
        await account.save(update_fields=["email_verified_at"])
        cleared = Preference.filter(account_id=account.id)
        await cleared.update(email_failed_at=None, email_failure="")


async def may_confirm(room: PostRoom, token: str, now: datetime) -> str:
    """The address that a link would prove. Raises links.BadLink."""
    account, _ = await _wanted(room.keys, links.read_verification(room.keys, token, now))
    return account.email


def read_unsubscribe(keys: Sequence[str], token: str) -> tuple[int, tuple[Kind, ...]]:
    """Whose e-mail a link switches off, and about what. Raises links.ForgedLink."""
    said = links.read_unsubscribe(keys, token)
    possible = tuple(kind for kind in Kind if kind is not Kind.SECURITY)
    kinds = possible if said.kind == SUMMARY else tuple(k for k in possible if k == said.kind)
    if not kinds:
        raise links.ForgedLink
    return said.account, kinds


def unsubscribe_url(base_url: str, keys: Sequence[str], account_id: int, kind: str) -> str:
    """The address that switches off e-mail of a kind, for RFC 8058 and for people."""
    token = links.unsubscribe_token(keys, account_id, kind)
    return f"{base_url}{UNSUBSCRIBE_ADDRESS}?{urlencode({'code': token})}"


def _letter(room: PostRoom, account: Account, asked: Confirmation, now: datetime) -> EmailMessage:
    token = links.verification_token(room.keys, account.id, asked.address, asked.id, now)
    base_url = room.writer.house.base_url
    context = {
        "url": f"{base_url}{CONFIRM_ADDRESS}?{urlencode({'code': token})}",
        "expires_at": now + links.VERIFICATION_LIFE,
    }
    envelope = Envelope(to=asked.address, number=_NUMBERS_FROM + asked.id, sent_at=now)
    return room.writer.render("verification", context, account.language, envelope)


async def _mark_refused(account_id: int, reason: str, now: datetime) -> None:
    row, _ = await Preference.get_or_create(account_id=account_id)
    row.email_failed_at, row.email_failure = now, reason[:120]
    await row.save(update_fields=["email_failed_at", "email_failure"])


async def _wanted(keys: Sequence[str], link: links.Verification) -> tuple[Account, Confirmation]:
    """The account and the row that a link is about; ForgedLink when it was used or voided."""
    account = await Account.get_or_none(id=link.account)
    row = await Confirmation.filter(account_id=link.account).order_by("-id").first()
    if account is None or row is None or row.used_at is not None or row.address != account.email:
        raise links.ForgedLink
    if not links.proves(keys, link, account.id, account.email, row.id):
        raise links.ForgedLink
    return account, row
