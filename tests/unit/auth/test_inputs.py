from __future__ import annotations

import pytest

from app.auth.inputs import contact_form, registration_form
from app.auth.service import CONTACT_LANGUAGES

GOOD = {"language": "nl", "email": "naam@voorbeeld.be", "wants_alerts": "ja", "conditions": "ja"}


def test_a_full_form_is_valid() -> None:
    form = registration_form(GOOD)
    assert form.valid
    assert form.values == GOOD


@pytest.mark.parametrize("language", CONTACT_LANGUAGES)
def test_every_contact_language_is_taken(language: str) -> None:
    assert contact_form({"language": language}).valid


@pytest.mark.parametrize("language", ["", "xx", "NL", "nl ;DROP", "<script>"])
def test_another_language_is_not(language: str) -> None:
    form = contact_form({"language": language})
    assert set(form.errors) == {"language"}
    assert form.values["language"] == language


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("naam@voorbeeld.be", "naam@voorbeeld.be"),
        (" naam@voorbeeld.be ", "naam@voorbeeld.be"),
        ("Naam.Achter+kind@VOORBEELD.be", "Naam.Achter+kind@voorbeeld.be"),
        ("søren@münchen.de", "søren@münchen.de"),
        ("naam@sub.domein.voorbeeld.be", "naam@sub.domein.voorbeeld.be"),
    ],
)
def test_an_address_is_kept_as_mail_understands_it(typed: str, kept: str) -> None:
    form = contact_form({"language": "nl", "email": typed})
    assert form.errors == {}
    assert form.get("email") == kept


@pytest.mark.parametrize(
    "typed",
    [
        "naam",
        "naam@",
        "@voorbeeld.be",
        "naam@voorbeeld",
        "naam@@voorbeeld.be",
        "naam @voorbeeld.be",
        "naam@voorbeeld..be",
        "naam@-voorbeeld.be",
        "naam@127.0.0.1",
        "naam@localhost",
        "a@b.be,c@d.be",
        "a@b.be\nBcc: c@d.be",
        "a@b.be\x00",
        "Naam <naam@voorbeeld.be>",
        "a" * 65 + "@voorbeeld.be",
        "naam@" + "v" * 250 + ".be",
        '"<script>"@voorbeeld.be',
    ],
    ids=ascii,
)
def test_what_is_no_address_is_refused_and_kept_as_typed(typed: str) -> None:
    form = contact_form({"language": "nl", "email": typed})
    assert set(form.errors) == {"email"}
    assert form.values["email"] == typed


def test_who_wants_alerts_gives_an_address() -> None:
    assert set(contact_form({"language": "nl", "wants_alerts": "ja"}).errors) == {"email"}
    assert contact_form({"language": "nl"}).valid


@pytest.mark.parametrize("conditions", ["", "  "])
def test_the_conditions_are_accepted_or_nothing_happens(conditions: str) -> None:
    form = registration_form({**GOOD, "conditions": conditions})
    assert set(form.errors) == {"conditions"}


def test_everything_wrong_is_said_at_once() -> None:
    form = registration_form({"language": "xx", "email": "naam"})
    assert list(form.errors) == ["language", "email", "conditions"]


def test_unknown_fields_are_left_out() -> None:
    assert set(contact_form({**GOOD, "registered_at": "1"}).values) == {
        "language",
        "email",
        "wants_alerts",
    }
