"""The addresses that links in e-mails lead to: proving an address, and unsubscribing."""

from __future__ import annotations

from datetime import timedelta

import structlog
from quart import Blueprint, Response, current_app, request
from quart_rate_limiter import rate_limit

from app.auth.access import public, registered, viewer
from app.clock import now
from app.mail.addresses import masked
from app.mail.links import BadLink, ExpiredLink
from app.notifications import addresses
from app.notifications.addresses import CONFIRM_ADDRESS, UNSUBSCRIBE_ADDRESS, PostRoom
from app.notifications.views import KINDS, noticed
from app.web.i18n import gettext
from app.web.page import page, see_other
from app.web.security import from_anywhere

log = structlog.get_logger()
blueprint = Blueprint("addresses", __name__)


def _room() -> PostRoom:
    room: PostRoom = current_app.extensions["post_room"]
    return room


def _code() -> str:
    return request.args.get("code", "")


@blueprint.post("/meldingen/bevestigingen")
@registered
@rate_limit(10, timedelta(minutes=1))
async def ask() -> Response:
    """Send the link that proves your address once more."""
    sent = await addresses.ask_confirmation(viewer().account_id, _room(), now())
    return noticed(f"mail-{sent.value}")


@blueprint.get(CONFIRM_ADDRESS)
@public()
@rate_limit(60, timedelta(minutes=1))
async def confirmation() -> Response:
    """The page behind the link: a button. Mail scanners open links, so a GET proves nothing."""
    if "gelukt" in request.args:
        return await page("alerts/confirmed.html")
    try:
        address = await addresses.may_confirm(_room(), _code(), now())
    except BadLink as bad:
        return await _no_such_link(bad)
    return await page("alerts/confirm.html", address=masked(address), code=_code())


@blueprint.post(CONFIRM_ADDRESS)
@public()
@rate_limit(30, timedelta(minutes=1))
async def confirm() -> Response:
    """Take the address for proven."""
    try:
        await addresses.confirm(_room(), _code(), now())
    except BadLink as bad:
        return await _no_such_link(bad)
    log.info("address_confirmed")
    return see_other(f"{CONFIRM_ADDRESS}?gelukt")


@blueprint.get(UNSUBSCRIBE_ADDRESS)
@public(knows_viewer=False)
@rate_limit(60, timedelta(minutes=1))
async def unsubscription() -> Response:
    """The page behind «geen e-mails meer»: a button."""
    try:
        _account, kinds = addresses.read_unsubscribe(_room().keys, _code())
    except BadLink as bad:
        return await _no_such_link(bad)
    done = "gelukt" in request.args
    return await page(
        "alerts/unsubscribe.html",
        kinds=[gettext(KINDS[kind][0]).lower() for kind in kinds],
        code=_code(),
        done=done,
    )


@blueprint.post(UNSUBSCRIBE_ADDRESS)
@public(knows_viewer=False)
@from_anywhere
@rate_limit(60, timedelta(minutes=1))
async def unsubscribe() -> Response:
    """Switch the e-mail off, for a person or for their mail program (RFC 8058, one click)."""
    try:
        account_id, kinds = addresses.read_unsubscribe(_room().keys, _code())
    except BadLink as bad:
        return await _no_such_link(bad)
    await addresses.unsubscribe(account_id, kinds)
    log.info("unsubscribed", kinds=len(kinds))
    if (await request.form).get("List-Unsubscribe") == "One-Click":
        return Response("", 200, content_type="text/plain; charset=utf-8")
    return see_other(f"{request.full_path.rstrip('?')}&gelukt")


async def _no_such_link(bad: BadLink) -> Response:
    return await page("alerts/bad_link.html", status=410, expired=isinstance(bad, ExpiredLink))
