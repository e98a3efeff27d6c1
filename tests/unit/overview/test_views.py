from __future__ import annotations

from datetime import date

import pytest
from quart import Quart

from app.dossiers.models import Child, Dossier
from app.letters.models import Letter
from app.overview import views
from app.overview.views import same_page
from app.payments.models import Payment, PaymentLine, PaymentState
from tests.cast import FAMILY, JAN, NATHALIE, OWN, SOFIE, STRANGERS, WARD, Fund
from tests.unit.conftest import SAME_ORIGIN, Visitor

XSS = "<script>alert(1)</script>"


async def test_home_shows_the_last_payment_and_the_post(
    app: Quart, fund: Fund, visitor: Visitor
) -> None:
    html = await (await (await visitor(SOFIE)).get("/overzicht")).get_data(as_text=True)
    assert "Dag Sofie" in html
    assert "€\N{NO-BREAK SPACE}187,47" in html
    assert f'href="/betaling/{fund.payments[FAMILY].id}"' in html
    assert f'href="/brieven/{fund.letters[FAMILY].id}"' in html
    assert "Uw gegevens zijn aangepast" in html
    assert "Er is nog geen volgende betaling aangekondigd" in html


async def test_home_shows_the_next_payment(app: Quart, fund: Fund, visitor: Visitor) -> None:
    await Payment.filter(id=fund.payments[FAMILY].id).update(
        state=PaymentState.ANNOUNCED, pay_date="2099-12-08"
    )
    html = await (await (await visitor(SOFIE)).get("/overzicht")).get_data(as_text=True)
    assert "dinsdag 8 december 2099" in html
    assert "Er is nog niets betaald" in html


async def _home(visitor: Visitor) -> str:
    html: str = await (await (await visitor(SOFIE)).get("/overzicht")).get_data(as_text=True)
    return html


async def test_home_says_plainly_that_a_payment_is_late(
    app: Quart, fund: Fund, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = fund.payments[FAMILY]  # of October: due on Friday 6 November
    await Payment.filter(id=payment.id).update(
        state=PaymentState.ANNOUNCED, pay_date=date(2026, 11, 5)
    )
    link = f'href="/betaling/{payment.id}"'
    monkeypatch.setattr(views, "today", lambda: date(2026, 11, 6))
    html = await _home(visitor)
    assert "te laat" not in html
    assert "Het geld kan nog onderweg zijn" in html
    assert html.count(link) == 1
    monkeypatch.setattr(views, "today", lambda: date(2026, 11, 7))
    html = await _home(visitor)
    assert "Een betaling is te laat" in html
    assert "Het geld moest er ten laatste zijn op 6 november 2026" in html.replace(
        "6 november", "6 november"
    )
    assert html.count(link) == 1
    assert "Er is nog geen volgende betaling aangekondigd" in html


async def test_home_calls_a_letter_unread_as_the_letters_do(
    app: Quart, fund: Fund, visitor: Visitor
) -> None:
    html = await _home(visitor)
    assert '<span class="tag tag-new">Ongelezen</span>' in html
    assert ">nieuw<" not in html


async def test_home_of_an_empty_dossier_says_so_kindly(
    app: Quart, fund: Fund, visitor: Visitor
) -> None:
    await PaymentLine.all().delete()
    await Payment.all().delete()
    await Letter.all().delete()
    html = await (await (await visitor(SOFIE)).get("/overzicht")).get_data(as_text=True)
    assert "Er is nog niets betaald" in html
    assert "U hebt nog geen brieven of berichten" in html


async def test_who_has_no_dossier_is_told_what_to_do(
    app: Quart, fund: Fund, visitor: Visitor
) -> None:
    jan = await visitor(JAN)
    html = await (await jan.get("/overzicht")).get_data(as_text=True)
    assert "Wij vinden geen dossier van u" in html
    assert 'href="/betalingen"' not in html


async def test_the_dossier_shows_everybody_in_it(app: Quart, fund: Fund, visitor: Visitor) -> None:
    html = await (await (await visitor(SOFIE)).get("/dossier")).get_data(as_text=True)
    for text in (FAMILY, "Sofie Vermeulen", "Karim El Amrani", "Noor", "BE68 •••• •••• 7034"):
        assert text in html, text
    assert STRANGERS not in html
    assert "84.09.03" not in html  # the other parent's number is theirs alone


async def test_what_the_back_office_wrote_is_shown_as_text(
    app: Quart, fund: Fund, visitor: Visitor
) -> None:
    family = fund.dossiers[FAMILY]
    await Child.filter(dossier=family).update(given_name=XSS, family_name=XSS)
    await Dossier.filter(id=family.id).update(
        account_holder=XSS, account_bank=XSS, account_masked=XSS
    )
    await Letter.filter(dossier=family).update(subject=XSS, body=XSS)
    await Payment.filter(dossier=family).update(reason=XSS, corrects=XSS)
    sofie = await visitor(SOFIE)
    for path in (
        "/overzicht",
        "/dossier",
        "/betalingen",
        "/betalingen?zoek=%3Cscript%3Ealert(1)%3C/script%3E",
        f"/betaling/{fund.payments[FAMILY].id}",
        "/brieven",
        "/brieven?zoek=%3Cscript%3Ealert(1)%3C/script%3E",
        f"/brieven/{fund.letters[FAMILY].id}",
    ):
        answer = await sofie.get(path)
        assert answer.status_code == 200, path
        assert XSS not in await answer.get_data(as_text=True), path


async def _choose(visitor: Visitor, dossier: str, back: str = "") -> tuple[int, str]:
    client = await visitor(NATHALIE)
    answer = await client.post(
        "/dossier/keuze", form={"dossier": dossier, "terug": back}, headers=SAME_ORIGIN
    )
    if answer.status_code == 303:
        html = await (await client.get("/dossier")).get_data(as_text=True)
        assert WARD in html.split("<main")[1]
    return answer.status_code, answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("back", "onward"),
    [
        ("", "/overzicht"),
        ("/dossier", "/dossier"),
        ("/betaling/12", "/betalingen"),
        ("/betalingen/2025", "/betalingen"),
        ("/brieven/7", "/brieven"),
        ("//evil.example", "/overzicht"),
        ("https://evil.example", "/overzicht"),
    ],
)
async def test_another_of_your_dossiers_opens_on_the_same_page(
    app: Quart, fund: Fund, visitor: Visitor, back: str, onward: str
) -> None:
    assert await _choose(visitor, str(fund.dossiers[WARD].id), back) == (303, onward)


async def test_another_familys_dossier_does_not_exist(
    app: Quart, fund: Fund, visitor: Visitor
) -> None:
    for number in (FAMILY, STRANGERS):
        assert (await _choose(visitor, str(fund.dossiers[number].id)))[0] == 404
    assert (await _choose(visitor, "999999999999999999999999"))[0] == 404


@pytest.mark.parametrize("typed", ["", "x", "1.5", "1;DROP", "9" * 5000])
async def test_what_is_no_dossier_is_not_understood(
    app: Quart, fund: Fund, visitor: Visitor, typed: str
) -> None:
    assert (await _choose(visitor, typed))[0] == 400


def test_lists_stand_for_what_belongs_to_one_dossier() -> None:
    assert same_page("/formulieren") == "/formulieren"
    assert same_page("/brieven?zoek=x") == "/brieven"
    assert OWN != WARD
