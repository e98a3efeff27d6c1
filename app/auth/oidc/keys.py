"""Our own key at the provider: it signs who we are and opens what is encrypted for us."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SigningAlgorithm = Literal["RS256", "ES256"]
_SMALLEST_RSA = 2048


class ClientKeyError(ValueError):
    """The key file cannot be used; the text says why, without a byte of the key."""


@dataclass(frozen=True)
class ClientKey:
    """One private key (RSA, or EC on P-256), used for signing; an RSA key decrypts as well."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    algorithm: SigningAlgorithm
    kid: str
    public: dict[str, str] = field(repr=False)

    @classmethod
    def from_pem(cls, pem: str | bytes) -> ClientKey:
        """Read an unencrypted PEM private key. Raises ClientKeyError."""
        data = pem.encode() if isinstance(pem, str) else pem
        try:
            key = load_pem_private_key(data, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ClientKeyError("not an unencrypted private key in PEM") from None
        if isinstance(key, rsa.RSAPrivateKey):
            if key.key_size < _SMALLEST_RSA:
                raise ClientKeyError(f"an RSA key needs at least {_SMALLEST_RSA} bits")
            algorithm: SigningAlgorithm = "RS256"
            public = _rsa_members(key.public_key().public_numbers())
        elif isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
            algorithm = "ES256"
            public = _ec_members(key.public_key().public_numbers())
        else:
            raise ClientKeyError("must be an RSA key, or an EC key on P-256")
        return cls(key, algorithm, thumbprint(public), public)

    @property
    def encryption_kid(self) -> str | None:
        """The id under which the key is published for encryption; None for an EC key."""
        return f"{self.kid}-enc" if self.algorithm == "RS256" else None

    def public_keys(self) -> list[dict[str, str]]:
        """Our public keys as JWKs: one to check signatures with, an RSA key also to encrypt to.

        The encryption key names no ``alg``, for both RSA-OAEP and RSA-OAEP-256 will do.
        """
        keys = [{**self.public, "kid": self.kid, "use": "sig", "alg": self.algorithm}]
        if self.encryption_kid is not None:
            keys.append({**self.public, "kid": self.encryption_kid, "use": "enc"})
        return keys


def jwks(key: ClientKey | None) -> dict[str, list[dict[str, str]]]:
    """What ``/.well-known/jwks.json`` answers: our public keys, none without a key (RFC 7517)."""
    return {"keys": key.public_keys() if key is not None else []}


def thumbprint(members: dict[str, str]) -> str:
    """The RFC 7638 thumbprint of a public key given by its required members."""
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return _base64url(hashlib.sha256(canonical.encode()).digest())


def _rsa_members(numbers: rsa.RSAPublicNumbers) -> dict[str, str]:
    return {"kty": "RSA", "n": _integer(numbers.n), "e": _integer(numbers.e)}


def _ec_members(numbers: ec.EllipticCurvePublicNumbers) -> dict[str, str]:
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": _base64url(numbers.x.to_bytes(32, "big")),
        "y": _base64url(numbers.y.to_bytes(32, "big")),
    }


def _integer(value: int) -> str:
    return _base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
