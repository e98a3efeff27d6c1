"""Who may come in where: every route, every method, every kind of visitor, one table.

A route that is not in the table fails here; a route that declares no access fails at the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import cast as cast_to

import pytest
from quart import Quart, Response
from quart.typing import TestClientProtocol as Browser

from app.auth import access
from app.auth.access import UndeclaredRouteError
from app.auth.models import Account
from app.clock import now
from app.dossiers.models import Child, Dossier
from app.letters.models import Letter
from app.payments.models import Payment
from app.portal import create_app
from tests import cast
from tests.cast import FAMILY, JAN, KARIM, LUKASZ, SOFIE
from tests.unit.auth import fake_provider
from tests.unit.conftest import BACK_OFFICE_KEY, SAME_ORIGIN, Visitor, settings_for

VISITORS = (
    "nobody",
    "not_registered",  # signed in, and a party of the family's dossier
    "no_dossier",
    "stranger",  # a party of another dossier
    "party",
    "other_parent",  # also a party, to whom alone the second letter is addressed
    "key",  # the back office's
    "wrong_key",
)
Outcomes = tuple[str, str, str, str, str, str, str, str]


def _same(outcome: str) -> Outcomes:
    return (outcome,) * 8


WELCOME, REGISTER, HOME = "303 /?volgende", "303 /registreren?volgende", "303 /overzicht"

# In the order of VISITORS. A key of the back office opens its own address and nothing else.
ALL_SEE = _same("200")
SIGNED_IN: Outcomes = (WELCOME, "200", HOME, HOME, HOME, HOME, WELCOME, WELCOME)
REGISTERED: Outcomes = (WELCOME, REGISTER, "200", "200", "200", "200", WELCOME, WELCOME)
OWN_DOSSIER: Outcomes = (WELCOME, REGISTER, HOME, "200", "200", "200", WELCOME, WELCOME)
THE_FAMILY: Outcomes = (WELCOME, REGISTER, HOME, "404", "200", "200", WELCOME, WELCOME)
ONE_PARENT: Outcomes = (WELCOME, REGISTER, HOME, "404", "404", "200", WELCOME, WELCOME)
NOBODY: Outcomes = (WELCOME, REGISTER, HOME, "404", "404", "404", WELCOME, WELCOME)
FAMILY_WRITES: Outcomes = ("401", "403", "403", "404", "303", "303", "401", "401")
ONE_WRITES: Outcomes = ("401", "403", "403", "404", "404", "303", "401", "401")
NOBODY_WRITES: Outcomes = ("401", "403", "403", "404", "404", "404", "401", "401")
BACK_OFFICE: Outcomes = ("401", "401", "401", "401", "401", "401", "422", "401")


@dataclass(frozen=True)
class Row:
    """A request and what becomes of it; ``{…}`` is filled in with ids of the family's dossier."""

    method: str
    rule: str
    address: str
    outcomes: Outcomes
    form: str = ""


def _get(rule: str, outcomes: Outcomes, address: str = "") -> Row:
    return Row("GET", rule, address or rule, outcomes)


def _post(rule: str, outcomes: Outcomes, address: str = "", form: str = "") -> Row:
    return Row("POST", rule, address or rule, outcomes, form)


LETTER = "/brieven/<int(max=2147483647):letter_id>"
PAYMENT = "/betaling/<int:payment_id>"
DEVICE = "/meldingen/toestellen/<int(max=2147483647):device_id>"
ONE_DEVICE = "/meldingen/toestellen/1"
HUGE = "99999999999999999999999"

HERE, AT_PROVIDER = "303 /afgemeld", f"303 {cast.ISSUER}/sign-out"  # where one is signed out

TABLE = (
    # signing in and out
    _get("/", ("200", "303 /registreren", HOME, HOME, HOME, HOME, "200", "200")),
    _get("/aanmelden", _same(f"303 {cast.ISSUER}")),
    _get("/aanmelden/terug", _same("400")),
    _post("/afmelden", (HERE, *(AT_PROVIDER,) * 5, HERE, HERE)),
    _get("/afgemeld", ALL_SEE),
    _post("/sessie", ("401", "200", "200", "200", "200", "200", "401", "401")),
    # registering and the profile
    _get("/registreren", SIGNED_IN),
    _post("/registreren", ("401", *("422",) * 5, "401", "401")),
    _get("/profiel", REGISTERED),
    _post("/profiel", ("401", "403", *("422",) * 4, "401", "401")),
    # home and dossier
    _get("/overzicht", REGISTERED),
    _get("/dossier", OWN_DOSSIER),
    _post("/dossier/keuze", FAMILY_WRITES, form="dossier={dossier}"),
    # payments
    _get("/betalingen", OWN_DOSSIER),
    _get("/betalingen", OWN_DOSSIER, "/betalingen?zoek=gemerkt"),
    _get("/betalingen/<int:year>", OWN_DOSSIER, "/betalingen/2026"),
    _get("/betalingen/<int:year>", NOBODY, "/betalingen/1800"),
    _get("/betalingen/<int:year>", NOBODY, f"/betalingen/{HUGE}"),
    _get("/betalingen/kalender", OWN_DOSSIER),
    _get(PAYMENT, THE_FAMILY, "/betaling/{payment}"),
    _get(PAYMENT, NOBODY, "/betaling/0"),
    _get(PAYMENT, NOBODY, f"/betaling/{HUGE}"),
    _get(f"{PAYMENT}/afschrift.pdf", THE_FAMILY, "/betaling/{payment}/afschrift.pdf"),
    # letters
    _get("/brieven", OWN_DOSSIER),
    _get("/brieven", OWN_DOSSIER, "/brieven?zoek=gemerkt"),
    _get(LETTER, THE_FAMILY, "/brieven/{letter}"),
    _get(LETTER, ONE_PARENT, "/brieven/{personal}"),
    _get(LETTER, NOBODY, "/brieven/0"),
    _get(f"{LETTER}/document.pdf", THE_FAMILY, "/brieven/{letter}/document.pdf"),
    _get(f"{LETTER}/document.pdf", ONE_PARENT, "/brieven/{personal}/document.pdf"),
    _post(f"{LETTER}/lezing", FAMILY_WRITES, "/brieven/{letter}/lezing"),
    _post(f"{LETTER}/lezing", ONE_WRITES, "/brieven/{personal}/lezing"),
    _post(f"{LETTER}/lezing", NOBODY_WRITES, "/brieven/0/lezing"),
    _post(f"{LETTER}/lezing/verwijdering", FAMILY_WRITES, "/brieven/{letter}/lezing/verwijdering"),
    _post(f"{LETTER}/lezing/verwijdering", ONE_WRITES, "/brieven/{personal}/lezing/verwijdering"),
    # help
    _get("/hulp", ALL_SEE),
    _get("/hulp/veiligheid", ALL_SEE),
    _get("/hulp/voorwaarden", ALL_SEE),
    _get("/contact", ALL_SEE),
    _get("/formulieren", REGISTERED),
    # alerts: choices, devices, and what links in e-mails lead to
    _get("/profiel/meldingen", REGISTERED),
    _post("/profiel/meldingen", ("401", "403", *("422",) * 4, "401", "401")),
    _get("/meldingen/sleutel", ALL_SEE),
    _post("/meldingen/toestellen", ("401", "403", *("400",) * 4, "401", "401")),
    _post("/meldingen/toestellen/vernieuwing", _same("400")),
    _post(f"{DEVICE}/proef", ("401", "403", *("404",) * 4, "401", "401"), f"{ONE_DEVICE}/proef"),
    _post(
        f"{DEVICE}/verwijdering",
        ("401", "403", *("404",) * 4, "401", "401"),
        f"{ONE_DEVICE}/verwijdering",
    ),
    _post("/meldingen/bevestigingen", ("401", "403", *("303",) * 4, "401", "401")),
    _get("/meldingen/bevestiging", _same("410")),
    _post("/meldingen/bevestiging", _same("410")),
    _get("/meldingen/afmelding", _same("410")),
    _post("/meldingen/afmelding", _same("410")),
    # the back office
    _post("/api/v1/feed", BACK_OFFICE),
    # files and machinery
    _get("/static/<path:name>", ALL_SEE, "/static/app.css"),
    _get("/sw.js", ALL_SEE),
    _get("/manifest.webmanifest", ALL_SEE),
    _get("/offline", ALL_SEE),
    _get("/healthz", ALL_SEE),
    _get("/readyz", ALL_SEE),
    _get("/.well-known/jwks.json", ALL_SEE),
)
MARKS = ("GEMERKT", "Gemerkt", FAMILY, "9.876,54", "marked-pdf")
OTHER_METHODS = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
async def addresses(app: Quart, fund: cast.Fund) -> dict[str, str]:
    """The ids of the family's dossier, all of whose data are marked."""
    fake_provider.install(app)
    family, payment = fund.dossiers[FAMILY], fund.payments[FAMILY]
    letter, personal = fund.letters[FAMILY], fund.letters["to karim"]
    await Child.filter(dossier=family).update(given_name="Gemerkt", family_name="Gemerkt")
    await Dossier.filter(id=family.id).update(account_holder="Gemerkt Vermeulen")
    await Payment.filter(id=payment.id).update(
        total_cents=987_654, reference="GEMERKT", communication="+++GEMERKT+++"
    )
    document = await app.extensions["documents"].put(b"%PDF-1.7 marked-pdf")
    for one in (letter, personal):
        await Letter.filter(id=one.id).update(
            subject="GEMERKT", body="GEMERKT", reference=f"GEMERKT-{one.id}", document=document
        )
    return {
        "dossier": str(family.id),
        "payment": str(payment.id),
        "letter": str(letter.id),
        "personal": str(personal.id),
    }


async def _client(visitor: Visitor, who: str) -> Browser:
    people = {
        "not_registered": SOFIE,
        "no_dossier": JAN,
        "stranger": LUKASZ,
        "party": SOFIE,
        "other_parent": KARIM,
    }
    client = await visitor(people.get(who))
    registered_at = None if who == "not_registered" else now()
    await Account.filter(subject=SOFIE.key).update(registered_at=registered_at)
    return client


def _headers(who: str) -> dict[str, str]:
    keys = {"key": BACK_OFFICE_KEY, "wrong_key": "geraden"}
    bearer = {"Authorization": f"Bearer {keys[who]}"} if who in keys else {}
    return SAME_ORIGIN | bearer


async def _ask(visitor: Visitor, who: str, row: Row, ids: dict[str, str]) -> Response:
    client = await _client(visitor, who)
    headers = _headers(who)
    if row.form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    ask: Any = client.open  # its type asks for arguments that it does not need
    return cast_to(
        Response,
        await ask(
            row.address.format(**ids),
            method=row.method,
            headers=headers,
            data=row.form.format(**ids) or None,
        ),
    )


async def _check(answer: Response, expected: str, who: str) -> None:
    status, _, location = expected.partition(" ")
    assert answer.status_code == int(status), who
    assert answer.headers.get("Location", "").startswith(location), who
    await _check_no_marks(answer, _may_see(who, status), who)


def _may_see(who: str, status: str) -> set[str]:
    """A party may see all of it; who still registers is told which dossier is theirs."""
    if status not in {"200", "422"}:
        return set()
    return {"party": set(MARKS), "other_parent": set(MARKS), "not_registered": {FAMILY}}.get(
        who, set()
    )


async def _check_no_marks(answer: Response, allowed: set[str], who: str) -> None:
    body = await answer.get_data(as_text=False)
    assert not [mark for mark in set(MARKS) - allowed if mark.encode() in body], who


def _name(row: Row) -> str:
    return f"{row.method} {row.address[:40]}"


@pytest.mark.parametrize("row", TABLE, ids=_name)
async def test_a_visitor_gets_what_the_table_says(
    row: Row, visitor: Visitor, addresses: dict[str, str]
) -> None:
    for who, expected in zip(VISITORS, row.outcomes, strict=True):
        await _check(await _ask(visitor, who, row, addresses), expected, who)


async def test_head_answers_as_get_does(visitor: Visitor, addresses: dict[str, str]) -> None:
    for row in TABLE:
        asked = Row("HEAD", row.rule, row.address, row.outcomes)
        for who, expected in zip(VISITORS, row.outcomes, strict=True):
            if row.method == "GET":
                await _check(await _ask(visitor, who, asked, addresses), expected, who)


async def test_no_other_method_does_anything(visitor: Visitor, addresses: dict[str, str]) -> None:
    for row in TABLE:
        known = {one.method for one in TABLE if one.rule == row.rule}
        for method in OTHER_METHODS - known:
            for who in ("nobody", "party", "key"):
                asked = Row(method, row.rule, row.address, row.outcomes)
                answer = await _ask(visitor, who, asked, addresses)
                await _check(answer, "405", f"{who} {method} {row.address}")


async def test_options_tells_no_data(visitor: Visitor, addresses: dict[str, str]) -> None:
    for row in TABLE:
        asked = Row("OPTIONS", row.rule, row.address, row.outcomes)
        for who in VISITORS:
            answer = await _ask(visitor, who, asked, addresses)
            await _check_no_marks(answer, set(), f"{who} {row.address}")


def test_every_route_is_in_the_table(app: Quart) -> None:
    automatic = {"HEAD", "OPTIONS"}
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - automatic
    }
    assert routes == {(row.method, row.rule) for row in TABLE}


async def test_an_address_that_does_not_exist_is_not_found_for_everybody(
    visitor: Visitor, addresses: dict[str, str]
) -> None:
    row = _get("", _same("404"), "/bestaat-niet")
    for who in VISITORS:
        await _check(await _ask(visitor, who, row, addresses), "404", who)


async def test_a_program_is_told_instead_of_sent_elsewhere(
    visitor: Visitor, addresses: dict[str, str]
) -> None:
    client = await visitor()
    answer = await client.get("/overzicht", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


async def test_the_back_office_is_told_which_proof_is_missing(app: Quart) -> None:
    answer = await app.test_client().post("/api/v1/feed")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


async def _undeclared() -> Response:
    return Response("open by forgetting")


def test_a_portal_with_an_undeclared_route_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from app import portal

    wired = portal._add_routes

    def with_one_more(app: Quart, *others: object) -> None:
        wired(app, *others)  # type: ignore[arg-type]
        app.add_url_rule("/vergeten", "forgotten", _undeclared)

    monkeypatch.setattr(portal, "_add_routes", with_one_more)
    with pytest.raises(UndeclaredRouteError, match="forgotten"):
        create_app(settings_for("sqlite:///unused.sqlite3", tmp_path))


async def test_a_route_that_comes_later_without_declaring_stays_shut(app: Quart) -> None:
    app._got_first_request = False  # Quart itself allows no routes once it serves
    app.add_url_rule("/vergeten", "forgotten", _undeclared)
    answer = await app.test_client().get("/vergeten")
    assert answer.status_code == 500
    assert "open by forgetting" not in await answer.get_data(as_text=True)


def test_a_web_socket_cannot_be_declared(app: Quart) -> None:
    async def talk() -> None:
        """Nothing checks who opens a web socket."""

    app._got_first_request = False
    app.add_websocket("/gesprek", "talk", access.public()(talk))
    with pytest.raises(UndeclaredRouteError, match="talk"):
        access.check(app)
