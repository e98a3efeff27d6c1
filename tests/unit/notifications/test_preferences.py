"""What a person chose, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.notifications.announce import announce, remind
from app.notifications.models import Channel, Kind, Preference
from app.notifications.preferences import (
    EVERYTHING,
    Preferences,
    SecurityNeedsAChannel,
    load_preferences,
    refused_address,
    save_preferences,
    unsubscribe,
)
from app.notifications.sql import PortalStatements
from tests.cast import FAMILY, SOFIE, Fund, account_of
from tests.unit.notifications.conftest import NOW, mail_to, subscribe, told

HERE = PortalStatements()


async def test_by_default_all_is_on_and_nothing_is_quiet(fund: Fund) -> None:
    account = await mail_to(SOFIE)
    assert await load_preferences(account) == Preferences(EVERYTHING)


async def test_who_registered_without_alerts_gets_mail_about_security_alone(fund: Fund) -> None:
    account = await mail_to(SOFIE, wants=False)
    chosen = await load_preferences(account)
    assert {kind for kind in Kind if chosen.wants(kind, Channel.EMAIL)} == {Kind.SECURITY}
    assert all(chosen.wants(kind, Channel.PUSH) for kind in Kind)


async def test_what_was_chosen_is_kept(fund: Fund) -> None:
    account = await mail_to(SOFIE, wants=False)
    chosen = Preferences(
        EVERYTHING - {(Kind.MESSAGE, Channel.EMAIL)}, 22 * 60, 7 * 60, True, "blauwe fiets"
    )
    await save_preferences(account, chosen)
    again = await account_of(SOFIE)
    assert again.wants_alerts
    assert await load_preferences(again) == chosen


async def test_security_cannot_be_off_everywhere(fund: Fund) -> None:
    account = await mail_to(SOFIE)
    off = Preferences(EVERYTHING - {(Kind.SECURITY, channel) for channel in Channel})
    with pytest.raises(SecurityNeedsAChannel):
        await save_preferences(account, off)
    assert not await Preference.all().exists()
    one = replace(off, on=off.on | {(Kind.SECURITY, Channel.PUSH)})
    await save_preferences(account, one)


async def test_what_is_switched_off_is_not_sent_any_more_even_when_it_waits(fund: Fund) -> None:
    account = await mail_to(SOFIE)
    await subscribe(SOFIE, "phone")
    await announce(HERE, "payment", [fund.payments[FAMILY].id], NOW)
    await announce(HERE, "letter", [fund.letters[FAMILY].id], NOW)
    await remind(account.id, fund.letters[FAMILY].id, "reminder1", NOW, first=Channel.EMAIL)
    assert await unsubscribe(account.id, Kind.PAYMENT)
    await unsubscribe(account.id, Kind.LETTER)
    assert [row for row in await told() if row[4] == "cancelled"] == [
        ("sofie", "email", "payment", "new", "cancelled")
    ], "the message is no letter, and reminders go on"
    chosen = await load_preferences(account)
    assert not chosen.wants(Kind.PAYMENT, Channel.EMAIL)
    assert chosen.wants(Kind.PAYMENT, Channel.PUSH)


async def test_nobody_unsubscribes_from_security(fund: Fund) -> None:
    account = await mail_to(SOFIE)
    assert not await unsubscribe(account.id, Kind.SECURITY)
    assert (await load_preferences(account)).wants(Kind.SECURITY, Channel.EMAIL)


async def test_a_refused_address_is_told_until_it_is_verified_again(fund: Fund) -> None:
    account = await mail_to(SOFIE)
    assert await refused_address(account) == ""
    await Preference.create(
        account=account, email_failed_at=NOW + timedelta(hours=1), email_failure="550"
    )
    assert await refused_address(account) == "550"
    account.email_verified_at = NOW + timedelta(hours=2)
    assert await refused_address(account) == ""
