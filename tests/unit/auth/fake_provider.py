"""A relying party whose provider is not there: the test decides who comes back, or why nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from quart import Quart
from quart.typing import TestClientProtocol as Browser

from app.auth.oidc.client import Client
from app.auth.oidc.provider import Provider
from app.auth.oidc.refusal import SignInRefused
from app.auth.oidc.relying_party import RelyingParty, RelyingPartyConfig
from app.auth.oidc.sign_in import Authorization, Identity, Transaction
from app.clock import now
from app.demo.people import SOFIE, DemoPerson
from tests.cast import ISSUER

ID_TOKEN = "eyJ.marked-id-token.x"


def identity_of(person: DemoPerson, **changes: Any) -> Identity:
    """What the provider says of somebody of the cast who signed in with their eID."""
    values: dict[str, Any] = {
        "issuer": ISSUER,
        "subject": person.key,
        "number": person.number,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": None,
        "language": "nl",
        "level": 500,
        "means": "eid",
        "auth_time": now(),
        "id_token": ID_TOKEN,
        "session_id": None,
    }
    return Identity(**(values | changes))


class FakeRelyingParty(RelyingParty):
    """Begins and checks the start as the real one; ``identity`` comes back, or ``refusal``."""

    def __init__(self) -> None:
        super().__init__(
            RelyingPartyConfig(redirect_uri="http://localhost:8000/aanmelden/terug"),
            cast(Provider, None),
            cast(Client, None),
        )
        self.identity = identity_of(SOFIE)
        self.refusal: SignInRefused | None = None
        self.sign_out_address: str | None = f"{ISSUER}/sign-out"
        self.means: list[str | None] = []
        self.prompts: list[str | None] = []
        self.hints: list[str | None] = []

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        return {"keys": []}

    async def begin(
        self, *, means: str | None = None, prompt: str | None = None, **_wishes: Any
    ) -> Authorization:
        if self.refusal is not None:
            raise self.refusal
        self.means.append(means)
        self.prompts.append(prompt)
        state = token_urlsafe(32)
        return Authorization(
            url=f"{ISSUER}/authorize?state={state}",
            state=state,
            nonce=token_urlsafe(32),
            code_verifier=token_urlsafe(32),
            created_at=now(),
            minimum_level=300,
        )

    async def complete(
        self, parameters: Mapping[str, str], transaction: Transaction | None
    ) -> Identity:
        self._checked_start(parameters, transaction)
        if self.refusal is not None:
            raise self.refusal
        return self.identity

    async def sign_out_url(self, *, id_token_hint: str | None, **_wishes: Any) -> str | None:
        self.hints.append(id_token_hint)
        return self.sign_out_address


def install(app: Quart) -> FakeRelyingParty:
    """Put a fake relying party in a portal that serves."""
    fake = FakeRelyingParty()
    app.extensions["relying_party"] = fake
    return fake


@dataclass
class Start:
    """A sign-in that left for the provider."""

    state: str
    cookie: str


async def begin(client: Browser, address: str = "/aanmelden") -> Start:
    """Leave for the provider in a browser."""
    answer = await client.get(address)
    assert answer.status_code == 303, await answer.get_data(as_text=True)
    location = answer.headers["Location"]
    assert location.startswith(f"{ISSUER}/authorize?")
    return Start(parse_qs(urlsplit(location).query)["state"][0], answer.headers["Set-Cookie"])
