"""The eID cards: PIN, tries, blocking."""

from __future__ import annotations

import pytest

from app.demo.people import AMINA, CAST, KARIM, SOFIE
from app.demo.provider.cards import CardBlockedError, Cards, UnreadablePinError, WrongPinError


@pytest.fixture
def cards() -> Cards:
    return Cards(CAST)


def test_the_right_pin_gives_the_holder(cards: Cards) -> None:
    assert cards.enter("sofie", "1234") is SOFIE


def test_spaces_in_a_pin_do_not_matter(cards: Cards) -> None:
    assert cards.enter("sofie", " 12 34 ") is SOFIE


def test_only_people_with_a_pin_have_a_card(cards: Cards) -> None:
    assert KARIM in cards.holders
    assert AMINA not in cards.holders
    with pytest.raises(KeyError):
        cards.enter("amina", "1234")


def test_each_wrong_pin_costs_a_try_and_the_third_blocks(cards: Cards) -> None:
    for left in (2, 1):
        with pytest.raises(WrongPinError) as caught:
            cards.enter("sofie", "0000")
        assert caught.value.left == left
    with pytest.raises(CardBlockedError):
        cards.enter("sofie", "0000")
    assert cards.blocked("sofie")


def test_a_blocked_card_refuses_the_right_pin_too(cards: Cards) -> None:
    for _ in range(3):
        with pytest.raises((WrongPinError, CardBlockedError)):
            cards.enter("sofie", "9999")
    with pytest.raises(CardBlockedError):
        cards.enter("sofie", "1234")


def test_one_card_does_not_block_another(cards: Cards) -> None:
    for _ in range(3):
        with pytest.raises((WrongPinError, CardBlockedError)):
            cards.enter("sofie", "9999")
    assert cards.enter("karim", "2345") is KARIM


@pytest.mark.parametrize("typed", ["", "123", "12a4", "1234567890123", "١٢٣٤"])
def test_what_cannot_be_a_pin_costs_no_try(cards: Cards, typed: str) -> None:
    with pytest.raises(UnreadablePinError):
        cards.enter("sofie", typed)
    assert cards.tries_left("sofie") == 3


def test_a_right_pin_gives_the_tries_back(cards: Cards) -> None:
    with pytest.raises(WrongPinError):
        cards.enter("sofie", "0000")
    cards.enter("sofie", "1234")
    assert cards.tries_left("sofie") == 3


def test_a_new_pin_unblocks(cards: Cards) -> None:
    for _ in range(3):
        with pytest.raises((WrongPinError, CardBlockedError)):
            cards.enter("sofie", "0000")
    cards.renew("sofie")
    assert cards.enter("sofie", "1234") is SOFIE
