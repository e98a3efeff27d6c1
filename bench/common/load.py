"""A load: some keep-alive connections that each ask the next page as soon as they have one.

Plain HTTP/1.1 over asyncio streams, so that the client takes little of the machine. It runs in
the measuring process, the servers in processes of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from time import perf_counter

CONNECTIONS = 16


class WrongAnswer(Exception):
    """A server answered something else than 200 with a length."""


@dataclass(frozen=True)
class Round:
    """What came out of one round."""

    per_second: float
    p50: float  # milliseconds
    p99: float


def request_bytes(port: int, path: str, cookie: str = "") -> bytes:
    """A GET request as a browser of a signed-in parent sends it, without compression."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "User-Agent: bench",
        "Accept: text/html,application/xhtml+xml",
        "Accept-Language: nl-BE,nl;q=0.9",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def run_round(port: int, requests: Sequence[bytes], seconds: float) -> Round:
    """Send these requests over and over for some seconds. Raises WrongAnswer."""
    return asyncio.run(_round(port, requests, seconds))


async def _round(port: int, requests: Sequence[bytes], seconds: float) -> Round:
    ends = perf_counter() + seconds
    supply = cycle(requests)
    took: list[float] = []

    async def visitor() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (began := perf_counter()) < ends:
            writer.write(next(supply))
            await _body(reader)
            took.append(perf_counter() - began)
        writer.close()

    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(visitor())
    return summary(took, perf_counter() - began)


def summary(took: list[float], seconds: float) -> Round:
    """Requests a second and milliseconds, from how long each request took."""
    took.sort()
    return Round(
        per_second=len(took) / seconds,
        p50=took[len(took) // 2] * 1000,
        p99=took[min(len(took) - 1, len(took) * 99 // 100)] * 1000,
    )


async def fetch(port: int, request: bytes) -> str:
    """One page. Raises WrongAnswer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    body = await _body(reader)
    writer.close()
    return body.decode()


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200 "):
        raise WrongAnswer(head[:200].decode())
    _, found, rest = head.partition(b"content-length: ")
    if not found:
        raise WrongAnswer(f"no length: {head.decode()}")
    return await reader.readexactly(int(rest.partition(b"\r\n")[0]))
