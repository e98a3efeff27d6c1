"""Payments of a batch: the bulk of every feed, so the one place written for speed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.backoffice.bulk import Row
from app.backoffice.checks import is_communication
from app.backoffice.intake import Intake
from app.backoffice.lines import Record
from app.notifications.announce import PAYMENT_EVENTS

PAYMENT = (
    "id, reference, kind, period, pay_date, state, reason, total_cents, account_masked, "
    "communication, corrects, withdrawn_at, digest, dossier_id"
)
_CHANGES = PAYMENT.removeprefix("id, reference, ")
LINE = "payment_id, child_id, component, amount_cents"

Children = dict[int, dict[str, int]]


async def store_payments(intake: Intake, records: list[Record]) -> None:
    """Store payments: new ones, and corrections of known ones; the same again changes nothing."""
    bulk = intake.bulk
    dossiers = await intake.dossier_ids(record.data["dossier"] for record in records)
    children = await _children(intake, dossiers)
    references = dict.fromkeys(record.data["reference"] for record in records)  # in order
    known = {
        row[0]: row
        for row in await bulk.select(
            "payment",
            "reference, id, digest, withdrawn_at, dossier_id, state",
            "reference",
            references,
        )
    }
    ids = await bulk.ids("payment", len(references) - len(known))
    writing = _Writing(intake, children, ids)
    for record in records:
        dossier_id = dossiers.get(record.data["dossier"])
        if dossier_id is None:
            intake.unknown(record, "/dossier", "dossier", record.data["dossier"])
        else:
            writing.take(record, dossier_id, known)
    await writing.flush()


async def _children(intake: Intake, dossiers: dict[str, int]) -> Children:
    """Ids of the children by key, for each of the dossiers."""
    found: Children = {dossier_id: {} for dossier_id in dossiers.values()}
    for dossier_id, key, child_id in await intake.bulk.select(
        "child", "dossier_id, key, id", "dossier_id", found.keys()
    ):
        found[dossier_id][key] = child_id
    return found


class _Writing:
    """Rows of one round: checked and gathered, then written together."""

    def __init__(self, intake: Intake, children: Children, ids: Iterator[int]) -> None:
        self._intake = intake
        self._children = children
        self._ids = ids
        self._date = intake.bulk.date
        self._since = intake.news.since
        self._new: list[Row] = []
        self._changed: list[Row] = []
        self._lines: list[Row] = []
        self._touched: set[int] = set()
        self._unchanged = 0

    def take(self, record: Record, dossier_id: int, known: dict[str, Row]) -> None:
        """Check one payment and decide what it is: new, a correction, or nothing new.

        One that fails a check is gathered all the same: its batch is refused anyway.
        """
        _, data, digest = record
        reference = data["reference"]
        row = known.get(reference)
        payment_id = next(self._ids) if row is None else row[1]
        if not self._intake.first_sight("payment", payment_id, record, "/reference"):
            return
        if row is not None and row[2] == digest and row[3] is None:
            self._unchanged += 1
            return
        get = data.get
        communication = get("communication", "")
        if communication and not is_communication(communication):
            self._intake.error(record, "/communication", "its check digits are wrong")
        values = (
            data["kind"],
            self._date(data["period"] + "-01"),
            self._date(data["pay_date"]),
            data["state"],
            get("reason", ""),
            self._take_lines(payment_id, record, self._children[dossier_id]),
            get("account", ""),
            communication,
            get("corrects", ""),
            None,
            digest,
            dossier_id,
        )
        self._touched.add(dossier_id)
        if self._is_news(row, data["state"], values[2]):
            self._intake.news.payment(payment_id, dossier_id)
        if row is None:
            known[reference] = (reference, payment_id, digest, None, dossier_id, data["state"])
            self._new.append((payment_id, reference, *values))
        else:
            self._changed.append((*values, payment_id))
            self._touched.add(row[4])

    def _is_news(self, row: Row | None, state: str, pay_date: Any) -> bool:
        """Whether a payment is to be announced; the outbox sees to it that it is so once.

        A bank may return a payment after months, and that is news however old the payment is.
        """
        if row is not None and row[3] is None:
            if row[5] == state:
                return False
            if PAYMENT_EVENTS[state] != "new":
                return True
        return bool(pay_date >= self._since)

    def _take_lines(self, payment_id: int, record: Record, children: dict[str, int]) -> int:
        """Gather the lines of a payment; out: their sum."""
        total = 0
        for at, line in enumerate(record[1]["lines"]):
            amount = line["amount"]
            total += amount
            child_id = None
            if "child" in line and (child_id := children.get(line["child"])) is None:
                reason = "this dossier has no child with this key"
                self._intake.error(record, f"/lines/{at}/child", reason)
            self._lines.append((payment_id, child_id, line["component"], amount))
        return total

    async def flush(self) -> None:
        """Write what was gathered."""
        bulk, counts = self._intake.bulk, self._intake.batch
        await bulk.delete("payment_line", "payment_id", [row[-1] for row in self._changed])
        await bulk.insert("payment", PAYMENT, self._new)
        await bulk.update("payment", _CHANGES, self._changed)
        await bulk.insert("payment_line", LINE, self._lines)
        counts.new["payment"] += len(self._new)
        counts.changed["payment"] += len(self._changed)
        counts.unchanged["payment"] += self._unchanged
        for dossier_id in self._touched:
            self._intake.touched.add(dossier_id)
