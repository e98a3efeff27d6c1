"""Tokens for the tests, made with cryptography alone: no code is shared with what checks them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key that stays the same for a name during the run."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    """A P-256 key that stays the same for a name during the run."""
    return ec.generate_private_key(ec.SECP256R1())


def pem(key: PrivateKey) -> str:
    """A private key in PEM, unencrypted."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def public_pem(key: PrivateKey) -> bytes:
    """The public half in PEM."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def public_jwk(key: PrivateKey, **members: object) -> dict[str, object]:
    """The public half as a JWK."""
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return {"kty": "RSA", "n": integer(numbers.n), "e": integer(numbers.e), **members}
    point = key.public_key().public_numbers()
    coordinates = {"x": b64(point.x.to_bytes(32, "big")), "y": b64(point.y.to_bytes(32, "big"))}
    return {"kty": "EC", "crv": "P-256", **coordinates, **members}


def b64(data: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of unpadded base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def integer(value: int) -> str:
    """An unsigned number as base64url."""
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def jws(header: Mapping[str, object], payload: object, key: PrivateKey | bytes | None) -> str:
    """A compact JWS; ``payload`` is made JSON unless it is bytes, the ``alg`` decides how."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    signed = f"{b64(json.dumps(header).encode())}.{b64(body)}"
    return f"{signed}.{b64(_signature(str(header.get('alg')), signed.encode(), key))}"


def _signature(algorithm: str, data: bytes, key: PrivateKey | bytes | None) -> bytes:
    if isinstance(key, bytes):
        return hmac.new(key, data, hashlib.sha256).digest()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    if key is None:
        return b""
    digest: Any = hashes.SHA512() if algorithm.endswith("512") else hashes.SHA256()
    if algorithm.startswith("PS"):
        return key.sign(data, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    return key.sign(data, padding.PKCS1v15(), digest)


def jwe(plaintext: str, key: rsa.RSAPrivateKey, **header: object) -> str:
    """A compact JWE for the holder of ``key``: RSA-OAEP with AES-GCM as the header says."""
    full = {"alg": "RSA-OAEP", "enc": "A256GCM", "cty": "JWT", **header}
    digest = hashes.SHA256() if full["alg"] == "RSA-OAEP-256" else hashes.SHA1()  # noqa: S303
    content_key = os.urandom(16 if full["enc"] == "A128GCM" else 32)
    wrapped = key.public_key().encrypt(
        content_key, padding.OAEP(padding.MGF1(digest), digest, None)
    )
    data = plaintext.encode()
    if full.get("zip") == "DEF":
        data = zlib.compress(data)[2:-4]
    vector, protected = os.urandom(12), b64(json.dumps(full).encode())
    sealed = AESGCM(content_key).encrypt(vector, data, protected.encode())
    parts = (wrapped, vector, sealed[:-16], sealed[-16:])
    return ".".join([protected, *map(b64, parts)])
