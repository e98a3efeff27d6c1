"""A word with the other browser: Sofie signs in with Firefox and sees her payments."""

from __future__ import annotations

import os
import re

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright, expect

from app.demo.people import SOFIE
from tests.e2e.people import register, sign_in_with_eid
from tests.e2e.portal import Portal

FIREFOX = "/usr/bin/firefox-esr"


async def test_sofie_signs_in_with_firefox_and_sees_her_payments(
    playwright: Playwright, portal: Portal
) -> None:
    if not os.access(FIREFOX, os.X_OK):
        pytest.skip("no Firefox ESR on this machine (Debian: apt install firefox-esr)")
    try:
        firefox = await playwright.firefox.launch(
            channel="moz-firefox", executable_path=FIREFOX, timeout=30_000
        )
    except PlaywrightError as problem:
        pytest.skip(f"Firefox ESR does not start: {problem.message.splitlines()[0]}")
    try:
        page = await firefox.new_page()
        await sign_in_with_eid(page, portal, SOFIE)
        await page.wait_for_url(re.compile("/(overzicht|registreren)$"))
        if page.url.endswith("/registreren"):
            await register(page)
        await page.get_by_role("link", name="Betalingen", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Betalingen")
        await expect(page.get_by_role("img", name=re.compile("^Wat u per maand"))).to_be_visible()
        assert await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await page.get_by_role("button", name="Afmelden", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("U bent afgemeld")
    finally:
        await firefox.close()
