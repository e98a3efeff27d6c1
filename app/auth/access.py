"""Who may come in: every route declares it with one decorator, and none is open by forgetting.

``check`` runs when the application is made and fails on a route without a declaration;
``enforce`` runs before each request and lets nobody in that the declaration does not name.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlencode

from quart import Quart, Response, current_app, g, request
from quart_auth import AuthUser, QuartAuth, current_user

from app.auth import sessions
from app.auth.viewer import LIFETIME, OpenDossier, Viewer
from app.clock import now
from app.web.errors import Problem, wants_json
from app.web.i18n import use_language
from app.web.page import see_other

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """For whom a route is."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    REGISTERED = "registered"
    PARTY = "party"
    BACK_OFFICE = "back_office"


@dataclass(frozen=True)
class Access:
    """What a route declares. ``knows_viewer``: a public page that greets who is signed in."""

    audience: Audience
    knows_viewer: bool = False


class UndeclaredRouteError(Exception):
    """A route does not say for whom it is."""


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def public(*, knows_viewer: bool = True) -> Callable[[View], View]:
    """Everybody may see it. ``knows_viewer=False`` for files: they need no session looked up."""
    return _declare(Access(Audience.PUBLIC, knows_viewer))


signed_in = _declare(Access(Audience.SIGNED_IN, knows_viewer=True))
signed_in.__doc__ = "Whoever signed in, registered or not yet."

registered = _declare(Access(Audience.REGISTERED, knows_viewer=True))
registered.__doc__ = "Whoever has an online profile, with a dossier or without."

party = _declare(Access(Audience.PARTY, knows_viewer=True))
party.__doc__ = "A party of the dossier that is open."

back_office = _declare(Access(Audience.BACK_OFFICE))
back_office.__doc__ = "The fund's back office, with one of its keys as a bearer token."


def declare(app: Quart, endpoint: str, access: Callable[[View], View]) -> None:
    """Declare access for a view that was made in the web room, which knows no access."""
    view: Any = app.view_functions[endpoint]
    access(view)


def access_of(app: Quart, endpoint: str) -> Access:
    """What a route declared. Raises UndeclaredRouteError when it declared nothing."""
    access = getattr(app.view_functions[endpoint], "access", None)
    if not isinstance(access, Access):
        raise UndeclaredRouteError(f"{endpoint}: the route does not declare for whom it is")
    return access


def check(app: Quart) -> None:
    """Raise UndeclaredRouteError when any route of the application declares nothing.

    A web socket is refused altogether: ``enforce`` looks at requests only.
    """
    for rule in app.url_map.iter_rules():
        if rule.websocket:
            raise UndeclaredRouteError(f"{rule.endpoint}: nobody guards a web socket")
        access_of(app, rule.endpoint)


def install(app: Quart, *, secure: bool, keys: tuple[str, ...]) -> None:
    """Let quart-auth carry the session cookie and have each request checked."""
    cookie_name = "__Host-sessie" if secure else "sessie"
    app.extensions["session_cookie"] = cookie_name
    QuartAuth(
        app,
        cookie_name=cookie_name,
        cookie_secure=secure,
        cookie_http_only=True,
        cookie_samesite="Lax",
        duration=int(LIFETIME.total_seconds()),
        salt="mijn kinderbijslag: session",
    )
    app.extensions["back_office_keys"] = keys
    app.before_request(enforce)


async def enforce() -> Response | None:
    """Let the request in, send the person where they can get in, or raise a Problem."""
    if request.url_rule is None:
        g.viewer = await _find_viewer()
        return None  # an address that does not exist: 404 for everybody
    access = access_of(current_app, request.url_rule.endpoint)
    g.viewer = await _find_viewer() if access.knows_viewer else None
    if access.audience is Audience.PUBLIC:
        return None
    if access.audience is Audience.BACK_OFFICE:
        _check_key()
        return None
    return _let_in(access.audience, g.viewer)


async def _find_viewer() -> Viewer | None:
    """The person signed in, if any, with the pages in their language from here on."""
    token = current_user.auth_id
    if token is None:
        return None
    moment = now()
    viewer = await sessions.find_viewer(token, moment)
    if viewer is None:
        return None
    use_language(viewer.language)
    return await sessions.keep_alive(viewer, moment)


def _let_in(audience: Audience, viewer: Viewer | None) -> Response | None:
    """None when the viewer may come in; else where they should go first."""
    if viewer is None:
        return _elsewhere("/", Problem.unauthorized())
    if audience is Audience.SIGNED_IN:
        return None
    if not viewer.registered:
        return _elsewhere("/registreren", Problem.forbidden())
    if audience is Audience.PARTY and viewer.dossier is None:
        return _elsewhere("/overzicht", Problem.forbidden(), remember=False)
    return None


def _elsewhere(path: str, problem: Problem, *, remember: bool = True) -> Response:
    """Send a person who reads to ``path``, to come back after; tell a program or a write."""
    if request.method not in {"GET", "HEAD"} or wants_json():
        raise problem
    if not remember:
        return see_other(path)
    return see_other(f"{path}?{urlencode({'volgende': request.full_path.rstrip('?')})}")


def _check_key() -> None:
    """Raise a Problem unless the request carries a key of the back office."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    given = sha256(key.strip().encode()).hexdigest()
    known: tuple[str, ...] = current_app.extensions["back_office_keys"]
    matches = [hmac.compare_digest(given, one) for one in known]
    if scheme.lower() != "bearer" or not any(matches):
        raise Problem.unauthorized(scheme="Bearer")


def viewer() -> Viewer:
    """The person signed in, on a route that is not public."""
    found: Viewer = g.viewer
    return found


def open_dossier() -> OpenDossier:
    """The dossier that is open, on a route for its parties."""
    dossier = viewer().dossier
    if dossier is None:
        raise Problem.not_found()
    return dossier


__all__ = [
    "Access",
    "Audience",
    "AuthUser",
    "UndeclaredRouteError",
    "access_of",
    "back_office",
    "check",
    "declare",
    "install",
    "open_dossier",
    "party",
    "public",
    "registered",
    "signed_in",
    "viewer",
]
