"""Decisions on what a family is entitled to: supplements that begin, and new children."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from app.demo.fund import amounts
from app.demo.fund.decisions import DECREE, decision
from app.demo.fund.family import Family, Kid, Span
from app.demo.fund.months import first_day, iso_month, month_of
from app.demo.fund.payments import kinds_in
from app.demo.fund.writing import Draft, amounts_sheet
from app.web.formats import long_date, money
from app.web.formats import month as month_words


def drafts(family: Family) -> Iterator[Draft]:
    """A decision for each supplement and each child of a family, in no special order."""
    yield from _supplements(family)
    yield from _births(family)


def _supplements(family: Family) -> Iterator[Draft]:
    """A decision for each supplement that begins: social (each October), care, orphan, foster."""
    social: dict[date, list[tuple[Kid, Span]]] = defaultdict(list)
    for kid in family.kids:
        for span in kid.spans:
            if span.kind == "social":
                social[span.since].append((kid, span))
            elif span.kind in _SUPPLEMENT_NAMES:
                yield _supplement(family, kid, span)
    for since, granted in social.items():
        yield _social(family, since, granted)


_SUPPLEMENT_NAMES = {
    "care": ("zorgtoeslag", "heeft extra ondersteuning nodig. Dat stelde een arts vast"),
    "orphan": ("wezentoeslag", "verloor een ouder"),
    "foster": ("pleegzorgtoeslag", "woont in een pleeggezin"),
}


def _supplement_cents(kind: str, month: int) -> int:
    """What a supplement of a child is in a month (care, orphan, foster)."""
    if kind == "orphan":
        return amounts.orphan_amount(month)
    return amounts.amount(amounts.CARE if kind == "care" else amounts.FOSTER, month)


def _supplement(family: Family, kid: Kid, span: Span) -> Draft:
    name, because = _SUPPLEMENT_NAMES[span.kind]
    cents = _supplement_cents(span.kind, span.first)
    return decision(
        family,
        f"B{iso_month(span.first)}-{kid.key}-{span.kind}",
        f"Beslissing: {name} voor {kid.given_name}",
        span.since - timedelta(days=12),
        (
            f"{kid.given_name} krijgt een {name}",
            f"Vanaf {long_date(span.since)} betalen we {money(cents)} per maand extra. "
            "U krijgt dat bedrag samen met uw gewone kinderbijslag.",
        ),
        [
            f"{kid.name} {because}. Daarom is er recht op een {name}.",
            "De toeslag loopt door zolang de situatie dezelfde blijft. Verandert er iets? "
            "Laat het ons dan weten binnen een maand.",
        ],
        law=DECREE,
    )


def _social(family: Family, since: date, granted: list[tuple[Kid, Span]]) -> Draft:
    month = month_of(since)
    children = sum(1 for kid in family.kids if kinds_in(kid, month))
    rows = [
        (
            kid.name,
            amounts.social_amount(
                month, children=children, low_income=family.low_income, rank=place
            ),
        )
        for place, (kid, _) in enumerate(granted, start=1)
    ]
    total = sum(cents for _, cents in rows)
    until = granted[0][1].until or since
    outcome = (
        (
            "U krijgt een sociale toeslag",
            f"Vanaf {long_date(since)} is dat {money(total)} per maand.",
        )
        if total
        else ("U krijgt geen sociale toeslag", "Uw gezin voldoet niet aan de voorwaarden.")
    )
    return decision(
        family,
        f"B{iso_month(month)}-social",
        "Beslissing over uw sociale toeslag",
        since + timedelta(days=8),
        outcome,
        [
            "De sociale toeslag hangt af van het inkomen van uw gezin en van het aantal kinderen.",
            f"Deze beslissing geldt van {long_date(since)} tot en met {long_date(until)}. "
            "Daarna bekijken we uw inkomen opnieuw. Dat doen we vanzelf.",
        ],
        sheet=amounts_sheet(rows, head="Per maand voor") if total else None,
        law=DECREE,
    )


def _births(family: Family) -> Iterator[Draft]:
    """A decision on the start amount and the basic amount of each new child."""
    for kid in family.kids:
        month = month_of(kid.birth)
        if kid.placed or month < amounts.GROEIPAKKET:
            continue
        start = amounts.amount(amounts.START, month)
        basic = amounts.amount(amounts.BASIC, month + 1)
        yield decision(
            family,
            f"B{iso_month(month)}-{kid.key}-start",
            f"Beslissing: kinderbijslag voor {kid.given_name}",
            kid.birth + timedelta(days=12),
            (
                f"Welkom, {kid.given_name}!",
                f"U krijgt één keer een startbedrag van {money(start)}, en daarna elke maand "
                f"{money(basic)}.",
            ),
            [
                f"{kid.name} werd geboren op {long_date(kid.birth)} en woont bij u.",
                "Het startbedrag staat na enkele dagen op uw rekening. Het maandbedrag betalen we "
                f"vanaf {month_words(first_day(month + 1))}, altijd na het einde van de maand.",
            ],
            law=DECREE,
        )
