"""Letters that must be read and are not: reminders on the fund's schedule, then paper.

With days ``3, 7, 14`` a decision that stays unread is told again after three days (by push, or
by e-mail where there is no device), after seven by the other channel, and after fourteen the
back office is asked to send it by post. It stops the moment that the letter is read or withdrawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.database import as_time, dialect, fetch_all, transaction
from app.notifications.announce import remind
from app.notifications.models import Channel, FollowUp
from app.notifications.sql import MOMENT, moment

DAYS = (3, 7, 14)
_APART = timedelta(days=1)  # at least, when steps come late
_ROUND = 500


@dataclass(frozen=True, slots=True)
class Remind:
    """Tell again, first by this channel; then look again at ``next_at``."""

    first: Channel
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing yet."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """Ask for a letter by post; the end."""


Step = Remind | Wait | Paper | None


def next_step(step: int, announced_at: datetime, days: Sequence[int], now: datetime) -> Step:
    """What is to be done after so many steps; None when the fund follows nothing up."""
    if step >= len(days):
        return None
    at = announced_at + timedelta(days=days[step])
    if now < at:
        return Wait(at)
    if step == len(days) - 1:
        return Paper()
    following = announced_at + timedelta(days=days[step + 1])
    first = Channel.PUSH if step % 2 == 0 else Channel.EMAIL
    return Remind(first, max(following, now + _APART))


# Letters and readings are of a room on a floor above: read here, never written.
_DUE = """SELECT f.id, f.letter_id, f.account_id, f.step, f.announced_at,
    CASE WHEN r.id IS NOT NULL OR l.withdrawn_at IS NOT NULL THEN 1 ELSE 0 END
FROM follow_up f
    JOIN letter l ON l.id = f.letter_id
    LEFT JOIN reading r ON r.letter_id = f.letter_id AND r.account_id = f.account_id
WHERE f.due_at <= {now} ORDER BY f.due_at LIMIT $2"""
_OPEN = """SELECT l.reference, f.account_id, f.step, f.announced_at, f.due_at
FROM follow_up f
    JOIN letter l ON l.id = f.letter_id AND l.withdrawn_at IS NULL
    LEFT JOIN reading r ON r.letter_id = f.letter_id AND r.account_id = f.account_id
WHERE f.due_at IS NOT NULL AND r.id IS NULL ORDER BY f.announced_at, f.id LIMIT $1"""
_PAPER = """SELECT f.id, l.reference, a.number, f.paper_at
FROM follow_up f
    JOIN letter l ON l.id = f.letter_id
    JOIN account a ON a.id = f.account_id
WHERE f.paper_at IS NOT NULL AND f.id > $1 ORDER BY f.id LIMIT $2"""


async def follow_up(now: datetime, days: Sequence[int] = DAYS) -> int:
    """Do every step that is due; out: how many reminders and requests for paper. A worker's job."""
    done = 0
    place = MOMENT[dialect()].format("$1")
    rows = await fetch_all(_DUE.format(now=place), (moment(dialect(), now), _ROUND))
    for number, letter, account, step, announced_at, over in rows:
        plan = None if over else next_step(step, as_time(announced_at), days, now)
        done += await _do(number, letter, account, step, plan, now)
    return done


async def _do(number: int, letter: int, account: int, step: int, plan: Step, now: datetime) -> int:
    """Do one step; of several workers the first does it."""
    mine = FollowUp.filter(id=number, step=step, due_at__lte=now)
    if isinstance(plan, Wait):
        await mine.update(due_at=plan.until)
    elif isinstance(plan, Paper):
        return await mine.update(step=step + 1, due_at=None, paper_at=now)
    elif isinstance(plan, Remind):
        async with transaction():
            if await mine.update(step=step + 1, due_at=plan.next_at):
                await remind(account, letter, f"reminder{step + 1}", now, first=plan.first)
                return 1
    else:
        await mine.update(due_at=None)
    return 0


@dataclass(frozen=True, slots=True)
class Unread:
    """A letter that somebody has yet to read, as the operator sees it."""

    reference: str
    account_id: int
    step: int
    announced_at: datetime
    due_at: datetime


async def unread(limit: int = 1_000) -> list[Unread]:
    """What is being followed up now, the oldest first."""
    return [
        Unread(row[0], row[1], row[2], as_time(row[3]), as_time(row[4]))
        for row in await fetch_all(_OPEN, (limit,))
    ]


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """A letter that the back office is asked to send by post; ids count up."""

    id: int
    reference: str
    number: str
    at: datetime


async def paper_requests(after: int = 0, limit: int = 1_000) -> list[PaperRequest]:
    """Requests for paper with a higher id than ``after``, for the outgoing feed."""
    return [
        PaperRequest(row[0], row[1], row[2], as_time(row[3]))
        for row in await fetch_all(_PAPER, (after, limit))
    ]
