"""Which addresses can be written to, and how often a stranger may be asked to prove one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.mail.addresses import deliverable, masked, may_verify_from

NOW = datetime(2026, 11, 23, 19, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "carried"),
    [
        ("sofie@voorbeeld.example", "sofie@voorbeeld.example"),
        ("sofie+post@Voorbeeld.example", "sofie+post@voorbeeld.example"),
        ("sofie@bücher.example", "sofie@xn--bcher-kva.example"),
        ("josé@voorbeeld.example", None),
        ("a@b.example\r\nBcc: c@d.example", None),
        ("a@b.example> SIZE=1", None),
        ("niets", None),
        ("", None),
    ],
)
def test_an_address_is_carried_by_smtp_or_not_at_all(address: str, carried: str | None) -> None:
    assert deliverable(address) == carried


def test_a_masked_address_is_known_to_its_owner_only() -> None:
    assert masked("sofie@voorbeeld.example") == "s•••@voorbeeld.example"
    assert masked("niets") == masked("@b.example") == "•••"


def minutes(*ago: int) -> list[datetime]:
    return [NOW - timedelta(minutes=one) for one in ago]


def test_the_first_verification_goes_at_once_and_the_next_waits_two_minutes() -> None:
    assert may_verify_from([], NOW) == NOW
    assert may_verify_from(minutes(1), NOW) == NOW + timedelta(minutes=1)
    assert may_verify_from(minutes(3), NOW) == NOW


def test_five_verifications_are_enough_for_a_day() -> None:
    sent = minutes(30, 60, 10, 120, 1430)
    assert may_verify_from(sent, NOW) == NOW + timedelta(minutes=10)
    assert may_verify_from(minutes(30, 60, 10, 120, 1441), NOW) == NOW
