"""National register numbers and bis numbers: eleven digits that name one person.

Rules: royal decree of 3 April 1984 on the composition of the register number, and of 8 February
1991 for bis numbers (the month raised by 20 or 40). The check itself is python-stdnum's.
"""

from __future__ import annotations

from enum import StrEnum

from stdnum.be import bis, nn
from stdnum.exceptions import (
    InvalidChecksum,
    InvalidComponent,
    InvalidLength,
    ValidationError,
)

_LONGEST_TEXT = 40  # eleven digits with every separator that people write, and room to spare
_BIS_MONTHS_FROM = 20
_NOBODY = frozenset({"000", "999"})  # serial numbers run from 001 to 998


class NumberFault(StrEnum):
    """What is wrong with a number, so that a page can say it."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    LENGTH = "length"
    CHECK_DIGITS = "check_digits"
    DATE = "date"
    SERIAL = "serial"


_FAULTS: dict[type[ValidationError], NumberFault] = {
    InvalidChecksum: NumberFault.CHECK_DIGITS,
    InvalidComponent: NumberFault.DATE,
    InvalidLength: NumberFault.LENGTH,
}


class NumberError(ValueError):
    """A text that is no national or bis number; ``reason`` says why, never which number."""

    def __init__(self, reason: NumberFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


def parse_number(text: str) -> str:
    """The eleven digits of a national or bis number, however it was written.

    Accepts dots, dashes and spaces (``93.05.18-223.61``) and people born in both centuries.
    Raises NumberError.
    """
    if not isinstance(text, str):
        raise NumberError(NumberFault.NOT_DIGITS)
    if not text.strip():
        raise NumberError(NumberFault.EMPTY)
    if len(text) > _LONGEST_TEXT:
        raise NumberError(NumberFault.LENGTH)
    digits = nn.compact(text)
    if not (digits.isascii() and digits.isdigit()):
        raise NumberError(NumberFault.NOT_DIGITS)
    if len(digits) != 11:
        raise NumberError(NumberFault.LENGTH)
    try:
        (bis if is_bis(digits) else nn).validate(digits)
    except ValidationError as error:
        raise NumberError(_FAULTS.get(type(error), NumberFault.NOT_DIGITS)) from None
    if digits[6:9] in _NOBODY:
        raise NumberError(NumberFault.SERIAL)
    return digits


def is_bis(number: str) -> bool:
    """Whether eleven digits are a bis number: the month is raised by 20 or by 40."""
    return int(number[2:4]) >= _BIS_MONTHS_FROM


def format_number(number: str) -> str:
    """Eleven digits as they stand on a card: ``93.05.18-223.61``."""
    return nn.format(_eleven(number))


def mask_number(number: str) -> str:
    """A number that its owner still recognises: ``93.05.18-•••.••``.

    For the owner's own pages. The date of birth stays readable, so it has no place in a log.
    """
    return f"{nn.format(_eleven(number))[:9]}•••.••"


def _eleven(number: str) -> str:
    if len(number) != 11 or not (number.isascii() and number.isdigit()):
        raise NumberError(NumberFault.LENGTH)
    return number
