"""How a client proves who it is at the token endpoint: with a signed assertion or with a secret.

RFC 7523 and OpenID Connect Core 9 (private_key_jwt), RFC 6749 2.3.1 (client_secret_basic).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import unquote_plus

from app.demo.provider.config import Client, ProviderConfig
from app.demo.provider.errors import OAuthError
from app.demo.provider.requests import Params, once
from app.demo.provider.shelf import Shelf
from app.demo.provider.tokens import TokenError, peek, verify

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION = timedelta(minutes=10)
SKEW = timedelta(seconds=30)
REFETCH_AFTER = timedelta(seconds=10)


class ClientKeys:
    """The public keys of the clients; those behind an address are fetched when first needed."""

    def __init__(self, config: ProviderConfig) -> None:
        """Start without any key fetched."""
        self._config = config
        self._fetched: dict[str, tuple[datetime, list[Mapping[str, Any]]]] = {}

    async def of(self, client: Client, kid: str | None = None) -> Sequence[Mapping[str, Any]]:
        """The keys of a client; fetched anew when none of them is ``kid``, but not all the time.

        Raises OAuthError when they cannot be had.
        """
        if client.jwks is not None:
            return _keys_in(client.jwks)
        at, keys = self._fetched.get(client.client_id, (None, []))
        known = kid is None or any(key.get("kid") == kid for key in keys)
        now = self._config.clock()
        if at is None or (not known and now - at > REFETCH_AFTER):
            try:
                keys = _keys_in(await self._config.fetch_keys(client.jwks_url or ""))
            except (OSError, ValueError) as error:
                raise _refused("the client's keys cannot be fetched") from error
            self._fetched[client.client_id] = (now, keys)
        return keys


class ClientCheck:
    """Tells which client is speaking."""

    def __init__(self, config: ProviderConfig, keys: ClientKeys) -> None:
        """Start with no assertion seen."""
        self._config = config
        self._keys = keys
        self._seen: Shelf[bool] = Shelf(LONGEST_ASSERTION + 2 * SKEW, config.clock)

    async def authenticate(self, form: Params, authorization: str | None) -> Client:
        """The client that sent this form and ``Authorization`` header.

        Raises OAuthError ``invalid_client`` (401), or ``invalid_request`` when it tries to prove
        itself in two ways at once.
        """
        assertion = once(form, "client_assertion")
        if authorization and assertion:
            raise OAuthError("invalid_request", "more than one way of client authentication")
        if authorization:
            client = self._by_secret(authorization)
        elif assertion:
            client = await self._by_assertion(form, assertion)
        else:
            raise _refused("no client authentication that we support")
        if once(form, "client_id") not in {None, client.client_id}:
            raise _refused("client_id is somebody else's")
        return client

    def _by_secret(self, authorization: str) -> Client:
        client_id, secret = _basic(authorization)
        client = self._config.client(client_id)
        right = client.secret if client and client.secret else ""
        pair = [sha256(value.encode()).digest() for value in (secret, right)]
        if not compare_digest(*pair) or not right or client is None:
            raise _refused("client id or secret is wrong")
        return client

    async def _by_assertion(self, form: Params, assertion: str) -> Client:
        if once(form, "client_assertion_type") != ASSERTION_TYPE:
            raise _refused("client_assertion_type is not supported")
        try:
            header, unchecked = peek(assertion)
            client = self._config.client(_text(unchecked.get("iss")))
            if client is None or not client.has_key:
                raise _refused("no client with a key by that name")
            claims = verify(
                assertion, await self._keys.of(client, _text(header.get("kid")) or None)
            )
        except TokenError as error:
            raise _refused(f"assertion: {error}") from error
        self._judge(claims, client)
        return client

    def _judge(self, claims: Mapping[str, Any], client: Client) -> None:
        """Refuse an assertion that is not by this client, for us, of now and for the first time."""
        if not claims.get("iss") == claims.get("sub") == client.client_id:
            raise _refused("assertion: iss and sub must be the client")
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if not {self._config.issuer, self._config.token_endpoint} & set(map(str, audiences)):
            raise _refused("assertion: not meant for us")
        now = self._config.clock().timestamp()
        expires, skew = _time(claims, "exp"), SKEW.total_seconds()
        if not now - skew < expires <= now + LONGEST_ASSERTION.total_seconds() + skew:
            raise _refused("assertion: expired, or valid for too long")
        if any(_time(claims, name) > now + skew for name in ("iat", "nbf") if name in claims):
            raise _refused("assertion: from the future")
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti:
            raise _refused("assertion: no jti")
        name = sha256(f"{client.client_id} {jti}".encode()).hexdigest()
        if self._seen.get(name):
            raise _refused("assertion: used before")
        self._seen.put(name, True)


def _refused(description: str) -> OAuthError:
    return OAuthError("invalid_client", description, status=401)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _keys_in(document: Any) -> list[Mapping[str, Any]]:
    keys = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(keys, list):
        raise _refused("the client's keys are not a key set")
    return [key for key in keys if isinstance(key, Mapping)]


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, value = authorization.partition(" ")
    try:
        client_id, colon, secret = b64decode(value.strip(), validate=True).decode().partition(":")
    except ValueError as error:
        raise _refused("the Authorization header is malformed") from error
    if scheme.lower() != "basic" or not colon:
        raise _refused("the Authorization header is malformed")
    return unquote_plus(client_id), unquote_plus(secret)


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(f"assertion: {name} is not a time")
    return float(value)
