"""The relying party and the demo provider, written apart, understand each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import pytest
from quart import Quart

from app.auth.oidc.client import Client
from app.auth.oidc.keys import ClientKey, jwks
from app.auth.oidc.provider import Provider
from app.auth.oidc.refusal import Reason, SignInRefused
from app.auth.oidc.relying_party import RelyingParty, RelyingPartyConfig
from app.auth.oidc.transport import Answer
from app.demo.people import SOFIE
from app.demo.provider import Client as KnownClient
from app.demo.provider import ProviderConfig, create_provider
from app.demo.provider.config import UserInfoFormat
from tests.unit.auth.oidc.scene import query
from tests.unit.auth.oidc.tokens import PrivateKey, ec_key, pem, rsa_key

ISSUER = "http://127.0.0.1:8001"
REDIRECT_URI = "http://localhost:8000/aanmelden/terug"


@dataclass
class Direct:
    """Reaches the demo provider without a network."""

    app: Quart

    async def get(self, url: str, *, headers: Mapping[str, str]) -> Answer:
        """GET an address of the provider."""
        got = await self.app.test_client().get(url.removeprefix(ISSUER), headers=dict(headers))
        return Answer(got.status_code, got.mimetype or "", await got.get_data(as_text=False))

    async def post(
        self, url: str, *, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        """POST a form to an address of the provider."""
        got = await self.app.test_client().post(
            url.removeprefix(ISSUER), form=dict(form), headers=dict(headers)
        )
        return Answer(got.status_code, got.mimetype or "", await got.get_data(as_text=False))


async def eid(app: Quart, url: str) -> dict[str, str]:
    """Sofie puts her card in and types her PIN; the query with which she comes back."""
    browser = app.test_client()
    arrived = await browser.get(url.removeprefix(ISSUER))
    done = await browser.post(
        f"{arrived.location}/eid/{SOFIE.key}", form={"pin": SOFIE.pin}, headers={"Origin": ISSUER}
    )
    return query(done.location)


@pytest.mark.parametrize(
    ("key", "userinfo"),
    [
        *[(rsa_key("ours"), form) for form in get_args(UserInfoFormat)],
        (ec_key("ours"), "signed"),
    ],
    ids=["plain", "signed", "encrypted", "signed, with an EC key of ours"],
)
async def test_a_sign_in_with_eid(key: PrivateKey, userinfo: UserInfoFormat) -> None:
    ours = ClientKey.from_pem(pem(key))
    known = KnownClient("portal", (REDIRECT_URI,), jwks=jwks(ours))
    app = create_provider(ProviderConfig(issuer=ISSUER, clients=(known,), userinfo=userinfo))
    party = RelyingParty(
        RelyingPartyConfig(redirect_uri=REDIRECT_URI),
        Provider(ISSUER, Direct(app)),
        Client("portal", "private_key_jwt", ours),
    )
    started = await party.begin(minimum_level=500, max_age=0)
    back = await eid(app, started.url)
    person = await party.complete(back, started.transaction)
    assert (person.number, person.level, person.means) == (SOFIE.number, 500, "eid")
    assert (person.given_name, person.family_name) == ("Sofie", "Vermeulen")
    assert person.auth_time is not None
    with pytest.raises(SignInRefused) as replayed:
        await party.complete(back, started.transaction)
    assert replayed.value.reason is Reason.CODE_REFUSED
    out = await party.sign_out_url(
        id_token_hint=person.id_token, post_logout_redirect_uri="http://localhost:8000/"
    )
    assert out is not None
    assert out.startswith(ISSUER)
