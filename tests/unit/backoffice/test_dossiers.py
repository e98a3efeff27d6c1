"""People, children and offices over time: who stays who, and which dossiers change."""

from __future__ import annotations

from datetime import date

from tests.unit.backoffice.conftest import Import, Rows
from tests.unit.backoffice.feeds import (
    BIS_NUMBER,
    DECISION,
    DOSSIER,
    OFFICE,
    OTHER_NUMBER,
    PAYMENT,
    as_date,
    changed,
    stored,
)

VERSION = "SELECT version FROM dossier ORDER BY number"


async def test_who_is_no_longer_listed_is_no_party(load: Import, rows: Rows) -> None:
    stored(await load(DOSSIER))
    stored(await load(changed(DOSSIER, "people", DOSSIER["people"][:1])))
    assert await rows("SELECT p.given_name FROM party a JOIN person p ON p.id = a.person_id") == [
        ("Žofie",)
    ]


async def test_a_child_no_longer_listed_goes_unless_it_was_paid_for(
    load: Import, rows: Rows
) -> None:
    stored(await load(DOSSIER, changed(PAYMENT, "lines", PAYMENT["lines"][:1])))
    stored(await load(changed(DOSSIER, "children", [])))
    ((key, left_on),) = await rows("SELECT key, left_on FROM child")
    assert (key, as_date(left_on)) == ("k1", date(2026, 11, 23))


async def test_entitlements_are_replaced(load: Import, rows: Rows) -> None:
    stored(await load(DOSSIER))
    periods = [{"kind": "care", "from": "2026-01-01"}]
    stored(await load(changed(DOSSIER, "children", 0, "entitlements", periods)))
    assert await rows("SELECT kind FROM entitlement") == [("care",)]


async def test_a_person_with_a_new_number_stays_the_same_person(load: Import, rows: Rows) -> None:
    bis = changed(DOSSIER, "people", 0, "number", BIS_NUMBER)
    other = changed(bis, "number", "D-2")
    stored(await load(bis, other, changed(DECISION, "to", BIS_NUMBER)))
    ids = await rows(f"SELECT id FROM person WHERE number = '{BIS_NUMBER}'")
    renumbered = changed(bis, "people", 0, "number", OTHER_NUMBER)
    # The rest of the batch may still use the old number.
    report = await load(
        changed(other, "state", "closed"),
        changed(renumbered, "people", 0, "previous_number", BIS_NUMBER),
        changed(other, "state", "suspended") | {"number": "D-3"},
    )
    stored(report)
    assert await rows(f"SELECT id FROM person WHERE number = '{OTHER_NUMBER}'") == ids
    assert await rows(f"SELECT count(*) FROM person WHERE number = '{BIS_NUMBER}'") == [(0,)]
    assert await rows(f"SELECT count(*) FROM party WHERE person_id = {ids[0][0]}") == [(3,)]
    assert await rows("SELECT addressee_id FROM letter") == ids


async def test_two_numbers_that_are_one_person_become_one(load: Import, rows: Rows) -> None:
    old = changed(DOSSIER, "people", 0, "number", BIS_NUMBER)
    new = changed(old, "people", 0, "number", OTHER_NUMBER) | {"number": "D-2"}
    stored(await load(old, new, changed(DECISION, "to", BIS_NUMBER)))
    stored(await load(changed(new, "people", 0, "previous_number", BIS_NUMBER)))
    ((person_id,),) = await rows(f"SELECT id FROM person WHERE number = '{OTHER_NUMBER}'")
    assert await rows("SELECT count(*) FROM person") == [(2,)]
    assert await rows(f"SELECT count(*) FROM party WHERE person_id = {person_id}") == [(2,)]
    assert await rows("SELECT addressee_id FROM letter") == [(person_id,)]


async def test_a_changed_name_or_office_changes_the_dossiers_it_stands_in(
    load: Import, rows: Rows
) -> None:
    first = changed(DOSSIER, "office", "GENT")
    stored(await load(OFFICE, first, changed(first, "number", "D-2")))
    stored(await load(changed(OFFICE, "phone", "09 111 11 11")))
    assert await rows(VERSION) == [(2,), (2,)]
    stored(await load(changed(first, "people", 0, "given_name", "Sophie")))
    assert await rows(VERSION) == [(3,), (3,)]
