"""When to try again, when to give up, and when not to disturb."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest

from app.clock import BRUSSELS
from app.notifications.schedule import (
    FIRST_WAIT,
    LONGEST_ASKED,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    is_hopeless,
    quiet_until,
    wait_before_retry,
)


def test_waits_double_up_to_the_longest_and_are_spread() -> None:
    rng = Random(1)
    for attempts in range(1, 40):
        most = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
        wait = wait_before_retry(attempts, None, rng)
        assert most / 2 <= wait <= most
    assert len({wait_before_retry(5, None, rng) for _ in range(20)}) == 20


def test_the_same_seed_waits_the_same() -> None:
    assert wait_before_retry(3, None, Random(7)) == wait_before_retry(3, None, Random(7))


def test_what_the_other_side_asks_is_the_least_within_reason() -> None:
    hour = timedelta(hours=1)
    assert hour <= wait_before_retry(1, hour, Random(1)) <= hour * 1.1
    assert wait_before_retry(12, timedelta(seconds=1), Random(1)) >= LONGEST_WAIT / 2
    assert wait_before_retry(1, timedelta(days=900), Random(1)) <= LONGEST_ASKED * 1.1


def test_all_attempts_together_outlast_an_outage_of_hours() -> None:
    total = sum(
        (wait_before_retry(n, None, Random(n)) for n in range(1, MOST_ATTEMPTS)), timedelta()
    )
    assert total > timedelta(hours=6)
    assert not is_hopeless(MOST_ATTEMPTS - 1)
    assert is_hopeless(MOST_ATTEMPTS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("now", "begins", "ends", "until"),
    [
        ("2026-11-23T22:30", 22 * 60, 7 * 60, "2026-11-24T07:00"),
        ("2026-11-24T06:59", 22 * 60, 7 * 60, "2026-11-24T07:00"),
        ("2026-11-24T07:00", 22 * 60, 7 * 60, None),
        ("2026-11-23T21:59", 22 * 60, 7 * 60, None),
        ("2026-11-23T13:15", 13 * 60, 14 * 60 + 30, "2026-11-23T14:30"),
        ("2026-11-23T12:59", 13 * 60, 14 * 60, None),
        ("2026-11-23T12:00", 0, 0, None),
        ("2026-11-23T12:00", None, 7 * 60, None),
        ("2026-03-28T23:00", 22 * 60, 7 * 60, "2026-03-29T07:00"),  # the clock goes forward
        ("2026-10-24T23:00", 22 * 60, 7 * 60, "2026-10-25T07:00"),  # and back
    ],
)
def test_quiet_hours(now: str, begins: int | None, ends: int | None, until: str | None) -> None:
    expected = at(until) if until else None
    assert quiet_until(at(now), begins, ends) == expected
