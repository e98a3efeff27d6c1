"""The authorization endpoint: what it refuses, where, and when an earlier sign-in counts."""

from __future__ import annotations

import pytest

from app.demo.people import KARIM, SOFIE
from tests.unit.demo.provider.scene import (
    ISSUER,
    LEVEL_300,
    LEVEL_500,
    Browser,
    answer_of,
    authorize_url,
    browser,
    claims_of,
    text,
)


@pytest.fixture
def visitor() -> Browser:
    return browser()


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "stranger"},
        {"redirect_uri": None},
        {"redirect_uri": "http://localhost:8000/aanmelden/terug/"},
        {"redirect_uri": "http://localhost:8000/aanmelden/terug?x=1"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"redirect_uri": "http://localhost:9000/back?lang=nl"},
    ],
)
async def test_an_unknown_client_or_address_is_told_to_the_person_alone(
    visitor: Browser, changes: dict[str, str | None]
) -> None:
    response = await visitor.begin(**changes)
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert "Ga terug" in await text(response)


async def test_a_repeated_client_id_is_told_to_the_person_alone(visitor: Browser) -> None:
    response = await visitor.get(authorize_url() + "&client_id=portal")
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        (
            {"acr_values": "urn:be:fedict:iam:fas:citizen:Level600"},
            "unmet_authentication_requirements",
        ),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://elsewhere.example/"}, "request_uri_not_supported"),
        ({"nonce": "n" * 3000}, "invalid_request"),
    ],
)
async def test_a_bad_request_goes_back_to_the_client(
    visitor: Browser, changes: dict[str, str | None], error: str
) -> None:
    answer = answer_of(await visitor.begin(**changes))
    assert answer["error"] == error
    assert answer["state"] == "the state"
    assert answer["iss"] == ISSUER
    assert "code" not in answer


async def test_a_parameter_given_twice_is_refused(visitor: Browser) -> None:
    answer = answer_of(await visitor.get(authorize_url() + "&nonce=another"))
    assert answer["error"] == "invalid_request"


async def test_a_state_given_twice_is_not_returned(visitor: Browser) -> None:
    answer = answer_of(await visitor.get(authorize_url() + "&state=another"))
    assert answer["error"] == "invalid_request"
    assert "state" not in answer


async def test_the_answer_carries_code_state_and_issuer(visitor: Browser) -> None:
    base = await visitor.start()
    done = await visitor.post(f"{base}/eid/sofie", {"pin": "1234"})
    assert answer_of(done).keys() == {"code", "state", "iss"}
    assert answer_of(done)["iss"] == ISSUER


async def test_the_query_of_a_registered_address_is_kept(visitor: Browser) -> None:
    back = "http://localhost:9000/back?lang=nl"
    base = await visitor.start(client_id="other", redirect_uri=back)
    answer = answer_of(await visitor.post(f"{base}/eid/sofie", {"pin": "1234"}))
    assert answer["lang"] == "nl"
    assert answer["code"]


async def test_the_request_may_be_posted(visitor: Browser) -> None:
    query = authorize_url().partition("?")[2]
    response = await visitor.client.post(
        "/fas/oauth2/authorize",
        data=query,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert response.location.startswith("/fas/aanmelden/")


async def test_silent_without_a_session_is_login_required(visitor: Browser) -> None:
    assert answer_of(await visitor.begin(prompt="none"))["error"] == "login_required"


async def test_an_earlier_sign_in_counts(visitor: Browser) -> None:
    await visitor.with_eid()
    assert "code" in answer_of(await visitor.begin())
    assert "code" in answer_of(await visitor.begin(prompt="none"))


async def test_an_earlier_sign_in_keeps_its_time_and_sid(visitor: Browser) -> None:
    first = claims_of((await visitor.tokens(await visitor.with_eid()))["id_token"])
    visitor.clock.turn(600)
    code = answer_of(await visitor.begin())["code"]
    second = claims_of((await visitor.tokens(code))["id_token"])
    assert second["auth_time"] == first["auth_time"]
    assert second["sid"] == first["sid"]
    assert second["iat"] == first["iat"] + 600


async def test_an_earlier_sign_in_is_of_no_use_in_another_browser(visitor: Browser) -> None:
    await visitor.with_eid()
    await visitor.stranger.start()


@pytest.mark.parametrize("prompt", ["login", "select_account"])
async def test_the_client_can_ask_for_a_new_sign_in(visitor: Browser, prompt: str) -> None:
    await visitor.with_eid()
    await visitor.start(prompt=prompt)


async def test_a_new_sign_in_replaces_the_earlier_person(visitor: Browser) -> None:
    await visitor.with_eid(SOFIE)
    before = visitor.cookies
    await visitor.with_eid(KARIM, prompt="login")
    assert before["fas_session"] != visitor.cookies["fas_session"]
    stale = visitor.stranger
    stale.client.set_cookie("localhost", "fas_session", before["fas_session"])
    assert answer_of(await stale.begin(prompt="none"))["error"] == "login_required"


async def test_an_old_sign_in_does_not_satisfy_max_age(visitor: Browser) -> None:
    await visitor.with_eid()
    visitor.clock.turn(61)
    assert "code" in answer_of(await visitor.begin(max_age="61"))
    await visitor.start(max_age="60")
    await visitor.start(max_age="0")


async def test_a_session_ends_after_eight_hours(visitor: Browser) -> None:
    await visitor.with_eid()
    visitor.clock.turn(8 * 3600)
    await visitor.start()


async def test_a_weaker_sign_in_does_not_satisfy_a_higher_level(visitor: Browser) -> None:
    await visitor.with_token(acr_values=LEVEL_300)
    assert "code" in answer_of(await visitor.begin(acr_values=LEVEL_300))
    denied = await visitor.begin(acr_values=LEVEL_500, prompt="none")
    assert answer_of(denied)["error"] == "login_required"
    await visitor.start(acr_values=LEVEL_500)


async def test_a_stronger_sign_in_satisfies_a_lower_level(visitor: Browser) -> None:
    await visitor.with_eid(acr_values=LEVEL_500)
    assert "code" in answer_of(await visitor.begin(acr_values=LEVEL_300))


async def test_a_hint_of_somebody_else_is_not_satisfied(visitor: Browser) -> None:
    tokens = await visitor.tokens(await visitor.with_eid(SOFIE))
    other = visitor.stranger
    await other.with_eid(KARIM)
    silent = {"prompt": "none", "id_token_hint": tokens["id_token"]}
    assert answer_of(await other.begin(**silent))["error"] == "login_required"
    assert "code" in answer_of(await visitor.begin(**silent))


async def test_a_false_hint_is_not_satisfied(visitor: Browser) -> None:
    await visitor.with_eid()
    answer = answer_of(await visitor.begin(prompt="none", id_token_hint="a.b.c"))
    assert answer["error"] == "login_required"
