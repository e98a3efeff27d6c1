"""The commands as an operator runs them, each in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.__main__ import main
from app.server import AddressTaken, check_free

SLOW_APP = """
import asyncio, sys
from quart import Quart, Response
from app import server

app = Quart(__name__, static_folder=None)

@app.get("/slow")
async def slow():
    print("begun", flush=True)
    await asyncio.sleep(1)
    return Response("finished")

@app.before_serving
async def before():
    if "broken" in sys.argv:
        raise RuntimeError("cannot start")

async def main():
    await server.serve(
        [server.Served(app, "127.0.0.1", int(sys.argv[1]))],
        started=lambda: print("started", flush=True),
    )

try:
    asyncio.run(main())
except server.StartFailed:
    sys.exit("failed")
print("stopped", flush=True)
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(url: str, port: int, folder: Path, **more: str) -> dict[str, str]:
    settings = {
        "DATABASE_URL": url,
        "PORT": str(port),
        "DATA_DIR": str(folder),
        "SECRET_KEY": "marked-secret-" + "s" * 40,
        "OIDC_ISSUER": "http://127.0.0.1:9",
        "OIDC_CLIENT_ID": "portaal",
        "OIDC_CLIENT_AUTH": "client_secret_basic",
        "OIDC_CLIENT_SECRET": "marked-secret-client",
        **more,
    }
    kept = {name: value for name, value in os.environ.items() if "KINDERBIJSLAG" not in name}
    return kept | {f"KINDERBIJSLAG_{name}": value for name, value in settings.items()}


@contextmanager
def _process(*arguments: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 (our own programs)
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _command(*arguments: str, environment: dict[str, str]) -> tuple[int, str]:
    with _process("-m", "app", *arguments, environment=environment) as process:
        _, errors = process.communicate(timeout=20)
        return process.returncode, errors


def _answer(port: int, path: str, seconds: float = 15) -> str:
    """What an address answers, once there is a server."""
    give_up_at = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)


def test_a_port_is_free_or_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AddressTaken, match=f"127.0.0.1:{port}"):
            check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)
    with pytest.raises(AddressTaken):
        check_free("192.0.2.1", port)  # an address that no machine has


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_portal_stops_cleanly(sqlite_url: str, tmp_path: Path, number: signal.Signals) -> None:
    port = _free_port()
    environment = _environment(sqlite_url, port, tmp_path)
    with _process("-m", "app", "serve", "--worker", environment=environment) as process:
        assert _answer(port, "/readyz") == "ok\n"
        assert "Aanmelden" in _answer(port, "/")
        began = time.monotonic()
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
        assert time.monotonic() - began < 3
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert '"event": "worker_stopped"' in errors
    assert "marked-secret" not in errors


def test_a_request_under_way_is_finished_first(tmp_path: Path) -> None:
    port = _free_port()
    program = tmp_path / "slow.py"
    program.write_text(SLOW_APP)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with _process(str(program), str(port), environment=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        client = socket.create_connection(("127.0.0.1", port))
        with client:
            client.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert process.stdout.readline() == "begun\n"
            process.send_signal(signal.SIGTERM)
            client.settimeout(5)
            received = b""
            while part := client.recv(4096):
                received += part
        out, _ = process.communicate(timeout=5)
    assert received.endswith(b"finished")
    assert "stopped" in out
    assert process.returncode == 0


def test_an_application_that_cannot_start_is_a_failure(tmp_path: Path) -> None:
    program = tmp_path / "slow.py"
    program.write_text(SLOW_APP)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    arguments = (str(program), str(_free_port()), "broken")
    with _process(*arguments, environment=environment) as process:
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert errors.endswith("failed\n")


def test_a_portal_that_fails_while_starting_says_so_and_ends_with_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    """After the check of the database, and before it is opened, it goes away."""
    environment = _environment(sqlite_url, _free_port(), tmp_path)
    program = (
        "import sys; from app import database; from app.__main__ import main\n"
        "async def away(url): raise OSError('gone')\n"
        "database.connect = away; main(['serve', '--worker'])"
    )
    with _process("-c", program, environment=environment) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors.splitlines()[-1].startswith("Cannot start: ")


@pytest.mark.parametrize("kind", ["a file", "below a file"])
def test_a_data_folder_that_cannot_be_is_one_sentence(
    sqlite_url: str, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "file"
    file.touch()
    folder = file if kind == "a file" else file / "below"
    environment = _environment(sqlite_url, _free_port(), folder)
    status, errors = _command("serve", environment=environment)
    assert (status, len(errors.splitlines())) == (1, 1), errors
    assert "KINDERBIJSLAG_DATA_DIR" in errors
    status, errors = _command("import", "pyproject.toml", environment=environment)
    assert (status, len(errors.splitlines())) == (3, 1), errors
    assert "KINDERBIJSLAG_DATA_DIR" in errors


@pytest.mark.parametrize("end", ["9/x?sslmod=require", "9/x?min_size=few", "port/x"])
def test_an_impossible_database_url_is_one_sentence(tmp_path: Path, end: str) -> None:
    url = f"postgres://user:marked-secret@127.0.0.1:{end}"
    environment = _environment(url, _free_port(), tmp_path)
    for command in ("serve", "migrate"):
        status, errors = _command(command, environment=environment)
        assert (status, len(errors.splitlines())) == (1, 1), errors
        assert "KINDERBIJSLAG_DATABASE_URL" in errors
        assert "marked-secret" not in errors


def test_a_bad_setting_is_named_and_ends_with_two(tmp_path: Path) -> None:
    environment = _environment("sqlite:///x", 8000, tmp_path, RATE_LIMITS="soms", PORT="0")
    for command in (["serve"], ["worker"], ["migrate"], ["incident", "clear"], ["import", "-"]):
        ran = CliRunner().invoke(main, command, env=environment)
        assert ran.exit_code == 2
        assert ran.stderr.splitlines()[0] == "Wrong settings:"
        names = {line.split(":")[0] for line in ran.stderr.splitlines()[1:]}
        assert names == {"KINDERBIJSLAG_RATE_LIMITS", "KINDERBIJSLAG_PORT"}
        assert "marked-secret" not in ran.output


def test_a_key_that_cannot_be_used_is_named_and_ends_with_two(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_text("marked-secret")
    environment = _environment(
        sqlite_url,
        _free_port(),
        tmp_path,
        OIDC_CLIENT_AUTH="private_key_jwt",
        OIDC_CLIENT_KEY=str(tmp_path / "key.pem"),
    )
    status, errors = _command("serve", environment=environment)
    assert (status, errors.splitlines()[0]) == (2, "Wrong settings:")
    assert "KINDERBIJSLAG_OIDC_CLIENT_KEY: " in errors
    assert "marked-secret" not in errors
    assert "Traceback" not in errors


def test_a_taken_port_is_one_sentence(sqlite_url: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = _environment(sqlite_url, port, tmp_path)
        status, errors = _command("serve", environment=environment)
    assert status == 1
    assert errors == (
        f"Cannot listen on 127.0.0.1:{port}: another program does, or it is not ours.\n"
    )


def test_a_database_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    environment = _environment(f"sqlite:///{tmp_path}/none.sqlite3", _free_port(), tmp_path)
    for command in (["serve"], ["worker"], ["incident", "clear"]):
        status, errors = _command(*command, environment=environment)
        assert (status, len(errors.splitlines())) == (1, 1), errors
        assert "kinderbijslag migrate" in errors


def test_a_banner_is_set_and_cleared(sqlite_url: str, tmp_path: Path) -> None:
    environment = _environment(sqlite_url, _free_port(), tmp_path)
    assert _command("incident", "set", "Storing", environment=environment)[0] == 0
    status, errors = _command("incident", "set", "x" * 401, environment=environment)
    assert (status, "at most 400 characters" in errors) == (2, True)
    past = ("incident", "set", "Storing", "--until", "2020-01-01T08:00")
    status, errors = _command(*past, environment=environment)
    assert (status, "this moment is past" in errors) == (2, True)
    assert _command("incident", "clear", environment=environment)[0] == 0
