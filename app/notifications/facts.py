"""What messages need to know, looked up when they are sent: one query for a whole claim.

Payments, letters and readings belong to rooms on a floor above, so this reads their tables by
SQL; nothing is written to them.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as civil_date
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.database import as_date, as_time
from app.notifications.announce import FORMER_ADDRESS, REACHABLE
from app.notifications.models import Channel, Kind, State
from app.notifications.sql import AMONG, listed
from app.notifications.store import Store


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """A payment as it now is."""

    state: str
    kind: str
    period: civil_date
    pay_date: civil_date
    total_cents: int


@dataclass(frozen=True, slots=True)
class LetterFact:
    """A letter or message as it now is."""

    kind: str
    subject: str
    date: civil_date
    answer_by: civil_date | None


@dataclass(frozen=True, slots=True)
class Item:
    """One fact of a message. ``event``: what happened to the subject with this id."""

    id: int
    kind: Kind
    subject: str
    subject_id: int
    event: str
    attempts: int
    created_at: datetime
    dossier_id: int | None
    dossier_number: str
    payment: PaymentFact | None
    letter: LetterFact | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told, and how they want it."""

    account_id: int
    given_name: str
    language: str
    email: str  # verified, or empty
    show_amounts: bool
    phrase: str
    quiet_from: int | None
    quiet_until: int | None


@dataclass(frozen=True, slots=True)
class Device:
    """Where push messages go; the id is that of the subscription."""

    id: int
    endpoint: str
    p256dh: str
    auth: str
    key_version: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A claimed row with everything known about it.

    ``is_new``: it was never handed to a channel before, so its bundle may still change.
    """

    item: Item
    channel: Channel
    target: int
    bundle: int
    recipient: Recipient
    device: Device | None
    address: str
    is_new: bool
    withdrawn: bool
    stranger: bool
    is_read: bool


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one target: one fact, or a summary of several, the oldest first.

    ``identity``: 32 URL-safe characters, the same when this message is repeated and for no other:
    push Topic and notification tag, the left half of the Message-ID. ``address``: for e-mail.
    """

    identity: str
    channel: Channel
    recipient: Recipient
    device: Device | None
    address: str
    is_former: bool
    is_new: bool
    items: tuple[Item, ...]


_LOAD = """SELECT o.id, o.kind, o.subject, o.subject_id, o.event, o.attempts, o.created_at,
    o.channel, o.target, o.bundle, o.claim, o.address,
    a.id, a.given_name, a.language, CASE WHEN {reachable} THEN a.email ELSE '' END,
    c.show_amounts, c.phrase, c.quiet_from, c.quiet_until,
    s.id, s.endpoint, s.p256dh, s.auth, s.key_version,
    p.state, p.kind, p.period, p.pay_date, p.total_cents, p.withdrawn_at,
    l.kind, l.subject, l.date, l.answer_by, l.withdrawn_at,
    d.id, d.number, t.id,
    CASE WHEN l.addressee_id IS NULL OR l.addressee_id = n.id THEN 1 ELSE 0 END, r.id, o.state
FROM outbox o
    JOIN account a ON a.id = o.account_id AND a.registered_at IS NOT NULL
    LEFT JOIN preference c ON c.account_id = a.id
    LEFT JOIN subscription s ON s.id = o.subscription_id AND s.account_id = a.id
    LEFT JOIN payment p ON o.subject = 'payment' AND p.id = o.subject_id
    LEFT JOIN letter l ON o.subject = 'letter' AND l.id = o.subject_id
    LEFT JOIN dossier d ON d.id = coalesce(p.dossier_id, l.dossier_id)
    LEFT JOIN person n ON n.number = a.number
    LEFT JOIN party t ON t.dossier_id = d.id AND t.person_id = n.id
    LEFT JOIN reading r ON r.letter_id = l.id AND r.account_id = a.id
WHERE o.id {among}"""
_IN_A_DOSSIER = frozenset({"payment", "letter"})


async def load(store: Store, ids: Sequence[int]) -> list[Pending]:
    """The rows of a claim with what is known of them, without those whose account is gone."""
    sql = _LOAD.format(among=AMONG[store.dialect], reachable=REACHABLE)
    rows = await store.fetch(sql, (listed(store.dialect, ids),))
    return [_pending(row) for row in rows if row[-1] == State.PENDING]


def _pending(row: Sequence[Any]) -> Pending:
    (
        *item_part,
        channel,
        target,
        bundle,
        claim,
        address,
    ) = row[:12]
    is_former = target == FORMER_ADDRESS
    email = address if is_former else row[15]
    return Pending(
        item=_item(item_part, row[25:36], row[36:38]),
        channel=Channel(channel),
        target=target,
        bundle=bundle,
        recipient=Recipient(
            account_id=row[12],
            given_name=row[13],
            language=row[14],
            email=email,
            show_amounts=bool(row[16]),
            phrase=row[17] or "",
            quiet_from=row[18],
            quiet_until=row[19],
        ),
        device=Device(*row[20:25]) if row[20] is not None else None,
        address=email,
        is_new=bundle == claim,
        withdrawn=row[30] is not None or row[35] is not None,
        stranger=row[2] in _IN_A_DOSSIER and (row[38] is None or not row[39]),
        is_read=row[40] is not None,
    )


def _item(about: Sequence[Any], facts: Sequence[Any], dossier: Sequence[Any]) -> Item:
    payment = letter = None
    if facts[0] is not None:
        state, kind, period, pay_date, cents = facts[:5]
        payment = PaymentFact(state, kind, as_date(period), as_date(pay_date), cents)
    if facts[6] is not None:
        kind, subject, day, answer_by = facts[6:10]
        letter = LetterFact(kind, subject, as_date(day), answer_by and as_date(answer_by))
    return Item(
        id=about[0],
        kind=Kind(about[1]),
        subject=about[2],
        subject_id=about[3],
        event=about[4],
        attempts=about[5],
        created_at=as_time(about[6]),
        dossier_id=dossier[0],
        dossier_number=dossier[1] or "",
        payment=payment,
        letter=letter,
    )


def make_message(rows: Sequence[Pending]) -> Message:
    """One message of the rows of one target and bundle."""
    first = rows[0]
    name = f"{first.bundle}.{first.recipient.account_id}.{first.target}"
    digest = sha256(name.encode()).digest()[:24]
    return Message(
        identity=urlsafe_b64encode(digest).decode(),
        channel=first.channel,
        recipient=first.recipient,
        device=first.device,
        address=first.address,
        is_former=first.target == FORMER_ADDRESS,
        is_new=first.is_new,
        items=tuple(row.item for row in rows),
    )
