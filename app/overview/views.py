"""Home, the dossier as a whole, and the choice between dossiers."""

from __future__ import annotations

from quart import Blueprint, Response, request

from app.auth import sessions
from app.auth.access import open_dossier, party, registered, viewer
from app.clock import today
from app.dossiers.service import dossier_view
from app.dossiers.words import ENTITLEMENTS, STATES
from app.letters.service import latest, unread_count
from app.notifications.addresses import refused_address
from app.payments.latest import announced_payments, last_payment
from app.payments.words import KINDS, payment_title, tag_of
from app.web.errors import Problem
from app.web.i18n import current_language
from app.web.inputs import local_path
from app.web.page import page, see_other

blueprint = Blueprint("overview", __name__)


@blueprint.get("/overzicht")
@registered
async def home() -> Response:
    """What is new, what comes next, what you can do."""
    dossier = viewer().dossier
    if dossier is None:
        return await page("overview/no_dossier.html")
    day = today()
    last = await last_payment(dossier.id)
    return await page(
        "overview/index.html",
        dossier=dossier,
        announced=await announced_payments(dossier.id, day),
        last=last,
        last_tag=tag_of(last, day, current_language()) if last else None,
        letters=await latest(viewer(), 3),
        unread=await unread_count(viewer()),
        kinds=KINDS,
        payment_title=payment_title,
        refused_address=await refused_address(viewer().account_id),
    )


@blueprint.get("/dossier")
@party
async def dossier() -> Response:
    """Everybody in the dossier, and what the children are entitled to."""
    shown = await dossier_view(open_dossier().id, today())
    return await page(
        "dossiers/show.html",
        shown=shown,
        states=STATES,
        entitlements=ENTITLEMENTS,
        you=viewer().person_id,
    )


@blueprint.post("/dossier/keuze")
@party
async def choose() -> Response:
    """Open another of your dossiers and stay on the page you were on, where it makes sense."""
    form = await request.form
    try:
        dossier_id = int(form.get("dossier", ""))
    except ValueError:
        raise Problem.bad_request() from None
    if not await sessions.choose_dossier(viewer(), dossier_id):
        raise Problem.not_found()
    return see_other(same_page(local_path(form.get("terug"))))


def same_page(path: str) -> str:
    """The list behind a single payment or letter: that one belongs to the other dossier."""
    if path.startswith(("/betaling/", "/betalingen")):
        return "/betalingen"
    return "/brieven" if path.startswith("/brieven") else path
