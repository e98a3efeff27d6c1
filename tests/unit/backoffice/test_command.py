"""The command line: what it prints and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.unit.backoffice.feeds import DOSSIER, FAMILY, PAYMENT, changed, feed

Run = Callable[..., CompletedProcess[str]]

PLAIN = "from app.backoffice.command import import_command; import_command()"
MEASURED = """
import resource, sys
from app.backoffice.command import import_command
try:
    import_command()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path) -> Run:
    """Runs ``kinderbijslag import`` as an operator does."""

    def command(
        *arguments: str, stdin: bytes = b"", script: str = PLAIN, **settings: str
    ) -> CompletedProcess[str]:
        environment = {
            **os.environ,
            "KINDERBIJSLAG_DATABASE_URL": sqlite_url,
            "KINDERBIJSLAG_DATA_DIR": str(tmp_path),
            "KINDERBIJSLAG_SECRET_KEY": "s" * 40,
            "KINDERBIJSLAG_OIDC_ISSUER": "http://127.0.0.1:8001",
            "KINDERBIJSLAG_OIDC_CLIENT_ID": "portaal",
            "KINDERBIJSLAG_OIDC_CLIENT_AUTH": "client_secret_basic",
            "KINDERBIJSLAG_OIDC_CLIENT_SECRET": "geheim",
            **settings,
        }
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-c", script, *arguments],
            input=stdin,
            capture_output=True,
            env=environment,
            check=False,
        )
        return CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return command


@pytest.fixture
def feed_file(tmp_path: Path) -> Path:
    """A feed of one family."""
    path = tmp_path / "feed.jsonl"
    path.write_bytes(feed(*FAMILY))
    return path


def test_a_feed_is_stored_and_told_of(run: Run, feed_file: Path) -> None:
    done = run(str(feed_file))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "batch B1: stored, 6 records (new 6, changed 0, unchanged 0)\n"
    assert run(str(feed_file)).stdout == "batch B1: stored before, nothing changed\n"


def test_the_report_is_json_when_asked(run: Run, feed_file: Path) -> None:
    assert json.loads(run(str(feed_file), "--json").stdout) == {
        "ok": True,
        "batches": [
            {
                "batch": "B1",
                "outcome": "stored",
                "records": 6,
                "new": {"office": 1, "dossier": 1, "payment": 1, "letter": 2, "message": 1},
                "changed": {},
                "unchanged": {},
            }
        ],
        "error_count": 0,
        "errors": [],
        "warning_count": 0,
        "warnings": [],
    }


def test_a_bad_feed_from_a_pipe_ends_with_1(run: Run) -> None:
    done = run("-", stdin=feed(DOSSIER, changed(PAYMENT, "state", "lost")))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "error: line 3: /state must be one of: announced, paid, returned, corrected",
        "batch B1: refused, nothing of it is stored",
    ]
    assert run("-", "--dry-run", stdin=feed(DOSSIER)).stdout.startswith("batch B1: valid")


def test_wrong_use_and_wrong_settings_end_with_2(run: Run, feed_file: Path) -> None:
    assert run("absent.jsonl").returncode == 2
    assert run(str(feed_file), KINDERBIJSLAG_SECRET_KEY="short").returncode == 2


def test_a_database_that_does_not_work_ends_with_3(run: Run, feed_file: Path) -> None:
    url = f"sqlite:///{feed_file.parent}/absent.sqlite3"
    done = run(str(feed_file), KINDERBIJSLAG_DATABASE_URL=url)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.endswith("there is no database yet: run kinderbijslag migrate.\n")


def test_a_log_holds_no_name_number_or_account(run: Run, feed_file: Path) -> None:
    logged = run(str(feed_file)).stderr
    assert '"feed_imported"' in logged
    assert not any(word in logged for word in ("Žofie", "7034", DOSSIER["people"][0]["number"]))


@pytest.mark.skipif(sys.platform != "linux", reason="memory as Linux counts it, in kilobytes")
def test_memory_does_not_grow_with_the_batch(run: Run, tmp_path: Path) -> None:
    peaks = []
    for payments in (5_000, 20_000):
        path = tmp_path / f"{payments}.jsonl"
        records = [{**PAYMENT, "reference": f"P-{payments}-{n}"} for n in range(payments)]
        path.write_bytes(feed(DOSSIER, *records, batch=f"B{payments}"))
        done = run(str(path), script=MEASURED)
        assert done.returncode == 0, done.stdout
        peaks.append(int(done.stderr.splitlines()[-1]))
    # All at once, the larger batch would take 60 MB more. Index pages are cached, up to a bound.
    assert peaks[1] - peaks[0] < 30_000
