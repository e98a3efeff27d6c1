"""The identity provider as we know it: its addresses (discovery) and its keys, both cached.

OpenID Connect Discovery 1.0, section 4; keys per RFC 7517.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from urllib.parse import urlsplit

import structlog

from app.auth.oidc.refusal import Reason, SignInRefused
from app.auth.oidc.strict_json import parse_object
from app.auth.oidc.transport import Answer, Transport, TransportError
from app.settings import is_loopback

_LIFETIME: Final = 3600.0
_BETWEEN_REFETCHES: Final = 60.0
_AFTER_FAILURE: Final = 5.0
_MOST_KEYS: Final = 64
_LONGEST_ADDRESS: Final = 2048

log = structlog.get_logger()

JWK = dict[str, object]
T = TypeVar("T")


@dataclass(frozen=True)
class Metadata:
    """What a provider says about itself, as far as we use it."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    names_itself_in_answers: bool = False  # the ``iss`` parameter of RFC 9207


class _Cached(Generic[T]):
    """A value fetched by one caller at a time and kept for an hour.

    A failure is remembered for a few seconds, so that a provider that is down does not keep
    every visitor waiting for the same time-out, one after the other.
    """

    def __init__(self, fetch: Callable[[], Awaitable[T]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._kept: tuple[float, T] | None = None
        self._failed: tuple[float, SignInRefused] | None = None

    async def get(self, lifetime: float = _LIFETIME) -> T:
        """The value, at most ``lifetime`` seconds old. Raises SignInRefused."""
        async with self._lock:
            moment = self._clock()
            if self._kept is not None and moment - self._kept[0] < lifetime:
                return self._kept[1]
            if self._failed is not None and moment - self._failed[0] < _AFTER_FAILURE:
                raise SignInRefused(self._failed[1].reason, self._failed[1].detail)
            try:
                value = await self._fetch()
            except SignInRefused as refusal:
                self._failed = (self._clock(), refusal)
                log.warning("oidc_provider_failed", reason=refusal.reason, detail=refusal.detail)
                raise
            self._kept, self._failed = (self._clock(), value), None
            return value


class Provider:
    """One identity provider, found through discovery under its issuer."""

    def __init__(
        self,
        issuer: str,
        transport: Transport,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer = issuer
        self.transport = transport
        self._clock = clock
        self._refetched: float | None = None
        self._metadata = _Cached(self._discover, clock)
        self._keys = _Cached(self._fetch_keys, clock)

    async def metadata(self) -> Metadata:
        """The provider's addresses. Raises SignInRefused (PROVIDER_DOWN, BAD_DISCOVERY …)."""
        return await self._metadata.get()

    async def keys(self) -> tuple[JWK, ...]:
        """The provider's public keys. Raises SignInRefused (PROVIDER_DOWN, BAD_KEYS …)."""
        return await self._keys.get()

    async def newer_keys(self) -> tuple[JWK, ...]:
        """The keys after an unknown ``kid``: fetched anew, but at most once a minute."""
        moment = self._clock()
        if self._refetched is not None and moment - self._refetched < _BETWEEN_REFETCHES:
            return await self._keys.get()
        self._refetched = moment
        log.info("oidc_keys_refetched")
        return await self._keys.get(lifetime=0)

    async def _discover(self) -> Metadata:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        answer = await self.fetch(address)
        try:
            return read_metadata(parse_object(answer.body), self.issuer)
        except ValueError as error:
            raise SignInRefused(Reason.BAD_DISCOVERY, str(error)) from None

    async def _fetch_keys(self) -> tuple[JWK, ...]:
        answer = await self.fetch((await self.metadata()).jwks_uri)
        try:
            keys = parse_object(answer.body).get("keys")
        except ValueError:
            keys = None
        if not isinstance(keys, list) or len(keys) > _MOST_KEYS:
            raise SignInRefused(Reason.BAD_KEYS, "no key set")
        # Keys of a kind that we do not know must not spoil the others (RFC 7517, section 5)
        return tuple(key for key in keys if isinstance(key, dict))

    async def fetch(self, url: str) -> Answer:
        """GET a document of the provider. Raises SignInRefused."""
        try:
            answer = await self.transport.get(url, headers={"Accept": "application/json"})
        except TransportError:
            raise SignInRefused(Reason.PROVIDER_DOWN, "no answer") from None
        return succeeded(answer)


def succeeded(answer: Answer) -> Answer:
    """The same answer when its status is 200. Raises SignInRefused."""
    if answer.status == 200:
        return answer
    if 300 <= answer.status < 400:
        raise SignInRefused(Reason.REDIRECTED)
    if answer.status >= 500 or answer.status == 429:
        raise SignInRefused(Reason.PROVIDER_DOWN, f"status {answer.status}")
    raise SignInRefused(Reason.BAD_ANSWER, f"status {answer.status}")


def read_metadata(document: dict[str, object], issuer: str) -> Metadata:
    """The metadata in a discovery document. Raises ValueError with the reason.

    The issuer must be ours to the letter (Discovery 1.0, section 4.3): otherwise another
    provider could speak in its name.
    """
    if document.get("issuer") != issuer:
        raise ValueError("names another issuer")
    return Metadata(
        issuer=issuer,
        authorization_endpoint=_address(document, "authorization_endpoint", issuer),
        token_endpoint=_address(document, "token_endpoint", issuer),
        jwks_uri=_address(document, "jwks_uri", issuer),
        userinfo_endpoint=_optional_address(document, "userinfo_endpoint", issuer),
        end_session_endpoint=_optional_address(document, "end_session_endpoint", issuer),
        names_itself_in_answers=(
            document.get("authorization_response_iss_parameter_supported") is True
        ),
    )


def _optional_address(document: dict[str, object], name: str, issuer: str) -> str | None:
    return _address(document, name, issuer) if document.get(name) is not None else None


def _address(document: dict[str, object], name: str, issuer: str) -> str:
    """An endpoint: https, or http on this machine for a provider on this machine."""
    value = document.get(name)
    if not isinstance(value, str) or len(value) > _LONGEST_ADDRESS:
        raise ValueError(f"{name} is missing")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"{name} is no address")
    try:
        parts = urlsplit(value)
        local = parts.scheme == "http" and is_loopback(value) and is_loopback(issuer)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError(f"{name} is no address") from None
    if not usable or not (parts.scheme == "https" or local):
        raise ValueError(f"{name} is not https")
    if parts.username is not None or parts.fragment:
        raise ValueError(f"{name} carries a user name or a fragment")
    return value
