"""What the fund pays, in cents, by month.

Sources: the amounts of child benefit up to 2018 (tables of June 2016 and September 2018) and of
the Flemish Groeipakket (decree of 27 April 2018; tables of 2019, September 2020, 2022, 2023 and
2024), as far as found. MADE UP, for want of a published figure:

- every amount after the last table: it follows the basic amount, which goes up by 2% each
  September from 2024 on;
- the amount for a child with specific support needs and for a foster child;
- which families get the middle social supplement, and its figure after 2019;
- that the old amounts of children born before 2019 follow the same index;
- the first month of the half orphan's supplement, whose table bears no date.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from app.demo.fund.months import make_month

GROEIPAKKET = make_month(2019, 1)  # children born from this month on are paid by the new rules
_SEPTEMBER = 8  # of a month modulo 12


@dataclass(frozen=True, eq=False)  # compared by identity: the tables are keys of a cache
class Known:
    """A published amount: in force from a month on."""

    since: int
    cents: int


def _known(*entries: tuple[int, int, int]) -> tuple[Known, ...]:
    return tuple(Known(make_month(year, month), cents) for year, month, cents in entries)


BASIC = _known((2019, 1, 163_20), (2022, 9, 171_49), (2023, 9, 176_66))
START = _known((2019, 1, 1122_00), (2022, 9, 1190_68), (2023, 9, 1214_49))
TODDLER = _known((2020, 1, 132_60), (2022, 9, 137_96), (2023, 9, 140_72), (2024, 9, 143_53))
SCHOOL_BONUS = (  # up to and with this age
    (4, _known((2022, 9, 21_65))),
    (11, _known((2022, 9, 37_88))),
    (17, _known((2022, 9, 54_12))),
    (24, _known((2022, 9, 64_94))),
)
SOCIAL_SMALL = _known((2019, 1, 51_00), (2022, 9, 54_12))  # one or two children, low income
SOCIAL_LARGE = _known((2019, 1, 81_60), (2022, 9, 86_59))  # three or more, low income
SOCIAL_MIDDLE = _known((2019, 1, 61_20))  # three or more, middle income
HALF_ORPHAN = _known((2022, 9, 138_56))
CARE = _known((2022, 9, 110_00))  # made up
FOSTER = _known((2022, 9, 65_00))  # made up
CHILDCARE_DAY = _known((2019, 1, 3_23), (2022, 9, 3_50))

RANK = (
    _known((2016, 6, 92_09), (2018, 9, 95_80)),
    _known((2016, 6, 170_39), (2018, 9, 177_27)),
    _known((2016, 6, 254_40), (2018, 9, 264_67)),
)
ORPHAN_BEFORE_2019 = _known((2016, 6, 353_76), (2018, 9, 368_03))
SOCIAL_BEFORE_2019 = tuple(_known((2018, 9, cents)) for cents in (48_77, 30_23, 5_31))
AGE_FIRST = tuple(_known((2018, 9, cents)) for cents in (16_69, 25_41, 29_29))
AGE_OTHER = tuple(_known((2018, 9, cents)) for cents in (33_28, 50_86, 64_66))


def _published(table: tuple[Known, ...], month: int) -> Known:
    found = table[0]
    for before, after in pairwise(table):
        found = after if month >= after.since else before
        if month < after.since:
            break
    return found


@cache
def _basic(month: int) -> int:
    """The basic amount: the tables, then 2% more each September (made up)."""
    last = BASIC[-1]
    if month < last.since + 12:
        return _published(BASIC, month).cents
    september = month - (month - _SEPTEMBER) % 12
    return (_basic(september - 12) * 102 + 50) // 100


@cache
def amount(table: tuple[Known, ...], month: int) -> int:
    """The amount of a table in a month: as published, and indexed like the basic amount after.

    Before the first figure the first one holds: the fund has no older tables.
    """
    if table is BASIC:
        return _basic(month)
    known = _published(table, month)
    since = max(known.since, GROEIPAKKET)  # before 2019 every change is in a table
    if known is not table[-1] or month <= since:
        return known.cents
    base = _basic(since)
    return (known.cents * _basic(month) * 2 + base) // (2 * base)


def _age_band(age: int) -> int | None:
    """Place in the tables by age 6–11, 12–17, 18–24; None below 6."""
    return None if age < 6 else min((age - 6) // 6, 2)


def rank_amount(rank: int, month: int) -> int:
    """The old amount of a child born before 2019, by its place among the children."""
    return amount(RANK[min(rank, 3) - 1], month)


def age_amount(age: int, month: int, *, reduced: bool) -> int:
    """The old age supplement, 0 below six; ``reduced`` for rank 1 without another supplement."""
    band = _age_band(age)
    return 0 if band is None else amount((AGE_FIRST if reduced else AGE_OTHER)[band], month)


def social_amount(month: int, *, children: int, low_income: bool, rank: int) -> int:
    """The social supplement of one child; 0 for a small family with a middle income."""
    if month < GROEIPAKKET:
        return amount(SOCIAL_BEFORE_2019[min(rank, 3) - 1], month)
    if low_income:
        return amount(SOCIAL_LARGE if children >= 3 else SOCIAL_SMALL, month)
    return amount(SOCIAL_MIDDLE, month) if children >= 3 else 0


def orphan_amount(month: int) -> int:
    """What is paid on top for a child that lost a parent."""
    return amount(ORPHAN_BEFORE_2019 if month < GROEIPAKKET else HALF_ORPHAN, month)


def school_bonus_amount(age: int, month: int) -> int:
    """The school bonus, by the age on 1 August; 0 from 25 on."""
    for oldest, table in SCHOOL_BONUS:
        if age <= oldest:
            return amount(table, month)
    return 0
