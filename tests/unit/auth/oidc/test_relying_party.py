"""A sign-in that goes well, and what is asked of the provider on the way."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from app.auth.oidc.jose import Algorithm
from app.auth.oidc.refusal import Category, Reason, SignInRefused
from app.auth.oidc.relying_party import RelyingParty, state_hash
from app.auth.oidc.transport import Answer, TransportError
from app.demo.people import AMINA, JAN, SOFIE
from tests.unit.auth.oidc.scene import (
    CLIENT_ID,
    ISSUER,
    NOW,
    REDIRECT_URI,
    REMOVED,
    Scene,
    query,
    reason_of,
)
from tests.unit.auth.oidc.tokens import (
    PrivateKey,
    ec_key,
    jwe,
    public_jwk,
    rsa_key,
    unb64,
)

TOKEN = "urn:be:fedict:iam:fas:Level300"


async def test_somebody_comes_back_as_who_they_are() -> None:
    person = await Scene().play()
    assert (person.issuer, person.subject, person.number) == (ISSUER, "subject-1", SOFIE.number)
    assert (person.given_name, person.family_name) == ("Sofie", "Vermeulen")
    assert (person.email, person.language) == ("sofie@example.be", "nl")
    assert (person.level, person.means, person.session_id) == (500, "eid", "session-1")
    assert person.auth_time == person.authenticated_at == NOW - timedelta(seconds=5)
    assert person.id_token.count(".") == 2


async def test_an_identity_prints_nothing_personal() -> None:
    person = await Scene().play()
    printed = repr(person)
    for secret in (SOFIE.number, "Sofie", "Vermeulen", "sofie@", "subject-1", person.id_token):
        assert secret not in printed


async def test_the_request_asks_for_a_code_with_state_nonce_and_pkce() -> None:
    started = await Scene().relying_party().begin()
    assert started.url.startswith(f"{ISSUER}/authorize?realm=citizen&")
    asked = query(started.url)
    digest = hashlib.sha256(started.code_verifier.encode()).digest()
    assert asked == {
        "realm": "citizen",
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid profile egovnrn",
        "state": started.state,
        "nonce": started.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "acr_values": TOKEN,
        "ui_locales": "nl",
    }
    assert len({started.state, started.nonce, started.code_verifier}) == 3
    assert started.transaction.state_hash == state_hash(started.state) != started.state


@pytest.mark.parametrize(
    ("minimum", "means", "asked", "kept"),
    [
        *[(None, None, 300, 300), (200, None, 300, 300), (500, None, 500, 500)],
        *[(None, "eid", 500, 300), (None, "itsme", 450, 300), (500, "token", 500, 500)],
    ],
)
async def test_the_level_asked_is_never_below_what_is_needed(
    minimum: int | None, means: str | None, asked: int, kept: int
) -> None:
    started = await Scene().relying_party().begin(minimum_level=minimum, means=means)
    assert query(started.url)["acr_values"] == f"urn:be:fedict:iam:fas:Level{asked}"
    assert started.minimum_level == kept


async def test_an_unknown_means_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="means"):
        await Scene().relying_party().begin(means="smoke signals")


async def test_a_fresh_proof_can_be_asked_for_and_is_given() -> None:
    scene = Scene(max_age=0)
    started = await scene.relying_party().begin(max_age=0, prompt="login")
    asked = query(started.url)
    assert (asked["max_age"], asked["prompt"]) == ("0", "login")
    assert (await scene.play()).auth_time is not None


async def test_minutes_spent_at_the_provider_do_not_make_a_proof_too_old() -> None:
    scene = Scene(max_age=300)
    party = scene.relying_party()
    started = await party.begin(max_age=300)
    scene.claims["auth_time"] = int(NOW.timestamp()) - 290
    scene.moment = NOW + timedelta(minutes=5)
    assert (await scene.come_back(party, started)).level == 500


async def test_silence_about_the_time_of_proof_counts_as_long_ago() -> None:
    person = await Scene(claims={"auth_time": REMOVED}).play()
    assert person.auth_time is None
    assert person.authenticated_at == datetime(1970, 1, 1, tzinfo=UTC)


async def test_private_key_jwt_proves_who_we_are() -> None:
    scene = Scene()
    await scene.play()
    _, form, headers = next(item for item in scene.requests if item[0].endswith("/token"))
    assert "Authorization" not in headers
    assert form["client_id"] == CLIENT_ID
    head, body, signature = form["client_assertion"].split(".")
    rsa_key("ours").public_key().verify(
        unb64(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert b'"aud":"https://inloggen.example.be/fas/oauth2/token"' in unb64(body)
    assert f'"kid":"{scene.relying_party().jwks()["keys"][0]["kid"]}"'.encode() in unb64(head)


async def test_client_secret_basic_encodes_the_secret_first() -> None:
    scene = Scene(auth="client_secret_basic")
    await scene.play()
    _, form, headers = next(item for item in scene.requests if item[0].endswith("/token"))
    assert "client_assertion" not in form
    pair = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
    assert pair == "kinderbijslag:s3cret%2Fwith%3Asigns"


@pytest.mark.parametrize("algorithm", get_args(Algorithm))
async def test_each_algorithm_that_can_be_configured_works(algorithm: Algorithm) -> None:
    key: PrivateKey = ec_key("provider") if algorithm == "ES256" else rsa_key("provider")
    scene = Scene(algorithm=algorithm, key=key, header={"alg": algorithm, "kid": "p1"})
    scene.keys = [public_jwk(key, kid="p1", alg=algorithm), {"kty": "OKP", "kid": "p1"}, None]
    assert (await scene.play()).number == SOFIE.number
    scene.key = ec_key("stranger") if algorithm == "ES256" else rsa_key("stranger")
    assert await reason_of(scene) is Reason.BAD_SIGNATURE


@pytest.mark.parametrize("way", ["RSA-OAEP", "RSA-OAEP-256"])
@pytest.mark.parametrize("content", ["A128GCM", "A256GCM"])
async def test_userinfo_and_id_token_may_be_signed_and_encrypted(way: str, content: str) -> None:
    ours = rsa_key("ours")
    scene = Scene()
    kid = scene.relying_party().jwks()["keys"][1]["kid"]

    def seal(token: str) -> str:
        return jwe(token, ours, alg=way, enc=content, kid=kid)

    scene.make_id_token = lambda stated: seal(scene.signed(stated))
    scene.make_userinfo = lambda _: Answer(
        200, "application/jwt", seal(scene.signed_info().body.decode()).encode()
    )
    person = await scene.play()
    assert person.number == SOFIE.number
    assert person.id_token.count(".") == 2  # opened: the provider could not read our own JWE


async def test_a_provider_without_userinfo_states_everything_in_the_id_token() -> None:
    stated: dict[str, object] = {"egovNRN": AMINA.number, "given_name": "Amina"}
    scene = Scene(claims=stated, discovery={"userinfo_endpoint": REMOVED})
    person = await scene.play()
    assert (person.number, person.given_name, person.family_name) == (AMINA.number, "Amina", "")
    assert scene.asked("/userinfo") == 0


async def test_the_number_is_normalised_and_may_stand_in_both_tokens() -> None:
    digits = JAN.number
    dotted = f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}-{digits[6:9]}.{digits[9:]}"
    person = await Scene(claims={"egovNRN": digits}, info={"egovNRN": dotted}).play()
    assert person.number == digits


async def test_names_are_cleaned_and_an_unusable_address_or_language_is_left_out() -> None:
    odd: dict[str, object] = {
        "givenName": "  So\u202efie\x00\n Anna ",
        "surname": "V" * 500,
        "mail": "geen adres",
        "prefLanguage": "xx",
    }
    person = await Scene(info=odd).play()
    assert person.given_name == "Sofie Anna"
    assert person.family_name == "V" * 120
    assert (person.email, person.language) == (None, None)


async def test_the_level_may_stand_in_amr_alone() -> None:
    person = await Scene(claims={"acr": REMOVED, "amr": ["pwd", TOKEN]}).play()
    assert (person.level, person.means) == (300, "token")


async def test_clocks_may_differ_by_a_minute() -> None:
    seconds = int(NOW.timestamp())
    times: dict[str, object] = {"iat": seconds + 59, "exp": seconds - 59, "nbf": seconds + 59}
    assert (await Scene(claims=times).play()).level == 500


async def test_a_new_key_of_the_provider_is_fetched_once() -> None:
    scene = Scene()
    party = scene.relying_party()
    await scene.play(party)
    scene.keys = [public_jwk(rsa_key("stranger"), kid="p2")]
    scene.key, scene.header["kid"] = rsa_key("stranger"), "p2"
    assert (await scene.play(party)).number == SOFIE.number
    assert scene.asked("/jwks") == 2


async def test_unknown_keys_make_us_fetch_at_most_once_a_minute() -> None:
    scene = Scene(header={"alg": "RS256", "kid": "nobody"})
    party = scene.relying_party()
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await scene.play(party)
    assert scene.asked("/jwks") == 2
    scene.clock = 61.0
    with pytest.raises(SignInRefused):
        await scene.play(party)
    assert scene.asked("/jwks") == 3


async def test_nothing_is_known_of_a_start() -> None:
    with pytest.raises(SignInRefused) as caught:
        await Scene().relying_party().complete({"state": "x", "code": "y"}, None)
    assert caught.value.reason is Reason.NO_TRANSACTION


async def test_no_code_is_spent_on_a_return_that_is_refused() -> None:
    scene = Scene(parameters={"state": "another"})
    await reason_of(scene)
    assert scene.asked("/token") == 0


async def test_signing_out_at_the_provider_names_us_and_the_session() -> None:
    party = Scene().relying_party()
    url = await party.sign_out_url(
        id_token_hint="a.b.c", post_logout_redirect_uri="https://p.example/", state="s"
    )
    assert url is not None
    assert url.startswith(f"{ISSUER}/end?")
    assert query(url) == {
        "client_id": CLIENT_ID,
        "post_logout_redirect_uri": "https://p.example/",
        "ui_locales": "nl",
        "id_token_hint": "a.b.c",
        "state": "s",
    }


@pytest.mark.parametrize(
    "scene",
    [
        Scene(discovery={"end_session_endpoint": REMOVED}),
        Scene(overrides={"/.well-known/openid-configuration": TransportError("t")}),
    ],
    ids=["no such address", "provider down"],
)
async def test_signing_out_here_does_not_wait_for_the_provider(scene: Scene) -> None:
    party: RelyingParty = scene.relying_party()
    out = await party.sign_out_url(id_token_hint="", post_logout_redirect_uri="https://p.example/")
    assert out is None


def test_each_reason_has_a_page_text_and_each_text_a_reason() -> None:
    assert {reason.category for reason in Reason} == set(Category)
    assert Reason.BAD_SIGNATURE.category is Category.TECHNICAL
    assert SignInRefused(Reason.CANCELLED).category is Category.CANCELLED
