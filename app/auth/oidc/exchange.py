"""What we fetch on behalf of somebody who comes back: tokens for a code, and their UserInfo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.auth.oidc.provider import succeeded
from app.auth.oidc.refusal import Reason, SignInRefused
from app.auth.oidc.strict_json import parse_object
from app.auth.oidc.transport import Answer, Transport, TransportError

_LONGEST_ACCESS_TOKEN: Final = 8 * 1024
_CODE_ERRORS: Final = frozenset({"invalid_grant"})
_CLIENT_ERRORS: Final = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint gave for a code."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


async def redeem(
    transport: Transport, endpoint: str, form: Mapping[str, str], headers: Mapping[str, str]
) -> Tokens:
    """Exchange a code for tokens (RFC 6749, section 4.1.3). Raises SignInRefused."""
    try:
        answer = await transport.post(
            endpoint, form=form, headers={**headers, "Accept": "application/json"}
        )
    except TransportError:
        raise SignInRefused(Reason.PROVIDER_DOWN, "token endpoint: no answer") from None
    if answer.status in (400, 401):
        raise _token_refusal(answer)
    body = _object(succeeded(answer), "token endpoint")
    id_token, access_token = body.get("id_token"), body.get("access_token")
    kind = body.get("token_type")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise SignInRefused(Reason.BAD_ANSWER, "token endpoint: not a bearer token")
    if not isinstance(id_token, str) or not isinstance(access_token, str):
        raise SignInRefused(Reason.BAD_ANSWER, "token endpoint: a token is missing")
    if not _fit_for_a_header(access_token):
        raise SignInRefused(Reason.BAD_ANSWER, "token endpoint: odd access token")
    return Tokens(id_token, access_token)


async def userinfo(transport: Transport, endpoint: str, access_token: str) -> Answer:
    """The UserInfo answer, unread: JSON or a JWT (Core, section 5.3). Raises SignInRefused."""
    try:
        answer = await transport.get(
            endpoint,
            headers={
                "Authorization": f"Bearer {access_token}",
                "Accept": "application/json, application/jwt",
            },
        )
    except TransportError:
        raise SignInRefused(Reason.PROVIDER_DOWN, "userinfo: no answer") from None
    return succeeded(answer)


def userinfo_object(answer: Answer) -> dict[str, object]:
    """The claims of a UserInfo answer that is plain JSON. Raises SignInRefused."""
    return _object(answer, "userinfo")


def _object(answer: Answer, what: str) -> dict[str, object]:
    if answer.media_type != "application/json" and not answer.media_type.endswith("+json"):
        raise SignInRefused(Reason.BAD_ANSWER, f"{what}: not JSON")
    try:
        return parse_object(answer.body)
    except ValueError:
        raise SignInRefused(Reason.BAD_ANSWER, f"{what}: not a JSON object") from None


def _token_refusal(answer: Answer) -> SignInRefused:
    """Why the token endpoint gave nothing (RFC 6749, section 5.2)."""
    try:
        error = parse_object(answer.body).get("error")
    except ValueError:
        error = None
    if isinstance(error, str) and error in _CODE_ERRORS:
        return SignInRefused(Reason.CODE_REFUSED)
    if isinstance(error, str) and error in _CLIENT_ERRORS:
        return SignInRefused(Reason.CLIENT_REFUSED)
    return SignInRefused(Reason.BAD_ANSWER, f"token endpoint: status {answer.status}")


def _fit_for_a_header(token: str) -> bool:
    """Whether a token can stand in a header (RFC 6750, section 2.1) without splitting it."""
    if not 0 < len(token) <= _LONGEST_ACCESS_TOKEN or not token.isascii():
        return False
    return token.isprintable() and " " not in token
