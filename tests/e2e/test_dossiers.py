"""Who sees what: two dossiers of one person, two parents of one dossier, and strangers."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Page, expect

from app.demo.fund.cast import GUARDIAN_DOSSIER, NATHALIE_DOSSIER, SOFIE_DOSSIER
from app.demo.people import KARIM, LUKASZ, NATHALIE, SOFIE, DemoPerson
from tests.e2e.conftest import Complaints, LetIn
from tests.e2e.portal import Portal

TO_KARIM = "Uw rechten als andere ouder"
TO_SOFIE = "Uw nieuwe rekeningnummer is in orde"


def one(portal: Portal, table: str, dossier: str) -> int:
    """The newest payment or letter of a dossier."""
    found: int = portal.rows(
        f"SELECT max(one.id) FROM {table} one JOIN dossier d ON d.id = one.dossier_id"
        " WHERE d.number = ? AND one.withdrawn_at IS NULL",
        [dossier],
    )[0][0]
    return found


async def test_nathalie_switches_between_her_two_dossiers(
    page: Page, portal: Portal, let_in: LetIn
) -> None:
    await let_in(page.context, NATHALIE)
    await page.goto(portal.url("/dossier"))
    await expect(page.get_by_role("heading", name="Louise Lemmens")).to_be_visible()

    await page.get_by_label("Dossier", exact=True).select_option(
        label=f"Mila – u bent voogd – {GUARDIAN_DOSSIER}"
    )
    await page.get_by_role("button", name="Openen").click()
    await expect(page.get_by_role("heading", name="Mila Fontaine")).to_be_visible()
    await expect(page).to_have_url(portal.url("/dossier"))
    await page.get_by_role("link", name="Brieven").first.click()
    await expect(
        page.get_by_role("link", name="Beslissing: wezentoeslag voor Mila")
    ).to_be_visible()
    await expect(page.get_by_role("link", name="Louise is 12")).to_be_hidden()
    await page.get_by_role("link", name="Betalingen").first.click()
    await expect(page.locator(".legend")).to_contain_text("Mila")

    letter = one(portal, "letter", NATHALIE_DOSSIER)
    await page.goto(portal.url(f"/brieven/{letter}"))
    await expect(page.get_by_role("main")).to_contain_text(NATHALIE_DOSSIER)
    payment = one(portal, "payment", NATHALIE_DOSSIER)
    await page.goto(portal.url(f"/betaling/{payment}"))
    await expect(page.get_by_role("main")).to_contain_text(
        "Deze betaling hoort bij uw andere dossier"
    )
    await page.get_by_label("Dossier", exact=True).select_option(
        label=f"Arthur, Louise – u bent begunstigde – {NATHALIE_DOSSIER}"
    )
    await page.get_by_role("button", name="Openen").click()
    await expect(page).to_have_url(portal.url("/betalingen"))
    await expect(page.locator(".legend")).to_contain_text("Louise")


@pytest.mark.parametrize(
    ("person", "own", "foreign"),
    [(SOFIE, TO_SOFIE, TO_KARIM), (KARIM, TO_KARIM, TO_SOFIE)],
    ids=["sofie", "karim"],
)
async def test_a_letter_to_one_parent_is_not_seen_by_the_other(
    desktop: BrowserContext,
    portal: Portal,
    let_in: LetIn,
    complaints: Complaints,
    person: DemoPerson,
    own: str,
    foreign: str,
) -> None:
    complaints.allow("status of 404")
    await let_in(desktop, person)
    page = await desktop.new_page()
    await page.goto(portal.url("/brieven"))
    await expect(page.get_by_role("link", name=own)).to_be_visible()
    await expect(page.get_by_role("link", name=foreign)).to_be_hidden()
    number = portal.rows("SELECT id FROM letter WHERE subject = ?", [foreign])[0][0]
    for path in (f"/brieven/{number}", f"/brieven/{number}/document.pdf"):
        answer = await page.goto(portal.url(path))
        assert answer is not None
        assert answer.status == 404
        assert foreign not in await page.content()


async def test_lukasz_finds_nothing_at_the_addresses_of_sofie(
    either_page: Page, portal: Portal, let_in: LetIn, complaints: Complaints
) -> None:
    page = either_page
    complaints.allow("status of 404")
    await let_in(page.context, LUKASZ)
    letter, payment = one(portal, "letter", SOFIE_DOSSIER), one(portal, "payment", SOFIE_DOSSIER)
    for path in (
        f"/brieven/{letter}",
        f"/brieven/{letter}/document.pdf",
        f"/betaling/{payment}",
        f"/betaling/{payment}/afschrift.pdf",
        "/brieven/999999",
    ):
        await page.goto(portal.url(path))
        await expect(page.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")
        assert "Vermeulen" not in await page.content()
    for path in ("/overzicht", "/dossier", "/betalingen", "/brieven", "/profiel"):
        await page.goto(portal.url(path))
        content = await page.content()
        assert "El Amrani" not in content
        assert SOFIE_DOSSIER not in content
