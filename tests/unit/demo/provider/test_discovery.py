"""The provider's description of itself."""

from __future__ import annotations

import pytest

from app.demo.provider.config import UserInfoFormat
from tests.unit.demo.provider.scene import ISSUER, browser


async def test_every_endpoint_stands_below_the_issuer_and_answers() -> None:
    visitor = browser()
    document = await (await visitor.get("/.well-known/openid-configuration")).get_json()
    assert document["issuer"] == ISSUER
    endpoints = [document[name] for name in document if name.endswith(("endpoint", "_uri"))]
    assert len(endpoints) == 5
    for url in endpoints:
        assert url.startswith(f"{ISSUER}/fas/oauth2/")
        assert (await visitor.get(url)).status_code != 404


async def test_the_addresses_are_those_of_the_federal_service() -> None:
    document = await (await browser().get("/.well-known/openid-configuration")).get_json()
    paths = {
        "authorization_endpoint": "authorize",
        "token_endpoint": "access_token",
        "userinfo_endpoint": "userinfo",
        "jwks_uri": "connect/jwk_uri",
        "end_session_endpoint": "connect/endSession",
    }
    for name, path in paths.items():
        assert document[name] == f"{ISSUER}/fas/oauth2/{path}"


@pytest.mark.parametrize(
    ("userinfo", "signed", "encrypted"),
    [("plain", False, False), ("signed", True, False), ("encrypted", True, True)],
)
async def test_the_form_of_userinfo_is_told(
    userinfo: UserInfoFormat, signed: bool, encrypted: bool
) -> None:
    visitor = browser(userinfo)
    document = await (await visitor.get("/.well-known/openid-configuration")).get_json()
    assert ("userinfo_signing_alg_values_supported" in document) is signed
    assert ("userinfo_encryption_alg_values_supported" in document) is encrypted
