"""Important letters that stay unread: reminded, by the other channel, then on paper."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.letters.models import Letter, LetterKind, Reading
from app.notifications.announce import announce
from app.notifications.follow_up import (
    Paper,
    Remind,
    Step,
    Wait,
    follow_up,
    next_step,
    paper_requests,
    unread,
)
from app.notifications.models import Channel, FollowUp, OutboxRow
from app.notifications.sql import PortalStatements
from tests.cast import FAMILY, SOFIE, Fund, account_of
from tests.unit.notifications.conftest import NOW, mail_to, subscribe, told

DAYS = (3, 7, 14)


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


@pytest.mark.parametrize(
    ("step", "now", "expected"),
    [
        (0, 0, Wait(day(3))),
        (0, 3, Remind(Channel.PUSH, day(7))),
        (1, 7, Remind(Channel.EMAIL, day(14))),
        (2, 13.9, Wait(day(14))),
        (2, 14, Paper()),
        (3, 99, None),
        (0, 13.5, Remind(Channel.PUSH, day(14.5))),  # late: a day between two steps all the same
    ],
)
def test_steps(step: int, now: float, expected: Step) -> None:
    assert next_step(step, NOW, DAYS, day(now)) == expected


def test_a_fund_may_ask_for_paper_at_once_or_follow_nothing_up() -> None:
    assert next_step(0, NOW, (5,), day(5)) == Paper()
    assert next_step(0, NOW, (), day(5)) is None


async def decide(fund: Fund) -> Letter:
    """A decision for Sofie, announced now."""
    letter = fund.letters[FAMILY]
    letter.kind = LetterKind.DECISION
    await letter.save()
    await announce(PortalStatements(), "letter", [letter.id], NOW)
    return letter


async def test_the_whole_way_to_paper(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    await mail_to(SOFIE, wants=False)
    letter = await decide(fund)
    done = [await follow_up(day(number), DAYS) for number in (0, 2, 3, 3.1, 7, 10, 14, 15)]
    assert done == [0, 0, 1, 0, 1, 0, 1, 0]
    rows = sorted((event, channel) for _, channel, _, event, _ in await told())
    assert rows == [("new", "push"), ("reminder1", "push"), ("reminder2", "email")]
    (request,) = await paper_requests()
    assert (request.reference, request.number, request.at) == (
        letter.reference,
        SOFIE.number,
        day(14),
    )
    assert await paper_requests(request.id) == []
    assert await unread() == []


async def test_the_channel_there_is_takes_every_reminder(fund: Fund) -> None:
    await mail_to(SOFIE)
    await decide(fund)
    for number in (0, 3, 7):
        await follow_up(day(number), DAYS)
    assert {row.channel for row in await OutboxRow.all()} == {Channel.EMAIL}
    assert await OutboxRow.all().count() == 3


async def test_it_stops_when_the_letter_is_read(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    letter = await decide(fund)
    await follow_up(NOW, DAYS)
    assert [one.reference for one in await unread()] == [letter.reference]
    await Reading.create(letter=letter, account=await account_of(SOFIE), read_at=day(1))
    assert await unread() == [], "at once, for who looks"
    assert await follow_up(day(3), DAYS) == 0
    assert (await FollowUp.all().first()).due_at is None  # type: ignore[union-attr]


async def test_it_stops_when_the_letter_is_withdrawn(fund: Fund) -> None:
    await subscribe(SOFIE, "phone")
    letter = await decide(fund)
    await Letter.filter(id=letter.id).update(withdrawn_at=day(1))
    assert await follow_up(day(20), DAYS) == 0
    assert await paper_requests() == []
