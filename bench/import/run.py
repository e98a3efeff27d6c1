"""One run in a process of its own: ``import URL FEED`` or ``bare URL SOURCE-URL``."""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import structlog

from app.backoffice.bulk import open_bulk
from app.backoffice.payments import LINE, PAYMENT
from app.backoffice.service import Target, run_import
from app.clock import now

_SLICE = 4_000
_LINE = f"id, {LINE}"


def main(what: str, url: str, source: str) -> None:
    """Run, and write what it took as JSON."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    spent = _import(url, Path(source)) if what == "import" else asyncio.run(_bare(url, source))
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = kilobytes / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(json.dumps({"seconds": spent.wall, "cpu": spent.cpu, "megabytes": megabytes}))


class _Watch:
    """Seconds on the clock and of this process's processor time, within ``with`` blocks."""

    wall = 0.0
    cpu = 0.0

    def __enter__(self) -> None:
        self.wall -= perf_counter()
        self.cpu -= process_time()

    def __exit__(self, *_: object) -> None:
        self.wall += perf_counter()
        self.cpu += process_time()


def _import(url: str, feed: Path) -> _Watch:
    watch = _Watch()
    with tempfile.TemporaryDirectory() as documents, feed.open("rb") as stream:
        target = Target(url, Path(documents))
        with watch:
            report = asyncio.run(run_import(target, stream, feed.parent, now()))
    if not report.ok:
        raise SystemExit(report.as_text())
    return watch


async def _bare(url: str, source: str) -> _Watch:
    """Write the rows of the source, slice by slice; only the writing is timed."""
    watch = _Watch()
    async with open_bulk(source) as other, open_bulk(url) as bulk:
        database = bulk._db  # type: ignore[attr-defined]
        with watch:
            await bulk.begin()
        for table, columns in (("payment", PAYMENT), ("payment_line", _LINE)):
            last = 0
            while rows := await _slice(other, table, columns, last):
                last = rows[-1][0]
                with watch:
                    await _write(database, table, columns, rows)
        with watch:
            await bulk.commit()
    return watch


async def _write(database: Any, table: str, columns: str, rows: list[Any]) -> None:
    names = columns.split(", ")
    if isinstance(database, sqlite3.Connection):
        places = ", ".join("?" * len(names))
    else:
        places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    sql = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
    done = database.executemany(sql, rows)
    if not isinstance(database, sqlite3.Connection):
        await done


async def _slice(bulk: Any, table: str, columns: str, last: int) -> list[Any]:
    sql = f"SELECT {columns} FROM {table} WHERE id > {last} ORDER BY id LIMIT {_SLICE}"  # noqa: S608
    database = bulk._db
    if isinstance(database, sqlite3.Connection):
        return database.execute(sql).fetchall()
    return [tuple(row) for row in await database.fetch(sql)]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
