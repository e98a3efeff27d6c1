"""Finding a payment by what a parent knows of it."""

from __future__ import annotations

from datetime import date

import pytest

from app.payments.models import PaymentKind, PaymentState
from app.payments.queries import PaymentRow, SearchRow
from app.payments.search import LONGEST, find, terms_of

TODAY = date(2026, 11, 23)
OCTOBER = SearchRow(
    PaymentRow(
        1,
        PaymentKind.MONTHLY,
        date(2026, 10, 1),
        date(2026, 11, 5),
        PaymentState.PAID,
        121449,
    ),
    "DV-100001/2026-10",
    "+++123/1234/12328+++",
    ["Zoë", "Łucja"],
)
RETURNED = SearchRow(
    PaymentRow(
        2,
        PaymentKind.CHILDCARE,
        date(2025, 8, 1),
        date(2025, 9, 19),
        PaymentState.RETURNED,
        21450,
    ),
    "DV-100001/2025-08-K",
    "+++999/0000/11122+++",
    ["Noor"],
)
OVERDUE = SearchRow(
    PaymentRow(
        3,
        PaymentKind.SCHOOL_BONUS,
        date(2026, 8, 1),
        date(2026, 9, 7),
        PaymentState.ANNOUNCED,
        -500,
    ),
    "DV-100001/2026-08-S",
    "",
    [],
)
ALL = [OCTOBER, RETURNED, OVERDUE]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1.214,49", [1]),
        ("€ 1.214,49", [1]),
        ("1214,49", [1]),
        ("1214.49", [1]),
        ("1 214,49", [1]),
        ("1214,4", [1]),
        ("1214", [1]),
        ("214,50", [2]),
        ("-5,00", [3]),
        ("5,00", [3]),
        ("oktober", [1]),
        ("OKTOBER 2026", [1]),
        ("oktober 2025", []),
        ("november", [1]),  # paid in November
        ("5 november", [1]),
        ("sept", [2, 3]),
        ("2025", [2]),
        ("betaald", [1]),
        ("teruggekeerd", [2]),
        ("te laat", [3]),
        ("aangekondigd", []),
        ("schoolbonus", [3]),
        ("kinderopvang", [2]),
        ("zoe", [1]),
        ("Zoë", [1]),
        ("lucja", [1]),
        ("noor", [2]),
        ("12312341", [1]),
        ("+++123/1234/12328+++", [1]),
        ("1234/123", [1]),
        ("99900", [2]),
        ("DV-100001", []),  # letters and digits of a reference are no word on the page
        ("oktober noor", []),
        ("", []),
        ("€", []),
        ("   ", []),
    ],
)
def test_what_is_typed_finds(typed: str, found: list[int]) -> None:
    assert [one.row.id for one in find(ALL, typed, TODAY, "nl")] == found


def test_only_so_much_of_a_long_text_is_read() -> None:
    assert terms_of("a" * 5_000) == ["a" * LONGEST]


@pytest.mark.parametrize("typed", ["%", "_", "'", "\\", "(((", "\N{BELL}", "🙂", "[a-", "0" * 80])
def test_odd_signs_find_nothing_and_break_nothing(typed: str) -> None:
    assert find(ALL, typed, TODAY, "nl") == []
