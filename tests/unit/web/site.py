"""The web floor alone, without any room above it: a site with a few pages that go wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from quart import Quart, Response, request
from quart_rate_limiter import RateLimiter, rate_limit

from app.settings import Fund
from app.web import errors, logs, security
from app.web import page as pages

MARK = "85.04.12-214.53"  # what must never be seen in a log or on an error page
OWN = "https://portaal.example.be"
FUND = Fund("Proeffonds", "", "", "", "", "token")


class Boom(Exception):
    """Something that nobody foresaw."""


def make_site(*, base_url: str = OWN, limits: bool = False) -> Quart:
    """A site whose addresses answer a page, a text, a PDF, or fail."""
    site = Quart(__name__, static_folder=None, template_folder=None)
    site.config["MAX_CONTENT_LENGTH"] = 100
    logs.install(site)
    errors.install(site)
    security.install(site, base_url=base_url, provider_url="https://aanmelden.example.be/sso/x")
    shared = pages.Pages(asset=lambda name: f"/static/{name}", fund=FUND, role_words={})
    shared.add(_around)
    pages.install(site, shared)
    RateLimiter(site, enabled=limits)
    _add_routes(site)
    return site


async def _around() -> dict[str, Any]:
    return {"unread": 0, "session_seconds": 0, "incident": "", "viewer": None}


def _add_routes(site: Quart) -> None:
    @site.route("/", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def index() -> Response:
        return Response("gedaan")

    @site.get("/pagina")
    async def page() -> Response:
        return await pages.page("web/offline.html")

    @site.get("/brief.pdf")
    async def letter() -> Response:
        return pages.pdf(b"%PDF-1.7", "brief.pdf", download="download" in request.args)

    @site.get("/stuk/<path:text>")
    async def broken(text: str) -> Response:
        raise Boom(f"{MARK} {text}")

    @site.get("/api/stuk")
    async def broken_for_programs() -> Response:
        raise Boom(MARK)

    @site.post("/formulier")
    async def form() -> Response:
        return Response(str(len(await request.form)))

    @site.get("/druk")
    @rate_limit(2, timedelta(minutes=1))
    async def busy() -> Response:
        return Response("ok")
