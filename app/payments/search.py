"""Finding a payment by what a parent knows of it: an amount, a month, a child, a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.payments.queries import SearchRow
from app.payments.words import payment_title, tag_of
from app.web.folding import fold
from app.web.formats import month_name

LONGEST = 80  # characters
_AMOUNT = re.compile(r"^-?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}$|^-?\d+\.\d{1,2}$")
_DIGITS_AT_LEAST = 3  # fewer would find nearly every reference


@dataclass(frozen=True, slots=True)
class _Known:
    """All that a payment can be found by."""

    words: frozenset[str]
    amount: str  # 214,49
    euros: str  # 214
    numbers: tuple[str, ...]


def find(payments: Iterable[SearchRow], typed: str, today: date, language: str) -> list[SearchRow]:
    """The payments that every word of what was typed fits, in the order given."""
    terms = terms_of(typed)
    if not terms:
        return []
    found = []
    for payment in payments:
        known = _known(payment, today, language)
        if all(_fits(term, known) for term in terms):
            found.append(payment)
    return found


def terms_of(typed: str) -> list[str]:
    """What was typed as separate folded words, without euro signs and empty ones."""
    text = fold(typed[:LONGEST]).replace("€", " ").replace("\N{MINUS SIGN}", "-")
    text = re.sub(r"(?<=\d) (?=\d{3}\b)", "", text)  # 1 214,49
    return [term for word in text.split() if (term := word.strip("+:;!?()\"'"))]


def _known(payment: SearchRow, today: date, language: str) -> _Known:
    row = payment.row
    text = " ".join(
        (
            payment_title(row.kind, row.period, language),
            tag_of(row, today, language)[0],
            month_name(row.period, language),
            month_name(row.pay_date, language),
            str(row.period.year),
            str(row.pay_date.year),
            str(row.pay_date.day),
            *payment.children,
        )
    )
    euros, cents = divmod(abs(row.total_cents), 100)
    numbers = (_digits(payment.communication), _digits(payment.reference))
    return _Known(frozenset(fold(text).split()), f"{euros},{cents:02d}", str(euros), numbers)


def _fits(term: str, known: _Known) -> bool:
    if _AMOUNT.match(term):
        return known.amount.startswith(_plain_amount(term))
    digits = _digits(term)
    if digits and not re.search(r"[a-z]", term):
        return (
            digits in known.words
            or digits == known.euros
            or (
                len(digits) >= _DIGITS_AT_LEAST
                and any(digits in number for number in known.numbers)
            )
        )
    return any(word.startswith(term) for word in known.words)


def _plain_amount(term: str) -> str:
    """``1.214,49`` and ``1214.49`` as ``1214,49``."""
    term = term.lstrip("-")
    return term.replace(".", "") if "," in term else term.replace(".", ",")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
