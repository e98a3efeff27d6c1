"""The devices that take push messages: whose they are, and how they come and go.

A subscription belongs to a person and a device. It moves when somebody else signs in there, and
stays with the person after signing out: that is what push messages are for, and by default they
say nothing about anybody. It goes when the person removes it, or when the push service says so.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.database import transaction
from app.notifications.inputs import NewSubscription, Renewal
from app.notifications.models import Subscription

MOST_DEVICES = 20  # of one person: each is a request for every alert


@dataclass(frozen=True, slots=True)
class Device:
    """A device in the list. ``mark`` lets a browser see that this is itself."""

    id: int
    name: str
    since: datetime
    last_ok_at: datetime | None
    fails: bool
    mark: str


def mark_of(endpoint: str) -> str:
    """Stands for an endpoint in a page: who knows the endpoint recognises it, nobody reads it."""
    return sha256(endpoint.encode()).hexdigest()


def person_mark(key: str, account_id: int) -> str:
    """Stands for a person in a page, so that a browser sees that somebody else signed in."""
    return hmac.digest(key.encode(), b"person:%d" % account_id, sha256)[:12].hex()


async def devices_of(account_id: int) -> list[Device]:
    """Somebody's devices, the newest first."""
    rows = await Subscription.filter(account_id=account_id).order_by("-created_at", "-id")
    return [
        Device(
            id=row.id,
            name=row.device,
            since=row.created_at,
            last_ok_at=row.last_ok_at,
            fails=row.failures > 0,
            mark=mark_of(row.endpoint),
        )
        for row in rows
    ]


async def subscribe(account_id: int, new: NewSubscription, device: str, now: datetime) -> bool:
    """Let a device take messages for somebody; out: whether it is new to them.

    A device of somebody else moves to them. Whoever has very many loses the oldest.
    """
    async with transaction():
        row = await Subscription.get_or_none(endpoint=new.endpoint)
        if row is not None and row.account_id == account_id:  # type: ignore[attr-defined]
            await _overwrite(row, new)
            return False
        if row is not None:
            await row.delete()  # with it goes what was under way to it for the other person
        await Subscription.create(
            account_id=account_id,
            device=device,
            endpoint=new.endpoint,
            p256dh=new.p256dh,
            auth=new.auth,
            key_version=new.key_version,
            created_at=now,
        )
        await _forget_oldest(account_id)
    return True


async def renew(renewal: Renewal) -> bool:
    """Put a new subscription in the place of a former one; False when there is no such.

    Nobody need be signed in: only the device itself knows its former endpoint and secret.
    """
    async with transaction():
        row = await Subscription.get_or_none(endpoint=renewal.former_endpoint)
        given, known = renewal.former_auth.encode(), row.auth.encode() if row else b""
        if not hmac.compare_digest(given, known) or row is None:
            return False
        if renewal.new.endpoint != row.endpoint:
            await Subscription.filter(endpoint=renewal.new.endpoint).delete()
        await _overwrite(row, renewal.new)
    return True


async def remove(account_id: int, device_id: int) -> bool:
    """Forget a device of somebody; False when it is not theirs."""
    return bool(await Subscription.filter(id=device_id, account_id=account_id).delete())


async def find(account_id: int, device_id: int) -> Subscription | None:
    """A device of somebody, to send to it."""
    return await Subscription.get_or_none(id=device_id, account_id=account_id)


async def note_delivery(device_id: int, now: datetime) -> None:
    """Remember that the push service took a message."""
    await Subscription.filter(id=device_id).update(last_ok_at=now, failures=0, last_error="")


async def _overwrite(row: Subscription, new: NewSubscription) -> None:
    row.endpoint, row.p256dh, row.auth = new.endpoint, new.p256dh, new.auth
    row.key_version = new.key_version
    row.failures, row.last_error = 0, ""
    await row.save(
        update_fields=["endpoint", "p256dh", "auth", "key_version", "failures", "last_error"]
    )


async def _forget_oldest(account_id: int) -> None:
    ids = await (
        Subscription.filter(account_id=account_id).order_by("-id").values_list("id", flat=True)
    )
    if len(ids) > MOST_DEVICES:
        await Subscription.filter(id__in=list(ids)[MOST_DEVICES:]).delete()
