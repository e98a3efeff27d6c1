"""The other end of Web Push, written from the RFCs with primitives only.

Shares nothing with what the portal sends with: RFC 8188 and RFC 8291 (content), RFC 8292 (token).
"""

from __future__ import annotations

import hmac
import json
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class NotForUs(Exception):
    """A message cannot be read, or a token does not hold; the text says what is wrong."""


def encode(data: bytes) -> str:
    """Base64url without padding (RFC 7515)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The opposite; refuses padding and other alphabets."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise NotForUs("not base64url")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes (X9.62, uncompressed)."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF (RFC 5869) for at most one block of output, as RFC 8291 writes it out."""
    key = hmac.digest(salt, secret, "sha256")
    return hmac.digest(key, info + b"\x01", "sha256")[:length]


def decrypt(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """What the sender wrote (RFC 8291, sections 3 and 4). Raises NotForUs."""
    if len(body) > 4096:
        raise NotForUs("longer than 4,096 bytes")
    if len(body) < 21 + 65 + 17:
        raise NotForUs("too short")
    salt, (size, length) = body[:16], struct.unpack("!LB", body[16:21])
    sender, content = body[21 : 21 + length], body[21 + length :]
    if length != 65 or sender[:1] != b"\x04":
        raise NotForUs("keyid is no public key")
    if size < 18 or len(content) > size:
        raise NotForUs("more than one record")
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    except ValueError:
        raise NotForUs("keyid is not on the curve") from None
    shared = private.exchange(ec.ECDH(), public)
    info = b"WebPush: info\x00" + point(private.public_key()) + sender
    material = _hkdf(auth, shared, info, 32)
    key = _hkdf(salt, material, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(salt, material, b"Content-Encoding: nonce\x00", 12)
    try:
        padded = AESGCM(key).decrypt(nonce, content, None)
    except InvalidTag:
        raise NotForUs("not meant for this key") from None
    plain, mark = padded.rstrip(b"\x00")[:-1], padded.rstrip(b"\x00")[-1:]
    if mark != b"\x02":
        raise NotForUs("the record is not the last")
    return plain


@dataclass(frozen=True)
class Token:
    """What a sender says about itself, and the public key that it proved to hold."""

    audience: str
    expires: float
    subject: str
    key: str


def verify(header: str | None, origin: str, now: float) -> Token:
    """Check an Authorization header (RFC 8292, sections 2 and 3). Raises NotForUs."""
    match = re.fullmatch(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)", header or "")
    if match is None:
        raise NotForUs("no vapid token")
    head, claims, signature, key = match.groups()
    if _json(head).get("alg") != "ES256":
        raise NotForUs("another algorithm")
    raw = decode(signature)
    if len(raw) != 64:
        raise NotForUs("signature of another length")
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(key))
        signed = f"{head}.{claims}".encode()
        public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        raise NotForUs("bad signature") from None
    token = _token(_json(claims), key)
    if token.audience != origin:
        raise NotForUs("made out to another service")
    if not now < token.expires <= now + 24 * 3600:
        raise NotForUs("expired, or valid for too long")
    return token


def _token(claims: dict[str, Any], key: str) -> Token:
    subject = str(claims.get("sub", ""))
    if not subject.startswith(("mailto:", "https:")):
        raise NotForUs("no way to reach the sender")
    return Token(str(claims.get("aud")), float(claims.get("exp", 0)), subject, key)


def _json(part: str) -> dict[str, Any]:
    try:
        value = json.loads(decode(part))
    except ValueError:
        raise NotForUs("not JSON") from None
    if not isinstance(value, dict):
        raise NotForUs("not an object")
    return value


class Device:
    """A subscribed browser: its keys, the address that it was given, what it was sent."""

    def __init__(self, endpoint: str, server_key: str = "") -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = sha256(point(self._private.public_key())).digest()[:16]
        self.endpoint = endpoint
        self.server_key = server_key  # applicationServerKey, when the subscription is bound to one
        self.p256dh = encode(point(self._private.public_key()))
        self.auth = encode(self._auth)

    def read(self, body: bytes) -> bytes:
        """Decrypt a message. Raises NotForUs."""
        return decrypt(body, self._private, self._auth)
