from __future__ import annotations

import pytest
from quart import Quart

from app.web.security import content_security_policy, origin_of
from tests.cast import FAMILY, SOFIE, Fund
from tests.unit.conftest import Visitor
from tests.unit.web.site import OWN, make_site

EVIL = "https://evil.example"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Origin": OWN}, True),
        ({"Origin": EVIL}, False),
        ({"Origin": "null"}, False),
        ({"Origin": OWN.replace("https", "http")}, False),
        ({"Origin": f"{OWN}:444"}, False),
        ({"Origin": f"{OWN}.evil.example"}, False),
        ({}, True),
        ({"Cookie": "sessie=x"}, False),
        ({"Cookie": "sessie=x", "Origin": OWN}, True),
        ({"Cookie": "sessie=x", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Cookie": "sessie=x", "Referer": f"{OWN}/"}, False),
    ],
)
async def test_only_pages_of_our_own_change_something(
    method: str, headers: dict[str, str], allowed: bool
) -> None:
    client = make_site().test_client(use_cookies=False)
    verb = {"POST": client.post, "PUT": client.put, "PATCH": client.patch, "DELETE": client.delete}
    answer = await verb[method]("/", headers=headers)
    assert answer.status_code == (200 if allowed else 403)
    assert ("gedaan" in await answer.get_data(as_text=True)) is allowed


@pytest.mark.parametrize("method", ["get", "head", "options"])
async def test_reading_is_allowed_from_anywhere(method: str) -> None:
    client = make_site().test_client()
    answer = await getattr(client, method)("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200


async def test_a_refused_write_says_so_in_plain_words_and_to_programs() -> None:
    client = make_site().test_client()
    headers = {"Sec-Fetch-Site": "cross-site"}
    page = await client.post("/", headers=headers)
    assert "Dit verzoek komt van een andere website" in await page.get_data(as_text=True)
    problem = await client.post("/", headers={**headers, "Accept": "application/json"})
    assert (await problem.get_json())["type"] == "urn:kinderbijslag:problem:cross-site"


def _directives(policy: str) -> dict[str, set[str]]:
    return {part.split()[0]: set(part.split()[1:]) for part in policy.split(";")}


def test_the_content_security_policy_lets_in_our_own_files_and_nothing_else() -> None:
    policy = content_security_policy("https://aanmelden.example.be")
    assert "unsafe" not in policy
    directives = _directives(policy)
    assert directives["default-src"] == {"'none'"}
    assert directives["frame-ancestors"] == {"'none'"}
    assert directives["base-uri"] == {"'none'"}
    assert directives["form-action"] == {"'self'", "https://aanmelden.example.be"}
    loaded = {name for name in directives if name.endswith("-src")} - {"default-src"}
    assert all(directives[name] == {"'self'"} for name in loaded)


@pytest.mark.parametrize(
    "path", ["/", "/pagina", "/brief.pdf", "/stuk/x", "/api/stuk", "/bestaat-niet", "/formulier"]
)
async def test_every_answer_carries_the_headers(path: str) -> None:
    answer = await make_site().test_client().get(path)
    headers = answer.headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == ("SAMEORIGIN" if path.endswith(".pdf") else "DENY")
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Request-Id"]


async def test_only_over_https_browsers_are_told_to_stay_there() -> None:
    secure = await make_site().test_client().get("/")
    assert secure.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    local = await make_site(base_url="http://localhost:8000").test_client().get("/")
    assert "Strict-Transport-Security" not in local.headers


async def test_a_pdf_may_be_shown_in_a_page_of_ours_alone() -> None:
    client = make_site().test_client()
    shown = await client.get("/brief.pdf")
    assert shown.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert shown.headers["Content-Disposition"] == 'inline; filename="brief.pdf"'
    kept = await client.get("/brief.pdf?download=1")
    assert kept.headers["Content-Disposition"] == 'attachment; filename="brief.pdf"'


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://aanmelden.example.be:8443/sso/x?y") == (
        "https://aanmelden.example.be:8443"
    )


async def test_no_page_with_personal_data_is_kept_by_a_browser(
    app: Quart, fund: Fund, visitor: Visitor
) -> None:
    sofie = await visitor(SOFIE)
    payment, letter = fund.payments[FAMILY].id, fund.letters[FAMILY].id
    for path in (
        "/overzicht",
        "/dossier",
        "/betalingen",
        "/betalingen/kalender",
        f"/betaling/{payment}",
        f"/betaling/{payment}/afschrift.pdf",
        "/brieven",
        f"/brieven/{letter}",
        "/profiel",
        "/formulieren",
        "/registreren",
        "/",
        "/hulp",
        "/bestaat-niet",
    ):
        answer = await sofie.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
    stay = await sofie.post("/sessie", headers={"Sec-Fetch-Site": "same-origin"})
    assert stay.headers["Cache-Control"] == "no-store"
