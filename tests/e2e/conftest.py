"""Browsers for the journeys: one Chromium a session, a clean context for every test.

A journey takes ``phone`` or ``desktop``, or ``page`` to be run on both. Whatever a page complains
about (an exception, an error on the console) fails the test, unless it said with
``complaints.allow(…)`` that it expects it.
"""

from __future__ import annotations

import asyncio
import re
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    WebError,
    async_playwright,
)

from app.demo.people import SOFIE, DemoPerson
from tests import browsers
from tests.e2e import people
from tests.e2e.portal import Portal, demo

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
SCREENS = {"phone": PHONE, "desktop": DESKTOP}

NewContext = Callable[..., Awaitable[BrowserContext]]
LetIn = Callable[[BrowserContext, DemoPerson], Awaitable[None]]


class Complaints:
    """What the pages of one test complained about."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        # A form that comes back with its errors is an answer, though Chromium logs its status.
        self._allowed = [re.compile(r"status of 422\b")]

    def allow(self, pattern: str) -> None:
        """Expect complaints in which this regular expression is found: ``status of 404``."""
        self._allowed.append(re.compile(pattern))

    def listen(self, context: BrowserContext) -> None:
        """Hear every page of a context, also those that open later."""
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)

    def unexpected(self) -> list[str]:
        """The complaints that nobody expects."""
        return [
            text for text in self.heard if not any(known.search(text) for known in self._allowed)
        ]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(f"{message.text} ({message.location.get('url', '')})")

    def _on_error(self, problem: WebError) -> None:
        address = problem.page.url if problem.page else ""
        self.heard.append(f"{problem.error.name}: {problem.error.message} ({address})")


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """The driver of the browsers."""
    async with async_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """A Chromium, found on this machine or installed where that is allowed."""
    try:
        chromium = await browsers.launch(playwright)
    except browsers.NoBrowserError as problem:
        pytest.exit(str(problem), returncode=1)
    yield chromium
    await chromium.close()


@pytest.fixture
def complaints() -> Complaints:
    """What the pages of this test complain about; ``allow`` says what is expected."""
    return Complaints()


@pytest.fixture
async def new_context(browser: Browser, complaints: Complaints) -> AsyncIterator[NewContext]:
    """Makes clean contexts with any options of Playwright: dark mode, no JavaScript, a locale.

    All are closed after the test, which fails when a page complained.
    """
    opened: list[BrowserContext] = []

    async def new(**options: Any) -> BrowserContext:
        context = await browser.new_context(**{"locale": "nl-BE", **options})
        context.set_default_timeout(10_000)
        complaints.listen(context)
        opened.append(context)
        return context

    yield new
    for context in opened:
        await asyncio.wait_for(context.close(), 20)  # Playwright itself would wait for ever
    assert complaints.unexpected() == []


@pytest.fixture
async def phone(new_context: NewContext) -> BrowserContext:
    """A phone of 390 by 844 with a touch screen."""
    return await new_context(**PHONE)


@pytest.fixture
async def desktop(new_context: NewContext) -> BrowserContext:
    """A computer with a window of 1280 by 800."""
    return await new_context(**DESKTOP)


@pytest.fixture(params=list(SCREENS))
async def page(request: pytest.FixtureRequest, new_context: NewContext) -> Page:
    """A page on each kind of screen in turn: the test runs once on a phone, once on a computer."""
    context = await new_context(**SCREENS[request.param])
    return await context.new_page()


@pytest.fixture
async def either_page(phone: BrowserContext) -> Page:
    """A page for a journey that is the same on every screen: it runs once, on a phone."""
    return await phone.new_page()


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demo, started by its command and stopped by Ctrl-C after the last journey."""
    with demo(tmp_path_factory.mktemp("demo")) as started:
        yield started


@pytest.fixture
def let_in(portal: Portal) -> LetIn:
    """Signs somebody in without drawing the pages of it, when a journey is about what follows."""

    async def sign_in(context: BrowserContext, person: DemoPerson) -> None:
        await people.let_in(context, portal, person)

    return sign_in


@pytest.fixture
async def sofie(page: Page, let_in: LetIn) -> Page:
    """Sofie, signed in, with nothing opened yet: once on a phone, once on a computer."""
    await let_in(page.context, SOFIE)
    return page


@pytest.fixture
async def sofie_anywhere(either_page: Page, let_in: LetIn) -> Page:
    """Sofie, signed in, for what is the same on every screen."""
    await let_in(either_page.context, SOFIE)
    return either_page


@pytest.fixture
def open_cards(portal: Portal) -> Iterator[None]:
    """Unblocks every card and code after a test that types wrong ones."""
    yield
    request = urllib.request.Request(  # noqa: S310 (our own address)
        f"{portal.provider}/demo/herstel", method="POST", headers={"Sec-Fetch-Site": "same-origin"}
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310
