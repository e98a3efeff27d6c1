"""The addresses that clients talk to: OpenID Connect, without the pages in between."""

from __future__ import annotations

import structlog
from quart import Blueprint, Response, jsonify, request

from app.demo.provider.browser import (
    current_session,
    forget_session,
    new_browser,
    page,
    provider,
    remember_browser,
    see_other,
)
from app.demo.provider.discovery import discovery
from app.demo.provider.errors import OAuthError, PageError
from app.demo.provider.requests import AuthorizationRequest, Params, read_request, where_to_answer

log = structlog.get_logger()
blueprint = Blueprint("protocol", __name__)


async def params() -> Params:
    """The parameters of this request: of the form when it was posted, else of the address."""
    found = await request.form if request.method == "POST" else request.args
    return {name: found.getlist(name) for name in found}


@blueprint.get("/.well-known/openid-configuration")
async def describe() -> Response:
    """Tell what we offer, and where."""
    return jsonify(discovery(provider().config))


@blueprint.get("/fas/oauth2/connect/jwk_uri")
async def keys() -> Response:
    """Give the public key that our tokens are checked with."""
    return jsonify({"keys": [provider().key.public_jwk]})


@blueprint.route("/fas/oauth2/authorize", methods=["GET", "POST"])
async def authorize() -> Response:
    """Begin a sign-in, or answer at once when that is possible or asked."""
    asked = await params()
    client, redirect_uri = where_to_answer(asked, provider().config)
    try:
        wanted = read_request(asked, client, redirect_uri)
        return _begin(wanted)
    except OAuthError as error:
        log.info("authorization_refused", error=error.code)
        states = asked.get("state", ())
        state = states[0] if len(states) == 1 else None
        return see_other(provider().refuse(redirect_uri, state, error))


def _begin(wanted: AuthorizationRequest) -> Response:
    session = current_session()
    if session and provider().may_reuse(wanted, session):
        return see_other(provider().accept(wanted, session))
    if wanted.silent:
        raise OAuthError("login_required", "somebody must sign in first")
    browser = new_browser()
    name = provider().pending.begin(browser, wanted)
    return remember_browser(see_other(f"/fas/aanmelden/{name}"), browser)


@blueprint.post("/fas/oauth2/access_token")
async def token() -> Response:
    """Exchange a code for tokens."""
    authorization = request.headers.get("Authorization")
    try:
        answer = jsonify(await provider().exchange(await params(), authorization))
    except OAuthError as error:
        log.info("token_refused", error=error.code, reason=error.description)
        answer = _oauth_error(error)
        if error.status == 401:
            answer.headers["WWW-Authenticate"] = 'Basic realm="token"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Pragma"] = "no-cache"
    return answer


@blueprint.route("/fas/oauth2/userinfo", methods=["GET", "POST"])
async def userinfo() -> Response:
    """Tell who signed in."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    try:
        told = await provider().userinfo(value.strip() if scheme.lower() == "bearer" else None)
    except OAuthError as error:
        log.info("userinfo_refused", error=error.code)
        answer = _oauth_error(error)
        if error.status == 401:
            answer.headers["WWW-Authenticate"] = f'Bearer realm="userinfo", error="{error.code}"'
        return answer
    answer = jsonify(told) if isinstance(told, dict) else Response(told, mimetype="application/jwt")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.route("/fas/oauth2/connect/endSession", methods=["GET", "POST"])
async def end_session() -> Response:
    """Sign out: at once when the client proves which session it means, else after a question."""
    wanted = provider().read_logout(await params())
    if wanted.sid:
        provider().end(wanted.sid)
    if current_session() is None:
        return forget_session(see_other(wanted.target or "/fas/afgemeld"))
    browser = new_browser()
    name = provider().pending.ask_sign_out(browser, wanted.target)
    return remember_browser(see_other(f"/fas/afmelden/{name}"), browser)


def _oauth_error(error: OAuthError) -> Response:
    answer = jsonify({"error": error.code, "error_description": error.description})
    answer.status_code = error.status
    return answer


@blueprint.app_errorhandler(PageError)
async def show_page_error(error: PageError) -> Response:
    """Show a person what is wrong, without sending them anywhere."""
    log.info("page_refused", status=error.status)
    return await page("error", error.status, title=error.title, text=error.text)
