"""Only the device can read a message (RFC 8291); pywebpush does it, with a fresh key for each."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from pywebpush import WebPusher, WebPushException


class KeysUnusable(Exception):
    """The keys of a subscription are none: nothing can be sent to it, now or later."""


def check_keys(p256dh: str, auth: str) -> None:
    """Look at the keys that a browser gives: a point on P-256 and a secret of 16 bytes.

    Raises KeysUnusable.
    """
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh, 65))
        _bytes(auth, 16)
    except ValueError:
        raise KeysUnusable from None


def encrypt(payload: bytes, p256dh: str, auth: str) -> bytes:
    """The body of the request. Raises KeysUnusable.

    It takes about 0.14 ms and holds the interpreter, so threads do not make it faster.
    """
    # Given as bytes the keys are not converted, and there is little to copy.
    keys = {"p256dh": p256dh.encode(), "auth": auth.encode()}
    try:
        encoded = WebPusher({"endpoint": "", "keys": keys}).encode(payload)
    except (ValueError, TypeError, IndexError, WebPushException, http_ece.ECEException):
        raise KeysUnusable from None
    body: bytes = encoded["body"]
    return body


def _bytes(text: str, length: int) -> bytes:
    """Decode base64url without padding, as the Push API gives it; anything else is a ValueError."""
    if not text.isascii() or not text.replace("-", "a").replace("_", "a").isalnum():
        raise ValueError
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise ValueError from None
    if len(data) != length:
        raise ValueError
    return data
