from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.letters.terms import (
    BODY,
    FILE_MANAGER,
    REFERENCES,
    TERM,
    Mentions,
    add_months,
    answer_term,
    appeal_against,
)

DECIDED = date(2026, 10, 5)
TODAY = date(2026, 11, 23)
COMPLETE = Mentions(90, "Arbeidsrechtbank Gent", "Els Janssens", "DV-1/B-2")


def test_the_last_day_is_the_date_of_the_letter_plus_the_term() -> None:
    appeal = appeal_against(DECIDED, COMPLETE, TODAY)

    assert appeal.last_day == DECIDED + timedelta(days=90) == date(2027, 1, 3)
    assert (appeal.missing, appeal.starts_late, appeal.over) == ((), False, False)


@pytest.mark.parametrize(
    ("mentions", "missing"),
    [
        (replace(COMPLETE, body=""), (BODY,)),
        (replace(COMPLETE, file_manager=""), (FILE_MANAGER,)),
        (replace(COMPLETE, references=""), (REFERENCES,)),
        (replace(COMPLETE, body="", file_manager=""), (BODY, FILE_MANAGER)),
    ],
)
def test_a_missing_mention_lets_the_term_begin_four_months_later(
    mentions: Mentions, missing: tuple[str, ...]
) -> None:
    appeal = appeal_against(DECIDED, mentions, TODAY)

    assert appeal.missing == missing
    assert appeal.starts_on == date(2027, 2, 5)
    assert appeal.last_day == date(2027, 2, 5) + timedelta(days=90)


def test_without_a_term_there_is_no_last_day_but_a_late_start() -> None:
    appeal = appeal_against(DECIDED, replace(COMPLETE, term_days=None), TODAY)

    assert appeal.missing == (TERM,)
    assert appeal.last_day is None
    assert appeal.starts_late
    assert not appeal.over


@pytest.mark.parametrize(("today", "over"), [(date(2027, 1, 3), False), (date(2027, 1, 4), True)])
def test_on_the_last_day_one_can_still_appeal(today: date, over: bool) -> None:
    appeal = appeal_against(DECIDED, COMPLETE, today)

    assert appeal.over is over


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 10, 31), 4, date(2027, 2, 28)),
        (date(2027, 10, 31), 4, date(2028, 2, 29)),
        (date(2026, 1, 15), 4, date(2026, 5, 15)),
        (date(2026, 8, 31), 4, date(2026, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("last_day", "days", "over", "urgent"),
    [
        (date(2026, 12, 1), 8, False, False),
        (date(2026, 11, 30), 7, False, True),
        (TODAY, 0, False, True),
        (date(2026, 11, 22), -1, True, False),
    ],
)
def test_an_answer_is_urgent_in_the_last_week(
    last_day: date, days: int, over: bool, urgent: bool
) -> None:
    answer = answer_term(last_day, TODAY)
    assert answer is not None
    assert (answer.days, answer.over, answer.urgent) == (days, over, urgent)


def test_no_answer_is_asked() -> None:
    assert answer_term(None, TODAY) is None
