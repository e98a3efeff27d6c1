"""Returns and answers of the provider that are not what they should be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.auth.oidc.refusal import Reason
from app.auth.oidc.transport import Answer, TransportError
from tests.unit.auth.oidc.scene import NOW, REMOVED, Scene, json_answer, reason_of
from tests.unit.auth.oidc.spoils import Case, Spoil, answer, keys, returned, transaction
from tests.unit.auth.oidc.tokens import public_jwk, rsa_key

PROVIDER_JWK = public_jwk(rsa_key("provider"), kid="p1", use="sig")
HTML = Answer(200, "text/html", b"<!doctype html><title>Onderhoud</title>")

RETURNS: dict[str, Case] = {
    "state of another sign-in": (returned(state="another"), Reason.STATE_MISMATCH),
    "state missing": (returned(state=REMOVED), Reason.STATE_MISMATCH),
    "state outside Unicode": (returned(state="\ud800"), Reason.STATE_MISMATCH),
    "sign-in used already": (transaction(used=True), Reason.REPLAYED),
    "sign-in begun eleven minutes ago": (
        transaction(created_at=NOW - timedelta(minutes=11)),
        Reason.EXPIRED,
    ),
    "sign-in begun tomorrow": (transaction(created_at=NOW + timedelta(days=1)), Reason.EXPIRED),
    "answer names another issuer (mix-up)": (
        returned(iss="https://evil.example"),
        Reason.WRONG_ISSUER,
    ),
    "answer does not name its issuer": (returned(iss=REMOVED), Reason.WRONG_ISSUER),
    "code missing": (returned(code=REMOVED), Reason.BAD_RESPONSE),
    "code empty": (returned(code=""), Reason.BAD_RESPONSE),
    "code huge": (returned(code="x" * 5_000), Reason.BAD_RESPONSE),
    "code with a line break": (returned(code="a\r\nb"), Reason.BAD_RESPONSE),
    "cancelled": (returned(error="access_denied"), Reason.CANCELLED),
    "login required": (returned(error="login_required"), Reason.LOGIN_REQUIRED),
    "provider has a fault": (returned(error="server_error"), Reason.PROVIDER_DOWN),
    "level cannot be met": (
        returned(error="unmet_authentication_requirements"),
        Reason.LEVEL_TOO_LOW,
    ),
    "an error nobody knows": (returned(error="<script>"), Reason.PROVIDER_ERROR),
    "an error beside a code": (returned(error="invalid_request"), Reason.PROVIDER_ERROR),
}

EXCHANGES: dict[str, Case] = {
    "replayed code": (
        answer("/token", json_answer({"error": "invalid_grant"}, 400)),
        Reason.CODE_REFUSED,
    ),
    "client not known": (
        answer("/token", json_answer({"error": "invalid_client"}, 401)),
        Reason.CLIENT_REFUSED,
    ),
    "another token error": (
        answer("/token", json_answer({"error": ["invalid_grant"]}, 400)),
        Reason.BAD_ANSWER,
    ),
    "token endpoint has a fault": (
        answer("/token", Answer(500, "text/html", b"oops")),
        Reason.PROVIDER_DOWN,
    ),
    "token endpoint is silent": (answer("/token", TransportError("t")), Reason.PROVIDER_DOWN),
    "token endpoint redirects": (answer("/token", Answer(302, "", b"")), Reason.REDIRECTED),
    "token endpoint answers HTML": (answer("/token", HTML), Reason.BAD_ANSWER),
    "token endpoint answers HTML and calls it JSON": (
        answer("/token", Answer(200, "application/json", HTML.body)),
        Reason.BAD_ANSWER,
    ),
    "token endpoint answers a list": (answer("/token", json_answer([])), Reason.BAD_ANSWER),
    "ID token missing": (lambda s: s.tokens.update(id_token=REMOVED), Reason.BAD_ANSWER),
    "ID token is an object": (lambda s: s.tokens.update(id_token={}), Reason.BAD_ANSWER),
    "access token missing": (lambda s: s.tokens.update(access_token=REMOVED), Reason.BAD_ANSWER),
    "access token with a line break": (
        lambda s: s.tokens.update(access_token="a\r\nX: b"),
        Reason.BAD_ANSWER,
    ),
    "access token huge": (lambda s: s.tokens.update(access_token="x" * 9_000), Reason.BAD_ANSWER),
    "token type missing": (lambda s: s.tokens.update(token_type=REMOVED), Reason.BAD_ANSWER),
    "token type of another kind": (lambda s: s.tokens.update(token_type="mac"), Reason.BAD_ANSWER),
    "userinfo refuses": (answer("/userinfo", json_answer({}, 401)), Reason.BAD_ANSWER),
    "userinfo has a fault": (answer("/userinfo", json_answer({}, 503)), Reason.PROVIDER_DOWN),
    "userinfo is silent": (answer("/userinfo", TransportError("t")), Reason.PROVIDER_DOWN),
    "userinfo redirects": (answer("/userinfo", Answer(307, "", b"")), Reason.REDIRECTED),
    "userinfo answers HTML": (answer("/userinfo", HTML), Reason.BAD_ANSWER),
    "keys are silent": (answer("/jwks", TransportError("t")), Reason.PROVIDER_DOWN),
    "keys are HTML": (answer("/jwks", HTML), Reason.BAD_KEYS),
    "keys are no list": (answer("/jwks", json_answer({"keys": {}})), Reason.BAD_KEYS),
    "a thousand keys": (keys(*[PROVIDER_JWK] * 1000), Reason.BAD_KEYS),
    "keys of odd types only": (keys(None, 1, "key", []), Reason.UNKNOWN_KEY),
}


CASES = RETURNS | EXCHANGES


@pytest.mark.parametrize(("spoil", "reason"), CASES.values(), ids=list(CASES))
async def test_nobody_is_signed_in_when(spoil: Spoil, reason: Reason) -> None:
    scene = Scene()
    spoil(scene)
    assert await reason_of(scene) is reason
