"""What every page has in common: the provider at hand, cookies, headers, same-origin writes."""

from __future__ import annotations

from collections.abc import Iterable
from secrets import token_urlsafe
from typing import cast

from quart import Response, current_app, g, make_response, redirect, render_template, request

from app.demo.provider.config import origin
from app.demo.provider.errors import PageError
from app.demo.provider.provider import Provider
from app.demo.provider.sessions import Session

EXTENSION = "demo_provider"
SESSION_COOKIE = "fas_session"
BROWSER_COOKIE = "fas_browser"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not «no-referrer»: with it a browser hides its Origin from our own forms too.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def provider() -> Provider:
    """The provider that this app was made for."""
    return cast(Provider, current_app.extensions[EXTENSION])


async def page(template: str, /, status: int = 200, **context: object) -> Response:
    """A whole page from ``templates/demo/provider``; never kept by the browser."""
    html = await render_template(f"demo/provider/{template}.html", **context)
    response = cast(Response, await make_response(html, status))
    response.headers["Cache-Control"] = "no-store"
    return response


def see_other(url: str) -> Response:
    """Send the browser on with 303, so that a POST is not repeated there."""
    response = cast(Response, redirect(url, 303))
    response.headers["Cache-Control"] = "no-store"
    return response


def allow_forms_to(origins: Iterable[str]) -> None:
    """Let forms of this answer end at these websites.

    ``form-action`` also judges where a posted form is redirected to, and ours lead back to the
    client.
    """
    g.form_targets = tuple(origins)


async def secure(response: Response) -> Response:
    """Add the security headers to an answer."""
    response.headers.update(HEADERS)
    targets = " ".join(("'self'", *g.get("form_targets", ())))
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {targets}"
    )
    return response


def refuse_other_origins() -> None:
    """Refuse a form that was not sent from one of our own pages.

    Raises PageError (403). Browsers send ``Sec-Fetch-Site``; older ones at least ``Origin``.
    """
    site = request.headers.get("Sec-Fetch-Site")
    own = site == "same-origin" if site else request.headers.get("Origin") in _own_origins()
    if not own:
        raise PageError(
            "Dit formulier kwam niet van ons",
            "Een andere website probeerde iets in uw naam te versturen. Er is niets gebeurd.",
            status=403,
        )


def _own_origins() -> set[str]:
    return {origin(provider().config.issuer)}


def current_session() -> Session | None:
    """The session of this browser, if it is signed in."""
    return provider().sessions.of(request.cookies.get(SESSION_COOKIE))


def this_browser() -> str | None:
    """The random name that this browser got from us."""
    return request.cookies.get(BROWSER_COOKIE)


def new_browser() -> str:
    """The name of this browser, or a fresh one to be set with ``remember_browser``."""
    return this_browser() or token_urlsafe(32)


def remember_browser(response: Response, name: str) -> Response:
    """Set the cookie that sign-ins under way are bound to."""
    return _set_cookie(response, BROWSER_COOKIE, name)


def remember_session(response: Response, value: str) -> Response:
    """Set the cookie of a session, until the browser closes."""
    return _set_cookie(response, SESSION_COOKIE, value)


def forget_session(response: Response) -> Response:
    """Take the cookie of a session away."""
    response.delete_cookie(SESSION_COOKIE)
    return response


def _set_cookie(response: Response, name: str, value: str) -> Response:
    response.set_cookie(
        name, value, httponly=True, samesite="Lax", secure=provider().config.secure, path="/"
    )
    return response
