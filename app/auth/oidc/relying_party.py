"""Our side of a sign-in: send somebody to the provider, and learn who comes back.

Authorization code flow with PKCE, ``state`` and ``nonce`` (OpenID Connect Core 1.0, RFC 7636,
RFC 9207, RFC 9700).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from app import clock
from app.auth.oidc import claims as check
from app.auth.oidc import exchange, jose
from app.auth.oidc.client import Client
from app.auth.oidc.keys import jwks
from app.auth.oidc.levels import MEANS, acr_value
from app.auth.oidc.provider import Metadata, Provider
from app.auth.oidc.refusal import Reason, SignInRefused
from app.auth.oidc.sign_in import (
    Authorization,
    Identity,
    RelyingPartyConfig,
    Transaction,
    state_hash,
)

RETURN_PATH: Final = "/aanmelden/terug"
LIFETIME: Final = timedelta(minutes=10)
_LONGEST_CODE: Final = 2048

_ERRORS: Final[dict[str, Reason]] = {
    "access_denied": Reason.CANCELLED,
    "login_required": Reason.LOGIN_REQUIRED,
    "interaction_required": Reason.LOGIN_REQUIRED,
    "account_selection_required": Reason.LOGIN_REQUIRED,
    "consent_required": Reason.LOGIN_REQUIRED,
    "server_error": Reason.PROVIDER_DOWN,
    "temporarily_unavailable": Reason.PROVIDER_DOWN,
    "unmet_authentication_requirements": Reason.LEVEL_TOO_LOW,
}


class RelyingParty:
    """The portal as a client of one identity provider."""

    def __init__(
        self,
        config: RelyingPartyConfig,
        provider: Provider,
        client: Client,
        *,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self.config = config
        self.provider = provider
        self.client = client
        self._now = now

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Our public keys, as ``/.well-known/jwks.json`` answers them."""
        return jwks(self.client.key)

    async def begin(
        self,
        *,
        minimum_level: int | None = None,
        prompt: str | None = None,
        max_age: int | None = None,
        means: str | None = None,
    ) -> Authorization:
        """Start a sign-in at ``minimum_level`` (never below the configured one).

        ``means`` is a wish, a key of levels.MEANS; ``max_age`` (seconds) and ``prompt`` ask for a
        fresh proof. Raises SignInRefused when the provider cannot be found, ValueError for an
        unknown means.
        """
        if means is not None and means not in MEANS:
            raise ValueError("an unknown means of sign-in")
        minimum = max(minimum_level or 0, self.config.minimum_level)
        metadata = await self.provider.metadata()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        parameters = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.config.redirect_uri,
            "scope": self.config.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            "acr_values": acr_value(max(minimum, MEANS.get(means or "", 0))),
            "ui_locales": self.config.language,
        }
        if prompt is not None:
            parameters["prompt"] = prompt
        if max_age is not None:
            parameters["max_age"] = str(max_age)
        url = _with_parameters(metadata.authorization_endpoint, parameters)
        return Authorization(url, state, nonce, verifier, self._now(), minimum, max_age)

    async def complete(
        self, parameters: Mapping[str, str], transaction: Transaction | None
    ) -> Identity:
        """Who came back, from the query of the return and what was stored at the start.

        ``transaction`` is None when nothing is known of a start. Raises SignInRefused, and
        nothing else, whatever the visitor or the provider sends.
        """
        started = self._checked_start(parameters, transaction)
        metadata = await self.provider.metadata()
        tokens = await self._redeem(metadata, _code(parameters, metadata), started)
        id_token, stated = await self._open(tokens.id_token)
        proof = check.check_id_token(
            stated,
            check.Expected(
                issuer=self.provider.issuer,
                client_id=self.client.client_id,
                nonce=started.nonce,
                access_token=tokens.access_token,
                minimum_level=started.minimum_level,
                max_age=started.max_age,
                started=started.created_at,
                moment=self._now(),
            ),
        )
        sources = [await self._userinfo(metadata, tokens.access_token, proof.subject), stated]
        return self._identity(proof, sources, id_token)

    async def sign_out_url(
        self,
        *,
        id_token_hint: str | None,
        post_logout_redirect_uri: str,
        state: str | None = None,
    ) -> str | None:
        """Where to end the session at the provider too (RP-Initiated Logout 1.0).

        None when the provider offers no such address or is down: signing out here must not
        wait for it.
        """
        try:
            endpoint = (await self.provider.metadata()).end_session_endpoint
        except SignInRefused:
            return None
        if endpoint is None:
            return None
        parameters = {
            "client_id": self.client.client_id,
            "post_logout_redirect_uri": post_logout_redirect_uri,
            "ui_locales": self.config.language,
        }
        if id_token_hint:
            parameters["id_token_hint"] = id_token_hint
        if state is not None:
            parameters["state"] = state
        return _with_parameters(endpoint, parameters)

    def _checked_start(
        self, parameters: Mapping[str, str], transaction: Transaction | None
    ) -> Transaction:
        """The transaction, when this return belongs to it. Raises SignInRefused."""
        if transaction is None:
            raise SignInRefused(Reason.NO_TRANSACTION)
        if not check.same(state_hash(parameters.get("state", "")), transaction.state_hash):
            raise SignInRefused(Reason.STATE_MISMATCH)
        if transaction.used:
            raise SignInRefused(Reason.REPLAYED)
        age = self._now() - transaction.created_at
        if not timedelta(seconds=-check.LEEWAY) <= age <= LIFETIME:
            raise SignInRefused(Reason.EXPIRED)
        return transaction

    async def _redeem(self, metadata: Metadata, code: str, started: Transaction) -> exchange.Tokens:
        """The tokens for a code, asked for as ourselves. Raises SignInRefused."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.config.redirect_uri,
            "code_verifier": started.code_verifier,
            **self.client.form(metadata.token_endpoint, self._now()),
        }
        return await exchange.redeem(
            self.provider.transport, metadata.token_endpoint, form, self.client.headers()
        )

    async def _open(self, token: str) -> tuple[str, dict[str, object]]:
        """A token decrypted when need be, its signature checked: the JWS and its claims."""
        signed = jose.decrypt(token, self.client.key) if jose.is_encrypted(token) else token
        algorithm = self.config.algorithm
        try:
            return signed, jose.verify(signed, await self.provider.keys(), algorithm=algorithm)
        except SignInRefused as refusal:
            if refusal.reason is not Reason.UNKNOWN_KEY:
                raise
        newer = await self.provider.newer_keys()  # the provider may have changed its keys
        return signed, jose.verify(signed, newer, algorithm=algorithm)

    async def _userinfo(
        self, metadata: Metadata, access_token: str, subject: str
    ) -> Mapping[str, object]:
        """The UserInfo claims, checked; none when the provider has no such endpoint."""
        endpoint = metadata.userinfo_endpoint
        if endpoint is None:
            return {}
        answer = await exchange.userinfo(self.provider.transport, endpoint, access_token)
        stated: Mapping[str, object]
        if answer.media_type == "application/jwt":
            # What is no ASCII is no token either: the question marks fail its shape
            token = answer.body.decode("ascii", "replace").strip()
            _, stated = await self._open(token)
            check.check_userinfo_token(
                stated, self.provider.issuer, self.client.client_id, self._now()
            )
        else:
            stated = exchange.userinfo_object(answer)
        check.check_userinfo(stated, subject)
        return stated

    def _identity(self, proof: check.Proof, sources: list[check.Claims], id_token: str) -> Identity:
        return Identity(
            issuer=self.provider.issuer,
            subject=proof.subject,
            number=check.number_of(sources, self.config.number_claim),
            given_name=check.name_of(sources, "givenName", "given_name"),
            family_name=check.name_of(sources, "surname", "family_name"),
            email=check.email_of(sources),
            language=check.language_of(sources),
            level=proof.level,
            means=proof.means,
            auth_time=proof.auth_time,
            id_token=id_token,
            session_id=proof.session_id,
        )


def _challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _code(parameters: Mapping[str, str], metadata: Metadata) -> str:
    """The code of a good return. Raises SignInRefused for an error or a foreign answer."""
    issuer = parameters.get("iss")
    if issuer is None and metadata.names_itself_in_answers:
        raise SignInRefused(Reason.WRONG_ISSUER, "the answer does not name its issuer")
    if issuer is not None and issuer != metadata.issuer:
        raise SignInRefused(Reason.WRONG_ISSUER, "the answer names another issuer")
    if "error" in parameters:
        raise SignInRefused(_ERRORS.get(parameters["error"], Reason.PROVIDER_ERROR))
    code = parameters.get("code", "")
    if not 0 < len(code) <= _LONGEST_CODE or not code.isascii() or not code.isprintable():
        raise SignInRefused(Reason.BAD_RESPONSE)
    return code


def _with_parameters(endpoint: str, parameters: Mapping[str, str]) -> str:
    """An endpoint with a query added; a query that it already has stays."""
    parts = urlsplit(endpoint)
    query = "&".join(filter(None, [parts.query, urlencode(parameters)]))
    return urlunsplit(parts._replace(query=query))


__all__ = [
    "LIFETIME",
    "RETURN_PATH",
    "Authorization",
    "Identity",
    "RelyingParty",
    "RelyingPartyConfig",
    "Transaction",
    "state_hash",
]
