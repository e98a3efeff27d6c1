"""Pages that only a demo has: who you can be, their secrets, and undoing a blocked card."""

from __future__ import annotations

from quart import Blueprint, Response, request

from app.demo.people import DemoPerson
from app.demo.provider.browser import page, provider, refuse_other_origins, see_other
from app.demo.provider.errors import PageError

blueprint = Blueprint("demo_pages", __name__)


@blueprint.get("/")
async def front() -> Response:
    """Nothing to see at the bare address: show the demo people."""
    return see_other("/demo")


@blueprint.get("/demo")
async def people() -> Response:
    """List the demo people with what they sign in with."""
    return await page(
        "people", people=provider().config.people, cards=provider().cards, done=_done()
    )


@blueprint.get("/demo/codekaart/<key>")
async def code_card(key: str) -> Response:
    """Show one person's card of 24 codes, ready to print."""
    person = _person(key)
    if person.token is None:
        raise _unknown()
    return await page("code_card", person=person, token=person.token)


@blueprint.get("/demo/pincode/<key>")
async def ask_new_pin(key: str) -> Response:
    """Offer to unblock a card."""
    return await page("new_pin", person=_card(key), back=request.args.get("aanmelding", ""))


@blueprint.post("/demo/pincode/<key>")
async def new_pin(key: str) -> Response:
    """Unblock a card; in the demo the PIN stays what it was."""
    refuse_other_origins()
    person = _card(key)
    provider().cards.renew(key)
    back = (await request.form).get("aanmelding", "")
    return await page("new_pin", person=person, back=back, done=True)


@blueprint.post("/demo/herstel")
async def reset() -> Response:
    """Unblock every card and every token."""
    refuse_other_origins()
    for person in provider().cards.holders:
        provider().cards.renew(person.key)
    provider().codecards.renew()
    return see_other("/demo?hersteld=1")


def _done() -> bool:
    return "hersteld" in request.args


def _person(key: str) -> DemoPerson:
    found = next((person for person in provider().config.people if person.key == key), None)
    if found is None:
        raise _unknown()
    return found


def _card(key: str) -> DemoPerson:
    person = provider().cards.holder(key)
    if person is None:
        raise _unknown()
    return person


def _unknown() -> PageError:
    return PageError(
        "Deze pagina bestaat niet", "Kijk of het adres klopt, of ga terug.", status=404
    )
