"""The settings of e-mail: what is wrong is named, and a password never travels in the open."""

from __future__ import annotations

import pytest

from app.mail.smtp import smtp_server
from app.settings import Settings, SettingsError, load_settings

BASE = {
    "KINDERBIJSLAG_SECRET_KEY": "s" * 40,
    "KINDERBIJSLAG_OIDC_ISSUER": "https://idp.example",
    "KINDERBIJSLAG_OIDC_CLIENT_ID": "portaal",
    "KINDERBIJSLAG_OIDC_CLIENT_AUTH": "client_secret_basic",
    "KINDERBIJSLAG_OIDC_CLIENT_SECRET": "geheim",
    "KINDERBIJSLAG_BASE_URL": "https://portaal.devlier.example",
}
MAIL = {"SMTP_HOST": "smtp.devlier.example", "MAIL_FROM": "meldingen@devlier.example"}


def load(**values: str) -> Settings:
    return load_settings(BASE | {f"KINDERBIJSLAG_{name}": value for name, value in values.items()})


def test_without_a_host_there_is_no_server() -> None:
    assert smtp_server(load()) is None


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465)])
def test_the_port_follows_the_kind_of_security(security: str, port: int) -> None:
    server = smtp_server(load(**MAIL, SMTP_SECURITY=security))
    assert server is not None
    assert (server.port, server.security, server.hello) == (
        port,
        security,
        "portaal.devlier.example",
    )


def test_a_port_of_ones_own_is_taken() -> None:
    server = smtp_server(load(**MAIL, SMTP_PORT="2525", SMTP_USER="u", SMTP_PASSWORD="p"))
    assert server is not None
    assert (server.port, server.user, server.password) == (2525, "u", "p")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_plain_smtp_is_for_this_machine_itself(host: str) -> None:
    assert smtp_server(load(**(MAIL | {"SMTP_HOST": host}), SMTP_SECURITY="none")) is not None


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({**MAIL, "SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({**MAIL, "SMTP_SECURITY": "maybe"}, "SMTP_SECURITY"),
        ({**MAIL, "SMTP_PORT": "0"}, "SMTP_PORT"),
        ({**MAIL, "SMTP_HOST": "smtp://devlier.example"}, "SMTP_HOST"),
        ({**MAIL, "SMTP_USER": "u"}, "SMTP_PASSWORD"),
        ({**MAIL, "SMTP_PASSWORD": "p"}, "SMTP_USER"),
        ({**MAIL, "MAIL_FROM": "Fonds <a@b.example>"}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "a@b.example\r\nBcc: c@d.example"}, "MAIL_FROM"),
        ({**MAIL, "MAIL_REPLY_TO": "niets"}, "MAIL_REPLY_TO"),
        ({"SMTP_HOST": "smtp.devlier.example"}, "MAIL_FROM"),
    ],
)
def test_a_bad_value_is_named(values: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match=rf"^KINDERBIJSLAG_{name}: "):
        load(**values)
