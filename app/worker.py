"""What is done in the background, on its own or embedded in a portal that runs alone."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from app.auth.service import forget_unfinished
from app.auth.sessions import remove_ended
from app.clock import now
from app.notifications.follow_up import follow_up
from app.notifications.outbox import forget_done

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """Something to do every so often; ``run`` answers how many things it did."""

    name: str
    every: timedelta
    run: Callable[[datetime], Awaitable[int]]


JOBS = (
    Job("remove_ended_sessions", timedelta(minutes=5), remove_ended),
    Job("forget_unfinished_sign_ins", timedelta(minutes=15), forget_unfinished),
    Job("follow_up_letters", timedelta(minutes=10), follow_up),
    Job("forget_old_alerts", timedelta(minutes=5), forget_done),
)

# What runs all the time until it is told to stop, such as sending alerts.
Service = Callable[[asyncio.Event], Awaitable[None]]


async def work(
    stop: asyncio.Event, jobs: Sequence[Job] = JOBS, services: Sequence[Service] = ()
) -> None:
    """Do the jobs, each in its own rhythm, beside the services, until ``stop`` is set."""
    log.info("worker_started", jobs=len(jobs), services=len(services))
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_repeat(job, stop))
        for service in services:
            group.create_task(_serve(service, stop))
    log.info("worker_stopped")


async def _serve(service: Service, stop: asyncio.Event) -> None:
    await service(stop)


async def work_until_signal(jobs: Sequence[Job] = JOBS, services: Sequence[Service] = ()) -> None:
    """Do the jobs until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await work(stop, jobs, services)


async def _repeat(job: Job, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await run_once(job)
        try:
            async with asyncio.timeout(job.every.total_seconds()):
                await stop.wait()
        except TimeoutError:
            continue


async def run_once(job: Job) -> None:
    """Do a job; what fails is logged and tried again in the next round."""
    try:
        done = await job.run(now())
    except Exception as error:
        log.error("job_failed", job=job.name, exc_info=error)
    else:
        if done:
            log.info("job_done", job=job.name, done=done)
