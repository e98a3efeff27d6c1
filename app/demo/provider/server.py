"""Puts the provider together as a Quart app of its own."""

from __future__ import annotations

from pathlib import Path

from quart import Quart, Response
from werkzeug.exceptions import HTTPException

from app.demo.provider import demo_pages, protocol, signing_in, signing_out
from app.demo.provider.browser import EXTENSION, page, secure
from app.demo.provider.config import ProviderConfig
from app.demo.provider.provider import Provider

ROOT = Path(__file__).resolve().parents[3]
LARGEST_FORM = 64 * 1024


def create_provider(config: ProviderConfig) -> Quart:
    """The demo identity provider as an ASGI app, to be served at ``config.issuer``.

    Raises ValueError when the configured key is not an RSA key, OSError when it cannot be read.
    """
    app = Quart(
        "demo_provider",
        root_path=str(ROOT),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static" / "demo"),
        static_url_path="/static",
    )
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    app.extensions[EXTENSION] = Provider(config)
    for blueprint in (protocol, signing_in, signing_out, demo_pages):
        app.register_blueprint(blueprint.blueprint)
    app.after_request(secure)
    app.register_error_handler(HTTPException, _http_error)
    return app


async def _http_error(error: HTTPException) -> Response:
    """Show our own page for not found, wrong method, too large and our own faults."""
    if error.code == 404:
        title, text = "Deze pagina bestaat niet", "Kijk of het adres klopt, of ga terug."
    else:
        title, text = "Dat ging niet", "Ga terug en probeer het opnieuw."
    return await page("error", error.code or 500, title=title, text=text)
