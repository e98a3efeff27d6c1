"""Really delivered: Firefox subscribes on our page and shows what our portal encrypted and sent.

The push service is on this machine (tests/mozilla_push.py). Nothing between us and the parent's
screen is imitated: libcurl posts to it over TLS, and only Firefox can decrypt what comes.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Playwright, expect
from playwright.async_api import Error as PlaywrightError

from app.demo.people import KARIM, SOFIE
from tests.e2e.people import register, sign_in_with_eid
from tests.e2e.portal import Portal, demo
from tests.mozilla_push import ACKNOWLEDGED, MozillaPush, preferences

FIREFOX = "/usr/bin/firefox-esr"
SHOWN = """async (wanted) => {
  const ready = await navigator.serviceWorker.ready;
  for (let round = 0; round < 100; round += 1) {
    const shown = (await ready.getNotifications()).filter(({ title }) => title === wanted);
    if (shown.length === 1) return { body: shown[0].body, data: shown[0].data };
    await new Promise((go) => setTimeout(go, 100));
  }
  return null;
}"""


@dataclass
class Scene:
    """Firefox with our portal open, and the push service that it listens to."""

    push: MozillaPush
    portal: Portal
    page: Page

    async def shown(self, title: str) -> dict[str, Any]:
        """The one notification with this title, once it is on the screen."""
        found: dict[str, Any] | None = await self.page.evaluate(SHOWN, title)
        assert found is not None, f"no notification {title!r}"
        return found

    async def open(self, path: str) -> None:
        """Go to a page of the portal."""
        await self.page.goto(self.portal.url(path))


@pytest.fixture(scope="module")
async def firefox(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[MozillaPush, Portal, Browser]]:
    """Everything running; skipped, with the reason, where Firefox is missing or does not start."""
    folder = tmp_path_factory.mktemp("firefox")
    if not os.access(FIREFOX, os.X_OK):
        pytest.skip("no Firefox ESR on this machine (Debian: apt install firefox-esr)")
    async with MozillaPush.running(folder) as push:
        try:
            browser = await playwright.firefox.launch(
                channel="moz-firefox",
                executable_path=FIREFOX,
                firefox_user_prefs=preferences(push),
                timeout=60_000,
            )
        except PlaywrightError as problem:
            pytest.skip(f"Firefox ESR does not start: {problem.message.splitlines()[0]}")
        environ = {
            "SSL_CERT_FILE": str(push.certificate),
            "KINDERBIJSLAG_PUSH_ALLOW_LOOPBACK": "true",
        }
        try:
            with demo(folder, **environ) as portal:
                yield push, portal, browser
        finally:
            await browser.close()


@pytest.fixture
async def scene(firefox: tuple[MozillaPush, Portal, Browser]) -> AsyncIterator[Scene]:
    """A clean window, in which nobody was before."""
    push, portal, browser = firefox
    for person in (SOFIE, KARIM):
        portal.forget_profile(person)
    context = await browser.new_context(locale="nl-BE")
    page = await context.new_page()
    page.set_default_timeout(20_000)
    push.taken.clear()
    yield Scene(push, portal, page)
    await context.close()


async def _subscribe(scene: Scene) -> None:
    """Sofie signs in, registers, and switches alerts on."""
    await sign_in_with_eid(scene.page, scene.portal, SOFIE)
    await scene.page.wait_for_url(re.compile("/registreren"))
    await register(scene.page)
    await scene.open("/profiel/meldingen")
    await scene.page.get_by_role("button", name="Zet meldingen aan").click()
    device = scene.page.locator("[data-device]")
    await expect(device).to_contain_text(re.compile("Firefox op Linux.*dit toestel", re.DOTALL))
    await expect(device).to_contain_text("Nog geen melding gestuurd.")


async def test_a_payment_that_is_imported_appears_on_the_screen(scene: Scene) -> None:
    await _subscribe(scene)
    page, push = scene.page, scene.push

    # The test button of this device: encrypted and sent by the portal itself.
    await page.get_by_role("button", name="Stuur een proefmelding").click()
    await expect(page.get_by_role("status")).to_contain_text("Proefmelding verstuurd")
    assert await push.answer_to(0) == ACKNOWLEDGED
    trial = await scene.shown("Proefmelding")
    assert trial["body"].startswith("Zo ziet een melding van ons eruit.")
    await expect(page.locator("[data-device]")).to_contain_text("Laatste melding:")

    # A payment comes in by the import, and the worker tells it.
    await scene.open("/demo")
    await page.get_by_role("button", name="Betaal nu").click()
    await expect(page.get_by_role("status")).to_contain_text("Betaald")
    assert await push.answer_to(1) == ACKNOWLEDGED
    told = await scene.shown("Er is een nieuwe betaling")
    assert "42" not in told["body"]  # no amount on a lock screen
    assert told["data"]["navigate"].startswith(scene.portal.url("/"))
    taken = push.taken[1]
    assert taken.headers["Urgency"] == "normal"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", taken.headers["Topic"])
    assert push.refused == []


async def test_a_device_moves_with_who_signs_in_and_goes_when_it_is_removed(scene: Scene) -> None:
    await _subscribe(scene)
    page, push, portal = scene.page, scene.push, scene.portal
    whose = "SELECT a.given_name FROM subscription s JOIN account a ON a.id = s.account_id"
    assert portal.rows(whose) == [("Sofie",)]

    await page.get_by_role("button", name="Afmelden", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("U bent afgemeld")
    assert portal.rows(whose) == [("Sofie",)]  # signing out is not switching off

    async with page.expect_response(re.compile("/meldingen/toestellen$")) as told:
        await sign_in_with_eid(page, portal, KARIM)
        await page.wait_for_url(re.compile("/registreren"))
        await register(page)
    assert (await told.value).status == 201
    assert portal.rows(whose) == [("Karim",)]

    await scene.open("/profiel/meldingen")
    await page.get_by_role("button", name=re.compile("^Verwijderen")).click()
    await expect(page.get_by_role("status")).to_contain_text("Toestel verwijderd")
    assert portal.rows(whose) == []
    await expect(page.get_by_role("button", name="Zet meldingen aan")).to_be_visible()
    assert push.said[-1] == "unregister"
    assert not list(push.channels.values())[-1].open
