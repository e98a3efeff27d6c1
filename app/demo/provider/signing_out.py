"""The pages on which a person signs out of the provider."""

from __future__ import annotations

from quart import Blueprint, Response, request

from app.demo.provider.browser import (
    allow_forms_to,
    current_session,
    forget_session,
    page,
    provider,
    refuse_other_origins,
    see_other,
    this_browser,
)
from app.demo.provider.errors import PageError

blueprint = Blueprint("signing_out", __name__, url_prefix="/fas")


@blueprint.get("/afmelden/<name>")
async def ask(name: str) -> Response:
    """Ask whether the person wants to sign out."""
    allow_forms_to(url for client in provider().config.clients for url in client.origins)
    return await page("sign_out", name=name)


@blueprint.post("/afmelden/<name>")
async def answer(name: str) -> Response:
    """Sign out or stay, and go back to the website when it gave an address."""
    refuse_other_origins()
    found = provider().pending.sign_out(name, this_browser())
    if found is None:
        raise PageError(
            "Deze vraag is verlopen",
            "Ga terug naar de website waar u was en meld u daar opnieuw af.",
        )
    stay = (await request.form).get("answer") != "yes"
    if stay:
        return await page("signed_out", stayed=True)
    session = current_session()
    if session:
        provider().end(session.sid)
    return forget_session(see_other(found.target or "/fas/afgemeld"))


@blueprint.get("/afgemeld")
async def signed_out() -> Response:
    """Confirm that nobody is signed in any more."""
    return await page("signed_out", stayed=current_session() is not None)
