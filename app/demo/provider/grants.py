"""Codes and access tokens: what a client gets once somebody has signed in.

A code counts once, for 60 seconds, for the client, the address and the PKCE verifier it was made
for. A code that is offered again takes its access token down with it (RFC 6749, 4.1.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from app.demo.provider.errors import OAuthError
from app.demo.provider.requests import AuthorizationRequest
from app.demo.provider.sessions import Session
from app.demo.provider.shelf import Shelf
from app.demo.provider.tokens import b64

CODE_LIFE = timedelta(seconds=60)
ACCESS_LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Grant:
    """What one sign-in allows one client."""

    request: AuthorizationRequest
    session: Session


class Grants:
    """The codes that wait to be exchanged and the access tokens that are in use."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Start with none."""
        self._codes: Shelf[Grant] = Shelf(CODE_LIFE, clock)
        self._access: Shelf[Grant] = Shelf(ACCESS_LIFE, clock)
        self._spent: Shelf[str] = Shelf(ACCESS_LIFE, clock)

    def issue(self, grant: Grant) -> str:
        """A code for a grant."""
        return self._codes.add(grant)

    def redeem(
        self, code: str, client_id: str, redirect_uri: str | None, verifier: str | None
    ) -> tuple[Grant, str]:
        """Exchange a code for its grant and an access token.

        Any attempt uses the code up. Raises OAuthError ``invalid_grant``, the same for each
        reason.
        """
        grant = self._codes.take(code)
        if grant is None:
            self._access.take(self._spent.take(code))
        if grant is None or not _fits(grant.request, client_id, redirect_uri, verifier):
            raise OAuthError("invalid_grant", "the code is not valid for this request")
        access_token = self._access.add(grant)
        self._spent.put(code, access_token)
        return grant, access_token

    def of(self, access_token: str | None) -> Grant | None:
        """What an access token allows, if it still lives."""
        return self._access.get(access_token)

    def end(self, sid: str) -> None:
        """Drop all that came from a session, because it was ended."""
        self._codes.drop_where(lambda grant: grant.session.sid == sid)
        self._access.drop_where(lambda grant: grant.session.sid == sid)


def _fits(
    request: AuthorizationRequest, client_id: str, redirect_uri: str | None, verifier: str | None
) -> bool:
    challenge = b64(sha256((verifier or "").encode()).digest())
    return (
        request.client.client_id == client_id
        and request.redirect_uri == redirect_uri
        and 43 <= len(verifier or "") <= 128
        and compare_digest(challenge, request.challenge)
    )
