"""Tokens that are forged, misshapen or sealed in a way that we do not accept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from jose import jwe as library_jwe

from app.auth.oidc.refusal import Reason
from tests.unit.auth.oidc.scene import Scene, reason_of
from tests.unit.auth.oidc.spoils import (
    Case,
    Spoil,
    all_of,
    claims,
    header,
    keys,
    sealed_info,
    token,
)
from tests.unit.auth.oidc.tokens import b64, ec_key, jwe, jws, public_jwk, public_pem, rsa_key

PROVIDER = rsa_key("provider")
STRANGER = rsa_key("stranger")
OUR_RSA = rsa_key("ours")
PROVIDER_JWK = public_jwk(PROVIDER, kid="p1", use="sig")


def library_sealed(**how: str) -> Callable[[str], str]:
    """Encrypted by python-jose itself, in a way that it would open again."""
    return lambda inner: library_jwe.encrypt(inner, public_pem(OUR_RSA), **how).decode()


def by_hand(scene: Scene, raw_header: str, stated: dict[str, object]) -> str:
    """A token with a raw header, truly signed."""
    signing_input = jws({"alg": "RS256"}, stated, PROVIDER).split(".")[1]
    start = f"{b64(raw_header.encode())}.{signing_input}"
    signature = PROVIDER.sign(start.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{start}.{b64(signature)}"


def flipped(compact: str, *, part: int) -> str:
    """A token with the first sign of one part changed."""
    parts = compact.split(".")
    parts[part] = ("A" if parts[part][0] != "A" else "B") + parts[part][1:]
    return ".".join(parts)


SIGNATURES: dict[str, Case] = {
    "alg none, without a signature": (
        token(lambda _, stated: jws({"alg": "none"}, stated, None)),
        Reason.MALFORMED_TOKEN,
    ),
    "alg none, with a signature": (header(alg="none"), Reason.WRONG_ALGORITHM),
    "alg nOnE": (header(alg="nOnE"), Reason.WRONG_ALGORITHM),
    "HS256 signed with the provider's public key": (
        token(lambda _, stated: jws({"alg": "HS256", "kid": "p1"}, stated, public_pem(PROVIDER))),
        Reason.WRONG_ALGORITHM,
    ),
    "HS256 with a symmetric key among the published ones": (
        all_of(
            keys({"kty": "oct", "kid": "p1", "k": b64(b"secret")}, PROVIDER_JWK),
            token(lambda _, stated: jws({"alg": "HS256", "kid": "p1"}, stated, b"secret")),
        ),
        Reason.WRONG_ALGORITHM,
    ),
    "another algorithm of the same family": (header(alg="RS512"), Reason.WRONG_ALGORITHM),
    "PS256 where RS256 was agreed": (header(alg="PS256"), Reason.WRONG_ALGORITHM),
    "alg missing": (
        token(lambda scene, stated: by_hand(scene, '{"kid":"p1"}', stated)),
        Reason.WRONG_ALGORITHM,
    ),
    "alg is a list": (header(alg=["RS256"]), Reason.WRONG_ALGORITHM),
    "signed by a stranger under the right kid": (
        lambda scene: setattr(scene, "key", STRANGER),
        Reason.BAD_SIGNATURE,
    ),
    "signature of another token": (
        token(
            lambda scene, stated: ".".join(
                [*scene.signed(stated).split(".")[:2], scene.signed({}).split(".")[2]]
            )
        ),
        Reason.BAD_SIGNATURE,
    ),
    "claims changed after signing": (
        token(
            lambda scene, stated: ".".join(
                part if place != 1 else b64(b'{"sub":"somebody-else"}')
                for place, part in enumerate(scene.signed(stated).split("."))
            )
        ),
        Reason.BAD_SIGNATURE,
    ),
    "key brought along in the header (jwk)": (
        all_of(header(jwk=public_jwk(STRANGER)), lambda scene: setattr(scene, "key", STRANGER)),
        Reason.BAD_SIGNATURE,
    ),
    "key address brought along in the header (jku), unknown kid": (
        all_of(
            header(jku="https://evil.example/jwks", kid="evil"),
            lambda scene: setattr(scene, "key", STRANGER),
        ),
        Reason.UNKNOWN_KEY,
    ),
    "unknown kid": (header(kid="another"), Reason.UNKNOWN_KEY),
    "kid is a number": (header(kid=1), Reason.MALFORMED_TOKEN),
    "kid is a path": (header(kid="../../../dev/null"), Reason.UNKNOWN_KEY),
    "two keys with the same kid": (
        keys(PROVIDER_JWK, public_jwk(STRANGER, kid="p1", use="sig")),
        Reason.AMBIGUOUS_KEY,
    ),
    "no kid and two keys that fit": (
        all_of(
            lambda scene: scene.header.pop("kid"),
            keys(PROVIDER_JWK, public_jwk(STRANGER, kid="p2", use="sig")),
        ),
        Reason.AMBIGUOUS_KEY,
    ),
    "key meant for encryption": (
        keys(public_jwk(PROVIDER, kid="p1", use="enc")),
        Reason.UNKNOWN_KEY,
    ),
    "key meant for another algorithm": (
        keys(public_jwk(PROVIDER, kid="p1", alg="PS256")),
        Reason.UNKNOWN_KEY,
    ),
    "key of another type under the same kid": (
        keys(public_jwk(ec_key("provider"), kid="p1")),
        Reason.UNKNOWN_KEY,
    ),
    "key whose operations exclude verifying": (
        keys({**PROVIDER_JWK, "key_ops": ["sign"]}),
        Reason.UNKNOWN_KEY,
    ),
    "key too small": (
        all_of(
            lambda scene: setattr(scene, "key", rsa_key("small", 1024)),
            keys(public_jwk(rsa_key("small", 1024), kid="p1")),
        ),
        Reason.BAD_KEYS,
    ),
    "key with a number for a modulus": (keys({**PROVIDER_JWK, "n": 12345}), Reason.BAD_KEYS),
    "key without a modulus": (keys({"kty": "RSA", "kid": "p1", "e": "AQAB"}), Reason.BAD_KEYS),
    "crit header": (header(crit=["exp"]), Reason.MALFORMED_TOKEN),
    "crit header, empty": (header(crit=[]), Reason.MALFORMED_TOKEN),
    "an access token in the place of the ID token": (
        header(typ="at+jwt"),
        Reason.MALFORMED_TOKEN,
    ),
    "header states alg twice": (
        token(
            lambda scene, stated: by_hand(scene, '{"alg":"none","kid":"p1","alg":"RS256"}', stated)
        ),
        Reason.MALFORMED_TOKEN,
    ),
}

SHAPES: dict[str, Case] = {
    "huge token": (claims(padding="x" * 70_000), Reason.MALFORMED_TOKEN),
    "huge header": (header(padding="x" * 5_000), Reason.MALFORMED_TOKEN),
    "two parts": (token(lambda _s, _c: "e30.e30"), Reason.MALFORMED_TOKEN),
    "four parts": (token(lambda scene, c: scene.signed(c) + ".e30"), Reason.MALFORMED_TOKEN),
    "six parts": (token(lambda scene, c: scene.signed(c) + ".a.b.c"), Reason.MALFORMED_TOKEN),
    "empty token": (token(lambda _s, _c: ""), Reason.MALFORMED_TOKEN),
    "padding signs": (token(lambda s, c: s.signed(c) + "=="), Reason.MALFORMED_TOKEN),
    "blanks around it": (token(lambda s, c: s.signed(c) + "\n"), Reason.MALFORMED_TOKEN),
    "signs outside ASCII": (token(lambda s, c: s.signed(c) + "é"), Reason.MALFORMED_TOKEN),
    "header is no JSON": (token(lambda _s, _c: "eA.eA.eA"), Reason.MALFORMED_TOKEN),
    "header is a list": (
        token(lambda _s, _c: f"{b64(b'[]')}.e30.e30"),
        Reason.MALFORMED_TOKEN,
    ),
    "header of an impossible length": (token(lambda _s, _c: "e.e30.e30"), Reason.MALFORMED_TOKEN),
    "claims are a list": (token(lambda s, c: s.signed([c])), Reason.MALFORMED_TOKEN),
    "claims are no JSON": (token(lambda s, _: s.signed(b"claims")), Reason.MALFORMED_TOKEN),
    "claims nested a thousand deep": (
        token(lambda s, _: s.signed(b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}")),
        Reason.MALFORMED_TOKEN,
    ),
    "claims not in UTF-8": (token(lambda s, _: s.signed(b'{"a":"\xff"}')), Reason.MALFORMED_TOKEN),
    "a claim that occurs twice": (
        token(lambda s, _: s.signed(b'{"sub":"a","sub":"b"}')),
        Reason.MALFORMED_TOKEN,
    ),
    "exp is Infinity": (token(lambda s, _: s.signed(b'{"exp":Infinity}')), Reason.MALFORMED_TOKEN),
}

ENCRYPTION: dict[str, Case] = {
    "direct encryption": (
        sealed_info(
            lambda inner: library_jwe.encrypt(
                inner, b"k" * 32, algorithm="dir", encryption="A256GCM"
            ).decode()
        ),
        Reason.MALFORMED_TOKEN,  # its second part is empty
    ),
    "direct encryption with a wrapped key as well": (
        sealed_info(lambda inner: jwe(inner, OUR_RSA, alg="dir")),
        Reason.WRONG_ALGORITHM,
    ),
    "A128CBC-HS256": (
        sealed_info(library_sealed(algorithm="RSA-OAEP", encryption="A128CBC-HS256")),
        Reason.WRONG_ALGORITHM,
    ),
    "RSA1_5": (
        sealed_info(library_sealed(algorithm="RSA1_5", encryption="A256GCM")),
        Reason.WRONG_ALGORITHM,
    ),
    "compressed": (
        sealed_info(lambda inner: jwe(inner, OUR_RSA, zip="DEF")),
        Reason.BAD_ENCRYPTION,
    ),
    "encrypted, with crit": (
        sealed_info(lambda inner: jwe(inner, OUR_RSA, crit=["exp"])),
        Reason.MALFORMED_TOKEN,
    ),
    "encrypted for another key id": (
        sealed_info(lambda inner: jwe(inner, OUR_RSA, kid="another")),
        Reason.UNKNOWN_KEY,
    ),
    "encrypted for another key": (
        sealed_info(lambda inner: jwe(inner, STRANGER)),
        Reason.BAD_ENCRYPTION,
    ),
    "encrypted, tag cut short": (
        sealed_info(lambda inner: jwe(inner, OUR_RSA)[:-6]),
        Reason.BAD_ENCRYPTION,
    ),
    "encrypted, text changed": (
        sealed_info(lambda inner: flipped(jwe(inner, OUR_RSA), part=3)),
        Reason.BAD_ENCRYPTION,
    ),
    "encrypted without a signature inside": (
        sealed_info(lambda _: jwe('{"sub":"subject-1"}', OUR_RSA)),
        Reason.MALFORMED_TOKEN,
    ),
    "encrypted twice": (
        sealed_info(lambda inner: jwe(jwe(inner, OUR_RSA), OUR_RSA)),
        Reason.MALFORMED_TOKEN,
    ),
    "encrypted ID token, signed by a stranger": (
        token(lambda _, c: jwe(jws({"alg": "RS256", "kid": "p1"}, c, STRANGER), OUR_RSA)),
        Reason.BAD_SIGNATURE,
    ),
}


CASES = SIGNATURES | SHAPES | ENCRYPTION


@pytest.mark.parametrize(("spoil", "reason"), CASES.values(), ids=list(CASES))
async def test_nobody_is_signed_in_when(spoil: Spoil, reason: Reason) -> None:
    scene = Scene()
    spoil(scene)
    assert await reason_of(scene) is reason
