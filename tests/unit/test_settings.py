from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.settings import PREFIX, SettingsError, is_loopback, load_settings

SECRET = "marked-secret-" + "s" * 40
GOOD = {
    "SECRET_KEY": SECRET,
    "OIDC_ISSUER": "https://aanmelden.example.be/sso",
    "OIDC_CLIENT_ID": "portaal",
    "OIDC_CLIENT_AUTH": "client_secret_basic",
    "OIDC_CLIENT_SECRET": "marked-secret-client",
}


def _load(**changes: str | None) -> Any:
    values = {**GOOD, **changes}
    return load_settings(
        {PREFIX + name: value for name, value in values.items() if value is not None}
    )


def _refusal(**changes: str | None) -> str:
    with pytest.raises(SettingsError) as refused:
        _load(**changes)
    return str(refused.value)


def test_what_is_needed_is_enough() -> None:
    settings = _load()
    assert settings.base_url == "http://localhost:8000"
    assert settings.rate_limits == "on"
    assert settings.secret_key_fallbacks == ()
    assert not settings.secure


BAD = [
    ("DATABASE_URL", "mysql://db/x"),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "postgres://"),
    ("BASE_URL", "http://portaal.example.be"),
    ("BASE_URL", "portaal.example.be"),
    ("BASE_URL", "ftp://portaal.example.be"),
    ("BASE_URL", "https://"),
    ("BASE_URL", "https://user@portaal.example.be"),
    ("BASE_URL", "https://portaal.example.be?x=1"),
    ("BASE_URL", "https://portaal.example.be/onder"),
    ("BASE_URL", "https://portaal.example.be:poort"),
    ("HOST", ""),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "acht"),
    ("PORT", ""),
    ("PROXY_HOPS", "-1"),
    ("PROXY_HOPS", "6"),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", None),
    ("SECRET_KEY_FALLBACKS", "short"),
    ("OIDC_ISSUER", None),
    ("OIDC_ISSUER", "http://aanmelden.example.be"),
    ("OIDC_ISSUER", "http://10.0.0.1:8001"),
    ("OIDC_ISSUER", "http://localhost.evil.example"),
    ("OIDC_ISSUER", "http://127.0.0.1.evil.example"),
    ("OIDC_ISSUER", "https://aanmelden.example.be#x"),
    ("OIDC_CLIENT_ID", None),
    ("OIDC_CLIENT_ID", ""),
    ("OIDC_CLIENT_AUTH", "none"),
    ("OIDC_CLIENT_SECRET", None),
    ("OIDC_CLIENT_SECRET", ""),
    ("OIDC_MIN_LEVEL", "-1"),
    ("OIDC_MIN_LEVEL", "hoog"),
    ("OIDC_ID_TOKEN_ALG", "HS256"),
    ("OIDC_ID_TOKEN_ALG", "none"),
    ("RATE_LIMITS", "soms"),
    ("BACK_OFFICE_KEYS", "geheim"),
    ("BACK_OFFICE_KEYS", "z" * 64),
    ("LOG_FORMAT", "xml"),
    ("LOG_LEVEL", "trace"),
]


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda value: ascii(value)[:44])
def test_a_bad_value_is_named_and_never_told(name: str, value: str | None) -> None:
    text = _refusal(**{name: value})
    assert [line.split(":")[0] for line in text.splitlines()] == [PREFIX + name]
    reason = text.partition(": ")[2]
    assert len(reason) > 5
    if value and len(value) > 8:
        assert value not in text.replace("https://portaal.example.be", "").replace("sqlite:", "")


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = _refusal(PORT="0", RATE_LIMITS="soms", OIDC_ISSUER=None)
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"OIDC_CLIENT_AUTH": "private_key_jwt"},
        {"OIDC_CLIENT_AUTH": "private_key_jwt", "OIDC_CLIENT_KEY": "/bestaat/niet.pem"},
    ],
)
def test_a_key_that_is_needed_is_a_file(changes: dict[str, str]) -> None:
    assert _refusal(**changes).startswith(f"{PREFIX}OIDC_CLIENT_KEY: ")


@pytest.mark.parametrize(
    ("fund", "short", "shown"),
    [
        ("De Vlier", "", "De Vlier"),
        ("Fonds De Vlier", "", ""),
        ("Fonds De Vlier", "Vlier", "Vlier"),
    ],
)
def test_the_name_below_an_icon_is_short(fund: str, short: str, shown: str) -> None:
    assert _load(FUND_NAME=fund, FUND_SHORT_NAME=short).app_name == shown
    assert _refusal(FUND_SHORT_NAME="x" * 13).startswith(f"{PREFIX}FUND_SHORT_NAME: ")


def test_no_secret_is_ever_in_a_text() -> None:
    for text in (
        _refusal(PORT="0"),
        _refusal(SECRET_KEY="marked-secret"),
        _refusal(SECRET_KEY_FALLBACKS="marked-secret"),
        _refusal(BACK_OFFICE_KEYS="marked-secret"),
        _refusal(OIDC_CLIENT_AUTH="marked-secret"),
        _refusal(DATABASE_URL="mysql://user:marked-secret@db/x"),
        repr(_load(SECRET_KEY_FALLBACKS=SECRET, DATABASE_URL="postgres://u:marked-secret@db/x")),
        str(_load()),
    ):
        assert "marked-secret" not in text


def test_the_process_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(PREFIX + name, value)
    monkeypatch.setenv(f"{PREFIX}PORT", "8010")
    monkeypatch.setenv(f"{PREFIX}SECRET_KEY_FALLBACKS", f" {SECRET}1 ,{SECRET}2,")
    settings = load_settings()
    assert settings.port == 8010
    assert settings.secret_key_fallbacks == (f"{SECRET}1", f"{SECRET}2")


def test_a_dotenv_file_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(f"{PREFIX}PORT=8011\n")
    monkeypatch.chdir(tmp_path)
    assert _load().port == 8000


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        _load().port = 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://portaal.example.be/", "https://portaal.example.be"),
        ("https://portaal.example.be:8443", "https://portaal.example.be:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_addresses_that_are_good(given: str, kept: str) -> None:
    settings = _load(BASE_URL=given)
    assert settings.base_url == kept
    assert settings.secure is given.startswith("https")


def test_the_issuer_is_kept_to_the_letter() -> None:
    assert _load(OIDC_ISSUER="https://a.example.be/").oidc_issuer == "https://a.example.be/"


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost", True),
        ("http://portaal.localhost:1", True),
        ("http://127.0.0.1", True),
        ("http://127.8.9.1", True),
        ("http://[::1]", True),
        ("http://10.0.0.1", False),
        ("http://localhost.example", False),
        ("http://0.0.0.0", False),
        ("http://", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback


def test_the_hashes_of_keys_may_be_written_in_capitals() -> None:
    assert _load(BACK_OFFICE_KEYS="A" * 64).back_office_keys == ("a" * 64,)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8001", "https://localhost:8001"])
def test_a_portal_for_the_world_trusts_no_provider_on_this_machine(issuer: str) -> None:
    text = _refusal(BASE_URL="https://portaal.example.be", OIDC_ISSUER=issuer)

    assert f"{PREFIX}OIDC_ISSUER: is on this machine" in text
