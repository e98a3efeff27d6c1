"""The whole portal against a provider that others wrote, set up as an operator does.

Nothing but KINDERBIJSLAG_ variables of the environment and the commands ``import``, ``incident``
and ``serve``: so the names that operators rely on are proven too.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.async_api import BrowserContext, Page, expect

from app.demo.people import KARIM, LUKASZ, SOFIE, DemoPerson
from tests.e2e.conftest import Complaints
from tests.e2e.people import register
from tests.e2e.portal import COMMAND, PATIENCE, Portal, environment, free_ports, running
from tests.independent_provider import CLIENT_ID, CLIENT_SECRET, independent_provider

INCIDENT = "Door een storing bij de bank komen betalingen een dag later."


@dataclass(frozen=True)
class Operator:
    """Where the operator's portal listens, and whose sign-ins it takes."""

    address: str
    issuer: str


def _key(path: Path) -> Path:
    key = rsa.generate_private_key(65537, 2048)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def _run(environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 (our own command)
        [COMMAND, *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=["client_secret_basic", "private_key_jwt"])
def operator(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, portal: Portal
) -> Iterator[Operator]:
    """A portal served with the feed of the demo, and the independent provider beside it."""
    folder = tmp_path_factory.mktemp(request.param)
    port = free_ports()[0]
    address = f"http://localhost:{port}"
    proof = {"oidc_client_secret": CLIENT_SECRET}
    if request.param == "private_key_jwt":
        proof = {"oidc_client_key": str(_key(folder / "client.pem"))}
    with independent_provider(
        redirect_uri=f"{address}/aanmelden/terug",
        client_auth=request.param,
        post_logout_redirect_uris=[f"{address}/afgemeld"],
        jwks_uri=f"{address}/.well-known/jwks.json",
    ) as provider:
        environ = environment(
            database_url=f"sqlite:///{folder / 'portal.sqlite3'}",
            base_url=address,
            port=port,
            data_dir=folder,
            secret_key="only for tests, and long enough for them",
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_auth=request.param,
            oidc_min_level=400,
            rate_limits="off",
            fund_name="Fonds Operator",
            **proof,
        )
        _run(environ, "migrate")
        _run(environ, "import", str(portal.database.parent / "feed" / "feed.jsonl"))
        _run(environ, "incident", "set", INCIDENT)
        with running(["serve", "--worker"], f"{address}/readyz", environ, folder / "serve.log"):
            yield Operator(address, provider.issuer)


async def sign_in(page: Page, operator: Operator, person: DemoPerson, level: int) -> None:
    """From the portal's first page through the independent provider and back."""
    await page.goto(operator.address)
    await page.get_by_role("link", name="Aanmelden met persoonlijke code").click()
    await expect(page.get_by_role("heading", name="Independent provider")).to_be_visible()
    assert page.url.startswith(operator.issuer)
    await page.get_by_label("Person").select_option(person.key)
    await page.get_by_label("Level").select_option(f"urn:be:fedict:iam:fas:Level{level}")
    await page.get_by_role("button", name="Sign in").click()


async def test_somebody_signs_in_sees_their_payments_and_signs_out(
    desktop: BrowserContext, operator: Operator, complaints: Complaints
) -> None:
    complaints.allow("status of 404|ERR_NAME_NOT_RESOLVED")  # the other's pages: icon and font
    page = await desktop.new_page()
    await sign_in(page, operator, LUKASZ, 500)
    await expect(page.get_by_role("region", name="Dit bent u")).to_contain_text("Łukasz Wójcik")
    await register(page)
    await expect(page.get_by_role("status").first).to_contain_text(INCIDENT)
    await expect(page).to_have_title(re.compile("Fonds Operator$"))
    await page.get_by_role("link", name="Dossier", exact=True).click()
    await expect(page.get_by_role("heading", name="Hanna Wójcik")).to_be_visible()

    await page.get_by_role("button", name="Afmelden", exact=True).click()
    if not page.url.startswith(operator.address):
        await page.locator("button, input[type=submit]").first.click()
    await expect(page).to_have_url(re.compile(f"^{operator.address}/afgemeld"))
    await page.goto(f"{operator.address}/dossier")
    await expect(page).to_have_url(re.compile(r"/\?volgende="))
    await expect(page.get_by_role("status").first).to_contain_text(INCIDENT)


async def test_a_level_below_what_the_operator_asks_is_refused(
    desktop: BrowserContext, operator: Operator, complaints: Complaints
) -> None:
    complaints.allow("status of 40[04]|ERR_NAME_NOT_RESOLVED")
    page = await desktop.new_page()
    await sign_in(page, operator, SOFIE, 300)
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Dit middel is niet veilig genoeg"
    )
    await page.goto(f"{operator.address}/overzicht")
    await expect(page).to_have_url(re.compile(r"/\?volgende="))


async def test_who_cancels_there_is_told_so_here(
    desktop: BrowserContext, operator: Operator, complaints: Complaints
) -> None:
    complaints.allow("status of 40[04]|ERR_NAME_NOT_RESOLVED")
    page = await desktop.new_page()
    await page.goto(operator.address)
    await page.get_by_role("link", name="Aanmelden met eID").click()
    await page.get_by_label("Person").select_option(KARIM.key)
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("U hebt het aanmelden gestopt")
