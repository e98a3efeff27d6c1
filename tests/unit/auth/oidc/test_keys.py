"""Our own key at the provider: read from a file, published by halves."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from app.auth.oidc.keys import ClientKey, ClientKeyError, jwks, thumbprint
from tests.unit.auth.oidc.tokens import ec_key, pem, public_jwk, public_pem, rsa_key


def test_an_rsa_key_is_published_for_signatures_and_for_encryption() -> None:
    key = ClientKey.from_pem(pem(rsa_key("ours")))
    signing, encryption = jwks(key)["keys"]
    assert (signing["use"], signing["alg"], signing["kid"]) == ("sig", "RS256", key.kid)
    assert (encryption["use"], encryption["kid"]) == ("enc", f"{key.kid}-enc")
    assert {"kty": "RSA", "n": signing["n"], "e": "AQAB"} == public_jwk(rsa_key("ours"))


def test_an_ec_key_is_published_for_signatures_alone() -> None:
    key = ClientKey.from_pem(pem(ec_key("ours")).encode())
    (signing,) = jwks(key)["keys"]
    assert (signing["alg"], key.encryption_kid) == ("ES256", None)
    assert public_jwk(ec_key("ours")).items() <= signing.items()


def test_no_private_part_is_ever_published() -> None:
    private = {"d", "p", "q", "dp", "dq", "qi", "k"}
    for made in (rsa_key("ours"), ec_key("ours")):
        key = ClientKey.from_pem(pem(made))
        assert not any(private & item.keys() for item in jwks(key)["keys"])
        assert "PRIVATE" not in repr(key)


def test_without_a_key_nothing_is_published() -> None:
    assert json.dumps(jwks(None)) == '{"keys": []}'


def test_the_key_id_is_the_thumbprint_of_rfc_7638() -> None:
    modulus = (  # the example of section 3.1
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJE"
        "CPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q"
        "vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"
        "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    members = {"kty": "RSA", "n": modulus, "e": "AQAB"}
    assert thumbprint(members) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_file_that_cannot_serve_is_refused_without_quoting_it() -> None:
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    other = ed25519.Ed25519PrivateKey.generate()
    bad: list[str | bytes] = [
        "not a key",
        b"\xff\xfe",
        public_pem(rsa_key("ours")),
        pem(rsa_key("small", 1024)),
        pem(ec.generate_private_key(ec.SECP384R1())),
        other.private_bytes(*plain, serialization.NoEncryption()),
        rsa_key("ours").private_bytes(*plain, serialization.BestAvailableEncryption(b"secret")),
    ]
    for text in bad:
        with pytest.raises(ClientKeyError) as caught:
            ClientKey.from_pem(text)
        assert len(str(caught.value)) < 60
