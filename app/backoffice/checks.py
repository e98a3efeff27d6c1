"""What numbers and documents must satisfy beyond their form. Plain functions, no database."""

from __future__ import annotations

import base64
import binascii
import os
import stat
from pathlib import Path, PurePosixPath
from typing import Any

from stdnum import iban
from stdnum.be import iban as belgian_iban
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from app.dossiers.numbers import NumberError, NumberFault, parse_number

LARGEST_PDF = 10_000_000  # bytes
_BELGIAN_LENGTH = 16

_NUMBER_FAULTS = {
    NumberFault.EMPTY: "is empty",
    NumberFault.NOT_DIGITS: "holds something else than digits",
    NumberFault.LENGTH: "must have 11 digits",
    NumberFault.CHECK_DIGITS: "is no national or bis number: its check digits are wrong",
    NumberFault.DATE: "is no national or bis number: its first six digits are no date of birth",
    NumberFault.SERIAL: "is no national or bis number: its serial number must be 001 to 998",
}


class CheckError(ValueError):
    """A value that fails a check; the text says which, never the value."""


def person_number(text: str) -> str:
    """The eleven digits of a national or bis number. Raises CheckError."""
    try:
        return parse_number(text)
    except NumberError as error:
        raise CheckError(_NUMBER_FAULTS.get(error.reason, "is no national or bis number")) from None


def mask_iban(text: str) -> str:
    """An IBAN that its owner recognises and nobody can use: ``BE68 •••• •••• 7034``.

    Raises CheckError naming the check that failed: the length, ISO 13616 (modulo 97 over the
    whole), or the Belgian one (the last two digits over the ten before them).
    """
    number = iban.compact(text)
    if not (number.isascii() and number.isalnum() and number[:2].isalpha()):
        raise CheckError("is no IBAN: it must be two letters, then letters and digits")
    belgian = number.startswith("BE")
    if belgian and len(number) != _BELGIAN_LENGTH:
        raise CheckError(f"is no IBAN: a Belgian one has 16 characters, this has {len(number)}")
    try:
        iban.validate(number, check_country=False)
    except InvalidChecksum:
        raise CheckError("is no IBAN: the ISO 13616 check digits are wrong") from None
    except InvalidComponent:
        raise CheckError("is no IBAN: no such country, or not its structure") from None
    except ValidationError:
        raise CheckError("is no IBAN: its length or form is not that of its country") from None
    if belgian:
        _check_nationally(number)
    groups = -(-(len(number) - 8) // 4)
    return f"{number[:4]}{' ••••' * groups} {number[-4:]}"


def _check_nationally(number: str) -> None:
    try:
        belgian_iban.validate(number)
    except InvalidChecksum:
        raise CheckError(
            "is no Belgian IBAN: the national check digits (last two) are wrong"
        ) from None
    except InvalidComponent:
        return  # a bank that python-stdnum's list does not have (yet): the number itself is sound


def is_communication(text: str) -> bool:
    """Whether the check digits of ``+++123/1234/12328+++`` are right: modulo 97, 0 written as 97.

    The same as python-stdnum's ``be.ogm_vcs`` (a test compares them), ten times as quick: it is
    done for every payment.
    """
    return (int(text[3:6] + text[7:11] + text[12:15]) % 97 or 97) == int(text[15:17])


def missing_mentions(letter: dict[str, Any]) -> list[tuple[str, str]]:
    """What a decision must mention and this one does not, as (field, reason).

    Without them the term for appeal starts only four months after the notification
    (Groeipakket decree, article 89).
    """
    appeal = letter.get("appeal", {})
    mentions = (
        ("/appeal/term_days", appeal.get("term_days"), "the term for appeal"),
        ("/appeal/body", appeal.get("body"), "who hears an appeal"),
        ("/file_manager", letter.get("file_manager"), "who handles the file"),
        ("/references", letter.get("references"), "the references"),
    )
    return [
        (field, f"a decision must mention {what} (Groeipakket decree, article 89)")
        for field, value, what in mentions
        if not value
    ]


def load_pdf(pdf: dict[str, str], folder: Path | None) -> bytes:
    """The PDF of a letter: inline, or a file below ``folder`` (None: only inline ones).

    Raises CheckError.
    """
    if "base64" in pdf:
        try:
            content = base64.b64decode(pdf["base64"], validate=True)
        except binascii.Error:
            raise CheckError("is not base64") from None
    elif folder is None:
        raise CheckError("a path is not possible here: send the PDF inline, as base64")
    else:
        content = _read_beside(pdf["path"], folder)
    if len(content) > LARGEST_PDF:
        raise CheckError("is larger than 10 MB")
    if not content.startswith(b"%PDF-"):
        raise CheckError("is not a PDF")
    return content


def _read_beside(name: str, folder: Path) -> bytes:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise CheckError("must be a path below the folder of the feed")
    try:
        real = (folder / path).resolve(strict=True)
        if not real.is_relative_to(folder.resolve()):
            raise CheckError("leaves the folder of the feed")
        # Not blocking: a named pipe would be waited for without end.
        with os.fdopen(os.open(real, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise CheckError("is not a file")
            return file.read(LARGEST_PDF + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, CheckError):
            raise
        raise CheckError("there is no such file, or it cannot be read") from None
