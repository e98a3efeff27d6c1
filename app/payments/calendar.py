"""When the fund pays: so that the money is there by the 8th of the month after.

By the 8th, or by the last working day before it when that is a day off; it leaves one working day
earlier. That gives each of the twelve pay dates that the Flemish payers published for 2023. The
childcare supplement follows around the 20th. Days off are weekends and the ten public holidays
(royal decree of 18 April 1974). This is the rule by which a date is *expected*; what the fund
announces goes first.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

ARRIVAL_DAY = 8
CHILDCARE_DAY = 20
_ONE_DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous method, Meeus 1991)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * n) // 433
    month = (h + n - 7 * m + 90) // 25
    return date(year, month, (h + n - 7 * m + 33 * month + 19) % 32)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The ten public holidays of a year (royal decree of 18 April 1974)."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=after) for after in (1, 39, 50))
    fixed = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
    return frozenset([*moving, *(date(year, month, day) for month, day in fixed)])


def is_working_day(day: date) -> bool:
    """Whether banks pay on a day: not in a weekend, not on a public holiday."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def last_working_day(day: date) -> date:
    """The day itself when it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


def next_working_day(day: date) -> date:
    """The first working day after a day."""
    day += _ONE_DAY
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def next_month(month: date, count: int = 1) -> date:
    """The first day of the month that is ``count`` months later (earlier when negative)."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


@lru_cache(maxsize=512)
def arrival_day(period: date) -> date:
    """When the money for the month of ``period`` is there: by the 8th of the month after."""
    return last_working_day(next_month(period).replace(day=ARRIVAL_DAY))


@lru_cache(maxsize=512)
def pay_day(period: date) -> date:
    """When the fund pays the month of ``period``: a working day before it has to be there."""
    return last_working_day(arrival_day(period) - _ONE_DAY)


@lru_cache(maxsize=512)
def childcare_day(period: date) -> date:
    """When the childcare supplement for the month of ``period`` is due: around the 20th."""
    return last_working_day(next_month(period).replace(day=CHILDCARE_DAY))
