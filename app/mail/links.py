"""Signed links in e-mails: what they say can be read by anybody and made by nobody else.

Pure functions: keys and time come in as arguments. The first key signs and every key is
accepted, so keys can be rotated; a key that is dropped voids the links it signed. Signatures are
HMAC-SHA-256 by itsdangerous, compared in constant time; a purpose is part of the signature, so
that a token for one thing is worth nothing for another.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

VERIFICATION_LIFE = timedelta(hours=24)
LONGEST_TOKEN = 512  # characters; ours are far shorter


class BadLink(Exception):
    """A link that does not count."""


class ForgedLink(BadLink):
    """We did not make this, or with a key that is no longer ours, or for another purpose."""


class ExpiredLink(BadLink):
    """We made this, and it is too old."""


@dataclass(frozen=True)
class Verification:
    """What a verification link says: this account showed that it reads this address.

    ``version`` is the number that the account's address had when the link was made; the caller
    raises it whenever the address changes or a link is used, so that each link works once.
    """

    account: int
    address_mark: str
    version: int


@dataclass(frozen=True)
class Unsubscription:
    """What an unsubscribe link says: no e-mail about this kind to this account any more."""

    account: int
    kind: str


def verification_token(
    keys: Sequence[str], account: int, address: str, version: int, now: datetime
) -> str:
    """A token for the link that proves an e-mail address, good for 24 hours."""
    expires = int((now + VERIFICATION_LIFE).timestamp())
    mark = _mark(keys[0], account, address)
    return _sign(keys, "e-mail-verification", [account, mark, version, expires])


def read_verification(keys: Sequence[str], token: str, now: datetime) -> Verification:
    """What the token of a verification link says. Raises ForgedLink, ExpiredLink."""
    match _read(keys, "e-mail-verification", token):
        case [int(account), str(mark), int(version), int(expires)]:
            if now >= datetime.fromtimestamp(expires, UTC):
                raise ExpiredLink
            return Verification(account, mark, version)
        case _:
            raise ForgedLink


def proves(
    keys: Sequence[str], link: Verification, account: int, address: str, version: int
) -> bool:
    """Whether a link proves the address that an account now waits for.

    False when it is of another account or address, was used already, or was followed by a newer
    change (another version).
    """
    marks = [hmac.compare_digest(link.address_mark, _mark(key, account, address)) for key in keys]
    return any(marks) and link.account == account and link.version == version


def unsubscribe_token(keys: Sequence[str], account: int, kind: str) -> str:
    """A token for the link that switches off e-mail of a kind; it does not expire."""
    return _sign(keys, "e-mail-unsubscribe", [account, kind])


def read_unsubscribe(keys: Sequence[str], token: str) -> Unsubscription:
    """What the token of an unsubscribe link says. Raises ForgedLink."""
    match _read(keys, "e-mail-unsubscribe", token):
        case [int(account), str(kind)]:
            return Unsubscription(account, kind)
        case _:
            raise ForgedLink


def _mark(key: str, account: int, address: str) -> str:
    """Stands for an address in a link without telling it to who sees the link."""
    text = f"e-mail-mark:{account}:{address.casefold()}"
    return hmac.digest(key.encode(), text.encode(), sha256)[:16].hex()


def _serializer(keys: Sequence[str], purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        list(reversed(keys)),  # itsdangerous signs with the last
        salt=purpose,
        signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
    )


def _sign(keys: Sequence[str], purpose: str, content: list[int | str]) -> str:
    token = _serializer(keys, purpose).dumps(content)
    return token.decode() if isinstance(token, bytes) else token


def _read(keys: Sequence[str], purpose: str, token: str) -> object:
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise ForgedLink
    try:
        content: object = _serializer(keys, purpose).loads(token)
    except BadData:
        raise ForgedLink from None
    return content


__all__ = [
    "BadLink",
    "ExpiredLink",
    "ForgedLink",
    "Unsubscription",
    "Verification",
    "proves",
    "read_unsubscribe",
    "read_verification",
    "unsubscribe_token",
    "verification_token",
]
