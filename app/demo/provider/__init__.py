"""The demo's identity provider: an app of its own that plays the federal authentication service.

It stands for another organisation: it shares nothing with the portal but the list of demo people,
listens at an address of its own, and speaks to the portal in OpenID Connect alone. The portal
never imports it; ``kinderbijslag demo`` serves it beside the portal::

    config = ProviderConfig(
        issuer="http://127.0.0.1:8001",
        clients=(
            Client(
                client_id="mijn-kinderbijslag",
                redirect_uris=("http://localhost:8000/aanmelden/terug",),
                post_logout_redirect_uris=("http://localhost:8000/",),
                jwks_url="http://localhost:8000/.well-known/jwks.json",
            ),
        ),
    )
    app = create_provider(config)
"""

from app.demo.provider.config import Client, ProviderConfig
from app.demo.provider.server import create_provider

__all__ = ["Client", "ProviderConfig", "create_provider"]
