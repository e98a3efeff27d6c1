"""For every eye: a narrow phone, text twice as large, the dark, no motion, and on paper."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Playwright, expect

from app.demo.people import SOFIE
from tests import browsers
from tests.e2e.conftest import DESKTOP, PHONE, NewContext
from tests.e2e.every_page.addresses import VISITORS, addresses
from tests.e2e.people import let_in
from tests.e2e.portal import Portal

# Elements that stick out sideways, unless they scroll in a box of their own or are not to be seen.
STICKS_OUT = """() => {
  const limit = document.documentElement.clientWidth;
  const boxed = (one) => one.closest('.scroll, .visually-hidden, svg, .skip');
  const wide = [...document.body.querySelectorAll('*')].filter(
    (one) => one.checkVisibility() && !boxed(one) && one.getBoundingClientRect().right > limit + 1);
  const scrolls = document.documentElement.scrollWidth > limit;
  const found = wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
  return scrolls ? [...found, document.documentElement.scrollWidth] : [];
}"""
FONT_SIZE = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
LARGE_TEXT = 32  # pixels, twice what browsers come with
SCREENS: dict[str, tuple[dict[str, Any], int]] = {
    "on 320 pixels": ({**PHONE, "viewport": {"width": 320, "height": 568}}, 16),
    "on a phone with text twice as large": (PHONE, LARGE_TEXT),
    "on a computer with text twice as large": (DESKTOP, LARGE_TEXT),
}


@pytest.fixture(scope="module")
async def large_print(playwright: Playwright, browser: Browser) -> AsyncIterator[Browser]:
    """A browser that was told to show text twice as large."""
    started = await playwright.chromium.launch(
        executable_path=browsers.remembered()[1],
        args=[*browsers.arguments(), f"--blink-settings=defaultFontSize={LARGE_TEXT}"],
    )
    yield started
    await started.close()


@pytest.mark.parametrize("screen", SCREENS)
async def test_no_page_scrolls_sideways(
    browser: Browser, large_print: Browser, portal: Portal, screen: str
) -> None:
    """WCAG 2.2, 1.4.10 (reflow) and 1.4.4 (resize text)."""
    options, size = SCREENS[screen]
    wrong = {}
    for visitor in VISITORS[:4] if size == LARGE_TEXT else VISITORS:
        opener = large_print if size == LARGE_TEXT else browser
        context = await opener.new_context(**options, java_script_enabled=False)  # it is faster
        if visitor.person is not None:
            if not visitor.registered:
                portal.forget_profile(visitor.person)
            await let_in(context, portal, visitor.person, registered=visitor.registered)
        page = await context.new_page()
        for path in addresses(portal, visitor):
            await page.goto(portal.url(path), wait_until="domcontentloaded")
            assert size <= await page.evaluate(FONT_SIZE) < 1.2 * size
            if found := await page.evaluate(STICKS_OUT):
                wrong[f"{visitor.name} {path}"] = found
        await context.close()
    assert not wrong


@pytest.fixture
async def payment(new_context: NewContext, portal: Portal) -> Page:
    """The page of Sofie's last payment."""
    context = await new_context()
    await let_in(context, portal, SOFIE)
    page = await context.new_page()
    await page.goto(portal.url("/overzicht"))
    await page.get_by_role("region", name="Laatste betaling").get_by_role("link").click()
    await expect(page.get_by_role("heading", name="Waaruit bestaat het bedrag?")).to_be_visible()
    return page


async def test_the_dark_is_dark(payment: Page) -> None:
    colour = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    assert min(await payment.evaluate(colour)) > 200
    await payment.emulate_media(color_scheme="dark")
    assert max(await payment.evaluate(colour)) < 60


async def test_who_wants_no_motion_gets_none(payment: Page) -> None:
    await payment.emulate_media(reduced_motion="reduce")
    moving = await payment.evaluate(
        """() => [...document.querySelectorAll('*')].filter((one) => {
          const style = getComputedStyle(one);
          const longest = (text) => Math.max(...text.split(',').map(parseFloat));
          return longest(style.transitionDuration) > 0.01 || longest(style.animationDuration) > 0.01
            || style.scrollBehavior === 'smooth';
        }).map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert moving == []


async def test_on_paper_a_payment_is_the_payment_alone(payment: Page) -> None:
    await payment.emulate_media(media="print", color_scheme="dark")
    await expect(payment.get_by_role("heading", level=1)).to_be_visible()
    await expect(payment.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    await expect(payment.get_by_role("button", name="Afmelden", exact=True)).to_be_hidden()
    await expect(payment.get_by_role("link", name="Afschrift (PDF)")).to_be_hidden()
    colours = await payment.evaluate(
        "[document.body, document.querySelector('.card')].map((one) =>"
        " getComputedStyle(one).color.match(/\\d+/g).map(Number))"
    )
    assert max(colours[0][:3]) < 100, "ink on paper is dark, whatever the screen was"
