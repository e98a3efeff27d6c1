"""The worker: woken at once, stopping in time, and killed without losing anything."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter

import pytest

from app.backoffice.bulk import open_bulk
from app.clock import now
from app.notifications.announce import announce
from app.notifications.bell import Bell
from app.notifications.dispatch import Answer
from app.notifications.facts import Message
from app.notifications.models import Channel, OutboxRow, State
from app.notifications.sql import PortalStatements
from app.notifications.worker import make_lanes, send_alerts
from app.payments.models import Payment
from tests.cast import FAMILY, SOFIE, Fund
from tests.unit.backoffice.feeds import PAYMENT, changed, feed
from tests.unit.notifications.conftest import mail_to, subscribe
from tests.unit.notifications.fake_channels import SENT, Mailbox

HERE = PortalStatements()
ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("KILLS", "5"))  # more of them to be surer


class Arrivals(Mailbox):
    """A mailbox that can be waited for."""

    def __init__(self, seconds: float = 0) -> None:
        super().__init__()
        self.came = asyncio.Event()
        self._seconds = seconds

    async def send_all(
        self, messages: Iterable[Message]
    ) -> AsyncGenerator[tuple[Message, Answer], None]:
        for message in messages:
            self.came.set()
            await asyncio.sleep(self._seconds)
            self.messages.append(message)
            yield message, SENT


@asynccontextmanager
async def working(url: str, mailbox: Mailbox, bell: Bell | None = None) -> AsyncIterator[None]:
    """A worker beside the test, stopped at its end."""
    stop = asyncio.Event()
    lanes = make_lanes({Channel.PUSH: mailbox, Channel.EMAIL: mailbox})
    task = asyncio.create_task(send_alerts(stop, url, lanes, bell=bell or Bell(), grace=2))
    await asyncio.sleep(0.3)
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def all_sent() -> bool:
    return not await OutboxRow.exclude(state=State.SENT).exists()


async def until_sent() -> None:
    async with asyncio.timeout(10):
        while not await all_sent():  # noqa: ASYNC110 (another process says when)
            await asyncio.sleep(0.02)


async def test_a_commit_elsewhere_is_sent_within_a_second(fund: Fund, either_database: str) -> None:
    await subscribe(SOFIE, "phone")
    await mail_to(SOFIE)
    mailbox = Arrivals()
    async with working(either_database, mailbox):
        async with open_bulk(either_database) as bulk:
            await bulk.begin()
            await announce(bulk, "payment", [fund.payments[FAMILY].id], now())
            await bulk.commit()
            began = perf_counter()
            await asyncio.wait_for(mailbox.came.wait(), 5)
        assert perf_counter() - began < 1
        await until_sent()
    assert len(mailbox.messages) == 2


async def test_a_commit_here_rings_the_bell(fund: Fund, either_database: str) -> None:
    await subscribe(SOFIE, "phone")
    mailbox, bell = Arrivals(), Bell()
    async with working(either_database, mailbox, bell):
        await announce(HERE, "payment", [fund.payments[FAMILY].id], now())
        bell.ring()
        began = perf_counter()
        await asyncio.wait_for(mailbox.came.wait(), 5)
        assert perf_counter() - began < 0.5
        await until_sent()


async def test_what_is_due_later_is_sent_then(fund: Fund, either_database: str) -> None:
    await subscribe(SOFIE, "phone")
    mailbox = Arrivals()
    soon = now() + timedelta(seconds=1)
    await announce(HERE, "payment", [fund.payments[FAMILY].id], soon)
    async with working(either_database, mailbox):
        assert not mailbox.messages
        await asyncio.wait_for(mailbox.came.wait(), 5)
        assert now() >= soon
        await until_sent()


async def test_stopping_finishes_what_is_under_way(fund: Fund, either_database: str) -> None:
    await subscribe(SOFIE, "phone")
    await announce(HERE, "payment", [fund.payments[FAMILY].id], now())
    mailbox = Arrivals(seconds=0.3)
    async with working(either_database, mailbox):
        await asyncio.wait_for(mailbox.came.wait(), 5)
        assert not await all_sent()
    assert await all_sent()


async def _many_payments(fund: Fund, count: int) -> list[int]:
    await Payment.bulk_create(
        Payment(
            dossier=fund.dossiers[FAMILY],
            reference=f"K-{number}",
            kind="monthly",
            period=now().date(),
            pay_date=now().date(),
            state="paid",
            total_cents=1,
            digest="",
        )
        for number in range(count)
    )
    rows = await Payment.filter(reference__startswith="K-").values_list("id", flat=True)
    return [int(number) for number in rows]  # type: ignore[call-overload]


@pytest.mark.parametrize("either_url", ["sqlite"], indirect=True)
async def test_killed_at_random_moments_it_loses_nothing(
    fund: Fund, either_database: str, tmp_path: Path
) -> None:
    rng = Random(20261123)
    devices = await subscribe(SOFIE, *[f"device {number}" for number in range(40)])
    ids = await _many_payments(fund, KILLS)
    journal = tmp_path / "journal"
    for number in ids:
        await announce(HERE, "payment", [number], now())
        await _start_and_kill(either_database, journal, rng.uniform(0, 0.15))
        # What the dead worker held is due again, as after its lease.
        await OutboxRow.filter(state=State.PENDING).update(due_at=now())
    await _start_and_kill(either_database, journal, None)
    told: dict[int, set[str]] = defaultdict(set)
    for identity, rows in _lines(journal):
        for row in rows.split(","):
            told[int(row)].add(identity)
    assert len(told) == len(ids) * len(devices), "a row was lost"
    assert all(len(identities) == 1 for identities in told.values()), "one was told twice"


def _size(journal: Path) -> int:
    return journal.stat().st_size if journal.exists() else 0


def _lines(journal: Path) -> list[list[str]]:
    return [line.split() for line in journal.read_text().splitlines()]


async def _start_and_kill(url: str, journal: Path, after: float | None) -> None:
    """Run a worker; kill it so long after it sent first, or when everything is sent."""
    size = _size(journal)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.unit.notifications.sending",
        url,
        str(journal),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(20):
            if after is None:
                while not await all_sent():  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            else:
                while _size(journal) == size:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                await asyncio.sleep(after)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()


async def _import(folder: Path, url: str, kill_after: float | None = None) -> None:
    """Import feed.jsonl in a process of its own, and kill it when told to."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.backoffice",
        str(folder / "feed.jsonl"),
        str(folder),
        cwd=ROOT,
        env={**os.environ, "KINDERBIJSLAG_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )
    if kill_after is not None:
        await asyncio.sleep(kill_after)
        if process.returncode is None:
            process.kill()
    await process.wait()


@pytest.mark.parametrize("either_url", ["sqlite"], indirect=True)
async def test_an_import_killed_at_random_moments_announces_all_or_nothing(
    fund: Fund, either_database: str, tmp_path: Path
) -> None:
    rng = Random(7)
    await subscribe(SOFIE, "phone")
    mine = changed(PAYMENT, "dossier", FAMILY)
    mine["lines"] = [{"component": "basic", "amount": 100}]
    count = 3_000
    batch = feed(*(changed(mine, "reference", f"I-{number}") for number in range(count)))
    (tmp_path / "feed.jsonl").write_bytes(batch)
    for _ in range(KILLS):
        await _import(tmp_path, either_database, kill_after=rng.uniform(0.3, 1.5))
        paid = await Payment.filter(reference__startswith="I-").count()
        assert paid in {0, count}
        assert await OutboxRow.all().count() == paid
    await _import(tmp_path, either_database)
    assert await OutboxRow.all().count() == count
