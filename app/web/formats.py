"""Amounts, dates and sizes as people read them, with Babel behind a cache.

Babel's formatters are slow (tens of microseconds) and a page asks for the same few values again
and again, so each stands behind an lru_cache.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import format_currency

from app.clock import BRUSSELS

LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "de": "de_BE", "en": "en_BE"}


@lru_cache(maxsize=16_384)
def money(cents: int, language: str = "nl") -> str:
    """Integer cents as euro: ``€ 1.214,49``; a non-breaking space keeps it on one line."""
    text = format_currency(cents / 100, "EUR", locale=LOCALES[language])
    return text.replace(" ", "\N{NO-BREAK SPACE}")


@lru_cache(maxsize=4_096)
def signed_money(cents: int, language: str = "nl") -> str:
    """A difference with its sign: ``+ € 3,20`` or ``− € 3,20``."""
    sign = "\N{MINUS SIGN}" if cents < 0 else "+"
    return f"{sign}\N{NO-BREAK SPACE}{money(abs(cents), language)}"


@lru_cache(maxsize=4_096)
def long_date(day: date, language: str = "nl") -> str:
    """``8 november 2026``."""
    return babel_date(day, "d MMMM y", locale=LOCALES[language])


@lru_cache(maxsize=4_096)
def weekday_date(day: date, language: str = "nl") -> str:
    """``vrijdag 6 november 2026``."""
    return babel_date(day, "EEEE d MMMM y", locale=LOCALES[language])


@lru_cache(maxsize=4_096)
def short_date(day: date, language: str = "nl") -> str:
    """``8 nov. 2026``, for lists."""
    return babel_date(day, "d MMM y", locale=LOCALES[language])


@lru_cache(maxsize=1_024)
def month(day: date, language: str = "nl") -> str:
    """``oktober 2026``."""
    return babel_date(day, "MMMM y", locale=LOCALES[language])


@lru_cache(maxsize=1_024)
def month_name(day: date, language: str = "nl") -> str:
    """``oktober``."""
    return babel_date(day, "MMMM", locale=LOCALES[language])


@lru_cache(maxsize=1_024)
def month_letters(day: date, language: str = "nl") -> str:
    """``okt.``, under a bar of the chart."""
    return babel_date(day, "LLL", locale=LOCALES[language])


def moment(value: datetime, language: str = "nl") -> str:
    """A moment in Brussels: ``23 november 2026, 20:15``."""
    local = value.astimezone(BRUSSELS)
    return babel_datetime(local, "d MMMM y, HH:mm", tzinfo=BRUSSELS, locale=LOCALES[language])


def file_size(size: int) -> str:
    """Bytes as ``84 kB`` or ``1,2 MB``."""
    if size < 999_500:  # from there on it would be rounded to 1000 kB
        return f"{max(1, round(size / 1000))}\N{NO-BREAK SPACE}kB"
    return f"{size / 1_000_000:.1f}\N{NO-BREAK SPACE}MB".replace(".", ",")


def age_on(birth: date, day: date) -> int:
    """Full years of age on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


FILTERS: dict[str, Callable[[Any, str], str]] = {
    "money": money,
    "signed_money": signed_money,
    "long_date": long_date,
    "weekday_date": weekday_date,
    "short_date": short_date,
    "month": month,
    "month_name": month_name,
    "month_letters": month_letters,
    "moment": moment,
}
