"""A push service on this machine that takes every message, each after 30 ms.

granian speaks HTTP/2 and HTTP/1.1 over TLS, quickly enough not to be what is measured.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP2Settings
from granian.server import Server

from tests.push_service import certificates

LATENCY = 0.030
HEADERS = [("location", "https://localhost/message/1"), ("ttl", "60")]


class _Service:
    async def __rsgi__(self, _scope: Any, protocol: Any) -> None:
        await protocol()  # the body, as a service would read it
        await asyncio.sleep(LATENCY)
        protocol.response_empty(201, HEADERS)


service = _Service()


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, Path]]:
    """Run the service in a process of its own; gives its address and its certificate."""
    certificate, key = certificates.make(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bench.payday.service", str(port), str(certificate), str(key)]
    process = subprocess.Popen(command, env={**os.environ, "GRANIAN_LOG_ENABLED": "false"})
    try:
        _wait_until_it_listens(port, process)
        yield f"https://localhost:{port}", certificate
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("the push service did not start")
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the push service does not listen")


def main(port: int, certificate: Path, key: Path) -> None:
    """Serve until the process is ended."""
    Server(
        "bench.payday.service:service",
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.auto,
        http2_settings=HTTP2Settings(max_concurrent_streams=100),  # as the real ones
        ssl_cert=certificate,
        ssl_key=key,
        websockets=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
