"""Months as integers, ``year * 12 + month - 1``: a big fund counts periods millions of times."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from app.payments.calendar import childcare_day, is_working_day, pay_day

DAY = timedelta(days=1)


def month_of(day: date) -> int:
    """The month that a day is in."""
    return day.year * 12 + day.month - 1


def make_month(year: int, month: int) -> int:
    """The month of a year and a calendar month (1 to 12)."""
    return year * 12 + month - 1


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


@cache
def iso_month(month: int) -> str:
    """A month as the feed writes it: ``2026-11``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


@cache
def pay_date(period: int) -> date:
    """The day on which a month is paid (the rule is in app/payments/calendar.py)."""
    return pay_day(first_day(period))


@cache
def childcare_pay_date(period: int) -> date:
    """The day on which the childcare supplement of a month is paid."""
    return childcare_day(first_day(period))


def working_day_from(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += DAY
    return day
