"""Signed links: only ours count, only for what they were made, and only as long as they should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import URLSafeSerializer

from app.mail.links import (
    ExpiredLink,
    ForgedLink,
    Unsubscription,
    proves,
    read_unsubscribe,
    read_verification,
    unsubscribe_token,
    verification_token,
)

NOW = datetime(2026, 11, 23, 19, 15, tzinfo=UTC)
KEYS = ("nieuw" * 8, "oud" * 12)
ADDRESS = "sofie@voorbeeld.example"


def token(keys: tuple[str, ...] = KEYS, account: int = 7, version: int = 3) -> str:
    return verification_token(keys, account, ADDRESS, version, NOW)


def test_a_verification_link_proves_its_address_for_its_account() -> None:
    link = read_verification(KEYS, token(), NOW + timedelta(hours=23, minutes=59))
    assert proves(KEYS, link, 7, ADDRESS, 3)
    assert proves(KEYS, link, 7, ADDRESS.upper(), 3)


@pytest.mark.parametrize(
    ("account", "address", "version"),
    [(8, ADDRESS, 3), (7, "an@voorbeeld.example", 3), (7, ADDRESS, 4), (7, ADDRESS, 2)],
)
def test_it_proves_nothing_for_another_account_address_or_version(
    account: int, address: str, version: int
) -> None:
    assert not proves(KEYS, read_verification(KEYS, token(), NOW), account, address, version)


def test_it_expires_after_a_day() -> None:
    with pytest.raises(ExpiredLink):
        read_verification(KEYS, token(), NOW + timedelta(hours=24))


def test_it_does_not_tell_the_address() -> None:
    made = token()
    for key in KEYS:
        assert "sofie" not in str(URLSafeSerializer(key).loads_unsafe(made))


def test_keys_rotate_and_a_dropped_key_voids_its_links() -> None:
    made = token(("oud" * 12,))
    assert proves(KEYS, read_verification(KEYS, made, NOW), 7, ADDRESS, 3)
    with pytest.raises(ForgedLink):
        read_verification(("nieuw" * 8,), made, NOW)
    with pytest.raises(ForgedLink):
        read_verification(("oud" * 12,), token(), NOW)


def test_every_changed_sign_is_noticed() -> None:
    made = token()
    for place in range(len(made)):
        other = "A" if made[place] != "A" else "B"
        changed = made[:place] + other + made[place + 1 :]
        try:
            link = read_verification(KEYS, changed, NOW)
        except ForgedLink:
            continue
        # The last sign of base64 has bits that mean nothing: the same token in another spelling.
        assert place == len(made) - 1
        assert proves(KEYS, link, 7, ADDRESS, 3)


@pytest.mark.parametrize("junk", ["", ".", "a.b", "é", "x" * 600, ".eJw.x", "W10.abc", "\x00"])
def test_junk_is_forged(junk: str) -> None:
    with pytest.raises(ForgedLink):
        read_verification(KEYS, junk, NOW)
    with pytest.raises(ForgedLink):
        read_unsubscribe(KEYS, junk)


def test_a_token_for_one_purpose_is_worth_nothing_for_another() -> None:
    with pytest.raises(ForgedLink):
        read_unsubscribe(KEYS, token())
    with pytest.raises(ForgedLink):
        read_verification(KEYS, unsubscribe_token(KEYS, 7, "letter"), NOW)


def test_unsubscribing_is_for_one_account_and_kind_and_never_too_late() -> None:
    made = unsubscribe_token(KEYS, 7, "letter")
    assert read_unsubscribe(KEYS, made) == Unsubscription(7, "letter")
    assert made == unsubscribe_token(KEYS, 7, "letter")
    assert made != unsubscribe_token(KEYS, 8, "letter")
    with pytest.raises(ForgedLink):
        read_unsubscribe(("ander" * 8,), made)


def test_tokens_fit_in_an_address() -> None:
    for made in (token(), unsubscribe_token(KEYS, 7, "letter")):
        assert len(made) < 160
        assert all(sign.isalnum() or sign in "-_." for sign in made)
