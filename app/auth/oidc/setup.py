"""From the settings to a relying party: the one place in this room that knows them."""

from __future__ import annotations

import aiohttp

from app.auth.oidc.client import Client
from app.auth.oidc.keys import ClientKey, ClientKeyError
from app.auth.oidc.provider import Provider
from app.auth.oidc.relying_party import RETURN_PATH, RelyingParty, RelyingPartyConfig
from app.auth.oidc.transport import HttpTransport
from app.settings import Settings


def load_client_key(settings: Settings) -> ClientKey | None:
    """Our key at the provider, None when none is configured. Raises ClientKeyError."""
    if settings.oidc_client_key is None:
        return None
    try:
        return ClientKey.from_pem(settings.oidc_client_key.read_bytes())
    except OSError:
        raise ClientKeyError("cannot be read") from None


def make_relying_party(settings: Settings, session: aiohttp.ClientSession) -> RelyingParty:
    """The relying party of this portal; ``session`` is best one of transport.http_session().

    Raises ClientKeyError. Asks nothing of the provider yet, so the portal starts without it.
    """
    return RelyingParty(
        RelyingPartyConfig(
            redirect_uri=settings.base_url + RETURN_PATH,
            scopes=settings.oidc_scopes,
            number_claim=settings.oidc_number_claim,
            minimum_level=settings.oidc_min_level,
            algorithm=settings.oidc_id_token_alg,
        ),
        Provider(settings.oidc_issuer, HttpTransport(session)),
        Client(
            client_id=settings.oidc_client_id,
            auth=settings.oidc_client_auth,
            key=load_client_key(settings),
            secret=settings.oidc_client_secret,
        ),
    )
