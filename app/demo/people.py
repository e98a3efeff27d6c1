"""The cast: the made-up people of the demo, who also play in the tests.

Their national and bis numbers are well-formed but belong to nobody we know of: each is computed
from a birth date and a serial number by the rule of the National Register (97 minus the first
nine digits modulo 97; people born from 2000 on are computed with a 2 in front).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

CARD_CODES = 24
CODE_LENGTH = 6
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which read like 1 and 0


def national_number(birth: date, serial: int, *, bis: bool = False) -> str:
    """The eleven digits of a number: birth date, serial (odd for men), check digits.

    ``bis=True`` adds 40 to the month, as for a person outside the register whose sex is known.
    """
    month = birth.month + (40 if bis else 0)
    base = f"{birth.year % 100:02d}{month:02d}{birth.day:02d}{serial:03d}"
    check = 97 - int(("2" if birth.year >= 2000 else "") + base) % 97
    return f"{base}{check:02d}"


def code_card(username: str) -> tuple[str, ...]:
    """The 24 codes of six letters on a person's token card, the same at every start."""
    digest = sha256(f"code card of {username}".encode()).digest()
    codes = []
    for position in range(CARD_CODES):
        block = sha256(digest + bytes([position])).digest()
        codes.append("".join(_LETTERS[byte % len(_LETTERS)] for byte in block[:CODE_LENGTH]))
    return tuple(codes)


@dataclass(frozen=True)
class Token:
    """The means of sign-in with a user name, a password and a card of 24 codes."""

    username: str
    password: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes on the card, the first at index 0."""
        return code_card(self.username)


@dataclass(frozen=True)
class DemoPerson:
    """One person of the cast: who they are and how they sign in."""

    key: str
    given_name: str
    family_name: str
    birth_date: date
    sex: Literal["f", "m"]
    number: str
    about: str
    pin: str | None = None
    token: Token | None = None
    language: str = "nl"

    @property
    def name(self) -> str:
        """The full name, given name first."""
        return f"{self.given_name} {self.family_name}"


def _person(
    key: str,
    name: tuple[str, str],
    birth: date,
    serial: int,
    about: str,
    *,
    pin: str | None = None,
    token: Token | None = None,
    bis: bool = False,
) -> DemoPerson:
    return DemoPerson(
        key=key,
        given_name=name[0],
        family_name=name[1],
        birth_date=birth,
        sex="m" if serial % 2 else "f",
        number=national_number(birth, serial, bis=bis),
        about=about,
        pin=pin,
        token=token,
    )


SOFIE = _person(
    "sofie",
    ("Sofie", "Vermeulen"),
    date(1986, 4, 12),
    214,
    "ouder van drie kinderen",
    pin="1234",
    token=Token("sofie.vermeulen", "lente-in-gent"),
)
KARIM = _person(
    "karim",
    ("Karim", "El Amrani"),
    date(1984, 9, 3),
    317,
    "andere ouder in het dossier van Sofie",
    pin="2345",
    token=Token("karim.elamrani", "zomer-in-gent"),
)
LUKASZ = _person(
    "lukasz",
    ("Łukasz", "Wójcik"),
    date(1990, 1, 28),
    121,
    "ouder in een ander gezin",
    pin="3456",
)
AMINA = _person(
    "amina",
    ("Amina", "Diallo"),
    date(1994, 7, 19),
    88,
    "heeft een bisnummer en geen eID",
    token=Token("amina.diallo", "herfst-in-aalst"),
    bis=True,
)
NATHALIE = _person(
    "nathalie",
    ("Nathalie", "Dubois"),
    date(1979, 11, 30),
    402,
    "ouder in het ene dossier, voogd in het andere",
    pin="4567",
    token=Token("nathalie.dubois", "winter-in-leuven"),
)
JAN = _person(
    "jan",
    ("Jan", "Peeters"),
    date(2001, 2, 14),
    155,
    "heeft geen dossier bij dit fonds",
    pin="5678",
)
ELS = _person(
    "els",
    ("Els", "Janssens"),
    date(1988, 6, 5),
    266,
    "werkt bij de helpdesk van het fonds",
    pin="6789",
)

CAST: tuple[DemoPerson, ...] = (SOFIE, KARIM, LUKASZ, AMINA, NATHALIE, JAN, ELS)
