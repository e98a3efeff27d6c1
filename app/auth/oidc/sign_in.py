"""The values of one sign-in: what is asked, what is remembered meanwhile, and who comes back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from app.auth.oidc.jose import Algorithm

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class RelyingPartyConfig:
    """What an operator decides about signing in."""

    redirect_uri: str
    scopes: str = "openid profile egovnrn"
    number_claim: str = "egovNRN"
    minimum_level: int = 300
    algorithm: Algorithm = "RS256"
    language: str = "nl"


@dataclass(frozen=True)
class Transaction:
    """A sign-in under way, as it was stored when somebody left for the provider.

    Whoever stores it marks it used in the same statement that reads it, so that of two returns
    at once only one goes on.
    """

    state_hash: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    created_at: datetime
    minimum_level: int
    max_age: int | None = None
    used: bool = False


@dataclass(frozen=True)
class Authorization:
    """Where to send somebody, and what to remember until they come back."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    created_at: datetime
    minimum_level: int
    max_age: int | None = None

    @property
    def transaction(self) -> Transaction:
        """What to store: everything needed at the return, the state as a hash only."""
        return Transaction(
            state_hash=state_hash(self.state),
            nonce=self.nonce,
            code_verifier=self.code_verifier,
            created_at=self.created_at,
            minimum_level=self.minimum_level,
            max_age=self.max_age,
        )


@dataclass(frozen=True)
class Identity:
    """Somebody whom the provider vouches for. Personal: it prints nothing of them."""

    issuer: str
    subject: str = field(repr=False)
    number: str = field(repr=False)
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    email: str | None = field(repr=False)
    language: str | None
    level: int
    means: str
    auth_time: datetime | None
    id_token: str = field(repr=False)
    session_id: str | None = field(repr=False)

    @property
    def authenticated_at(self) -> datetime:
        """When they proved who they are; long ago when the provider does not say, so that
        nothing that asks for a fresh proof takes its silence for one."""
        return self.auth_time or _NEVER


def state_hash(state: str) -> str:
    """How a ``state`` is stored: a hash, so that the database alone cannot finish a sign-in."""
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()
