"""What the pages of payments show."""

from __future__ import annotations

from datetime import date

import pytest

from app.payments.models import Component, PaymentKind, PaymentState
from app.payments.queries import Line, PaymentDetail, PaymentRow, Share
from app.payments.service import (
    by_child,
    coming_days,
    compared_with,
    picture,
)
from tests.unit.payments.lines import EMMA, NOOR

TODAY = date(2026, 11, 23)
MONTHLY, CHILDCARE = PaymentKind.MONTHLY, PaymentKind.CHILDCARE
PAID, ANNOUNCED, RETURNED = PaymentState.PAID, PaymentState.ANNOUNCED, PaymentState.RETURNED


def row(
    number: int,
    period: str,
    pay_date: str,
    state: PaymentState = PAID,
    kind: PaymentKind = MONTHLY,
) -> PaymentRow:
    month = date.fromisoformat(f"{period}-01")
    return PaymentRow(number, kind, month, date.fromisoformat(pay_date), state, 18747)


def detail(payment: PaymentRow, *, corrects: str = "") -> PaymentDetail:
    return PaymentDetail(payment, 1, f"P-{payment.id}", corrects, "", "", "")


def test_the_calendar_has_twelve_months_the_announced_one_in_its_place() -> None:
    known = row(9, "2026-11", "2026-12-04", ANNOUNCED)
    days = coming_days([known, row(8, "2026-10", "2026-11-05")], TODAY, expected=12)
    assert len(days) == 12
    assert days[0].payment is known
    assert days[0].day == date(2026, 12, 4)
    assert all(day.payment is None for day in days[1:])
    assert [day.period for day in days[1:3]] == [date(2026, 12, 1), date(2027, 1, 1)]
    assert days[1].day == date(2027, 1, 7)


def test_the_calendar_expects_this_month_when_its_day_is_still_to_come() -> None:
    days = coming_days([], date(2026, 12, 3), expected=12)
    assert days[0].day == date(2026, 12, 7)
    assert days[-1].day.year == 2027


def test_a_month_that_was_paid_early_is_not_expected_again() -> None:
    days = coming_days([row(1, "2026-11", "2026-11-20")], TODAY, expected=12)
    assert days[0].period == date(2026, 12, 1)


def test_other_announced_payments_come_on_top_of_the_twelve() -> None:
    extra = row(3, "2026-11", "2026-12-18", ANNOUNCED, CHILDCARE)
    days = coming_days([extra], TODAY, expected=12)
    assert len(days) == 13
    assert days[1].payment is extra


def test_a_closed_dossier_expects_nothing_more_than_what_is_announced() -> None:
    known = row(9, "2026-11", "2026-12-04", ANNOUNCED)
    assert coming_days([], TODAY, expected=0) == []
    assert [day.payment for day in coming_days([known], TODAY, expected=0)] == [known]


def test_a_payment_is_compared_with_the_month_before_it() -> None:
    rows = [row(1, "2026-08", "2026-09-07"), row(2, "2026-09", "2026-10-07")]
    now = detail(row(3, "2026-10", "2026-11-05"))
    others = [detail(one) for one in rows]
    childcare = detail(row(4, "2026-09", "2026-10-20", PAID, CHILDCARE))
    found = compared_with(now, [*others, childcare, now])
    assert found is others[1]


def test_a_month_paid_twice_is_compared_by_the_one_that_arrived() -> None:
    came_back = detail(row(1, "2026-09", "2026-10-07", RETURNED))
    again = detail(row(2, "2026-09", "2026-10-24"), corrects="P-1")
    now = detail(row(3, "2026-10", "2026-11-05"))
    assert compared_with(now, [came_back, again, now]) is again
    assert compared_with(again, [came_back, again, now]) is None


@pytest.mark.parametrize(
    "kind", [PaymentKind.CORRECTION, PaymentKind.START, PaymentKind.SCHOOL_BONUS]
)
def test_single_payments_are_compared_with_nothing(kind: PaymentKind) -> None:
    earlier = detail(row(1, "2025-08", "2025-09-07", PAID, kind))
    assert compared_with(detail(row(2, "2026-08", "2026-09-07", PAID, kind)), [earlier]) is None


def test_lines_are_grouped_by_child_and_those_of_no_child_come_last() -> None:
    lines = [
        Line(Component.RECOVERY, -2500, None),
        Line(Component.RANK, 9580, EMMA),
        Line(Component.BASIC, 18747, NOOR),
        Line(Component.AGE, 1669, EMMA),
    ]
    groups = by_child(lines)
    assert [group.child for group in groups] == [EMMA, NOOR, None]
    assert [group.cents for group in groups] == [11249, 18747, -2500]


def test_the_legend_goes_by_age_and_tells_two_of_the_same_name_apart() -> None:
    day = date(2026, 3, 6)
    shares = [
        Share(day, 0, "", None, -2500),
        Share(day, 7, "Noor", date(2021, 1, 1), 300),
        Share(day, 5, "Noor", date(2019, 1, 1), 200),
        Share(day, 6, "Emma", date(2017, 1, 1), 100),
    ]
    names = [(one.name, one.cents) for one in picture(2026, shares, "nl").series]
    assert names == [
        ("Emma", 100),
        ("Noor", 200),
        ("Noor (2021)", 300),
        ("Niet per kind", -2500),
    ]


def test_twins_of_the_same_name_are_two_in_the_legend() -> None:
    born, day = date(2021, 1, 1), date(2026, 3, 6)
    shares = [Share(day, key, "Alex", born, 100) for key in (1, 2, 3)]
    series = picture(2026, shares, "nl").series
    assert len(series) == 3
    assert sum(one.cents for one in series) == 300


def test_components_go_by_what_they_brought() -> None:
    day = date(2026, 3, 6)
    shares = [
        Share(day, Component.AGE, "", None, 100),
        Share(day, Component.BASIC, "", None, 18747),
        Share(day, Component.RECOVERY, "", None, -2500),
    ]
    names = [one.name for one in picture(2026, shares, "nl").series]
    assert names == ["Basisbedrag", "Leeftijdstoeslag", "Terugvordering"]
