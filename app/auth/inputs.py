"""What the registration form may say."""

from __future__ import annotations

from collections.abc import Mapping

from email_validator import EmailNotValidError, validate_email

from app.auth.service import CONTACT_LANGUAGES
from app.web.i18n import gettext as _
from app.web.inputs import Form


def contact_form(values: Mapping[str, str]) -> Form:
    """Language and e-mail as typed; an address is needed by who wants alerts."""
    form = Form({name: values.get(name, "") for name in ("language", "email", "wants_alerts")})
    if form.get("language") not in CONTACT_LANGUAGES:
        form.error("language", _("Kies een taal."))
    email = form.get("email")
    if form.get("wants_alerts") and not email:
        form.error("email", _("Vul uw e-mailadres in. Dan kunnen wij u verwittigen."))
    elif email:
        _check_email(form, email)
    return form


def registration_form(values: Mapping[str, str]) -> Form:
    """The contact details and the conditions, which must be accepted."""
    form = contact_form(values)
    form.values["conditions"] = values.get("conditions", "")
    if not form.get("conditions"):
        form.error("conditions", _("Vink aan dat u akkoord gaat met de voorwaarden."))
    return form


def _check_email(form: Form, email: str) -> None:
    try:
        found = validate_email(email, check_deliverability=False, strict=True)
    except EmailNotValidError:
        form.error("email", _("Dit e-mailadres klopt niet. Schrijf het zoals naam@voorbeeld.be."))
        return
    if len(found.normalized) > 254:
        form.error("email", _("Dit e-mailadres is te lang."))
    form.values["email"] = found.normalized
