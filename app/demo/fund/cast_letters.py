"""The post of the cast, beside what every family gets: all kinds, the newest a day old."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from app.demo.fund import amounts
from app.demo.fund.decisions import DECREE, decision
from app.demo.fund.family import Corrected, Family, Window
from app.demo.fund.months import DAY, first_day, month_of, pay_date
from app.demo.fund.offices import OFFICE, WEBSITE
from app.demo.fund.writing import Block, Draft, Heading, Items, Panel, Text, enumeration
from app.demo.people import KARIM, SOFIE
from app.web.formats import long_date, money
from app.web.formats import month as month_words


def cast_drafts(family: Family, window: Window) -> Iterator[Draft]:
    """What is written to a family of the cast alone; nothing to other families."""
    if family.story in _STORIES:
        yield from _STORIES[family.story](family, window)


def _sofie(family: Family, window: Window) -> Iterator[Draft]:
    zoe = family.kids[2]
    yield _toddler_decision(family, window)
    yield _toddler_school(window)
    yield _announcement(family, window)
    yield _new_account(family, window)
    yield _for_karim(family, window)
    for event in family.events:
        if isinstance(event, Corrected):
            yield _corrected(event)
    yield Draft(
        "M-inloopdag",
        "Kom langs op onze inloopdag",
        window.today - 40 * DAY,
        body=(
            "Beste ouder\n\nHebt u vragen over uw kinderbijslag? Kom naar onze **inloopdag** in "
            "Gent.\n\n1. U hoeft geen afspraak te maken.\n2. Breng uw identiteitskaart mee.\n"
            f"3. {zoe.given_name} mag mee: er is een speelhoek.\n\n"
            f"Meer weten? Kijk op [onze website](https://{WEBSITE}/inloopdag)."
        ),
    )


def _toddler_decision(family: Family, window: Window) -> Draft:
    zoe = family.kids[2]
    month = month_of(zoe.birth) + 36
    cents = amounts.amount(amounts.TODDLER, month)
    return decision(
        family,
        "B-kleutertoeslag",
        f"Beslissing: kleutertoeslag voor {zoe.given_name}",
        first_day(window.last) - 3 * DAY,  # before it is paid, in the first days of this month
        (
            f"{zoe.given_name} krijgt een kleutertoeslag",
            f"U krijgt één keer {money(cents)}, samen met de kinderbijslag van "
            f"{month_words(first_day(month))}.",
        ),
        [
            f"{zoe.given_name} werd 3 jaar op {long_date(zoe.birth.replace(year=month // 12))}.",
            f"Volgend jaar, als {zoe.given_name} 4 wordt, is er opnieuw een kleutertoeslag.",
        ],
        law=DECREE,
    )


def _toddler_school(window: Window) -> Draft:
    day = window.today - 3 * DAY
    answer_by = window.today + 25 * DAY
    blocks: list[Block] = [
        Text(
            "Zoë is 3 jaar. Ze mag naar de kleuterschool. Voor de volgende kleutertoeslag willen "
            "we weten of ze ingeschreven is."
        ),
        Heading("Wat vragen we u?"),
        Items(
            [
                "De naam en het adres van de school.",
                "Vanaf welke dag Zoë er ingeschreven is.",
                "Gaat Zoë nog niet naar school? Laat het ons ook weten.",
            ]
        ),
        Panel(
            f"Antwoord ten laatste op {long_date(answer_by)}",
            "Bel of mail ons, schrijf een brief of kom naar een van onze kantoren.",
        ),
        Text("Deze vraag verandert niets aan de kinderbijslag die u nu krijgt."),
    ]
    return Draft(
        "V-kleuterschool",
        "Gaat Zoë naar de kleuterschool?",
        day,
        "request",
        blocks,
        answer_by=answer_by,
    )


def _announcement(family: Family, window: Window) -> Draft:
    names = enumeration([kid.given_name for kid in family.kids])
    period = window.last
    return Draft(
        "M-volgende-betaling",
        "Uw volgende betaling staat klaar",
        window.today - DAY,
        body=(
            f"Beste ouder\n\nOp **{long_date(pay_date(period))}** betalen we de kinderbijslag van "
            f"{month_words(first_day(period))} voor {names}.\n\n- In het portaal ziet u nu al het "
            "bedrag.\n- Verschilt het van vorige maand? Dan leest u daar ook *waarom*."
        ),
    )


def _new_account(family: Family, window: Window) -> Draft:
    account = family.account
    blocks: list[Block] = [
        Panel(
            "We kennen uw nieuwe rekening",
            f"Rekening bij {account.bank} die eindigt op {account.iban[-4:]}, op naam van "
            f"{account.holder}. De bank bevestigde dat.",
        ),
        Text("De betaling die terugkwam, is intussen opnieuw betaald op deze rekening."),
        Text(
            "Hebt u dit niet gevraagd? Bel ons dan meteen: we zetten de betaling stil en kijken "
            "het na."
        ),
    ]
    day = pay_date(window.last - 9) + 16 * DAY
    subject = "Uw nieuwe rekeningnummer is in orde"
    return Draft("R-rekening", subject, day, "information", blocks, to=SOFIE.number)


def _for_karim(family: Family, window: Window) -> Draft:
    children = enumeration([kid.given_name for kid in family.kids])
    blocks: list[Block] = [
        Text(
            f"U bent de andere ouder in het dossier van {children}. Daarom kunt u het zien: "
            "de kinderen, de betalingen en de brieven die voor u bestemd zijn."
        ),
        Heading("Wat betekent dat?"),
        Items(
            [
                "Brieven die alleen voor de andere ouder zijn, ziet u niet.",
                "Deze brief is alleen voor u: de andere ouder ziet hem niet.",
                "Wilt u dat we op een andere rekening betalen? Dat beslist u samen.",
            ]
        ),
    ]
    return Draft(
        "A-andere-ouder",
        "Uw rechten als andere ouder",
        window.today - 16 * DAY,
        "information",
        blocks,
        to=KARIM.number,
    )


def _corrected(event: Corrected) -> Draft:
    day = pay_date(event.period) + 6 * DAY
    blocks: list[Block] = [
        Text(
            f"In de betaling van {month_words(first_day(event.period))} zat een fout: "
            f"{event.what} ontbrak. Onze excuses."
        ),
        Panel("We maken het goed", "U krijgt het verschil binnen twee weken op uw rekening."),
        Text("U hoeft niets te doen. De volgende betalingen zijn juist."),
    ]
    return Draft("C-correctie", "We betaalden u te weinig", day, "information", blocks)


def _lukasz(family: Family, window: Window) -> Iterator[Draft]:
    yield Draft(
        "M-opvang",
        "Kinderopvangtoeslag: zo werkt het",
        window.today - 5 * DAY,
        body=(
            "Beste ouder\n\nHanna en Jakub gaan naar de opvang. Daarvoor krijgt u een toeslag "
            "**per dag en per kind**.\n\n- De opvang geeft ons de dagen door.\n"
            "- We betalen rond de 20ste van de volgende maand.\n- In juli is er geen toeslag."
        ),
    )


def _amina(family: Family, window: Window) -> Iterator[Draft]:
    office = OFFICE[family.office]
    yield Draft(
        "M-welkom",
        "Welkom bij De Vlier",
        window.today - 6 * DAY,
        body=(
            "Beste Amina Diallo\n\nProficiat met Aïssatou! Vanaf nu betalen wij uw kinderbijslag. "
            "U hebt een **bisnummer**. Krijgt u later een rijksregisternummer? Dan passen wij dat "
            f"vanzelf aan.\n\nVragen? Bel {office.phone} of mail <{office.email}>."
        ),
    )


def _nathalie(family: Family, window: Window) -> Iterator[Draft]:
    arthur, louise = family.kids
    yield Draft(
        "A-dubbel",
        f"Studeert {arthur.given_name} dit schooljaar? (dubbel)",
        window.today - 20 * DAY,
        "request",
        [Text("Deze brief vertrok per vergissing een tweede keer. U hoeft er niets mee te doen.")],
        withdrawn=True,
    )
    month = month_of(louise.birth) + 144
    yield Draft(
        "A-twaalf",
        f"{louise.given_name} is 12: u krijgt meer kinderbijslag",
        first_day(month) + timedelta(days=25),
        "information",
        [
            Text(
                f"{louise.given_name} is 12 jaar. Daarom stijgt de leeftijdstoeslag vanaf "
                f"{month_words(first_day(month + 1))}."
            ),
            Panel(
                f"U ziet het op {long_date(pay_date(month + 1))}",
                "Want we betalen altijd voor de maand die voorbij is. U hoeft niets te doen.",
            ),
        ],
    )


_STORIES: dict[str, Callable[[Family, Window], Iterator[Draft]]] = {
    "sofie": _sofie,
    "lukasz": _lukasz,
    "amina": _amina,
    "nathalie": _nathalie,
}
