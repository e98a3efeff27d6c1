"""The feed of the back office, read and stored: one transaction a batch, all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO

import structlog

from app.backoffice import schema
from app.backoffice.dossiers import store_dossiers
from app.backoffice.intake import Intake, Surroundings
from app.backoffice.letters import store_letters
from app.backoffice.lines import (
    Line,
    LineError,
    Progress,
    Reader,
    Record,
    digest_and_faults,
    parse,
)
from app.backoffice.offices import store_offices
from app.backoffice.payments import store_payments
from app.backoffice.report import BatchReport, Outcome, Report
from app.backoffice.withdrawals import store_withdrawals
from app.clock import BRUSSELS

log = structlog.get_logger()

_ROUND_RECORDS = 4_000
_ROUND_BYTES = 4_000_000
_LONGEST_END = 200  # bytes; the end line is short

_STAGES: tuple[tuple[frozenset[str], Callable[[Intake, list[Record]], Awaitable[None]]], ...] = (
    (frozenset({"office"}), store_offices),
    (frozenset({"dossier"}), store_dossiers),
    (frozenset({"payment"}), store_payments),
    (frozenset({"letter", "message"}), store_letters),
    (frozenset({"withdrawal"}), store_withdrawals),
)


async def import_feed(
    stream: BinaryIO, place: Surroundings, progress: Progress | None = None
) -> Report:
    """Store every batch of a feed; after a batch that is refused, the rest is not looked at.

    It works for long stretches without giving way: run it in a process of its own. Errors in the
    feed are told in the report; those of the database are raised.
    """
    reader = Reader(stream, progress)
    report = Report()
    while report.ok and (line := reader.next()) is not None:
        await _BatchImport(reader, report, place).run(line)
    if not report.batches and report.ok:
        report.errors.add(1, "", "the feed is empty: it must begin with a batch line")
    for batch in report.batches:
        log.info(
            "feed_imported",
            batch=batch.batch,
            outcome=batch.outcome,
            records=batch.records,
            errors=report.errors.count,
            warnings=report.warnings.count,
        )
    return report


@dataclass(slots=True)
class _Round:
    """Records that are looked up and stored together, stage by stage.

    A record may only refer to what stands before it. So a round ends when a record comes that one
    in the round refers to: stored by stages, it would come first.
    """

    records: dict[str, list[Record]] = field(default_factory=dict)
    count: int = 0
    size: int = 0
    offices: set[str] = field(default_factory=set)  # that a record in this round refers to
    dossiers: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)

    def is_full(self, kind: str, data: dict[str, Any]) -> bool:
        """Whether what was gathered must be stored before this record comes in."""
        if self.count >= _ROUND_RECORDS or self.size >= _ROUND_BYTES:
            return True
        if kind == "dossier":
            return data["number"] in self.dossiers
        if kind == "office":
            return data["code"] in self.offices
        return kind != "withdrawal" and data["reference"] in self.withdrawn

    def add(self, kind: str, record: Record, size: int) -> None:
        """Gather one more."""
        data = record[1]
        if kind == "dossier":
            self.offices.add(data.get("office", ""))
        elif kind == "withdrawal":
            self.withdrawn.add(data["reference"])
        elif kind != "office":
            self.dossiers.add(data["dossier"])
        records = self.records.get(kind)
        if records is None:
            records = self.records[kind] = []
        records.append(record)
        self.count += 1
        self.size += size


class _BatchImport:
    """One batch, from its first line to its end line."""

    def __init__(self, reader: Reader, report: Report, place: Surroundings) -> None:
        self._reader = reader
        self._report = report
        self._place = place
        self._hash = sha256()
        self._round = _Round()
        self._records = 0
        self._end: Record | None = None

    async def run(self, first: Line) -> None:
        """Store the batch whose first line was just read, or refuse it."""
        header = self._header(first)
        data = header.data if header else {}
        batch = BatchReport(batch=str(data.get("batch", "")))
        self._report.batches.append(batch)
        created = datetime.fromisoformat(data["created"]) if data else self._place.now
        bulk = self._place.bulk
        await bulk.begin()
        try:
            known = await bulk.select("batch", "digest", "reference", [batch.batch])
            if known:
                self._compare(first, batch, known[0][0])
                await self._end_transaction(keep=False)
                return
            day = created.astimezone(BRUSSELS).date()
            intake = Intake(self._place, self._report, batch, day)
            await self._store(intake)
            batch.records = self._records
            if self._report.ok:
                await self._finish(intake, created)
            await self._end_transaction(keep=self._report.ok)
        except BaseException:
            await bulk.rollback()
            raise

    async def _end_transaction(self, *, keep: bool) -> None:
        if keep and not self._place.dry_run:
            await self._place.bulk.commit()
        else:
            await self._place.bulk.rollback()

    def _header(self, line: Line) -> Record | None:
        record = self._record(line)
        if record is None:
            return None
        if record.data["type"] != "batch":
            self._error(line.number, "/type", "a feed must begin with a batch line")
            return None
        try:
            datetime.fromisoformat(record.data["created"])
        except ValueError:  # a leap second: RFC 3339 has them, Python has not
            self._error(line.number, "/created", "is not a moment")
            return None
        return record

    def _error(self, line: int, pointer: str, reason: str) -> None:
        self._report.errors.add(line, pointer, reason)

    def _compare(self, first: Line, batch: BatchReport, digest: str) -> None:
        """A batch id that is known: the same lines change nothing, others are refused."""
        while (line := self._reader.next()) is not None:
            raw = line.raw or b""
            self._hash.update(raw + b"\n")
            if len(raw) < _LONGEST_END and b'"end"' in raw and _type_of(raw) == "end":
                break
            self._records += 1
        batch.records = self._records
        if self._hash.hexdigest() == digest:
            batch.outcome = Outcome.UNCHANGED
            self._check_nothing_follows()
        else:
            reason = "a batch with this id was stored before, with other content"
            self._error(first.number, "/batch", reason)

    async def _store(self, intake: Intake) -> None:
        """Read and store records until the end line."""
        while self._end is None and (line := self._reader.next()) is not None:
            record = self._record(line, intake)
            kind = record.data["type"] if record else ""
            if kind == "batch":
                reason = "a new batch begins before the end line of the one before"
                self._error(line.number, "/type", reason)
                break
            if record and kind != "end":
                if self._round.is_full(kind, record.data):
                    await self._flush(intake)
                self._round.add(kind, record, len(line.raw or b""))
            if self._end is None:
                self._records += 1
        await self._flush(intake)
        if self._end is None:
            reason = "the batch is cut off: its end line is missing"
            self._error(self._reader.number, "", reason)
            return
        told = self._end.data.get("records")
        if isinstance(told, int) and told != self._records:
            reason = f"says {told}, but {self._records} records stand before it"
            self._error(self._end.line, "/records", reason)
        self._check_nothing_follows()

    def _record(self, line: Line, intake: Intake | None = None) -> Record | None:
        """A line as a record that keeps to the schema; None when it was refused."""
        number, raw = line
        if raw is None:
            self._hash.update(b"?\n")
            self._error(number, "", "the line is longer than 20 MB")
            return None
        self._hash.update(raw)
        self._hash.update(b"\n")
        try:
            data = parse(raw)
        except LineError as error:
            self._error(number, "", str(error))
            return None
        kind = data.get("type")
        if not isinstance(kind, str) or kind not in schema.TYPES:
            self._error(number, "/type", "must be one of: " + ", ".join(schema.TYPES))
            return None
        if kind == "end":
            self._end = Record(number, data, "")
        faults = schema.problems(kind, data)
        digest = ""
        if not faults:
            digest, faults = digest_and_faults(data, raw)
        if not faults:
            return Record(number, data, digest)
        for pointer, reason in faults:
            self._error(number, pointer, reason)
        if intake is not None:
            intake.fail(data)
        return None

    async def _flush(self, intake: Intake) -> None:
        part, self._round = self._round, _Round()
        await asyncio.sleep(0)  # SQLite never waits: let Ctrl-C and a cancellation come through
        for kinds, store in _STAGES:
            records = [one for kind in kinds for one in part.records.get(kind, ())]
            if records:
                records.sort(key=_line_of)
                await store(intake, records)
        if self._report.ok:
            await intake.news.announce()

    def _check_nothing_follows(self) -> None:
        """After an end line only another batch may follow."""
        line = self._reader.next()
        if line is None:
            return
        if line.raw is not None and _type_of(line.raw) == "batch":
            self._reader.put_back(line)
        else:
            reason = "nothing may follow the end line but another batch"
            self._error(line.number, "", reason)

    async def _finish(self, intake: Intake, created: datetime) -> None:
        bulk = intake.bulk
        await intake.count_up()
        intake.batch.outcome = Outcome.VALID if self._place.dry_run else Outcome.STORED
        row: tuple[Any, ...] = (
            intake.batch.batch,
            self._hash.hexdigest(),
            self._records,
            bulk.moment(created),
            bulk.moment(self._place.now),
        )
        columns = "reference, digest, records, created_at, stored_at"
        await bulk.insert("batch", columns, [row])


def _line_of(record: Record) -> int:
    return record.line


def _type_of(raw: bytes) -> object:
    try:
        return parse(raw).get("type")
    except LineError:
        return None
