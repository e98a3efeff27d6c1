"""The addresses of payments: a year, a search, the calendar, one payment, its statement."""

from __future__ import annotations

from quart import Blueprint, Response, current_app, request

from app.auth.access import open_dossier, party, viewer
from app.clock import today
from app.dossiers.models import DossierState
from app.payments import chart, service, words
from app.payments.search import LONGEST
from app.payments.statement import statement
from app.web.errors import Problem
from app.web.i18n import current_language
from app.web.page import page, pdf

blueprint = Blueprint("payments", __name__)


@blueprint.get("/betalingen")
@party
async def newest() -> Response:
    """The newest year, or what a search finds over all years."""
    typed = request.args.get("zoek", "").strip()[:LONGEST]
    if not typed:
        return await _year(None)
    found = await service.search_page(open_dossier().id, typed, today(), current_language())
    return await page("payments/search.html", found=found, typed=typed, words=words, today=today())


@blueprint.get("/betalingen/<int:year>")
@party
async def year(year: int) -> Response:
    """The payments of a year."""
    return await _year(year)


async def _year(year: int | None) -> Response:
    per = service.Per.CHILD
    if request.args.get("per") == service.Per.COMPONENT:
        per = service.Per.COMPONENT
    shown = await service.year_page(open_dossier().id, year, per, today(), current_language())
    if shown is None:
        raise Problem.not_found()
    return await page(
        "payments/index.html",
        shown=shown,
        words=words,
        today=today(),
        bar_width=chart.BAR_WIDTH,
        chart_height=chart.HEIGHT,
    )


@blueprint.get("/betalingen/kalender")
@party
async def calendar() -> Response:
    """The pay days to come and those of this year."""
    dossier = open_dossier()
    paying = dossier.state is DossierState.ACTIVE
    shown = await service.calendar_page(dossier.id, paying=paying, today=today())
    return await page(
        "payments/calendar.html", shown=shown, state=dossier.state, words=words, today=today()
    )


@blueprint.get("/betaling/<int:payment_id>")
@party
async def show(payment_id: int) -> Response:
    """One payment, in whichever of the viewer's dossiers it is."""
    shown = await _payment(payment_id)
    return await page(
        "payments/show.html",
        shown=shown,
        dossier_number=_dossier_number(shown),
        words=words,
        today=today(),
    )


@blueprint.get("/betaling/<int:payment_id>/afschrift.pdf")
@party
async def printable(payment_id: int) -> Response:
    """The statement of a payment, to print or keep."""
    shown = await _payment(payment_id)
    fund = current_app.extensions["settings"].fund
    content = await statement(shown, fund, _dossier_number(shown), today(), current_language())
    return pdf(content, f"betaling-{shown.payment.row.pay_date.isoformat()}.pdf")


async def _payment(payment_id: int) -> service.PaymentPage:
    shown = await service.payment_page(payment_id, viewer().dossier_ids(), today())
    if shown is None:
        raise Problem.not_found()
    return shown


def _dossier_number(shown: service.PaymentPage) -> str:
    dossier_id = shown.payment.dossier_id
    return next(item.number for item in viewer().dossiers if item.id == dossier_id)
