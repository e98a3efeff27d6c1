"""Offices of a batch."""

from __future__ import annotations

from app.backoffice.intake import Intake
from app.backoffice.lines import Record

_COLUMNS = "id, code, name, street, postal_code, city, phone, email, hours"
_NAMES = _COLUMNS.split(", ")[2:]


async def store_offices(intake: Intake, records: list[Record]) -> None:
    """Store offices as they now are; a changed one changes the dossiers that it handles."""
    bulk = intake.bulk
    codes = {record.data["code"] for record in records}
    known = {row[1]: row for row in await bulk.select("office", _COLUMNS, "code", codes)}
    ids = await bulk.ids("office", len(codes))
    new, changed = [], []
    for record in records:
        code = record.data["code"]
        values = tuple(record.data.get(name, "") for name in _NAMES)
        row = known.get(code)
        office_id = next(ids) if row is None else row[0]
        if not intake.first_sight("office", office_id, record, "/code"):
            continue
        if row is None:
            known[code] = (office_id, code, *values)
            new.append(known[code])
        elif tuple(row[2:]) == values:
            intake.batch.unchanged["office"] += 1
        else:
            changed.append((*values, office_id))
    await bulk.insert("office", _COLUMNS, new)
    await bulk.update("office", ", ".join(_NAMES), changed)
    await bulk.add_one("dossier", "version", "office_id", [row[-1] for row in changed])
    intake.batch.new["office"] += len(new)
    intake.batch.changed["office"] += len(changed)
