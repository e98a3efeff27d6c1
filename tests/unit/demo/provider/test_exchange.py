"""The token and UserInfo endpoints: codes, client authentication, tokens."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.people import AMINA, LUKASZ, SOFIE
from app.demo.provider import Client, create_provider
from app.demo.provider.browser import EXTENSION
from app.demo.provider.config import ProviderConfig
from app.demo.provider.tokens import SigningKey, half_hash, verify
from tests.unit.demo.provider.scene import (
    ISSUER,
    KEY_CLIENT,
    LEVEL_300,
    LEVEL_500,
    RETURN,
    SECRET_CLIENT,
    VERIFIER,
    Browser,
    Clock,
    answer_of,
    assertion,
    basic,
    browser,
    claims_of,
    client_jwks,
    client_key,
    decrypt,
)

BACK = "http://localhost:9000/back?lang=nl"


@pytest.fixture
def visitor() -> Browser:
    return browser()


async def published_keys(visitor: Browser) -> list[dict[str, Any]]:
    document = await (await visitor.get("/fas/oauth2/connect/jwk_uri")).get_json()
    keys: list[dict[str, Any]] = document["keys"]
    return keys


async def test_the_id_token_says_who_when_and_how(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid(acr_values=LEVEL_500))
    claims = verify(tokens["id_token"], await published_keys(visitor))
    now = int(visitor.clock().timestamp())
    assert claims["iss"] == ISSUER
    assert claims["aud"] == KEY_CLIENT
    assert claims["nonce"] == "the nonce"
    assert claims["acr"] == LEVEL_500
    assert claims["amr"] == ["sc", "pin", "mfa"]
    assert claims["auth_time"] == claims["iat"] == now
    assert claims["exp"] == now + 300
    assert claims["at_hash"] == half_hash(tokens["access_token"])
    assert claims["sid"]
    assert SOFIE.number not in str(claims)


async def test_the_token_reaches_its_own_level(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_token(AMINA))
    claims = claims_of(tokens["id_token"])
    assert claims["acr"] == LEVEL_300
    assert claims["amr"] == ["pwd", "otp", "mfa"]


async def test_without_a_nonce_there_is_none_in_the_token(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid(nonce=None))
    assert "nonce" not in claims_of(tokens["id_token"])


async def test_a_person_keeps_their_subject_when_the_provider_restarts(visitor: Browser) -> None:
    subjects = set()
    for one in (visitor, browser()):
        tokens = await one.tokens(await one.with_eid())
        subjects.add(claims_of(tokens["id_token"])["sub"])
    assert len(subjects) == 1


async def test_the_answer_is_not_kept(visitor: Browser) -> None:
    response = await visitor.exchange(await visitor.with_eid())
    answer = await response.get_json()
    assert response.headers["Cache-Control"] == "no-store"
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 300
    assert answer["scope"] == "openid profile egovnrn"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code": "made-up"}, 400, "invalid_grant"),
        ({"code": None}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_grant"),
        ({"redirect_uri": RETURN + "/"}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_grant"),
        ({"code_verifier": "another-" + VERIFIER}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"client_assertion": None}, 401, "invalid_client"),
        ({"client_assertion_type": None}, 401, "invalid_client"),
        ({"client_assertion": "a.b.c"}, 401, "invalid_client"),
        ({"client_assertion": "x" * 20_000}, 400, "invalid_request"),
        ({"client_id": SECRET_CLIENT}, 401, "invalid_client"),
    ],
)
async def test_a_bad_exchange_is_refused(
    visitor: Browser, changes: dict[str, str | None], status: int, error: str
) -> None:
    response = await visitor.exchange(**{"code": await visitor.with_eid(), **changes})  # type: ignore[arg-type]
    assert response.status_code == status
    assert (await response.get_json())["error"] == error
    assert response.headers["Cache-Control"] == "no-store"


async def test_a_code_lives_a_minute(visitor: Browser) -> None:
    code = await visitor.with_eid()
    visitor.clock.turn(59)
    late = answer_of(await visitor.begin())["code"]
    assert (await visitor.exchange(code)).status_code == 200
    visitor.clock.turn(60)
    assert (await visitor.exchange(late)).status_code == 400


async def test_a_code_used_again_takes_its_access_token_down(visitor: Browser) -> None:
    code = await visitor.with_eid()
    tokens = await visitor.tokens(code)
    assert (await visitor.userinfo(tokens["access_token"])).status_code == 200
    again = await visitor.exchange(code)
    assert (await again.get_json())["error"] == "invalid_grant"
    assert (await visitor.userinfo(tokens["access_token"])).status_code == 401


async def test_a_failed_attempt_uses_the_code_up(visitor: Browser) -> None:
    code = await visitor.with_eid()
    await visitor.exchange(code, code_verifier="wrong" * 10)
    assert (await visitor.exchange(code)).status_code == 400


async def test_a_code_of_another_client_is_refused(visitor: Browser) -> None:
    base = await visitor.start(client_id=SECRET_CLIENT, redirect_uri=BACK)
    code = answer_of(await visitor.post(f"{base}/eid/sofie", {"pin": "1234"}))["code"]
    response = await visitor.exchange(code, redirect_uri=BACK)
    assert (await response.get_json())["error"] == "invalid_grant"


NOW = int(Clock()().timestamp())


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "stranger"},
        {"iss": SECRET_CLIENT, "sub": SECRET_CLIENT},
        {"sub": "stranger"},
        {"sub": None},
        {"aud": None},
        {"aud": "https://elsewhere.example"},
        {"aud": [f"{ISSUER}/fas/oauth2/authorize"]},
        {"exp": None},
        {"exp": NOW - 31},
        {"exp": NOW + 3600},
        {"exp": "soon"},
        {"exp": True},
        {"exp": float("nan")},
        {"iat": NOW + 120},
        {"nbf": NOW + 120},
        {"jti": None},
        {"jti": 7},
    ],
)
async def test_a_bad_assertion_is_refused(visitor: Browser, changes: dict[str, Any]) -> None:
    code = await visitor.with_eid()
    proof = assertion(visitor.clock, **changes)
    response = await visitor.exchange(code, client_assertion=proof)
    assert response.status_code == 401
    assert (await response.get_json())["error"] == "invalid_client"


async def test_an_assertion_counts_once(visitor: Browser) -> None:
    proof = assertion(visitor.clock)
    code = await visitor.with_eid()
    assert (await visitor.exchange(code, client_assertion=proof)).status_code == 200
    code = answer_of(await visitor.begin())["code"]
    assert (await visitor.exchange(code, client_assertion=proof)).status_code == 401


async def test_an_assertion_signed_by_another_key_is_refused(visitor: Browser) -> None:
    forged = SigningKey.load(None).sign(claims_of(assertion(visitor.clock)))
    response = await visitor.exchange(await visitor.with_eid(), client_assertion=forged)
    assert response.status_code == 401


async def test_the_token_endpoint_is_an_audience_too(visitor: Browser) -> None:
    proof = assertion(visitor.clock, aud=[f"{ISSUER}/fas/oauth2/access_token"])
    response = await visitor.exchange(await visitor.with_eid(), client_assertion=proof)
    assert response.status_code == 200


async def by_secret(visitor: Browser, headers: dict[str, str], **more: str) -> Any:
    base = await visitor.start(client_id=SECRET_CLIENT, redirect_uri=BACK)
    code = answer_of(await visitor.post(f"{base}/eid/sofie", {"pin": "1234"}))["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        **more,
    }
    return await visitor.client.post("/fas/oauth2/access_token", form=form, headers=headers)


async def test_a_client_can_give_its_secret(visitor: Browser) -> None:
    assert (await by_secret(visitor, basic())).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        basic(secret="wrong"),
        basic(secret=""),
        basic(client_id="stranger"),
        basic(client_id=KEY_CLIENT, secret=""),
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic bm8gY29sb24="},
        {"Authorization": "Bearer abc"},
        {},
    ],
)
async def test_a_bad_secret_is_refused(visitor: Browser, headers: dict[str, str]) -> None:
    response = await by_secret(visitor, headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic")


async def test_a_secret_in_the_form_is_not_supported(visitor: Browser) -> None:
    more = {"client_id": SECRET_CLIENT, "client_secret": "a secret: with / odd + characters"}
    assert (await by_secret(visitor, {}, **more)).status_code == 401


async def test_two_ways_of_proof_at_once_are_refused(visitor: Browser) -> None:
    response = await by_secret(visitor, basic(), client_assertion=assertion(visitor.clock))
    assert (await response.get_json())["error"] == "invalid_request"


async def test_userinfo_is_signed_for_the_client(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid(LUKASZ))
    response = await visitor.userinfo(tokens["access_token"])
    claims = verify(await response.get_data(as_text=True), await published_keys(visitor))
    assert response.mimetype == "application/jwt"
    assert claims["iss"] == ISSUER
    assert claims["aud"] == KEY_CLIENT
    assert claims["sub"] == claims_of(tokens["id_token"])["sub"]
    assert claims["surname"] == "Wójcik"
    assert claims["givenName"] == "Łukasz"
    assert claims["prefLanguage"] == "nl"
    assert claims["egovNRN"] == LUKASZ.number
    assert claims["mail"].endswith("@demo.example")
    assert len(claims["fedid"]) == 10


async def test_userinfo_can_be_plain() -> None:
    visitor = browser("plain")
    tokens = await visitor.tokens(await visitor.with_token(AMINA))
    response = await visitor.userinfo(tokens["access_token"])
    assert response.mimetype == "application/json"
    assert (await response.get_json())["egovNRN"] == AMINA.number


async def test_userinfo_can_be_encrypted() -> None:
    visitor = browser("encrypted")
    tokens = await visitor.tokens(await visitor.with_eid())
    response = await visitor.userinfo(tokens["access_token"])
    signed = decrypt(await response.get_data(as_text=True))
    assert verify(signed, await published_keys(visitor))["egovNRN"] == SOFIE.number


async def test_userinfo_tells_only_what_was_asked(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid(scope="openid"))
    response = await visitor.userinfo(tokens["access_token"])
    claims = claims_of(await response.get_data(as_text=True))
    assert claims.keys() == {"sub", "iss", "aud", "iat"}


async def test_userinfo_needs_a_living_access_token(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid())
    assert (await visitor.get("/fas/oauth2/userinfo")).status_code == 401
    refused = await visitor.userinfo("made-up")
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    visitor.clock.turn(300)
    assert (await visitor.userinfo(tokens["access_token"])).status_code == 401


class Portal:
    """A client that publishes its keys at an address."""

    def __init__(self) -> None:
        self.document: Any = client_jwks()
        self.asked = 0

    async def fetch(self, url: str) -> Any:
        assert url == "http://localhost:8000/.well-known/jwks.json"
        self.asked += 1
        if self.document is None:
            raise OSError("down")
        return self.document


def with_address(portal: Portal) -> Browser:
    clock = Clock()
    url = "http://localhost:8000/.well-known/jwks.json"
    client = Client(KEY_CLIENT, (RETURN,), jwks_url=url)
    config = ProviderConfig(ISSUER, (client,), clock=clock, fetch_keys=portal.fetch)
    return Browser(create_provider(config), clock)


async def test_keys_behind_an_address_are_fetched_once() -> None:
    portal = Portal()
    visitor = with_address(portal)
    await visitor.tokens(await visitor.with_eid())
    await visitor.tokens(answer_of(await visitor.begin())["code"])
    assert portal.asked == 1


async def test_an_unknown_key_is_looked_up_anew_but_not_all_the_time() -> None:
    portal = Portal()
    new, portal.document = portal.document, {"keys": []}
    visitor = with_address(portal)
    for _ in range(2):
        assert (await visitor.exchange("code")).status_code == 401
    assert portal.asked == 1
    portal.document = new
    visitor.clock.turn(11)
    await visitor.tokens(await visitor.with_eid())
    assert portal.asked == 2


@pytest.mark.parametrize("document", [None, [], {"keys": 7}, "text"])
async def test_keys_that_cannot_be_had_refuse_the_client(document: Any) -> None:
    portal = Portal()
    portal.document = document
    visitor = with_address(portal)
    assert (await visitor.exchange("code")).status_code == 401


def test_a_client_without_any_proof_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="secret, jwks or jwks_url"):
        Client("x", (RETURN,))


def test_the_provider_publishes_the_key_it_signs_with(visitor: Browser) -> None:
    provider = visitor.app.extensions[EXTENSION]
    assert provider.key.kid != client_key().kid
