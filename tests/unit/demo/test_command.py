from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import database
from app.auth.models import Account
from app.demo import loading
from app.demo.command import demo_command, demo_settings, start_over
from app.dossiers.models import Dossier, Party
from app.letters.models import Letter
from app.payments.models import Payment
from tests.cast import SOFIE, account_of

TODAY = date(2026, 11, 23)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_is_told_in_one_sentence(taken_port: int, tmp_path: Path) -> None:
    result = CliRunner().invoke(demo_command, ["--port", str(taken_port), "--data", str(tmp_path)])

    assert result.exit_code == 1
    assert result.output == (
        f"Another program already listens on 127.0.0.1:{taken_port}. Stop it, or choose --port.\n"
    )


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "below"

    result = CliRunner().invoke(demo_command, ["--port", "65000", "--data", str(folder)])

    assert result.exit_code == 1
    assert result.output == f"Cannot write in the folder {folder}: Not a directory.\n"


def test_secrets_are_made_once_and_only_the_owner_may_read_them(tmp_path: Path) -> None:
    first = demo_settings(tmp_path, 8000, 8001)
    second = demo_settings(tmp_path, 8000, 8001)

    assert first == second
    assert first.oidc_client_key is not None
    for path in (tmp_path / "secret_key", first.oidc_client_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_starting_over_leaves_alone_what_the_demo_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("years of work")
    demo_settings(tmp_path, 8000, 8001)
    (tmp_path / "kinderbijslag.sqlite3").touch()
    for name in ("documents", "feed", "incoming", "mail"):
        (tmp_path / name).mkdir()
    (tmp_path / "push.pem").touch()

    start_over(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


async def test_the_fund_is_loaded_once_and_a_second_start_keeps_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "FAMILIES", 5)
    monkeypatch.setattr(loading, "MONTHS", 3)
    settings = demo_settings(tmp_path, 8000, 8001)
    await database.migrate(settings.database_url)
    await loading.load_demo_fund(settings, TODAY)
    await database.connect(settings.database_url)
    await account_of(SOFIE)
    await database.disconnect()

    await loading.load_demo_fund(settings, TODAY)

    await database.connect(settings.database_url)
    try:
        mine = await Party.filter(person__number=SOFIE.number).count()
        counts = [await table.all().count() for table in (Dossier, Payment, Letter, Account)]
    finally:
        await database.disconnect()
    assert mine == 1
    assert counts[0] >= 5
    assert all(counts)
