"""A sign-in on stage: the provider is played in this process, and each test spoils one thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from app.auth.oidc.client import Client, ClientAuth
from app.auth.oidc.jose import Algorithm
from app.auth.oidc.keys import ClientKey
from app.auth.oidc.provider import Provider
from app.auth.oidc.refusal import Reason, SignInRefused
from app.auth.oidc.relying_party import (
    Authorization,
    Identity,
    RelyingParty,
    RelyingPartyConfig,
    Transaction,
)
from app.auth.oidc.transport import Answer, TransportError
from app.demo.people import SOFIE
from tests.unit.auth.oidc.tokens import PrivateKey, b64, jws, pem, public_jwk, rsa_key

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ISSUER = "https://inloggen.example.be/fas/oauth2"
CLIENT_ID = "kinderbijslag"
REDIRECT_URI = "https://portaal.example.be/aanmelden/terug"
ACCESS_TOKEN = "an-access-token"
EID = "urn:be:fedict:iam:fas:citizen:Level500"

OUR_KEY = ClientKey.from_pem(pem(rsa_key("ours")))
REMOVED = object()

Override = Answer | Exception | Callable[[Mapping[str, str]], Answer]


def json_answer(body: object, status: int = 200) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, "application/json", json.dumps(body).encode())


def without_removed(values: Mapping[str, object]) -> dict[str, object]:
    """The values that a test did not take away."""
    return {name: value for name, value in values.items() if value is not REMOVED}


@dataclass
class Scene:
    """One sign-in with everything right, until a test changes something of it."""

    auth: ClientAuth = "private_key_jwt"
    algorithm: Algorithm = "RS256"
    moment: datetime = NOW
    clock: float = 0.0
    key: PrivateKey | bytes | None = field(default_factory=lambda: rsa_key("provider"))
    header: dict[str, object] = field(default_factory=lambda: {"alg": "RS256", "kid": "p1"})
    claims: dict[str, object] = field(default_factory=dict)
    info: dict[str, object] = field(default_factory=dict)
    keys: list[object] = field(
        default_factory=lambda: [public_jwk(rsa_key("provider"), kid="p1", use="sig")]
    )
    discovery: dict[str, object] = field(default_factory=dict)
    tokens: dict[str, object] = field(default_factory=dict)
    parameters: dict[str, object] = field(default_factory=dict)
    overrides: dict[str, Override] = field(default_factory=dict)
    make_id_token: Callable[[dict[str, object]], str] | None = None
    make_userinfo: Callable[[dict[str, object]], Answer] | None = None
    change_transaction: dict[str, object] = field(default_factory=dict)
    max_age: int | None = None
    minimum_level: int | None = None
    requests: list[tuple[str, Mapping[str, str], Mapping[str, str]]] = field(default_factory=list)
    nonce: str = ""

    def relying_party(self) -> RelyingParty:
        """The portal's side, with this scene as its provider and its clock."""
        return RelyingParty(
            RelyingPartyConfig(redirect_uri=REDIRECT_URI, algorithm=self.algorithm),
            Provider(ISSUER, self, clock=lambda: self.clock),
            Client(CLIENT_ID, self.auth, OUR_KEY, "s3cret/with:signs"),
            now=lambda: self.moment,
        )

    async def play(self, party: RelyingParty | None = None) -> Identity:
        """The whole sign-in, from leaving to coming back."""
        party = party or self.relying_party()
        started = await party.begin(max_age=self.max_age, minimum_level=self.minimum_level)
        return await self.come_back(party, started)

    async def come_back(self, party: RelyingParty, started: Authorization) -> Identity:
        """The return alone, as the provider would send it."""
        self.nonce = started.nonce
        given = {"state": started.state, "code": "a-code", "iss": ISSUER, **self.parameters}
        transaction: Transaction = replace(started.transaction, **self.change_transaction)  # type: ignore[arg-type]
        return await party.complete(without_removed(given), transaction)  # type: ignore[arg-type]

    # The provider

    async def get(self, url: str, *, headers: Mapping[str, str]) -> Answer:
        """What the provider answers to a GET."""
        return self._answer(url, {}, headers)

    async def post(
        self, url: str, *, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        """What the provider answers to a POST."""
        return self._answer(url, form, headers)

    def asked(self, path: str) -> int:
        """How often a path under the issuer was asked for."""
        return sum(url == ISSUER + path for url, _, _ in self.requests)

    def id_claims(self) -> dict[str, object]:
        """The claims of the ID token, as changed by the test."""
        seconds = int(self.moment.timestamp())
        half = hashlib.sha256(ACCESS_TOKEN.encode()).digest()[:16]
        return without_removed(
            {
                "iss": ISSUER,
                "sub": "subject-1",
                "aud": CLIENT_ID,
                "exp": seconds + 300,
                "iat": seconds - 2,
                "auth_time": seconds - 5,
                "nonce": self.nonce,
                "acr": EID,
                "at_hash": b64(half),
                "sid": "session-1",
                **self.claims,
            }
        )

    def info_claims(self) -> dict[str, object]:
        """The claims of UserInfo, as changed by the test."""
        return without_removed(
            {
                "sub": "subject-1",
                "egovNRN": SOFIE.number,
                "givenName": SOFIE.given_name,
                "surname": SOFIE.family_name,
                "mail": "sofie@example.be",
                "prefLanguage": "nl",
                **self.info,
            }
        )

    def signed(self, claims: object) -> str:
        """Claims signed with the scene's header and key."""
        return jws(self.header, claims, self.key)

    def signed_info(self, **claims: object) -> Answer:
        """UserInfo as a signed JWT."""
        parties = {"iss": ISSUER, "aud": CLIENT_ID, **claims}
        body = self.signed(without_removed({**self.info_claims(), **parties}))
        return Answer(200, "application/jwt", body.encode())

    def _answer(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        self.requests.append((url, form, headers))
        path = url.removeprefix(ISSUER)
        if (override := self.overrides.get(path)) is not None:
            if isinstance(override, Exception):
                raise override
            return override if isinstance(override, Answer) else override(form)
        if path == "/.well-known/openid-configuration":
            return json_answer(self._discovery())
        if path == "/jwks":
            return json_answer({"keys": self.keys})
        if path == "/token":
            make = self.make_id_token or self.signed
            found = {"token_type": "Bearer", "access_token": ACCESS_TOKEN}
            return json_answer(
                without_removed({**found, "id_token": make(self.id_claims()), **self.tokens})
            )
        if path == "/userinfo":
            return (self.make_userinfo or json_answer)(self.info_claims())
        raise TransportError("no such address")

    def _discovery(self) -> dict[str, object]:
        return without_removed(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize?realm=citizen",
                "token_endpoint": f"{ISSUER}/token",
                "userinfo_endpoint": f"{ISSUER}/userinfo",
                "jwks_uri": f"{ISSUER}/jwks",
                "end_session_endpoint": f"{ISSUER}/end",
                "authorization_response_iss_parameter_supported": True,
                **self.discovery,
            }
        )


async def reason_of(scene: Scene) -> Reason:
    """Why the scene's sign-in is refused; fails when it is not, or in any other way."""
    try:
        await scene.play()
    except SignInRefused as refusal:
        return refusal.reason
    raise AssertionError("somebody was signed in")


def query(url: str) -> dict[str, str]:
    """The query of an address; each name must stand in it once."""
    found = parse_qs(urlsplit(url).query, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}


MINUTE = timedelta(minutes=1)
