from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tortoise.exceptions import DoesNotExist

from app.dossiers.models import Child, Entitlement, EntitlementKind
from app.dossiers.service import dossier_view, given_names
from tests import cast
from tests.cast import FAMILY, STRANGERS

TODAY = date(2026, 11, 23)


async def _child(fund: cast.Fund, key: str, **values: Any) -> Child:
    fields: dict[str, Any] = {
        "given_name": key,
        "family_name": "Vermeulen",
        "birth_date": date(2010, 11, 24),
        "rank": 9,
    }
    return await Child.create(dossier=fund.dossiers[FAMILY], key=key, **(fields | values))


async def test_everybody_in_the_dossier_and_nobody_else(either_database: str) -> None:
    fund = await cast.make_fund()
    view = await dossier_view(fund.dossiers[FAMILY].id, TODAY)
    assert [party.person.name for party in view.parties] == ["Sofie Vermeulen", "Karim El Amrani"]
    assert view.office is not None
    assert view.office.name == "Gent"
    assert [(child.name, child.age) for child in view.children] == [("Noor Vermeulen", 7)]
    assert view.former_children == ()


async def test_children_come_by_rank_then_age_and_those_who_left_apart(
    either_database: str,
) -> None:
    fund = await cast.make_fund()
    await _child(fund, "young", rank=2, birth_date=date(2024, 1, 2))
    await _child(fund, "twin b", rank=2, birth_date=date(2023, 1, 2))
    await _child(fund, "gone", left_on=date(2025, 6, 1))
    view = await dossier_view(fund.dossiers[FAMILY].id, TODAY)
    assert [child.given_name for child in view.children] == ["Noor", "twin b", "young"]
    assert [child.given_name for child in view.former_children] == ["gone"]
    assert view.former_children[0].age == 15  # sixteen tomorrow


@pytest.mark.parametrize(
    ("since", "until", "current"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (date(2020, 1, 1), date(2026, 11, 22), False),
        (date(2026, 11, 24), None, False),
    ],
)
async def test_a_period_runs_up_to_and_with_its_last_day(
    either_database: str, since: date, until: date | None, current: bool
) -> None:
    fund = await cast.make_fund()
    child = await _child(fund, "K9")
    await Entitlement.create(child=child, kind=EntitlementKind.CARE, since=since, until=until)
    view = await dossier_view(fund.dossiers[FAMILY].id, TODAY)
    (period,) = view.children[-1].periods
    assert period.current is current


async def test_periods_that_run_come_first_then_the_newest(either_database: str) -> None:
    fund = await cast.make_fund()
    child = await _child(fund, "K9")
    for kind, since, until in (
        (EntitlementKind.SOCIAL, date(2015, 1, 1), date(2016, 1, 1)),
        (EntitlementKind.BASIC, date(2010, 12, 1), None),
        (EntitlementKind.CARE, date(2019, 1, 1), date(2020, 1, 1)),
        (EntitlementKind.STUDENT, date(2026, 9, 1), None),
    ):
        await Entitlement.create(child=child, kind=kind, since=since, until=until)
    view = await dossier_view(fund.dossiers[FAMILY].id, TODAY)
    kinds = [period.kind.value for period in view.children[-1].periods]
    assert kinds == ["student", "basic", "care", "social"]


async def test_given_names_tell_dossiers_apart(either_database: str) -> None:
    fund = await cast.make_fund()
    await _child(fund, "Arthur", rank=1, birth_date=date(2012, 1, 1))
    await _child(fund, "Weg", left_on=date(2026, 1, 1))
    await _child(fund, "Louise")
    family, strangers = fund.dossiers[FAMILY].id, fund.dossiers[STRANGERS].id
    await Child.filter(dossier_id=strangers).update(left_on=date(2026, 1, 1))
    assert await given_names([family, strangers]) == {family: "Arthur, Noor, Louise"}
    assert await given_names([]) == {}


async def test_a_dossier_that_is_not_there(either_database: str) -> None:
    with pytest.raises(DoesNotExist):
        await dossier_view(10**6, TODAY)
