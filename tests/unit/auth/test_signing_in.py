from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as Browser
from structlog.testing import capture_logs

from app.auth.models import Account, Session, SignIn
from app.auth.oidc.refusal import CATEGORIES, Category, Reason, SignInRefused
from app.portal import create_app
from tests import cast
from tests.cast import AMINA, ISSUER, JAN, KARIM, SOFIE
from tests.unit.auth import fake_provider
from tests.unit.auth.fake_provider import FakeRelyingParty, begin, identity_of
from tests.unit.conftest import Visitor, settings_for
from tests.unit.web.test_inputs import ELSEWHERE


@pytest.fixture
def provider(app: Quart) -> FakeRelyingParty:
    """The identity provider, as the test wants it to answer."""
    return fake_provider.install(app)


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """Every event that is logged meanwhile."""
    with capture_logs() as events:
        yield events


async def _finish(client: Browser, state: str) -> tuple[int, str, str]:
    """Come back from the provider: status, where to, and the page."""
    answer = await client.get(f"/aanmelden/terug?code=geheime-code&state={state}")
    page = await answer.get_data(as_text=True)
    return answer.status_code, answer.headers.get("Location", ""), page


async def _signed_in(client: Browser) -> bool:
    answer = await client.get("/registreren")
    return answer.headers.get("Location", "") in {"", "/overzicht"}


# Leaving


async def test_leaving_remembers_hashes_and_where_to_go_on(
    app: Quart, provider: FakeRelyingParty
) -> None:
    start = await begin(app.test_client(), "/aanmelden?middel=eid&volgende=/brieven/7")
    row = await SignIn.get()
    assert row.next_url == "/brieven/7"
    assert row.used_at is None
    assert start.state not in (row.state_hash, row.cookie_hash)
    browser = start.cookie.split(";")[0].removeprefix("aanmelden=")
    assert browser not in (row.state_hash, row.cookie_hash)
    assert provider.means == ["eid"]


@pytest.mark.parametrize(
    ("asked", "means"),
    [("?middel=token", "token"), ("", None), ("?middel=", None), ("?middel=geraden", None)],
)
async def test_a_means_is_a_wish_that_must_exist(
    app: Quart, provider: FakeRelyingParty, asked: str, means: str | None
) -> None:
    await begin(app.test_client(), f"/aanmelden{asked}")
    assert provider.means == [means]


@pytest.mark.parametrize("value", ELSEWHERE, ids=ascii)
@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "encoded twice"])
async def test_no_address_elsewhere_is_gone_on_to_after_signing_in(
    app: Quart, provider: FakeRelyingParty, value: str, encoded: bool
) -> None:
    await cast.account_of(SOFIE)
    client = app.test_client()
    asked = quote(quote(value)) if encoded else quote(value)
    start = await begin(client, f"/aanmelden?volgende={asked}")
    _, location, _ = await _finish(client, start.state)
    if encoded:
        assert location == "/overzicht" or location.startswith("/%") or location == quote(value)
    else:
        assert location == "/overzicht"
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize("value", ELSEWHERE, ids=ascii)
async def test_the_welcome_page_takes_no_address_elsewhere_along(
    app: Quart, visitor: Visitor, value: str
) -> None:
    nobody = await visitor()
    html = await (await nobody.get(f"/?volgende={quote(value)}")).get_data(as_text=True)
    assert "volgende=" not in html
    sofie = await visitor(SOFIE)
    answer = await sofie.get(f"/?volgende={quote(value)}")
    assert answer.headers["Location"] == "/overzicht"


async def test_the_welcome_page_takes_an_address_of_ours_along(visitor: Visitor) -> None:
    nobody = await visitor()
    answer = await nobody.get("/?volgende=/brieven%3Fzoek%3Da%26b")
    html = await answer.get_data(as_text=True)
    assert 'href="/aanmelden?middel=eid&amp;volgende=/brieven%3Fzoek%3Da%26b"' in html.replace(
        "&volgende", "&amp;volgende"
    )
    assert "Meld u eerst aan" in html
    sofie = await visitor(SOFIE)
    assert (await sofie.get("/?volgende=/brieven")).headers["Location"] == "/brieven"


# Coming back


async def test_the_first_time_somebody_registers_and_then_goes_on(
    app: Quart, provider: FakeRelyingParty, logged: list[Any]
) -> None:
    client = app.test_client()
    start = await begin(client, "/aanmelden?volgende=/betalingen/2026")
    status, location, _ = await _finish(client, start.state)
    assert (status, location) == (303, "/registreren?volgende=%2Fbetalingen%2F2026")
    account = await Account.get()
    assert (account.issuer, account.subject) == (ISSUER, "sofie")
    assert account.registered_at is None
    assert await Session.all().count() == 1
    assert {"event": "signed_in", "log_level": "info", "means": "eid", "level": 500} in logged


async def test_later_they_go_on_at_once(app: Quart, provider: FakeRelyingParty) -> None:
    await cast.account_of(SOFIE)
    client = app.test_client()
    start = await begin(client, "/aanmelden?volgende=/betalingen/2026")
    assert (await _finish(client, start.state))[:2] == (303, "/betalingen/2026")
    assert await Account.all().count() == 1


async def test_without_a_wish_they_go_home(app: Quart, provider: FakeRelyingParty) -> None:
    await cast.account_of(SOFIE)
    client = app.test_client()
    start = await begin(client)
    assert (await _finish(client, start.state))[:2] == (303, "/overzicht")


async def test_the_same_return_works_once(app: Quart, provider: FakeRelyingParty) -> None:
    client = app.test_client()
    start = await begin(client)
    assert (await _finish(client, start.state))[0] == 303
    status, _, page = await _finish(client, start.state)
    assert status == 400
    assert "Aanmelden duurde te lang" in page
    assert await Session.all().count() == 1


async def test_two_tabs_at_once_both_work(app: Quart, provider: FakeRelyingParty) -> None:
    await cast.account_of(SOFIE)
    client = app.test_client()
    first = await begin(client, "/aanmelden?volgende=/brieven")
    second = await begin(client, "/aanmelden?volgende=/dossier")
    assert (await _finish(client, second.state))[:2] == (303, "/dossier")
    assert (await _finish(client, first.state))[:2] == (303, "/brieven")
    assert await _signed_in(client)


async def test_another_browsers_sign_in_cannot_be_finished_here(
    app: Quart, provider: FakeRelyingParty
) -> None:
    attacker, victim = app.test_client(), app.test_client()
    start = await begin(attacker)
    await begin(victim)
    for browser in (victim, app.test_client()):
        assert (await _finish(browser, start.state))[0] == 400
        assert not await _signed_in(browser)
    assert await Session.all().count() == 0


async def test_a_new_sign_in_takes_the_place_of_the_former(
    app: Quart, provider: FakeRelyingParty
) -> None:
    client = app.test_client()
    for person in (SOFIE, KARIM):
        provider.identity = identity_of(person)
        start = await begin(client)
        await _finish(client, start.state)
    session = await Session.get().prefetch_related("account")
    assert session.account.subject == "karim"


@pytest.mark.parametrize(
    "query", ["", "?state=", "?code=x", "?state=%00", "?state=%ff%fe", "?state=" + "x" * 5000]
)
async def test_a_return_out_of_nowhere_is_refused(
    app: Quart, provider: FakeRelyingParty, query: str
) -> None:
    client = app.test_client()
    await begin(client)
    answer = await client.get(f"/aanmelden/terug{query}")
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


async def test_a_parameter_that_comes_twice_counts_for_none(
    app: Quart, provider: FakeRelyingParty
) -> None:
    client = app.test_client()
    start = await begin(client)
    answer = await client.get(f"/aanmelden/terug?state={start.state}&state={start.state}")
    assert answer.status_code == 400


PAGES = {
    Category.TRY_AGAIN: ("Aanmelden duurde te lang", 400),
    Category.CANCELLED: ("U hebt het aanmelden gestopt", 400),
    Category.PROVIDER_UNAVAILABLE: ("De aanmelddienst antwoordt niet", 503),
    Category.LEVEL_TOO_LOW: ("Dit middel is niet veilig genoeg", 400),
    Category.NO_NUMBER: ("Wij weten nog niet wie u bent", 400),
    Category.CLOCK: ("was niet geldig op dit moment", 400),
    Category.TECHNICAL: ("dat wij niet konden vertrouwen", 400),
}


@pytest.mark.parametrize("reason", list(Reason))
async def test_every_refusal_ends_on_a_page_in_plain_words(
    app: Quart, provider: FakeRelyingParty, logged: list[Any], reason: Reason
) -> None:
    client = app.test_client()
    start = await begin(client)
    provider.refusal = SignInRefused(reason, "a fixed phrase")
    answer = await client.get(f"/aanmelden/terug?code=geheime-code&state={start.state}")
    page = await answer.get_data(as_text=True)
    text, status = PAGES[reason.category]
    assert text in page
    assert answer.status_code == status
    assert 'href="/hulp"' in page
    reference = answer.headers["X-Request-Id"]
    assert (reference in page) is (reason is not Reason.CANCELLED)
    assert "Set-Cookie" not in answer.headers
    assert await Session.all().count() == 0
    told = [event for event in logged if event["event"].startswith("sign_in_")]
    assert len(told) == 1
    if reason is not Reason.CANCELLED:
        assert told[0]["reason"] == reason.value
    assert "geheime-code" not in json.dumps(logged)
    assert start.state not in json.dumps(logged)


def test_every_category_has_a_page() -> None:
    assert set(PAGES) == set(Category)
    assert set(CATEGORIES.values()) | {Category.TECHNICAL} == set(Category)


async def test_a_provider_that_is_away_is_told_before_leaving(
    app: Quart, provider: FakeRelyingParty
) -> None:
    provider.refusal = SignInRefused(Reason.PROVIDER_DOWN)
    answer = await app.test_client().get("/aanmelden")
    assert answer.status_code == 503
    assert "De aanmelddienst antwoordt niet" in await answer.get_data(as_text=True)


async def test_the_log_of_a_sign_in_holds_no_personal_data(
    app: Quart, provider: FakeRelyingParty, logged: list[Any]
) -> None:
    client = app.test_client()
    for person in (SOFIE, AMINA, JAN):
        provider.identity = identity_of(person)
        start = await begin(client)
        await _finish(client, start.state)
    text = json.dumps(logged, ensure_ascii=False)
    for person in (SOFIE, AMINA, JAN):
        assert person.number not in text
        assert person.family_name not in text
        assert person.given_name not in text
    assert fake_provider.ID_TOKEN not in text


async def test_a_bis_number_that_became_a_national_number_keeps_the_profile(
    app: Quart, provider: FakeRelyingParty
) -> None:
    account = await cast.account_of(AMINA)
    provider.identity = identity_of(AMINA, number="94071908867", family_name="Diallo-Peeters")
    client = app.test_client()
    start = await begin(client)
    await _finish(client, start.state)
    await account.refresh_from_db()
    assert (account.number, account.family_name) == ("94071908867", "Diallo-Peeters")
    assert await Account.all().count() == 1


async def test_the_same_subject_at_another_provider_is_somebody_else(
    app: Quart, provider: FakeRelyingParty
) -> None:
    await cast.account_of(SOFIE)
    provider.identity = identity_of(KARIM, issuer="https://elsewhere.example", subject="sofie")
    client = app.test_client()
    start = await begin(client)
    assert (await _finish(client, start.state))[1].startswith("/registreren")
    assert await Account.all().count() == 2


async def test_too_many_sign_ins_from_one_address_have_to_wait(
    sqlite_url: str, tmp_path: Path
) -> None:
    settings = settings_for(sqlite_url, tmp_path).model_copy(update={"rate_limits": "on"})
    portal = create_app(settings)
    async with portal.test_app():
        fake_provider.install(portal)
        client = portal.test_client()
        answers = [await client.get("/aanmelden") for _ in range(121)]
        assert {answer.status_code for answer in answers[:120]} == {303}
        assert answers[120].status_code == 429
        assert int(answers[120].headers["Retry-After"]) > 0
        assert (await client.get("/hulp")).status_code == 200
