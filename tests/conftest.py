"""What every test gets: no way off this machine, and a PostgreSQL database on request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import loopback, postgres


def pytest_configure() -> None:
    """Switch the guard on before any test module is imported."""
    loopback.guard()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A fresh, empty PostgreSQL database; the server starts at the first use in a session."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)
