"""The addresses of what a person chose: the page about alerts, and its form."""

from __future__ import annotations

import structlog
from quart import Blueprint, Response, current_app, request

from app.auth.access import registered, viewer
from app.auth.models import Account
from app.clock import now
from app.notifications import addresses, devices
from app.notifications.addresses import AddressState, Sent
from app.notifications.announce import announce_security
from app.notifications.inputs import (
    HALF_HOURS,
    choices_form,
    choices_of,
    clock_time,
    form_of,
    switch,
)
from app.notifications.models import Channel, Kind
from app.notifications.preferences import load_preferences, save_preferences
from app.notifications.push_room import SETTINGS_ADDRESS, PushRoom
from app.web.i18n import lazy
from app.web.inputs import Form
from app.web.page import page, see_other

log = structlog.get_logger()
blueprint = Blueprint("alerts", __name__)

KINDS: dict[Kind, tuple[str, str]] = {
    Kind.PAYMENT: (lazy("Betalingen"), lazy("als wij u betalen, of als een betaling terugkomt")),
    Kind.LETTER: (lazy("Brieven"), lazy("beslissingen, vragen en attesten")),
    Kind.MESSAGE: (lazy("Berichten"), lazy("kort nieuws over uw dossier")),
    Kind.FORM: (lazy("Uw aanvragen"), lazy("als er iets verandert aan wat u ons stuurde")),
    Kind.SECURITY: (
        lazy("Veiligheid"),
        lazy("een nieuw toestel, een ander e-mailadres of rekeningnummer"),
    ),
}
CHANNELS = {Channel.PUSH: lazy("Op toestel"), Channel.EMAIL: lazy("E-mail")}
# What is said on coming back from a form of this page: a title, a sentence, a tone.
NOTICES: dict[str, tuple[str, str, str]] = {
    "bewaard": (lazy("Bewaard"), lazy("Uw keuzes zijn aangepast."), "ok"),
    "proef": (lazy("Proefmelding verstuurd"), lazy("U ziet ze binnen enkele seconden."), "ok"),
    "proef-mislukt": (
        lazy("De proefmelding kon niet vertrekken"),
        lazy("Probeer het over enkele minuten opnieuw."),
        "alert",
    ),
    "toestel-weg": (
        lazy("Dit toestel krijgt geen meldingen meer"),
        lazy("Zet de meldingen op dat toestel opnieuw aan."),
        "alert",
    ),
    "verwijderd": (lazy("Toestel verwijderd"), lazy("Het krijgt geen meldingen meer."), "ok"),
    f"mail-{Sent.YES}": (
        lazy("E-mail verstuurd"),
        lazy("Open de link in die e-mail. Kijk ook bij de ongewenste e-mails."),
        "ok",
    ),
    f"mail-{Sent.TOO_OFTEN}": (
        lazy("Wij hebben u net een e-mail gestuurd"),
        lazy("Wacht enkele minuten voor u een nieuwe vraagt."),
        "info",
    ),
    f"mail-{Sent.FAILED}": (
        lazy("De e-mail kon niet vertrekken"),
        lazy("Kijk uw e-mailadres na, of probeer het later opnieuw."),
        "alert",
    ),
    f"mail-{Sent.NOT_NEEDED}": (
        lazy("Uw e-mailadres is al bevestigd"),
        lazy("U hoeft niets te doen."),
        "ok",
    ),
}


def noticed(notice: str) -> Response:
    """Back to the page, with a notice on top."""
    return see_other(f"{SETTINGS_ADDRESS}?{notice}")


@blueprint.get(SETTINGS_ADDRESS)
@registered
async def show() -> Response:
    """What you are told by which way, on which devices, and whether your address is proven."""
    account = await Account.get(id=viewer().account_id)
    return await _page(account, form_of(await load_preferences(account)))


@blueprint.post(SETTINGS_ADDRESS)
@registered
async def change() -> Response:
    """Keep other choices; a changed recognition phrase is a matter of security."""
    form = choices_form(await request.form)
    account = await Account.get(id=viewer().account_id)
    if not form.valid:
        return await _page(account, form, status=422)
    former, chosen = await load_preferences(account), choices_of(form)
    if former.phrase != chosen.phrase:
        await announce_security(account.id, "phrase", now())  # rather once too often than never
    await save_preferences(account, chosen)
    log.info("alert_choices_kept")
    return noticed("bewaard")


async def _page(account: Account, form: Form, status: int = 200) -> Response:
    room: PushRoom = current_app.extensions["push_room"]
    return await page(
        "alerts/index.html",
        status=status,
        form=form,
        kinds=KINDS,
        channels=CHANNELS,
        switch=switch,
        times=[(str(minutes), clock_time(minutes)) for minutes in HALF_HOURS],
        account=account,
        address=await addresses.state_of(account),
        states=AddressState,
        devices=await devices.devices_of(account.id),
        key=room.key,
        notice=next((NOTICES[name] for name in request.args if name in NOTICES), None),
    )
