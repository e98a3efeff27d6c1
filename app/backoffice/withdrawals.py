"""Withdrawals of a batch."""

from __future__ import annotations

from app.backoffice.intake import Intake
from app.backoffice.lines import Record


async def store_withdrawals(intake: Intake, records: list[Record]) -> None:
    """Take back payments, letters and messages; taking back twice changes nothing."""
    payments = [record for record in records if record.data["of"] == "payment"]
    letters = [record for record in records if record.data["of"] != "payment"]
    await _withdraw(intake, "payment", payments)
    await _withdraw(intake, "letter", letters)


async def _withdraw(intake: Intake, table: str, records: list[Record]) -> None:
    bulk = intake.bulk
    references = {record.data["reference"] for record in records}
    rows = await bulk.select(
        table, "reference, id, withdrawn_at, dossier_id, kind", "reference", references
    )
    known = {row[0]: row for row in rows}
    withdrawn: dict[int, Record] = {}
    for record in records:
        of = record.data["of"]
        row = known.get(record.data["reference"])
        if row is None or (table == "letter" and (row[4] == "message") != (of == "message")):
            if (table, record.data["reference"]) not in intake.failed:
                intake.error(record, "/reference", f"no {of} is known by this reference")
        elif row[2] is not None or row[1] in withdrawn:
            intake.batch.unchanged["withdrawal"] += 1
        else:
            withdrawn[row[1]] = record
            intake.touched.add(row[3])
    moment = bulk.moment(intake.place.now)
    await bulk.update(table, "withdrawn_at", [(moment, row_id) for row_id in withdrawn])
    await intake.news.withdrawn(table, list(withdrawn))
    intake.batch.new["withdrawal"] += len(withdrawn)
