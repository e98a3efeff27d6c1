"""A browser is looked for in a fixed order, and only one that starts counts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import cast

import pytest
from playwright.async_api import Playwright

from tests import browsers

DEBIAN = "apt-get install -y --no-install-recommends chromium"


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with one browser of its own, on which nothing was found before."""
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)
    monkeypatch.setattr(browsers, "MEMORY", tmp_path / "memory")
    monkeypatch.setattr(browsers, "of_the_system", lambda: ["/usr/bin/chromium"])
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")


async def _order(works: bool) -> list[str]:
    seen: list[str] = []

    async def run(command: list[str]) -> bool:
        seen.append(" ".join(command[1:] if command[0] != "apt-get" else command))
        return works

    async for executable in browsers.candidates(run):
        seen.append(executable or "playwright's own")
    return seen


async def test_what_stands_there_comes_before_what_must_be_installed() -> None:
    assert await _order(works=True) == [
        "playwright's own",
        "/usr/bin/chromium",
        "-m playwright install chromium",
        "playwright's own",
        DEBIAN,
        "/usr/bin/chromium",
    ]


async def test_a_package_list_that_is_missing_is_fetched_once() -> None:
    assert (await _order(works=False))[-2:] == [DEBIAN, "apt-get update"]


async def test_nothing_is_installed_by_an_ordinary_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert DEBIAN not in await _order(works=True)


async def test_the_one_that_was_named_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM_PATH", "/opt/chrome")
    browsers.remember("/opt/found-before")
    assert (await _order(works=True))[:3] == [
        "/opt/chrome",
        "/opt/found-before",
        "playwright's own",
    ]


async def test_without_any_browser_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing_starts(_chromium: object, _executable: object) -> None:
        return None

    async def nothing_installs(_command: list[str]) -> bool:
        return False

    class Driver:
        chromium = None

    monkeypatch.setattr(browsers, "try_to_launch", nothing_starts)
    with pytest.raises(browsers.NoBrowserError, match="sudo apt install chromium") as problem:
        await browsers.launch(cast(Playwright, Driver()), nothing_installs)
    assert "\n" not in str(problem.value)


def test_only_root_gives_up_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--no-sandbox" in browsers.arguments()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--no-sandbox" not in browsers.arguments()
