"""When a payment is late: once its money had to be there and the fund has not said it was paid.

The fund hands the money to the bank on the pay date and it is there on the next working day. For
a month that next working day is the one the calendar promises: the 8th, or the last working day
before it. A month may be announced for an earlier or a later day than usual. Early, the promise
still is what counts. Late, it is late by the calendar (``late_since`` says so) but no payment is
called overdue before the day that the fund itself announced has gone by too.
"""

from __future__ import annotations

from datetime import date

from app.payments.calendar import arrival_day, next_working_day
from app.payments.models import PaymentKind, PaymentState
from app.payments.queries import PaymentRow


def due_day(payment: PaymentRow) -> date:
    """The day on which the money has to be there at the latest."""
    after_paying = next_working_day(payment.pay_date)
    if payment.kind is PaymentKind.MONTHLY:
        return max(arrival_day(payment.period), after_paying)
    return after_paying


def is_coming(payment: PaymentRow, today: date) -> bool:
    """Whether the fund announced it and the money may still be there in time."""
    return payment.state is PaymentState.ANNOUNCED and due_day(payment) >= today


def is_overdue(payment: PaymentRow, today: date) -> bool:
    """Whether the money had to be there without the fund saying that it was paid."""
    return payment.state is PaymentState.ANNOUNCED and due_day(payment) < today


def is_under_way(payment: PaymentRow, today: date) -> bool:
    """Whether its pay date has gone by, while the money may still be there in time."""
    return is_coming(payment, today) and payment.pay_date < today


def late_since(payment: PaymentRow, today: date, *, again: bool) -> date | None:
    """The day on which the money should have been there, for a payment that was or is late.

    For a month that is the day of the calendar, also when the fund announced a later one. What is
    no month, or what came back and is paid ``again``, is late only by what was announced.
    """
    if payment.kind is PaymentKind.MONTHLY and not again:
        promised = arrival_day(payment.period)
        return promised if payment.pay_date > promised or is_overdue(payment, today) else None
    return due_day(payment) if is_overdue(payment, today) else None
