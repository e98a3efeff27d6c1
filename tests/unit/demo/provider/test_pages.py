"""The pages: eID, token, cancelling, and who may send which form."""

from __future__ import annotations

import pytest

from app.demo.people import AMINA, CAST, LUKASZ, SOFIE
from tests.unit.demo.provider.scene import (
    ISSUER,
    LEVEL_300,
    LEVEL_500,
    Browser,
    answer_of,
    asked_number,
    browser,
    text,
)


@pytest.fixture
def visitor() -> Browser:
    return browser()


async def test_both_means_are_offered_when_the_level_allows(visitor: Browser) -> None:
    base = await visitor.start(acr_values=LEVEL_300)
    html = await text(await visitor.get(base))
    assert "eID met kaartlezer" in html
    assert "Persoonlijke code (token)" in html
    assert "Mijn Kinderbijslag" in html


async def test_only_eid_is_offered_for_the_highest_level(visitor: Browser) -> None:
    base = await visitor.start(acr_values=LEVEL_500)
    html = await text(await visitor.get(base))
    assert "eID met kaartlezer" in html
    assert "Persoonlijke code (token)" not in html


@pytest.mark.parametrize("path", ["/token", "/token/code"])
async def test_the_token_cannot_be_forced_for_the_highest_level(
    visitor: Browser, path: str
) -> None:
    base = await visitor.start(acr_values=LEVEL_500)
    form = {"username": "sofie.vermeulen", "password": "lente-in-gent"}
    assert (await visitor.get(base + path)).status_code == 403
    assert (await visitor.post(base + path, form)).status_code == 403


async def test_only_people_with_a_card_can_be_chosen(visitor: Browser) -> None:
    base = await visitor.start()
    html = await text(await visitor.get(f"{base}/eid"))
    assert LUKASZ.name in html
    assert AMINA.name not in html
    assert (await visitor.get(f"{base}/eid/amina")).status_code == 404
    assert (await visitor.post(f"{base}/eid/amina", {"pin": "1234"})).status_code == 404


async def test_a_wrong_pin_says_how_many_tries_are_left(visitor: Browser) -> None:
    base = await visitor.start()
    for left in ("nog 2 pogingen", "nog 1 poging."):
        response = await visitor.post(f"{base}/eid/sofie", {"pin": "0000"})
        html = await text(response)
        assert response.status_code == 422
        assert "<title>Fout: " in html
        assert left in html
        assert "0000" not in html


async def test_a_started_card_warns_before_the_next_try(visitor: Browser) -> None:
    base = await visitor.start()
    await visitor.post(f"{base}/eid/sofie", {"pin": "0000"})
    assert "nog 2 pogingen" in await text(await visitor.get(f"{base}/eid/sofie"))


async def test_an_unreadable_pin_costs_nothing(visitor: Browser) -> None:
    base = await visitor.start()
    for typed in ("", "12", "abcd"):
        response = await visitor.post(f"{base}/eid/sofie", {"pin": typed})
        assert response.status_code == 422
        assert "Typ de 4 cijfers" in await text(response)
    assert "pogingen" not in await text(await visitor.get(f"{base}/eid/sofie"))


async def test_three_wrong_pins_block_the_card_until_a_new_pin(visitor: Browser) -> None:
    base = await visitor.start()
    for _ in range(3):
        response = await visitor.post(f"{base}/eid/sofie", {"pin": "0000"})
    assert response.status_code == 403
    assert "Uw kaart is geblokkeerd" in await text(response)
    again = await visitor.stranger.start()
    assert (await visitor.post(f"{base}/eid/sofie", {"pin": "1234"})).status_code == 403
    assert again
    renewed = await visitor.post("/demo/pincode/sofie", {"aanmelding": base.rpartition("/")[2]})
    assert f'href="{base}/eid/sofie"' in await text(renewed)
    assert "code" in answer_of(await visitor.post(f"{base}/eid/sofie", {"pin": "1234"}))


async def test_unknown_name_and_wrong_password_look_the_same(visitor: Browser) -> None:
    base = await visitor.start()
    pages = []
    for name in ("sofie.vermeulen", "nobody"):
        form = {"username": name, "password": "wrong"}
        response = await visitor.post(f"{base}/token", form)
        pages.append((response.status_code, (await text(response)).replace(name, "")))
    assert pages[0] == pages[1]
    assert pages[0][0] == 422


async def test_a_typed_name_is_kept_and_escaped_and_a_password_is_not(visitor: Browser) -> None:
    base = await visitor.start()
    form = {"username": '"><b>me', "password": "geheim"}
    html = await text(await visitor.post(f"{base}/token", form))
    assert 'value="&#34;&gt;&lt;b&gt;me"' in html
    assert "geheim" not in html


async def test_the_code_is_not_asked_before_the_password(visitor: Browser) -> None:
    base = await visitor.start()
    for response in (
        await visitor.get(f"{base}/token/code"),
        await visitor.post(f"{base}/token/code", {"code": "ABCDEF"}),
    ):
        assert response.status_code == 303
        assert response.location == f"{base}/token"


async def test_a_wrong_code_says_so_and_three_block_for_a_while(visitor: Browser) -> None:
    base = await visitor.start()
    form = {"username": "sofie.vermeulen", "password": "lente-in-gent"}
    await visitor.post(f"{base}/token", form)
    number = asked_number(await text(await visitor.get(f"{base}/token/code")))
    empty = await visitor.post(f"{base}/token/code", {"code": ""})
    assert f"Vul code {number} van uw kaart in" in await text(empty)
    for left in ("nog 2 pogingen", "nog 1 poging."):
        response = await visitor.post(f"{base}/token/code", {"code": "XXXXXX"})
        html = await text(response)
        assert response.status_code == 422
        assert f"Dit is niet code {number} van uw kaart" in html
        assert left in html
    response = await visitor.post(f"{base}/token/code", {"code": "XXXXXX"})
    assert response.status_code == 403
    assert "10.15 uur" in await text(response)  # 09.00 in UTC is 10.00 in Brussels
    assert (await visitor.get(f"{base}/token/code")).status_code == 403
    assert (await visitor.post(f"{base}/token", form)).status_code == 403


@pytest.mark.parametrize("path", ["", "/eid", "/eid/sofie", "/token", "/token/code"])
async def test_every_step_can_be_cancelled(visitor: Browser, path: str) -> None:
    base = await visitor.start()
    if path == "/token/code":
        form = {"username": "sofie.vermeulen", "password": "lente-in-gent"}
        await visitor.post(f"{base}/token", form)
    assert f'action="{base}/annuleren"' in await text(await visitor.get(base + path))
    answer = answer_of(await visitor.post(f"{base}/annuleren"))
    assert answer["error"] == "access_denied"
    assert answer["state"] == "the state"
    assert (await visitor.get(base)).status_code == 400


async def test_a_finished_sign_in_cannot_be_used_again(visitor: Browser) -> None:
    base = await visitor.start()
    await visitor.post(f"{base}/eid/sofie", {"pin": "1234"})
    assert (await visitor.get(base)).status_code == 400
    assert (await visitor.post(f"{base}/eid/sofie", {"pin": "1234"})).status_code == 400


async def test_a_sign_in_belongs_to_the_browser_that_began_it(visitor: Browser) -> None:
    base = await visitor.start()
    other = visitor.stranger
    await other.start()
    assert (await other.get(base)).status_code == 400
    assert (await other.post(f"{base}/eid/sofie", {"pin": "1234"})).status_code == 400


async def test_a_sign_in_is_over_after_a_quarter_of_an_hour(visitor: Browser) -> None:
    base = await visitor.start()
    visitor.clock.turn(15 * 60)
    response = await visitor.get(base)
    assert response.status_code == 400
    assert "verlopen" in await text(response)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": ISSUER, "Sec_Fetch_Site": "cross-site"},
        {"Origin": ISSUER, "Sec_Fetch_Site": "same-site"},
    ],
)
async def test_a_form_from_elsewhere_is_refused(visitor: Browser, headers: dict[str, str]) -> None:
    base = await visitor.start()
    for path in (f"{base}/eid/sofie", f"{base}/annuleren", "/demo/herstel", "/demo/pincode/sofie"):
        assert (await visitor.post(path, {"pin": "1234"}, **headers)).status_code == 403


async def test_pages_carry_their_own_policy_and_are_not_kept(visitor: Browser) -> None:
    base = await visitor.start()
    headers = (await visitor.get(base)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://localhost:8000" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_cookies_are_hidden_from_scripts_and_not_secure_over_http(visitor: Browser) -> None:
    base = await visitor.start()
    done = await visitor.post(f"{base}/eid/sofie", {"pin": "1234"})
    cookie = done.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


async def test_the_demo_page_lists_everybody_with_their_secrets(visitor: Browser) -> None:
    html = await text(await visitor.get("/demo"))
    for person in CAST:
        assert person.name in html
        assert (person.pin or "") in html
        assert person.number not in html
    assert "lente-in-gent" in html


async def test_a_code_card_shows_all_24_codes(visitor: Browser) -> None:
    html = await text(await visitor.get("/demo/codekaart/amina"))
    assert AMINA.token
    assert all(f"<dd>{code}</dd>" in html for code in AMINA.token.codes)
    assert (await visitor.get("/demo/codekaart/lukasz")).status_code == 404
    assert (await visitor.get("/demo/codekaart/nobody")).status_code == 404


async def test_the_demo_can_unblock_everything(visitor: Browser) -> None:
    base = await visitor.start()
    for _ in range(3):
        await visitor.post(f"{base}/eid/sofie", {"pin": "0000"})
        await visitor.post(f"{base}/token", {"username": "sofie.vermeulen", "password": "x"})
    assert "geblokkeerd" in await text(await visitor.get("/demo"))
    assert (await visitor.post("/demo/herstel")).location == "/demo?hersteld=1"
    assert "kaart geblokkeerd" not in await text(await visitor.get("/demo"))
    await visitor.with_token(SOFIE, prompt="login")
    await visitor.with_eid(SOFIE, prompt="login")


@pytest.mark.parametrize("path", ["/nothing", "/fas/aanmelden", "/demo/pincode/amina"])
async def test_an_unknown_address_gets_a_page(visitor: Browser, path: str) -> None:
    response = await visitor.get(path)
    assert response.status_code == 404
    assert "Deze pagina bestaat niet" in await text(response)


async def test_style_and_sign_are_served(visitor: Browser) -> None:
    for name, kind in (("provider.css", "text/css"), ("provider.svg", "image/svg+xml")):
        response = await visitor.get(f"/static/{name}")
        assert response.status_code == 200
        assert response.mimetype == kind


async def test_no_page_holds_inline_style_or_script(visitor: Browser) -> None:
    base = await visitor.start()
    for path in (base, f"{base}/eid", f"{base}/eid/sofie", f"{base}/token", "/demo"):
        html = await text(await visitor.get(path))
        assert "<script" not in html
        assert "style=" not in html
        assert "<style" not in html
