"""The dossiers of the cast: shaped by hand, so that each page of the portal has its example.

Ages and events are counted back from today, so that the newest things are always new.
"""

from __future__ import annotations

from datetime import date, timedelta

from app.demo.fund.family import (
    Adult,
    BankAccount,
    Corrected,
    Family,
    Kid,
    Late,
    Recovery,
    Returned,
    span,
    standing_spans,
)
from app.demo.fund.months import first_day, month_of
from app.demo.fund.numbers import iban, parent_number
from app.demo.fund.records import Role
from app.demo.people import AMINA, KARIM, LUKASZ, NATHALIE, SOFIE, DemoPerson

SOFIE_DOSSIER = "DV-100001"
LUKASZ_DOSSIER = "DV-100002"
AMINA_DOSSIER = "DV-100003"
NATHALIE_DOSSIER = "DV-100004"
GUARDIAN_DOSSIER = "DV-100005"
FIRST_FREE = 100_006
_PARTNER = 1_700_000  # far from the parents of other families


def _adult(person: DemoPerson, role: Role = "beneficiary") -> Adult:
    return Adult(person.number, person.given_name, person.family_name, role)


def _kid(
    key: str, name: tuple[str, str], birth: date, today: date, *, studies: bool = False
) -> Kid:
    return Kid(key, *name, birth, standing_spans(birth, today, studies=studies))


def cast_families(today: date) -> tuple[Family, ...]:
    """The five dossiers in which the cast appears. Jan and Els are in none."""
    return _sofie(today), _lukasz(today), _amina(today), *_nathalie(today)


def _sofie(today: date) -> Family:
    """Two parents, three children: old rules, care supplement, a toddler who just turned three."""
    now = month_of(today)
    noor = _kid("k1", ("Noor", "El Amrani"), date(2014, 5, 17), today)
    ilyas = _kid("k2", ("Ilyas", "El Amrani"), date(2019, 3, 8), today)
    care = span("care", first_day(now - 20))
    ilyas = Kid(ilyas.key, ilyas.given_name, ilyas.family_name, ilyas.birth, (*ilyas.spans, care))
    zoe = _kid("k3", ("Zoë", "El Amrani"), first_day(now - 37) + timedelta(days=13), today)
    return Family(
        number=SOFIE_DOSSIER,
        serial=1,
        office="GENT",
        adults=(_adult(SOFIE), _adult(KARIM, "other_parent")),
        kids=(noor, ilyas, zoe),
        account=BankAccount(iban("734", 1_204_518), "Sofie Vermeulen", "KBC"),
        address=("Vlierstraat 27", "9000 Gent"),
        events=(
            Corrected(now - 14, "k2", "care", "de zorgtoeslag van Ilyas"),
            Returned(now - 9, iban("063", 4_410_276)),
        ),
        story="sofie",
    )


def _lukasz(today: date) -> Family:
    """A couple with twins in childcare."""
    birth = first_day(month_of(today) - 20) + timedelta(days=8)
    names = ("Hanna", "Jakub")
    twins = tuple(
        Kid(
            f"k{place}",
            name,
            "Wójcik",
            birth,
            standing_spans(birth, today, studies=False),
            childcare_days=14,
        )
        for place, name in enumerate(names, start=1)
    )
    partner = parent_number(_PARTNER, "f")[1]
    return Family(
        number=LUKASZ_DOSSIER,
        serial=2,
        office="LEUVEN",
        adults=(_adult(LUKASZ), Adult(partner, "Małgorzata", "Wójcik", "beneficiary")),
        kids=twins,
        account=BankAccount(iban("973", 2_210_964), "Łukasz en Małgorzata Wójcik", "Argenta"),
        address=("Stationsstraat 114 bus 3", "3010 Kessel-Lo"),
        story="lukasz",
    )


def _amina(today: date) -> Family:
    """One parent with a bis number, a baby, a low income."""
    now = month_of(today)
    birth = first_day(now - 2) + timedelta(days=5)
    since = first_day(now - 1)
    until = date(since.year + (since.month > 9), 9, 30)
    baby = Kid(
        "k1",
        "Aïssatou",
        "Diallo",
        birth,
        (*standing_spans(birth, today, studies=False), span("social", since, until)),
    )
    return Family(
        number=AMINA_DOSSIER,
        serial=3,
        office="AALST",
        adults=(_adult(AMINA),),
        kids=(baby,),
        account=BankAccount(iban("103", 3_117_405), "Amina Diallo", "Crelan"),
        address=("Molenstraat 8", "9300 Aalst"),
        low_income=True,
        story="amina",
    )


def _nathalie(today: date) -> tuple[Family, Family]:
    """A parent of a student and of a child who just turned twelve, and a guardian elsewhere."""
    now = month_of(today)
    arthur = _kid(
        "k1", ("Arthur", "Lemmens"), first_day(now - 234) + timedelta(days=10), today, studies=True
    )
    louise = _kid("k2", ("Louise", "Lemmens"), first_day(now - 146) + timedelta(days=20), today)
    account = BankAccount(iban("001", 5_530_082), "Nathalie Dubois", "BNP Paribas Fortis")
    own = Family(
        number=NATHALIE_DOSSIER,
        serial=4,
        office="LEUVEN",
        adults=(_adult(NATHALIE),),
        kids=(arthur, louise),
        account=account,
        address=("Lindenlaan 52", "3000 Leuven"),
        events=(
            Late(now - 7, 12, "Later betaald: we wachtten op het schoolattest van Arthur."),
            Recovery(now - 5, 3, 120_00, "Arthur werkte in een kwartaal te veel uren als student"),
        ),
        story="nathalie",
    )
    mila = _kid("k1", ("Mila", "Fontaine"), date(2019, 6, 2), today)
    orphan = span("orphan", first_day(now - 26))
    mila = Kid(mila.key, mila.given_name, mila.family_name, mila.birth, (*mila.spans, orphan))
    guardian = Family(
        number=GUARDIAN_DOSSIER,
        serial=5,
        office="LEUVEN",
        adults=(_adult(NATHALIE, "guardian"),),
        kids=(mila,),
        account=account,
        address=("Lindenlaan 52", "3000 Leuven"),
        story="guardian",
    )
    return own, guardian
