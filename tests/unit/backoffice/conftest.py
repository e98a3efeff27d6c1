"""A feed in the making, and a portal's database to import it into."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.backoffice.bulk import Bulk, open_bulk
from app.backoffice.report import Report
from app.backoffice.service import Target, run_import
from tests.unit.backoffice import feeds

Import = Callable[..., Awaitable[Report]]
Rows = Callable[[str], Awaitable[list[tuple[Any, ...]]]]


@pytest.fixture
def target(either_url: str, tmp_path: Path) -> Target:
    """Where imports of a test go, on SQLite and on PostgreSQL in turn."""
    return Target(either_url, tmp_path / "documents")


@pytest.fixture
def load(target: Target, tmp_path: Path) -> Import:
    """Imports a feed (bytes, or records to put in a batch) that lies in ``tmp_path``."""
    count = 0

    async def run(
        *records: dict[str, Any], raw: bytes | None = None, batch: str | None = None, **more: Any
    ) -> Report:
        nonlocal count
        count += 1
        content = feeds.feed(*records, batch=batch or f"B{count}") if raw is None else raw
        folder = more.pop("folder", tmp_path)
        return await run_import(target, io.BytesIO(content), folder, feeds.NOW, **more)

    return run


@pytest.fixture
def rows(target: Target) -> Rows:
    """What a query finds in the database afterwards."""

    async def run(sql: str) -> list[tuple[Any, ...]]:
        async with open_bulk(target.database_url) as bulk:
            return await _fetch(bulk, sql)

    return run


async def _fetch(bulk: Bulk, sql: str) -> list[tuple[Any, ...]]:
    database = bulk._db  # type: ignore[attr-defined]
    if hasattr(database, "fetch"):
        return [tuple(row) for row in await database.fetch(sql)]
    return [tuple(row) for row in database.execute(sql).fetchall()]
