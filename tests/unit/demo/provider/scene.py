"""What the provider's tests share: a clock to turn, a client with a key, and a browser."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from quart import Quart, Response
from quart.typing import TestClientProtocol

from app.demo.people import SOFIE, DemoPerson
from app.demo.provider import Client, ProviderConfig, create_provider
from app.demo.provider.config import UserInfoFormat
from app.demo.provider.tokens import SigningKey, b64, unb64

ISSUER = "http://127.0.0.1:8001"
RETURN = "http://localhost:8000/aanmelden/terug"
HOME = "http://localhost:8000/"
VERIFIER = "verifier-of-at-least-forty-three-characters-long"
LEVEL_500 = "urn:be:fedict:iam:fas:citizen:Level500"
LEVEL_300 = "urn:be:fedict:iam:fas:citizen:Level300"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECRET = "a secret: with / odd + characters"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    time: datetime = START

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.time

    def turn(self, seconds: float) -> None:
        """Let some time pass."""
        self.time += timedelta(seconds=seconds)


@cache
def client_private_key() -> rsa.RSAPrivateKey:
    """The portal's key in these tests, made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def client_key() -> SigningKey:
    """The portal's key, able to sign."""
    return SigningKey(client_private_key())


def client_jwks() -> dict[str, Any]:
    """What the portal publishes: the key to sign with, and the same one to encrypt for."""
    key = client_key().public_jwk
    public = {"kty": "RSA", "n": key["n"], "e": key["e"], "use": "enc", "kid": "enc-1"}
    return {"keys": [key, public]}


KEY_CLIENT = "portal"
SECRET_CLIENT = "other"


def config(clock: Clock, userinfo: UserInfoFormat = "signed") -> ProviderConfig:
    """A provider with a client that has a key and one that has a secret."""
    return ProviderConfig(
        issuer=ISSUER,
        clients=(
            Client(KEY_CLIENT, (RETURN,), (HOME,), jwks=client_jwks()),
            Client(SECRET_CLIENT, ("http://localhost:9000/back?lang=nl",), secret=SECRET),
        ),
        userinfo=userinfo,
        clock=clock,
    )


@dataclass
class Browser:
    """A browser that keeps cookies, and the portal's part of the protocol beside it."""

    app: Quart
    clock: Clock
    client: TestClientProtocol = field(init=False)

    def __post_init__(self) -> None:
        """Start without cookies."""
        self.client = self.app.test_client()

    @property
    def stranger(self) -> Browser:
        """Another browser at the same provider."""
        return Browser(self.app, self.clock)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that this browser holds now."""
        return {cookie.name: cookie.value or "" for cookie in self.client.cookie_jar or ()}

    async def get(self, url: str) -> Response:
        """Open an address of the provider."""
        return await self.client.get(url.removeprefix(ISSUER))

    async def post(self, url: str, form: dict[str, str] | None = None, **headers: str) -> Response:
        """Send a form as a page of the provider does."""
        sent = {"Origin": ISSUER, **{key.replace("_", "-"): headers[key] for key in headers}}
        return await self.client.post(url, form=form or {}, headers=sent)

    async def begin(self, **changes: str | None) -> Response:
        """Arrive with the portal's request to sign in."""
        return await self.get(authorize_url(**changes))

    async def start(self, **changes: str | None) -> str:
        """Arrive, and give the address of the pages that follow."""
        arrived = await self.begin(**changes)
        assert arrived.status_code == 303
        assert arrived.location.startswith("/fas/aanmelden/"), arrived.location
        return arrived.location

    async def with_eid(self, person: DemoPerson = SOFIE, **changes: str | None) -> str:
        """Sign in with eID and give the code."""
        base = await self.start(**changes)
        done = await self.post(f"{base}/eid/{person.key}", {"pin": person.pin or ""})
        return answer_of(done)["code"]

    async def with_token(self, person: DemoPerson = SOFIE, **changes: str | None) -> str:
        """Sign in with the token and give the code."""
        base = await self.start(**changes)
        assert person.token
        step = await self.post(
            f"{base}/token",
            {"username": person.token.username, "password": person.token.password},
        )
        assert step.location == f"{base}/token/code"
        number = asked_number(await text(await self.get(step.location)))
        done = await self.post(step.location, {"code": person.token.codes[number - 1]})
        return answer_of(done)["code"]

    async def exchange(self, code: str, **changes: str | None) -> Response:
        """Exchange a code as the portal does, with its key."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": RETURN,
            "code_verifier": VERIFIER,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion(self.clock),
            **changes,
        }
        sent = {name: value for name, value in form.items() if value is not None}
        return await self.client.post("/fas/oauth2/access_token", form=sent)

    async def tokens(self, code: str) -> dict[str, Any]:
        """Exchange a code that must be good."""
        response = await self.exchange(code)
        assert response.status_code == 200, await response.get_data()
        answer: dict[str, Any] = await response.get_json()
        return answer

    async def userinfo(self, access_token: str) -> Response:
        """Ask who signed in."""
        headers = {"Authorization": f"Bearer {access_token}"}
        return await self.client.get("/fas/oauth2/userinfo", headers=headers)


def browser(userinfo: UserInfoFormat = "signed") -> Browser:
    """A fresh provider and a browser in front of it."""
    clock = Clock()
    return Browser(create_provider(config(clock, userinfo)), clock)


def authorize_url(**changes: str | None) -> str:
    """The address that a good request to sign in goes to; None takes a parameter away."""
    wanted = {
        "client_id": KEY_CLIENT,
        "redirect_uri": RETURN,
        "response_type": "code",
        "scope": "openid profile egovnrn",
        "state": "the state",
        "nonce": "the nonce",
        "code_challenge": b64(sha256(VERIFIER.encode()).digest()),
        "code_challenge_method": "S256",
        **changes,
    }
    pairs = {name: value for name, value in wanted.items() if value is not None}
    return f"/fas/oauth2/authorize?{urlencode(pairs)}"


def assertion(clock: Clock, **changes: Any) -> str:
    """The portal's proof of who it is; a claim set to None is left out."""
    now = int(clock().timestamp())
    claims = {
        "iss": KEY_CLIENT,
        "sub": KEY_CLIENT,
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "jti": b64(str(next(_numbers)).encode()),
        **changes,
    }
    return client_key().sign({name: claims[name] for name in claims if claims[name] is not None})


_numbers = iter(range(10_000))


def basic(client_id: str = SECRET_CLIENT, secret: str = SECRET) -> dict[str, str]:
    """The header with which a client gives its secret."""
    pair = urlencode({client_id: secret}).replace("=", ":", 1)
    return {"Authorization": "Basic " + b64encode(pair.encode()).decode()}


def answer_of(response: Response) -> dict[str, str]:
    """What was carried back to the client, in the address."""
    assert response.status_code == 303, response.status_code
    url = urlsplit(response.location)
    assert f"{url.scheme}://{url.netloc}" in {"http://localhost:8000", "http://localhost:9000"}
    return {name: values[0] for name, values in parse_qs(url.query).items()}


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a token, unchecked."""
    claims: dict[str, Any] = json.loads(unb64(token.split(".")[1]))
    return claims


def decrypt(token: str) -> str:
    """Open an encrypted token with the portal's key."""
    header, wrapped, nonce, sealed, tag = token.split(".")
    oaep = padding.OAEP(mgf=padding.MGF1(SHA256()), algorithm=SHA256(), label=None)
    content_key = client_private_key().decrypt(unb64(wrapped), oaep)
    opened = AESGCM(content_key).decrypt(unb64(nonce), unb64(sealed) + unb64(tag), header.encode())
    return opened.decode()


async def text(response: Response) -> str:
    """The page as text."""
    return await response.get_data(as_text=True)


def asked_number(html: str) -> int:
    """Which code of the card the page asks for."""
    found = re.search(r"Geef code (\d+) van uw kaart", html)
    assert found, html
    return int(found[1])
