"""Two minutes before a session ends the page asks whether Sofie is still there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Locator, Page, Request, expect

from app.demo.people import SOFIE
from tests.e2e.portal import Portal


@pytest.fixture
async def waiting(sofie: Page, portal: Portal) -> Page:
    """Sofie's payments, with a clock that the test moves."""
    await sofie.clock.install()
    await sofie.goto(portal.url("/betalingen"))
    await expect(sofie.locator("#session-dialog")).to_have_attribute(
        "data-session-seconds", re.compile(r"^1[78]\d\d$")
    )
    return sofie


def dialog(page: Page) -> Locator:
    """The question whether you are still there."""
    return page.get_by_role("dialog", name="Bent u er nog?")


def stays(request: Request) -> bool:
    """Whether a request asks to stay signed in."""
    return request.method == "POST" and request.url.endswith("/sessie")


@asynccontextmanager
async def staying(page: Page) -> AsyncIterator[None]:
    """Until the page has heard that it may stay, and counts anew."""
    async with page.expect_response(lambda answer: stays(answer.request)) as answered:
        yield
    await (await answered.value).finished()
    await page.wait_for_timeout(300)  # for the script to read it, on whatever machine


async def test_the_warning_comes_two_minutes_before_the_end_and_staying_is_one_press(
    waiting: Page,
) -> None:
    await waiting.clock.fast_forward("27:30")
    await expect(dialog(waiting)).to_be_hidden()
    await waiting.clock.fast_forward("00:40")
    await expect(dialog(waiting)).to_be_visible()
    await expect(dialog(waiting)).to_contain_text(re.compile(r"Over 1:[45]\d"))
    stay = dialog(waiting).get_by_role("button", name="Aangemeld blijven")
    await expect(stay).to_be_focused()
    async with staying(waiting):
        await stay.click()
    await expect(dialog(waiting)).to_be_hidden()

    await waiting.clock.fast_forward("27:00")
    await expect(dialog(waiting)).to_be_hidden()
    await waiting.clock.fast_forward("01:10")
    await expect(dialog(waiting)).to_be_visible()
    async with staying(waiting):
        await waiting.keyboard.press("Escape")
    await expect(dialog(waiting)).to_be_hidden()
    await waiting.clock.fast_forward("10:00")
    await expect(waiting).to_have_url(re.compile("/betalingen$"))


async def test_whoever_does_not_answer_is_signed_out_and_told_why(
    waiting: Page, portal: Portal
) -> None:
    portal.let_sessions_expire(SOFIE)  # the browser's clock is moved below, the portal's is not
    await waiting.clock.fast_forward("28:10")
    await expect(dialog(waiting)).to_be_visible()
    await waiting.clock.fast_forward("02:00")
    await expect(waiting).to_have_url(re.compile(r"/\?sessie=voorbij"))
    await expect(waiting.locator(".notice")).to_contain_text("U was een tijd niet actief")
    assert "El Amrani" not in await waiting.content()
    assert "%2Fbetalingen" in waiting.url  # after signing in she is back where she was


async def test_signing_out_from_the_warning(waiting: Page, portal: Portal) -> None:
    await waiting.clock.fast_forward("28:10")
    await dialog(waiting).get_by_role("button", name="Nu afmelden").click()
    await expect(waiting).to_have_url(portal.url("/afgemeld"))


async def test_opening_another_page_starts_the_time_anew(waiting: Page) -> None:
    await waiting.clock.fast_forward("20:00")
    await waiting.get_by_role("link", name="Dossier", exact=True).click()
    await expect(waiting.get_by_role("heading", level=1)).to_have_text("Uw dossier")
    await waiting.clock.fast_forward("27:00")
    await expect(dialog(waiting)).to_be_hidden()
    await expect(waiting).to_have_url(re.compile("/dossier$"))
    await waiting.clock.fast_forward("01:10")
    await expect(dialog(waiting)).to_be_visible()
