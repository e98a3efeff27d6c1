"""The browser of the journeys is a real one, stays here, and tells what pages complain about."""

from __future__ import annotations

from playwright.async_api import BrowserContext, Page

from tests.e2e.conftest import Complaints


async def test_the_page_fixture_runs_a_real_browser(page: Page) -> None:
    await page.set_content("<p>Goeiedag</p>")
    assert await page.inner_text("p") == "Goeiedag"


async def test_a_phone_is_narrow_and_touched(phone: BrowserContext) -> None:
    page = await phone.new_page()
    assert await page.evaluate("[screen.width, navigator.maxTouchPoints > 0]") == [390, True]


async def test_a_desktop_is_wide(desktop: BrowserContext) -> None:
    page = await desktop.new_page()
    assert await page.evaluate("innerWidth") == 1280


async def test_errors_of_a_page_are_complaints(
    desktop: BrowserContext, complaints: Complaints
) -> None:
    page = await desktop.new_page()
    await page.evaluate("setTimeout(() => { throw new TypeError('stuk') }); console.error('oei')")
    await page.wait_for_timeout(100)
    assert len(complaints.unexpected()) == 2
    complaints.allow("TypeError: stuk")
    complaints.allow("oei")
    assert complaints.unexpected() == []


async def test_the_browser_does_not_leave_this_machine(
    desktop: BrowserContext, complaints: Complaints
) -> None:
    complaints.allow("ERR_NAME_NOT_RESOLVED|Failed to fetch")
    page = await desktop.new_page()
    answer = await page.evaluate(
        "fetch('http://portaal.example/', {mode: 'no-cors'}).then(() => 'out', () => 'stayed')"
    )
    assert answer == "stayed"
