"""Sofie follows the money: the year, a payment, why it differs, the statement, the calendar."""

from __future__ import annotations

import io
import re
from datetime import date

import pypdf
from playwright.async_api import Locator, Page, expect

from app.clock import today
from app.demo.fund.cast import SOFIE_DOSSIER
from app.web.formats import long_date, money
from tests.e2e.portal import Portal


def menu(page: Page) -> Locator:
    """The four tabs."""
    return page.get_by_role("navigation", name="Hoofdmenu")


def payment(portal: Portal, condition: str) -> tuple[int, int, date, str]:
    """Sofie's newest payment with a condition: id, cents, pay date, reference."""
    row = portal.rows(
        "SELECT p.id, p.total_cents, p.pay_date, p.reference FROM payment p"
        f" JOIN dossier d ON d.id = p.dossier_id WHERE d.number = ? AND ({condition})"
        " ORDER BY p.pay_date DESC LIMIT 1",
        [SOFIE_DOSSIER],
    )[0]
    return row[0], row[1], date.fromisoformat(row[2]), row[3]


async def test_from_home_to_a_payment_why_it_differs_and_its_statement(
    sofie: Page, portal: Portal
) -> None:
    toddler = "p.id IN (SELECT payment_id FROM payment_line WHERE component = 'toddler')"
    number, cents, pay_day, reference = payment(portal, toddler)
    await sofie.goto(portal.url("/overzicht"))
    await menu(sofie).get_by_role("link", name="Betalingen").click()
    await expect(sofie.get_by_role("heading", level=1)).to_have_text("Betalingen")
    await expect(sofie).to_have_title(re.compile("^Betalingen"))
    await sofie.get_by_role("link", name=str(pay_day.year), exact=True).click()
    picture = sofie.get_by_role("img", name=re.compile("^Wat u per maand ontving, per kind"))
    await expect(picture).to_be_visible()
    await sofie.get_by_role("link", name="Per onderdeel").click()
    picture = sofie.get_by_role("img", name=re.compile("^Wat u per maand ontving, per onderdeel"))
    await expect(picture).to_be_visible()
    await sofie.get_by_text("De cijfers in een tabel").click()
    await expect(sofie.get_by_role("columnheader", name="Kleutertoeslag")).to_be_visible()

    await sofie.locator(f'table.payments a[href="/betaling/{number}"]').click()
    main = sofie.get_by_role("main")
    await expect(main).to_contain_text(money(cents))
    await expect(main).to_contain_text(reference)
    why = sofie.get_by_role("region", name="Verschil met")
    await expect(why).to_contain_text("leutertoeslag")
    await expect(why.locator(".change")).to_have_text(re.compile(r"^\+"))
    await sofie.get_by_text("Wat is dit?").click()
    await expect(sofie.locator("dl.explained")).to_be_visible()

    link = sofie.get_by_role("link", name="Afschrift (PDF)")
    answer = await sofie.request.get(portal.url(await link.get_attribute("href") or ""))
    assert answer.headers["content-type"] == "application/pdf"
    paper = pypdf.PdfReader(io.BytesIO(await answer.body()))
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert " ".join(money(cents).split()) in text
    assert reference in text


async def test_a_payment_that_came_back_says_why_and_leads_to_the_new_one(
    sofie_anywhere: Page, portal: Portal
) -> None:
    number, *_ = payment(portal, "p.state = 'returned'")
    await sofie_anywhere.goto(portal.url(f"/betaling/{number}"))
    notice = sofie_anywhere.locator(".notice")
    await expect(notice).to_contain_text("Het geld kwam bij ons terug")
    await notice.get_by_role("link").click()
    await expect(sofie_anywhere.get_by_role("main")).to_contain_text("Het gaat over:")
    await sofie_anywhere.get_by_role("link", name="Vorige betaling").click()
    await expect(sofie_anywhere.locator(".notice")).to_contain_text("Het geld kwam bij ons terug")


async def test_browsing_the_years(sofie_anywhere: Page, portal: Portal) -> None:
    last = today().year - 1
    await sofie_anywhere.goto(portal.url("/betalingen"))
    await (
        sofie_anywhere.get_by_role("navigation", name="Jaar")
        .get_by_role("link", name=str(last))
        .click()
    )
    await expect(sofie_anywhere).to_have_url(portal.url(f"/betalingen/{last}"))
    await expect(
        sofie_anywhere.get_by_role("heading", name=f"Alle betalingen van {last}")
    ).to_be_visible()
    await sofie_anywhere.go_back()
    await expect(sofie_anywhere).to_have_url(portal.url("/betalingen"))


async def test_searching_for_an_amount_and_for_nothing(
    sofie_anywhere: Page, portal: Portal
) -> None:
    number, cents, *_ = payment(portal, "p.kind = 'correction'")
    await sofie_anywhere.goto(portal.url("/betalingen"))
    box = sofie_anywhere.get_by_role("searchbox")
    await box.fill(f"{cents // 100},{cents % 100:02d}")
    await box.press("Enter")
    await expect(sofie_anywhere.get_by_role("status")).to_have_text(
        "1 betaling gevonden, in alle jaren."
    )
    await expect(sofie_anywhere.locator(f'a[href="/betaling/{number}"]')).to_be_visible()
    await sofie_anywhere.get_by_role("searchbox").fill("zeppelin")
    await sofie_anywhere.get_by_role("button", name="Zoek").click()
    await expect(
        sofie_anywhere.get_by_role("heading", name="Geen betaling gevonden")
    ).to_be_visible()


async def test_the_calendar_says_when_money_comes(sofie: Page, portal: Portal) -> None:
    number, cents, pay_day, _ = payment(portal, "p.state = 'announced'")
    await sofie.goto(portal.url("/overzicht"))
    await expect(sofie.get_by_role("region", name="Volgende betaling")).to_contain_text(
        money(cents)
    )
    await sofie.get_by_role("link", name="Wanneer word ik betaald?").click()
    coming = sofie.get_by_role("region", name="Komende betaaldagen")
    day = coming.locator(f'a[href="/betaling/{number}"]')
    await expect(day).to_contain_text(money(cents))
    await expect(day).to_contain_text(long_date(pay_day))
    await expect(coming.get_by_text("Verwacht", exact=True).first).to_be_visible()
