"""How we prove at the token endpoint that we are the registered client.

Client authentication: OpenID Connect Core, section 9; RFC 7523 (private_key_jwt) and RFC 6749,
section 2.3.1 (client_secret_basic).
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import quote_plus

from app.auth.oidc import jose
from app.auth.oidc.keys import ClientKey

ClientAuth = Literal["private_key_jwt", "client_secret_basic"]

_ASSERTION_LIFETIME: Final = timedelta(minutes=1)
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Client:
    """Who we are at the provider: an id, and a key or a secret to show for it."""

    client_id: str
    auth: ClientAuth
    key: ClientKey | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.auth == "private_key_jwt" and self.key is None:
            raise ValueError("private_key_jwt needs a key")
        if self.auth == "client_secret_basic" and not self.secret:
            raise ValueError("client_secret_basic needs a secret")

    def form(self, token_endpoint: str, moment: datetime) -> dict[str, str]:
        """The form fields that prove who we are; none with client_secret_basic."""
        if self.auth != "private_key_jwt" or self.key is None:
            return {}
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": token_endpoint,
            "jti": secrets.token_urlsafe(24),
            "iat": int(moment.timestamp()),
            "exp": int((moment + _ASSERTION_LIFETIME).timestamp()),
        }
        return {
            "client_id": self.client_id,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": jose.sign(claims, self.key),
        }

    def headers(self) -> dict[str, str]:
        """The headers that prove who we are; none with private_key_jwt."""
        if self.auth != "client_secret_basic" or not self.secret:
            return {}
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"}
