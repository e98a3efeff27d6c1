from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from quart import Quart
from quart_auth import AuthUser

from app import database
from app.auth import sessions
from app.auth.models import Session
from app.auth.sessions import SignedIn, find_viewer, hash_token, open_session
from app.auth.viewer import IDLE, LIFETIME, Viewer
from app.clock import now
from app.demo.people import DemoPerson
from app.dossiers.models import Dossier, DossierState, Party
from app.portal import create_app
from tests import cast
from tests.cast import FAMILY, JAN, NATHALIE, OWN, SOFIE, STRANGERS, WARD
from tests.unit.auth import fake_provider
from tests.unit.conftest import SAME_ORIGIN, Visitor, settings_for

MINUTE = timedelta(minutes=1)
START = now()


async def _session(person: DemoPerson = SOFIE) -> str:
    account = await cast.account_of(person)
    return await open_session(account, SignedIn(500, "eid", START), "Firefox op Linux", START)


async def _viewer(token: str, after: timedelta = timedelta()) -> Viewer:
    viewer = await find_viewer(token, START + after)
    assert viewer is not None
    return viewer


async def test_only_a_hash_of_the_token_is_kept(either_database: str) -> None:
    token = await _session()
    row = await Session.get()
    assert row.token_hash == hash_token(token) != token
    stored = await database.fetch_all("SELECT * FROM session")
    assert token not in str([dict(one) for one in stored])


async def test_the_session_knows_who_and_how(either_database: str) -> None:
    await cast.make_fund()
    viewer = await _viewer(await _session(NATHALIE))
    assert (viewer.name, viewer.level, viewer.means) == ("Nathalie Dubois", 500, "eid")
    assert [dossier.number for dossier in viewer.dossiers] == [OWN, WARD]
    assert viewer.dossier == viewer.dossiers[0]
    assert viewer.role_in(viewer.dossiers[1].id) == "guardian"


async def test_a_closed_dossier_opens_by_itself_only_when_there_is_no_other(
    either_database: str,
) -> None:
    fund = await cast.make_fund()
    for own, ward, first in (
        (DossierState.CLOSED, DossierState.SUSPENDED, WARD),
        (DossierState.SUSPENDED, DossierState.ACTIVE, WARD),
        (DossierState.CLOSED, DossierState.ACTIVE, WARD),
        (DossierState.CLOSED, DossierState.CLOSED, OWN),
    ):
        await Dossier.filter(id=fund.dossiers[OWN].id).update(state=own)
        await Dossier.filter(id=fund.dossiers[WARD].id).update(state=ward)
        viewer = await _viewer(await _session(NATHALIE))
        assert viewer.dossier is not None
        assert viewer.dossier.number == first, (own, ward)


async def test_who_has_no_dossier_is_somebody_all_the_same(either_database: str) -> None:
    viewer = await _viewer(await _session(JAN))
    assert (viewer.dossiers, viewer.dossier, viewer.person_id) == ((), None, None)


@pytest.mark.parametrize("token", ["", "x", "ü" * 40, "\x00"])
async def test_a_made_up_token_is_nobody(either_database: str, token: str) -> None:
    await _session()
    assert await find_viewer(token, START) is None


async def test_half_an_hour_of_silence_ends_it(either_database: str) -> None:
    token = await _session()
    assert await find_viewer(token, START + IDLE - timedelta(seconds=1))
    assert await find_viewer(token, START + IDLE) is None


async def test_half_a_day_ends_it_whatever_happens(either_database: str) -> None:
    token = await _session()
    moment = START
    while moment < START + LIFETIME - MINUTE:
        moment += timedelta(minutes=29)
        viewer = await find_viewer(token, min(moment, START + LIFETIME - MINUTE))
        assert viewer is not None
        await sessions.keep_alive(viewer, moment)
    assert await find_viewer(token, START + LIFETIME - timedelta(seconds=1))
    assert await find_viewer(token, START + LIFETIME) is None


async def test_being_there_is_noted_at_most_once_a_minute(either_database: str) -> None:
    token = await _session()
    for seconds, seen in ((0, 0), (59, 0), (60, 60), (119, 60), (120, 120)):
        moment = START + timedelta(seconds=seconds)
        viewer = await find_viewer(token, moment)
        assert viewer is not None
        await sessions.keep_alive(viewer, moment)
        assert (await Session.get()).last_seen_at == START + timedelta(seconds=seen)


async def test_who_comes_back_just_in_time_has_half_an_hour_again(either_database: str) -> None:
    token = await _session()
    moment = START + timedelta(minutes=29)
    viewer = await sessions.keep_alive(await _viewer(token, timedelta(minutes=29)), moment)
    assert viewer.ends_at == moment + IDLE
    assert viewer.ends_at == (await _viewer(token, timedelta(minutes=29))).ends_at


async def test_near_the_end_of_the_day_staying_no_longer_helps(either_database: str) -> None:
    token = await _session()
    early = await _viewer(token)
    assert early.extendable
    await sessions.extend(early.session_id, START + LIFETIME - timedelta(minutes=20))
    late = await _viewer(token, LIFETIME - timedelta(minutes=19))
    assert not late.extendable
    assert late.ends_at == START + LIFETIME


async def test_an_ended_session_gives_its_hint_once(either_database: str) -> None:
    account = await cast.account_of(SOFIE)
    signed_in = SignedIn(500, "eid", START, id_token="hint")
    token = await open_session(account, signed_in, "", START)
    assert await sessions.end_session_of(token) == "hint"
    assert await sessions.end_session_of(token) == ""
    assert await find_viewer(token, START) is None


async def test_a_person_opens_their_own_dossiers_and_no_other(either_database: str) -> None:
    fund = await cast.make_fund()
    token = await _session(NATHALIE)
    viewer = await _viewer(token)
    assert await sessions.choose_dossier(viewer, fund.dossiers[WARD].id)
    opened = (await _viewer(token)).dossier
    assert opened is not None
    assert opened.number == WARD
    for number in (FAMILY, STRANGERS):
        assert not await sessions.choose_dossier(viewer, fund.dossiers[number].id)
    assert not await sessions.choose_dossier(viewer, 10**12)
    assert (await _viewer(token)).dossier == opened


async def test_a_dossier_that_is_no_longer_theirs_closes(either_database: str) -> None:
    fund = await cast.make_fund()
    token = await _session(NATHALIE)
    await sessions.choose_dossier(await _viewer(token), fund.dossiers[WARD].id)
    await Party.filter(dossier=fund.dossiers[WARD]).delete()
    viewer = await _viewer(token)
    assert viewer.dossier is not None
    assert viewer.dossier.number == OWN
    assert viewer.role_in(fund.dossiers[WARD].id) is None


async def test_sessions_that_are_over_are_removed(either_database: str) -> None:
    idle, old, fresh = [await _session() for _ in range(3)]
    moment = START + LIFETIME + MINUTE
    await Session.filter(token_hash=hash_token(old)).update(last_seen_at=moment)
    await Session.filter(token_hash=hash_token(fresh)).update(
        signed_in_at=moment - MINUTE, last_seen_at=moment
    )
    assert await sessions.remove_ended(moment) == 2
    assert [row.token_hash for row in await Session.all()] == [hash_token(fresh)]
    assert await find_viewer(idle, moment) is None


# In the browser


def _value(cookie: str) -> str:
    return cookie.split(";")[0].partition("=")[2]


async def test_over_https_the_cookie_is_bound_to_this_host(sqlite_url: str, tmp_path: Path) -> None:
    settings = settings_for(sqlite_url, tmp_path).model_copy(
        update={"base_url": "https://portaal.example.be"}
    )
    portal = create_app(settings)
    async with portal.test_app():
        fake_provider.install(portal)
        client = portal.test_client()
        left = await client.get("/aanmelden")  # as a proxy passes it on: over http
        state = left.headers["Location"].partition("?")[2]
        client.set_cookie("localhost", "__Host-aanmelden", _value(left.headers["Set-Cookie"]))
        back = await client.get(f"/aanmelden/terug?{state}")
    names = {"__Host-aanmelden": left, "__Host-sessie": back}
    for name, answer in names.items():
        cookie = answer.headers["Set-Cookie"]
        parts = {part.strip() for part in cookie.split(";")}
        assert cookie.startswith(f"{name}=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
        assert not [part for part in parts if part.startswith("Domain")]  # as __Host- demands
    # Gone when the browser closes: the computer may be a shared one.
    assert not {"Max-Age", "Expires"} & {
        part.strip().partition("=")[0] for part in back.headers["Set-Cookie"].split(";")
    }


async def test_on_this_machine_the_cookie_goes_over_http(app: Quart) -> None:
    fake_provider.install(app)
    client = app.test_client()
    start = await fake_provider.begin(client)
    back = await client.get(f"/aanmelden/terug?state={start.state}")
    for cookie, name in ((start.cookie, "aanmelden"), (back.headers["Set-Cookie"], "sessie")):
        assert cookie.startswith(f"{name}=")
        assert {"HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Secure" not in cookie


async def test_after_signing_out_back_shows_nothing(
    app: Quart, fund: cast.Fund, visitor: Visitor
) -> None:
    fake_provider.install(app)
    sofie = await visitor(SOFIE)
    carried = sofie.cookie_jar
    assert carried is not None
    cookie = "; ".join(f"{one.name}={one.value}" for one in carried)
    assert FAMILY in await (await sofie.get("/dossier")).get_data(as_text=True)
    gone = await sofie.post("/afmelden", headers=SAME_ORIGIN)
    assert gone.status_code == 303
    assert gone.headers["Set-Cookie"].startswith("sessie=;")
    assert await Session.all().count() == 0
    for browser in (sofie, app.test_client(use_cookies=False)):  # even with the cookie kept
        again = await browser.get("/dossier", headers={"Cookie": cookie})
        assert again.status_code == 303
        assert again.headers["Location"].startswith("/?")
        assert FAMILY not in await again.get_data(as_text=True)


async def test_signing_out_goes_on_at_the_provider_with_the_hint(app: Quart) -> None:
    fake = fake_provider.install(app)
    client = app.test_client()
    start = await fake_provider.begin(client)
    await client.get(f"/aanmelden/terug?state={start.state}")
    gone = await client.post("/afmelden", headers=SAME_ORIGIN)
    assert gone.headers["Location"] == fake.sign_out_address
    assert fake.hints == [fake_provider.ID_TOKEN]


async def test_signing_out_needs_no_provider(app: Quart) -> None:
    fake_provider.install(app).sign_out_address = None
    client = app.test_client()
    start = await fake_provider.begin(client)
    await client.get(f"/aanmelden/terug?state={start.state}")
    gone = await client.post("/afmelden", headers=SAME_ORIGIN)
    assert gone.headers["Location"] == "/afgemeld"
    assert await Session.all().count() == 0


async def test_staying_starts_the_idle_time_anew(app: Quart, visitor: Visitor) -> None:
    sofie = await visitor(SOFIE)
    before = now() - timedelta(minutes=29)
    await Session.all().update(last_seen_at=before)
    answer = await sofie.post("/sessie", headers=SAME_ORIGIN)
    assert await answer.get_json() == {"seconds": 1800, "extendable": True}
    assert (await Session.get()).last_seen_at > before + timedelta(minutes=28)


async def test_near_the_twelve_hours_staying_says_how_little_is_left(
    app: Quart, visitor: Visitor
) -> None:
    sofie = await visitor(SOFIE)
    began = now() - timedelta(hours=11, minutes=45)
    await Session.all().update(signed_in_at=began)
    said = await (await sofie.post("/sessie", headers=SAME_ORIGIN)).get_json()
    assert 890 <= said["seconds"] <= 900
    assert said["extendable"] is False


async def test_who_comes_back_just_in_time_is_not_warned_at_once(
    app: Quart, fund: cast.Fund, visitor: Visitor
) -> None:
    sofie = await visitor(SOFIE)
    await Session.all().update(last_seen_at=now() - timedelta(minutes=29))
    html = await (await sofie.get("/overzicht")).get_data(as_text=True)
    seconds = int(html.split('data-session-seconds="')[1].split('"')[0])
    assert 1790 <= seconds <= 1800


async def test_after_the_end_a_page_asks_to_sign_in_again(app: Quart, visitor: Visitor) -> None:
    sofie = await visitor(SOFIE)
    await Session.all().update(last_seen_at=now() - IDLE)
    answer = await sofie.get("/betalingen/2026?per=onderdeel")
    assert answer.headers["Location"] == "/?volgende=%2Fbetalingen%2F2026%3Fper%3Donderdeel"
    assert (await sofie.post("/sessie", headers=SAME_ORIGIN)).status_code == 401


# Keys that sign the cookie


async def _status(portal: Quart, cookie: str) -> int:
    client = portal.test_client()
    client.set_cookie("localhost", "sessie", cookie)
    return (await client.get("/profiel")).status_code


async def test_a_cookie_signed_with_an_older_key_is_still_good(
    sqlite_url: str, tmp_path: Path
) -> None:
    old, new = "o" * 40, "n" * 40
    settings = settings_for(sqlite_url, tmp_path)
    signed: dict[str, str] = {}
    token = ""
    for keys in ({"secret_key": old}, {"secret_key": new, "secret_key_fallbacks": ("x" * 40, old)}):
        portal = create_app(settings.model_copy(update=keys))
        async with portal.test_app():
            token = token or await cast.sign_in(SOFIE)
            carrier = portal.extensions["QUART_AUTH"][0]
            signed[str(keys["secret_key"])] = carrier.dump_token(token, portal)
            assert await _status(portal, signed[old]) == 200
            assert await _status(portal, signed.get(new, signed[old])) == 200
    portal = create_app(settings.model_copy(update={"secret_key": new}))
    async with portal.test_app():
        assert await _status(portal, signed[old]) == 303  # no longer listed
        assert await _status(portal, signed[new]) == 200


async def test_a_cookie_that_we_did_not_sign_is_nobody(app: Quart, visitor: Visitor) -> None:
    token = await cast.sign_in(SOFIE)
    assert await _status(app, token) == 303
    assert await _status(app, f"{token}.x.y") == 303
    carrier = app.extensions["QUART_AUTH"][0]
    good = carrier.dump_token(token, app)
    assert await _status(app, good[:-2] + ("aa" if good[-2:] != "aa" else "bb")) == 303
    assert AuthUser(None).auth_id is None
