from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.web import formats

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (121_449, "€ 1.214,49"),
        (0, "€ 0,00"),
        (5, "€ 0,05"),
        (18_747, "€ 187,47"),
        (-320, "€ -3,20"),
        (123_456_789_012, "€ 1.234.567.890,12"),
    ],
)
def test_cents_are_written_as_euro_on_one_line(cents: int, text: str) -> None:
    assert formats.money(cents) == text.replace(" ", SPACE)


@pytest.mark.parametrize("cents", [1, 29, 57, 115, 99_999, 1_000_000_01, 2_147_483_647])
def test_no_cent_is_lost(cents: int) -> None:
    digits = "".join(sign for sign in formats.money(cents) if sign.isdigit())
    assert int(digits) == cents


@pytest.mark.parametrize(
    ("cents", "text"), [(320, "+ € 3,20"), (-320, f"{MINUS} € 3,20"), (0, "+ € 0,00")]
)
def test_a_difference_has_a_sign(cents: int, text: str) -> None:
    assert formats.signed_money(cents) == text.replace(" ", SPACE)


def test_dates_are_dutch() -> None:
    day = date(2026, 11, 6)
    assert formats.long_date(day) == "6 november 2026"
    assert formats.weekday_date(day) == "vrijdag 6 november 2026"
    assert formats.short_date(day) == "6 nov 2026"
    assert formats.month(day) == "november 2026"
    assert formats.month_name(day) == "november"
    assert formats.month_letters(day) == "nov"


def test_a_moment_is_told_in_brussels() -> None:
    winter = datetime(2026, 11, 23, 19, 15, tzinfo=UTC)
    summer = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert formats.moment(winter) == "23 november 2026, 20:15"
    assert formats.moment(summer) == "2 juli 2026, 00:30"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "1 kB"),
        (999, "1 kB"),
        (84_000, "84 kB"),
        (999_499, "999 kB"),
        (999_500, "1,0 MB"),
        (1_200_000, "1,2 MB"),
    ],
)
def test_sizes_are_rounded(size: int, text: str) -> None:
    assert formats.file_size(size) == text.replace(" ", SPACE)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2019, 5, 2), date(2026, 5, 1), 6),
        (date(2019, 5, 2), date(2026, 5, 2), 7),
        (date(2020, 2, 29), date(2026, 2, 28), 5),
        (date(2020, 2, 29), date(2026, 3, 1), 6),
    ],
)
def test_age_is_counted_in_full_years(birth: date, day: date, age: int) -> None:
    assert formats.age_on(birth, day) == age


@pytest.mark.parametrize("language", list(formats.LOCALES))
def test_every_language_can_write_every_format(language: str) -> None:
    for name, write in formats.FILTERS.items():
        value: object = date(2026, 11, 6)
        if "money" in name:
            value = 100
        elif name == "moment":
            value = datetime(2026, 11, 6, tzinfo=UTC)
        assert write(value, language)
