"""Our relying party against a provider that others wrote, over real HTTP on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.auth.oidc.client import Client, ClientAuth
from app.auth.oidc.jose import Algorithm
from app.auth.oidc.keys import ClientKey, jwks
from app.auth.oidc.provider import Provider
from app.auth.oidc.refusal import Reason, SignInRefused
from app.auth.oidc.relying_party import Identity, RelyingParty, RelyingPartyConfig
from app.auth.oidc.transport import HttpTransport, http_session
from app.demo.people import AMINA, LUKASZ, SOFIE
from tests.independent_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    IndependentProvider,
    independent_provider,
    sign_in,
)

REDIRECT_URI = "http://localhost:8000/aanmelden/terug"
AFTER_SIGN_OUT = "http://localhost:8000/"


def _key(made: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> ClientKey:
    return ClientKey.from_pem(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


RSA_KEY = _key(rsa.generate_private_key(65537, 2048))
EC_KEY = _key(ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """The portal's HTTP session to the provider."""
    async with http_session() as opened:
        yield opened


def relying_party(
    provider: IndependentProvider,
    session: aiohttp.ClientSession,
    *,
    auth: ClientAuth = "private_key_jwt",
    key: ClientKey | None = RSA_KEY,
    algorithm: Algorithm = "RS256",
    secret: str = CLIENT_SECRET,
) -> RelyingParty:
    """The portal's side."""
    return RelyingParty(
        RelyingPartyConfig(redirect_uri=REDIRECT_URI, algorithm=algorithm),
        Provider(provider.issuer, HttpTransport(session)),
        Client(CLIENT_ID, auth, key, secret),
    )


async def round_trip(party: RelyingParty, *, person: str, level: int = 500) -> Identity:
    """From leaving the portal to being known."""
    started = await party.begin()
    back = await sign_in(started.url, person=person, level=level, redirect_uri=REDIRECT_URI)
    return await party.complete(back, started.transaction)


REGISTRATIONS: dict[str, tuple[ClientAuth, ClientKey, Algorithm, Mapping[str, object]]] = {
    "private_key_jwt, RS256, plain userinfo": ("private_key_jwt", RSA_KEY, "RS256", {}),
    "client_secret_basic, RS256, plain userinfo": ("client_secret_basic", RSA_KEY, "RS256", {}),
    "private_key_jwt with an EC key": (
        "private_key_jwt",
        EC_KEY,
        "RS256",
        {"token_endpoint_auth_signing_alg": "ES256"},
    ),
    "signed userinfo": (
        "client_secret_basic",
        RSA_KEY,
        "RS256",
        {"userinfo_signed_response_alg": "RS256"},
    ),
    "signed and encrypted userinfo": (
        "private_key_jwt",
        RSA_KEY,
        "RS256",
        {
            "userinfo_signed_response_alg": "RS256",
            "userinfo_encrypted_response_alg": "RSA-OAEP-256",
            "userinfo_encrypted_response_enc": "A256GCM",
        },
    ),
    "everything signed and encrypted": (
        "private_key_jwt",
        RSA_KEY,
        "RS256",
        {
            "userinfo_signed_response_alg": "RS256",
            "userinfo_encrypted_response_alg": "RSA-OAEP",
            "userinfo_encrypted_response_enc": "A128GCM",
            "id_token_encrypted_response_alg": "RSA-OAEP",
            "id_token_encrypted_response_enc": "A256GCM",
        },
    ),
    "PS256": (
        "private_key_jwt",
        RSA_KEY,
        "PS256",
        {"id_token_signed_response_alg": "PS256", "userinfo_signed_response_alg": "PS256"},
    ),
    "ES256": (
        "private_key_jwt",
        RSA_KEY,
        "ES256",
        {"id_token_signed_response_alg": "ES256", "userinfo_signed_response_alg": "ES256"},
    ),
}


@pytest.mark.parametrize(
    ("auth", "key", "algorithm", "metadata"), REGISTRATIONS.values(), ids=list(REGISTRATIONS)
)
async def test_somebody_signs_in_with(
    session: aiohttp.ClientSession,
    auth: ClientAuth,
    key: ClientKey,
    algorithm: Algorithm,
    metadata: Mapping[str, object],
) -> None:
    with independent_provider(
        redirect_uri=REDIRECT_URI, client_auth=auth, jwks=jwks(key), metadata=metadata
    ) as provider:
        party = relying_party(provider, session, auth=auth, key=key, algorithm=algorithm)
        person = await round_trip(party, person=LUKASZ.key, level=450)
    assert (person.issuer, person.subject) == (provider.issuer, LUKASZ.key)
    assert (person.given_name, person.family_name) == ("Łukasz", "Wójcik")
    assert (person.number, person.email) == (LUKASZ.number, "lukasz@example.be")
    assert (person.level, person.means) == (450, "itsme")
    assert person.id_token.count(".") == 2


async def test_what_may_go_wrong_at_an_independent_provider(
    session: aiohttp.ClientSession,
) -> None:
    with independent_provider(
        redirect_uri=REDIRECT_URI,
        client_auth="client_secret_basic",
        post_logout_redirect_uris=[AFTER_SIGN_OUT],
    ) as provider:
        party = relying_party(provider, session, auth="client_secret_basic")

        amina = await round_trip(party, person=AMINA.key, level=300)
        assert (amina.number, amina.means) == (AMINA.number, "token")

        await _sign_out_is_understood(party, amina)
        await _a_cancelled_sign_in_is_told_apart(party)
        await _a_level_too_low_is_refused(party)
        await _a_code_works_once_and_only_for_its_verifier(party)

        stranger = relying_party(
            provider, session, auth="client_secret_basic", secret="another secret"
        )
        assert await _reason(stranger) is Reason.CLIENT_REFUSED
        other = relying_party(provider, session, auth="client_secret_basic", algorithm="ES256")
        assert await _reason(other) is Reason.WRONG_ALGORITHM


async def _sign_out_is_understood(party: RelyingParty, person: Identity) -> None:
    url = await party.sign_out_url(
        id_token_hint=person.id_token, post_logout_redirect_uri=AFTER_SIGN_OUT, state="s"
    )
    assert url is not None
    async with aiohttp.ClientSession() as visitor, visitor.get(url) as answer:
        assert answer.status == 200
        assert "/session/end/confirm" in await answer.text()


async def _a_cancelled_sign_in_is_told_apart(party: RelyingParty) -> None:
    started = await party.begin()
    back = await sign_in(started.url, person=SOFIE.key, cancel=True, redirect_uri=REDIRECT_URI)
    with pytest.raises(SignInRefused) as caught:
        await party.complete(back, started.transaction)
    assert caught.value.reason is Reason.CANCELLED


async def _a_level_too_low_is_refused(party: RelyingParty) -> None:
    with pytest.raises(SignInRefused) as caught:
        await round_trip(party, person=SOFIE.key, level=200)
    assert caught.value.reason is Reason.LEVEL_TOO_LOW


async def _a_code_works_once_and_only_for_its_verifier(party: RelyingParty) -> None:
    started = await party.begin(max_age=60)
    back = await sign_in(started.url, person=SOFIE.key, redirect_uri=REDIRECT_URI)
    assert (await party.complete(back, started.transaction)).auth_time is not None
    with pytest.raises(SignInRefused) as replayed:
        await party.complete(back, started.transaction)
    assert replayed.value.reason is Reason.CODE_REFUSED

    started = await party.begin()
    back = await sign_in(started.url, person=SOFIE.key, redirect_uri=REDIRECT_URI)
    stolen = replace(started.transaction, code_verifier="x" * 43)
    with pytest.raises(SignInRefused) as injected:
        await party.complete(back, stolen)
    assert injected.value.reason is Reason.CODE_REFUSED


async def _reason(party: RelyingParty) -> Reason:
    with pytest.raises(SignInRefused) as caught:
        await round_trip(party, person=SOFIE.key)
    return caught.value.reason
