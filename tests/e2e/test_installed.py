"""The portal as an app: a service worker, an offline page, and nothing in the way of installing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, Playwright, expect

from app.demo.people import SOFIE
from tests import browsers
from tests.e2e.conftest import PHONE, Complaints, LetIn
from tests.e2e.portal import Portal

READY = "navigator.serviceWorker.ready.then((ready) => ready.active.scriptURL)"
KEPT = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((request) => new URL(request.url).pathname);
}"""


@pytest.fixture
async def with_worker(phone: BrowserContext, portal: Portal, let_in: LetIn) -> Page:
    """Sofie's home on a phone, with the service worker in charge."""
    await let_in(phone, SOFIE)
    page = await phone.new_page()
    await page.goto(portal.url("/overzicht"))
    assert await page.evaluate(READY) == portal.url("/sw.js")
    await page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


async def test_the_worker_keeps_files_and_nothing_personal(with_worker: Page) -> None:
    await with_worker.get_by_role("link", name="Betalingen", exact=True).click()
    await expect(with_worker.get_by_role("heading", level=1)).to_have_text("Betalingen")
    kept = await with_worker.evaluate(KEPT)
    assert "/offline" in kept
    assert "/static/app.css" in kept
    assert {path for path in kept if not path.startswith("/static/")} == {"/offline"}


async def test_without_internet_a_page_says_so_and_comes_back_by_itself_when_tried_again(
    with_worker: Page, portal: Portal, complaints: Complaints
) -> None:
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    page = with_worker
    await page.context.set_offline(True)
    await page.goto(portal.url("/betalingen"))
    sentence = page.get_by_role("heading", name="U hebt nu geen internet")
    await expect(sentence).to_be_visible()
    await expect(page.locator(".empty")).to_have_css("text-align", "center")  # its style is there
    assert await page.evaluate("import('/static/js/session.js').then(() => true)")
    await page.context.set_offline(False)
    await page.get_by_role("link", name="Opnieuw proberen").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Betalingen")

    await page.context.set_offline(True)
    await page.get_by_role("link", name="Dossier", exact=True).click()
    await expect(sentence).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("link", name="Opnieuw proberen").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Uw dossier")


async def test_a_browser_offers_to_install_it(
    playwright: Playwright, browser: object, portal: Portal, tmp_path: Path
) -> None:
    context = await playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=browsers.remembered()[1], args=browsers.arguments(), **PHONE
    )
    try:
        page = await context.new_page()
        await page.goto(portal.url("/"))
        await page.evaluate(READY)
        session = await context.new_cdp_session(page)
        manifest = await session.send("Page.getAppManifest")
        assert manifest["url"] == portal.url("/manifest.webmanifest")
        assert manifest["errors"] == []
        found = await session.send("Page.getInstallabilityErrors")
        assert found["installabilityErrors"] == []
    finally:
        await context.close()


async def test_what_the_manifest_names_is_there(desktop: BrowserContext, portal: Portal) -> None:
    answer = await desktop.request.get(portal.url("/manifest.webmanifest"))
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest = await answer.json()
    for picture in (*manifest["icons"], *manifest["screenshots"]):
        found = await desktop.request.get(portal.url(picture["src"]))
        assert found.status == 200, picture["src"]
        content = await found.body()
        assert picture["type"] == found.headers["content-type"].partition(";")[0]
        if picture["sizes"] != "any":
            width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))  # PNG, IHDR
            assert f"{width}x{height}" == picture["sizes"], picture["src"]
    for shortcut in manifest["shortcuts"]:
        await desktop.request.get(portal.url(shortcut["url"]), fail_on_status_code=True)
