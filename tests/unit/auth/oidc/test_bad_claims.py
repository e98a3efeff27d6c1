"""Tokens with a good signature that say something wrong."""

from __future__ import annotations

import pytest

from app.auth.oidc.refusal import Reason
from app.auth.oidc.transport import Answer
from tests.unit.auth.oidc.scene import CLIENT_ID, ISSUER, REMOVED, Scene, reason_of
from tests.unit.auth.oidc.spoils import (
    SECONDS,
    Case,
    Spoil,
    all_of,
    answer,
    claims,
    fresh,
    info,
    sealed_info,
    signed_info,
)
from tests.unit.auth.oidc.tokens import b64, jws, rsa_key

STRANGER = rsa_key("stranger")

STATEMENTS: dict[str, Case] = {
    "expired": (claims(exp=SECONDS - 61), Reason.TOKEN_EXPIRED),
    "expired long ago": (claims(exp=1), Reason.TOKEN_EXPIRED),
    "not yet valid": (claims(nbf=SECONDS + 120), Reason.NOT_YET_VALID),
    "issued in the future": (claims(iat=SECONDS + 120), Reason.ISSUED_IN_FUTURE),
    "issued too long ago": (claims(iat=SECONDS - 3600), Reason.ISSUED_TOO_LONG_AGO),
    "exp missing": (claims(exp=REMOVED), Reason.BAD_CLAIMS),
    "exp null": (claims(exp=None), Reason.BAD_CLAIMS),
    "iat missing": (claims(iat=REMOVED), Reason.BAD_CLAIMS),
    "exp is a text": (claims(exp=str(SECONDS + 300)), Reason.BAD_CLAIMS),
    "exp is true": (claims(exp=True), Reason.BAD_CLAIMS),
    "exp is a list": (claims(exp=[SECONDS + 300]), Reason.BAD_CLAIMS),
    "exp beyond every calendar": (claims(exp=10**300), Reason.BAD_CLAIMS),
    "iat is negative": (claims(iat=-1), Reason.BAD_CLAIMS),
    "nbf is an object": (claims(nbf={}), Reason.BAD_CLAIMS),
    "wrong issuer": (claims(iss="https://evil.example"), Reason.WRONG_ISSUER),
    "issuer with a slash too many": (claims(iss=ISSUER + "/"), Reason.WRONG_ISSUER),
    "issuer missing": (claims(iss=REMOVED), Reason.WRONG_ISSUER),
    "issuer is a list": (claims(iss=[ISSUER]), Reason.BAD_CLAIMS),
    "wrong audience": (claims(aud="another-client"), Reason.WRONG_AUDIENCE),
    "audience missing": (claims(aud=REMOVED), Reason.WRONG_AUDIENCE),
    "audience empty": (claims(aud=[]), Reason.WRONG_AUDIENCE),
    "audience is an object": (claims(aud={CLIENT_ID: True}), Reason.WRONG_AUDIENCE),
    "audience list of strangers": (claims(aud=["a", "b"]), Reason.WRONG_AUDIENCE),
    "audience list with a stranger beside us": (
        claims(aud=[CLIENT_ID, "stranger"], azp=CLIENT_ID),
        Reason.WRONG_AUDIENCE,
    ),
    "audience list with numbers": (claims(aud=[CLIENT_ID, 1]), Reason.WRONG_AUDIENCE),
    "several audiences and azp missing": (
        claims(aud=[CLIENT_ID, CLIENT_ID]),
        Reason.WRONG_PARTY,
    ),
    "wrong azp": (claims(azp="another-client"), Reason.WRONG_PARTY),
    "azp is a list": (claims(azp=[CLIENT_ID]), Reason.BAD_CLAIMS),
    "wrong nonce": (claims(nonce="of-another-sign-in"), Reason.WRONG_NONCE),
    "nonce outside ASCII": (claims(nonce="é\ud800"), Reason.WRONG_NONCE),
    "nonce missing": (claims(nonce=REMOVED), Reason.WRONG_NONCE),
    "nonce is a number": (claims(nonce=0), Reason.BAD_CLAIMS),
    "subject missing": (claims(sub=REMOVED), Reason.BAD_CLAIMS),
    "subject empty": (claims(sub=""), Reason.BAD_CLAIMS),
    "subject is a list": (claims(sub=["subject-1"]), Reason.BAD_CLAIMS),
    "subject too long": (claims(sub="x" * 256), Reason.BAD_CLAIMS),
    "subject with a line break": (claims(sub="subject\n1"), Reason.BAD_CLAIMS),
    "session id is an object": (claims(sid={}), Reason.BAD_CLAIMS),
    "at_hash of another access token": (
        claims(at_hash=b64(b"0" * 16)),
        Reason.WRONG_ACCESS_TOKEN,
    ),
    "at_hash is a number": (claims(at_hash=5), Reason.BAD_CLAIMS),
    "level too low": (
        claims(acr="urn:be:fedict:iam:fas:citizen:Level200"),
        Reason.LEVEL_TOO_LOW,
    ),
    "level too low for a step-up": (
        all_of(
            claims(acr="urn:be:fedict:iam:fas:Level300"),
            lambda scene: setattr(scene, "minimum_level", 500),
        ),
        Reason.LEVEL_TOO_LOW,
    ),
    "high level in amr beside a low acr": (
        claims(acr="urn:be:fedict:iam:fas:Level200", amr=["urn:be:fedict:iam:fas:Level500"]),
        Reason.LEVEL_TOO_LOW,
    ),
    "acr missing and no amr": (claims(acr=REMOVED), Reason.LEVEL_UNKNOWN),
    "acr of another scheme": (claims(acr="https://refeds.org/profile/mfa"), Reason.LEVEL_UNKNOWN),
    "acr with something behind it": (
        claims(acr="urn:be:fedict:iam:fas:Level500x"),
        Reason.LEVEL_UNKNOWN,
    ),
    "level below all means": (claims(acr="urn:be:fedict:iam:fas:Level100"), Reason.LEVEL_UNKNOWN),
    "acr is a number": (claims(acr=500), Reason.BAD_CLAIMS),
    "amr is an object": (claims(acr=REMOVED, amr={"a": 1}), Reason.BAD_CLAIMS),
    "amr with numbers": (claims(acr=REMOVED, amr=[500]), Reason.BAD_CLAIMS),
    "auth_time too old": (fresh(auth_time=SECONDS - 361), Reason.AUTHENTICATION_TOO_OLD),
    "auth_time missing where it was asked for": (fresh(auth_time=REMOVED), Reason.BAD_CLAIMS),
    "auth_time in the future": (
        claims(auth_time=SECONDS + 120),
        Reason.AUTHENTICATION_IN_FUTURE,
    ),
    "auth_time is a text": (claims(auth_time="nu"), Reason.BAD_CLAIMS),
}

PERSONS: dict[str, Case] = {
    "userinfo about somebody else": (info(sub="subject-2"), Reason.WRONG_SUBJECT),
    "userinfo without a subject": (info(sub=REMOVED), Reason.BAD_CLAIMS),
    "userinfo subject is true": (info(sub=True), Reason.BAD_CLAIMS),
    "number missing": (info(egovNRN=REMOVED), Reason.NO_NUMBER),
    "number empty": (info(egovNRN=""), Reason.NO_NUMBER),
    "number null": (info(egovNRN=None), Reason.NO_NUMBER),
    "number with wrong check digits": (info(egovNRN="86041221400"), Reason.BAD_NUMBER),
    "number too short": (info(egovNRN="8604122143"), Reason.BAD_NUMBER),
    "number in letters": (info(egovNRN="achtentachtig"), Reason.BAD_NUMBER),
    "number is a JSON number": (info(egovNRN=86041221437), Reason.BAD_NUMBER),
    "number is a list": (info(egovNRN=["86041221437"]), Reason.BAD_NUMBER),
    "number is an object": (info(egovNRN={"value": "x"}), Reason.BAD_NUMBER),
    "number is false": (info(egovNRN=False), Reason.BAD_NUMBER),
    "two numbers that differ": (claims(egovNRN="93051822361"), Reason.NUMBER_CONFLICT),
    "given name is a list": (info(givenName=["Sofie"]), Reason.BAD_CLAIMS),
    "family name is an object": (info(surname={"nl": "x"}), Reason.BAD_CLAIMS),
    "e-mail is true": (info(mail=True), Reason.BAD_CLAIMS),
    "language is a number": (info(prefLanguage=1), Reason.BAD_CLAIMS),
    "signed userinfo from another issuer": (
        signed_info(iss="https://evil.example"),
        Reason.WRONG_ISSUER,
    ),
    "signed userinfo without an issuer": (signed_info(iss=REMOVED), Reason.WRONG_ISSUER),
    "signed userinfo for another client": (signed_info(aud="other"), Reason.WRONG_AUDIENCE),
    "signed userinfo without an audience": (signed_info(aud=REMOVED), Reason.WRONG_AUDIENCE),
    "signed userinfo about somebody else": (signed_info(sub="subject-2"), Reason.WRONG_SUBJECT),
    "signed userinfo, expired": (signed_info(exp=SECONDS - 100), Reason.TOKEN_EXPIRED),
    "userinfo signed by a stranger": (
        sealed_info(lambda _: jws({"alg": "RS256", "kid": "p1"}, {"sub": "subject-1"}, STRANGER)),
        Reason.BAD_SIGNATURE,
    ),
    "userinfo says JWT and is JSON": (
        answer("/userinfo", Answer(200, "application/jwt", b'{"sub":"subject-1"}')),
        Reason.MALFORMED_TOKEN,
    ),
    "userinfo in Latin-1": (
        answer("/userinfo", Answer(200, "application/jwt", b"e30.e30.\xe9")),
        Reason.MALFORMED_TOKEN,
    ),
}


CASES = STATEMENTS | PERSONS


@pytest.mark.parametrize(("spoil", "reason"), CASES.values(), ids=list(CASES))
async def test_nobody_is_signed_in_when(spoil: Spoil, reason: Reason) -> None:
    scene = Scene()
    spoil(scene)
    assert await reason_of(scene) is reason
