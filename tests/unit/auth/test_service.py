from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app import database
from app.auth import service
from app.auth.models import Account, SignIn
from app.auth.oidc.sign_in import Authorization, state_hash
from app.auth.sessions import SignedIn, open_session
from app.clock import now
from tests import cast
from tests.cast import FAMILY, JAN, KARIM, NATHALIE, OWN, SOFIE, WARD
from tests.unit.auth.fake_provider import identity_of

START = now()


def _authorization(state: str) -> Authorization:
    return Authorization(
        url="http://127.0.0.1:8001/authorize",
        state=state,
        nonce="n",
        code_verifier="v",
        created_at=START,
        minimum_level=300,
        max_age=600,
    )


async def test_of_two_returns_at_once_one_goes_on(either_database: str) -> None:
    await service.begin_sign_in(_authorization("s"), "browser", "/brieven")
    taken = await asyncio.gather(
        *(service.take_sign_in("browser", state_hash("s"), START) for _ in range(4))
    )
    used = [one[0].used for one in taken if one is not None]
    assert sorted(used) == [False, True, True, True]


async def test_what_was_remembered_comes_back_whole(either_database: str) -> None:
    await service.begin_sign_in(_authorization("s"), "browser", "/brieven")
    taken = await service.take_sign_in("browser", state_hash("s"), START)
    assert taken is not None
    started, next_url = taken
    assert next_url == "/brieven"
    assert (started.nonce, started.code_verifier, started.created_at) == ("n", "v", START)
    assert (started.minimum_level, started.max_age, started.used) == (300, 600, False)


@pytest.mark.parametrize("browser", [None, "", "another"])
async def test_another_browser_takes_nothing_and_uses_nothing_up(
    either_database: str, browser: str | None
) -> None:
    await service.begin_sign_in(_authorization("s"), "browser", "/")
    assert await service.take_sign_in(browser, state_hash("s"), START) is None
    taken = await service.take_sign_in("browser", state_hash("s"), START)
    assert taken is not None
    assert not taken[0].used


async def test_two_first_sign_ins_at_once_make_one_profile(either_database: str) -> None:
    accounts = await asyncio.gather(
        *(service.recognise(identity_of(SOFIE), START) for _ in range(4))
    )
    assert len({account.id for account in accounts}) == 1
    assert await Account.all().count() == 1


async def test_a_very_long_name_is_cut_and_not_refused(either_database: str) -> None:
    account = await service.recognise(identity_of(SOFIE, family_name="é" * 300), START)
    assert len(account.family_name) == 120


async def test_everybody_has_the_dossiers_in_which_they_have_a_role(either_database: str) -> None:
    await cast.make_fund()
    found = {
        person.key: [party.dossier.number for party in await service.dossiers_of(person.number)]
        for person in (SOFIE, KARIM, NATHALIE, JAN)
    }
    assert found == {"sofie": [FAMILY], "karim": [FAMILY], "nathalie": [OWN, WARD], "jan": []}


async def test_what_was_never_finished_is_forgotten(either_database: str) -> None:
    old = START - timedelta(days=2)
    kept, gone, busy, fresh = [
        await cast.account_of(person, registered=person is SOFIE)
        for person in (SOFIE, KARIM, NATHALIE, JAN)
    ]
    await Account.all().update(created_at=old)
    await Account.filter(id=fresh.id).update(created_at=START)
    await open_session(busy, SignedIn(500, "eid", START), "", START)
    await service.begin_sign_in(_authorization("now"), "b", "/")
    await service.begin_sign_in(_authorization("then"), "b", "/")
    await SignIn.filter(state_hash=state_hash("then")).update(created_at=old)

    assert await service.forget_unfinished(START) == 2

    left = {account.subject for account in await Account.all()}
    assert left == {account.subject for account in (kept, busy, fresh)}
    assert gone.subject not in left
    assert [row.state_hash for row in await SignIn.all()] == [state_hash("now")]


async def test_forgetting_copes_with_more_sessions_than_a_statement_takes(
    either_database: str,
) -> None:
    account = await cast.account_of(SOFIE)
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 33000)"
    at = START.isoformat(sep=" ")
    await database.connection().execute_script(
        f"{many} INSERT INTO session (token_hash, account_id, level, means, device,"
        " provider_session, id_token, authenticated_at, signed_in_at, last_seen_at)"
        f" SELECT 'h' || i, {account.id}, 500, 'eid', '', '', '', '{at}', '{at}', '{at}' FROM n"
        if database.dialect() == "postgres"
        else f"INSERT INTO session (token_hash, account_id, level, means, device,"
        " provider_session, id_token, authenticated_at, signed_in_at, last_seen_at)"
        f" {many}"
        f" SELECT 'h' || i, {account.id}, 500, 'eid', '', '', '', '{at}', '{at}', '{at}' FROM n"
    )
    assert await service.forget_unfinished(START) == 0
