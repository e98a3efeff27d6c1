"""Numbers that pass every check: persons, bank accounts, structured communications."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from app.demo.people import CAST, national_number

# Three digits that a bank's account numbers begin with (list of the National Bank of Belgium).
BANKS = (
    ("001", "BNP Paribas Fortis"),
    ("063", "Belfius"),
    ("363", "ING België"),
    ("734", "KBC"),
    ("973", "Argenta"),
    ("103", "Crelan"),
    ("891", "vdk bank"),
    ("523", "Triodos"),
)
_FIRST_BIRTH = date(1972, 1, 1)
_BIRTH_DAYS = 11_688  # 32 years: the youngest parent is born in 2003
_SERIALS = 499  # odd serials 1–997 for men, even ones 2–998 for women
_STRIDE = 2_654_435  # coprime with days × serials, so that no two people share a number
_SPARE = 4_000_000  # places that only stand in for a number of the cast
_CAST = frozenset(person.number for person in CAST)


def chance(seed: int, index: int) -> Random:
    """The dice of one family: the same for the same seed, whatever came before."""
    return Random(f"family {index} of {seed}")  # noqa: S311 (made-up data, not a secret)


def parent_number(index: int, sex: str, *, bis: bool = False) -> tuple[date, str]:
    """Birth date and number of the ``index``-th parent of a sex ("f" or "m").

    No two parents share a number, up to 1.8 million of each sex.
    """
    slot = index * _STRIDE % (_BIRTH_DAYS * _SERIALS)
    birth = _FIRST_BIRTH + timedelta(days=slot // _SERIALS)
    serial = 2 * (slot % _SERIALS) + (2 if sex == "f" else 1)
    number = national_number(birth, serial, bis=bis)
    return parent_number(index + _SPARE, sex, bis=bis) if number in _CAST else (birth, number)


def iban(bank_code: str, serial: int) -> str:
    """A Belgian IBAN: national check (first ten digits mod 97) and ISO 13616 check both right."""
    base = f"{bank_code}{serial % 10_000_000:07d}"
    national = f"{base}{int(base) % 97 or 97:02d}"
    check = 98 - int(f"{national}111400") % 97  # B, E, 0, 0 as numbers behind the account
    return f"BE{check:02d}{national}"


def masked(account: str) -> str:
    """What may be shown of an IBAN: ``BE68 •••• •••• 7034``."""
    return f"{account[:4]} •••• •••• {account[-4:]}"


def communication(serial: int) -> str:
    """A structured communication (OGM): ten digits, and those modulo 97 (0 becomes 97)."""
    base = serial % 10**10
    digits = f"{base:010d}{base % 97 or 97:02d}"
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"
