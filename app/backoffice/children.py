"""Children of a round of dossiers, and what they are entitled to."""

from __future__ import annotations

from typing import Any

from app.backoffice.bulk import Row
from app.backoffice.intake import Intake

_CHILD = "id, dossier_id, key, given_name, family_name, birth_date, rank, placed, left_on"
_CHANGES = _CHILD.removeprefix("id, dossier_id, key, ")


async def store_children(intake: Intake, told: dict[int, list[dict[str, Any]]]) -> None:
    """Store the children of each dossier (by its id) with their periods, replacing the former."""
    bulk = intake.bulk
    rows = await bulk.select("child", "dossier_id, key, id, left_on", "dossier_id", told.keys())
    had = {(row[0], row[1]): row for row in rows}
    ids = await bulk.ids("child", sum(map(len, told.values())))
    new: list[Row] = []
    changed: list[Row] = []
    periods: list[Row] = []
    for dossier_id, children in told.items():
        for child in children:
            row = had.pop((dossier_id, child["key"]), None)
            child_id = next(ids) if row is None else row[2]
            if row is None:
                new.append((child_id, dossier_id, child["key"], *_values(intake, child)))
            else:
                changed.append((*_values(intake, child), child_id))
            periods += [
                (child_id, one["kind"], bulk.date(one["from"]), _date(intake, one.get("until")))
                for one in child["entitlements"]
            ]
    await bulk.insert("child", _CHILD, new)
    await bulk.update("child", _CHANGES, changed)
    await bulk.delete("entitlement", "child_id", [row[-1] for row in changed])
    await bulk.insert("entitlement", "child_id, kind, since, until", periods)
    await _remove(intake, list(had.values()))


def _values(intake: Intake, child: dict[str, Any]) -> tuple[Any, ...]:
    return (
        child["given_name"],
        child["family_name"],
        intake.bulk.date(child["birth_date"]),
        child["rank"],
        child.get("placed", False),
        _date(intake, child.get("left_on")),
    )


def _date(intake: Intake, text: str | None) -> Any:
    return None if text is None else intake.bulk.date(text)


async def _remove(intake: Intake, gone: list[Row]) -> None:
    """Take away children no longer told of; one that was paid for stays, as having left."""
    bulk = intake.bulk
    child_ids = [row[2] for row in gone]
    paid = {row[0] for row in await bulk.select("payment_line", "child_id", "child_id", child_ids)}
    day = bulk.date(intake.day.isoformat())
    left = [(day, row[2]) for row in gone if row[2] in paid and row[3] is None]
    await bulk.update("child", "left_on", left)
    removed = [child_id for child_id in child_ids if child_id not in paid]
    await bulk.delete("entitlement", "child_id", removed)
    await bulk.delete("child", "id", removed)
