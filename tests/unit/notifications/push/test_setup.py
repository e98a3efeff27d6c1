"""The operator's settings become keys, a subject and a list of services."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.notifications.push.setup import services_of, vapid_of
from app.notifications.push.vapid import make_key
from app.settings import Settings, SettingsError, load_settings
from tests.push_service.receiver import verify

BASE = {
    "KINDERBIJSLAG_SECRET_KEY": "s" * 40,
    "KINDERBIJSLAG_OIDC_ISSUER": "https://issuer.example",
    "KINDERBIJSLAG_OIDC_CLIENT_ID": "portaal",
    "KINDERBIJSLAG_OIDC_CLIENT_AUTH": "client_secret_basic",
    "KINDERBIJSLAG_OIDC_CLIENT_SECRET": "geheim",
}
ORIGIN = "https://fcm.googleapis.com"
NOW = 1_795_000_000.0


def settings(folder: Path, **values: str) -> Settings:
    named = {f"KINDERBIJSLAG_{name.upper()}": value for name, value in values.items()}
    return load_settings({**BASE, "KINDERBIJSLAG_DATA_DIR": str(folder), **named})


def subject(chosen: Settings) -> str:
    vapid = vapid_of(chosen)
    return verify(vapid.header(ORIGIN, vapid.current.version, NOW), ORIGIN, NOW).subject


def test_without_a_key_one_is_made_and_kept(tmp_path: Path) -> None:
    first = vapid_of(settings(tmp_path)).current.version
    assert vapid_of(settings(tmp_path)).current.version == first


def test_the_first_key_that_was_set_is_for_new_subscriptions(tmp_path: Path) -> None:
    new, old = make_key(tmp_path / "new.pem"), make_key(tmp_path / "old.pem")
    vapid = vapid_of(settings(tmp_path, push_keys=f"{tmp_path}/new.pem, {tmp_path}/old.pem"))
    assert vapid.current.version == new.version
    assert vapid.knows(old.version)
    assert not (tmp_path / "push.pem").exists()


def test_the_subject_is_what_was_set_else_the_fund_else_the_portal(tmp_path: Path) -> None:
    chosen = {"fund_email": "hallo@fonds.example", "push_subject": "https://push.example.be"}
    assert subject(settings(tmp_path, **chosen)) == "https://push.example.be"
    assert subject(settings(tmp_path, fund_email="hallo@fonds.example")) == (
        "mailto:hallo@fonds.example"
    )
    assert subject(settings(tmp_path, base_url="https://portaal.example.be")) == (
        "https://portaal.example.be"
    )
    assert subject(settings(tmp_path)) == "https://localhost"


def test_the_list_of_services_can_be_set(tmp_path: Path) -> None:
    services = services_of(settings(tmp_path, push_services="push.example.com,*.push.example.org"))
    assert services.check("https://a.push.example.org/x").service == "*.push.example.org"
    assert not services.may_connect("127.0.0.1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("push_subject", "hallo"),
        ("push_subject", "http://fonds.example"),
        ("push_services", "https://push.example.com"),
        ("push_services", "*"),
        ("push_services", "10.0.0.1"),
        ("push_services", "push.*.example"),
    ],
)
def test_a_bad_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.upper()):
        settings(tmp_path, **{name: value})


def test_a_portal_for_others_never_calls_itself(tmp_path: Path) -> None:
    settings(tmp_path, push_allow_loopback="true")
    with pytest.raises(SettingsError, match="PUSH_ALLOW_LOOPBACK"):
        settings(tmp_path, push_allow_loopback="true", base_url="https://portaal.example.be")
