"""What an operator decides: one frozen value, read from the environment.

Every setting is an environment variable with the prefix ``KINDERBIJSLAG_``. A bad value stops
the start and is named together with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "KINDERBIJSLAG_"
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

    @field_validator("secret_key_fallbacks", "back_office_keys", mode="before")
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
    """Read the settings from the process environment, or from ``environ`` when given.

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
