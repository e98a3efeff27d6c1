"""The token: user name, password, one code of 24, and waiting after mistakes."""

from __future__ import annotations

import pytest

from app.demo.people import AMINA, CAST, LUKASZ
from app.demo.provider.codecards import (
    BLOCKED_FOR,
    CodeCards,
    NothingTypedError,
    TokenBlockedError,
    WrongEntryError,
)
from tests.unit.demo.provider.scene import Clock

NAME, PASSWORD = "amina.diallo", "herfst-in-aalst"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> CodeCards:
    return CodeCards(CAST, clock)


def the_code(tokens: CodeCards) -> str:
    assert AMINA.token
    return AMINA.token.codes[tokens.number(NAME) - 1]


def fail(tokens: CodeCards, name: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises((WrongEntryError, TokenBlockedError)):
            tokens.password(name, "wrong")


def test_both_steps_give_the_person(tokens: CodeCards) -> None:
    name = tokens.password("  Amina.Diallo ", PASSWORD)
    assert tokens.code(name, the_code(tokens)) is AMINA


def test_case_spaces_and_hyphens_in_a_code_do_not_matter(tokens: CodeCards) -> None:
    code = the_code(tokens).lower()
    assert tokens.code(NAME, f" {code[:3]}-{code[3:]} ") is AMINA


def test_the_number_is_one_of_24_and_stays_until_it_is_answered(tokens: CodeCards) -> None:
    number = tokens.number(NAME)
    assert 1 <= number <= 24
    with pytest.raises(WrongEntryError):
        tokens.code(NAME, "XXXXXX")
    assert tokens.number(NAME) == number


def test_another_number_is_drawn_after_a_good_answer(tokens: CodeCards) -> None:
    seen = set()
    for _ in range(40):
        seen.add(tokens.number(NAME))
        tokens.code(NAME, the_code(tokens))
    assert len(seen) > 5


def test_another_code_of_the_same_card_is_wrong(tokens: CodeCards) -> None:
    assert AMINA.token
    other = AMINA.token.codes[tokens.number(NAME) % 24]
    with pytest.raises(WrongEntryError):
        tokens.code(NAME, other)


@pytest.mark.parametrize("name", [NAME, "nobody.at.all"])
def test_known_and_unknown_names_are_refused_alike(tokens: CodeCards, name: str) -> None:
    for left in (2, 1):
        with pytest.raises(WrongEntryError) as caught:
            tokens.password(name, "wrong")
        assert caught.value.left == left
    with pytest.raises(TokenBlockedError):
        tokens.password(name, "wrong")


def test_somebody_without_a_token_is_an_unknown_name(tokens: CodeCards) -> None:
    assert LUKASZ.token is None
    with pytest.raises(WrongEntryError):
        tokens.password("łukasz.wójcik", "1234")


def test_a_blocked_token_refuses_the_right_password(tokens: CodeCards) -> None:
    fail(tokens, NAME, 3)
    with pytest.raises(TokenBlockedError):
        tokens.password(NAME, PASSWORD)


def test_a_blocked_token_works_again_after_a_while(tokens: CodeCards, clock: Clock) -> None:
    fail(tokens, NAME, 3)
    clock.turn(BLOCKED_FOR.total_seconds())
    assert tokens.password(NAME, PASSWORD) == NAME


def test_mistakes_in_both_steps_count_together(tokens: CodeCards) -> None:
    fail(tokens, NAME, 2)
    tokens.password(NAME, PASSWORD)
    with pytest.raises(TokenBlockedError):
        tokens.code(NAME, "XXXXXX")


def test_a_password_alone_does_not_wipe_out_mistakes(tokens: CodeCards) -> None:
    fail(tokens, NAME, 2)
    tokens.password(NAME, PASSWORD)
    with pytest.raises(TokenBlockedError):
        tokens.password(NAME, "wrong")


def test_signing_in_wipes_out_mistakes(tokens: CodeCards) -> None:
    fail(tokens, NAME, 2)
    tokens.code(NAME, the_code(tokens))
    fail(tokens, NAME, 2)
    assert tokens.password(NAME, PASSWORD) == NAME


def test_empty_fields_cost_no_try(tokens: CodeCards) -> None:
    for name, password in (("", PASSWORD), (NAME, ""), ("  ", " ")):
        with pytest.raises(NothingTypedError):
            tokens.password(name, password)
    with pytest.raises(NothingTypedError):
        tokens.code(NAME, " - ")
    fail(tokens, NAME, 2)
    assert tokens.password(NAME, PASSWORD) == NAME


def test_the_demo_can_forget_all_mistakes(tokens: CodeCards) -> None:
    fail(tokens, NAME, 3)
    tokens.renew()
    assert tokens.password(NAME, PASSWORD) == NAME
