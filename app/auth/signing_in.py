"""The addresses of signing in and out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import structlog
from quart import Blueprint, Response, current_app, g, jsonify, redirect, request
from quart_auth import AuthUser, current_user, login_user, logout_user
from quart_rate_limiter import rate_limit
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from app.auth import service, sessions
from app.auth.access import public, signed_in, viewer
from app.auth.device import device_name
from app.auth.oidc.levels import MEANS
from app.auth.oidc.refusal import Reason, SignInRefused
from app.auth.oidc.relying_party import RelyingParty
from app.auth.oidc.sign_in import Identity, state_hash
from app.clock import now
from app.web.inputs import local_path
from app.web.page import page, see_other

log = structlog.get_logger()
blueprint = Blueprint("signing_in", __name__)

COOKIE_SECONDS = int(service.SIGN_IN_LIFETIME.total_seconds())


def _relying_party() -> RelyingParty:
    party: RelyingParty = current_app.extensions["relying_party"]
    return party


def _cookie_name() -> str:
    return "__Host-aanmelden" if current_app.extensions["secure"] else "aanmelden"


@blueprint.get("/")
@public()
async def welcome() -> Response:
    """Where a visitor begins; who is signed in goes on to the overview."""
    next_url = request.args.get("volgende", "")
    if g.viewer is not None:
        return see_other(local_path(next_url) if g.viewer.registered else "/registreren")
    return await page(
        "auth/welcome.html",
        next_url=local_path(next_url, "") if next_url else "",
        ended="sessie" in request.args,
    )


@blueprint.get("/aanmelden")
@public(knows_viewer=False)
@rate_limit(120, timedelta(minutes=1))  # many families may share the address of their provider
async def begin() -> AnyResponse | Response:
    """Send the visitor to the provider, and remember in the browser where they came from."""
    means = request.args.get("middel")
    try:
        authorization = await _relying_party().begin(
            means=means if means in MEANS else None,
            # Somebody was signed in here before: the provider may still know them, so it has to
            # ask again who it is. The computer may be shared.
            prompt="login" if had_session() else None,
        )
    except SignInRefused as refused:
        return await _refusal(refused)
    browser = request.cookies.get(_cookie_name()) or service.new_browser_value()
    next_url = local_path(request.args.get("volgende"))
    await service.begin_sign_in(authorization, browser, next_url)
    response: AnyResponse = redirect(authorization.url, 303)
    response.headers["Cache-Control"] = "no-store"
    _remember(response, browser)
    return response


def _remember(response: AnyResponse, browser: str) -> None:
    """Tie the sign-in to this browser until its ten minutes are over."""
    response.set_cookie(
        _cookie_name(),
        browser,
        max_age=COOKIE_SECONDS,
        path="/",
        secure=current_app.extensions["secure"],
        httponly=True,
        samesite="Lax",
    )


@blueprint.get("/aanmelden/terug")
@public(knows_viewer=False)
async def finish() -> Response:
    """Take the answer of the provider; a session begins, or a page says why not."""
    if request.method == "HEAD":  # a look, which must not use up the sign-in
        return Response(status=400)
    parameters = single_values(request.args)
    browser = request.cookies.get(_cookie_name())
    known = await service.take_sign_in(browser, state_hash(parameters.get("state", "")), now())
    try:
        identity = await _relying_party().complete(parameters, known[0] if known else None)
    except SignInRefused as refused:
        return await _refusal(refused)
    return await _let_in(identity, known[1] if known else "/overzicht")


def had_session() -> bool:
    """Whether somebody signed in with this browser, even when that session is over by now."""
    return current_app.extensions["session_cookie"] in request.cookies


def single_values(arguments: MultiDict[str, str]) -> dict[str, str]:
    """The parameters of a return; one that comes twice counts for none (RFC 6749, 3.1)."""
    return {name: values[0] for name, values in arguments.lists() if len(values) == 1}


async def _let_in(identity: Identity, next_url: str) -> Response:
    account = await service.recognise(identity, now())
    if current_user.auth_id is not None:  # whoever was signed in here before is not any more
        await sessions.end_session_of(current_user.auth_id)
    device = device_name(request.headers.get("User-Agent", ""))
    token = await sessions.open_session(account, service.signed_in_by(identity), device, now())
    login_user(AuthUser(token))  # gone when the browser closes: the computer may be shared
    log.info("signed_in", means=identity.means, level=identity.level)
    if account.registered_at is not None:
        return see_other(next_url)
    onward = "" if next_url == "/overzicht" else f"?{urlencode({'volgende': next_url})}"
    return see_other(f"/registreren{onward}")


async def _refusal(refused: SignInRefused) -> Response:
    """A page in plain words with a number to mention; the log knows the reason."""
    if refused.reason is Reason.CANCELLED:
        log.info("sign_in_cancelled")
    else:
        log.warning("sign_in_refused", reason=refused.reason.value, detail=refused.detail)
    return await page(
        "auth/refused.html",
        status=503 if refused.category == "provider_unavailable" else 400,
        category=refused.category.value,
        reference=g.request_id,
    )


@blueprint.post("/afmelden")
@public()
async def sign_out() -> Response:
    """End the session here, then at the provider; without a session it is done already."""
    if not had_session():
        return see_other("/afgemeld")
    id_token = await sessions.end_session_of(current_user.auth_id or "")
    logout_user()
    log.info("signed_out")
    base_url: str = current_app.extensions["base_url"]
    try:
        url = await _relying_party().sign_out_url(
            id_token_hint=id_token or None, post_logout_redirect_uri=f"{base_url}/afgemeld"
        )
    except SignInRefused:
        url = None  # the provider is away; here the session is gone all the same
    return see_other(url or "/afgemeld")


@blueprint.get("/afgemeld")
@public()
async def signed_out() -> Response:
    """Say that it is done."""
    return await page("auth/signed_out.html")


@blueprint.post("/sessie")
@signed_in
async def stay() -> Response:
    """Stay signed in: start the idle minutes anew, and say how long there is from here."""
    moment = now()
    await sessions.extend(viewer().session_id, moment)
    extended = replace(viewer(), last_seen_at=moment)
    left = int((extended.ends_at - moment).total_seconds())
    return jsonify(seconds=left, extendable=extended.extendable)
