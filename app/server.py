"""Serving: one or more applications in one process, with or without the worker beside them."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import uvicorn

SHUTDOWN_SECONDS = 10  # for requests under way
BACKLOG = 512


class AddressTaken(Exception):
    """Another program listens on the address, or it is not this machine's."""


class StartFailed(Exception):
    """An application could not start; the log holds why."""


@dataclass(frozen=True)
class Served:
    """An application and where it listens."""

    app: Any
    host: str
    port: int


class _Server(uvicorn.Server):
    """A server that leaves the signals to ``serve``, which may run several."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def check_free(host: str, port: int) -> None:
    """Raise AddressTaken when nothing can listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise AddressTaken(f"{host}:{port}") from None


async def serve(
    served: list[Served],
    *,
    beside: Callable[[asyncio.Event], Awaitable[None]] | None = None,
    started: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then let requests under way finish.

    ``beside`` runs meanwhile and is told to stop by an event; ``started`` is called once every
    application answers. Raises StartFailed when one of them never did.
    """
    servers = [_Server(_config(one)) for one in served]
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(_serve(server)) for server in servers]
        group.create_task(_stop_all(servers, stop, running))
        if not await _all_started(servers, running):
            stop.set()
        elif started is not None and not stop.is_set():
            started()
        if beside is not None:
            group.create_task(_run(beside(stop)))
    if not all(server.started for server in servers):
        raise StartFailed


async def _serve(server: _Server) -> None:
    with contextlib.suppress(SystemExit):  # how uvicorn ends when an application cannot start
        await server.serve()


async def _run(waiting: Awaitable[None]) -> None:
    await waiting


async def _all_started(servers: list[_Server], running: list[asyncio.Task[None]]) -> bool:
    """Wait until every server answers; False when one of them ended instead."""
    while not all(server.started for server in servers):
        if any(task.done() for task in running):
            return False
        await asyncio.sleep(0.02)
    return True


async def _stop_all(
    servers: list[_Server], stop: asyncio.Event, running: list[asyncio.Task[None]]
) -> None:
    """Stop every server when one is asked to, or when one of them ended by itself."""
    asked = asyncio.create_task(stop.wait())
    await asyncio.wait([asked, *running], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asked
    for server in servers:
        server.should_exit = True


def _config(served: Served) -> uvicorn.Config:
    return uvicorn.Config(
        served.app,
        host=served.host,
        port=served.port,
        backlog=BACKLOG,
        access_log=False,  # the portal logs its requests itself, without addresses
        log_config=None,
        server_header=False,
        proxy_headers=False,  # the portal believes only the proxies that the operator counted
        lifespan="on",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
