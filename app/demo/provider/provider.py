"""The provider without HTTP: it keeps the state and knows the rules of the protocol."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.demo.people import DemoPerson
from app.demo.provider.cards import Cards
from app.demo.provider.claims import claims_for, subject
from app.demo.provider.clients import ClientCheck, ClientKeys
from app.demo.provider.codecards import CodeCards
from app.demo.provider.config import Client, ProviderConfig
from app.demo.provider.errors import OAuthError, PageError
from app.demo.provider.grants import ACCESS_LIFE, Grant, Grants
from app.demo.provider.means import Means
from app.demo.provider.requests import AuthorizationRequest, Params, once, with_query
from app.demo.provider.sessions import Pending, Session, Sessions
from app.demo.provider.tokens import SigningKey, TokenError, encrypt, half_hash

ID_TOKEN_LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class LogoutRequest:
    """A checked request to sign out: where to go then, and which session it proves to know."""

    target: str | None
    sid: str | None


class Provider:
    """One running provider."""

    def __init__(self, config: ProviderConfig) -> None:
        """Start with nobody signed in and no card blocked. Raises ValueError for a bad key."""
        self.config = config
        self.key = SigningKey.load(config.key)
        self.cards = Cards(config.people)
        self.codecards = CodeCards(config.people, config.clock)
        self.sessions = Sessions(config.clock)
        self.pending = Pending(config.clock)
        self.grants = Grants(config.clock)
        self.client_keys = ClientKeys(config)
        self.client_check = ClientCheck(config, self.client_keys)

    # Signing in

    def may_reuse(self, request: AuthorizationRequest, session: Session | None) -> bool:
        """Whether an earlier sign-in is good enough: strong, fresh and of the right person."""
        if session is None or request.afresh or session.means.level < request.level:
            return False
        age = (self.config.clock() - session.auth_time).total_seconds()
        if request.max_age is not None and age > request.max_age:
            return False
        return request.id_token_hint is None or self._hinted(request) == subject(session.person)

    def sign_in(
        self, person: DemoPerson, means: Means, before: Session | None
    ) -> tuple[str, Session]:
        """Begin a session in place of the browser's earlier one; gives the new cookie value."""
        if before:
            self.end(before.sid)
        return self.sessions.begin(person, means)

    def accept(self, request: AuthorizationRequest, session: Session) -> str:
        """The address that carries a code back to the client."""
        code = self.grants.issue(Grant(request, session))
        return self._answer(request.redirect_uri, request.state, code=code)

    def refuse(self, redirect_uri: str, state: str | None, error: OAuthError) -> str:
        """The address that carries an error back to the client."""
        return self._answer(
            redirect_uri, state, error=error.code, error_description=error.description
        )

    def _answer(self, redirect_uri: str, state: str | None, **values: str) -> str:
        return with_query(redirect_uri, {**values, "state": state, "iss": self.config.issuer})

    def _hinted(self, request: AuthorizationRequest) -> object:
        try:
            return self.key.read_own(request.id_token_hint or "").get("sub")
        except TokenError:
            return None

    # Tokens

    async def exchange(self, form: Params, authorization: str | None) -> dict[str, Any]:
        """What the token endpoint answers. Raises OAuthError."""
        client = await self.client_check.authenticate(form, authorization)
        grant_type = once(form, "grant_type")
        if grant_type is None:
            raise OAuthError("invalid_request", "grant_type is missing")
        if grant_type != "authorization_code":
            raise OAuthError("unsupported_grant_type", "only authorization_code")
        grant, access_token = self.grants.redeem(
            once(form, "code") or "",
            client.client_id,
            once(form, "redirect_uri"),
            once(form, "code_verifier"),
        )
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "scope": " ".join(grant.request.scopes),
            "id_token": self.id_token(grant, access_token),
        }

    def id_token(self, grant: Grant, access_token: str) -> str:
        """The signed statement of who signed in, when and how."""
        session, request = grant.session, grant.request
        now = int(self.config.clock().timestamp())
        claims = {
            "iss": self.config.issuer,
            "sub": subject(session.person),
            "aud": request.client.client_id,
            "iat": now,
            "exp": now + int(ID_TOKEN_LIFE.total_seconds()),
            "auth_time": int(session.auth_time.timestamp()),
            "acr": session.means.acr,
            "amr": list(session.means.amr),
            "sid": session.sid,
            "at_hash": half_hash(access_token),
        }
        if request.nonce is not None:
            claims["nonce"] = request.nonce
        return self.key.sign(claims)

    async def userinfo(self, access_token: str | None) -> dict[str, Any] | str:
        """What the token's holder may know: a dict, or a signed (and encrypted) token.

        Raises OAuthError ``invalid_token`` (401), or ``server_error`` when the client has no key
        to encrypt for.
        """
        grant = self.grants.of(access_token)
        if grant is None:
            raise OAuthError("invalid_token", "the access token is not valid", status=401)
        claims = claims_for(grant.session.person, grant.request.scopes)
        if self.config.userinfo == "plain":
            return claims
        client = grant.request.client
        now = int(self.config.clock().timestamp())
        envelope = {"iss": self.config.issuer, "aud": client.client_id, "iat": now}
        signed = self.key.sign({**claims, **envelope})
        if self.config.userinfo == "signed":
            return signed
        try:
            return encrypt(signed, await self.client_keys.of(client))
        except TokenError as error:
            raise OAuthError("server_error", str(error), status=500) from error

    # Signing out

    def end(self, sid: str) -> None:
        """End a session and all that came from it."""
        self.sessions.end(sid)
        self.grants.end(sid)

    def read_logout(self, params: Params) -> LogoutRequest:
        """Check a request to sign out (OpenID Connect RP-Initiated Logout 1.0).

        Raises PageError when the client or its address is not known, or the hint is not ours.
        """
        try:
            hint, client_id = once(params, "id_token_hint"), once(params, "client_id")
            uri, state = once(params, "post_logout_redirect_uri"), once(params, "state")
            claims = self.key.read_own(hint) if hint else {}
        except (OAuthError, TokenError) as error:
            raise _bad_logout() from error
        audience = claims.get("aud", client_id)
        if client_id is not None and client_id != audience:
            raise _bad_logout()
        client = self.config.client(str(audience)) if audience else None
        if (audience and client is None) or (uri and not _may_return(client, uri)):
            raise _bad_logout()
        target = with_query(uri, {"state": state}) if uri else None
        return LogoutRequest(target, claims.get("sid"))


def _may_return(client: Client | None, uri: str) -> bool:
    return client is not None and uri in client.post_logout_redirect_uris


def _bad_logout() -> PageError:
    return PageError(
        "Wij kunnen u zo niet afmelden",
        "De vraag om u af te melden klopt niet. Ga terug naar de website en meld u daar af. "
        "Op een computer die u deelt, sluit u daarna alle vensters van de browser.",
    )
