"""National register numbers and bis numbers."""

from __future__ import annotations

from datetime import date

import pytest

from app.demo.people import CAST, national_number
from app.dossiers.numbers import (
    NumberError,
    NumberFault,
    format_number,
    is_bis,
    mask_number,
    parse_number,
)


@pytest.mark.parametrize(
    "text",
    ["93.05.18-223.61", "93051822361", " 93 05 18 223 61 ", "93.05.18-22361", "93.05.18–223.61"],
)
def test_a_number_is_read_however_it_is_written(text: str) -> None:
    assert parse_number(text) == "93051822361"


def test_the_whole_cast_has_good_numbers() -> None:
    for person in CAST:
        assert parse_number(person.number) == person.number
        assert is_bis(person.number) == (person.key == "amina")


@pytest.mark.parametrize("bis", [False, True])
@pytest.mark.parametrize("birth", [date(1926, 1, 2), date(1999, 12, 31), date(2000, 2, 29)])
def test_both_centuries_are_known(birth: date, bis: bool) -> None:
    number = national_number(birth, 41, bis=bis)
    assert parse_number(number) == number
    assert is_bis(number) is bis


@pytest.mark.parametrize("base", ["930500123", "930000123", "932518123", "934500123", "932000123"])
def test_month_or_day_may_be_unknown_and_a_bis_month_raised_by_20_or_40(base: str) -> None:
    number = f"{base}{97 - int(base) % 97:02d}"
    assert parse_number(number) == number


def _checked(base: str) -> str:
    return f"{base}{97 - int(base) % 97:02d}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", NumberFault.EMPTY),
        (" \n", NumberFault.EMPTY),
        ("9305182236", NumberFault.LENGTH),
        ("930518223610", NumberFault.LENGTH),
        ("9" * 5_000, NumberFault.LENGTH),
        ("93.05.18-223.6l", NumberFault.NOT_DIGITS),
        ("-93051822361x", NumberFault.NOT_DIGITS),
        ("00000000000", NumberFault.NOT_DIGITS),
        ("93051822362", NumberFault.CHECK_DIGITS),
        ("93051822316", NumberFault.CHECK_DIGITS),
        (_checked("931318223"), NumberFault.DATE),
        (_checked("933518223"), NumberFault.DATE),
        (_checked("936518223"), NumberFault.DATE),
        (_checked("930518000"), NumberFault.SERIAL),
        (_checked("930518999"), NumberFault.SERIAL),
    ],
)
def test_a_bad_number_is_refused_with_its_reason(text: str, reason: NumberFault) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert caught.value.reason is reason
    assert str(caught.value) == reason.value  # never the number itself


@pytest.mark.parametrize("value", [None, 93051822361, True, ["93051822361"], b"93051822361"])
def test_only_a_text_is_a_number(value: object) -> None:
    with pytest.raises(NumberError):
        parse_number(value)  # type: ignore[arg-type]


def test_a_number_is_shown_as_on_the_card_or_masked() -> None:
    assert format_number("93051822361") == "93.05.18-223.61"
    assert mask_number("93051822361") == "93.05.18-•••.••"
    with pytest.raises(NumberError):
        format_number("9305")
