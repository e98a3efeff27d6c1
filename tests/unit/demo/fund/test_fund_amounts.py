"""Amounts: those published, and the made-up ones after them."""

from __future__ import annotations

import pytest

from app.demo.fund import amounts
from app.demo.fund.amounts import Known, amount
from app.demo.fund.months import make_month


@pytest.mark.parametrize(
    ("table", "year", "month", "cents"),
    [
        (amounts.BASIC, 2019, 1, 163_20),
        (amounts.BASIC, 2022, 9, 171_49),
        (amounts.BASIC, 2023, 8, 171_49),
        (amounts.BASIC, 2023, 9, 176_66),
        (amounts.START, 2019, 6, 1122_00),
        (amounts.START, 2023, 9, 1214_49),
        (amounts.TODDLER, 2020, 1, 132_60),
        (amounts.TODDLER, 2022, 9, 137_96),
        (amounts.TODDLER, 2023, 9, 140_72),
        (amounts.TODDLER, 2024, 9, 143_53),
        (amounts.SOCIAL_SMALL, 2022, 9, 54_12),
        (amounts.SOCIAL_LARGE, 2022, 9, 86_59),
        (amounts.HALF_ORPHAN, 2022, 9, 138_56),
    ],
)
def test_published_amounts_are_paid_as_published(
    table: tuple[Known, ...], year: int, month: int, cents: int
) -> None:
    assert amount(table, make_month(year, month)) == cents


@pytest.mark.parametrize(("rank", "cents"), [(1, 95_80), (2, 177_27), (3, 264_67), (4, 264_67)])
def test_rank_amounts_of_september_2018(rank: int, cents: int) -> None:
    assert amounts.rank_amount(rank, make_month(2018, 9)) == cents
    assert amounts.rank_amount(rank, make_month(2019, 1)) == cents


def test_rank_amounts_of_june_2016() -> None:
    month = make_month(2016, 6)

    assert [amounts.rank_amount(rank, month) for rank in (1, 2, 3)] == [92_09, 170_39, 254_40]


@pytest.mark.parametrize(
    ("age", "reduced", "cents"),
    [
        (5, True, 0),
        (6, True, 16_69),
        (11, True, 16_69),
        (12, True, 25_41),
        (18, True, 29_29),
        (6, False, 33_28),
        (17, False, 50_86),
        (24, False, 64_66),
    ],
)
def test_age_supplements_of_2018(age: int, reduced: bool, cents: int) -> None:
    assert amounts.age_amount(age, make_month(2018, 9), reduced=reduced) == cents


@pytest.mark.parametrize(
    ("age", "cents"),
    [(0, 21_65), (4, 21_65), (5, 37_88), (12, 54_12), (18, 64_94), (24, 64_94), (25, 0)],
)
def test_school_bonus_by_age(age: int, cents: int) -> None:
    assert amounts.school_bonus_amount(age, make_month(2022, 9)) == cents


def test_after_the_last_table_amounts_go_up_by_two_percent_each_september() -> None:
    years = [amount(amounts.BASIC, make_month(year, 9)) for year in (2023, 2024, 2025, 2026)]

    assert years == [176_66, 180_19, 183_79, 187_47]
    assert amount(amounts.BASIC, make_month(2025, 8)) == 180_19


def test_old_amounts_follow_the_same_index() -> None:
    assert amounts.rank_amount(1, make_month(2023, 9)) == round(95_80 * 176_66 / 163_20)


def test_social_supplement_by_income_and_number_of_children() -> None:
    month = make_month(2022, 9)

    def social(children: int, low_income: bool) -> int:
        return amounts.social_amount(month, children=children, low_income=low_income, rank=1)

    assert (social(1, True), social(3, True)) == (54_12, 86_59)
    assert social(2, False) == 0
    assert 54_12 < social(3, False) < 86_59


def test_social_supplement_before_2019_goes_by_rank() -> None:
    month = make_month(2018, 9)

    assert [
        amounts.social_amount(month, children=3, low_income=True, rank=rank) for rank in (1, 2, 3)
    ] == [48_77, 30_23, 5_31]
