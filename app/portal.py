"""Wires the portal: the only place that knows all rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import aiohttp
from quart import Quart, Response, current_app, g, jsonify
from quart_rate_limiter import RateLimiter

from app import clock, database
from app.auth import access, registering, signing_in
from app.auth.oidc.keys import ClientKeyError
from app.auth.oidc.setup import load_client_key, make_relying_party
from app.auth.oidc.transport import http_session
from app.backoffice import api
from app.documents.store import DocumentStore
from app.dossiers.service import given_names
from app.dossiers.words import ROLES
from app.help import views as help_views
from app.letters import views as letter_views
from app.letters.service import unread_count
from app.mail.message import House, MailWriter
from app.mail.smtp import SmtpMailer, smtp_server
from app.notifications import address_views, device_views
from app.notifications import views as alert_views
from app.notifications.addresses import PostRoom
from app.notifications.devices import person_mark
from app.notifications.push.vapid import KeyUnusable
from app.notifications.push_room import PushRoom
from app.overview import views as overview_views
from app.overview.incidents import IncidentBoard
from app.payments import views as payment_views
from app.settings import PREFIX, Settings, SettingsError
from app.web import errors, logs, security
from app.web import page as pages
from app.web.assets import Assets, static_blueprint
from app.web.health import health_blueprint
from app.web.limits import ForgetfulStore, key_of_visitor
from app.web.proxy import behind_proxies
from app.web.pwa import pwa_blueprint

LARGEST_REQUEST = 64 * 1024  # bytes, of a form; the back office's address allows itself more


def create_app(settings: Settings) -> Quart:
    """The portal, ready to be served; connects to the database when serving begins.

    Raises UndeclaredRouteError when a route does not say for whom it is, and SettingsError when
    the key of the client cannot be used.
    """
    _check_client_key(settings)
    app = Quart(__name__, static_folder=None, template_folder=None)
    app.secret_key = settings.secret_key
    app.config["SECRET_KEY_FALLBACKS"] = list(settings.secret_key_fallbacks)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.extensions["secure"] = settings.secure
    app.extensions["base_url"] = settings.base_url
    app.extensions["settings"] = settings
    app.extensions["documents"] = DocumentStore.in_folder(settings.documents_folder)
    assets = Assets()
    logs.install(app)
    errors.install(app)
    security.install(app, base_url=settings.base_url, provider_url=settings.oidc_issuer)
    _open_alerts(app, settings)
    access.install(app, secure=settings.secure, keys=settings.back_office_keys)
    pages.install(app, _pages(settings, assets, app.extensions["push_room"].key))
    RateLimiter(
        app,
        enabled=settings.rate_limits == "on",
        key_function=key_of_visitor,
        store=ForgetfulStore(),
    )
    _add_routes(app, assets, settings)
    access.check(app)
    _connect_while_serving(app, settings)
    behind_proxies(app, settings.proxy_hops, secure=settings.secure)
    return app


def _check_client_key(settings: Settings) -> None:
    try:
        load_client_key(settings)
    except ClientKeyError as error:
        raise SettingsError(f"{PREFIX}OIDC_CLIENT_KEY: {error}") from None


def _open_alerts(app: Quart, settings: Settings) -> None:
    """What writes to parents from within a request: a proof of their address, a trial message."""
    server = smtp_server(settings)
    mailer = SmtpMailer(server) if server else None
    hold_post(app, PostRoom(MailWriter(House.of(settings)), mailer))
    try:
        app.extensions["push_room"] = PushRoom.of(settings)
    except (KeyUnusable, OSError) as error:
        raise SettingsError(f"{PREFIX}PUSH_KEYS: {error}") from None


def hold_post(app: Quart, room: PostRoom) -> None:
    """Let an application write e-mail by this room; the demo has one of its own."""
    app.extensions["post_room"] = room
    app.extensions["address_watcher"] = room


def _pages(settings: Settings, assets: Assets, push_key: str) -> pages.Pages:
    made = pages.Pages(asset=assets.url, fund=settings.fund, role_words=ROLES, push_key=push_key)
    board = IncidentBoard()

    async def around() -> dict[str, Any]:
        return await _around(board, clock.now())

    made.add(around)
    return made


async def _around(board: IncidentBoard, now: datetime) -> dict[str, Any]:
    """What stands around the content of every page: banner, unread letters, session, dossiers."""
    viewer = g.get("viewer")
    context: dict[str, Any] = {
        "unread": 0,
        "session_seconds": 0,
        "incident": "",
        "children_of": {},
        "person": "",
    }
    if database.is_connected():
        context["incident"] = await board.text(now)
    if viewer is not None:
        context["session_seconds"] = int((viewer.ends_at - now).total_seconds())
        if viewer.registered:
            context["person"] = person_mark(str(current_app.secret_key), viewer.account_id)
        if viewer.dossier is not None and viewer.registered:
            context["unread"] = await unread_count(viewer)
            if len(viewer.dossiers) > 1:
                context["children_of"] = await given_names(viewer.dossier_ids())
    return context


def _add_routes(app: Quart, assets: Assets, settings: Settings) -> None:
    for blueprint in (
        signing_in.blueprint,
        registering.blueprint,
        overview_views.blueprint,
        payment_views.blueprint,
        letter_views.blueprint,
        alert_views.blueprint,
        device_views.blueprint,
        address_views.blueprint,
        help_views.blueprint,
        api.blueprint,
        static_blueprint(assets),
        pwa_blueprint(assets, settings.fund_name, settings.app_name),
        health_blueprint({"database": database.is_ready}),
    ):
        app.register_blueprint(blueprint)

    @app.get("/.well-known/jwks.json")
    @access.public(knows_viewer=False)
    async def jwks() -> Response:
        response: Response = jsonify(app.extensions["relying_party"].jwks())
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    for endpoint in app.view_functions:
        if endpoint.startswith(("static_files.", "pwa.", "health.")):
            access.declare(app, endpoint, access.public(knows_viewer=False))


def _connect_while_serving(app: Quart, settings: Settings) -> None:
    session: aiohttp.ClientSession | None = None

    @app.before_serving
    async def open_all() -> None:
        nonlocal session
        await database.connect(settings.database_url)
        session = http_session()
        app.extensions["relying_party"] = make_relying_party(settings, session)
        app.extensions["push_room"].open(settings)

    @app.after_serving
    async def close_all() -> None:
        if session is not None:
            await session.close()
        await app.extensions["push_room"].close()
        mailer = app.extensions["post_room"].mailer
        if mailer is not None:
            await mailer.close()
        await database.disconnect()
