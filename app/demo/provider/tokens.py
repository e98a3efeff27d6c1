"""Signing, checking and encrypting JSON Web Tokens, on nothing but ``cryptography``.

Deliberately not the library that the portal checks tokens with: a fault in that one would else
be made and forgiven on both sides. RFC 7515 (JWS), 7516 (JWE), 7517 (JWK), 7638 (thumbprint).
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from os import urandom
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

LARGEST = 16 * 1024
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_KEY_TYPES = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}


class TokenError(Exception):
    """A token is malformed, or not signed by a key that we accept."""


def b64(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Base64url without padding, read back. Raises TokenError when it is something else."""
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise TokenError("not base64url")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def half_hash(value: str) -> str:
    """The left half of the SHA-256 of a value: ``at_hash`` of OpenID Connect Core 3.1.3.6."""
    return b64(sha256(value.encode()).digest()[:16])


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The name of an RSA key: the hash of its required members (RFC 7638)."""
    members = {name: jwk[name] for name in ("e", "kty", "n")}
    return b64(sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


class SigningKey:
    """The RSA key with which the provider signs all it says, with RS256."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        """Take a key; its ``kid`` is its thumbprint."""
        self._private = private
        numbers = private.public_key().public_numbers()
        jwk = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
        self.kid = thumbprint(jwk)
        self.public_jwk = {**jwk, "use": "sig", "alg": "RS256", "kid": self.kid}

    @classmethod
    def load(cls, path: Path | None) -> SigningKey:
        """Read a PEM file, or make a new key. Raises ValueError when it holds no RSA key."""
        if path is None:
            return cls(rsa.generate_private_key(public_exponent=65537, key_size=2048))
        private = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError(f"{path}: not an RSA key")
        return cls(private)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The claims as a signed token in compact form."""
        header = {"alg": "RS256", "typ": "JWT", "kid": self.kid}
        signed = f"{_json(header)}.{_json(claims)}"
        signature = self._private.sign(signed.encode(), padding.PKCS1v15(), SHA256())
        return f"{signed}.{b64(signature)}"

    def read_own(self, token: str) -> dict[str, Any]:
        """The claims of a token that we signed ourselves. Raises TokenError."""
        return verify(token, [self.public_jwk])


def verify(token: str, keys: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The claims of a token signed (RS256, PS256 or ES256) with one of the public ``keys``.

    The header's ``kid`` chooses the key; without one there must be a single fitting key.
    Claims are not judged here. Raises TokenError.
    """
    header, claims = peek(token)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _KEY_TYPES or "crit" in header:
        raise TokenError("algorithm or critical header not accepted")
    key = _choose(keys, algorithm, header.get("kid"))
    try:
        signed, _, signature = token.rpartition(".")
        _check(algorithm, key, signed.encode(), unb64(signature))
    except (InvalidSignature, KeyError, TypeError, ValueError, AttributeError) as error:
        raise TokenError("signature does not fit") from error
    return claims


def peek(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token, unchecked: only to know whose keys to check it with.

    Raises TokenError when it has no such shape.
    """
    parts = token.split(".")
    if len(token) > LARGEST or len(parts) != 3:
        raise TokenError("not a signed token")
    return _object(parts[0]), _object(parts[1])


def encrypt(text: str, keys: Sequence[Mapping[str, Any]]) -> str:
    """A signed token wrapped for its reader: RSA-OAEP-256 with A256GCM, compact form.

    Takes the first RSA key meant for encryption. Raises TokenError when there is none.
    """
    fitting = [key for key in keys if key.get("kty") == "RSA" and key.get("use") == "enc"]
    if not fitting:
        raise TokenError("no key to encrypt with")
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT"}
    if "kid" in fitting[0]:
        header["kid"] = str(fitting[0]["kid"])
    protected = _json(header)
    content_key, nonce = urandom(32), urandom(12)
    oaep = padding.OAEP(mgf=padding.MGF1(SHA256()), algorithm=SHA256(), label=None)
    wrapped = _rsa_public(fitting[0]).encrypt(content_key, oaep)
    sealed = AESGCM(content_key).encrypt(nonce, text.encode(), protected.encode())
    return ".".join((protected, b64(wrapped), b64(nonce), b64(sealed[:-16]), b64(sealed[-16:])))


def _choose(keys: Sequence[Mapping[str, Any]], algorithm: str, kid: object) -> Mapping[str, Any]:
    fitting = [
        key
        for key in keys
        if key.get("kty") == _KEY_TYPES[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (kid is None or key.get("kid") == kid)
    ]
    if len(fitting) != 1:
        raise TokenError("no single key fits")
    return fitting[0]


def _check(algorithm: str, key: Mapping[str, Any], signed: bytes, signature: bytes) -> None:
    if algorithm == "ES256":
        if key["crv"] != "P-256" or len(signature) != 64:
            raise TokenError("not a P-256 signature")
        point = ec.EllipticCurvePublicNumbers(_int(key["x"]), _int(key["y"]), ec.SECP256R1())
        pair = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        point.public_key().verify(encode_dss_signature(*pair), signed, ec.ECDSA(SHA256()))
    elif algorithm == "PS256":
        pss = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=32)
        _rsa_public(key).verify(signature, signed, pss, SHA256())
    else:
        _rsa_public(key).verify(signature, signed, padding.PKCS1v15(), SHA256())


def _rsa_public(key: Mapping[str, Any]) -> rsa.RSAPublicKey:
    return rsa.RSAPublicNumbers(_int(key["e"]), _int(key["n"])).public_key()


def _number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8))


def _int(text: str) -> int:
    return int.from_bytes(unb64(text))


def _json(value: Mapping[str, Any]) -> str:
    return b64(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(unb64(part))
    except (ValueError, RecursionError) as error:
        raise TokenError("not JSON") from error
    if not isinstance(value, dict):
        raise TokenError("not a JSON object")
    return value
