"""The payment that comes next and the one that came last, for home."""

from __future__ import annotations

from datetime import date

from app.database import fetch_all
from app.payments.queries import PaymentRow, to_row

_COLUMNS = "SELECT id, kind, period, pay_date, state, total_cents FROM payment"

_NEXT = f"""{_COLUMNS}
WHERE dossier_id = $1 AND pay_date >= $2 AND state = 'announced' AND withdrawn_at IS NULL
ORDER BY pay_date, id LIMIT 1
"""

_LAST = f"""{_COLUMNS}
WHERE dossier_id = $1 AND state <> 'announced' AND withdrawn_at IS NULL
ORDER BY pay_date DESC, id DESC LIMIT 1
"""


async def next_payment(dossier_id: int, today: date) -> PaymentRow | None:
    """The first payment that the fund announced for today or later."""
    rows = await fetch_all(_NEXT, (dossier_id, today))
    return to_row(*rows[0]) if rows else None


async def last_payment(dossier_id: int) -> PaymentRow | None:
    """The newest payment that was made, whatever became of it."""
    rows = await fetch_all(_LAST, (dossier_id,))
    return to_row(*rows[0]) if rows else None
