"""The pages and addresses about alerts, as browsers and mail programs ask for them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from quart import Quart

from app.auth.models import Account
from app.clock import now
from app.mail import links
from app.mail.mailbox import MailboxMailer, bodies
from app.mail.message import House, MailWriter
from app.notifications.addresses import PostRoom
from app.notifications.models import Kind, OutboxRow, Preference, Subscription
from app.notifications.push.endpoints import PushServices
from app.notifications.push.sender import Sender
from app.notifications.push.transport import Transport
from app.notifications.push_room import PushRoom
from app.portal import hold_post
from app.web import security
from tests import cast
from tests.cast import KARIM, SOFIE
from tests.push_service import Device, PushService, Scripted
from tests.unit.conftest import SAME_ORIGIN, Visitor

PAGE = "/profiel/meldingen"
ALL_ON = {f"{kind}_{way}": "ja" for kind in Kind for way in ("push", "email")}
FORM = {**SAME_ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
JSON = {**SAME_ORIGIN, "Content-Type": "application/json", "Accept": "application/json"}


@pytest.fixture
async def family(app: Quart) -> cast.Fund:
    """The cast's dossiers, in the portal's own database."""
    return await cast.make_fund()


@pytest.fixture
def mailbox(app: Quart, tmp_path: Path) -> MailboxMailer:
    """What the portal mails, kept."""
    mailer = MailboxMailer(tmp_path / "mail")
    hold_post(app, PostRoom(MailWriter(House.of(app.extensions["settings"])), mailer))
    return mailer


@pytest.fixture
async def service(app: Quart, tmp_path: Path) -> AsyncIterator[PushService]:
    """A push service that the portal trusts."""
    room: PushRoom = app.extensions["push_room"]
    room.services = PushServices((), allow_loopback=True)
    async with PushService.running(tmp_path) as running:
        transport = Transport(room.services.may_connect, roots=running.certificate)
        if room._sender is not None:
            await room._sender.close()
        room._sender = Sender(room.services, room.vapid, transport)
        yield running


def as_browser(device: Device, key: str) -> dict[str, Any]:
    """What a browser posts when it subscribed."""
    keys = {"p256dh": device.p256dh, "auth": device.auth}
    return {"endpoint": device.endpoint, "keys": keys, "applicationServerKey": key}


def key_of(app: Quart) -> str:
    room: PushRoom = app.extensions["push_room"]
    return room.key


async def code_mailed(mailbox: MailboxMailer) -> str:
    """The code in the newest e-mail."""
    message = await mailbox.read((await mailbox.mails())[0].key)
    assert message is not None
    [url] = [word for word in bodies(message)[0].split() if "/meldingen/" in word]
    return parse_qs(urlsplit(url).query)["code"][0]


async def test_choices_are_kept_and_shown(visitor: Visitor, family: cast.Fund) -> None:
    client = await visitor(SOFIE)
    chosen = {**ALL_ON, "payment_email": "", "quiet_from": "1320", "quiet_until": "420"}
    answer = await client.post(PAGE, headers=FORM, data=urlencode({**chosen, "phrase": "de kat"}))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?bewaard")
    kept = await Preference.get(account__subject="sofie")
    assert (kept.payment_email, kept.letter_email) == (False, True)
    assert (kept.quiet_from, kept.quiet_until, kept.phrase) == (1320, 420, "de kat")
    html = await (await client.get(f"{PAGE}?bewaard")).get_data(as_text=True)
    assert "Uw keuzes zijn aangepast" in html
    assert '<option value="1320" selected>22:00</option>' in html
    assert 'value="de kat"' in html


async def test_security_off_everywhere_is_told_at_the_field(
    visitor: Visitor, family: cast.Fund
) -> None:
    client = await visitor(SOFIE)
    chosen = {**ALL_ON, "security_email": "", "security_push": "", "phrase": "blijft staan"}
    answer = await client.post(PAGE, headers=FORM, data=urlencode(chosen))
    html = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#security_email"' in html
    assert 'aria-describedby="error-security"' in html
    assert 'value="blijft staan"' in html
    assert await Preference.all().count() == 0


async def test_another_recognition_phrase_is_a_matter_of_security(
    visitor: Visitor, family: cast.Fund
) -> None:
    await cast.account_of(SOFIE)
    verified = {"email": "sofie@example.be", "email_verified_at": now()}
    await Account.filter(subject="sofie").update(**verified)
    client = await visitor(SOFIE)
    for phrase, told in (("een", 1), ("een", 1), ("twee", 2)):
        await client.post(PAGE, headers=FORM, data=urlencode({**ALL_ON, "phrase": phrase}))
        assert await OutboxRow.filter(event="phrase", kind=Kind.SECURITY).count() == told


async def test_a_browser_subscribes_once(
    app: Quart, visitor: Visitor, family: cast.Fund, service: PushService
) -> None:
    client = await visitor(SOFIE)
    body = json.dumps(as_browser(service.subscribe(), key_of(app)))
    for status in (201, 200):
        answer = await client.post("/meldingen/toestellen", headers=JSON, data=body)
        assert answer.status_code == status
    assert await Subscription.all().count() == 1
    html = await (await client.get(PAGE)).get_data(as_text=True)
    assert "Nog geen melding gestuurd." in html


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"endpoint": "https://intern.example/push"}, 422),
        ({"endpoint": "http://localhost/push"}, 422),
        ({"applicationServerKey": "BA"}, 422),
        ({"keys": {"p256dh": "x", "auth": "y"}}, 422),
        ({"keys": None}, 400),
    ],
)
async def test_a_subscription_that_we_cannot_send_to_is_refused(
    app: Quart,
    visitor: Visitor,
    family: cast.Fund,
    service: PushService,
    changes: dict[str, object],
    status: int,
) -> None:
    client = await visitor(SOFIE)
    body = json.dumps(as_browser(service.subscribe(), key_of(app)) | changes)
    answer = await client.post("/meldingen/toestellen", headers=JSON, data=body)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert await Subscription.all().count() == 0


async def test_the_key_is_there_for_service_workers(app: Quart) -> None:
    answer = await app.test_client().get("/meldingen/sleutel")
    assert await answer.get_json() == {"key": key_of(app)}


async def _subscribed(
    app: Quart, visitor: Visitor, service: PushService
) -> tuple[Any, Device, Subscription]:
    client = await visitor(SOFIE)
    device = service.subscribe(key_of(app))
    body = json.dumps(as_browser(device, key_of(app)))
    await client.post("/meldingen/toestellen", headers=JSON, data=body)
    return client, device, await Subscription.get()


async def test_a_trial_message_arrives(
    app: Quart, visitor: Visitor, family: cast.Fund, service: PushService
) -> None:
    client, device, row = await _subscribed(app, visitor, service)
    answer = await client.post(f"/meldingen/toestellen/{row.id}/proef", headers=SAME_ORIGIN)
    assert answer.headers["Location"] == f"{PAGE}?proef"
    [message] = service.read_by(device)
    assert message["notification"]["title"] == "Proefmelding"
    await row.refresh_from_db()
    assert row.last_ok_at is not None


@pytest.mark.parametrize(
    ("status", "notice", "left"), [(410, "toestel-weg", 0), (500, "proef-mislukt", 1)]
)
async def test_a_trial_message_says_what_became_of_it(
    app: Quart,
    visitor: Visitor,
    family: cast.Fund,
    service: PushService,
    status: int,
    notice: str,
    left: int,
) -> None:
    client, _, row = await _subscribed(app, visitor, service)
    service.order(Scripted(status))
    answer = await client.post(f"/meldingen/toestellen/{row.id}/proef", headers=SAME_ORIGIN)
    assert answer.headers["Location"] == f"{PAGE}?{notice}"
    assert await Subscription.all().count() == left
    assert (await client.get(answer.headers["Location"])).status_code == 200


async def test_a_stranger_neither_tries_nor_removes_a_device(
    app: Quart, visitor: Visitor, family: cast.Fund, service: PushService
) -> None:
    client, _, row = await _subscribed(app, visitor, service)
    stranger = await visitor(KARIM)
    for act in ("proef", "verwijdering"):
        address = f"/meldingen/toestellen/{row.id}/{act}"
        assert (await stranger.post(address, headers=SAME_ORIGIN)).status_code == 404
    assert service.received == []
    address = f"/meldingen/toestellen/{row.id}/verwijdering"
    assert (await client.post(address, headers=SAME_ORIGIN)).status_code == 303
    assert await Subscription.all().count() == 0


async def test_a_device_renews_itself_when_nobody_is_signed_in(
    app: Quart, visitor: Visitor, family: cast.Fund, service: PushService
) -> None:
    _, device, row = await _subscribed(app, visitor, service)
    fresh = as_browser(service.subscribe(), key_of(app))
    former = {"endpoint": device.endpoint, "auth": device.auth}
    address = "/meldingen/toestellen/vernieuwing"
    body = json.dumps({"former": former, "subscription": fresh})
    client = app.test_client()
    assert (await client.post(address, headers=JSON, data=body)).status_code == 204
    await row.refresh_from_db()
    assert row.endpoint == fresh["endpoint"]
    assert (await client.post(address, headers=JSON, data=body)).status_code == 404


async def test_an_address_is_proven_by_the_button_and_not_by_the_link(
    app: Quart, visitor: Visitor, family: cast.Fund, mailbox: MailboxMailer
) -> None:
    client = await visitor(SOFIE)
    contact = urlencode({"language": "nl", "email": "sofie@example.be", "wants_alerts": "ja"})
    await client.post("/profiel", headers=FORM, data=contact)
    assert "nog te bevestigen" in await (await client.get(PAGE)).get_data(as_text=True)
    address = f"/meldingen/bevestiging?code={await code_mailed(mailbox)}"

    anybody = app.test_client()  # the link may be opened on another device
    for _ in range(2):  # as scanners do
        html = await (await anybody.get(address)).get_data(as_text=True)
        assert "s•••@example.be" in html
    assert (await Account.get(subject="sofie")).email_verified_at is None
    answer = await anybody.post(address, headers=SAME_ORIGIN)
    assert answer.headers["Location"] == "/meldingen/bevestiging?gelukt"
    assert (await anybody.get(answer.headers["Location"])).status_code == 200
    assert (await Account.get(subject="sofie")).email_verified_at is not None
    assert (await anybody.get(address)).status_code == 410


async def test_the_link_is_sent_again_when_asked_but_not_in_a_row(
    visitor: Visitor, family: cast.Fund, mailbox: MailboxMailer
) -> None:
    client = await visitor(SOFIE)
    await Account.filter(subject="sofie").update(email="sofie@example.be")
    for notice in ("mail-ja", "mail-te-vaak"):
        answer = await client.post("/meldingen/bevestigingen", headers=SAME_ORIGIN)
        assert answer.headers["Location"] == f"{PAGE}?{notice}"
    assert len(await mailbox.mails()) == 1


async def test_refused_mail_is_a_notice_at_the_next_visit(
    visitor: Visitor, family: cast.Fund
) -> None:
    client = await visitor(SOFIE)
    await Account.filter(subject="sofie").update(email="sofie@example.be", email_verified_at=now())
    assert "komen niet aan" not in await (await client.get("/overzicht")).get_data(as_text=True)
    await Preference.create(account=await Account.get(subject="sofie"), email_failed_at=now())
    html = await (await client.get("/overzicht")).get_data(as_text=True)
    assert "Onze e-mails komen niet aan" in html
    assert "komt niet aan" in await (await client.get(PAGE)).get_data(as_text=True)


def unsubscribe_address(app: Quart, account: Account, kind: str = Kind.PAYMENT) -> str:
    keys = (app.extensions["settings"].secret_key,)
    return f"/meldingen/afmelding?code={links.unsubscribe_token(keys, account.id, kind)}"


async def test_a_mail_program_unsubscribes_with_one_click_from_anywhere(
    app: Quart, family: cast.Fund
) -> None:
    sofie = await cast.account_of(SOFIE)
    answer = await app.test_client().post(
        unsubscribe_address(app, sofie),
        headers={
            "Origin": "https://webmail.example",
            "Sec-Fetch-Site": "cross-site",
            "Cookie": "x=y",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        data="List-Unsubscribe=One-Click",
    )
    assert (answer.status_code, await answer.get_data()) == (200, b"")
    kept = await Preference.get(account=sofie)
    assert (kept.payment_email, kept.payment_push, kept.letter_email) == (False, True, True)


async def test_a_person_unsubscribes_by_a_button(app: Quart, family: cast.Fund) -> None:
    sofie = await cast.account_of(SOFIE)
    address = unsubscribe_address(app, sofie)
    client = app.test_client()
    assert "over: betalingen" in (await (await client.get(address)).get_data(as_text=True)).replace(
        "\n", " "
    )
    assert await Preference.all().count() == 0
    answer = await client.post(address, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    html = await (await client.get(answer.headers["Location"])).get_data(as_text=True)
    assert "geen e-mails meer" in html
    assert not (await Preference.get(account=sofie)).payment_email


async def test_security_is_not_unsubscribed_from(app: Quart, family: cast.Fund) -> None:
    sofie = await cast.account_of(SOFIE)
    address = unsubscribe_address(app, sofie, Kind.SECURITY)
    assert (await app.test_client().post(address)).status_code == 410
    assert await Preference.all().count() == 0


def test_only_unsubscribing_may_come_from_other_sites(app: Quart) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    marked = {one for one in endpoints if security.comes_from_anywhere(app, one)}
    assert marked == {"addresses.unsubscribe"}


async def test_other_sites_still_cannot_do_anything_else(app: Quart, family: cast.Fund) -> None:
    cross = {"Origin": "https://webmail.example", "Sec-Fetch-Site": "cross-site"}
    for address in ("/meldingen/bevestiging", "/meldingen/toestellen/vernieuwing", PAGE):
        assert (await app.test_client().post(address, headers=cross)).status_code == 403
