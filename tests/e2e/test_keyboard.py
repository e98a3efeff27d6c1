"""Sofie uses no mouse: the keyboard brings her everywhere, and she always sees where she is."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import BrowserContext, Page, expect

from app.demo.people import SOFIE
from tests.e2e.conftest import LetIn
from tests.e2e.portal import Portal

# What has the focus, in words, and whether one can see that it has.
FOCUS = """() => {
  const one = document.activeElement;
  const rings = [null, '::after'].map((part) => getComputedStyle(one, part));
  const drawn = rings.some((ring) => ring.outlineStyle !== 'none' && ring.outlineWidth !== '0px');
  return [one.id || one.innerText.trim(), drawn];
}"""


@pytest.fixture
async def home(desktop: BrowserContext, portal: Portal, let_in: LetIn) -> Page:
    """Sofie's home on a computer."""
    await let_in(desktop, SOFIE)
    page = await desktop.new_page()
    await page.goto(portal.url("/overzicht"))
    return page


async def test_the_first_tab_offers_to_skip_the_menu(home: Page) -> None:
    await home.keyboard.press("Tab")
    skip = home.get_by_role("link", name="Naar de inhoud")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await home.keyboard.press("Enter")
    await expect(home.locator("#main")).to_be_focused()
    await home.keyboard.press("Tab")
    await expect(home.get_by_role("main").get_by_role("link").first).to_be_focused()


async def test_tab_goes_through_the_menu_and_enter_opens_the_payments(home: Page) -> None:
    seen = []
    for _ in range(8):
        await home.keyboard.press("Tab")
        words, visible = await home.evaluate(FOCUS)
        assert visible, words
        seen.append(words)
    assert [re.sub(r"\W*\d.*", "", words, flags=re.DOTALL) for words in seen[2:5]] == [
        "Overzicht",
        "Betalingen",
        "Brieven",
    ]
    await home.keyboard.press("Shift+Tab")
    await home.get_by_role("link", name="Betalingen", exact=True).focus()
    await home.keyboard.press("Enter")
    await expect(home.get_by_role("heading", level=1)).to_have_text("Betalingen")
    await expect(home.locator("#main")).to_be_focused()  # a screen reader reads on from here
    assert await home.evaluate("scrollY") == 0


async def test_a_navigation_within_the_portal_leaves_one_page_and_its_title(home: Page) -> None:
    await home.evaluate("window.still = true")
    await home.get_by_role("link", name="Dossier", exact=True).click()
    await expect(home).to_have_title("Uw dossier – Kinderbijslagfonds De Vlier")
    assert await home.evaluate("window.still"), "the page was loaded anew"
    await expect(home.locator("main")).to_have_count(1)
    await expect(home.get_by_role("link", name="Dossier", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    await home.go_back()
    await expect(home.get_by_role("heading", level=1)).to_have_text("Dag Sofie")


async def test_every_control_of_the_payments_can_be_reached_and_seen(
    home: Page, portal: Portal
) -> None:
    await home.goto(portal.url("/betalingen"))
    count = await home.locator("a:visible, button:visible, input:visible, summary:visible").count()
    reached = set()
    for _ in range(count):
        await home.keyboard.press("Tab")
        words, visible = await home.evaluate(FOCUS)
        assert visible, words
        reached.add(await home.evaluate("document.activeElement.outerHTML"))
    assert len(reached) >= count - 1
