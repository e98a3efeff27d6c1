"""The addresses of registering and of the profile."""

from __future__ import annotations

import structlog
from quart import Blueprint, Response, current_app, g, request

from app.auth import service, sessions
from app.auth.access import registered, signed_in, viewer
from app.auth.inputs import contact_form, registration_form
from app.auth.models import Account
from app.clock import now
from app.dossiers.numbers import format_number, is_bis
from app.web.inputs import Form, local_path
from app.web.page import page, see_other

log = structlog.get_logger()
blueprint = Blueprint("registering", __name__)


@blueprint.get("/registreren")
@signed_in
async def new() -> Response:
    """Who we found you to be, and what we need to know."""
    if viewer().registered:
        return see_other("/overzicht")
    account = await Account.get(id=viewer().account_id)
    parties = await service.dossiers_of(account.number)
    values = {
        "language": service.language_to_offer(account, parties),
        "email": account.email,
        "wants_alerts": "",
        "conditions": "",
    }
    return await _registration(Form(values))


@blueprint.post("/registreren")
@signed_in
async def create() -> Response:
    """Make the sign-in a profile."""
    form = registration_form(await request.form)
    if not form.valid:
        return await _registration(form, status=422)
    await service.register(
        viewer().account_id,
        language=form.get("language"),
        email=form.get("email"),
        wants_alerts=bool(form.get("wants_alerts")),
        now=now(),
    )
    if form.get("email"):
        await _watcher().prove(viewer().account_id, now())
    log.info("registered")
    return see_other(local_path(request.args.get("volgende")))


async def _registration(form: Form, status: int = 200) -> Response:
    account = await Account.get(id=viewer().account_id)
    return await page(
        "auth/register.html",
        status=status,
        form=form,
        number=format_number(account.number),
        is_bis=is_bis(account.number),
        parties=await service.dossiers_of(account.number),
        languages=service.CONTACT_LANGUAGES,
        next_url=local_path(request.args.get("volgende"), ""),
    )


@blueprint.get("/profiel")
@registered
async def profile() -> Response:
    """Who you are to us, how we reach you, which dossiers are yours."""
    account = await Account.get(id=viewer().account_id)
    values = {
        "language": account.language,
        "email": account.email,
        "wants_alerts": "ja" if account.wants_alerts else "",
    }
    return await _profile(account, Form(values), saved="bewaard" in request.args)


@blueprint.post("/profiel")
@registered
async def change_profile() -> Response:
    """Keep other contact details."""
    form = contact_form(await request.form)
    if not form.valid:
        return await _profile(await Account.get(id=viewer().account_id), form, status=422)
    await service.change_contact(
        viewer().account_id,
        language=form.get("language"),
        email=form.get("email"),
        wants_alerts=bool(form.get("wants_alerts")),
        watcher=_watcher(),
        now=now(),
    )
    return see_other("/profiel?bewaard")


def _watcher() -> service.AddressWatcher:
    watcher: service.AddressWatcher = current_app.extensions["address_watcher"]
    return watcher


async def _profile(
    account: Account, form: Form, status: int = 200, *, saved: bool = False
) -> Response:
    return await page(
        "auth/profile.html",
        status=status,
        form=form,
        saved=saved,
        number=format_number(account.number),
        is_bis=is_bis(account.number),
        parties=await service.dossiers_of(account.number),
        sessions=await sessions.running(account.id, now()),
        current_session=g.viewer.session_id,
        languages=service.CONTACT_LANGUAGES,
        email_verified=account.email_verified_at is not None,
    )
