"""Numbers that are right and wrong, compared with python-stdnum."""

from __future__ import annotations

import pytest
from stdnum.be import ogm_vcs

from app.backoffice.checks import CheckError, is_communication, mask_iban, missing_mentions
from app.backoffice.idset import IdSet
from tests.unit.backoffice.feeds import DECISION, without


@pytest.mark.parametrize(
    ("iban", "masked"),
    [
        ("BE68539007547034", "BE68 •••• •••• 7034"),
        ("be68 5390 0754 7034", "BE68 •••• •••• 7034"),
        ("NL91ABNA0417164300", "NL91 •••• •••• •••• 4300"),
        ("DE89370400440532013000", "DE89 •••• •••• •••• •••• 3000"),
    ],
)
def test_an_iban_is_masked(iban: str, masked: str) -> None:
    assert mask_iban(iban) == masked


@pytest.mark.parametrize("text", ["", "BE", "BE68 é", "1234567890123456", "BE68-0000-0000-0000-0"])
def test_what_is_no_iban_is_refused(text: str) -> None:
    with pytest.raises(CheckError, match="is no IBAN"):
        mask_iban(text)


def test_communications_are_checked_as_python_stdnum_does() -> None:
    for base in range(0, 10**10, 98_765_432):
        for check in (base % 97, base % 97 or 97, 13):
            digits = f"{base:010d}{check:02d}"
            text = f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"
            assert is_communication(text) == ogm_vcs.is_valid(text), text


def test_a_decision_with_every_mention_misses_nothing() -> None:
    assert missing_mentions(DECISION) == []
    assert [field for field, _ in missing_mentions(without(DECISION, "file_manager"))] == [
        "/file_manager"
    ]


def test_a_set_of_ids_gives_each_once_in_order() -> None:
    ids = IdSet()
    assert [ids.add(number) for number in (9, 2_000_000, 9, 1)] == [True, True, False, True]
    assert [number for part in ids.slices() for number in part] == [1, 9, 2_000_000]
