"""Signing out at the client's request."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from app.demo.people import KARIM
from app.demo.provider.tokens import SigningKey
from tests.unit.demo.provider.scene import (
    HOME,
    KEY_CLIENT,
    SECRET_CLIENT,
    Browser,
    answer_of,
    browser,
    claims_of,
    text,
)


@pytest.fixture
def visitor() -> Browser:
    return browser()


def url(**params: str) -> str:
    return f"/fas/oauth2/connect/endSession?{urlencode(params)}"


async def signed_in(visitor: Browser) -> bool:
    return "code" in answer_of(await visitor.begin(prompt="none"))


async def test_a_hint_signs_out_at_once_and_leads_back(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid())
    response = await visitor.get(
        url(id_token_hint=tokens["id_token"], post_logout_redirect_uri=HOME, state="bye")
    )
    assert response.status_code == 303
    assert response.location == f"{HOME}?state=bye"
    assert not await signed_in(visitor)
    assert (await visitor.userinfo(tokens["access_token"])).status_code == 401


async def test_an_expired_hint_still_signs_out(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid())
    visitor.clock.turn(3600)
    await visitor.get(url(id_token_hint=tokens["id_token"]))
    assert not await signed_in(visitor)


async def test_without_an_address_a_page_confirms(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid())
    response = await visitor.get(url(id_token_hint=tokens["id_token"]))
    assert response.location == "/fas/afgemeld"
    assert "U bent afgemeld" in await text(await visitor.get(response.location))


async def test_without_a_hint_the_person_is_asked(visitor: Browser) -> None:
    await visitor.with_eid()
    response = await visitor.get(url(client_id=KEY_CLIENT, post_logout_redirect_uri=HOME))
    html = await text(await visitor.get(response.location))
    assert re.search(r'name="answer" value="yes"', html)
    assert await signed_in(visitor)
    done = await visitor.post(response.location, {"answer": "yes"})
    assert done.location == HOME
    assert not await signed_in(visitor)


async def test_the_person_may_stay_signed_in(visitor: Browser) -> None:
    await visitor.with_eid()
    response = await visitor.get(url())
    stayed = await visitor.post(response.location, {"answer": "no"})
    assert "U bent nog aangemeld" in await text(stayed)
    assert await signed_in(visitor)


async def test_the_question_is_answered_once_by_the_same_browser(visitor: Browser) -> None:
    await visitor.with_eid()
    asked = (await visitor.get(url())).location
    assert (await visitor.stranger.post(asked, {"answer": "yes"})).status_code == 400
    assert (await visitor.post(asked, {"answer": "yes"}, Origin="null")).status_code == 403
    assert (await visitor.post(asked, {"answer": "no"})).status_code == 200
    assert (await visitor.post(asked, {"answer": "yes"})).status_code == 400
    assert await signed_in(visitor)


async def test_somebody_elses_hint_does_not_sign_this_person_out(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid())
    other = visitor.stranger
    await other.with_eid(KARIM)
    response = await other.get(url(id_token_hint=tokens["id_token"]))
    assert response.location.startswith("/fas/afmelden/")
    assert await signed_in(other)


async def test_nobody_signed_in_is_simply_led_back(visitor: Browser) -> None:
    response = await visitor.get(url(client_id=KEY_CLIENT, post_logout_redirect_uri=HOME))
    assert response.location == HOME


@pytest.mark.parametrize(
    "params",
    [
        {"post_logout_redirect_uri": HOME},
        {"client_id": "stranger", "post_logout_redirect_uri": HOME},
        {"client_id": "stranger"},
        {"client_id": SECRET_CLIENT, "post_logout_redirect_uri": HOME},
        {"client_id": KEY_CLIENT, "post_logout_redirect_uri": "https://elsewhere.example/"},
        {"client_id": KEY_CLIENT, "post_logout_redirect_uri": HOME + "x"},
        {"id_token_hint": "a.b.c", "client_id": KEY_CLIENT, "post_logout_redirect_uri": HOME},
    ],
)
async def test_an_unknown_client_or_address_leads_nowhere(
    visitor: Browser, params: dict[str, str]
) -> None:
    await visitor.with_eid()
    response = await visitor.get(url(**params))
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert await signed_in(visitor)


async def test_a_hint_of_another_client_or_key_is_refused(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid())
    forged = SigningKey.load(None).sign(claims_of(tokens["id_token"]))
    for params in (
        {"id_token_hint": tokens["id_token"], "client_id": SECRET_CLIENT},
        {"id_token_hint": forged},
    ):
        assert (await visitor.get(url(**params))).status_code == 400
    assert await signed_in(visitor)


async def test_the_request_may_be_posted(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid())
    form = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": HOME}
    response = await visitor.client.post("/fas/oauth2/connect/endSession", form=form)
    assert response.location == HOME
    assert not await signed_in(visitor)
