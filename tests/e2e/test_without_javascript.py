"""Nathalie's browser runs no scripts: everything that matters works all the same."""

from __future__ import annotations

import re

from playwright.async_api import expect

from app.demo.fund.cast import GUARDIAN_DOSSIER
from app.demo.people import NATHALIE
from tests.e2e.conftest import PHONE, NewContext
from tests.e2e.people import register, sign_in_with_eid
from tests.e2e.portal import Portal


async def test_the_main_path_works_without_scripts(new_context: NewContext, portal: Portal) -> None:
    portal.forget_profile(NATHALIE)
    page = await (await new_context(**PHONE, java_script_enabled=False)).new_page()
    await sign_in_with_eid(page, portal, NATHALIE)
    await page.get_by_role("button", name="Profiel maken").click()
    await expect(page.get_by_role("alert")).to_contain_text("Vink aan dat u akkoord gaat")
    await register(page)

    await page.get_by_role("link", name="Betalingen", exact=True).click()
    await page.get_by_role("link", name="Per onderdeel").click()
    await page.locator("table.payments a").first.click()
    await expect(page.get_by_role("link", name="Afschrift (PDF)")).to_be_visible()

    await page.get_by_role("link", name=re.compile("^Brieven")).click()
    new = page.get_by_role("region", name="Ongelezen")
    before = await new.get_by_role("listitem").count()
    await new.get_by_role("link").first.click()
    await page.get_by_role("button", name="Ik heb dit gelezen").click()
    await expect(page.get_by_role("button", name="Markeren als ongelezen")).to_be_visible()
    await page.get_by_role("link", name="Alle brieven en berichten").click()
    await expect(new.get_by_role("listitem")).to_have_count(before - 1)

    await page.get_by_label("Dossier", exact=True).select_option(
        label=f"Mila – u bent voogd – {GUARDIAN_DOSSIER}"
    )
    await page.get_by_role("button", name="Openen").click()
    await page.get_by_role("link", name="Dossier", exact=True).click()
    await expect(page.get_by_role("heading", name="Mila Fontaine")).to_be_visible()

    await page.get_by_role("button", name="Afmelden").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("U bent afgemeld")
