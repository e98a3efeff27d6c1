"""Letters about what went wrong: a payment that came back or is late, money to be paid back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from app.demo.fund.decisions import DECREE, decision
from app.demo.fund.family import Family, Late, Recovery, Returned
from app.demo.fund.months import first_day, iso_month, pay_date
from app.demo.fund.writing import Block, Draft, Heading, Panel, Text
from app.web.formats import long_date, money
from app.web.formats import month as month_words


def drafts(family: Family) -> Iterator[Draft]:
    """A letter about each such event of a family."""
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
            "Geef ons uw nieuwe rekeningnummer. Dat kan alleen met ons eigen formulier: u krijgt "
            "het bij uw kantoor. We betalen dan binnen de week opnieuw. Vragen? Bel of mail ons."
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
        law=f"{DECREE}, artikelen 90, 97 en 103",
    )
