"""Discovery and keys: what we believe of a provider, and how often we ask."""

from __future__ import annotations

import asyncio

import pytest

from app.auth.oidc.provider import Provider, read_metadata
from app.auth.oidc.refusal import Reason, SignInRefused
from app.auth.oidc.transport import Answer, TransportError
from tests.unit.auth.oidc.scene import ISSUER, REMOVED, Scene, json_answer

DISCOVERY = "/.well-known/openid-configuration"


async def refused(scene: Scene) -> Reason:
    """Why the scene's provider cannot be used."""
    with pytest.raises(SignInRefused) as caught:
        await Provider(ISSUER, scene).metadata()
    return caught.value.reason


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "https://evil.example"),
        ("issuer", ISSUER + "/"),
        ("issuer", REMOVED),
        ("issuer", [ISSUER]),
        ("token_endpoint", REMOVED),
        ("token_endpoint", ["https://inloggen.example.be/token"]),
        ("token_endpoint", "http://inloggen.example.be/token"),
        ("token_endpoint", "http://127.0.0.1/token"),
        ("token_endpoint", "/token"),
        ("jwks_uri", "file:///etc/passwd"),
        ("jwks_uri", "https://"),
        ("jwks_uri", "https://[::1/keys"),
        ("jwks_uri", "https://example.be:99999/keys"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", "https://example.be/a#fragment"),
        ("authorization_endpoint", "https://example.be/\r\nSet-Cookie:x"),
        ("userinfo_endpoint", "https://user@example.be/"),
        ("end_session_endpoint", {"url": "x"}),
    ],
)
async def test_a_discovery_document_is_refused_with(name: str, value: object) -> None:
    assert await refused(Scene(discovery={name: value})) is Reason.BAD_DISCOVERY


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (TransportError("t"), Reason.PROVIDER_DOWN),
        (json_answer({}, 502), Reason.PROVIDER_DOWN),
        (json_answer({}, 429), Reason.PROVIDER_DOWN),
        (json_answer({}, 404), Reason.BAD_ANSWER),
        (Answer(301, "", b""), Reason.REDIRECTED),
        (Answer(200, "text/html", b"<html>"), Reason.BAD_DISCOVERY),
        (json_answer([1]), Reason.BAD_DISCOVERY),
    ],
    ids=str,
)
async def test_a_discovery_answer_is_refused(answer: Answer | Exception, reason: Reason) -> None:
    assert await refused(Scene(overrides={DISCOVERY: answer})) is reason


def test_http_is_for_a_provider_on_this_machine() -> None:
    issuer = "http://127.0.0.1:8001"
    endpoints = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    document: dict[str, object] = {name: f"{issuer}/{name}" for name in endpoints}
    assert read_metadata({**document, "issuer": issuer}, issuer).jwks_uri == f"{issuer}/jwks_uri"


async def test_many_visitors_at_once_ask_once() -> None:
    scene = Scene()
    provider = Provider(ISSUER, scene, clock=lambda: scene.clock)
    await asyncio.gather(*(provider.keys() for _ in range(20)))
    assert (scene.asked(DISCOVERY), scene.asked("/jwks")) == (1, 1)


async def test_what_is_known_is_asked_again_after_an_hour() -> None:
    scene = Scene()
    provider = Provider(ISSUER, scene, clock=lambda: scene.clock)
    for scene.clock in (0.0, 3599.0, 3601.0):
        await provider.metadata()
    assert scene.asked(DISCOVERY) == 2


async def test_a_provider_that_is_down_is_left_alone_for_some_seconds() -> None:
    scene = Scene(overrides={DISCOVERY: TransportError("t")})
    provider = Provider(ISSUER, scene, clock=lambda: scene.clock)
    for _ in range(3):
        with pytest.raises(SignInRefused):
            await provider.metadata()
    assert scene.asked(DISCOVERY) == 1
    scene.overrides.clear()
    scene.clock = 6.0
    assert (await provider.metadata()).issuer == ISSUER
