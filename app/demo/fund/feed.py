"""The feed of the made-up fund, line by line, in one file or in batches of about a size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.demo.fund.family import Adult, Family, Kid, Window
from app.demo.fund.months import month_of
from app.demo.fund.offices import FUND, OFFICES
from app.demo.fund.payments import payments
from app.demo.fund.post import Personal, Post
from app.demo.fund.records import (
    Account,
    Batch,
    Child,
    Dossier,
    End,
    Entitlement,
    Party,
    Record,
)
from app.demo.fund.shapes import families

_ENCODER = msgspec.json.Encoder()
_CHUNK = 1_000  # records that are written at once


@dataclass(frozen=True)
class Plan:
    """What feed to make. ``today`` decides what has happened and what is announced."""

    families: int
    months: int
    seed: int
    today: date
    letters: Personal = "personal"
    batch_size: int | None = None

    @property
    def name(self) -> str:
        """The name of the batch: other arguments, another name."""
        kept = "" if self.letters == "personal" else f"-{self.letters}"
        return f"demo-{self.today:%Y%m%d}-{self.families}x{self.months}-{self.seed}{kept}"


@dataclass(frozen=True)
class Made:
    """What was written."""

    files: int
    dossiers: int
    records: int


def records(plan: Plan, folder: Path | None) -> Iterator[list[Record]]:
    """All records: first the offices, then family by family (a list each).

    PDFs go to ``folder``/letters, or into the records when it is None.
    """
    window = Window.of(plan.months, plan.today)
    post = Post(folder, letters=plan.letters)
    yield list(OFFICES)
    for family in families(plan.families, plan.seed, window):
        paid = list(payments(family, window))
        yield [dossier_record(family, window), *paid, *post.records(family, window, paid)]


def dossier_record(family: Family, window: Window) -> Dossier:
    """A family as the feed tells it."""
    account = family.account
    return Dossier(
        number=family.number,
        state=family.state,
        office=family.office,
        language=family.language,
        people=[_party(adult) for adult in family.adults],
        children=[_child(kid, place) for place, kid in _ranked(family, window)],
        account=Account(account.iban, account.holder, account.bank),
    )


def _ranked(family: Family, window: Window) -> Iterator[tuple[int, Kid]]:
    """Children with their rank: those who left no longer count for the others."""
    rank = 0
    for kid in family.kids:
        here = kid.left_on is None or month_of(kid.left_on) >= window.last
        rank += here
        yield max(rank, 1), kid


def _party(adult: Adult) -> Party:
    return Party(adult.number, adult.role, adult.given_name, adult.family_name)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _child(kid: Kid, rank: int) -> Child:
    return Child(
        key=kid.key,
        given_name=kid.given_name,
        family_name=kid.family_name,
        birth_date=kid.birth.isoformat(),
        rank=rank,
        entitlements=[
            Entitlement(span.kind, span.since.isoformat(), _iso(span.until)) for span in kid.spans
        ],
        placed=kid.placed,
        left_on=_iso(kid.left_on),
    )


class _Writer:
    """Writes one batch to a stream, its lines counted."""

    def __init__(self, stream: BinaryIO, plan: Plan, suffix: str) -> None:
        self.stream = stream
        self.count = 0
        self._waiting: list[Record] = []
        created = datetime.combine(plan.today, time(4, 0), tzinfo=UTC).isoformat()
        self._write([Batch(batch=f"{plan.name}{suffix}", fund=FUND, created=created)])

    def add(self, group: list[Record]) -> None:
        self.count += len(group)
        self._waiting += group
        if len(self._waiting) >= _CHUNK:
            self.flush()

    def flush(self) -> None:
        self._write(self._waiting)
        self._waiting.clear()

    def end(self) -> None:
        self.flush()
        self._write([End(records=self.count)])
        self.stream.flush()

    def _write(self, group: list[Record]) -> None:
        self.stream.write(_ENCODER.encode_lines(group))


def write_stream(plan: Plan, stream: BinaryIO, tick: Callable[[], None] | None = None) -> Made:
    """The whole feed as one batch to a stream, PDFs inside. ``tick`` is called for each dossier."""
    return _write_batches(plan, None, lambda _: stream, tick)


def write_folder(
    plan: Plan, folder: Path, name: str = "feed.jsonl", tick: Callable[[], None] | None = None
) -> Made:
    """The feed to ``folder``/``name`` (numbered when in batches), PDFs to ``folder``/letters."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name

    def target(number: int) -> BinaryIO:
        numbered = path.with_name(f"{path.stem}-{number:04d}{path.suffix}")
        return (numbered if plan.batch_size else path).open("wb")

    return _write_batches(plan, folder, target, tick)


def _write_batches(
    plan: Plan,
    folder: Path | None,
    target: Callable[[int], BinaryIO],
    tick: Callable[[], None] | None,
) -> Made:
    writer: _Writer | None = None
    files = dossiers = total = 0
    for group in records(plan, folder):
        if writer is None:
            files += 1
            writer = _Writer(target(files), plan, f"-{files:04d}" if plan.batch_size else "")
        writer.add(group)
        total += len(group)
        if isinstance(group[0], Dossier):
            dossiers += 1
            if tick:
                tick()
        if plan.batch_size and writer.count >= plan.batch_size:
            writer.end()
            writer.stream.close()
            writer = None
    if writer:
        writer.end()
        if folder:
            writer.stream.close()
    return Made(files, dossiers, total)
