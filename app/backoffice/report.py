"""What an import tells: which batches were stored, and every line that is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

LISTED = 1_000  # more issues than this are counted, not listed


class Outcome(StrEnum):
    """What became of a batch."""

    STORED = "stored"
    UNCHANGED = "unchanged"  # the very same batch was stored before
    VALID = "valid"  # a dry run: it would have been stored
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong: where (JSON Pointer, RFC 6901) and why; never the value itself."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        where = f" {self.field}" if self.field else ""
        return f"line {self.line}:{where} {self.reason}"


@dataclass(slots=True)
class Issues:
    """Issues in the order they were met, the first thousand of them by name."""

    listed: list[Issue] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, pointer: str, reason: str) -> None:
        """Note one more."""
        self.count += 1
        if len(self.listed) < LISTED:
            self.listed.append(Issue(line, pointer, reason))


@dataclass(slots=True)
class BatchReport:
    """What became of one batch of the file, with records counted by type and effect."""

    batch: str
    outcome: Outcome = Outcome.REFUSED
    records: int = 0
    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, object]:
        """The batch as it goes over the wire, without the counts that are zero."""
        return {
            "batch": self.batch,
            "outcome": self.outcome,
            "records": self.records,
            "new": +self.new,
            "changed": +self.changed,
            "unchanged": +self.unchanged,
        }


@dataclass(slots=True)
class Report:
    """The answer to an import."""

    batches: list[BatchReport] = field(default_factory=list)
    errors: Issues = field(default_factory=Issues)
    warnings: Issues = field(default_factory=Issues)

    @property
    def ok(self) -> bool:
        """Whether everything in the file is now stored."""
        return not self.errors.count

    def as_dict(self) -> dict[str, object]:
        """The report as it goes over the wire; docs/backoffice.md describes it."""
        return {
            "ok": self.ok,
            "batches": [batch.as_dict() for batch in self.batches],
            "error_count": self.errors.count,
            "errors": self.errors.listed,
            "warning_count": self.warnings.count,
            "warnings": self.warnings.listed,
        }

    def as_json(self) -> bytes:
        """The report as one JSON object."""
        return msgspec.json.encode(self.as_dict(), order="deterministic")

    def as_text(self) -> str:
        """The report for a terminal."""
        out = [f"warning: {issue}" for issue in self.warnings.listed]
        out += _rest(self.warnings, "warnings")
        out += [f"error: {issue}" for issue in self.errors.listed]
        out += _rest(self.errors, "errors")
        out += [_sentence(batch) for batch in self.batches]
        return "\n".join(out)


def _rest(issues: Issues, name: str) -> list[str]:
    more = issues.count - len(issues.listed)
    return [f"… and {more} more {name}"] if more else []


def _sentence(batch: BatchReport) -> str:
    if batch.outcome is Outcome.REFUSED:
        return f"batch {batch.batch}: refused, nothing of it is stored"
    if batch.outcome is Outcome.UNCHANGED:
        return f"batch {batch.batch}: stored before, nothing changed"
    effects = ", ".join(
        f"{name} {effect.total()}"
        for name, effect in (
            ("new", batch.new),
            ("changed", batch.changed),
            ("unchanged", batch.unchanged),
        )
    )
    return f"batch {batch.batch}: {batch.outcome}, {batch.records} records ({effects})"
