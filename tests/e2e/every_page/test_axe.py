"""axe finds nothing to complain about on any page: light and dark, phone and computer.

Whatever a page writes to the console as an error fails the test as well.
"""

from __future__ import annotations

from typing import Any

from playwright.async_api import BrowserContext, Page

from tests import nodejs
from tests.e2e.conftest import DESKTOP, PHONE, Complaints, NewContext
from tests.e2e.every_page.addresses import Visitor, addresses, provider_pages
from tests.e2e.every_page.conftest import As
from tests.e2e.portal import Portal

TAGS = [
    *("wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa"),
    "best-practice",
]
# Level AAA is more than the law asks and more than a brand's colours can give; these come free.
NOT_ASKED = {"color-contrast-enhanced": {"enabled": False}}
STILL: dict[str, Any] = {**DESKTOP, "bypass_csp": True, "reduced_motion": "reduce"}
RUN = "([tags, rules]) => axe.run({runOnly: tags, rules, resultTypes: ['violations']})"
COLOURS = "() => axe.run({runOnly: {type: 'rule', values: ['color-contrast']}})"


def told(page: str, screen: str, found: Any) -> list[str]:
    """One line for each thing that is wrong."""
    return [
        f"{page} ({screen}): {one['id']}: {node['html'][:160]}: {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def look(page: Page, path: str) -> list[str]:
    """What axe says about the page that is open: on both screens, and in the dark."""
    wrong = []
    for screen, size in (("computer", DESKTOP["viewport"]), ("phone", PHONE["viewport"])):
        await page.set_viewport_size(size)
        wrong += told(path, f"{screen}, light", await page.evaluate(RUN, [TAGS, NOT_ASKED]))
    await page.emulate_media(color_scheme="dark")  # only colours differ, on either screen alike
    wrong += told(path, "dark", await page.evaluate(COLOURS))
    await page.emulate_media(color_scheme="light")
    return wrong


async def look_at_all(context: BrowserContext, urls: list[str]) -> list[str]:
    """What axe says about each of these pages, with everything that folds laid open."""
    axe = (nodejs.packages() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    await context.add_init_script(axe)
    page = await context.new_page()
    wrong = []
    for url in urls:
        await page.goto(url)
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        wrong += await look(page, url)
    return wrong


async def test_axe_finds_nothing_on_the_pages_of(
    visitor: Visitor, as_visitor: As, portal: Portal, complaints: Complaints
) -> None:
    complaints.allow("status of (400|404)")
    async with as_visitor(visitor, **STILL) as context:
        urls = [portal.url(path) for path in addresses(portal, visitor)]
        wrong = await look_at_all(context, urls)
    assert not wrong, "\n".join(wrong)


async def test_axe_finds_nothing_on_the_pages_of_the_demo_provider(
    new_context: NewContext, portal: Portal
) -> None:
    context = await new_context(**STILL)
    wrong = await look_at_all(context, await provider_pages(context, portal))
    assert not wrong, "\n".join(wrong)
