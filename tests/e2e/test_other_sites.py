"""Another website cannot do anything in Sofie's name, though her browser would go along."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.async_api import BrowserContext, expect

from app.demo.people import SOFIE
from tests.e2e.conftest import Complaints, LetIn
from tests.e2e.portal import Portal


@pytest.fixture
def trap(portal: Portal) -> Iterator[str]:
    """The address of a website with forms that send to the portal."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            forms = "".join(
                f'<form method="post" action="{portal.url(path)}"><button>{path}</button></form>'
                for path in ("/afmelden", "/sessie", "/dossier/keuze", "/profiel")
            )
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(
                f'<html lang="nl"><link rel="icon" href="data:,">{forms}'
                f'<iframe src="{portal.url("/overzicht")}"></iframe>'.encode()
            )

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("path", ["/afmelden", "/sessie", "/dossier/keuze", "/profiel"])
async def test_a_form_of_another_site_is_refused(
    desktop: BrowserContext,
    portal: Portal,
    let_in: LetIn,
    trap: str,
    complaints: Complaints,
    path: str,
) -> None:
    complaints.allow("status of 403|frame-ancestors|X-Frame-Options|Refused to (display|frame)")
    await let_in(desktop, SOFIE)
    page = await desktop.new_page()
    await page.goto(trap)
    await page.get_by_role("button", name=path).click()
    await expect(page).to_have_url(portal.url(path))
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Dit verzoek komt van een andere website"
    )
    await page.goto(portal.url("/overzicht"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Dag Sofie")


async def test_the_portal_does_not_let_itself_be_framed(
    desktop: BrowserContext, let_in: LetIn, trap: str, complaints: Complaints
) -> None:
    complaints.allow("frame-ancestors|X-Frame-Options|Refused to (display|frame)")
    await let_in(desktop, SOFIE)
    page = await desktop.new_page()
    await page.goto(trap)
    framed = page.frames[1]
    assert "Sofie" not in await framed.content()
