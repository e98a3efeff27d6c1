"""Dossiers of a batch: each line is the whole dossier as it now is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.backoffice.bulk import Row
from app.backoffice.checks import CheckError, mask_iban, person_number
from app.backoffice.children import store_children
from app.backoffice.intake import Intake
from app.backoffice.lines import Record
from app.backoffice.people import Someone, newest, store_people

_DOSSIER = (
    "id, number, version, state, language, account_masked, account_holder, account_bank, "
    "digest, office_id"
)
_CHANGES = _DOSSIER.removeprefix("id, number, version, ")


@dataclass(frozen=True, slots=True)
class _Checked:
    record: Record
    people: list[Someone]
    account: str


async def store_dossiers(intake: Intake, records: list[Record]) -> None:
    """Store dossiers with their people, children and entitlements, replacing what was known."""
    bulk = intake.bulk
    codes = {record.data["office"] for record in records if "office" in record.data}
    offices = dict(map(tuple, await bulk.select("office", "code, id", "code", codes)))
    numbers = {record.data["number"] for record in records}
    known = {
        row[0]: row for row in await bulk.select("dossier", "number, id, digest", "number", numbers)
    }
    ids = await bulk.ids("dossier", len(numbers) - len(known))
    new: list[Row] = []
    changed: list[Row] = []
    told: dict[int, _Checked] = {}
    for record in records:
        number = record.data["number"]
        if (checked := _check(intake, record, offices)) is None:
            continue
        row = known.get(number)
        dossier_id = next(ids) if row is None else row[1]
        if not intake.first_sight("dossier", dossier_id, record, "/number"):
            continue
        if row is None:
            known[number] = (number, dossier_id, record.digest)
            new.append((dossier_id, number, 1, *_values(checked, offices)))
        elif row[2] == record.digest:
            intake.batch.unchanged["dossier"] += 1
            continue
        else:
            changed.append((*_values(checked, offices), dossier_id))
            intake.touched.add(dossier_id)
        told[dossier_id] = checked
        intake.news.reshaped(dossier_id)
    await bulk.insert("dossier", _DOSSIER, new)
    await bulk.update("dossier", _CHANGES, changed)
    intake.batch.new["dossier"] += len(new)
    intake.batch.changed["dossier"] += len(changed)
    await _store_parties(intake, told)
    await store_children(intake, {id_: one.record.data["children"] for id_, one in told.items()})


def _values(checked: _Checked, offices: dict[str, int]) -> tuple[Any, ...]:
    data = checked.record.data
    account = data.get("account", {})
    return (
        data["state"],
        data["language"],
        checked.account,
        account.get("holder", ""),
        account.get("bank", ""),
        checked.record.digest,
        offices.get(data.get("office", "")),
    )


def _check(intake: Intake, record: Record, offices: dict[str, int]) -> _Checked | None:
    """The dossier with its numbers checked; None when it was refused."""
    data = record.data
    faults: list[tuple[str, str]] = []
    people = [_someone(one, f"/people/{at}", faults) for at, one in enumerate(data["people"])]
    faults += _repeated([one.number for one in people], "/people/{}/number", "person")
    listed = {one.number for one in people}
    for at, one in enumerate(people):
        if one.previous and one.previous in listed - {one.number}:
            where = f"/people/{at}/previous_number"
            faults.append((where, "is the number of somebody else in this dossier"))
    keys = [child["key"] for child in data["children"]]
    faults += _repeated(keys, "/children/{}/key", "child")
    for at, child in enumerate(data["children"]):
        for nth, period in enumerate(child["entitlements"]):
            if period.get("until", "9999") < period["from"]:
                where = f"/children/{at}/entitlements/{nth}/until"
                faults.append((where, "is before the first day"))
    account = ""
    try:
        account = mask_iban(data["account"]["iban"]) if "account" in data else ""
    except CheckError as error:
        faults.append(("/account/iban", str(error)))
    for pointer, reason in faults:
        intake.error(record, pointer, reason)
    if (office := data.get("office")) is not None and office not in offices:
        intake.unknown(record, "/office", "office", office)
        return None
    return None if faults else _Checked(record, people, account)


def _someone(one: dict[str, str], pointer: str, faults: list[tuple[str, str]]) -> Someone:
    numbers = {}
    for name in ("number", "previous_number"):
        if name in one:
            try:
                numbers[name] = person_number(one[name])
            except CheckError as error:
                faults.append((f"{pointer}/{name}", str(error)))
    return Someone(
        numbers.get("number", pointer),  # a stand-in that is like no other: this is refused
        numbers.get("previous_number"),
        one["role"],
        one["given_name"],
        one["family_name"],
    )


def _repeated(names: list[str], pointer: str, what: str) -> list[tuple[str, str]]:
    return [
        (pointer.format(at), f"this {what} stands twice in the dossier")
        for at, name in enumerate(names)
        if name in names[:at]
    ]


async def _store_parties(intake: Intake, told: dict[int, _Checked]) -> None:
    """Who is listed is a party, who is no longer listed is not and sees nothing any more."""
    bulk = intake.bulk
    persons = await store_people(intake, [one for item in told.values() for one in item.people])
    rows = await bulk.select("party", "id, dossier_id, person_id, role", "dossier_id", told.keys())
    had = {(row[1], row[2]): row for row in rows}
    new: list[Row] = []
    changed: list[Row] = []
    for dossier_id, checked in told.items():
        # By person, not by number: two numbers can turn out to be one person.
        roles = {persons[newest(intake, one.number)]: one.role for one in checked.people}
        for person_id, role in roles.items():
            row = had.pop((dossier_id, person_id), None)
            if row is None:
                new.append((dossier_id, person_id, role))
            elif row[3] != role:
                changed.append((role, row[0]))
    await bulk.delete("party", "id", [row[0] for row in had.values()])
    await bulk.insert("party", "dossier_id, person_id, role", new)
    await bulk.update("party", "role", changed)
