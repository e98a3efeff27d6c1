"""The addresses of devices: a browser subscribes, is tried out, and goes."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import structlog
from quart import Blueprint, Response, current_app, request
from quart_rate_limiter import rate_limit

from app.auth.access import public, registered, viewer
from app.auth.device import device_name
from app.clock import now
from app.notifications import devices
from app.notifications.inputs import (
    NewSubscription,
    NotASubscription,
    read_renewal,
    read_subscription,
)
from app.notifications.push.outcomes import Result
from app.notifications.push_room import LOST, PushRoom
from app.notifications.views import noticed
from app.web.errors import Problem

log = structlog.get_logger()
blueprint = Blueprint("devices", __name__)

DEVICE = "/meldingen/toestellen/<int(max=2147483647):device_id>"


def _room() -> PushRoom:
    room: PushRoom = current_app.extensions["push_room"]
    return room


@blueprint.get("/meldingen/sleutel")
@public(knows_viewer=False)
async def key() -> Response:
    """The key that a browser subscribes with, for a service worker that must do so again."""
    body = msgspec.json.encode({"key": _room().key})
    return Response(body, 200, {"Cache-Control": "no-store"}, content_type="application/json")


@blueprint.post("/meldingen/toestellen")
@registered
@rate_limit(20, timedelta(minutes=1))
async def subscribe() -> Response:
    """Take the subscription of this browser (JSON): 201 when it is new to the person, else 200."""
    try:
        new = read_subscription(await _body(), _room().services)
        _check_key(new)
    except NotASubscription as refusal:
        raise _refused(refusal) from None
    device = device_name(request.headers.get("User-Agent", ""))
    is_new = await devices.subscribe(viewer().account_id, new, device, now())
    if is_new:
        log.info("device_subscribed")
    return Response(status=201 if is_new else 200)


@blueprint.post("/meldingen/toestellen/vernieuwing")
@public(knows_viewer=False)
@rate_limit(20, timedelta(minutes=1))
async def renew() -> Response:
    """Take a subscription in the place of a former one (JSON), also when nobody is signed in."""
    try:
        renewal = read_renewal(await _body(), _room().services)
        _check_key(renewal.new)
    except NotASubscription as refusal:
        raise _refused(refusal) from None
    if not await devices.renew(renewal):
        raise Problem.not_found()
    log.info("device_renewed")
    return Response(status=204)


@blueprint.post(f"{DEVICE}/proef")
@registered
@rate_limit(10, timedelta(minutes=1))
async def try_out(device_id: int) -> Response:
    """Send a trial message to one of your devices."""
    device = await devices.find(viewer().account_id, device_id)
    if device is None:
        raise Problem.not_found()
    result = await _room().try_out(device, now())
    if result is Result.DELIVERED:
        return noticed("proef")
    log.warning("trial_push_failed", result=result.value)
    return noticed("toestel-weg" if result in LOST else "proef-mislukt")


@blueprint.post(f"{DEVICE}/verwijdering")
@registered
async def remove(device_id: int) -> Response:
    """Send no more to one of your devices."""
    if not await devices.remove(viewer().account_id, device_id):
        raise Problem.not_found()
    log.info("device_removed")
    return noticed("verwijderd")


async def _body() -> bytes:
    body = await request.get_data(as_text=False)
    return body if isinstance(body, bytes) else body.encode()


def _check_key(new: NewSubscription) -> None:
    if not _room().vapid.knows(new.key_version):
        raise NotASubscription("key_unknown")


def _refused(refusal: NotASubscription) -> Problem:
    reason = str(refusal)
    log.warning("subscription_refused", reason=reason)
    return Problem.bad_request() if reason == "not_json" else Problem.invalid(reason)
