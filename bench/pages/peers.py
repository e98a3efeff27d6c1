"""The three servers of the payments page, each in one process on the same file."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from bench.common import portal
from bench.common.fund import ROOT, YEAR, Fund
from bench.common.load import request_bytes
from bench.common.process import Server, python

PATH = f"/betalingen/{YEAR}"
_SITE = "bench.pages.django_site"
DJANGO_SERVERS = {
    "gunicorn": ["gunicorn.app.wsgiapp", "--workers=1", "--threads=4", "--worker-class=gthread",
                 "--keep-alive=60", "--no-control-socket", "--bind=127.0.0.1:{port}",
                 f"{_SITE}.wsgi:application"],
    "granian": ["granian", "--interface=wsgi", "--workers=1", "--blocking-threads=1",
                "--no-ws", "--host=127.0.0.1", "--port={port}", f"{_SITE}.wsgi:application"],
    "uvicorn": ["uvicorn", "--host=127.0.0.1", "--port={port}", "--no-access-log",
                "--lifespan=off", f"{_SITE}.wsgi:asgi"],
}  # fmt: skip


@dataclass(frozen=True)
class Peer:
    """A server that answers the page, and the request of each session."""

    server: Server
    requests: list[bytes]


def ours(fund: Fund) -> Peer:
    """The portal itself, as an operator starts it."""
    settings = portal.environment(fund)
    server = Server("ours", python("app", "serve"), settings, port_in="KINDERBIJSLAG_PORT")
    return _ready(server, portal.requests(fund, server.port, PATH))


def quart_sql(fund: Fund) -> Peer:
    """Quart with hand-written SQL on aiosqlite."""
    server = Server("Quart+SQL", python("bench.pages.quart_sql"), portal.environment(fund))
    requests = [request_bytes(server.port, PATH, f"sessie={token}") for token, _ in fund.sessions()]
    return _ready(server, requests)


def django(fund: Fund, served_by: str) -> Peer:
    """Django served by gunicorn, granian or uvicorn."""
    keys = _sign_in_at_django(fund)
    command = python(*DJANGO_SERVERS[served_by])
    server = Server(f"Django on {served_by}", command, portal.environment(fund))
    requests = [request_bytes(server.port, PATH, f"django_sessie={key}") for key in keys]
    return _ready(server, requests)


def makers(django_server: str) -> dict[str, Callable[[Fund], Peer]]:
    """What takes part, by name."""
    return {
        "ours": ours,
        "Django": lambda fund: django(fund, django_server),
        "Quart+SQL": quart_sql,
    }


def _ready(server: Server, requests: list[bytes]) -> Peer:
    server.wait_for(requests[0])
    return Peer(server, requests)


def _sign_in_at_django(fund: Fund) -> list[str]:
    accounts = "\n".join(str(family * 2 - 1) for _, family in fund.sessions())
    done = subprocess.run(
        python(f"{_SITE}.sessions"),
        input=accounts,
        stdout=subprocess.PIPE,
        env={**os.environ, **portal.environment(fund)},
        cwd=ROOT,
        text=True,
        check=True,
    )
    return done.stdout.split()
