"""The pages on which a person signs in: choose a means, then eID or token."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from quart import Blueprint, Response, g, request

from app.demo.people import DemoPerson
from app.demo.provider.browser import (
    allow_forms_to,
    current_session,
    page,
    provider,
    refuse_other_origins,
    remember_session,
    see_other,
    this_browser,
)
from app.demo.provider.cards import (
    TRIES,
    CardBlockedError,
    UnreadablePinError,
    WrongPinError,
)
from app.demo.provider.codecards import NothingTypedError, TokenBlockedError, WrongEntryError
from app.demo.provider.errors import OAuthError, PageError
from app.demo.provider.means import EID, TOKEN, Means, means_for
from app.demo.provider.sessions import SignIn

log = structlog.get_logger()
blueprint = Blueprint("signing_in", __name__, url_prefix="/fas/aanmelden/<name>")


@blueprint.before_request
async def find_sign_in() -> None:
    """Find the sign-in that the address names, for the browser that began it.

    Raises PageError when it is over or another browser's, and for a form from elsewhere.
    """
    if request.method == "POST":
        refuse_other_origins()
    name = (request.view_args or {})["name"]
    found = provider().pending.sign_in(name, this_browser())
    if found is None:
        raise PageError(
            "Deze aanmelding is verlopen",
            "U hebt te lang gewacht, of u bent al aangemeld of gestopt. "
            "Ga terug naar de website waar u wilt zijn en begin daar opnieuw.",
        )
    g.sign_in = found
    allow_forms_to(found.request.client.origins)


def sign_in() -> SignIn:
    """The sign-in that this request is about."""
    found: SignIn = g.sign_in
    return found


async def step(template: str, name: str, /, status: int = 200, **context: object) -> Response:
    """One page on the way in; all of them name the website and can be cancelled."""
    wanted = sign_in().request
    return await page(
        template, status, base=f"/fas/aanmelden/{name}", client=wanted.client.name, **context
    )


def finish(name: str, person: DemoPerson, means: Means) -> Response:
    """Sign the person in and send them back with a code."""
    wanted = sign_in().request
    provider().pending.finish(name)
    cookie, session = provider().sign_in(person, means, current_session())
    log.info("signed_in", means=means.key)
    return remember_session(see_other(provider().accept(wanted, session)), cookie)


def check_means(means: Means) -> None:
    """Raise PageError when this means does not reach the level that was asked."""
    if means not in means_for(sign_in().request.level):
        raise PageError(
            "Hiervoor hebt u uw eID nodig",
            "De website vraagt voor deze stap uw identiteitskaart. "
            "Ga terug naar de vorige pagina en kies voor eID.",
            status=403,
        )


@blueprint.get("")
async def choose(name: str) -> Response:
    """Choose a means."""
    offered = means_for(sign_in().request.level)
    return await step("means", name, token_offered=TOKEN in offered)


@blueprint.post("/annuleren")
async def cancel(name: str) -> Response:
    """Stop, and tell the website so."""
    wanted = sign_in().request
    provider().pending.finish(name)
    error = OAuthError("access_denied", "the person cancelled")
    return see_other(provider().refuse(wanted.redirect_uri, wanted.state, error))


@blueprint.get("/eid")
async def choose_card(name: str) -> Response:
    """Choose a card, as if it were put into the reader."""
    return await step("cards", name, cards=provider().cards)


@blueprint.get("/eid/<key>")
async def ask_pin(name: str, key: str) -> Response:
    """Ask for the PIN of a card, or tell that it is blocked."""
    return await _pin_page(name, _holder(key))


@blueprint.post("/eid/<key>")
async def enter_pin(name: str, key: str) -> Response:
    """Offer a PIN to the card."""
    person = _holder(key)
    typed = (await request.form).get("pin", "")
    try:
        return finish(name, provider().cards.enter(key, typed), EID)
    except UnreadablePinError:
        return await _pin_page(name, person, "Typ de 4 cijfers van uw pincode.")
    except WrongPinError as error:
        left = _tries(error.left)
        return await _pin_page(name, person, f"Deze pincode is fout. U hebt nog {left}.")
    except CardBlockedError:
        return await _pin_page(name, person)


async def _pin_page(name: str, person: DemoPerson, error: str = "") -> Response:
    cards = provider().cards
    if cards.blocked(person.key):
        return await step("card_blocked", name, 403, person=person)
    left = cards.tries_left(person.key)
    warning = f"U hebt nog {_tries(left)}." if left < TRIES and not error else ""
    return await step(
        "pin", name, 422 if error else 200, person=person, error=error, warning=warning
    )


def _holder(key: str) -> DemoPerson:
    person = provider().cards.holder(key)
    if person is None:
        raise PageError("Deze kaart bestaat niet", "Ga terug en kies een andere kaart.", status=404)
    return person


@blueprint.get("/token")
async def ask_password(name: str) -> Response:
    """Ask for user name and password."""
    check_means(TOKEN)
    return await step("token", name, username=sign_in().username or "")


@blueprint.post("/token")
async def enter_password(name: str) -> Response:
    """Check user name and password; unknown name and wrong password look the same."""
    check_means(TOKEN)
    form = await request.form
    typed = form.get("username", "")[:100]
    try:
        sign_in().username = provider().codecards.password(typed, form.get("password", "")[:500])
    except TokenBlockedError as error:
        return await _token_blocked(name, error)
    except NothingTypedError:
        problem = "Vul uw gebruikersnaam en uw wachtwoord in."
        return await step("token", name, 422, username=typed, error=problem)
    except WrongEntryError as error:
        problem = f"De gebruikersnaam of het wachtwoord is fout. U hebt nog {_tries(error.left)}."
        return await step("token", name, 422, username=typed, error=problem)
    return see_other(f"/fas/aanmelden/{name}/token/code")


@blueprint.get("/token/code")
async def ask_code(name: str) -> Response:
    """Ask for one code of the card."""
    check_means(TOKEN)
    username = sign_in().username
    if username is None:
        return see_other(f"/fas/aanmelden/{name}/token")
    try:
        provider().codecards.check_open(username)
    except TokenBlockedError as error:
        return await _token_blocked(name, error)
    return await step("code", name, number=provider().codecards.number(username))


@blueprint.post("/token/code")
async def enter_code(name: str) -> Response:
    """Check the code of the card."""
    check_means(TOKEN)
    username = sign_in().username
    if username is None:
        return see_other(f"/fas/aanmelden/{name}/token")
    number = provider().codecards.number(username)
    try:
        typed = (await request.form).get("code", "")[:100]
        return finish(name, provider().codecards.code(username, typed), TOKEN)
    except TokenBlockedError as error:
        return await _token_blocked(name, error)
    except NothingTypedError:
        problem = f"Vul code {number} van uw kaart in."
    except WrongEntryError as error:
        problem = f"Dit is niet code {number} van uw kaart. U hebt nog {_tries(error.left)}."
    return await step("code", name, 422, number=number, error=problem)


async def _token_blocked(name: str, error: TokenBlockedError) -> Response:
    return await step("token_blocked", name, 403, until=_clock_time(error.until))


def _tries(left: int) -> str:
    return "1 poging" if left == 1 else f"{left} pogingen"


def _clock_time(moment: datetime) -> str:
    """The time on a Belgian clock, as «14.05 uur»."""
    return moment.astimezone(ZoneInfo("Europe/Brussels")).strftime("%H.%M uur")
