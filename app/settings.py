"""What an operator decides: one frozen value, read from the environment.

Every setting is an environment variable with the prefix ``KINDERBIJSLAG_``. A bad value stops
the start and is named together with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "KINDERBIJSLAG_"
PUSH_SERVICES = (  # of Chrome, Firefox, Safari and Edge
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "web.push.apple.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
LONGEST_SHORT_NAME = 12  # characters

NotEmpty = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(min_length=32)]


class SettingsError(Exception):
    """One or more settings are wrong; the text names each with its reason."""


def is_loopback(url: str) -> bool:
    """Whether a URL points at this machine itself (localhost, 127.0.0.0/8 or ::1)."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _port_is_possible(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _url_of(host: str) -> str:
    return f"smtp://[{host}]" if ":" in host else f"smtp://{host}"


def _https_or_loopback(url: str) -> str:
    """Refuse an address over plain http, except on this machine itself."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address such as https://portaal.example.be")
    if not _port_is_possible(parts):
        raise ValueError("must have a port between 1 and 65535, or none")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("must not carry a query, a fragment or a user name")
    if parts.scheme == "http" and not is_loopback(url):
        raise ValueError("must start with https:// (http only for this machine itself)")
    return url


@dataclass(frozen=True)
class Fund:
    """How the pages name the fund and its means of sign-in."""

    name: str
    phone: str
    email: str
    website: str
    address: str
    token_name: str


class Settings(BaseSettings):
    """The settings of one portal; see docs/operations.md for each of them in full."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    # Where
    database_url: Annotated[str, Field(repr=False)] = "sqlite:///var/kinderbijslag.sqlite3"
    base_url: str = "http://localhost:8000"
    host: NotEmpty = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    data_dir: Path = Path("var")
    proxy_hops: Annotated[int, Field(ge=0, le=5)] = 0

    # Secrets
    secret_key: Annotated[Key, Field(repr=False)]
    secret_key_fallbacks: Annotated[tuple[Key, ...], NoDecode, Field(repr=False)] = ()

    # Signing in
    oidc_issuer: str
    oidc_client_id: NotEmpty
    oidc_client_auth: Literal["private_key_jwt", "client_secret_basic"] = "private_key_jwt"
    oidc_client_key: Path | None = None
    oidc_client_secret: Annotated[str | None, Field(repr=False)] = None
    oidc_min_level: Annotated[int, Field(ge=0, le=1000)] = 300
    oidc_scopes: str = "openid profile egovnrn"
    oidc_number_claim: str = "egovNRN"
    oidc_id_token_alg: Literal["RS256", "PS256", "ES256"] = "RS256"  # noqa: S105 (an algorithm)
    token_name: str = "persoonlijke code (token)"  # noqa: S105 (a name on a button)

    # E-mail; without a host no e-mail leaves
    smtp_host: str = ""
    smtp_port: Annotated[int | None, Field(ge=1, le=65535)] = None  # by the kind of security
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = ""
    mail_reply_to: str = ""

    # Push messages
    push_keys: Annotated[tuple[Path, ...], NoDecode] = ()
    push_subject: str = ""
    push_services: Annotated[tuple[str, ...], NoDecode] = PUSH_SERVICES
    push_allow_loopback: bool = False

    # Defence and looks of the log
    rate_limits: Literal["on", "off"] = "on"
    back_office_keys: Annotated[tuple[str, ...], NoDecode, Field(repr=False)] = ()
    log_format: Literal["json", "text"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    # The fund
    fund_name: str = "Mijn Kinderbijslag"
    fund_short_name: Annotated[str, Field(max_length=LONGEST_SHORT_NAME)] = ""
    fund_phone: str = ""
    fund_email: str = ""
    fund_website: str = ""
    fund_address: str = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the explicit values first, then the environment, and nothing else."""
        return init_settings, env_settings

    @field_validator(
        "secret_key_fallbacks", "back_office_keys", "push_keys", "push_services", mode="before"
    )
    @classmethod
    def _split_on_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, value: str) -> str:
        return _https_or_loopback(value)  # to the letter: tokens name it so

    @field_validator("base_url")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        address = _https_or_loopback(value).rstrip("/")
        if urlsplit(address).path:
            raise ValueError("must not carry a path: the portal has a host of its own")
        return address

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        scheme, _, rest = value.partition("://")
        if scheme not in {"sqlite", "postgres", "postgresql"}:
            raise ValueError("must start with sqlite:// or postgres://")
        if not rest.strip("/"):
            raise ValueError("must name a file (sqlite:///var/portal.sqlite3) or a server")
        return value

    @field_validator("back_office_keys")
    @classmethod
    def _hashed_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for key in value:
            if len(key) != 64 or set(key.lower()) - set("0123456789abcdef"):
                raise ValueError("must hold the SHA-256 of each key, as 64 hexadecimal digits")
        return tuple(key.lower() for key in value)

    @field_validator("mail_from", "mail_reply_to")
    @classmethod
    def _plain_address(cls, value: str) -> str:
        if not value:
            return ""
        try:
            found = validate_email(value, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            raise ValueError("must be one e-mail address, without a name") from None
        return found.ascii_email or found.normalized

    @field_validator("smtp_host")
    @classmethod
    def _host_alone(cls, value: str) -> str:
        if any(sign.isspace() or sign in "/@" for sign in value) or "://" in value:
            raise ValueError("must be a host name alone, such as smtp.example.be")
        return value

    @model_validator(mode="after")
    def _mail_travels_safely(self) -> Settings:
        if bool(self.smtp_user) != bool(self.smtp_password):
            missing = "SMTP_PASSWORD" if self.smtp_user else "SMTP_USER"
            raise ValueError(f"{PREFIX}{missing}: not set, and the other one is")
        if not self.smtp_host:
            return self
        if not self.mail_from:
            raise ValueError(f"{PREFIX}MAIL_FROM: needed with SMTP_HOST")
        if self.smtp_security == "none" and not is_loopback(_url_of(self.smtp_host)):
            raise ValueError(f"{PREFIX}SMTP_SECURITY: none is for this machine itself only")
        return self

    @field_validator("push_subject")
    @classmethod
    def _reachable(cls, value: str) -> str:
        if value and not re.fullmatch(r"(mailto:[^@\s]+@|https://)[\w-]+(\.[\w-]+)+", value):
            raise ValueError("must be such as mailto:push@fonds.example or https://fonds.example")
        return value

    @field_validator("push_services")
    @classmethod
    def _host_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not re.fullmatch(r"(\*\.)?([a-z0-9-]+\.)+[a-z][a-z0-9-]+", name):
                raise ValueError("must hold host names such as push.example.com or *.example.com")
        return value

    @model_validator(mode="after")
    def _pushes_to_itself_only_alone(self) -> Settings:
        if self.push_allow_loopback and not is_loopback(self.base_url):
            raise ValueError(
                f"{PREFIX}PUSH_ALLOW_LOOPBACK: only for a portal on this machine itself"
            )
        return self

    @model_validator(mode="after")
    def _provider_is_real(self) -> Settings:
        """A portal for the world never trusts a provider on this machine, such as the demo's."""
        if self.secure and not is_loopback(self.base_url) and is_loopback(self.oidc_issuer):
            raise ValueError(
                f"{PREFIX}OIDC_ISSUER: is on this machine, as a demo provider is, while "
                f"{PREFIX}BASE_URL is not"
            )
        return self

    @model_validator(mode="after")
    def _client_can_prove_itself(self) -> Settings:
        if self.oidc_client_auth == "private_key_jwt":
            if self.oidc_client_key is None:
                raise ValueError(f"{PREFIX}OIDC_CLIENT_KEY: needed with private_key_jwt")
            if not self.oidc_client_key.is_file():
                raise ValueError(f"{PREFIX}OIDC_CLIENT_KEY: no such file")
        elif not self.oidc_client_secret:
            raise ValueError(f"{PREFIX}OIDC_CLIENT_SECRET: needed with client_secret_basic")
        return self

    @property
    def secure(self) -> bool:
        """Whether the portal is served over https (cookies are then ``__Host-`` and Secure)."""
        return self.base_url.startswith("https://")

    @property
    def documents_folder(self) -> Path:
        """Where letters are kept."""
        return self.data_dir.resolve() / "documents"

    @property
    def incoming_folder(self) -> Path:
        """Where a feed that is posted is kept while it is imported."""
        return self.data_dir.resolve() / "incoming"

    @property
    def app_name(self) -> str:
        """The name below the icon of the installed app, where longer ones are cut off."""
        if self.fund_short_name or len(self.fund_name) > LONGEST_SHORT_NAME:
            return self.fund_short_name
        return self.fund_name

    @property
    def fund(self) -> Fund:
        """The fund as the pages name it."""
        return Fund(
            name=self.fund_name,
            phone=self.fund_phone,
            email=self.fund_email,
            website=self.fund_website,
            address=self.fund_address,
            token_name=self.token_name,
        )


def load_settings(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read the settings from the process environment; ``environ`` and ``overrides`` go before it.

    Raises SettingsError with one line for each wrong setting, named as the operator set it.
    """
    try:
        if environ is None:
            return Settings(**overrides)  # type: ignore[arg-type]
        values = {
            key.removeprefix(PREFIX).lower(): value
            for key, value in environ.items()
            if key.startswith(PREFIX)
        }
        return Settings(**{**values, **overrides})  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("\n".join(_line(item) for item in error.errors())) from None


def _line(item: object) -> str:
    """One validation error as «NAME: reason», never with the value (it may be a secret)."""
    assert isinstance(item, dict)  # noqa: S101
    reason = str(item["msg"]).removeprefix("Value error, ")
    if not item["loc"]:
        return reason
    name = f"{PREFIX}{str(item['loc'][0]).upper()}"
    if item["type"] == "missing":
        reason = "not set"
    return f"{name}: {reason}"


__all__ = ["Settings", "SettingsError", "is_loopback", "load_settings"]
