"""Sofie reads her letters: what is new, the paper itself, read and unread, searching."""

from __future__ import annotations

import re

import pypdf
import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from app.demo.fund.cast import SOFIE_DOSSIER
from app.demo.people import SOFIE
from tests.e2e.conftest import LetIn
from tests.e2e.portal import Portal

MESSAGE = "Uw volgende betaling staat klaar"
DECISION = re.compile("^Beslissing: kleutertoeslag voor Zoë")


@pytest.fixture
async def letters(sofie: Page, portal: Portal) -> Page:
    """Sofie's letters, all of them new to her."""
    portal.forget_readings(SOFIE)
    await sofie.goto(portal.url("/overzicht"))
    await (
        sofie.get_by_role("navigation", name="Hoofdmenu")
        .get_by_role("link", name="Brieven")
        .click()
    )
    await expect(sofie.get_by_role("heading", level=1)).to_have_text("Brieven en berichten")
    return sofie


def number_of_letters(portal: Portal) -> int:
    """How many letters Sofie can see."""
    found: int = portal.rows(
        "SELECT count(*) FROM letter l JOIN dossier d ON d.id = l.dossier_id"
        " LEFT JOIN person p ON p.id = l.addressee_id WHERE d.number = ?"
        " AND l.withdrawn_at IS NULL AND (p.id IS NULL OR p.number = ?)",
        [SOFIE_DOSSIER, SOFIE.number],
    )[0][0]
    return found


def badge(page: Page) -> Locator:
    """The number beside the tab of the letters."""
    return page.locator(".tabs .badge [data-unread-count]")


async def test_a_message_is_read_by_looking_at_it_and_can_be_made_unread(
    letters: Page, portal: Portal
) -> None:
    everything = number_of_letters(portal)
    await expect(badge(letters)).to_have_text(str(everything))
    new = letters.get_by_role("region", name="Ongelezen")
    await new.get_by_role("link", name=MESSAGE).click()
    await expect(letters.get_by_role("heading", level=1)).to_have_text(MESSAGE)
    await expect(letters.get_by_role("main")).to_contain_text("In het portaal ziet u nu al")
    await expect(letters.get_by_role("button", name="Markeren als ongelezen")).to_be_visible()
    await expect(badge(letters)).to_have_text(str(everything - 1))

    await letters.get_by_role("link", name="Alle brieven en berichten").click()
    await expect(badge(letters)).to_have_text(str(everything - 1))
    read = letters.get_by_role("region", name="Gelezen", exact=True)
    await read.get_by_role("link", name=MESSAGE).click()
    await letters.get_by_role("button", name="Markeren als ongelezen").click()
    await expect(letters).to_have_url(portal.url("/brieven"))
    await expect(new.get_by_role("link", name=MESSAGE)).to_be_visible()
    await expect(badge(letters)).to_have_text(str(everything))


async def test_a_decision_tells_how_to_appeal_and_its_paper_can_be_kept(letters: Page) -> None:
    await letters.get_by_role("link", name=DECISION).click()
    appeal = letters.get_by_role("region", name="Gaat u niet akkoord?")
    await expect(appeal).to_contain_text("beroep")
    async with letters.expect_download() as download:
        await letters.get_by_role("link", name="Bewaren").click()
    kept = await download.value
    assert kept.suggested_filename.endswith(".pdf")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(await kept.path()).pages)
    assert "kleutertoeslag" in text


async def test_a_computer_shows_the_paper_in_the_page(
    desktop: BrowserContext, portal: Portal, let_in: LetIn
) -> None:
    await let_in(desktop, SOFIE)
    page = await desktop.new_page()
    await page.goto(portal.url("/brieven"))
    await page.get_by_role("link", name=DECISION).click()
    paper = page.get_by_title(re.compile("^De brief zelf"))
    async with page.expect_response(re.compile(r"/document\.pdf")) as answer:
        await paper.scroll_into_view_if_needed()
    assert (await answer.value).headers["content-disposition"].startswith("inline")
    box = await paper.bounding_box()
    assert box is not None
    assert box["height"] > 500


async def test_a_phone_opens_the_paper_by_a_button(
    phone: BrowserContext, portal: Portal, let_in: LetIn
) -> None:
    await let_in(phone, SOFIE)
    page = await phone.new_page()
    await page.goto(portal.url("/brieven"))
    await page.get_by_role("link", name=DECISION).click()
    button = page.get_by_role("link", name=re.compile("^Open de brief"))
    await expect(button).to_be_visible()
    await expect(page.get_by_title(re.compile("^De brief zelf"))).to_be_hidden()
    answer = await page.request.get(portal.url(await button.get_attribute("href") or ""))
    assert (await answer.body()).startswith(b"%PDF-")


async def test_finding_a_letter_by_a_word_or_a_kind(letters: Page, portal: Portal) -> None:
    await letters.get_by_role("searchbox").fill("kleuterschool")
    await letters.get_by_role("searchbox").press("Enter")
    await expect(letters.get_by_role("status")).to_contain_text("gevonden voor kleuterschool")
    await expect(
        letters.get_by_role("link", name="Gaat Zoë naar de kleuterschool?")
    ).to_be_visible()
    await expect(letters.get_by_role("link", name=MESSAGE)).to_be_hidden()
    await letters.get_by_role("searchbox").fill("zeppelin")
    await letters.get_by_role("searchbox").press("Enter")
    await expect(letters.get_by_role("heading", name="Niets gevonden")).to_be_visible()
    await letters.get_by_role("link", name="Toon alles").click()
    await letters.get_by_role("link", name=re.compile("^Beslissingen")).click()
    await expect(letters.get_by_role("link", name=DECISION)).to_be_visible()
    await expect(letters.get_by_role("link", name=MESSAGE)).to_be_hidden()
