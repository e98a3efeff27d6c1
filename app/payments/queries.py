"""What the pages of payments read, in hand-written SQL: one or two queries a page.

The page of a year is the one most looked at, and plain SQL serves it about twice as fast as the
ORM does. Every query starts from dossiers of the viewer, so a foreign payment is not found.
A payment that the fund withdrew is in none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.database import as_date, fetch_all
from app.payments.models import Component, PaymentKind, PaymentState

MAX_ID = 2**31 - 1

_OF_DOSSIER = """
SELECT id, kind, period, pay_date, state, total_cents
FROM payment
WHERE dossier_id = $1 AND withdrawn_at IS NULL
ORDER BY pay_date DESC, id DESC
"""

_BY_CHILD = """
SELECT p.pay_date, l.child_id, c.given_name, c.birth_date, SUM(l.amount_cents)
FROM payment p
JOIN payment_line l ON l.payment_id = p.id
LEFT JOIN child c ON c.id = l.child_id
WHERE p.dossier_id = $1 AND p.pay_date >= $2 AND p.pay_date < $3
  AND p.withdrawn_at IS NULL AND p.state IN ('paid', 'corrected')
GROUP BY p.pay_date, l.child_id, c.given_name, c.birth_date
"""

_BY_COMPONENT = """
SELECT p.pay_date, l.component, SUM(l.amount_cents)
FROM payment p
JOIN payment_line l ON l.payment_id = p.id
WHERE p.dossier_id = $1 AND p.pay_date >= $2 AND p.pay_date < $3
  AND p.withdrawn_at IS NULL AND p.state IN ('paid', 'corrected')
GROUP BY p.pay_date, l.component
"""

_SEARCHABLE = """
SELECT DISTINCT p.id, p.kind, p.period, p.pay_date, p.state, p.total_cents,
       p.reference, p.communication, c.given_name
FROM payment p
LEFT JOIN payment_line l ON l.payment_id = p.id
LEFT JOIN child c ON c.id = l.child_id
WHERE p.dossier_id = $1 AND p.withdrawn_at IS NULL
ORDER BY p.pay_date DESC, p.id DESC
"""

_AROUND = """
SELECT id, kind, period, pay_date, state, total_cents,
       dossier_id, reference, corrects, reason, account_masked, communication
FROM payment
WHERE dossier_id = (SELECT dossier_id FROM payment WHERE id = $1 AND withdrawn_at IS NULL)
  AND dossier_id IN ({places}) AND withdrawn_at IS NULL
ORDER BY pay_date, id
"""

_LINES = """
SELECT l.payment_id, l.component, l.amount_cents,
       l.child_id, c.given_name, c.birth_date, c.left_on
FROM payment_line l
LEFT JOIN child c ON c.id = l.child_id
WHERE l.payment_id IN ({places})
ORDER BY c.birth_date, c.id, l.id
"""


@dataclass(slots=True)
class PaymentRow:
    """A payment as a list shows it."""

    id: int
    kind: PaymentKind
    period: date
    pay_date: date
    state: PaymentState
    total_cents: int


@dataclass(slots=True)
class PaymentDetail:
    """A payment with all that is known of it, except its lines."""

    row: PaymentRow
    dossier_id: int
    reference: str
    corrects: str
    reason: str
    account_masked: str
    communication: str


@dataclass(slots=True)
class SearchRow:
    """A payment with all that one can search it by."""

    row: PaymentRow
    reference: str
    communication: str
    children: list[str]


@dataclass(slots=True)
class Share:
    """What came in on a day for a child (``key`` its id, 0 for none) or for a component."""

    pay_date: date
    key: int | Component
    name: str
    born: date | None
    cents: int


@dataclass(frozen=True, slots=True)
class PaidChild:
    """The child that a line is for."""

    id: int
    name: str
    birth_date: date
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a payment."""

    component: Component
    cents: int
    child: PaidChild | None


def to_row(
    payment_id: int, kind: str, period: date | str, pay_date: date | str, state: str, cents: int
) -> PaymentRow:
    """The six columns that every list reads, as a value."""
    return PaymentRow(
        payment_id,
        PaymentKind(kind),
        as_date(period),
        as_date(pay_date),
        PaymentState(state),
        cents,
    )


async def payments_of(dossier_id: int) -> list[PaymentRow]:
    """Every payment of a dossier, newest first."""
    rows = await fetch_all(_OF_DOSSIER, (dossier_id,))
    return [to_row(*row) for row in rows]


async def shares_by_child(dossier_id: int, year: int) -> list[Share]:
    """What came in in a year, by day and child."""
    return [
        Share(as_date(day), child_id or 0, name or "", as_date(born) if born else None, cents)
        for day, child_id, name, born, cents in await fetch_all(_BY_CHILD, _year(dossier_id, year))
    ]


async def shares_by_component(dossier_id: int, year: int) -> list[Share]:
    """What came in in a year, by day and component."""
    return [
        Share(as_date(day), Component(component), "", None, cents)
        for day, component, cents in await fetch_all(_BY_COMPONENT, _year(dossier_id, year))
    ]


async def searchable(dossier_id: int) -> list[SearchRow]:
    """Every payment of a dossier with its references and children, newest first."""
    found: dict[int, SearchRow] = {}
    for row in await fetch_all(_SEARCHABLE, (dossier_id,)):
        *common, reference, communication, child = row
        payment = found.setdefault(row[0], SearchRow(to_row(*common), reference, communication, []))
        if child is not None:
            payment.children.append(child)
    return list(found.values())


async def payments_around(payment_id: int, dossier_ids: Sequence[int]) -> list[PaymentDetail]:
    """Every payment of the dossier that a payment is in, oldest first; none when not theirs."""
    if payment_id > MAX_ID or not dossier_ids:
        return []
    sql = _AROUND.format(places=_places(len(dossier_ids), first=2))
    rows = await fetch_all(sql, (payment_id, *dossier_ids))
    return [PaymentDetail(to_row(*tuple(row)[:6]), *tuple(row)[6:]) for row in rows]


async def lines_of(payment_ids: Sequence[int]) -> dict[int, list[Line]]:
    """The lines of some payments, eldest child first; those for no child stand apart."""
    found: dict[int, list[Line]] = {payment_id: [] for payment_id in payment_ids}
    sql = _LINES.format(places=_places(len(payment_ids), first=1))
    for payment_id, component, cents, child_id, name, born, left in await fetch_all(
        sql, payment_ids
    ):
        child = (
            PaidChild(child_id, name, as_date(born), as_date(left) if left else None)
            if child_id is not None
            else None
        )
        found[payment_id].append(Line(Component(component), cents, child))
    return found


def _year(dossier_id: int, year: int) -> tuple[int, date, date]:
    return dossier_id, date(year, 1, 1), date(year + 1, 1, 1)


def _places(count: int, *, first: int) -> str:
    return ", ".join(f"${number}" for number in range(first, first + count))
