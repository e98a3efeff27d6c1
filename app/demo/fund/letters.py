"""What the fund writes to any family: by what is paid, what changes and what went wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from app.demo.fund import amounts
from app.demo.fund.decisions import decision
from app.demo.fund.family import Family, Kid, Late, Recovery, Returned, Span, Window
from app.demo.fund.months import first_day, iso_month, make_month, month_of, pay_date
from app.demo.fund.payments import kinds_in, monthly_lines
from app.demo.fund.records import Payment
from app.demo.fund.writing import (
    Block,
    Draft,
    Heading,
    Items,
    Panel,
    Sheet,
    Text,
    amounts_sheet,
)
from app.web.formats import long_date, money
from app.web.formats import month as month_words

_DECREE = "het Groeipakketdecreet van 27 april 2018"


def drafts(family: Family, window: Window, paid: list[Payment]) -> Iterator[Draft]:
    """Everything written to a family in a window, up to and with today, in no special order."""
    everything = (
        *_statements(family, window, paid),
        *_index(family, window),
        *_supplements(family),
        *_births(family),
        *_students(family, window),
        *_school_bonus(paid),
        *_events(family),
    )
    since = first_day(window.first)
    for draft in everything:
        if since <= draft.day <= window.today:
            yield draft


def _statements(family: Family, window: Window, paid: list[Payment]) -> Iterator[Draft]:
    """Each February: what we paid in the year before, month by month.

    Not for a year of which the first months lie before the window.
    """
    first_paid = window.first + 1  # the month in which the first period of the window is paid
    is_cut = first_paid % 12 > 0 and bool(monthly_lines(family, window.first - 1))
    months: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for payment in paid:
        if payment.state in ("paid", "corrected"):
            day = date.fromisoformat(payment.pay_date)
            months[day.year][day.month] += sum(line.amount for line in payment.lines)
    for year, by_month in months.items():
        if is_cut and year <= first_paid // 12:
            continue
        total = sum(by_month.values())
        rows = [
            (month_words(date(year, month, 1)).capitalize(), cents)
            for month, cents in sorted(by_month.items())
        ]
        blocks: list[Block] = [
            Panel(f"In {year} kreeg u {money(total)}", "Dat is alles wat we u dat jaar betaalden."),
            amounts_sheet(rows, head="Betaald in"),
            Text(
                "U hoeft niets te doen. Kinderbijslag is geen belastbaar inkomen: u vult ze niet "
                "in op uw belastingaangifte. Bewaar deze brief als u een bewijs nodig hebt, "
                "bijvoorbeeld voor een studietoelage."
            ),
        ]
        yield Draft(
            f"J{year}", f"Uw jaaroverzicht van {year}", date(year + 1, 2, 10), "statement", blocks
        )


def _index(family: Family, window: Window) -> Iterator[Draft]:
    """Each September: the amounts go up, and what that means for this family."""
    for year in range(window.today.year - 3, window.today.year + 1):
        september = make_month(year, 9)
        if september < window.first or not any(kinds_in(kid, september) for kid in family.kids):
            continue
        before = amounts.amount(amounts.BASIC, september - 1)
        after = amounts.amount(amounts.BASIC, september)
        blocks: list[Block] = [
            Text(
                "Het leven wordt duurder. Daarom stijgen de bedragen van de kinderbijslag mee met "
                f"de index. Dat gebeurt vanaf {month_words(first_day(september))}."
            ),
            Sheet(
                ["Basisbedrag voor een kind", "Tot en met augustus", "Vanaf september"],
                [["Per maand", money(before), money(after)]],
                [],
            ),
            Text("Ook de bedragen van oudere kinderen en de toeslagen stijgen mee."),
            Panel(
                f"U ziet het op {long_date(pay_date(september))}",
                "Want we betalen altijd voor de maand die voorbij is. U hoeft niets te doen.",
            ),
        ]
        subject = "Uw kinderbijslag stijgt door de index"
        yield Draft(f"I{year}", subject, date(year, 9, 3), "information", blocks)


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


def supplement_cents(kind: str, month: int) -> int:
    """What a supplement of a child is in a month (care, orphan, foster)."""
    if kind == "orphan":
        return amounts.orphan_amount(month)
    return amounts.amount(amounts.CARE if kind == "care" else amounts.FOSTER, month)


def _supplement(family: Family, kid: Kid, span: Span) -> Draft:
    name, because = _SUPPLEMENT_NAMES[span.kind]
    cents = supplement_cents(span.kind, span.first)
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
        law=_DECREE,
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
        law=_DECREE,
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
            law=_DECREE,
        )


def _students(family: Family, window: Window) -> Iterator[Draft]:
    """Each September: does a child from 18 on still study?"""
    for year in range(window.today.year - 3, window.today.year + 1):
        day = date(year, 9, 8)
        for kid in family.kids:
            if 18 <= year - kid.birth.year <= 24 and kinds_in(kid, make_month(year, 9)):
                yield _study_question(kid, day)


def _study_question(kid: Kid, day: date) -> Draft:
    answer_by = day + timedelta(days=52)
    blocks: list[Block] = [
        Text(
            f"{kid.given_name} is 18 jaar of ouder. Dan betalen we kinderbijslag zolang "
            f"{kid.given_name} studeert, ten laatste tot 25 jaar. We moeten dat elk jaar nagaan."
        ),
        Heading("Wat vragen we u?"),
        Items(
            [
                f"Studeert {kid.given_name} dit schooljaar? Bezorg ons een bewijs van de school.",
                f"Studeert {kid.given_name} niet meer? Laat het ons ook dan weten.",
                f"Werkt {kid.given_name}? Schrijf erbij hoeveel uren in een kwartaal.",
            ]
        ),
        Panel(
            f"Antwoord ten laatste op {long_date(answer_by)}",
            "Krijgen we geen antwoord, dan stoppen we de betaling tot we het weten.",
        ),
        Heading("Wanneer is uw kind student?"),
        Text(
            "Aan een hogeschool of universiteit: met 27 studiepunten of meer. In een andere "
            "school: met 17 uren les per week of meer. Een student mag 240 uren per kwartaal "
            "werken."
        ),
    ]
    return Draft(
        f"V{day.year}-{kid.key}",
        f"Studeert {kid.given_name} dit schooljaar?",
        day,
        "request",
        blocks,
        answer_by=answer_by,
    )


def _school_bonus(paid: list[Payment]) -> Iterator[Draft]:
    """A message with the school bonus, on the day that it is paid."""
    for payment in paid:
        if payment.kind == "school_bonus":
            total = sum(line.amount for line in payment.lines)
            plural = "uw kind" if len(payment.lines) == 1 else f"uw {len(payment.lines)} kinderen"
            yield Draft(
                f"M{payment.period}-schoolbonus",
                "De schoolbonus is betaald",
                date.fromisoformat(payment.pay_date),
                body=(
                    f"Beste ouder\n\nVandaag betaalden we de **schoolbonus** voor {plural}: "
                    f"**{money(total)}**.\n\n- U krijgt hem elk jaar in augustus.\n"
                    "- Het bedrag hangt af van de leeftijd van uw kind.\n"
                    "- U hoeft er niets voor te doen.\n\nEen goede start van het schooljaar!"
                ),
            )


def _events(family: Family) -> Iterator[Draft]:
    for event in family.events:
        match event:
            case Returned():
                yield _returned(event)
            case Late():
                yield _late(event)
            case Recovery():
                yield _recovery(family, event)
            case _:
                pass


def _returned(event: Returned) -> Draft:
    day = pay_date(event.period) + timedelta(days=5)
    answer_by = day + timedelta(days=14)
    blocks: list[Block] = [
        Panel(
            "We konden u niet betalen",
            f"De betaling van {long_date(pay_date(event.period))} kwam terug. De bank zegt dat de "
            "rekening is afgesloten.",
        ),
        Heading("Wat vragen we u?"),
        Text(
            "Geef ons uw nieuwe rekeningnummer. Doe dat in dit portaal of met ons formulier. "
            "We betalen dan binnen de week opnieuw."
        ),
        Text(
            "Let op voor oplichters: we vragen u nooit per mail of telefoon om uw bankgegevens, "
            "en nooit om een code."
        ),
    ]
    return Draft(
        f"T{iso_month(event.period)}",
        "Uw betaling kwam terug: geef ons uw nieuwe rekening",
        day,
        "request",
        blocks,
        answer_by=answer_by,
    )


def _late(event: Late) -> Draft:
    blocks: list[Block] = [
        Text(
            f"De kinderbijslag van {month_words(first_day(event.period))} komt later dan u gewoon "
            "bent. Onze excuses."
        ),
        Panel("Waarom?", event.reason.removeprefix("Later betaald: ").capitalize()),
        Text(
            "We betalen zodra het kan. Binnen twee maanden moet u uw geld hebben; lukt dat niet, "
            "dan schrijven we u om de twee maanden waarom (artikel 87 van het Groeipakketdecreet)."
        ),
    ]
    subject = "Uw betaling komt later"
    return Draft(
        f"L{iso_month(event.period)}", subject, pay_date(event.period), "information", blocks
    )


def _recovery(family: Family, event: Recovery) -> Draft:
    """Art. 90: amount, calculation, ground, limitation, waiver, a proposal of instalments."""
    part = event.cents // event.instalments
    times = "één keer" if event.instalments == 1 else f"{event.instalments} maanden na elkaar"
    return decision(
        family,
        f"B{iso_month(event.first)}-recovery",
        "Beslissing: u kreeg te veel kinderbijslag",
        pay_date(event.first) - timedelta(days=21),
        (
            f"U moet {money(event.cents)} terugbetalen",
            f"We houden {times} {money(part)} af van uw kinderbijslag. Is dat te veel? Bel ons: "
            "we zoeken samen een haalbaar bedrag.",
        ),
        [
            f"{event.what[0].upper()}{event.what[1:]}. Daarom betaalden we te veel.",
            f"De berekening: {money(event.cents)} te veel betaald, verdeeld over "
            f"{event.instalments} × {money(part)}.",
            "We mogen geld terugvragen tot 3 jaar na de betaling, bij fraude tot 5 jaar. Kunt u "
            "niet betalen? Vraag dan om kwijtschelding. Schrijf ons waarom.",
        ],
        law=f"{_DECREE}, artikelen 90, 97 en 103",
    )


__all__ = ["drafts", "supplement_cents"]
