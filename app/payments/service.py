"""What the pages of payments show, put together from what the queries read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.payments import chart, search
from app.payments.calendar import next_month, pay_day
from app.payments.difference import Difference, Side, compare
from app.payments.lateness import is_coming, is_overdue, late_since
from app.payments.models import Component, PaymentKind, PaymentState
from app.payments.queries import (
    Line,
    PaidChild,
    PaymentDetail,
    PaymentRow,
    SearchRow,
    Share,
    lines_of,
    payments_around,
    payments_of,
    searchable,
    shares_by_child,
    shares_by_component,
)
from app.payments.words import component_word
from app.web.i18n import catalogue, lazy

COMING = 12  # pay dates that the calendar shows
_NO_CHILD = lazy("Niet per kind")
_REST = lazy("Overige")
_COMPARED = frozenset({PaymentKind.MONTHLY, PaymentKind.CHILDCARE})


class Per(StrEnum):
    """How the picture of a year is stacked."""

    CHILD = "kind"
    COMPONENT = "onderdeel"


@dataclass(frozen=True, slots=True)
class YearPage:
    """The payments of a year, newest first, those still to come apart, and their picture."""

    year: int
    years: list[int]
    per: Per
    payments: list[PaymentRow]
    coming: list[PaymentRow]
    chart: chart.Chart


@dataclass(frozen=True, slots=True)
class PayDay:
    """A day on which money comes or came; without a payment it is only expected."""

    day: date
    period: date
    payment: PaymentRow | None


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The coming pay days, soonest first, and those of this year that went by, newest first."""

    coming: list[PayDay]
    past: list[PaymentRow]


@dataclass(frozen=True, slots=True)
class ChildLines:
    """The lines of a payment for one child, or for none."""

    child: PaidChild | None
    lines: list[Line]
    cents: int


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """One payment, why it differs from the one before, and those it has to do with."""

    payment: PaymentDetail
    groups: list[ChildLines]
    difference: Difference | None
    corrects: PaymentRow | None
    corrected_by: list[PaymentRow]
    previous: PaymentRow | None
    next: PaymentRow | None
    overdue: bool
    late_since: date | None

    @property
    def components(self) -> list[Component]:
        """Every component in this payment once, in the order of the lines."""
        return list(dict.fromkeys(line.component for group in self.groups for line in group.lines))


async def year_page(
    dossier_id: int, year: int | None, per: Per, today: date, language: str
) -> YearPage | None:
    """The page of a year (None: the newest with a payment); None when there is no such year."""
    coming: list[PaymentRow] = []
    settled: list[PaymentRow] = []
    for row in await payments_of(dossier_id):
        (coming if is_coming(row, today) else settled).append(row)
    years = sorted({row.pay_date.year for row in settled}, reverse=True) or [today.year]
    if year is None:
        year = years[0]
    elif year not in years:
        return None
    if per is Per.CHILD:
        shares = await shares_by_child(dossier_id, year)
    else:
        shares = await shares_by_component(dossier_id, year)
    return YearPage(
        year=year,
        years=years,
        per=per,
        payments=[row for row in settled if row.pay_date.year == year],
        coming=coming[::-1] if year == years[0] else [],
        chart=picture(year, shares, language),
    )


def picture(year: int, shares: Sequence[Share], language: str) -> chart.Chart:
    """The chart of what came in, children by age, components by what they brought."""
    gettext = catalogue(language).gettext
    names = _names(shares, language, gettext(_NO_CHILD))
    parts = [chart.Part(share.pay_date.month, names[share.key], share.cents) for share in shares]
    return chart.draw(year, list(names.values()), parts, gettext(_REST))


def _names(shares: Sequence[Share], language: str, no_child: str) -> dict[int | Component, str]:
    """What each key is called, in the order of the legend; two of the same name are told apart."""
    keys: dict[int | Component, Share] = {share.key: share for share in shares}
    if any(isinstance(key, Component) for key in keys):
        brought = dict.fromkeys(keys, 0)
        for share in shares:
            brought[share.key] += share.cents
        ordered = sorted(brought, key=lambda key: -brought[key])
        return {key: component_word(Component(str(key)), language) for key in ordered}
    names: dict[int | Component, str] = {}
    for share in sorted(keys.values(), key=lambda share: (share.born or date.max, share.key)):
        name = share.name or no_child
        if name in names.values():
            name = f"{name} ({share.born.year if share.born else share.key})"
        names[share.key] = name if name not in names.values() else f"{name} {share.key}"
    return names


async def search_page(dossier_id: int, typed: str, today: date, language: str) -> list[PaymentRow]:
    """The payments of every year that fit what was typed, newest first."""
    found: list[SearchRow] = search.find(await searchable(dossier_id), typed, today, language)
    return [one.row for one in found]


async def calendar_page(dossier_id: int, *, paying: bool, today: date) -> CalendarPage:
    """The calendar of a dossier; ``paying``: it is active, so that more may be expected."""
    payments = await payments_of(dossier_id)
    return CalendarPage(
        coming=coming_days(payments, today, expected=COMING if paying else 0),
        past=[
            row for row in payments if row.pay_date.year == today.year and not is_coming(row, today)
        ],
    )


def coming_days(payments: Iterable[PaymentRow], today: date, *, expected: int) -> list[PayDay]:
    """What the fund announced, and the days it will pay on by its rule, ``expected`` months far."""
    known = [row for row in payments if is_coming(row, today)]
    settled = {row.period for row in payments if row.kind is PaymentKind.MONTHLY}
    days = [PayDay(row.pay_date, row.period, row) for row in known]
    period = next_month(today, -2)
    months = sum(1 for row in known if row.kind is PaymentKind.MONTHLY)
    while months < expected:
        if period not in settled and pay_day(period) >= today:
            days.append(PayDay(pay_day(period), period, None))
            months += 1
        period = next_month(period)
    return sorted(days, key=lambda day: (day.day, day.period))


async def payment_page(
    payment_id: int, dossier_ids: Sequence[int], today: date
) -> PaymentPage | None:
    """The page of one payment; None when it is in none of the viewer's dossiers."""
    around = await payments_around(payment_id, dossier_ids)
    place = next((at for at, one in enumerate(around) if one.row.id == payment_id), None)
    if place is None:
        return None
    payment = around[place]
    earlier = compared_with(payment, around)
    lines = await lines_of([payment_id, *([earlier.row.id] if earlier else [])])
    return PaymentPage(
        payment=payment,
        groups=by_child(lines[payment_id]),
        difference=compare(_side(earlier, lines), _side(payment, lines)) if earlier else None,
        corrects=next((one.row for one in around if one.reference == payment.corrects != ""), None),
        corrected_by=[one.row for one in around if one.corrects == payment.reference],
        previous=around[place - 1].row if place else None,
        next=around[place + 1].row if place + 1 < len(around) else None,
        overdue=is_overdue(payment.row, today),
        late_since=late_since(payment.row, today, again=bool(payment.corrects)),
    )


def compared_with(payment: PaymentDetail, others: Iterable[PaymentDetail]) -> PaymentDetail | None:
    """The payment of the same kind for the month before it, or the last one that there was.

    When that month was paid twice (it came back and was paid again), the one that arrived.
    """
    if payment.row.kind not in _COMPARED:
        return None
    earlier = [
        one
        for one in others
        if one.row.kind is payment.row.kind and one.row.period < payment.row.period
    ]
    return max(
        earlier,
        key=lambda one: (
            one.row.period,
            one.row.state is not PaymentState.RETURNED,
            one.row.pay_date,
        ),
        default=None,
    )


def by_child(lines: Iterable[Line]) -> list[ChildLines]:
    """The lines in groups: children in the order given, then what is for no child."""
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.child.id if line.child else 0, []).append(line)
    ordered = sorted(groups.items(), key=lambda group: group[0] == 0)
    return [
        ChildLines(found[0].child, found, sum(line.cents for line in found)) for _, found in ordered
    ]


def _side(payment: PaymentDetail, lines: dict[int, list[Line]]) -> Side:
    return Side(payment.row.period, payment.row.total_cents, lines[payment.row.id])
