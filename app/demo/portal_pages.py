"""Pages that only a demo's portal has: the fund at work, and the mailbox of everybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from quart import Blueprint, Quart, Response, current_app, g, request

from app.auth import access
from app.auth.access import public
from app.clock import now
from app.demo import simulator
from app.mail.mailbox import MailboxMailer, bodies
from app.mail.message import House, MailWriter
from app.notifications.addresses import PostRoom
from app.portal import hold_post
from app.settings import Settings
from app.web.errors import Problem
from app.web.page import page, see_other

blueprint = Blueprint("demo", __name__)

# An e-mail brings its own style and nothing else; its links open in the whole window.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-top-navigation-by-user-activation allow-popups"
)
DONE = ("betaald", "geschreven")


def install(app: Quart, settings: Settings, mailer: MailboxMailer) -> None:
    """Add the demo's pages to a portal, and keep its e-mail in the mailbox they show."""
    app.extensions["mailbox"] = mailer
    hold_post(app, PostRoom(MailWriter(House.of(settings)), mailer))
    app.register_blueprint(blueprint)
    access.check(app)


def _mailbox() -> MailboxMailer:
    mailbox: MailboxMailer = current_app.extensions["mailbox"]
    return mailbox


@blueprint.get("/demo")
@public()
async def show() -> Response:
    """What the fund can be made to do."""
    viewer = g.viewer
    return await page(
        "demo/portal/index.html",
        families=await simulator.families(),
        chosen=viewer.dossier.number if viewer and viewer.dossier else "",
        done=next((name for name in DONE if name in request.args), ""),
    )


@blueprint.post("/demo/betalingen")
@public(knows_viewer=False)
async def pay() -> Response:
    """Pay a family now."""
    return await _simulate(simulator.pay, "betaald")


@blueprint.post("/demo/brieven")
@public(knows_viewer=False)
async def write() -> Response:
    """Send a family a letter now."""
    return await _simulate(simulator.write, "geschreven")


async def _simulate(
    act: Callable[[Settings, str, datetime], Awaitable[None]], done: str
) -> Response:
    number = (await request.form).get("dossier", "")
    try:
        await act(current_app.extensions["settings"], number, now())
    except simulator.UnknownFamily:
        raise Problem.not_found() from None
    return see_other(f"/demo?{done}")


@blueprint.get("/demo/post")
@public()
async def mails() -> Response:
    """Every e-mail that was sent, the newest first."""
    return await page("demo/portal/mails.html", mails=await _mailbox().mails())


@blueprint.get("/demo/post/<key>")
@public()
async def mail(key: str) -> Response:
    """One e-mail, as HTML and as plain text."""
    message = await _mailbox().read(key)
    if message is None:
        raise Problem.not_found()
    text, _html = bodies(message)
    return await page("demo/portal/mail.html", key=key, mail=message, text=text)


@blueprint.get("/demo/post/<key>/inhoud")
@public(knows_viewer=False)
async def content(key: str) -> Response:
    """The HTML of one e-mail, to be shown inside its page."""
    message = await _mailbox().read(key)
    if message is None:
        raise Problem.not_found()
    _text, html = bodies(message)
    headers = {
        "Content-Security-Policy": MAIL_POLICY,
        "X-Frame-Options": "SAMEORIGIN",
        "Cache-Control": "no-store",
    }
    shown = html.replace("<head>", '<head><base target="_top">', 1)
    return Response(shown, 200, headers, content_type="text/html; charset=utf-8")
