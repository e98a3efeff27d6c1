"""Makes .venv when it is missing or out of date.

Only the standard library: this runs before anything is installed. The environment is stamped with
a hash of what went into it, so that the next start only compares. What cannot be done is said in
one sentence on the error output, without a traceback.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = "app/translations/*/LC_MESSAGES/messages.po"

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


class CannotStart(Exception):
    """One clear sentence that tells why, and what to do about it."""


def say(sentence: str) -> None:
    """Tell the developer something, aside from the output of the command itself."""
    print(sentence, file=sys.stderr, flush=True)


def run_quietly(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command and keep everything that it says, its errors included, as its output."""
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


class Environment:
    """The virtual environment of one clone.

    ``run`` starts a command and gives its result; tests put their own in its place.
    """

    def __init__(self, root: Path = ROOT, run: Run = run_quietly) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.run = run

    # What is there, and what should be

    def made_for(self) -> str:
        """What ties the folder itself: the version of Python and the place of the clone."""
        return f"{sys.version_info.major}.{sys.version_info.minor} {self.root}"

    def wanted(self, extras: Sequence[str]) -> str:
        """A hash of everything that decides what gets installed."""
        project = self.project()
        decisive = [project["build-system"], project["project"], project["tool"]["hatch"]]
        constraints = _text(self.root / "constraints.txt")
        parts = [self.made_for(), decisive, constraints, sorted(extras)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def stamp(self, name: str) -> Path:
        """The file that remembers what was made or installed last."""
        return self.folder / f".made-{name}"

    def has(self, extras: Sequence[str]) -> bool:
        """Whether this set of extras, or a set that holds it, is installed and up to date."""
        if _text(self.stamp("for")) != self.made_for() or not self.python.exists():
            return False
        sets = [tuple(sorted(extras)), *_larger_sets(extras)]
        return any(_text(self.stamp("-".join(one) or "run")) == self.wanted(one) for one in sets)

    # Making it

    def ensure(self, extras: Sequence[str]) -> None:
        """Make the environment fit: at most once at a time, and only when something changed.

        Raises CannotStart with the reason when that is not possible.
        """
        extras = sorted(set(extras) & self.known_extras())
        with _refusals_in_plain_words(self.root), self.alone():
            if not self.has(extras):
                if _text(self.stamp("for")) != self.made_for() or not self.python.exists():
                    self.create()
                self.install(extras)
            self.compile_catalogues()

    def known_extras(self) -> set[str]:
        """The extras that pyproject.toml defines."""
        return set(self.project()["project"].get("optional-dependencies", {}))

    def project(self) -> dict[str, Any]:
        """What pyproject.toml says."""
        return tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold off other commands that are making the same environment.

        The lock is on a file of the repository, which needs no right to write. Some network
        folders know no locks: there two commands at once are the developer's own affair.
        """
        with (self.root / "pyproject.toml").open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another command is making .venv; waiting for it.")
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError:
                pass
            yield

    def create(self) -> None:
        """Make an empty virtual environment, whatever stood there before."""
        python = getattr(sys, "_base_executable", None) or sys.executable
        if self.folder.is_symlink() or self.folder.is_file():
            self.folder.unlink()
        elif self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        say("Making .venv: once, for about a minute.")
        if self.run([python, "-c", "import ensurepip"]).returncode != 0:
            self.make_up_for_ensurepip(python)
        elif (made := self.run([python, "-m", "venv", str(self.folder)])).returncode != 0:
            raise CannotStart(f"Python could not make .venv: {_reason(made.stdout)}")
        self.stamp("for").write_text(self.made_for(), encoding="utf-8")

    def make_up_for_ensurepip(self, python: str) -> None:
        """Debian leaves out a part of Python: install it where that is allowed, else use uv."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if os.geteuid() == 0 and shutil.which("apt-get"):
            for package in (version, "python3-venv"):
                install = ["apt-get", "install", "-y", "--no-install-recommends", package]
                if self.run(install).returncode and self.run(["apt-get", "update"]).returncode == 0:
                    self.run(install)
                if self.run([python, "-m", "venv", str(self.folder)]).returncode == 0:
                    return
        uv = shutil.which("uv")
        seeded = [uv or "uv", "venv", "--seed", "--clear", "--python", python, str(self.folder)]
        if uv and self.run(seeded).returncode == 0:
            return
        raise CannotStart(
            "This Python cannot make virtual environments: install the missing part "
            f"(Debian or Ubuntu: sudo apt install {version}) and run this command again."
        )

    def install(self, extras: Sequence[str]) -> None:
        """Install the project, editable, with the pinned versions of what it needs."""
        name = "-".join(extras) or "run"
        say(f"Installing what the portal needs{' and its tools' if extras else ''} …")
        self.stamp(name).unlink(missing_ok=True)
        target = f"{self.root}[{','.join(extras)}]" if extras else str(self.root)
        command = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check"]
        command += ["--no-input", "--progress-bar", "off", "--retries", "2"]
        if (self.root / "constraints.txt").exists():
            command += ["--constraint", str(self.root / "constraints.txt")]
        done = self.run([*command, "--editable", target])
        log = self.folder / "install.log"
        log.write_text(done.stdout or "", encoding="utf-8")
        if done.returncode != 0:
            raise CannotStart(_why_pip_failed(done.stdout))
        self.stamp(name).write_text(self.wanted(extras), encoding="utf-8")

    def compile_catalogues(self) -> None:
        """Compile the translations that changed since the last start."""
        for source in self.root.glob(CATALOGUES):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                script = self.root / "bin" / "_translations.py"
                done = self.run([str(self.python), str(script), "compile"])
                if done.returncode != 0:
                    raise CannotStart(f"The translations do not compile: {_reason(done.stdout)}")
                return


def _larger_sets(extras: Sequence[str]) -> list[tuple[str, ...]]:
    return [one for one in (("dev",), ("bench", "dev")) if set(extras) < set(one)]


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _reason(output: str | None) -> str:
    """The last thing that a tool said, which is where tools put their reason."""
    lines = [line.strip() for line in (output or "").splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"


_NO_DISK = re.compile(r"No space left|Disk quota exceeded", re.IGNORECASE)
_READ_ONLY = re.compile(r"Read-only file system|Permission denied", re.IGNORECASE)
_NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Name or service not known"
    r"|name resolution|nodename nor servname|Network is unreachable|from versions: none",
    re.IGNORECASE,
)


def _why_pip_failed(output: str | None) -> str:
    text = output or ""
    if _NO_DISK.search(text):
        return "The disk is full: make room (about 1 GB) and run this command again."
    if _READ_ONLY.search(text):
        return "The folder of the portal cannot be written to: make it writable or clone elsewhere."
    if _NO_NETWORK.search(text):
        return (
            "The Python packages could not be fetched: connect this machine to the internet, "
            "or tell pip where else to look (PIP_INDEX_URL), and run this command again."
        )
    errors = [line for line in text.splitlines() if line.startswith("ERROR:")]
    return (
        f"Installing the Python packages failed: {_reason(errors[0] if errors else text)} "
        "(everything pip said is in .venv/install.log)"
    )


@contextmanager
def _refusals_in_plain_words(root: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            raise CannotStart(
                f"{root} cannot be written to: make it writable or clone the portal elsewhere."
            ) from None
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CannotStart(
                "The disk is full: make room (about 1 GB) and run this command again."
            ) from None
        raise CannotStart(f"Making .venv failed: {error}.") from None
