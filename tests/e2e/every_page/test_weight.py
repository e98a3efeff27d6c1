"""What a phone fetches at a first visit of home: every byte, headers too, at most 60 kB.

The browser goes through a small counter between it and the portal, which sees what the developer
tools of a page do not: the service worker's own requests, the manifest, the icon.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Playwright, expect

from app.demo.people import SOFIE
from tests import browsers
from tests.e2e.conftest import PHONE
from tests.e2e.people import let_in
from tests.e2e.portal import Portal

LIMIT = 60_000  # bytes


class Scale:
    """Passes connections on to the portal, and weighs the answers by address."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.bytes: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: browsers ask one thing at a time on it (HTTP/1.1)."""
        back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self._port)
        asked = [""]

        async def there() -> None:
            while data := await reader.read(65_536):
                line = data.split(b"\r\n", 1)[0].split(b" ")
                if len(line) == 3 and line[2].startswith(b"HTTP/"):
                    asked[0] = line[1].decode()
                back_writer.write(data)
                await back_writer.drain()
            back_writer.close()

        async def here() -> None:
            while data := await back_reader.read(65_536):
                self.bytes[asked[0]] += len(data)
                writer.write(data)
                await writer.drain()
            writer.close()

        await asyncio.gather(there(), here(), return_exceptions=True)


@asynccontextmanager
async def scale(portal: Portal) -> AsyncIterator[tuple[Scale, str]]:
    """A counter in front of the portal, and its address."""
    counter = Scale(urlsplit(portal.address).port or 80)
    server = await asyncio.start_server(counter.serve, "127.0.0.1", 0)
    try:
        yield counter, f"http://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def test_the_first_visit_of_home_weighs_little(
    playwright: Playwright,
    browser: object,
    portal: Portal,
    tmp_path: Path,
) -> None:
    async with scale(portal) as (counter, address):
        context = await playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=browsers.remembered()[1], args=browsers.arguments(), **PHONE
        )
        try:
            await let_in(context, portal, SOFIE)  # cookies know no ports
            page = await context.new_page()
            await page.goto(f"{address}/overzicht")
            await expect(page.get_by_role("heading", level=1)).to_have_text("Dag Sofie")
            await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            session = await context.new_cdp_session(page)
            await session.send("Page.getAppManifest")
            await page.wait_for_timeout(500)
        finally:
            await context.close()
    table = "\n".join(f"{size:>7} {path}" for path, size in counter.bytes.most_common())
    total = counter.bytes.total()
    print(f"first visit of home: {total} bytes in {len(counter.bytes)} answers\n{table}")  # noqa: T201
    asked = " ".join(counter.bytes)
    for part in ("/overzicht", "app.css", "htmx", "/sw.js", "/offline", "manifest", "icon.svg"):
        assert part in asked, f"{part} was not fetched"
    assert total <= LIMIT, f"{total} bytes\n{table}"
