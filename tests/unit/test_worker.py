from __future__ import annotations

import asyncio
import json
import os
import signal
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from app import worker
from app.clock import now
from app.worker import Job, run_once, work

MARK = "85.04.12-214.53"


class Counting:
    """A job that counts its runs, and fails when told to."""

    def __init__(self, done: int = 1, fails: int = 0) -> None:
        self.runs = 0
        self._done = done
        self._fails = fails

    async def __call__(self, moment: datetime) -> int:
        assert moment.tzinfo is not None
        self.runs += 1
        if self.runs <= self._fails:
            raise RuntimeError(MARK)
        return self._done


async def _until(reached: int, *jobs: Counting) -> None:
    async with asyncio.timeout(5):
        while not all(job.runs >= reached for job in jobs):  # noqa: ASYNC110 (jobs know no event)
            await asyncio.sleep(0.005)


async def test_a_job_that_fails_is_logged_and_tried_again_while_others_go_on() -> None:
    bad, good = Counting(fails=2), Counting()
    soon = timedelta(milliseconds=10)
    stop = asyncio.Event()
    with capture_logs() as logged:
        running = asyncio.create_task(work(stop, (Job("bad", soon, bad), Job("good", soon, good))))
        await _until(4, bad, good)
        stop.set()
        await asyncio.wait_for(running, 1)
    failed = [event for event in logged if event["event"] == "job_failed"]
    assert [event["job"] for event in failed] == ["bad", "bad"]
    assert {event["job"] for event in logged if event["event"] == "job_done"} == {"bad", "good"}
    shown = [{key: value for key, value in event.items() if key != "exc_info"} for event in logged]
    assert MARK not in json.dumps(shown)
    assert [logged[0]["event"], logged[-1]["event"]] == ["worker_started", "worker_stopped"]


async def test_stopping_does_not_wait_for_the_next_round() -> None:
    job = Counting()
    stop = asyncio.Event()
    running = asyncio.create_task(work(stop, (Job("daily", timedelta(days=1), job),)))
    await _until(1, job)
    stop.set()
    await asyncio.wait_for(running, 1)
    assert job.runs == 1


async def test_a_round_with_nothing_to_do_is_not_worth_a_line() -> None:
    with capture_logs() as logged:
        await run_once(Job("idle", timedelta(1), Counting(done=0)))
    assert logged == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_worker(number: signal.Signals) -> None:
    job = Counting()
    daily = Job("daily", timedelta(days=1), job)
    running = asyncio.create_task(worker.work_until_signal(jobs=(daily,)))
    loop = asyncio.get_running_loop()
    try:
        await _until(1, job)
        os.kill(os.getpid(), number)
        await asyncio.wait_for(running, 2)
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        loop.remove_signal_handler(signal.SIGINT)


async def test_the_jobs_of_the_portal_run_on_an_empty_database(either_database: str) -> None:
    for job in worker.JOBS:
        assert await job.run(now()) == 0
    assert len({job.name for job in worker.JOBS}) == len(worker.JOBS)
