"""Sofie signs out on a computer that is not hers, and the next one at it sees nothing of her."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from app.clock import today
from app.demo.people import SOFIE
from tests.e2e.people import choose_eid, sign_in_with_eid, type_pin
from tests.e2e.portal import Portal

PERSONAL = re.compile("Sofie|Vermeulen|El Amrani|DV-100001|€")


async def test_after_signing_out_back_and_reload_show_nothing(page: Page, portal: Portal) -> None:
    await sign_in_with_eid(page, portal, SOFIE, at="/betalingen")
    await page.wait_for_url(re.compile("/(betalingen|registreren)"))
    await page.goto(portal.url("/betalingen"))
    await page.get_by_role("link", name=str(today().year - 1), exact=True).click()
    await expect(page).to_have_url(re.compile(r"/betalingen/\d+$"))
    address = page.url
    assert PERSONAL.search(await page.content())

    await page.get_by_role("button", name="Afmelden", exact=True).click()
    await expect(page).to_have_url(portal.url("/afgemeld"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("U bent afgemeld")
    assert not [one for one in await page.context.cookies() if one["name"] == "sessie"]

    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Uw kinderbijslag, altijd bij de hand"
    )
    assert not PERSONAL.search(await page.content())
    await page.reload()
    assert not PERSONAL.search(await page.content())

    await page.goto(address)
    await expect(page).to_have_url(re.compile(r"/\?volgende="))
    assert not PERSONAL.search(await page.content())
    await choose_eid(page, SOFIE)  # the provider asks again: there she is signed out as well
    await type_pin(page, SOFIE.pin or "")
    await expect(page).to_have_url(address)


async def test_the_session_of_another_window_ends_with_it(
    page: Page, portal: Portal, sofie: Page
) -> None:
    other = await page.context.new_page()
    await other.goto(portal.url("/betalingen"))
    await page.goto(portal.url("/overzicht"))
    await page.get_by_role("button", name="Afmelden", exact=True).click()
    await expect(page).to_have_url(portal.url("/afgemeld"))
    await other.get_by_role("link", name="Brieven").first.click()
    await expect(other.get_by_role("heading", level=1)).to_have_text(
        "Uw kinderbijslag, altijd bij de hand"
    )
    assert not PERSONAL.search(await other.content())
