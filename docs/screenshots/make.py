"""Takes the pictures of the documentation and of the manifest from the demo.

Run it with the Python of the environment: ``.venv/bin/python docs/screenshots/make.py``.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.async_api import Page, async_playwright  # noqa: E402

from app.demo.people import SOFIE  # noqa: E402
from tests import browsers  # noqa: E402
from tests.e2e.conftest import DESKTOP, PHONE  # noqa: E402
from tests.e2e.people import let_in  # noqa: E402
from tests.e2e.portal import Portal, demo  # noqa: E402

DOCS = ROOT / "docs" / "screenshots"
ICONS = ROOT / "static" / "icons"
SCREENS: dict[str, dict[str, Any]] = {"phone": PHONE, "desktop": DESKTOP}
SIGNATURE = b"\x89PNG\r\n\x1a\n"
MANIFEST = {"phone": "home", "desktop": "payments"}  # as its labels say


async def home(page: Page, portal: Portal) -> None:
    """Open the first page of whoever is signed in."""
    await page.goto(portal.url("/overzicht"))


async def payments(page: Page, portal: Portal) -> None:
    """Open the payments of this year."""
    await page.goto(portal.url("/betalingen"))


async def letter(page: Page, portal: Portal) -> None:
    """Open a decision, and wait for its paper where the page shows it."""
    await page.goto(portal.url("/brieven?soort=beslissing"))
    await page.get_by_role("link", name="Beslissing: kleutertoeslag voor Zoë").click()
    await page.get_by_role("button", name="Markeren als ongelezen").wait_for()
    await page.wait_for_timeout(1500)


PAGES: dict[str, Callable[[Page, Portal], Awaitable[None]]] = {
    "home": home,
    "payments": payments,
    "letter": letter,
}


def smaller(picture: bytes) -> bytes:
    """The same PNG, compressed as well as zlib can; a browser only does it fast."""
    chunks, place = [], len(SIGNATURE)
    while place < len(picture):
        end = place + 12 + int.from_bytes(picture[place : place + 4])
        chunks.append((picture[place + 4 : place + 8], picture[place + 8 : end - 4]))
        place = end
    pixels = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    header, last = chunks[0], chunks[-1]
    kept = [header, (b"IDAT", zlib.compress(pixels, 9)), last]
    return SIGNATURE + b"".join(
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
        for kind, data in kept
    )


async def take(portal: Portal) -> None:
    """Take every picture, as Sofie."""
    async with async_playwright() as playwright:
        browser = await browsers.launch(playwright)
        for screen, options in SCREENS.items():
            context = await browser.new_context(locale="nl-BE", reduced_motion="reduce", **options)
            await let_in(context, portal, SOFIE)
            page = await context.new_page()
            for name, open_page in PAGES.items():
                await open_page(page, portal)
                picture = smaller(await page.screenshot())
                (DOCS / f"{name}-{screen}.png").write_bytes(picture)
                if MANIFEST[screen] == name:
                    (ICONS / f"screenshot-{screen}.png").write_bytes(picture)
        await browser.close()


def main() -> None:
    """Start the demo in a folder of its own, and take the pictures."""
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as portal:
        asyncio.run(take(portal))


if __name__ == "__main__":
    main()
