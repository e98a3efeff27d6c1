"""Whoever comes next on the same computer must prove who they are."""

from __future__ import annotations

from quart import Quart

from app.auth.models import Session
from app.auth.viewer import IDLE
from app.clock import now
from tests.unit.auth import fake_provider
from tests.unit.conftest import SAME_ORIGIN


async def test_a_first_sign_in_asks_nothing_special_of_the_provider(app: Quart) -> None:
    provider = fake_provider.install(app)
    await app.test_client().get("/aanmelden")
    assert provider.prompts == [None]


async def test_after_an_idle_end_the_provider_asks_again_who_it_is(app: Quart) -> None:
    provider = fake_provider.install(app)
    client = app.test_client()
    start = await fake_provider.begin(client)
    await client.get(f"/aanmelden/terug?state={start.state}")
    await Session.all().update(last_seen_at=now() - IDLE)

    await client.get("/aanmelden")

    assert provider.prompts == [None, "login"]


async def test_signing_out_after_an_idle_end_still_tells_the_provider(app: Quart) -> None:
    provider = fake_provider.install(app)
    client = app.test_client()
    start = await fake_provider.begin(client)
    await client.get(f"/aanmelden/terug?state={start.state}")
    await Session.all().update(last_seen_at=now() - IDLE)

    answer = await client.post("/afmelden", headers=SAME_ORIGIN)

    assert answer.headers["Location"] == provider.sign_out_address
    assert provider.hints == [fake_provider.ID_TOKEN]
    assert not await Session.exists()


async def test_signing_out_when_the_session_was_cleaned_away_tells_the_provider_too(
    app: Quart,
) -> None:
    provider = fake_provider.install(app)
    client = app.test_client()
    start = await fake_provider.begin(client)
    await client.get(f"/aanmelden/terug?state={start.state}")
    await Session.all().delete()

    answer = await client.post("/afmelden", headers=SAME_ORIGIN)

    assert answer.headers["Location"] == provider.sign_out_address
    assert provider.hints == [None]


async def test_a_new_sign_in_ends_the_session_that_was_there(app: Quart) -> None:
    fake_provider.install(app)
    client = app.test_client()
    for _ in range(2):
        start = await fake_provider.begin(client)
        await client.get(f"/aanmelden/terug?state={start.state}")

    assert await Session.all().count() == 1


async def test_a_mere_look_at_the_return_uses_nothing_up(app: Quart) -> None:
    fake_provider.install(app)
    client = app.test_client()
    start = await fake_provider.begin(client)

    look = await client.head(f"/aanmelden/terug?state={start.state}")
    answer = await client.get(f"/aanmelden/terug?state={start.state}")

    assert look.status_code == 400
    assert answer.headers["Location"] == "/registreren"


async def test_the_cookie_is_gone_when_the_browser_closes(app: Quart) -> None:
    fake_provider.install(app)
    client = app.test_client()
    start = await fake_provider.begin(client)
    answer = await client.get(f"/aanmelden/terug?state={start.state}")

    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if "sessie" in line)
    assert "Max-Age" not in cookie
    assert "Expires" not in cookie
