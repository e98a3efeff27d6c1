"""What a family is due, month by month, as payments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.demo.fund import amounts
from app.demo.fund.family import (
    STANDING,
    Corrected,
    Family,
    Kid,
    Late,
    Recovery,
    Returned,
    Window,
)
from app.demo.fund.months import (
    childcare_pay_date,
    iso_month,
    month_of,
    pay_date,
    working_day_from,
)
from app.demo.fund.numbers import communication, masked
from app.demo.fund.records import Line, Payment, PaymentKind, PaymentState

AUGUST = 7  # of a month modulo 12
_SUPPLEMENTS = frozenset({"social", "care", "orphan", "foster"})


def kinds_in(kid: Kid, month: int) -> set[str]:
    """What a child is entitled to in a month; nothing without a standing entitlement."""
    kinds: set[str] = {span.kind for span in kid.spans if span.first <= month <= span.last}
    return kinds if kinds & STANDING else set()


def age_in(kid: Kid, month: int) -> int:
    """The age that counts in a month: a birthday counts from the month after it."""
    return (month - 1 - month_of(kid.birth)) // 12


def kid_lines(
    kid: Kid, kinds: set[str], month: int, *, rank: int, children: int, low_income: bool
) -> list[Line]:
    """The lines of one child in a month, given its place and the number of children."""
    lines: list[Line] = []

    def add(component: str, cents: int) -> None:
        if cents:
            lines.append(Line(component, cents, kid.key))

    birth_month = month_of(kid.birth)
    if birth_month < amounts.GROEIPAKKET:
        add("rank", amounts.rank_amount(rank, month))
        reduced = rank == 1 and not kinds & _SUPPLEMENTS
        add("age", amounts.age_amount(age_in(kid, month), month, reduced=reduced))
    else:
        add("basic", amounts.amount(amounts.BASIC, month))
        if month - birth_month in (36, 48):
            add("toddler", amounts.amount(amounts.TODDLER, month))
    if "social" in kinds:
        add(
            "social",
            amounts.social_amount(month, children=children, low_income=low_income, rank=rank),
        )
    if "care" in kinds:
        add("care", amounts.amount(amounts.CARE, month))
    if "orphan" in kinds:
        add("orphan", amounts.orphan_amount(month))
    if "foster" in kinds:
        add("foster", amounts.amount(amounts.FOSTER, month))
    return lines


def monthly_lines(family: Family, month: int) -> list[Line]:
    """The lines of a month for all children that are entitled, eldest first."""
    due = [(kid, kinds) for kid in family.kids if (kinds := kinds_in(kid, month))]
    lines: list[Line] = []
    for rank, (kid, kinds) in enumerate(due, start=1):
        lines += kid_lines(
            kid, kinds, month, rank=rank, children=len(due), low_income=family.low_income
        )
    return lines


def school_bonus_lines(family: Family, august: int) -> list[Line]:
    """The school bonus of each child in an August, by its age as the month begins."""
    return [
        Line("school_bonus", cents, kid.key)
        for kid in family.kids
        if kinds_in(kid, august)
        and (cents := amounts.school_bonus_amount(age_in(kid, august), august))
    ]


def childcare_lines(family: Family, month: int) -> list[Line]:
    """The childcare supplement of children under three, per day (nothing in July)."""
    if month % 12 == AUGUST - 1:
        return []
    day = amounts.amount(amounts.CHILDCARE_DAY, month)
    return [
        Line("childcare", day * kid.childcare_days, kid.key)
        for kid in family.kids
        if kid.childcare_days and 4 <= month - month_of(kid.birth) < 36 and kinds_in(kid, month)
    ]


class _Till:
    """Makes the payments of one family: references, communication, state by pay date."""

    def __init__(self, family: Family, today: date) -> None:
        self.family = family
        self.today = today
        self.account = masked(family.account.iban)
        returned = [event for event in family.events if isinstance(event, Returned)]
        self.former = masked(returned[-1].from_iban) if returned else ""
        self.moved = returned[-1].period if returned else 0
        self.base = 1_000_000_000 + family.serial * 1000

    def pay(
        self, kind: PaymentKind, suffix: str, month: int, day: date, lines: list[Line]
    ) -> Payment:
        period = iso_month(month)
        state: PaymentState = "paid" if day <= self.today else "announced"
        return Payment(
            reference=f"{self.family.number}/{period}{suffix}",
            dossier=self.family.number,
            kind=kind,
            period=period,
            pay_date=day.isoformat(),
            state=state,
            lines=lines,
            account=self.former if month <= self.moved and suffix != "-H" else self.account,
            communication=communication(self.base + month % 1000),
        )


def payments(family: Family, window: Window) -> Iterator[Payment]:
    """All payments of a family in a window of months, by month."""
    till = _Till(family, window.today)
    for month in range(window.first, min(window.last, family.paid_until) + 1):
        yield from _start_payments(till, month)
        if month % 12 == AUGUST and (lines := school_bonus_lines(family, month)):
            yield till.pay("school_bonus", "-S", month, pay_date(month - 1), lines)
        if lines := monthly_lines(family, month):
            yield from _monthly(till, month, lines)
        if lines := childcare_lines(family, month):
            yield till.pay("childcare", "-K", month, childcare_pay_date(month), lines)


def _start_payments(till: _Till, month: int) -> Iterator[Payment]:
    """The start amount of children born in a month, two weeks after birth."""
    for kid in till.family.kids:
        if month_of(kid.birth) == month and not kid.placed:
            line = Line("start", amounts.amount(amounts.START, month), kid.key)
            day = working_day_from(kid.birth + timedelta(days=14))
            yield till.pay("start", f"-{kid.key}", month, day, [line])


def _monthly(till: _Till, month: int, lines: list[Line]) -> Iterator[Payment]:
    payment = till.pay("monthly", "", month, pay_date(month), lines)
    extra: list[Payment] = []
    for event in till.family.events:
        match event:
            case Late(period=period) if period == month:
                _delay(payment, event)
            case Returned(period=period) if period == month:
                extra.append(_return(till, payment, month))
            case Corrected(period=period) if period == month:
                extra += _correct(till, payment, event, month)
            case Recovery(first=first) if first <= month < first + event.instalments:
                part = event.cents // event.instalments
                payment.lines.append(Line("recovery", -part))
            case _:
                pass
    yield payment
    yield from extra


def _delay(payment: Payment, event: Late) -> None:
    day = date.fromisoformat(payment.pay_date) + timedelta(days=event.days)
    payment.pay_date = working_day_from(day).isoformat()
    payment.reason = event.reason


def _return(till: _Till, payment: Payment, month: int) -> Payment:
    """Turn a payment into one that came back; out: the same paid again on the new account."""
    day = working_day_from(date.fromisoformat(payment.pay_date) + timedelta(days=19))
    again = till.pay("monthly", "-H", month, day, list(payment.lines))
    again.corrects = payment.reference
    again.reason = "Opnieuw betaald op uw nieuwe rekening, nadat de bank het bedrag terugstuurde."
    payment.state = "returned"
    payment.reason = "De bank stuurde het bedrag terug: de rekening is afgesloten."
    return again


def _correct(till: _Till, payment: Payment, event: Corrected, month: int) -> list[Payment]:
    """Take a component out of a payment; out: the payment that makes it good."""
    missing = [
        line
        for line in payment.lines
        if line.child == event.kid and line.component == event.component
    ]
    if not missing or len(missing) == len(payment.lines):
        return []
    payment.lines = [line for line in payment.lines if line not in missing]
    payment.state = "corrected"
    payment.reason = f"Te weinig betaald: {event.what} ontbrak. We betaalden het verschil later."
    day = working_day_from(date.fromisoformat(payment.pay_date) + timedelta(days=14))
    cents = sum(line.amount for line in missing)
    repair = till.pay("correction", "-C", month, day, [Line("correction", cents, event.kid)])
    repair.corrects = payment.reference
    repair.reason = f"Correctie: {event.what} ontbrak in de betaling van deze maand."
    return [repair]
