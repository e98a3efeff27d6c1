"""The provider's description of itself (OpenID Connect Discovery 1.0)."""

from __future__ import annotations

from typing import Any

from app.demo.provider.config import ProviderConfig
from app.demo.provider.means import MEANS
from app.demo.provider.requests import PROMPTS, SCOPES

CLAIMS = [
    *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"),
    *("surname", "givenName", "mail", "prefLanguage", "egovNRN", "fedid"),
    *("name", "family_name", "given_name", "locale", "email", "email_verified"),
]


def discovery(config: ProviderConfig) -> dict[str, Any]:
    """The document at ``/.well-known/openid-configuration``."""
    base = f"{config.issuer}/fas/oauth2"
    return {
        "issuer": config.issuer,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": config.token_endpoint,
        "userinfo_endpoint": f"{base}/userinfo",
        "jwks_uri": f"{base}/connect/jwk_uri",
        "end_session_endpoint": f"{base}/connect/endSession",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "scopes_supported": list(SCOPES),
        "claims_supported": CLAIMS,
        "acr_values_supported": [means.acr for means in MEANS],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256", "ES256"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": ["nl"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        **_userinfo(config),
    }


def _userinfo(config: ProviderConfig) -> dict[str, list[str]]:
    found = {}
    if config.userinfo != "plain":
        found["userinfo_signing_alg_values_supported"] = ["RS256"]
    if config.userinfo == "encrypted":
        found["userinfo_encryption_alg_values_supported"] = ["RSA-OAEP-256"]
        found["userinfo_encryption_enc_values_supported"] = ["A256GCM"]
    return found
