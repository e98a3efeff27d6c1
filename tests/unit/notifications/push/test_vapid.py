"""Our keys, and tokens that are signed once and used until they near their end."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.notifications.push.vapid import LIFE, KeyPair, KeyUnusable, Vapid, make_key, read_key
from tests.push_service.receiver import verify

FCM, APPLE = "https://fcm.googleapis.com", "https://web.push.apple.com"
NOON = 1_795_000_000.0
HOUR = 3600.0


def new_key() -> KeyPair:
    return KeyPair.of(ec.generate_private_key(ec.SECP256R1()))


def test_a_token_holds_for_its_service_and_names_the_fund() -> None:
    key = new_key()
    vapid = Vapid([key], "mailto:push@devlier.example")
    token = verify(vapid.header(FCM, key.version, NOON), FCM, NOON)
    assert (token.subject, token.key) == ("mailto:push@devlier.example", key.public)


def test_a_token_is_used_again_until_shortly_before_its_end() -> None:
    key = new_key()
    vapid = Vapid([key], "mailto:push@devlier.example")
    first = vapid.header(APPLE, key.version, NOON)
    headers = {vapid.header(APPLE, key.version, NOON + hour * HOUR) for hour in range(12)}
    assert headers == {first}
    later = NOON + LIFE - 60
    second = vapid.header(APPLE, key.version, later)
    assert second != first
    assert verify(second, APPLE, later).expires == int(later) + LIFE


def test_a_clock_put_back_does_not_leave_a_token_that_lives_too_long() -> None:
    key = new_key()
    vapid = Vapid([key], "mailto:push@devlier.example")
    vapid.header(FCM, key.version, NOON)
    before = NOON - 20 * HOUR
    verify(vapid.header(FCM, key.version, before), FCM, before)


def test_each_service_and_each_key_has_its_own_token() -> None:
    new, old = new_key(), new_key()
    vapid = Vapid([new, old], "https://devlier.example")
    assert vapid.current is new
    assert verify(vapid.header(FCM, old.version, NOON), FCM, NOON).key == old.public
    assert verify(vapid.header(FCM, new.version, NOON), FCM, NOON).key == new.public
    verify(vapid.header(APPLE, new.version, NOON), APPLE, NOON)


def test_a_key_that_was_taken_away_signs_nothing() -> None:
    vapid = Vapid([new_key()], "https://devlier.example")
    assert not vapid.knows("gone")
    with pytest.raises(KeyError):
        vapid.header(FCM, "gone", NOON)


def test_made_up_hosts_do_not_fill_the_memory() -> None:
    key = new_key()
    vapid = Vapid([key], "https://devlier.example")
    for number in range(300):
        vapid.header(f"https://a{number}.notify.windows.com", key.version, NOON)
    assert len(vapid._tokens) == 256


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "push.pem"
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(make_key, [path] * 8))
    assert {key.version for key in keys} == {read_key(path).version}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert len(keys[0].public) == 87


def test_a_version_follows_from_the_key(tmp_path: Path) -> None:
    made = make_key(tmp_path / "push.pem")
    assert made.version == KeyPair.of(made.private).version
    assert made.version != new_key().version
    assert len(made.version) <= 32


def test_other_keys_are_refused_by_the_name_of_their_file(tmp_path: Path) -> None:
    other = tmp_path / "rsa.pem"
    other.write_bytes(
        rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("not a key", encoding="ascii")
    for path in (other, garbage, tmp_path / "missing.pem"):
        with pytest.raises(KeyUnusable, match=path.name):
            read_key(path)
