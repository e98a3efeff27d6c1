"""The days on which the fund pays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.demo.fund import months
from app.payments.calendar import (
    arrival_day,
    childcare_day,
    easter,
    is_working_day,
    last_working_day,
    next_month,
    pay_day,
    public_holidays,
)


@pytest.mark.parametrize(
    "sunday",
    [
        date(1961, 4, 2),
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2011, 4, 24),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2038, 4, 25),
    ],
)
def test_easter_falls_on_the_published_sunday(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_a_year_has_the_ten_legal_holidays() -> None:
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 1),
        date(2026, 5, 14),  # Ascension
        date(2026, 5, 25),  # Whit Monday
        date(2026, 7, 21),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


def test_the_money_is_there_by_the_eighth_of_the_next_month() -> None:
    assert arrival_day(date(2026, 9, 1)) == date(2026, 10, 8)
    assert arrival_day(date(2026, 12, 1)) == date(2027, 1, 8)


def test_in_a_weekend_or_on_a_holiday_by_the_last_working_day_before() -> None:
    assert arrival_day(date(2026, 7, 1)) == date(2026, 8, 7)  # the 8th is a Saturday
    assert arrival_day(date(2026, 10, 1)) == date(2026, 11, 6)  # the 8th is a Sunday
    assert arrival_day(date(2012, 3, 1)) == date(2012, 4, 6)  # the 8th is Easter Sunday
    assert last_working_day(date(2026, 4, 6)) == date(2026, 4, 3)  # Easter Monday


def test_the_pay_days_are_those_that_were_published_for_2023() -> None:
    days = [pay_day(next_month(date(2023, 1, 1), count)) for count in range(12)]
    published = [(2, 7), (3, 7), (4, 6), (5, 5), (6, 7), (7, 6), (8, 7), (9, 7)]
    published += [(10, 5), (11, 7), (12, 7)]
    assert days[:11] == [date(2023, month, day) for month, day in published]
    assert days[11] == date(2024, 1, 5)


def test_childcare_is_paid_around_the_twentieth() -> None:
    assert childcare_day(date(2026, 9, 1)) == date(2026, 10, 20)
    assert childcare_day(date(2026, 5, 1)) == date(2026, 6, 19)


def test_every_pay_day_is_a_working_day_shortly_before_the_eighth() -> None:
    for count in range(480):
        period = next_month(date(2010, 1, 1), count)
        due = next_month(period).replace(day=8)
        assert is_working_day(pay_day(period))
        assert timedelta(days=1) <= due - pay_day(period) <= timedelta(days=7)


def test_months_count_both_ways_over_the_turn_of_the_year() -> None:
    assert next_month(date(2026, 11, 17), 2) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert next_month(date(2026, 1, 1), -13) == date(2024, 12, 1)


def test_the_made_up_fund_pays_on_the_days_that_the_calendar_expects() -> None:
    for count in range(480):
        period = next_month(date(2010, 1, 1), count)
        assert months.pay_date(months.month_of(period)) == pay_day(period)
        assert months.childcare_pay_date(months.month_of(period)) == childcare_day(period)
