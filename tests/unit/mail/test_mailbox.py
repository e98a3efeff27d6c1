"""The mailbox keeps what would have been sent."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.mail.mailbox import MailboxMailer, bodies
from app.mail.message import MailWriter
from app.mail.outcomes import SENT, Mailer
from tests.unit.mail.house import CONTEXTS, ENVELOPE, HOUSE, NOW


def mail(number: int, to: str = "sofie@voorbeeld.example", kind: str = "letter") -> EmailMessage:
    envelope = replace(ENVELOPE, number=number, to=to)
    return MailWriter(HOUSE).render(kind, CONTEXTS[kind], "nl", envelope)


@pytest.fixture
def mailbox(tmp_path: Path) -> MailboxMailer:
    return MailboxMailer(tmp_path / "mailbox", most=3)


async def test_it_keeps_a_message_as_it_would_have_gone(mailbox: MailboxMailer) -> None:
    mailer: Mailer = mailbox
    sent = mail(1)
    assert await mailer.send(sent) == SENT
    (stored,) = await mailbox.mails()
    assert (stored.to, stored.name) == ("sofie@voorbeeld.example", "Sofie Peeters")
    assert (stored.subject, stored.sent_at) == ("Er is een nieuwe beslissing", NOW)
    read = await mailbox.read(stored.key)
    assert read is not None
    assert bodies(read) == bodies(sent)
    await mailer.close()


async def test_the_newest_come_first_and_the_oldest_are_forgotten(mailbox: MailboxMailer) -> None:
    for number in range(5):
        await mailbox.send(mail(number, to=f"nummer{number}@voorbeeld.example"))
    addresses = [stored.to.partition("@")[0] for stored in await mailbox.mails()]
    assert addresses == ["nummer4", "nummer3", "nummer2"]


async def test_the_same_message_again_replaces_itself(mailbox: MailboxMailer) -> None:
    await mailbox.send(mail(1))
    await mailbox.send(mail(1, kind="message"))
    assert [stored.subject for stored in await mailbox.mails()] == ["Er is een nieuw bericht"]


async def test_one_person_sees_their_own(mailbox: MailboxMailer) -> None:
    await mailbox.send(mail(1))
    await mailbox.send(mail(2, to="an@voorbeeld.example"))
    assert [one.to for one in await mailbox.mails("An@voorbeeld.example")] == [
        "an@voorbeeld.example"
    ]


@pytest.mark.parametrize("key", ["", "..", "../../etc/passwd", "f" * 24, "F" * 24])
async def test_a_key_that_is_not_there_finds_nothing(mailbox: MailboxMailer, key: str) -> None:
    assert await mailbox.read(key) is None
    assert await mailbox.mails() == []
