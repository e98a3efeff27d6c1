"""Signed and encrypted tokens: the only module that knows python-jose.

The library trusts the token too much, so everything it leaves open is closed here before it is
called: size and shape, the algorithm (ours, never the token's), ``crit``, exactly one key by
``kid``, ``kty``, ``use`` and ``alg``, and for encryption RSA-OAEP with AES-GCM alone (RFC 8725).
Whatever the library raises on odd input, out comes a SignInRefused.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from jose import jwe, jwk, jws
from jose.backends import RSAKey

from app.auth.oidc.keys import ClientKey
from app.auth.oidc.refusal import Reason, SignInRefused
from app.auth.oidc.strict_json import parse_object

Algorithm = Literal["RS256", "PS256", "ES256"]

LONGEST_TOKEN: Final = 64 * 1024
_LONGEST_HEADER: Final = 4 * 1024
_PART = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_KEY_MEMBERS: Final[dict[str, tuple[str, ...]]] = {
    "RSA": ("kty", "n", "e"),
    "EC": ("kty", "crv", "x", "y"),
}
_KEY_TYPES: Final[dict[str, str]] = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
_RSA_BITS: Final = range(2048, 8192 + 1)
_KEY_ENCRYPTION: Final = frozenset({"RSA-OAEP", "RSA-OAEP-256"})
_CONTENT_ENCRYPTION: Final = frozenset({"A128GCM", "A256GCM"})
_GCM_IV_LENGTH: Final = 12
_GCM_TAG_LENGTH: Final = 16


def verify(
    token: str, keys: Iterable[Mapping[str, object]], *, algorithm: Algorithm
) -> dict[str, object]:
    """The claims of a compact JWS signed by one of the provider's ``keys`` with ``algorithm``.

    Raises SignInRefused; with UNKNOWN_KEY a newer key set may still help.
    """
    header = _header(token, parts=3)
    if header.get("alg") != algorithm:
        raise SignInRefused(Reason.WRONG_ALGORITHM)
    if isinstance(kind := header.get("typ"), str) and kind.lower().endswith("+jwt"):
        # An access or log-out token is no ID token (RFC 8725, section 3.11)
        raise SignInRefused(Reason.MALFORMED_TOKEN, "a token of another type")
    key = _construct(_choose(keys, header.get("kid"), algorithm), algorithm)
    try:
        payload = jws.verify(token, key, algorithms=[algorithm])
    except Exception:
        raise SignInRefused(Reason.BAD_SIGNATURE) from None
    try:
        return parse_object(payload)
    except ValueError:
        raise SignInRefused(Reason.MALFORMED_TOKEN, "claims are not a JSON object") from None


def is_encrypted(token: str) -> bool:
    """Whether a compact token is a JWE (five parts) rather than a JWS (three)."""
    return token.count(".") == 4


def decrypt(token: str, key: ClientKey | None) -> str:
    """The compact JWS inside a compact JWE made for our key. Raises SignInRefused."""
    header = _header(token, parts=5)
    if header.get("alg") not in _KEY_ENCRYPTION or header.get("enc") not in _CONTENT_ENCRYPTION:
        raise SignInRefused(Reason.WRONG_ALGORITHM, "encryption outside our list")
    if "zip" in header:
        raise SignInRefused(Reason.BAD_ENCRYPTION, "compressed")
    if key is None or key.encryption_kid is None:
        raise SignInRefused(Reason.BAD_ENCRYPTION, "we have no key for encryption")
    if header.get("kid", key.encryption_kid) not in (key.encryption_kid, key.kid):
        raise SignInRefused(Reason.UNKNOWN_KEY, "encrypted for another key")
    _, _, vector, _, tag = token.split(".")
    if len(_decode(vector)) != _GCM_IV_LENGTH or len(_decode(tag)) != _GCM_TAG_LENGTH:
        raise SignInRefused(Reason.BAD_ENCRYPTION, "vector or tag of another length")
    try:
        inner = jwe.decrypt(token, key.private)
        return bytes(inner).decode("ascii")
    except Exception:
        raise SignInRefused(Reason.BAD_ENCRYPTION) from None


def sign(claims: Mapping[str, object], key: ClientKey) -> str:
    """``claims`` as a compact JWS, signed with our own key."""
    headers = {"kid": key.kid}
    own = jwk.construct(key.private, key.algorithm)
    return str(jws.sign(dict(claims), own, headers=headers, algorithm=key.algorithm))


def _header(token: str, *, parts: int) -> dict[str, object]:
    """The protected header of a token of the right size and shape, without ``crit``."""
    if not token or len(token) > LONGEST_TOKEN:
        raise SignInRefused(Reason.MALFORMED_TOKEN, "empty or too long")
    found = token.split(".", parts)
    if len(found) != parts or not all(map(_PART.fullmatch, found)):
        raise SignInRefused(Reason.MALFORMED_TOKEN, f"not {parts} parts of base64url")
    if len(found[0]) > _LONGEST_HEADER:
        raise SignInRefused(Reason.MALFORMED_TOKEN, "header too long")
    try:
        header = parse_object(_decode(found[0]))
    except ValueError:
        raise SignInRefused(Reason.MALFORMED_TOKEN, "header is not a JSON object") from None
    if "crit" in header:
        # We understand no extension, so we must refuse them all (RFC 7515, section 4.1.11)
        raise SignInRefused(Reason.MALFORMED_TOKEN, "critical extension")
    return header


def _decode(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise SignInRefused(Reason.MALFORMED_TOKEN, "not base64url") from None


def _choose(
    keys: Iterable[Mapping[str, object]], kid: object, algorithm: Algorithm
) -> Mapping[str, object]:
    """The one key that fits; none or several is a refusal, for guessing invites mix-ups."""
    if kid is not None and not isinstance(kid, str):
        raise SignInRefused(Reason.MALFORMED_TOKEN, "kid is not a text")
    fitting = [key for key in keys if _fits(key, kid, algorithm)]
    if not fitting:
        raise SignInRefused(Reason.UNKNOWN_KEY)
    if len(fitting) > 1:
        raise SignInRefused(Reason.AMBIGUOUS_KEY)
    return fitting[0]


def _fits(key: Mapping[str, object], kid: str | None, algorithm: Algorithm) -> bool:
    operations = key.get("key_ops", ["verify"])
    return (
        key.get("kty") == _KEY_TYPES[algorithm]
        and (kid is None or key.get("kid") == kid)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (isinstance(operations, list) and "verify" in operations)
    )


def _construct(key: Mapping[str, object], algorithm: Algorithm) -> Any:
    """A key of python-jose, made from the public members of a JWK and nothing else."""
    try:
        members = {name: _text(key[name]) for name in _KEY_MEMBERS[_KEY_TYPES[algorithm]]}
        if members["kty"] == "EC" and members["crv"] != "P-256":
            raise ValueError("another curve")
        made = _PssKey(members) if algorithm == "PS256" else jwk.construct(members, algorithm)
        if members["kty"] == "RSA" and made.prepared_key.key_size not in _RSA_BITS:
            raise ValueError("too small or too large")
    except Exception:
        raise SignInRefused(Reason.BAD_KEYS, "a key of the provider cannot be used") from None
    return made


def _text(value: object) -> str:
    if not isinstance(value, str) or not _PART.fullmatch(value) or len(value) > 2048:
        raise ValueError("not base64url")
    return value


class _PssKey(RSAKey):  # type: ignore[misc]
    """RSASSA-PSS with SHA-256 (RFC 7518, section 3.5), which python-jose lacks."""

    def __init__(self, members: dict[str, str]) -> None:
        super().__init__(members, "RS256")

    def verify(self, msg: bytes, sig: bytes) -> bool:
        """Whether ``sig`` is the signature of ``msg``."""
        scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
        try:
            self.prepared_key.verify(sig, msg, scheme, hashes.SHA256())
        except InvalidSignature:
            return False
        return True
