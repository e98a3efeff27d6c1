"""Finds a Chromium that really starts, and keeps it on this machine.

In this order: the one that CHROMIUM_PATH names, Playwright's own, one of the system, one that
Playwright can fetch, one that Debian can install. What was found is remembered in the virtual
environment, and tried first the next time.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, BrowserType, Playwright
from playwright.async_api import Error as PlaywrightError

MEMORY = Path(sys.prefix) / ".browser"

NAMES = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
]
MAC_APPLICATIONS = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
]

ARGUMENTS = [
    # Nothing of the browser's own goes out, and no page reaches another machine.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    # Containers often have a tiny /dev/shm.
    "--disable-dev-shm-usage",
]

Executable = str | None  # None is the browser that Playwright brings along
Run = Callable[[list[str]], Awaitable[bool]]


class NoBrowserError(RuntimeError):
    """No browser starts here; the text is one sentence that says what to install."""


def arguments() -> list[str]:
    """What a browser is started with on this machine."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*ARGUMENTS, *(["--no-sandbox"] if as_root else [])]


async def launch(playwright: Playwright, run: Run | None = None) -> Browser:
    """Start a browser, found in the order above; the caller closes it.

    ``run`` runs a command that installs something, and says whether it went well. Raises
    NoBrowserError when there is none, and none can be had.
    """
    async for executable in candidates(run or run_quietly):
        if (browser := await try_to_launch(playwright.chromium, executable)) is not None:
            remember(executable)
            return browser
    raise NoBrowserError(
        "The e2e tests need Chromium: install it (Debian or Ubuntu: sudo apt install chromium; "
        "macOS: brew install --cask chromium) or set CHROMIUM_PATH to a Chrome, Chromium or Edge."
    )


async def candidates(run: Run) -> AsyncIterator[Executable]:
    """Executables that may start, the likeliest first; installing is left for last."""
    if "CHROMIUM_PATH" in os.environ:
        yield os.environ["CHROMIUM_PATH"]
    known, executable = remembered()
    if known:
        yield executable
    yield None
    for executable in of_the_system():
        yield executable
    if await run([sys.executable, "-m", "playwright", "install", "chromium"]):
        yield None
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        if await run(install) or (await run(["apt-get", "update"]) and await run(install)):
            for executable in of_the_system():
                yield executable


def of_the_system() -> list[str]:
    """The browsers that were installed on this machine by its owner."""
    named = [found for name in NAMES if (found := shutil.which(name))]
    return [*named, *(path for path in MAC_APPLICATIONS if Path(path).exists())]


async def try_to_launch(chromium: BrowserType, executable: Executable) -> Browser | None:
    """Start a browser for real, for only that shows that it works here."""
    try:
        return await chromium.launch(executable_path=executable, args=arguments(), timeout=30_000)
    except (PlaywrightError, OSError):
        return None


def remember(executable: Executable) -> None:
    """Keep what started, so that the next session need not search."""
    try:
        MEMORY.write_text(json.dumps({"executable": executable}), encoding="utf-8")
    except OSError:
        return  # A read-only environment only costs a search.


def remembered() -> tuple[bool, Executable]:
    """Whether something started before, and what."""
    try:
        return True, json.loads(MEMORY.read_text(encoding="utf-8"))["executable"]
    except (OSError, ValueError, KeyError):
        return False, None


async def run_quietly(command: list[str]) -> bool:
    """Run a command that installs something; its output is of no use to a test report."""
    print(f"No browser found yet; trying: {' '.join(command)}", file=sys.stderr)  # noqa: T201
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
    return await process.wait() == 0
