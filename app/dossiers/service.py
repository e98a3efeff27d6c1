"""What a dossier shows: its people, its children and what they are entitled to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.dossiers.models import Child, Dossier, Entitlement, EntitlementKind, Office, Party
from app.web.formats import age_on


@dataclass(frozen=True)
class Period:
    """A time in which a child is entitled to something."""

    kind: EntitlementKind
    since: date
    until: date | None
    current: bool


@dataclass(frozen=True)
class ChildView:
    """A child as the dossier page shows it."""

    given_name: str
    name: str
    birth_date: date
    age: int
    rank: int
    placed: bool
    left_on: date | None
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class DossierView:
    """All that the dossier page shows."""

    dossier: Dossier
    office: Office | None
    parties: tuple[Party, ...]
    children: tuple[ChildView, ...]
    former_children: tuple[ChildView, ...]


def child_view(child: Child, entitlements: list[Entitlement], today: date) -> ChildView:
    """A child with its periods, those that run now first, then the newest."""
    periods = [
        Period(
            kind=item.kind,
            since=item.since,
            until=item.until,
            current=item.since <= today and (item.until is None or item.until >= today),
        )
        for item in entitlements
    ]
    periods.sort(key=lambda period: (not period.current, -period.since.toordinal()))
    return ChildView(
        given_name=child.given_name,
        name=f"{child.given_name} {child.family_name}",
        birth_date=child.birth_date,
        age=age_on(child.birth_date, today),
        rank=child.rank,
        placed=child.placed,
        left_on=child.left_on,
        periods=tuple(periods),
    )


async def given_names(dossier_ids: Sequence[int]) -> dict[int, str]:
    """The given names of the children in some dossiers, in the order of the dossier page.

    Who left is not named; a dossier without children is not in the answer. The caller has checked
    that the viewer is a party.
    """
    rows = (
        await Child.filter(dossier_id__in=dossier_ids, left_on=None)
        .order_by("rank", "birth_date", "id")
        .values_list("dossier_id", "given_name")
    )
    found: dict[int, list[str]] = {}
    for dossier_id, given_name in rows:
        found.setdefault(int(dossier_id), []).append(str(given_name))
    return {dossier_id: ", ".join(names) for dossier_id, names in found.items()}


async def dossier_view(dossier_id: int, today: date) -> DossierView:
    """The dossier with everybody in it. The caller has checked that the viewer is a party."""
    dossier = await Dossier.get(id=dossier_id).select_related("office")
    parties = await Party.filter(dossier_id=dossier_id).select_related("person").order_by("id")
    rows = await Child.filter(dossier_id=dossier_id).prefetch_related("entitlements")
    rows.sort(key=lambda child: (child.rank, child.birth_date))
    children = [child_view(child, list(child.entitlements), today) for child in rows]  # type: ignore[attr-defined]
    return DossierView(
        dossier=dossier,
        office=dossier.office,
        parties=tuple(parties),
        children=tuple(child for child in children if child.left_on is None),
        former_children=tuple(child for child in children if child.left_on is not None),
    )
