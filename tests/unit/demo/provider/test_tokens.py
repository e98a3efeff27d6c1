"""JSON Web Tokens: signing, checking, encrypting."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from app.demo.provider.tokens import (
    SigningKey,
    TokenError,
    b64,
    encrypt,
    half_hash,
    thumbprint,
    unb64,
    verify,
)
from tests.unit.demo.provider.scene import client_jwks, client_key, client_private_key, decrypt

CLAIMS = {"sub": "someone", "name": "Łukasz"}


def parts(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(b64(json.dumps(part).encode()) for part in (header, claims))


def test_a_signed_token_is_read_back() -> None:
    assert client_key().read_own(client_key().sign(CLAIMS)) == CLAIMS


def test_the_header_names_algorithm_and_key() -> None:
    header = json.loads(unb64(client_key().sign(CLAIMS).split(".")[0]))
    assert header == {"alg": "RS256", "typ": "JWT", "kid": client_key().kid}


def test_the_public_key_holds_no_private_part() -> None:
    assert set(client_key().public_jwk) == {"kty", "n", "e", "use", "alg", "kid"}


def test_thumbprint_is_that_of_the_example_in_rfc_7638() -> None:
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_B"
        "JECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_F"
        "DW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4"
        "vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    jwk = {"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256"}
    assert thumbprint(jwk) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_half_hash_is_half_a_hash() -> None:
    assert unb64(half_hash("token")) == sha256(b"token").digest()[:16]


def test_changed_claims_are_refused() -> None:
    header, _, signature = client_key().sign(CLAIMS).split(".")
    with pytest.raises(TokenError):
        client_key().read_own(f"{header}.{b64(b'{}')}.{signature}")


def test_a_token_of_another_key_is_refused() -> None:
    other = SigningKey.load(None)
    with pytest.raises(TokenError):
        client_key().read_own(other.sign(CLAIMS))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512", 7, None])
def test_other_algorithms_are_refused(algorithm: object) -> None:
    signed = parts({"alg": algorithm, "kid": client_key().kid}, CLAIMS)
    with pytest.raises(TokenError):
        client_key().read_own(f"{signed}.{b64(b'x')}")


def test_a_critical_header_is_refused() -> None:
    signed = parts({"alg": "RS256", "crit": ["b64"]}, CLAIMS)
    signature = client_private_key().sign(signed.encode(), padding.PKCS1v15(), SHA256())
    with pytest.raises(TokenError):
        client_key().read_own(f"{signed}.{b64(signature)}")


@pytest.mark.parametrize("odd", ["", ".", "a.b.c", "é.é.é", "W10.W10.eA", "x" * 20_000, "e30.e30"])
def test_malformed_tokens_are_refused(odd: str) -> None:
    with pytest.raises(TokenError):
        client_key().read_own(odd)


def test_a_key_for_encryption_does_not_check_signatures() -> None:
    public = {**client_key().public_jwk, "use": "enc"}
    with pytest.raises(TokenError):
        verify(client_key().sign(CLAIMS), [public])


def test_without_kid_there_must_be_a_single_key() -> None:
    signed = parts({"alg": "RS256"}, CLAIMS)
    signature = client_private_key().sign(signed.encode(), padding.PKCS1v15(), SHA256())
    token = f"{signed}.{b64(signature)}"
    assert verify(token, [client_key().public_jwk]) == CLAIMS
    with pytest.raises(TokenError):
        verify(token, [client_key().public_jwk, SigningKey.load(None).public_jwk])


def test_ps256_is_understood() -> None:
    jwk = {name: client_key().public_jwk[name] for name in ("kty", "n", "e")}
    signed = parts({"alg": "PS256"}, CLAIMS)
    pss = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=32)
    signature = client_private_key().sign(signed.encode(), pss, SHA256())
    assert verify(f"{signed}.{b64(signature)}", [jwk]) == CLAIMS


def test_es256_is_understood() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_numbers()
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": b64(point.x.to_bytes(32)),
        "y": b64(point.y.to_bytes(32)),
    }
    signed = parts({"alg": "ES256"}, CLAIMS)
    r, s = decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = b64(r.to_bytes(32) + s.to_bytes(32))
    assert verify(f"{signed}.{signature}", [jwk]) == CLAIMS
    with pytest.raises(TokenError):
        verify(f"{parts({'alg': 'ES256'}, {})}.{signature}", [jwk])
    with pytest.raises(TokenError):
        verify(f"{signed}.{b64(b'short')}", [jwk])


def test_an_encrypted_token_opens_with_the_readers_key() -> None:
    assert decrypt(encrypt("a.signed.token", client_jwks()["keys"])) == "a.signed.token"


def test_without_a_key_for_encryption_nothing_is_encrypted() -> None:
    with pytest.raises(TokenError):
        encrypt("text", [client_key().public_jwk])


def test_a_key_is_read_from_a_pem_file(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(_pem(client_private_key()))
    assert SigningKey.load(file).kid == client_key().kid


def test_a_pem_file_with_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(_pem(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(ValueError, match="not an RSA key"):
        SigningKey.load(file)


def _pem(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
