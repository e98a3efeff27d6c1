"""Headers that every answer carries, and the refusal of requests that another site makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from quart import Quart, Response, request
from quart.sessions import SessionInterface
from quart.wrappers import BaseRequestWebsocket

from app.web.errors import Problem

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
HSTS = "max-age=63072000; includeSubDomains"  # preloading is the operator's to decide

_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def content_security_policy(sign_out_origin: str) -> str:
    """What a page of ours may load: its own files and nothing else, no inline script or style.

    The one other origin is the identity provider's, which a sign-out form is redirected to
    (browsers check ``form-action`` on redirects as well).
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            f"form-action 'self' {sign_out_origin}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as browsers write an origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class NoSession(SessionInterface):
    """Quart's own session is not used, so its cookie is neither read nor written."""

    async def open_session(self, app: Quart, request: BaseRequestWebsocket) -> None:
        """Out: nothing, for which Quart puts a session that cannot be written to."""


def install(app: Quart, *, base_url: str, provider_url: str) -> None:
    """Put the headers on every answer and refuse unsafe requests from elsewhere."""
    own_origin = origin_of(base_url)
    policy = content_security_policy(origin_of(provider_url))
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": _PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",  # unless the answer itself says better
    }
    if own_origin.startswith("https://"):
        headers["Strict-Transport-Security"] = HSTS
    app.session_interface = NoSession()  # type: ignore[assignment]

    @app.before_request
    async def refuse_other_sites() -> None:
        if not (_may_come_from_anywhere(app) or is_same_origin(own_origin)):
            raise Problem.cross_site()

    @app.after_request
    async def add_headers(response: Response) -> Response:
        given = {name.lower() for name, _ in response.headers}  # setdefault seeks each anew
        for name, value in headers.items():
            if name.lower() not in given:
                response.headers.add(name, value)
        if response.mimetype == "application/pdf":  # shown inside our own letter page
            response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


def from_anywhere(view: View) -> View:
    """Let other sites and programs make unsafe requests to this view.

    Only for what needs no cookie and says in the request itself who asks, as a signed link does
    (RFC 8058: a mail program posts for its reader). A test lists every view that has it.
    """
    view.from_anywhere = True  # type: ignore[attr-defined]
    return view


def comes_from_anywhere(app: Quart, endpoint: str) -> bool:
    """Whether a view was marked so."""
    return getattr(app.view_functions.get(endpoint), "from_anywhere", False)


def _may_come_from_anywhere(app: Quart) -> bool:
    return request.endpoint is not None and comes_from_anywhere(app, request.endpoint)


def is_same_origin(own_origin: str) -> bool:
    """Whether the request may change something: it was made by a page of ours.

    ``Sec-Fetch-Site`` says so in today's browsers; else ``Origin`` must be ours. A program
    without either (the back office, curl) carries no cookie of a victim, unless it sends one:
    then it is refused too.
    """
    if request.method in SAFE_METHODS:
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == own_origin
    return not request.cookies
