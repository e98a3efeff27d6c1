"""When a payment is late, by the promise of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.payments.calendar import (
    arrival_day,
    is_working_day,
    next_month,
    next_working_day,
    pay_day,
)
from app.payments.lateness import due_day, is_coming, is_overdue, is_under_way, late_since
from app.payments.models import PaymentKind, PaymentState
from app.payments.queries import PaymentRow

MONTHLY, BONUS = PaymentKind.MONTHLY, PaymentKind.SCHOOL_BONUS
PAID, ANNOUNCED = PaymentState.PAID, PaymentState.ANNOUNCED
THURSDAY, FRIDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (5, 6, 8, 9))


def row(
    pay_date: date,
    period: date = date(2026, 10, 1),
    state: PaymentState = ANNOUNCED,
    kind: PaymentKind = MONTHLY,
) -> PaymentRow:
    return PaymentRow(1, kind, period, pay_date, state, 18747)


def test_a_month_that_is_paid_as_usual_is_due_on_the_day_that_the_calendar_promises() -> None:
    for count in range(480):
        period = next_month(date(2010, 1, 1), count)
        assert due_day(row(pay_day(period), period)) == arrival_day(period)


def test_the_next_working_day_passes_weekends_and_holidays() -> None:
    assert next_working_day(FRIDAY) == MONDAY
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 28)
    for days in range(800):
        day = date(2026, 1, 1) + timedelta(days=days)
        assert is_working_day(next_working_day(day))
        assert next_working_day(day) > day


def test_a_month_is_overdue_after_the_day_that_the_calendar_promises() -> None:
    october = row(THURSDAY)  # the 8th is a Sunday: the money has to be there on Friday
    assert due_day(october) == FRIDAY
    assert is_coming(october, FRIDAY)
    assert is_under_way(october, FRIDAY)
    assert not is_under_way(october, THURSDAY)
    assert not is_overdue(october, FRIDAY)
    assert is_overdue(october, SUNDAY)
    assert not is_coming(october, SUNDAY)
    assert not is_under_way(october, SUNDAY)
    assert late_since(october, FRIDAY, again=False) is None
    assert late_since(october, SUNDAY, again=False) == FRIDAY


def test_a_month_that_was_announced_early_still_has_until_the_promised_day() -> None:
    assert due_day(row(date(2026, 10, 28))) == FRIDAY


def test_another_payment_has_a_working_day_to_arrive() -> None:
    bonus = row(FRIDAY, kind=BONUS)
    assert due_day(bonus) == MONDAY
    assert is_coming(bonus, MONDAY)
    assert late_since(bonus, MONDAY, again=False) is None
    tuesday = MONDAY + timedelta(days=1)
    assert is_overdue(bonus, tuesday)
    assert late_since(bonus, tuesday, again=False) == MONDAY


@pytest.mark.parametrize("state", [state for state in PaymentState if state is not ANNOUNCED])
def test_what_the_fund_dealt_with_is_neither_coming_nor_overdue(state: PaymentState) -> None:
    for today in (THURSDAY, date(2027, 1, 1)):
        assert not is_coming(row(FRIDAY, state=state), today)
        assert not is_overdue(row(FRIDAY, state=state), today)


def test_a_month_was_late_when_it_was_paid_after_the_promised_day() -> None:
    today = date(2026, 11, 23)
    september, eighth = date(2026, 9, 1), date(2026, 10, 8)
    assert late_since(row(eighth, september, PAID), today, again=False) is None
    ninth = row(date(2026, 10, 9), september, PAID)
    assert late_since(ninth, today, again=False) == eighth


def test_a_month_announced_for_later_is_late_but_overdue_only_after_that_day() -> None:
    late = row(date(2026, 11, 26), date(2026, 9, 1))
    today = date(2026, 11, 23)
    assert not is_overdue(late, today)
    assert late_since(late, today, again=False) == date(2026, 10, 8)
    assert is_overdue(late, date(2026, 11, 28))
    assert late_since(late, date(2026, 11, 28), again=False) == date(2026, 10, 8)


def test_paying_again_what_came_back_or_another_kind_is_late_only_as_announced() -> None:
    september, today = date(2026, 9, 1), date(2026, 11, 23)
    again = row(date(2026, 10, 23), september, PAID)
    assert late_since(again, today, again=True) is None
    childcare = row(date(2026, 10, 20), september, PAID, PaymentKind.CHILDCARE)
    assert late_since(childcare, today, again=False) is None
    announced = row(date(2026, 10, 23), september)
    assert late_since(announced, today, again=True) == date(2026, 10, 26)
