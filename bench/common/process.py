"""The processes that are compared: started, asked for their use of the machine, stopped.

On Linux the servers run on one core and the load on another, so that neither takes from the other
and a server with threads gets no more of the machine than one without.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .fund import FOLDER, ROOT
from .load import WrongAnswer, fetch

STARTS_WITHIN = 30.0  # seconds
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class DidNotStart(Exception):
    """A server ended or stayed silent."""


def cores() -> tuple[set[int], set[int]]:
    """The cores of the servers and those of the load; the same where there is only one."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    available = sorted(os.sched_getaffinity(0))
    return {available[0]}, set(available[1:2] or available)


def keep_load_apart() -> None:
    """Have this process, which makes the load, stay off the servers' core."""
    _, own = cores()
    if own:
        os.sched_setaffinity(0, own)


_SERVER_CORES, _ = cores()  # before keep_load_apart narrows what this process may use


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server in a process of its own.

    Where it listens is ``{port}`` in the command, and in the environment ``port_in``.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        port_in: str = "BENCH_PORT",
    ) -> None:
        self.name = name
        self.port = free_port()
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.log = FOLDER / f"{name.replace(' ', '-').replace('+', 'and').lower()}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [part.replace("{port}", str(self.port)) for part in command],
                cwd=ROOT,
                env={**os.environ, **environment, port_in: str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if _SERVER_CORES:
            os.sched_setaffinity(self.process.pid, _SERVER_CORES)

    def wait_for(self, request: bytes) -> None:
        """Wait until the server answers a request. Raises DidNotStart."""
        ends = time.monotonic() + STARTS_WITHIN
        while self.process.poll() is None and time.monotonic() < ends:
            try:
                asyncio.run(fetch(self.port, request))
            except (OSError, EOFError):
                time.sleep(0.1)
            except WrongAnswer as wrong:
                self.stop()
                raise DidNotStart(f"{self.name} answered {wrong} (see {self.log})") from None
            else:
                return
        self.stop()
        raise DidNotStart(f"{self.name} did not start (see {self.log})")

    def pids(self) -> list[int]:
        """The process and those it started."""
        found = [self.process.pid]
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            if children.exists():
                found += [int(child) for child in children.read_text().split()]
        return found

    def cpu_seconds(self) -> float:
        """How long the processors worked for it so far; 0 where that cannot be read."""
        ticks = 0
        for pid in self.pids():
            stat = Path(f"/proc/{pid}/stat")
            if stat.exists():
                fields = stat.read_text().rpartition(") ")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    def megabytes(self) -> float:
        """The memory it holds now; 0 where that cannot be read."""
        held = 0
        for pid in self.pids():
            status = Path(f"/proc/{pid}/status")
            if status.exists():
                lines = status.read_text().splitlines()
                held += sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
        return held / 1024

    def stop(self) -> None:
        """End it, by force when it does not end by itself."""
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def python(module: str, *arguments: str) -> list[str]:
    """A command that runs a module with this Python."""
    return [sys.executable, "-m", module, *arguments]
