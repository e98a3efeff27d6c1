"""What a client asks for when it sends someone here: read, checked, and kept as one value.

OpenID Connect Core 3.1.2, RFC 6749 (4.1.1), RFC 7636 (PKCE, only S256), RFC 9207 (``iss``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from app.demo.provider.config import Client, ProviderConfig
from app.demo.provider.errors import OAuthError, PageError
from app.demo.provider.means import asked_level

SCOPES = ("openid", "profile", "email", "egovnrn")
PROMPTS = frozenset({"none", "login", "consent", "select_account"})
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST = 2048

Params = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class AuthorizationRequest:
    """A checked request to sign someone in."""

    client: Client
    redirect_uri: str
    state: str | None
    nonce: str | None
    scopes: tuple[str, ...]
    challenge: str
    level: int
    prompts: frozenset[str]
    max_age: int | None
    id_token_hint: str | None

    @property
    def silent(self) -> bool:
        """Whether no page may be shown (``prompt=none``)."""
        return "none" in self.prompts

    @property
    def afresh(self) -> bool:
        """Whether an earlier sign-in does not count (``prompt=login`` or ``select_account``)."""
        return bool(self.prompts & {"login", "select_account"})


def once(params: Params, name: str) -> str | None:
    """The one value of a parameter; an empty one counts as absent (RFC 6749, 3.1).

    Raises OAuthError when it is given twice or is overlong.
    """
    values = params.get(name, ())
    if len(values) > 1:
        raise OAuthError("invalid_request", f"{name} is given more than once")
    if values and len(values[0]) > _LONGEST:
        raise OAuthError("invalid_request", f"{name} is too long")
    return values[0] or None if values else None


def where_to_answer(params: Params, config: ProviderConfig) -> tuple[Client, str]:
    """The client, and the address of its own that it wants the answer at.

    Raises PageError when either is not known to us: then we send nobody anywhere.
    """
    ids, uris = params.get("client_id", ()), params.get("redirect_uri", ())
    client = config.client(ids[0]) if len(ids) == 1 else None
    if client is None:
        raise PageError(
            "Deze website kennen wij niet",
            "De website die u hierheen stuurde, is niet bij ons aangesloten. "
            "Ga terug naar die website en probeer het opnieuw.",
        )
    if len(uris) != 1 or uris[0] not in client.redirect_uris:
        raise PageError(
            "Wij kunnen u niet veilig terugsturen",
            "De website vroeg ons om u terug te sturen naar een adres dat wij niet kennen. "
            "Daarom stoppen wij hier. Ga terug naar de website en probeer het opnieuw.",
        )
    return client, uris[0]


def read_request(params: Params, client: Client, redirect_uri: str) -> AuthorizationRequest:
    """Read the rest of the request. Raises OAuthError, which may be sent to ``redirect_uri``."""
    for name in ("request", "request_uri"):
        if once(params, name):
            raise OAuthError(f"{name}_not_supported", f"{name} is not supported")
    if once(params, "response_type") != "code":
        raise OAuthError("unsupported_response_type", "only response_type=code")
    if once(params, "response_mode") not in {None, "query"}:
        raise OAuthError("invalid_request", "only response_mode=query")
    return AuthorizationRequest(
        client=client,
        redirect_uri=redirect_uri,
        state=once(params, "state"),
        nonce=once(params, "nonce"),
        scopes=_scopes(once(params, "scope") or ""),
        challenge=_challenge(params),
        level=asked_level(once(params, "acr_values") or ""),
        prompts=_prompts(once(params, "prompt") or ""),
        max_age=_max_age(once(params, "max_age")),
        id_token_hint=once(params, "id_token_hint"),
    )


def _scopes(text: str) -> tuple[str, ...]:
    asked = text.split()
    if "openid" not in asked:
        raise OAuthError("invalid_scope", "scope must hold openid")
    return tuple(scope for scope in SCOPES if scope in asked)


def _challenge(params: Params) -> str:
    challenge = once(params, "code_challenge") or ""
    if once(params, "code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request", "PKCE with S256 is required")
    return challenge


def _prompts(text: str) -> frozenset[str]:
    prompts = frozenset(text.split())
    if prompts - PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise OAuthError("invalid_request", "prompt is not understood")
    return prompts


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise OAuthError("invalid_request", "max_age must be a number of seconds")
    return int(text)


def with_query(uri: str, values: Mapping[str, str | None]) -> str:
    """An address with more parameters; those that are None are left out."""
    parts = urlsplit(uri)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    pairs += [(name, value) for name, value in values.items() if value is not None]
    return urlunsplit(parts._replace(query=urlencode(pairs)))
