"""A person signs in: with eID, with a token, with mistakes, or changes their mind."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from app.demo.people import AMINA, JAN, KARIM, LUKASZ, NATHALIE, SOFIE
from tests.e2e.conftest import Complaints, LetIn
from tests.e2e.people import (
    choose_eid,
    choose_token,
    register,
    sign_in_with_eid,
    sign_in_with_token,
    type_code,
    type_pin,
)
from tests.e2e.portal import Portal


async def test_sofie_signs_in_with_her_eid_for_the_first_time_and_makes_a_profile(
    page: Page, portal: Portal
) -> None:
    portal.forget_profile(SOFIE)
    await sign_in_with_eid(page, portal, SOFIE)

    await expect(page.get_by_role("heading", level=1)).to_have_text("Welkom, Sofie")
    found = page.get_by_role("region", name="Dit bent u")
    await expect(found).to_contain_text("Sofie Vermeulen")
    await expect(found).to_contain_text("86.04.12-214.")
    await expect(found).to_contain_text("DV-100001")

    await page.get_by_label("E-mailadres").fill("sofie@nergens")
    await page.get_by_label("In welke taal schrijven wij u?").select_option("fr")
    await page.get_by_label("Verwittig mij per e-mail").check()
    await page.get_by_role("button", name="Profiel maken").click()

    summary = page.get_by_role("alert")
    await expect(summary).to_contain_text("Dit e-mailadres klopt niet")
    await expect(summary).to_contain_text("Vink aan dat u akkoord gaat met de voorwaarden")
    await expect(summary).to_be_focused()
    await expect(page).to_have_title(re.compile("^Fout:"))
    await expect(page.get_by_label("E-mailadres")).to_have_value("sofie@nergens")
    await expect(page.get_by_label("In welke taal schrijven wij u?")).to_have_value("fr")
    await expect(page.get_by_label("Verwittig mij per e-mail")).to_be_checked()
    await summary.get_by_role("link", name="Vink aan dat").click()
    conditions = page.get_by_label("Ik ga akkoord met de voorwaarden")
    await expect(conditions).to_be_focused()

    await page.get_by_label("E-mailadres").fill("sofie@voorbeeld.be")
    await page.get_by_label("In welke taal schrijven wij u?").select_option("nl")
    await register(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Dag Sofie")
    await page.get_by_role("link", name="uw profiel").click()
    await expect(page.get_by_label("E-mailadres")).to_have_value("sofie@voorbeeld.be")
    await expect(page.get_by_role("main")).to_contain_text("nog te bevestigen")


async def test_karim_signs_in_with_his_token(page: Page, portal: Portal) -> None:
    portal.forget_profile(KARIM)
    await sign_in_with_token(page, portal, KARIM)
    await register(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Dag Karim")


async def test_amina_signs_in_with_her_token_and_is_known_by_her_bis_number(
    either_page: Page, portal: Portal
) -> None:
    page = either_page
    portal.forget_profile(AMINA)
    await sign_in_with_token(page, portal, AMINA)
    found = page.get_by_role("region", name="Dit bent u")
    await expect(found).to_contain_text("Bisnummer")
    await expect(found).to_contain_text("94.47.19-088")
    await register(page)
    await page.get_by_role("link", name="Dossier", exact=True).click()
    await expect(page.get_by_role("heading", name="Aïssatou Diallo")).to_be_visible()


async def test_jan_has_no_dossier_and_is_told_what_he_can_do(page: Page, portal: Portal) -> None:
    portal.forget_profile(JAN)
    await sign_in_with_eid(page, portal, JAN)
    await expect(page.get_by_role("main")).to_contain_text("Wij vinden geen dossier van u")
    await register(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Wij vinden geen dossier van u")
    await page.goto(portal.url("/betalingen"))
    await expect(page).to_have_url(portal.url("/overzicht"))
    await page.get_by_role("link", name="Contact opnemen").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Contact")


async def test_a_wrong_pin_three_times_blocks_the_card_and_help_unblocks_it(
    page: Page, portal: Portal, complaints: Complaints, open_cards: None
) -> None:
    complaints.allow("status of 403")
    await page.goto(portal.url("/"))
    await choose_eid(page, LUKASZ)
    await type_pin(page, "0000")
    await expect(page.get_by_role("alert")).to_contain_text("U hebt nog 2 pogingen")
    await type_pin(page, "0000")
    await expect(page.get_by_role("alert")).to_contain_text("U hebt nog 1 poging.")
    await type_pin(page, "0000")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Uw kaart is geblokkeerd")

    await page.get_by_role("link", name="Nieuwe pincode aanvragen").click()
    await page.get_by_role("button", name="Nieuwe pincode aanvragen").click()
    await page.get_by_role("link", name="Verder met aanmelden").click()
    await type_pin(page, LUKASZ.pin or "")
    await expect(page).to_have_url(re.compile("/(overzicht|registreren)$"))


async def test_a_wrong_password_and_a_wrong_code_can_be_tried_again(
    page: Page, portal: Portal, open_cards: None
) -> None:
    assert NATHALIE.token
    await page.goto(portal.url("/"))
    await page.get_by_role("link", name="Aanmelden met persoonlijke code").click()
    await page.get_by_role("link", name="Persoonlijke code (token)").click()
    await page.get_by_label("Gebruikersnaam").fill(NATHALIE.token.username)
    await page.get_by_label("Wachtwoord").fill("iets anders")
    await page.get_by_role("button", name="Verder").click()
    await expect(page.get_by_role("alert")).to_contain_text("U hebt nog 2 pogingen")
    await page.get_by_label("Wachtwoord").fill(NATHALIE.token.password)
    await page.get_by_role("button", name="Verder").click()

    await page.get_by_label(re.compile("^Code")).fill("ZZZZZZ")
    await page.get_by_role("button", name="Aanmelden", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("U hebt nog 1 poging.")
    await type_code(page, NATHALIE)
    await expect(page).to_have_url(re.compile("/(overzicht|registreren)$"))


@pytest.mark.parametrize("means", ["eid", "token"])
async def test_who_cancels_comes_back_to_a_plain_page_and_can_try_again(
    either_page: Page, portal: Portal, complaints: Complaints, means: str
) -> None:
    page = either_page
    complaints.allow("status of 400")
    await page.goto(portal.url("/"))
    if means == "eid":
        await choose_eid(page, SOFIE)
    else:
        await choose_token(page, SOFIE)
    await page.get_by_role("button", name="Annuleren").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("U hebt het aanmelden gestopt")
    await page.get_by_role("link", name="Opnieuw aanmelden").click()
    await choose_eid(page, SOFIE)
    await type_pin(page, SOFIE.pin or "")
    await expect(page).to_have_url(re.compile("/(overzicht|registreren)$"))


async def test_an_answer_that_nobody_asked_for_ends_on_a_page_with_a_way_forward(
    either_page: Page, portal: Portal, complaints: Complaints
) -> None:
    page = either_page
    complaints.allow("status of 400")
    await page.goto(portal.url("/aanmelden/terug?code=gevonden&state=geraden"))
    await expect(page.get_by_role("main")).to_contain_text("vermeld dit nummer")
    await page.get_by_role("link", name="Hulp bij aanmelden").first.click()
    await page.get_by_text("Ik heb geen kaartlezer").click()
    await expect(page.get_by_text("U kunt een kaartlezer kopen")).to_be_visible()


async def test_who_opens_an_address_comes_to_it_after_signing_in(
    either_page: Page, portal: Portal, let_in: LetIn
) -> None:
    page = either_page
    await let_in(page.context, SOFIE)  # she has a profile
    await page.context.clear_cookies()
    await sign_in_with_eid(page, portal, SOFIE, at="/betalingen/2025?per=onderdeel")
    await expect(page).to_have_url(portal.url("/betalingen/2025?per=onderdeel"))
    await expect(page.get_by_role("link", name="Per onderdeel")).to_have_attribute(
        "aria-current", "true"
    )


async def test_whose_first_visit_is_to_an_address_comes_to_it_after_registering(
    either_page: Page, portal: Portal
) -> None:
    page = either_page
    portal.forget_profile(LUKASZ)
    await sign_in_with_eid(page, portal, LUKASZ, at="/brieven")
    await page.get_by_label("Ik ga akkoord met de voorwaarden").check()
    await page.get_by_role("button", name="Profiel maken").click()
    await expect(page).to_have_url(portal.url("/brieven"))
