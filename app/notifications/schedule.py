"""When to send, when to try again and when to give up: rules without a database or a clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from app.clock import BRUSSELS

FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=2)
LONGEST_ASKED = timedelta(days=1)  # a Retry-After beyond this is not believed
MOST_ATTEMPTS = 14  # with the waits above about half a day
MINUTES = 24 * 60


def wait_before_retry(attempts: int, asked: timedelta | None, rng: Random) -> timedelta:
    """How long to wait after so many attempts (from 1).

    Doubles each time, with up to half of it left to chance so that not everybody comes back at
    once. What the other side asked for (Retry-After, RFC 9110, section 10.2.3) is the least.
    """
    doubled = FIRST_WAIT * (1 << min(max(attempts - 1, 0), 20))
    wait = min(doubled, LONGEST_WAIT) * rng.uniform(0.5, 1)
    if asked is None:
        return wait
    return max(wait, min(asked, LONGEST_ASKED) * rng.uniform(1, 1.1))


def is_hopeless(attempts: int) -> bool:
    """Whether so many attempts are enough: the row is parked for the operator."""
    return attempts >= MOST_ATTEMPTS


def quiet_until(now: datetime, begins: int | None, ends: int | None) -> datetime | None:
    """When the quiet hours end that ``now`` falls in, None outside them.

    ``begins`` and ``ends``: minutes after midnight in Brussels, possibly across midnight. None
    or the same twice: no quiet hours. In the night that the clock changes the end is as the
    clock on the wall says.
    """
    if begins is None or ends is None or begins == ends:
        return None
    local = now.astimezone(BRUSSELS)
    minute = local.hour * 60 + local.minute
    if begins < ends:
        inside, tomorrow = begins <= minute < ends, False
    else:
        inside, tomorrow = minute >= begins or minute < ends, minute >= begins
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if tomorrow else 0)
    end = datetime.combine(day, time(ends // 60, ends % 60), BRUSSELS)
    return max(end.astimezone(now.tzinfo), now + timedelta(minutes=1))
