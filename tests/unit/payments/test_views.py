"""The pages of payments, as somebody of the cast sees them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.demo.people import DemoPerson
from app.dossiers.models import Child, DossierState
from app.payments import views
from app.payments.models import Component, Payment, PaymentKind, PaymentLine, PaymentState
from tests.cast import FAMILY, KARIM, LUKASZ, NATHALIE, OWN, SOFIE, STRANGERS, WARD, Fund
from tests.unit.conftest import Visitor

YEAR = 2026
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of this room are shown as on one and the same day."""
    monkeypatch.setattr(views, "today", lambda: TODAY)


async def pay(
    fund: Fund,
    period: date,
    pay_date: date,
    *,
    dossier: str = FAMILY,
    state: PaymentState = PaymentState.PAID,
    kind: PaymentKind = PaymentKind.MONTHLY,
    reason: str = "",
    corrects: str = "",
    lines: tuple[tuple[Component, int], ...] = ((Component.BASIC, 18_747),),
) -> Payment:
    """One more payment in a dossier of the cast."""
    payment = await Payment.create(
        dossier=fund.dossiers[dossier],
        reference=f"X-{dossier}-{period}-{state}-{kind}-{pay_date}",
        kind=kind,
        period=period,
        pay_date=pay_date,
        state=state,
        reason=reason,
        corrects=corrects,
        total_cents=sum(cents for _, cents in lines),
        account_masked="BE68 •••• •••• 7034",
        digest="0" * 64,
    )
    child = await Child.get(dossier=fund.dossiers[dossier], key="K1")
    for component, cents in lines:
        await PaymentLine.create(
            payment=payment, child=child, component=component, amount_cents=cents
        )
    return payment


async def text_of(visitor: Visitor, address: str, person: DemoPerson = SOFIE) -> str:
    """The page that somebody gets."""
    answer = await (await visitor(person)).get(address)
    assert answer.status_code == 200, address
    return (await answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")


async def status_of(visitor: Visitor, address: str, person: DemoPerson) -> int:
    """What somebody is answered."""
    return (await (await visitor(person)).get(address)).status_code


@pytest.mark.parametrize("path", ["/betalingen", "/betalingen/2026", "/betalingen/kalender"])
async def test_a_list_shows_the_open_dossiers_payments_and_no_others(
    path: str, fund: Fund, visitor: Visitor
) -> None:
    for person in (SOFIE, KARIM):
        page = await text_of(visitor, path, person)
        assert f"/betaling/{fund.payments[FAMILY].id}" in page
        assert "Kinderbijslag oktober 2026" in page
        for number in (STRANGERS, OWN, WARD):
            assert f'/betaling/{fund.payments[number].id}"' not in page


@pytest.mark.parametrize("end", ["", "/afschrift.pdf"])
async def test_a_stranger_does_not_find_a_payment(end: str, fund: Fund, visitor: Visitor) -> None:
    address = f"/betaling/{fund.payments[FAMILY].id}{end}"
    assert await status_of(visitor, address, SOFIE) == 200
    assert await status_of(visitor, address, KARIM) == 200
    assert await status_of(visitor, address, LUKASZ) == 404
    assert await status_of(visitor, address, NATHALIE) == 404


@pytest.mark.parametrize(
    "path", ["/betalingen", "/betalingen/2026", "/betalingen/kalender", "/betaling/1"]
)
async def test_nobody_is_sent_to_sign_in_first(path: str, fund: Fund, visitor: Visitor) -> None:
    answer = await (await visitor()).get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/?volgende=")


async def test_a_payment_of_ones_other_dossier_opens_and_says_so(
    fund: Fund, visitor: Visitor
) -> None:
    own = await text_of(visitor, f"/betaling/{fund.payments[OWN].id}", NATHALIE)
    ward = await text_of(visitor, f"/betaling/{fund.payments[WARD].id}", NATHALIE)
    assert "uw andere dossier" not in own
    assert "uw andere dossier" in ward
    assert WARD in ward


@pytest.mark.parametrize(
    "path",
    [
        "/betaling/0",
        "/betaling/999999",
        "/betaling/99999999999999999999",
        "/betalingen/0",
        "/betalingen/1998",
        "/betalingen/99999999",
    ],
)
async def test_what_does_not_exist_is_not_found(path: str, fund: Fund, visitor: Visitor) -> None:
    assert await status_of(visitor, path, SOFIE) == 404


async def test_a_withdrawn_payment_is_nowhere(fund: Fund, visitor: Visitor) -> None:
    payment = fund.payments[FAMILY]
    payment.withdrawn_at = datetime.now(UTC)
    await payment.save()
    assert await status_of(visitor, f"/betaling/{payment.id}", SOFIE) == 404
    page = await text_of(visitor, "/betalingen")
    assert "Nog geen betalingen" in page
    assert "187,47" not in page


async def test_the_picture_comes_with_the_same_figures_as_text(
    fund: Fund, visitor: Visitor
) -> None:
    page = await text_of(visitor, "/betalingen/2026")
    assert 'role="img" aria-labelledby="chart-title chart-desc"' in page
    assert "Noor: € 187,47." in page
    assert '<th scope="row">november</th><td class="amount">€ 187,47</td>' in page
    per_component = await text_of(visitor, "/betalingen/2026?per=onderdeel")
    assert "Basisbedrag: € 187,47." in per_component
    nonsense = await text_of(visitor, "/betalingen/2026?per=nonsens")
    assert "Noor: € 187,47." in nonsense


async def test_what_is_announced_stands_apart_as_the_next_payment(
    fund: Fund, visitor: Visitor
) -> None:
    coming = await pay(
        fund, TODAY.replace(day=1), TODAY + timedelta(days=9), state=PaymentState.ANNOUNCED
    )
    page = await text_of(visitor, "/betalingen")
    assert "Volgende betaling" in page
    assert page.count(f"/betaling/{coming.id}") == 1


async def test_years_are_those_with_payments_and_the_newest_opens(
    fund: Fund, visitor: Visitor
) -> None:
    await pay(fund, date(2024, 3, 1), date(2024, 4, 5))
    page = await text_of(visitor, "/betalingen")
    assert f'href="/betalingen/{YEAR}" aria-current="page"' in page
    assert 'href="/betalingen/2024"' in page
    assert 'href="/betalingen/2025"' not in page


async def test_a_search_looks_in_all_years(fund: Fund, visitor: Visitor) -> None:
    old = await pay(fund, date(2024, 3, 1), date(2024, 4, 5), lines=((Component.BASIC, 18_019),))
    page = await text_of(visitor, "/betalingen?zoek=180,19")
    assert f"/betaling/{old.id}" in page
    assert "1 betaling gevonden" in page
    assert f"/betaling/{fund.payments[FAMILY].id}" not in page
    nothing = await text_of(visitor, "/betalingen?zoek=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "Geen betaling gevonden" in nothing
    assert "<script>alert" not in nothing


async def test_a_payment_says_why_it_differs_from_the_month_before(
    fund: Fund, visitor: Visitor
) -> None:
    lines = ((Component.BASIC, 18_747), (Component.SOCIAL, 5_412))
    newer = await pay(fund, date(2026, 11, 1), date(2026, 11, 20), lines=lines)
    page = await text_of(visitor, f"/betaling/{newer.id}")
    assert "Verschil met oktober 2026" in page
    assert "Sociale toeslag voor Noor kwam erbij." in page
    assert "+ € 54,12" in page
    assert "lager inkomen" in page  # what the supplement is


async def test_a_returned_payment_says_why_and_what_to_do(fund: Fund, visitor: Visitor) -> None:
    payment = await pay(
        fund,
        date(2026, 9, 1),
        date(2026, 10, 7),
        state=PaymentState.RETURNED,
        reason="De rekening is afgesloten.",
    )
    page = await text_of(visitor, f"/betaling/{payment.id}")
    assert "De rekening is afgesloten." in page
    assert "Dan betalen wij opnieuw" in page
    assert "/formulieren" in page
    again = await pay(
        fund, date(2026, 9, 1), date(2026, 10, 24), corrects=payment.reference, reason="Opnieuw."
    )
    page = await text_of(visitor, f"/betaling/{payment.id}")
    assert f"/betaling/{again.id}" in page
    assert "Dan betalen wij opnieuw" not in page
    assert f"/betaling/{payment.id}" in await text_of(visitor, f"/betaling/{again.id}")


async def test_a_late_payment_says_why_and_what_the_law_says(fund: Fund, visitor: Visitor) -> None:
    late = await pay(
        fund, date(2026, 8, 1), date(2026, 9, 24), reason="Wij wachtten op een attest."
    )
    page = await text_of(visitor, f"/betaling/{late.id}")
    assert "kwam later dan gewoonlijk" in page
    assert "Wij wachtten op een attest." in page
    assert "artikel 87" in page
    assert "8 september 2026" in page
    assert "binnen 2 maanden" in page
    assert "na de beslissing" not in page  # that is not what the article says
    overdue = await pay(
        fund, date(2026, 7, 1), TODAY - timedelta(days=4), state=PaymentState.ANNOUNCED
    )
    page = await text_of(visitor, f"/betaling/{overdue.id}")
    assert "Deze betaling is te laat" in page
    assert "nog geen reden" in page


async def test_a_payment_is_late_only_after_the_day_that_the_calendar_promises(
    fund: Fund, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced = await pay(fund, date(2026, 11, 1), date(2026, 12, 7), state=PaymentState.ANNOUNCED)
    paths = ("/betalingen", "/betalingen?zoek=aangekondigd", "/betalingen/kalender")
    monkeypatch.setattr(views, "today", lambda: date(2026, 12, 8))
    for path in (*paths, f"/betaling/{announced.id}"):
        page = await text_of(visitor, path)
        assert f"/betaling/{announced.id}" in page, path
        assert "te laat" not in page.lower(), path
    monkeypatch.setattr(views, "today", lambda: date(2026, 12, 9))
    for path in ("/betalingen", "/betalingen?zoek=te+laat", "/betalingen/kalender"):
        page = await text_of(visitor, path)
        assert f"/betaling/{announced.id}" in page, path
        assert '<span class="tag tag-alert">Te laat</span>' in page, path
    page = await text_of(visitor, f"/betaling/{announced.id}")
    assert "Het geld moest er ten laatste zijn op 8 december 2026" in page


async def test_the_statement_of_a_payment_announced_for_later_says_what_the_page_says(
    fund: Fund, visitor: Visitor
) -> None:
    late = await pay(fund, date(2026, 9, 1), date(2026, 11, 26), state=PaymentState.ANNOUNCED)
    assert ">Aangekondigd<" in await text_of(visitor, f"/betaling/{late.id}")
    answer = await (await visitor(SOFIE)).get(f"/betaling/{late.id}/afschrift.pdf")
    reader = PdfReader(BytesIO(await answer.get_data(as_text=False)))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Aangekondigd" in text
    assert "Te laat" not in text


async def test_a_corrected_payment_and_its_correction_link_to_each_other(
    fund: Fund, visitor: Visitor
) -> None:
    wrong = await pay(fund, date(2026, 6, 1), date(2026, 7, 7), state=PaymentState.CORRECTED)
    mend = await pay(
        fund,
        date(2026, 6, 1),
        date(2026, 7, 20),
        kind=PaymentKind.CORRECTION,
        corrects=wrong.reference,
        lines=((Component.CORRECTION, 5_000),),
    )
    assert f"/betaling/{mend.id}" in await text_of(visitor, f"/betaling/{wrong.id}")
    assert f"/betaling/{wrong.id}" in await text_of(visitor, f"/betaling/{mend.id}")


async def test_the_calendar_marks_what_is_only_expected(fund: Fund, visitor: Visitor) -> None:
    page = await text_of(visitor, "/betalingen/kalender")
    assert page.count(">Verwacht<") == 12
    dossier = fund.dossiers[FAMILY]
    dossier.state = DossierState.CLOSED
    await dossier.save()
    page = await text_of(visitor, "/betalingen/kalender")
    assert ">Verwacht<" not in page
    assert "afgesloten" in page


async def test_the_statement_is_a_pdf_with_all_that_the_page_says(
    fund: Fund, visitor: Visitor
) -> None:
    payment = fund.payments[FAMILY]
    answer = await (await visitor(SOFIE)).get(f"/betaling/{payment.id}/afschrift.pdf")
    assert answer.content_type == "application/pdf"
    assert 'filename="betaling-2026-11-06.pdf"' in answer.headers["Content-Disposition"]
    reader = PdfReader(BytesIO(await answer.get_data(as_text=False)))
    text = "\n".join(page.extract_text() for page in reader.pages).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    for expected in (
        "Kinderbijslagfonds De Vlier",
        "Kinderbijslag oktober 2026",
        FAMILY,
        "Noor",
        "Basisbedrag",
        "€ 187,47",
        "BE68 •••• •••• 7034",
        "+++123/1234/12328+++",
    ):
        assert expected in text
