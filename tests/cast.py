"""The cast in a small fund: who is a party of what. The same people play in the demo.

=============  ==============================================  ============================
Person         Is                                              Dossier
=============  ==============================================  ============================
Sofie          beneficiary                                     FAMILY
Karim          the other parent of the same dossier            FAMILY
Łukasz         a stranger to it, with a dossier of his own     STRANGERS
Amina          has a bis number                                BIS
Nathalie       beneficiary in one dossier, guardian in one     OWN, WARD
Jan            has no dossier
Els            works at the fund's helpdesk
=============  ==============================================  ============================
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.auth.models import Account
from app.auth.sessions import SignedIn, open_session
from app.clock import now
from app.demo.people import AMINA, ELS, JAN, KARIM, LUKASZ, NATHALIE, SOFIE, DemoPerson
from app.dossiers.models import (
    Child,
    Dossier,
    Entitlement,
    EntitlementKind,
    Office,
    Party,
    Person,
    Role,
)
from app.letters.models import Letter, LetterKind
from app.payments.models import Component, Payment, PaymentKind, PaymentLine, PaymentState

ISSUER = "http://127.0.0.1:8001"
FAMILY, STRANGERS, BIS, OWN, WARD = "D-1001", "D-2002", "D-3003", "D-4004", "D-5005"

__all__ = [
    "AMINA",
    "BIS",
    "ELS",
    "FAMILY",
    "JAN",
    "KARIM",
    "LUKASZ",
    "NATHALIE",
    "OWN",
    "SOFIE",
    "STRANGERS",
    "WARD",
    "Fund",
    "account_of",
    "make_fund",
    "sign_in",
]


@dataclass(frozen=True)
class Fund:
    """What was made, by dossier number or by name."""

    dossiers: dict[str, Dossier]
    people: dict[str, Person]
    payments: dict[str, Payment]
    letters: dict[str, Letter]


async def make_fund() -> Fund:
    """Fill an empty database with the cast's dossiers, a payment and a letter in each."""
    office = await Office.create(code="GENT", name="Gent", city="Gent", phone="09 000 00 00")
    people = {
        person.key: await Person.create(
            number=person.number, given_name=person.given_name, family_name=person.family_name
        )
        for person in (SOFIE, KARIM, LUKASZ, AMINA, NATHALIE)
    }
    dossiers = {
        number: await Dossier.create(
            number=number, office=office, account_masked="BE68 •••• •••• 7034"
        )
        for number in (FAMILY, STRANGERS, BIS, OWN, WARD)
    }
    for number, key, role in (
        (FAMILY, "sofie", Role.BENEFICIARY),
        (FAMILY, "karim", Role.OTHER_PARENT),
        (STRANGERS, "lukasz", Role.BENEFICIARY),
        (BIS, "amina", Role.BENEFICIARY),
        (OWN, "nathalie", Role.BENEFICIARY),
        (WARD, "nathalie", Role.GUARDIAN),
    ):
        await Party.create(dossier=dossiers[number], person=people[key], role=role)
    payments = {number: await _payment(dossier) for number, dossier in dossiers.items()}
    letters = {number: await _letter(dossier) for number, dossier in dossiers.items()}
    letters["to karim"] = await _letter(dossiers[FAMILY], "K", people["karim"])
    return Fund(dossiers, people, payments, letters)


async def _payment(dossier: Dossier) -> Payment:
    child = await Child.create(
        dossier=dossier,
        key="K1",
        given_name="Noor",
        family_name="Vermeulen",
        birth_date=date(2019, 5, 2),
        rank=1,
    )
    await Entitlement.create(child=child, kind=EntitlementKind.BASIC, since=date(2019, 6, 1))
    payment = await Payment.create(
        dossier=dossier,
        reference=f"P-{dossier.number}-2026-10",
        kind=PaymentKind.MONTHLY,
        period=date(2026, 10, 1),
        pay_date=date(2026, 11, 6),
        state=PaymentState.PAID,
        total_cents=18_747,
        account_masked=dossier.account_masked,
        communication="+++123/1234/12328+++",
        digest="0" * 64,
    )
    await PaymentLine.create(
        payment=payment, child=child, component=Component.BASIC, amount_cents=18_747
    )
    return payment


async def _letter(dossier: Dossier, mark: str = "L", to: Person | None = None) -> Letter:
    return await Letter.create(
        dossier=dossier,
        addressee=to,
        reference=f"{mark}-{dossier.number}",
        kind=LetterKind.MESSAGE,
        subject="Uw gegevens zijn aangepast",
        date=date(2026, 11, 10),
        body="Wij hebben uw adres **aangepast**.",
        digest="0" * 64,
    )


async def account_of(person: DemoPerson, *, registered: bool = True) -> Account:
    """The online profile of somebody of the cast, made when it is not there yet."""
    account, _ = await Account.get_or_create(
        issuer=ISSUER,
        subject=person.key,
        defaults={
            "number": person.number,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "registered_at": datetime(2026, 1, 2, tzinfo=UTC) if registered else None,
        },
    )
    return account


async def sign_in(person: DemoPerson, *, registered: bool = True) -> str:
    """Begin a session for somebody of the cast; out: what the cookie carries."""
    account = await account_of(person, registered=registered)
    moment = now()
    level, means = (500, "eid") if person.pin else (300, "token")
    signed_in = SignedIn(level=level, means=means, authenticated_at=moment)
    return await open_session(account, signed_in, "Chromium op Linux", moment)
