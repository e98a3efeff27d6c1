"""The portal as it is served for a measurement, and the cookies of those who are signed in."""

from __future__ import annotations

from app import create_app
from app.settings import PREFIX, load_settings

from .fund import FOLDER, Fund
from .load import request_bytes

SETTINGS = {
    "SECRET_KEY": "a key that only measurements have, 40 characters",
    "OIDC_ISSUER": "https://issuer.example",
    "OIDC_CLIENT_ID": "portal",
    "OIDC_CLIENT_AUTH": "client_secret_basic",
    "OIDC_CLIENT_SECRET": "never used while measuring",
    "FUND_NAME": "Kinderbijslagfonds De Vlier",
    "FUND_ADDRESS": "Vlierstraat 1, 9000 Gent",
    "DATA_DIR": str(FOLDER),
}


def environment(fund: Fund) -> dict[str, str]:
    """The settings of the portal on this fund, as variables of the environment."""
    return {f"{PREFIX}{name}": value for name, value in SETTINGS.items()} | {
        f"{PREFIX}DATABASE_URL": fund.url
    }


def requests(fund: Fund, port: int, path: str) -> list[bytes]:
    """A request of each session, with the portal's signed cookie."""
    app = create_app(load_settings(environment(fund)))
    carrier = app.extensions["QUART_AUTH"][0]
    return [
        request_bytes(port, path, f"sessie={carrier.dump_token(token, app)}")
        for token, _ in fund.sessions()
    ]
