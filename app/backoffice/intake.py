"""One batch while it is being stored: what was seen, what failed, which dossiers changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.backoffice.bulk import Bulk
from app.backoffice.idset import IdSet
from app.backoffice.lines import Record
from app.backoffice.news import News
from app.backoffice.report import BatchReport, Report
from app.documents.store import DocumentStore

# The field that names a record of each type, and what that type is called among names:
# letters and messages share theirs.
NAMED_BY = {
    "office": ("office", "code"),
    "dossier": ("dossier", "number"),
    "payment": ("payment", "reference"),
    "letter": ("letter", "reference"),
    "message": ("letter", "reference"),
}
_MOST_FAILED = 50_000  # beyond this, errors that follow from errors are reported too


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where an import puts things. ``folder``: where PDFs named by path are; None: nowhere."""

    bulk: Bulk
    documents: DocumentStore
    folder: Path | None
    now: datetime
    dry_run: bool = False


@dataclass(slots=True)
class Intake:
    """The state of one batch under way; its memory does not grow with the batch."""

    place: Surroundings
    report: Report
    batch: BatchReport
    day: date  # of the batch, in Brussels
    seen: dict[str, IdSet] = field(default_factory=dict)
    touched: IdSet = field(default_factory=IdSet)
    renumbered: dict[str, str] = field(default_factory=dict)  # a person's new number by the old
    failed: set[tuple[str, str]] = field(default_factory=set)
    news: News = field(init=False)

    def __post_init__(self) -> None:
        self.news = News(self.place)

    @property
    def bulk(self) -> Bulk:
        """The connection of this import."""
        return self.place.bulk

    def error(self, record: Record, pointer: str, reason: str) -> None:
        """Refuse a record, and with it the batch."""
        self.report.errors.add(record.line, pointer, reason)
        self.fail(record.data)

    def fail(self, data: dict[str, Any]) -> None:
        """Remember who a bad record is about, so that what refers to it is not blamed too."""
        named = NAMED_BY.get(str(data.get("type")))
        if named and len(self.failed) < _MOST_FAILED:
            name = data.get(named[1])
            if isinstance(name, str):
                self.failed.add((named[0], name))

    def unknown(self, record: Record, pointer: str, kind: str, name: str) -> None:
        """Refuse a record that refers to something unknown, unless that itself was refused."""
        if (kind, name) in self.failed:
            self.fail(record.data)
        else:
            self.error(record, pointer, f"no {kind} is known by this name")

    def first_sight(self, table: str, row_id: int, record: Record, pointer: str) -> bool:
        """Whether a row was not yet told about in this batch; else the record is refused."""
        seen = self.seen.get(table)
        if seen is None:
            seen = self.seen[table] = IdSet()
        if seen.add(row_id):
            return True
        self.error(record, pointer, "stands twice in this batch")
        return False

    async def dossier_ids(self, numbers: Iterable[str]) -> dict[str, int]:
        """Ids of the dossiers with these numbers, of those that there are."""
        rows = await self.bulk.select("dossier", "number, id", "number", dict.fromkeys(numbers))
        return {row[0]: row[1] for row in rows}

    async def count_up(self) -> None:
        """Give every dossier that this batch changed its next version."""
        for ids in self.touched.slices():
            await self.bulk.add_one("dossier", "version", "id", ids)
