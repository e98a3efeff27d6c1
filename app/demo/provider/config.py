"""What the provider is told: its address, who its clients are and which people it knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from app import clock
from app.demo.people import CAST, DemoPerson
from app.demo.provider.fetching import fetch_json

UserInfoFormat = Literal["plain", "signed", "encrypted"]


@dataclass(frozen=True)
class Client:
    """One website that may send people here to sign in.

    It proves itself with a ``secret`` (client_secret_basic) or with a key (private_key_jwt) whose
    public half stands at ``jwks_url`` or in ``jwks``. Raises ValueError when it has neither.
    """

    client_id: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    name: str = "Mijn Kinderbijslag"
    secret: str | None = None
    jwks_url: str | None = None
    jwks: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        """Refuse a client that could never prove who it is."""
        if not (self.secret or self.has_key):
            raise ValueError(f"client {self.client_id}: give a secret, jwks or jwks_url")

    @property
    def has_key(self) -> bool:
        """Whether the client can use private_key_jwt."""
        return self.jwks is not None or self.jwks_url is not None

    @property
    def origins(self) -> tuple[str, ...]:
        """Where an answer may be sent: the origins of the redirect addresses, each once."""
        uris = (*self.redirect_uris, *self.post_logout_redirect_uris)
        return tuple(dict.fromkeys(origin(uri) for uri in uris))


@dataclass(frozen=True)
class ProviderConfig:
    """All that create_provider needs; ``issuer`` is also the base of every address.

    ``key`` is a PEM file with an RSA key; without it a key is made at the start. ``clock`` and
    ``fetch_keys`` (address in, parsed JSON out) are replaced in tests.
    """

    issuer: str
    clients: tuple[Client, ...]
    people: tuple[DemoPerson, ...] = CAST
    key: Path | None = None
    userinfo: UserInfoFormat = "signed"
    clock: Callable[[], datetime] = clock.now
    fetch_keys: Callable[[str], Awaitable[Any]] = fetch_json

    def client(self, client_id: str) -> Client | None:
        """The client with this id, if we know it."""
        return next((one for one in self.clients if one.client_id == client_id), None)

    @property
    def secure(self) -> bool:
        """Whether cookies get the Secure flag: only when we are served over https."""
        return self.issuer.startswith("https://")

    @property
    def token_endpoint(self) -> str:
        """The full address at which a code is exchanged; also an audience of assertions."""
        return f"{self.issuer}/fas/oauth2/access_token"


def origin(url: str) -> str:
    """Scheme, host and port of an address, as a browser writes them in ``Origin``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
