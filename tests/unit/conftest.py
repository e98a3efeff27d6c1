"""What unit tests share: a migrated database each, the portal on it, and visitors."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from quart import Quart
from quart.typing import TestClientProtocol

from app import create_app, database
from app.demo.people import DemoPerson
from app.settings import Settings, load_settings
from tests import cast, postgres

BACK_OFFICE_KEY = "sleutel-van-het-backoffice"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}

Visitor = Callable[..., Awaitable[TestClientProtocol]]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with all tables, made once and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    with ThreadPoolExecutor(max_workers=1) as pool:  # the test's own loop is running already
        pool.submit(lambda: asyncio.run(database.migrate(f"sqlite:///{path}"))).result()
    return path


@pytest.fixture(scope="session")
def migrated_postgres() -> str:
    """The name of an empty PostgreSQL database with all tables, to be copied for each test."""
    url = postgres.create_database()
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(lambda: asyncio.run(database.migrate(url))).result()
    return postgres.name_of(url)


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """A database of this test's own, with all tables."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'portal.sqlite3')}"


@pytest.fixture(params=["sqlite", "postgres"])
def either_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own, on SQLite and on PostgreSQL in turn, with all tables."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    url = postgres.create_database(request.getfixturevalue("migrated_postgres"))
    yield url
    postgres.drop_database(url)


@pytest.fixture
async def either_database(either_url: str) -> AsyncIterator[str]:
    """The same, connected."""
    await database.connect(either_url)
    yield either_url
    await database.disconnect()


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a portal for tests."""
    return load_settings(
        {},
        database_url=url,
        data_dir=folder,
        secret_key="s" * 40,
        oidc_issuer=cast.ISSUER,
        oidc_client_id="portaal",
        oidc_client_auth="client_secret_basic",
        oidc_client_secret="geheim",
        rate_limits="off",
        back_office_keys=(sha256(BACK_OFFICE_KEY.encode()).hexdigest(),),
        fund_name="Kinderbijslagfonds De Vlier",
        fund_phone="09 000 00 00",
        fund_email="hallo@devlier.example",
    )


@pytest.fixture
async def app(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Quart]:
    """The portal on a database of this test's own, serving."""
    portal = create_app(settings_for(sqlite_url, tmp_path))
    async with portal.test_app():
        yield portal


@pytest.fixture
async def fund(app: Quart) -> cast.Fund:
    """The cast's dossiers, in the portal's database."""
    return await cast.make_fund()


@pytest.fixture
def visitor(app: Quart) -> Visitor:
    """Makes a browser: of nobody, or of somebody of the cast who is signed in."""

    async def make(
        person: DemoPerson | None = None, *, registered: bool = True
    ) -> TestClientProtocol:
        client = app.test_client()
        if person is not None:
            token = await cast.sign_in(person, registered=registered)
            carrier = app.extensions["QUART_AUTH"][0]
            client.set_cookie("localhost", "sessie", carrier.dump_token(token, app))
        return client

    return make
