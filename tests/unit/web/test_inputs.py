from __future__ import annotations

import pytest

from app.web.inputs import MAX_NEXT, Form, local_path

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "",
    "?x",
    "/\\/evil.example",
    "/overzicht\\@evil.example",
    "/\x00",
    "/\x7f/evil.example",
    "/" + "a" * MAX_NEXT,
    "/aanmelden",
    "/aanmelden?volgende=/aanmelden",
    "/aanmelden/terug?code=x",
    "/afmelden",
    "/betaald?é",
    "/overzicht\u2028x",
]


@pytest.mark.parametrize("value", ELSEWHERE, ids=ascii)
def test_an_address_elsewhere_is_never_gone_on_to(value: str) -> None:
    assert local_path(value) == "/overzicht"
    assert local_path(value, "") == ""


@pytest.mark.parametrize(
    "value",
    [
        "/",
        "/betalingen/2026?per=onderdeel",
        "/brieven?zoek=na%C3%AFef",
        "/hulp#pincode",
        "/brieven?zoek=a//b",
        "/betaling/12/afschrift.pdf",
        "/%2F/evil.example",  # a path on this portal that does not exist
        "/brieven?terug=https://evil.example",
    ],
)
def test_a_path_on_this_portal_is_kept(value: str) -> None:
    assert local_path(value) == value


def test_nothing_asked_goes_home() -> None:
    assert local_path(None) == "/overzicht"
    assert local_path(None, "/brieven") == "/brieven"


def test_a_form_keeps_what_was_typed_and_the_first_error() -> None:
    form = Form({"email": "  naam@voorbeeld.be "})
    assert form.valid
    assert form.get("email") == "naam@voorbeeld.be"
    assert form.get("phone") == ""
    form.error("email", "eerst")
    form.error("email", "daarna")
    assert form.errors == {"email": "eerst"}
    assert not form.valid
    assert form.values["email"] == "  naam@voorbeeld.be "
