"""Numbers of the made-up fund pass an independent check."""

from __future__ import annotations

from stdnum.be import bis, nn, ogm_vcs
from stdnum.be import iban as belgian

from app.demo.fund.numbers import BANKS, communication, iban, masked, parent_number
from app.demo.people import CAST


def test_accounts_pass_both_checks_and_belong_to_their_bank() -> None:
    for code, bank in BANKS:
        for serial in range(0, 10_000_000, 99_991):
            assert belgian.is_valid(iban(code, serial))
        told = belgian.info(iban(code, 1))["bank"].lower()
        assert any(word in told for word in bank.lower().split())


def test_a_known_account_comes_out() -> None:
    assert iban("539", 75_470) == "BE68539007547034"
    assert masked("BE68539007547034") == "BE68 •••• •••• 7034"


def test_communications_pass_their_check() -> None:
    assert communication(1_231_234_123) == "+++123/1234/12328+++"
    assert all(ogm_vcs.is_valid(communication(serial * 97_003)) for serial in range(2_000))


def test_numbers_of_parents_are_valid_and_never_shared() -> None:
    numbers = {parent_number(index, sex)[1] for index in range(20_000) for sex in "fm"}

    assert len(numbers) == 40_000
    assert not numbers & {person.number for person in CAST}
    assert all(nn.is_valid(number) for number in sorted(numbers)[:500])
    assert bis.is_valid(parent_number(7, "f", bis=True)[1])


def test_serials_are_odd_for_men_and_even_for_women() -> None:
    assert int(parent_number(3, "m")[1][6:9]) % 2 == 1
    assert int(parent_number(3, "f")[1][6:9]) % 2 == 0
