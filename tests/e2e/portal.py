"""The demo as a stranger starts it: the command in a process of its own, stopped by Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.demo.people import DemoPerson

COMMAND = str(Path(sys.executable).parent / "kinderbijslag")
PATIENCE = 60  # seconds, on a busy machine
STOPS_WITHIN = 15


def free_ports() -> tuple[int, int]:
    """Two neighbouring ports that nobody listens on: for the portal and for its provider."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port, port + 1
    raise RuntimeError("no two free ports side by side")


def environment(**settings: object) -> dict[str, str]:
    """The environment of this process, with only these settings of the portal."""
    kept = {name: text for name, text in os.environ.items() if "KINDERBIJSLAG_" not in name}
    named = {f"KINDERBIJSLAG_{name.upper()}": str(value) for name, value in settings.items()}
    return kept | named


@dataclass(frozen=True)
class Portal:
    """A running portal: where it is, where one signs in, and the file with its data."""

    address: str
    provider: str
    database: Path

    def url(self, path: str) -> str:
        """The full address of a path of the portal."""
        return f"{self.address}{path}"

    def rows(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[Any]:
        """What a query finds in the database: what a test needs to know beforehand."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")  # who goes takes everything along
            found = connection.execute(sql, values).fetchall()
            connection.commit()
        return found

    def forget_profile(self, person: DemoPerson) -> None:
        """Let somebody be here for the first time again."""
        number = (person.number,)
        for table in ("session", "reading"):
            self.rows(
                f"DELETE FROM {table} WHERE account_id IN"
                " (SELECT id FROM account WHERE number = ?)",
                number,
            )
        self.rows("DELETE FROM account WHERE number = ?", number)

    def forget_readings(self, person: DemoPerson) -> None:
        """Make all letters new to somebody."""
        self.rows(
            "DELETE FROM reading WHERE account_id IN (SELECT id FROM account WHERE number = ?)",
            (person.number,),
        )

    def let_sessions_expire(self, person: DemoPerson) -> None:
        """Make as if somebody has been away for longer than a session lasts."""
        self.rows(
            "UPDATE session SET last_seen_at = '2020-01-01 00:00:00+00:00' WHERE account_id IN"
            " (SELECT id FROM account WHERE number = ?)",
            (person.number,),
        )


@contextmanager
def running(
    arguments: Sequence[str], ready: str, environ: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the portal's command until the block ends; then Ctrl-C must end it well.

    Raises AssertionError with what it said when it does not start or does not stop cleanly.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 (our own command)
            [COMMAND, *arguments], stdout=output, stderr=subprocess.STDOUT, env=dict(environ)
        )
    try:
        _wait_until_ready(process, ready, log)
        yield process
    except BaseException:
        process.kill()
        process.wait()
        raise
    process.send_signal(signal.SIGINT)
    try:
        status = process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise AssertionError(f"{arguments[0]} did not stop:\n{log.read_text()}") from None
    said = log.read_text(encoding="utf-8")
    assert status == 0, f"{arguments[0]} ended with status {status}:\n{said}"
    assert "Traceback" not in said, said


def _wait_until_ready(process: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(ready, timeout=2):  # noqa: S310 (our own address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"the portal did not start:\n{log.read_text(encoding='utf-8')}")


@contextmanager
def demo(folder: Path, **variables: str) -> Iterator[Portal]:
    """Run ``kinderbijslag demo`` with its data in ``folder``, without rate limits.

    ``variables``: what else stands in its environment.
    """
    port, provider_port = free_ports()
    data = folder / "data"
    portal = Portal(
        f"http://localhost:{port}",
        f"http://127.0.0.1:{provider_port}",
        data / "kinderbijslag.sqlite3",
    )
    arguments = ["demo", "--port", str(port), "--data", str(data)]
    environ = environment(rate_limits="off") | variables
    with running(arguments, portal.url("/readyz"), environ, folder / "demo.log"):
        yield portal
