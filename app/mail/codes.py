"""The short code at the foot of an e-mail, by which the fund can tell whether it wrote it.

A code is the number of the outbox row and five signs that only our keys can make, in Crockford's
base 32 (no I, L, O or U, so that it survives being read aloud): ``4F7-K2M9P``. It opens nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_SIGNS = 5  # 25 bits: a guess is right once in 33 million
LONGEST = 13 + CHECK_SIGNS  # a number of 64 bits
HEARD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def mail_code(number: int, keys: Sequence[str]) -> str:
    """The code of the e-mail with this outbox number, made with the first key.

    Raises ValueError for a negative number.
    """
    return f"{_base32(number)}-{_check(number, keys[0])}"


def read_code(text: str, keys: Sequence[str]) -> int | None:
    """The outbox number in a code as somebody typed it, or None when we never made it.

    Lower case, spaces, and O for 0 or I and L for 1 are understood.
    """
    signs = text.strip().upper().translate(HEARD)
    if not CHECK_SIGNS < len(signs) <= LONGEST or set(signs) - set(ALPHABET):
        return None
    number = 0
    for sign in signs[:-CHECK_SIGNS]:
        number = number * 32 + ALPHABET.index(sign)
    given = signs[-CHECK_SIGNS:]
    ours = [hmac.compare_digest(_check(number, key), given) for key in keys]
    return number if any(ours) else None


def _base32(number: int) -> str:
    if number < 0:
        raise ValueError("an outbox number is never negative")
    signs = ""
    while number or not signs:
        number, rest = divmod(number, 32)
        signs = ALPHABET[rest] + signs
    return signs


def _check(number: int, key: str) -> str:
    digest = hmac.digest(key.encode(), b"mail-code:%d" % number, sha256)
    bits = int.from_bytes(digest[:8], "big")
    return "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in range(CHECK_SIGNS))


__all__ = ["mail_code", "read_code"]
