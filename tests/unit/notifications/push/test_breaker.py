"""A service that is down is left alone, and tried again by one message at a time."""

from __future__ import annotations

from app.notifications.push.breaker import (
    FIRST_PAUSE,
    LONGEST_ASKED,
    LONGEST_PAUSE,
    THRESHOLD,
    Breaker,
)


def broken(now: float = 0.0, asked: float | None = None) -> Breaker:
    breaker = Breaker()
    for _ in range(THRESHOLD):
        breaker.failed(now, asked)
    return breaker


def test_a_few_failures_change_nothing() -> None:
    breaker = Breaker()
    for _ in range(THRESHOLD - 1):
        breaker.failed(0.0)
    assert breaker.take(0.0) == 0.0


def test_a_success_in_between_starts_the_count_again() -> None:
    breaker = Breaker()
    for _ in range(5):
        for _ in range(THRESHOLD - 1):
            breaker.failed(0.0)
        breaker.succeeded()
    assert breaker.take(0.0) == 0.0


def test_many_failures_in_a_row_make_everybody_wait() -> None:
    breaker = broken()
    assert breaker.take(1.0) == FIRST_PAUSE - 1
    assert breaker.take(FIRST_PAUSE - 1) == 1.0


def test_after_the_pause_one_tries_and_the_others_wait_for_it() -> None:
    breaker = broken()
    assert breaker.take(FIRST_PAUSE) == 0.0
    assert breaker.take(FIRST_PAUSE) > 0.0
    breaker.succeeded()
    assert breaker.take(FIRST_PAUSE) == 0.0
    assert breaker.take(FIRST_PAUSE) == 0.0


def test_each_try_that_fails_doubles_the_pause_up_to_the_longest() -> None:
    breaker, now = broken(), 0.0
    pauses = []
    for _ in range(9):
        now += breaker.wait(now)
        assert breaker.take(now) == 0.0
        breaker.failed(now)
        pauses.append(breaker.wait(now))
    assert pauses[:3] == [2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE


def test_what_was_sent_before_it_opened_adds_nothing() -> None:
    breaker = broken()
    for _ in range(200):
        breaker.failed(5.0)
    assert breaker.wait(5.0) == FIRST_PAUSE - 5


def test_the_service_may_ask_for_a_longer_pause_within_reason() -> None:
    assert broken(asked=120.0).wait(0.0) == 120.0
    assert broken(asked=1.0).wait(0.0) == FIRST_PAUSE
    assert broken(asked=1e9).wait(0.0) == LONGEST_ASKED


def test_looking_does_not_count_as_trying() -> None:
    breaker = broken()
    assert breaker.wait(FIRST_PAUSE) == 0.0
    assert breaker.take(FIRST_PAUSE) == 0.0
