"""An import from beginning to end: connection, documents, feed, report."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import asyncpg

from app.backoffice.bulk import open_bulk
from app.backoffice.feed import import_feed
from app.backoffice.intake import Surroundings
from app.backoffice.lines import Progress
from app.backoffice.report import Report
from app.documents.store import DocumentStore, FolderUnusable
from app.settings import PREFIX


class NotTried(Exception):
    """The database or the document store would not work; nothing of this batch was stored."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an import goes."""

    database_url: str
    documents_folder: Path


async def run_import(
    target: Target,
    stream: BinaryIO,
    folder: Path | None,
    now: datetime,
    *,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> Report:
    """Import a feed. ``folder``: where the PDFs named by path are; None allows inline ones only.

    Uses a connection of its own, and keeps the thread busy: not for a process that serves pages.
    Raises NotTried when the database or the document store fails.
    """
    async with _failures_named(), open_bulk(target.database_url) as bulk:
        documents = DocumentStore.in_folder(target.documents_folder)
        place = Surroundings(bulk, documents, folder, now, dry_run)
        with _no_garbage_hunt():
            return await import_feed(stream, place, progress)


@contextmanager
def _no_garbage_hunt() -> Iterator[None]:
    """Rows by the thousand make Python look for cycles all the time, and there are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@asynccontextmanager
async def _failures_named() -> AsyncIterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, asyncpg.UndefinedTableError) as error:
        raise NotTried(_plain(error)) from error
    except FolderUnusable as reason:
        raise NotTried(f"the folder of {PREFIX}DATA_DIR cannot be used ({reason})") from reason
    except (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        # The text of these can hold values of a row.
        raise NotTried(f"the database or the document store failed ({type(error).__name__})") from (
            error
        )


def _plain(error: Exception) -> str:
    text = str(error)
    if "no such table" in text or isinstance(error, asyncpg.UndefinedTableError):
        return "the database has no tables yet: run kinderbijslag migrate"
    if "locked" in text:
        return "the database is busy with something else: try again later"
    if "unable to open" in text:
        return "there is no database yet: run kinderbijslag migrate"
    return f"the database failed ({text})"
