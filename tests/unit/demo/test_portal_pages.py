"""The demo's fund pays and writes through the import; its mailbox shows what was mailed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as Browser

from app import create_app
from app.demo import portal_pages
from app.letters.models import Letter
from app.mail.mailbox import MailboxMailer
from app.mail.message import Envelope, House, MailWriter
from app.notifications.models import OutboxRow
from app.payments.models import Payment
from tests import cast
from tests.cast import FAMILY, SOFIE
from tests.unit.conftest import SAME_ORIGIN, settings_for
from tests.unit.notifications.conftest import NOW, mail_to

FORM = {**SAME_ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def mailbox(tmp_path: Path) -> MailboxMailer:
    return MailboxMailer(tmp_path / "mail")


@pytest.fixture
async def client(sqlite_url: str, tmp_path: Path, mailbox: MailboxMailer) -> AsyncIterator[Browser]:
    """A browser at the demo's portal, whose fund has the cast's families."""
    settings = settings_for(sqlite_url, tmp_path)
    app = create_app(settings)
    portal_pages.install(app, settings, mailbox)
    async with app.test_app():
        await cast.make_fund()
        yield app.test_client()


async def _order(client: Browser, what: str, number: str = FAMILY) -> int:
    body = urlencode({"dossier": number})
    answer = await client.post(f"/demo/{what}", headers=FORM, data=body)
    return answer.status_code


async def test_pay_now_is_a_payment_like_any_other_and_is_announced(
    client: Browser,
) -> None:
    await mail_to(SOFIE)
    before = await Payment.filter(dossier__number=FAMILY).count()
    for _ in range(2):
        assert await _order(client, "betalingen") == 303
    assert await Payment.filter(dossier__number=FAMILY).count() == before + 2
    assert await OutboxRow.filter(kind="payment", channel="email").count() == 2


async def test_a_letter_that_is_sent_can_be_opened(client: Browser) -> None:
    assert await _order(client, "brieven") == 303
    letter = await Letter.get(dossier__number=FAMILY, kind="request")
    assert letter.document
    assert letter.answer_by is not None


async def test_there_is_no_such_family(client: Browser) -> None:
    assert await _order(client, "betalingen", "D-9999") == 404
    assert await _order(client, "brieven", "") == 404


async def test_an_email_is_shown_with_its_own_style_and_nothing_else(
    client: Browser, mailbox: MailboxMailer
) -> None:
    house = House.of(settings_for("sqlite:///none.sqlite3", Path()))
    envelope = Envelope(to="sofie@example.be", number=1, sent_at=NOW)
    context = {"url": "http://localhost:8000/meldingen/bevestiging", "expires_at": NOW}
    message: EmailMessage = MailWriter(house).render("verification", context, "nl", envelope)
    await mailbox.send(message)
    listed = await (await client.get("/demo/post")).get_data(as_text=True)
    assert "aan sofie@example.be" in listed
    [mail] = await mailbox.mails()
    assert (await client.get(f"/demo/post/{mail.key}")).status_code == 200
    content = await client.get(f"/demo/post/{mail.key}/inhoud")
    policy = content.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "script" not in policy
    assert '<base target="_top">' in await content.get_data(as_text=True)
    for address in ("/demo/post/geraden", f"/demo/post/{'0' * 24}/inhoud"):
        assert (await client.get(address)).status_code == 404


async def test_a_portal_that_is_no_demo_has_none_of_this(app: Quart) -> None:
    for address in ("/demo", "/demo/post", "/demo/betalingen"):
        assert (await app.test_client().get(address)).status_code == 404
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]
