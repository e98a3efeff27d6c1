"""What travels: one JSON for all browsers, of one length, and the headers that go with it.

The form is that of Declarative Web Push, which Safari shows without our service worker; other
browsers hand it to the service worker. Spaces after the JSON make all messages equally long, so
that their length tells nothing.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

import msgspec

STEP = 512  # lengths are a multiple of this: what parents get by default fits in one
LIMIT = 3993  # 4,096 bytes once encrypted, which every push service takes (RFC 8291, section 4)
BRIDGED_LIMIT = 2744  # Mozilla hands messages for Android on to Google, in base64
DAY = 86_400
_BRIDGED = ".push.services.mozilla.com"


class PayloadTooLarge(Exception):
    """The text does not fit in a push message."""


class Kind(StrEnum):
    """What a message is about; decides how long and how eagerly it is delivered."""

    PAYMENT = "payment"
    LETTER = "letter"
    MESSAGE = "message"
    FORM = "form"
    SECURITY = "security"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Handling:
    """How a push service treats a message: seconds kept for a device that is away (RFC 8030, 5.2),
    and whether it may wake a device that saves its battery (5.3)."""

    ttl: int
    urgency: str


HANDLING = {
    Kind.PAYMENT: Handling(7 * DAY, "normal"),  # after a week the payment is old news
    Kind.LETTER: Handling(28 * DAY, "high"),  # may start a term; 30 days is the most that is kept
    Kind.MESSAGE: Handling(28 * DAY, "normal"),
    Kind.FORM: Handling(14 * DAY, "normal"),
    Kind.SECURITY: Handling(7 * DAY, "high"),
    Kind.TEST: Handling(300, "high"),  # somebody is looking at the device now
}


class Action(msgspec.Struct, frozen=True):
    """A button on the notification, and the absolute address that it opens."""

    action: str
    title: str
    navigate: str


class Notification(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the device shows; ``navigate`` is an absolute address, ``timestamp`` in milliseconds.

    A later notification with the same ``tag`` takes the place of this one.
    """

    title: str
    body: str
    lang: str
    tag: str
    navigate: str
    timestamp: int | None = None
    actions: tuple[Action, ...] = ()


class _Message(msgspec.Struct, omit_defaults=True):
    web_push: int
    notification: Notification
    app_badge: int | None = None


_encoder = msgspec.json.Encoder()


def limit_at(origin: str) -> int:
    """How many bytes a push service takes, before encryption."""
    return BRIDGED_LIMIT if origin.endswith(_BRIDGED) else LIMIT


def build(notification: Notification, badge: int | None = None, limit: int = LIMIT) -> bytes:
    """The message in bytes, padded. Raises PayloadTooLarge when it exceeds ``limit``."""
    content = _encoder.encode(_Message(8030, notification, badge))
    if len(content) > limit:
        raise PayloadTooLarge
    return content.ljust(min(-(-len(content) // STEP) * STEP, limit))


def topic(tag: str, auth: str) -> str:
    """The Topic header: a message that waits gives way to a later one with the same topic.

    The same for each repeat, 32 URL-safe characters as RFC 8030 (5.4) asks, and meaningless to
    the push service: ``auth`` is the secret that only we and the device know.
    """
    digest = blake2b(tag.encode(), key=auth.encode()[:64], digest_size=24).digest()
    return urlsafe_b64encode(digest).decode("ascii")
