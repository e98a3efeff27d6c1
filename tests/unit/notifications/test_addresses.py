"""Proving an address, changing it, and unsubscribing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import pytest

from app.auth import service
from app.auth.models import Account
from app.mail import links
from app.mail.message import MailWriter
from app.mail.outcomes import SENT, Outcome, Reason, Verdict
from app.notifications import addresses
from app.notifications.addresses import AddressState, PostRoom, Sent
from app.notifications.models import Confirmation, Kind, OutboxRow, Preference
from tests import cast
from tests.cast import KARIM, SOFIE
from tests.unit.mail.house import HOUSE
from tests.unit.notifications.conftest import NOW, mail_to

LATER = NOW + timedelta(minutes=5)


@dataclass
class Letterbox:
    """A mailer that keeps what it gets, or refuses it."""

    outcome: Outcome = SENT
    kept: list[EmailMessage] = field(default_factory=list)

    async def send(self, message: EmailMessage) -> Outcome:
        self.kept.append(message)
        return self.outcome

    async def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def room(letterbox: Letterbox) -> PostRoom:
    return PostRoom(MailWriter(HOUSE), letterbox)


@pytest.fixture
async def sofie(fund: cast.Fund) -> Account:
    """Sofie, whose address was typed and not yet proven."""
    account = await cast.account_of(SOFIE)
    account.email, account.wants_alerts = "sofie@example.be", True
    await account.save()
    return account


def code_in(message: EmailMessage) -> str:
    """The code of the link in a verification e-mail."""
    part = message.get_body(("plain",))
    assert part is not None
    [url] = [word for word in str(part.get_content()).split() if "/meldingen/bevestiging" in word]
    return parse_qs(urlsplit(url).query)["code"][0]


async def state(account: Account) -> AddressState:
    await account.refresh_from_db()
    return await addresses.state_of(account)


async def test_a_link_proves_an_address_once(
    sofie: Account, room: PostRoom, letterbox: Letterbox
) -> None:
    assert await state(sofie) is AddressState.WAITING
    assert await addresses.ask_confirmation(sofie.id, room, NOW) is Sent.YES
    [letter] = letterbox.kept
    assert letter["To"].addresses[0].addr_spec == "sofie@example.be"
    assert "Sofie" not in letter.as_string()  # perhaps a stranger reads it
    code = code_in(letter)
    assert await addresses.may_confirm(room, code, LATER) == "sofie@example.be"
    assert await state(sofie) is AddressState.WAITING  # looking proves nothing
    await addresses.confirm(room, code, LATER)
    assert await state(sofie) is AddressState.VERIFIED
    with pytest.raises(links.ForgedLink):
        await addresses.confirm(room, code, LATER)
    assert await addresses.ask_confirmation(sofie.id, room, LATER) is Sent.NOT_NEEDED


async def test_a_link_ends_after_a_day(
    sofie: Account, room: PostRoom, letterbox: Letterbox
) -> None:
    await addresses.ask_confirmation(sofie.id, room, NOW)
    with pytest.raises(links.ExpiredLink):
        await addresses.confirm(room, code_in(letterbox.kept[0]), NOW + timedelta(days=1))


async def test_a_newer_link_voids_the_older(
    sofie: Account, room: PostRoom, letterbox: Letterbox
) -> None:
    await addresses.ask_confirmation(sofie.id, room, NOW)
    assert await addresses.ask_confirmation(sofie.id, room, LATER) is Sent.YES
    older, newer = map(code_in, letterbox.kept)
    with pytest.raises(links.ForgedLink):
        await addresses.confirm(room, older, LATER)
    await addresses.confirm(room, newer, LATER)


async def test_a_link_proves_no_other_address(
    sofie: Account, room: PostRoom, letterbox: Letterbox
) -> None:
    await addresses.ask_confirmation(sofie.id, room, NOW)
    sofie.email = "other@example.be"
    await sofie.save()
    with pytest.raises(links.ForgedLink):
        await addresses.confirm(room, code_in(letterbox.kept[0]), LATER)


async def test_links_are_not_sent_one_after_the_other(sofie: Account, room: PostRoom) -> None:
    assert await addresses.ask_confirmation(sofie.id, room, NOW) is Sent.YES
    soon = NOW + timedelta(seconds=30)
    assert await addresses.ask_confirmation(sofie.id, room, soon) is Sent.TOO_OFTEN


async def test_what_could_not_be_sent_may_be_asked_again_at_once(
    sofie: Account, room: PostRoom, letterbox: Letterbox
) -> None:
    letterbox.outcome = Outcome(Verdict.RETRY, Reason.CONNECTION)
    assert await addresses.ask_confirmation(sofie.id, room, NOW) is Sent.FAILED
    letterbox.outcome = SENT
    assert await addresses.ask_confirmation(sofie.id, room, NOW) is Sent.YES
    assert await Confirmation.all().count() == 1


async def test_an_address_that_takes_no_mail_is_shown_until_it_is_proven(
    sofie: Account, room: PostRoom, letterbox: Letterbox
) -> None:
    letterbox.outcome = Outcome(Verdict.BOUNCED, Reason.ADDRESS, 550, "5.1.1")
    assert await addresses.ask_confirmation(sofie.id, room, NOW) is Sent.FAILED
    assert await state(sofie) is AddressState.REFUSED
    assert await addresses.refused_address(sofie.id) == "sofie@example.be"
    letterbox.outcome = SENT
    assert await addresses.ask_confirmation(sofie.id, room, LATER) is Sent.YES
    await addresses.confirm(room, code_in(letterbox.kept[-1]), LATER)
    assert await addresses.refused_address(sofie.id) == ""


async def test_a_bounce_after_the_proof_counts(fund: cast.Fund) -> None:
    sofie = await mail_to(SOFIE)
    await Preference.create(account=sofie, email_failed_at=NOW + timedelta(hours=1))
    assert await state(sofie) is AddressState.REFUSED
    karim = await cast.account_of(KARIM)
    assert await state(karim) is AddressState.NONE
    assert await addresses.refused_address(karim.id) == ""


async def test_without_a_mailer_nothing_leaves(sofie: Account) -> None:
    room = PostRoom(MailWriter(HOUSE), None)
    assert await addresses.ask_confirmation(sofie.id, room, NOW) is Sent.FAILED


async def change(account: Account, email: str, room: PostRoom, now: datetime = NOW) -> None:
    await service.change_contact(
        account.id, language="nl", email=email, wants_alerts=True, watcher=room, now=now
    )


async def test_changing_a_proven_address_alerts_the_former_one(
    fund: cast.Fund, room: PostRoom, letterbox: Letterbox
) -> None:
    sofie = await mail_to(SOFIE)
    await change(sofie, "new@example.be", room)
    rows = await OutboxRow.filter(account=sofie)
    assert [(row.event, row.address) for row in rows] == [("email_changed", "sofie@example.be")]
    assert letterbox.kept[0]["To"].addresses[0].addr_spec == "new@example.be"
    assert await state(sofie) is AddressState.WAITING


async def test_an_address_that_was_never_proven_hears_nothing(
    sofie: Account, room: PostRoom
) -> None:
    await change(sofie, "new@example.be", room)
    assert await OutboxRow.all().count() == 0


async def test_the_same_address_stays_proven(
    fund: cast.Fund, room: PostRoom, letterbox: Letterbox
) -> None:
    sofie = await mail_to(SOFIE)
    await change(sofie, "Sofie@example.be", room)
    assert await state(sofie) is AddressState.VERIFIED
    assert letterbox.kept == []


async def test_an_unsubscribe_link_says_whose_mail_about_what(sofie: Account) -> None:
    url = addresses.unsubscribe_url(HOUSE.base_url, HOUSE.keys, sofie.id, Kind.LETTER)
    assert url.startswith(f"{HOUSE.base_url}/meldingen/afmelding?code=")
    code = parse_qs(urlsplit(url).query)["code"][0]
    assert addresses.read_unsubscribe(HOUSE.keys, code) == (sofie.id, (Kind.LETTER,))
    summary = links.unsubscribe_token(HOUSE.keys, sofie.id, addresses.SUMMARY)
    _, kinds = addresses.read_unsubscribe(HOUSE.keys, summary)
    assert set(kinds) == set(Kind) - {Kind.SECURITY}
    for kind in (Kind.SECURITY.value, "nothing"):
        token = links.unsubscribe_token(HOUSE.keys, sofie.id, kind)
        with pytest.raises(links.ForgedLink):
            addresses.read_unsubscribe(HOUSE.keys, token)


async def test_unsubscribing_a_profile_that_is_gone_does_nothing(fund: cast.Fund) -> None:
    await addresses.unsubscribe(987_654, [Kind.LETTER])
    assert await Preference.all().count() == 0
