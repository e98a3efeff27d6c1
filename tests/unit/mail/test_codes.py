"""The code of an e-mail finds it again, and cannot be made up."""

from __future__ import annotations

import pytest

from app.mail.codes import mail_code, read_code

KEYS = ("nieuw" * 8, "oud" * 12)


@pytest.mark.parametrize("number", [0, 1, 31, 32, 1234, 10**9, 2**63 - 1])
def test_a_code_gives_its_number_back(number: int) -> None:
    assert read_code(mail_code(number, KEYS), KEYS) == number
    assert read_code(mail_code(number, KEYS[1:]), KEYS) == number


def test_a_code_is_understood_as_people_type_it() -> None:
    code = mail_code(32 * 32, KEYS)  # starts with 100
    assert code.startswith("100-")
    for typed in (code.lower(), f"  {code} ", code.replace("-", " "), f"IoO{code[3:]}"):
        assert read_code(typed, KEYS) == 1024


@pytest.mark.parametrize("typed", ["", "-", "16J", "ABCDE", "16J-UUUUU", "é-ABCDE", "Z" * 40])
def test_what_is_no_code_finds_nothing(typed: str) -> None:
    assert read_code(typed, KEYS) is None


def test_a_code_for_another_number_or_of_another_fund_finds_nothing() -> None:
    code = mail_code(1234, KEYS)
    assert read_code(code.replace("16J", "16K"), KEYS) is None
    assert read_code(code, ("ander" * 8,)) is None
    with pytest.raises(ValueError, match="negative"):
        mail_code(-1, KEYS)
