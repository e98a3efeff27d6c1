"""What the fund writes to any family, and of that: what comes each year or with a payment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from app.demo.fund import amounts, granted, mishaps
from app.demo.fund.family import Family, Kid, Window
from app.demo.fund.months import first_day, make_month, pay_date
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


def drafts(family: Family, window: Window, paid: list[Payment]) -> Iterator[Draft]:
    """Everything written to a family in a window, up to and with today, in no special order."""
    everything = (
        *_statements(family, window, paid),
        *_index(family, window),
        *granted.drafts(family),
        *_students(family, window),
        *_school_bonus(paid),
        *mishaps.drafts(family),
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
                "U hoeft niets te doen. Bewaar deze brief als u een bewijs nodig hebt, "
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
