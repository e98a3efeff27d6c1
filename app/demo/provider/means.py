"""The means of signing in, and the level of assurance that each one reaches.

The levels are those of the federal service: 500 for eID, 300 for the token with its card of codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.demo.provider.errors import OAuthError

_ACR = re.compile(r"urn:be:fedict:iam:fas(?::citizen)?:Level([0-9]{3})")


@dataclass(frozen=True)
class Means:
    """One means: its key in addresses, its level, and its ``amr`` values (RFC 8176)."""

    key: str
    level: int
    amr: tuple[str, ...]

    @property
    def acr(self) -> str:
        """The level as it stands in the ID token."""
        return f"urn:be:fedict:iam:fas:citizen:Level{self.level}"


EID = Means("eid", 500, ("sc", "pin", "mfa"))
TOKEN = Means("token", 300, ("pwd", "otp", "mfa"))
MEANS = (EID, TOKEN)


def asked_level(acr_values: str) -> int:
    """The lowest level that satisfies the client; 0 when it names none that we know.

    ``acr_values`` is a wish (OpenID Connect Core 3.1.2.1), so names that we do not know are
    passed over. Raises OAuthError when no means of ours reaches even the lowest.
    """
    found = [_ACR.fullmatch(value) for value in acr_values.split()]
    level = min((int(match[1]) for match in found if match), default=0)
    if not means_for(level):
        raise OAuthError("unmet_authentication_requirements", "no means reaches that level")
    return level


def means_for(level: int) -> tuple[Means, ...]:
    """The means that reach a level, the strongest first."""
    return tuple(means for means in MEANS if means.level >= level)
