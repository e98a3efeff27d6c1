"""The servers that could serve the portal: hypercorn, uvicorn (three ways) and granian.

``bin/bench server [--rounds 7] [--seconds 5] [--quick]``: the page of payments over 16 keep-alive
connections, one process each, in alternating rounds. Then each is asked to stop, by SIGTERM and
by Ctrl-C, while a request of two seconds is under way: that request should be answered and the
process should end by itself with 0.
"""

from __future__ import annotations

import asyncio
import signal
import time
from argparse import ArgumentParser
from dataclasses import dataclass, field
from statistics import median
from subprocess import TimeoutExpired

from bench.common import portal
from bench.common.fund import YEAR, Fund, ready_fund
from bench.common.load import Round, WrongAnswer, fetch, request_bytes, run_round
from bench.common.process import Server, keep_load_apart, python

from . import SLOW

APP = "bench.server.portal:app"
UVICORN = ["uvicorn", "--host=127.0.0.1", "--port={port}", "--no-access-log", "--no-server-header"]
SERVERS = {
    "as now": python("bench.server.portal"),
    "uvicorn": python(*UVICORN, "--loop=asyncio", "--http=h11", APP),
    "uvicorn+": python(*UVICORN, "--loop=uvloop", "--http=httptools", APP),
    "hypercorn": python("hypercorn", "--bind=127.0.0.1:{port}", "--workers=1", APP),
    "granian": python(
        "granian", "--interface=asgi", "--host=127.0.0.1", "--port={port}", "--workers=1", APP
    ),
}
ENDS_WITHIN = 15.0  # seconds


@dataclass
class Measured:
    """What is known of one server."""

    rounds: list[Round] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    megabytes: float = 0
    endings: dict[str, str] = field(default_factory=dict)


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="bin/bench server", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--quick", action="store_true", help="3 rounds of 2 seconds")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 3, 2.0
    fund = ready_fund(2_000)
    keep_load_apart()
    measured = {name: Measured() for name in SERVERS}
    _measure_speed(fund, measured, options.rounds, options.seconds)
    for name, one in measured.items():
        for number in (signal.SIGTERM, signal.SIGINT):
            one.endings[number.name] = _ending(fund, name, number)
    _report(measured)


def _start(fund: Fund, name: str) -> Server:
    server = Server(f"server {name}", SERVERS[name], portal.environment(fund))
    server.wait_for(request_bytes(server.port, "/healthz"))
    return server


def _measure_speed(fund: Fund, measured: dict[str, Measured], rounds: int, seconds: float) -> None:
    servers: dict[str, Server] = {}
    try:
        for name in SERVERS:
            servers[name] = _start(fund, name)
        requests = {
            name: portal.requests(fund, server.port, f"/betalingen/{YEAR}")
            for name, server in servers.items()
        }
        for name, server in servers.items():
            run_round(server.port, requests[name], 2.0)
        for number in range(rounds):
            names = list(servers)
            start = number % len(names)
            for name in names[start:] + names[:start]:
                before = servers[name].cpu_seconds()
                done = run_round(servers[name].port, requests[name], seconds)
                used = servers[name].cpu_seconds() - before
                measured[name].rounds.append(done)
                measured[name].cpu.append(used * 1000 / (done.per_second * seconds))
        for name, server in servers.items():
            measured[name].megabytes = server.megabytes()
    finally:
        for server in servers.values():
            server.stop()


def _ending(fund: Fund, name: str, number: signal.Signals) -> str:
    """How a server ends when it is asked to while a slow request is under way."""
    server = _start(fund, name)
    try:
        answer = asyncio.run(_ask_slowly(server, number))
        asked = time.monotonic()
        try:
            status = server.process.wait(timeout=ENDS_WITHIN)
        except TimeoutExpired:
            return f"{answer}, never ended"
        return f"{answer}, ended with {status} {time.monotonic() - asked:.1f} s later"
    finally:
        server.stop()


async def _ask_slowly(server: Server, number: signal.Signals) -> str:
    asked = asyncio.create_task(fetch(server.port, request_bytes(server.port, SLOW)))
    await asyncio.sleep(0.5)
    server.process.send_signal(number)
    try:
        return "answered" if await asked == "ok" else "garbled"
    except (OSError, EOFError, WrongAnswer):
        return "cut off"


def _report(measured: dict[str, Measured]) -> None:
    first = next(iter(measured.values()))
    print(f"medians of {len(first.rounds)} rounds; the ratio is to what serves the portal now")
    print(f"{'':11}{'requests/s':>11}{'ratio':>7}{'p50 ms':>8}{'p99 ms':>8}{'CPU ms':>8}{'MB':>5}")
    for name, one in measured.items():
        pairs = zip(one.rounds, first.rounds, strict=True)
        print(
            f"{name:11}{median(r.per_second for r in one.rounds):11.0f}"
            f"{median(a.per_second / b.per_second for a, b in pairs):7.2f}"
            f"{median(r.p50 for r in one.rounds):8.1f}{median(r.p99 for r in one.rounds):8.1f}"
            f"{median(one.cpu):8.2f}{one.megabytes:5.0f}"
        )
    for name, one in measured.items():
        for signal_name, ending in one.endings.items():
            print(f"{name:11}{signal_name:8} {ending}")


if __name__ == "__main__":
    main()
