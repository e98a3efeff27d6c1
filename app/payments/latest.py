"""What home says of payments: those that are late, the one that comes next and the last one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.database import fetch_all
from app.payments.lateness import is_coming, is_overdue, is_under_way, late_since
from app.payments.queries import PaymentRow, to_row

_ANNOUNCED = """
SELECT id, kind, period, pay_date, state, total_cents, corrects
FROM payment
WHERE dossier_id = $1 AND state = 'announced' AND withdrawn_at IS NULL
ORDER BY pay_date, id
"""

_LAST = """
SELECT id, kind, period, pay_date, state, total_cents
FROM payment
WHERE dossier_id = $1 AND state <> 'announced' AND withdrawn_at IS NULL
ORDER BY pay_date DESC, id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class LatePayment:
    """A payment whose money had to be there on a day, and is not."""

    payment: PaymentRow
    since: date


@dataclass(frozen=True, slots=True)
class Announced:
    """What the fund announced: late ones, nearest first, and the next.

    ``under_way``: the next one's pay date has gone by, but the money may still be in time.
    """

    late: list[LatePayment]
    next: PaymentRow | None
    under_way: bool


async def announced_payments(dossier_id: int, today: date) -> Announced:
    """What home shows of the payments that the fund announced and has not made."""
    found = [tuple(row) for row in await fetch_all(_ANNOUNCED, (dossier_id,))]
    rows = [(to_row(*row[:6]), bool(row[6])) for row in found]
    late = [
        LatePayment(row, since)
        for row, again in reversed(rows)
        if is_overdue(row, today) and (since := late_since(row, today, again=again))
    ]
    coming = next((row for row, _ in rows if is_coming(row, today)), None)
    return Announced(late, coming, coming is not None and is_under_way(coming, today))


async def last_payment(dossier_id: int) -> PaymentRow | None:
    """The newest payment that was made, whatever became of it."""
    rows = await fetch_all(_LAST, (dossier_id,))
    return to_row(*rows[0]) if rows else None
