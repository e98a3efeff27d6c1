from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from quart import Quart

from app.auth.models import Account, Session
from app.auth.service import CONDITIONS_VERSION
from app.auth.viewer import IDLE
from app.clock import now
from tests import cast
from tests.cast import AMINA, FAMILY, JAN, NATHALIE, OWN, SOFIE, WARD
from tests.unit.conftest import SAME_ORIGIN, Visitor

GOOD = {"language": "fr", "email": "sofie@voorbeeld.be", "wants_alerts": "ja", "conditions": "ja"}


async def test_registering_shows_who_we_found_you_to_be(
    app: Quart, fund: cast.Fund, visitor: Visitor
) -> None:
    client = await visitor(NATHALIE, registered=False)
    html = await (await client.get("/registreren")).get_data(as_text=True)
    for text in ("Nathalie Dubois", "79.11.30-402", OWN, WARD, "begunstigde", "voogd", "Gent"):
        assert text in html, text
    assert "Rijksregisternummer" in html


async def test_a_bis_number_is_called_one(app: Quart, fund: cast.Fund, visitor: Visitor) -> None:
    client = await visitor(AMINA, registered=False)
    assert "Bisnummer" in await (await client.get("/registreren")).get_data(as_text=True)


async def test_who_has_no_dossier_is_told_so_and_may_register(app: Quart, visitor: Visitor) -> None:
    client = await visitor(JAN, registered=False)
    html = await (await client.get("/registreren")).get_data(as_text=True)
    assert "Wij vinden geen dossier van u" in html
    answer = await client.post("/registreren", form=GOOD, headers=SAME_ORIGIN)
    assert answer.headers["Location"] == "/overzicht"
    home = await (await client.get("/overzicht")).get_data(as_text=True)
    assert "op uw nummer staat bij ons geen dossier" in home
    assert 'href="/contact"' in home


async def test_the_form_is_filled_in_with_what_is_known(
    app: Quart, fund: cast.Fund, visitor: Visitor
) -> None:
    fund.dossiers[cast.FAMILY].language = "fr"
    await fund.dossiers[cast.FAMILY].save()
    client = await visitor(SOFIE, registered=False)
    await Account.all().update(email="sofie@voorbeeld.be")

    html = await (await client.get("/registreren")).get_data(as_text=True)

    assert '<option value="fr" selected lang="fr">' in html
    assert 'value="sofie@voorbeeld.be"' in html


async def test_registering_keeps_what_was_given(app: Quart, visitor: Visitor) -> None:
    client = await visitor(SOFIE, registered=False)
    answer = await client.post("/registreren", form=GOOD, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/overzicht")
    account = await Account.get()
    assert (account.language, account.email, account.wants_alerts) == (
        "fr",
        "sofie@voorbeeld.be",
        True,
    )
    assert account.email_verified_at is None
    assert account.conditions_version == CONDITIONS_VERSION
    assert account.registered_at is not None


async def test_then_they_go_on_where_they_were_going(app: Quart, visitor: Visitor) -> None:
    client = await visitor(SOFIE, registered=False)
    html = await (await client.get("/registreren?volgende=/brieven%3Fzoek%3Da")).get_data(
        as_text=True
    )
    assert 'action="/registreren?volgende=/brieven%3Fzoek%3Da"' in html
    answer = await client.post(
        "/registreren?volgende=/brieven%3Fzoek%3Da", form=GOOD, headers=SAME_ORIGIN
    )
    assert answer.headers["Location"] == "/brieven?zoek=a"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example"])
async def test_and_nowhere_else(app: Quart, visitor: Visitor, elsewhere: str) -> None:
    client = await visitor(SOFIE, registered=False)
    html = await (await client.get(f"/registreren?volgende={elsewhere}")).get_data(as_text=True)
    assert "evil" not in html
    answer = await client.post(f"/registreren?volgende={elsewhere}", form=GOOD, headers=SAME_ORIGIN)
    assert answer.headers["Location"] == "/overzicht"


async def test_a_wrong_form_comes_back_with_what_was_typed(app: Quart, visitor: Visitor) -> None:
    client = await visitor(SOFIE, registered=False)
    typed = '"><script>alert(1)</script>'
    answer = await client.post(
        "/registreren?volgende=/brieven",
        form={"language": "de", "email": typed, "wants_alerts": "ja"},
        headers=SAME_ORIGIN,
    )
    html = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<script>alert" not in html
    assert f'value="{typed}"' in unescape(html)
    assert 'value="de" selected' in html
    assert "Dit e-mailadres klopt niet" in html
    assert "Vink aan dat u akkoord gaat" in html
    assert '<a href="#email">' in html
    assert '<a href="#conditions">' in html
    assert html.count('aria-invalid="true"') == 2
    wants = html.split('id="wants_alerts"')[1].split(">")[0]
    assert "checked" in wants
    assert 'action="/registreren?volgende=/brieven"' in html
    assert "Fout:" in html.split("<title>")[1].split("</title>")[0]
    assert (await Account.get()).registered_at is None


async def test_an_empty_form_says_what_is_needed(app: Quart, visitor: Visitor) -> None:
    client = await visitor(SOFIE, registered=False)
    answer = await client.post("/registreren", headers=SAME_ORIGIN)
    html = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Kies een taal" in html


async def test_registering_twice_changes_nothing(app: Quart, visitor: Visitor) -> None:
    client = await visitor(SOFIE, registered=False)
    await client.post("/registreren", form=GOOD, headers=SAME_ORIGIN)
    before = await Account.get().values()
    again = await client.post(
        "/registreren",
        form={**GOOD, "email": "ander@voorbeeld.be", "language": "nl"},
        headers=SAME_ORIGIN,
    )
    assert again.status_code == 303
    assert await Account.get().values() == before
    assert (await client.get("/registreren")).headers["Location"] == "/overzicht"


async def test_the_profile_shows_what_we_know(
    app: Quart, fund: cast.Fund, visitor: Visitor
) -> None:
    client = await visitor(SOFIE)
    html = await (await client.get("/profiel")).get_data(as_text=True)
    for text in ("Sofie Vermeulen", FAMILY, "Chromium op Linux", "dit toestel"):
        assert text in html, text
    assert "Bewaard" not in html


async def test_other_contact_details_are_kept_and_said(app: Quart, visitor: Visitor) -> None:
    client = await visitor(SOFIE)
    answer = await client.post(
        "/profiel", form={"language": "nl", "email": "nieuw@voorbeeld.be"}, headers=SAME_ORIGIN
    )
    assert answer.headers["Location"] == "/profiel?bewaard"
    html = await (await client.get("/profiel?bewaard")).get_data(as_text=True)
    assert "Uw gegevens zijn aangepast." in html
    assert "nieuw@voorbeeld.be" in html
    assert "nog te bevestigen" in html


async def test_another_address_has_to_be_verified_again(app: Quart, visitor: Visitor) -> None:
    client = await visitor(SOFIE)
    verified = datetime(2026, 3, 1, tzinfo=UTC)
    await Account.all().update(email="oud@voorbeeld.be", email_verified_at=verified)
    same = {"language": "fr", "email": "oud@voorbeeld.be", "wants_alerts": "ja"}
    await client.post("/profiel", form=same, headers=SAME_ORIGIN)
    account = await Account.get()
    assert (account.email_verified_at, account.wants_alerts) == (verified, True)
    await client.post("/profiel", form={**same, "email": "nieuw@voorbeeld.be"}, headers=SAME_ORIGIN)
    assert (await Account.get()).email_verified_at is None


async def test_an_address_can_be_taken_away(app: Quart, visitor: Visitor) -> None:
    client = await visitor(SOFIE)
    await Account.all().update(email="oud@voorbeeld.be", email_verified_at=now())
    await client.post("/profiel", form={"language": "nl", "email": ""}, headers=SAME_ORIGIN)
    account = await Account.get()
    assert (account.email, account.email_verified_at) == ("", None)


async def test_a_wrong_change_is_not_kept(app: Quart, visitor: Visitor) -> None:
    client = await visitor(SOFIE)
    await Account.all().update(email="oud@voorbeeld.be")
    answer = await client.post(
        "/profiel", form={"language": "nl", "email": "nieuw@"}, headers=SAME_ORIGIN
    )
    html = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="nieuw@"' in html
    assert (await Account.get()).email == "oud@voorbeeld.be"


async def test_the_profile_lists_sessions_of_this_person_that_still_run(
    app: Quart, visitor: Visitor
) -> None:
    client = await visitor(SOFIE)
    other = await visitor(NATHALIE)
    await cast.sign_in(SOFIE)
    await Session.all().update(device="Lopend toestel")
    await cast.sign_in(SOFIE)
    ended = await Session.all().order_by("-id").first()
    assert ended is not None
    await Session.filter(id=ended.id).update(
        device="Vergeten toestel", last_seen_at=now() - IDLE - timedelta(minutes=1)
    )
    html = await (await client.get("/profiel")).get_data(as_text=True)
    assert html.count("Lopend toestel") == 2
    assert html.count("dit toestel") == 1
    assert "Vergeten toestel" not in html
    assert (await (await other.get("/profiel")).get_data(as_text=True)).count("Lopend") == 1
