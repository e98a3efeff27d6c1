"""How people sign in: through the pages as anybody does, or quickly when a test is about more."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from playwright.async_api import APIResponse, BrowserContext, Page, expect

from app.demo.people import DemoPerson
from tests.e2e.portal import Portal

_FORM = {"Sec-Fetch-Site": "same-origin"}


async def choose_eid(page: Page, person: DemoPerson) -> None:
    """From the portal's first page to the question for the PIN of somebody's card."""
    await page.get_by_role("link", name="Aanmelden met eID").click()
    await page.get_by_role("link", name="eID met kaartlezer").click()
    await page.get_by_role("link", name=person.name).click()


async def type_pin(page: Page, pin: str) -> None:
    """Answer the question for the PIN."""
    await page.get_by_role("textbox", name="Pincode").fill(pin)
    await page.get_by_role("button", name="Aanmelden", exact=True).click()


async def sign_in_with_eid(page: Page, portal: Portal, person: DemoPerson, at: str = "/") -> None:
    """Open an address, and sign in with a card."""
    assert person.pin is not None
    await page.goto(portal.url(at))
    await choose_eid(page, person)
    await type_pin(page, person.pin)


async def choose_token(page: Page, person: DemoPerson) -> None:
    """From the portal's first page to the question for a code."""
    assert person.token is not None
    await page.get_by_role("link", name="Aanmelden met persoonlijke code").click()
    await page.get_by_role("link", name="Persoonlijke code (token)").click()
    await page.get_by_label("Gebruikersnaam").fill(person.token.username)
    await page.get_by_label("Wachtwoord").fill(person.token.password)
    await page.get_by_role("button", name="Verder").click()


async def type_code(page: Page, person: DemoPerson) -> None:
    """Look up the code that is asked on the card, and type it."""
    assert person.token is not None
    asked = await page.get_by_role("heading", level=1).inner_text()
    number = re.search(r"code (\d+)", asked)
    assert number, asked
    await page.get_by_label(f"Code {number[1]}").fill(person.token.codes[int(number[1]) - 1])
    await page.get_by_role("button", name="Aanmelden", exact=True).click()


async def sign_in_with_token(page: Page, portal: Portal, person: DemoPerson) -> None:
    """Sign in with user name, password and a code of the card."""
    await page.goto(portal.url("/"))
    await choose_token(page, person)
    await type_code(page, person)


async def register(page: Page) -> None:
    """Accept the conditions and leave the rest as it is."""
    await page.get_by_label("Ik ga akkoord met de voorwaarden").check()
    await page.get_by_role("button", name="Profiel maken").click()
    await expect(page).to_have_url(re.compile("/overzicht$"))


async def let_in(
    context: BrowserContext, portal: Portal, person: DemoPerson, *, registered: bool = True
) -> None:
    """Sign somebody in without drawing a page: the context gets the cookies.

    Whoever has no profile yet gets one, unless ``registered`` is false.
    """
    means = "eid" if person.pin else "token"
    answer = await context.request.get(portal.url(f"/aanmelden?middel={means}"))
    base = urljoin(answer.url, urlsplit(answer.url).path)
    base = re.sub(r"/(eid|token)(/.*)?$", "", base)
    if person.pin:
        answer = await _post(context, f"{base}/eid/{person.key}", {"pin": person.pin})
    else:
        assert person.token is not None
        login = {"username": person.token.username, "password": person.token.password}
        answer = await _post(context, f"{base}/token", login)
        number = re.search(r"code (\d+) van uw kaart", await answer.text())
        assert number
        code = person.token.codes[int(number[1]) - 1]
        answer = await _post(context, f"{base}/token/code", {"code": code})
    if not registered:
        assert answer.url == portal.url("/registreren"), (answer.status, answer.url)
        return
    if answer.url == portal.url("/registreren"):
        form = {"language": "nl", "conditions": "ja"}
        answer = await _post(context, portal.url("/registreren"), form)
    assert answer.url == portal.url("/overzicht"), (answer.status, answer.url)


async def _post(context: BrowserContext, url: str, form: dict[str, str]) -> APIResponse:
    return await context.request.post(url, form=dict(form), headers=_FORM)
