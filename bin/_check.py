"""Looks at the code without running it: every step below, or those whose names are given.

``--fix`` first lets the tools mend what they can by themselves.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests import nodejs

ROOT = Path(__file__).resolve().parent.parent

# Shared by several steps.
ESLINT = [
    *("node:eslint/bin/eslint.js", "--config", "tests/node/eslint.config.js"),
    *("--no-error-on-unmatched-pattern", "static/js", "static/sw.js", "tests/node"),
]
TSC = ["node:typescript/bin/tsc", "--project"]


@dataclass(frozen=True)
class Step:
    """One look at the code: what it is called, the command, and what mends it.

    ``only_if`` is a pattern of files; without such files there is nothing to look at yet.
    A word that starts with ``node:`` is a script of a package in tests/node.
    """

    name: str
    command: list[str]
    fix: list[str] | None = None
    only_if: str | None = None


STEPS = [
    Step("lint", ["ruff", "check", "--quiet", "."], ["ruff", "check", "--quiet", "--fix", "."]),
    Step("format", ["ruff", "format", "--check", "."], ["ruff", "format", "--quiet", "."]),
    Step("types", ["mypy"]),
    Step("contracts", ["lint-imports", "--no-logo"]),
    Step("templates", ["djlint", "templates", "--lint", "--quiet"], only_if="templates/**/*.html"),
    Step(
        "translations",
        ["python", "bin/_translations.py", "check"],
        ["python", "bin/_translations.py", "update"],
    ),
    Step("scripts", ESLINT, [*ESLINT, "--fix"]),
    Step("script types", [*TSC, "tests/node"], only_if="static/js/**/*.js"),
    Step("worker types", [*TSC, "tests/node/tsconfig.sw.json"], only_if="static/sw.js"),
]


@dataclass(frozen=True)
class Outcome:
    """What a step came to; ``passed`` is None when there was nothing to look at."""

    step: Step
    passed: bool | None
    seconds: float
    output: str


def run(step: Step) -> Outcome:
    """Take one step, and keep what its tool says."""
    started = time.monotonic()
    if step.only_if and next(ROOT.glob(step.only_if), None) is None:
        return Outcome(step, None, 0.0, "")
    passed, output = _run(step.command)
    return Outcome(step, passed, time.monotonic() - started, output)


def _run(command: list[str]) -> tuple[bool, str]:
    try:
        words = _resolved(command)
    except nodejs.NodePackagesError as error:
        return False, f"{error}\n"
    environment = nodejs.environment()
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout


def _resolved(command: list[str]) -> list[str]:
    first, *rest = command
    if first.startswith("node:"):
        package, _, entry = first.removeprefix("node:").partition("/")
        return [*nodejs.tool(package, entry), *rest]
    return [str(Path(sys.executable).parent / first), *rest]


def report(outcomes: Iterable[Outcome], say: Callable[[str], None]) -> int:
    """Tell how each step went, with the command and its output where it failed.

    Gives the number of steps that failed.
    """
    failed = []
    count = 0
    for outcome in outcomes:
        count += 1
        verdict = {None: "nothing yet", True: "ok", False: "FAILED"}[outcome.passed]
        seconds = f"{outcome.seconds:5.1f} s" if outcome.passed is not None else ""
        say(f"{outcome.step.name:<14}{verdict:<12}{seconds}".rstrip())
        if outcome.passed is False:
            failed.append(outcome.step.name)
            say(f"    $ {' '.join(outcome.step.command)}")
            say("\n".join(f"    {line}" for line in outcome.output.splitlines()))
    if failed:
        say(f"{len(failed)} of {count} steps failed: {', '.join(failed)}")
    else:
        say(f"All {count} steps passed.")
    return len(failed)


def main(arguments: list[str]) -> int:
    """Run the steps that were named, or all of them; 1 when a step failed."""
    names = [argument for argument in arguments if not argument.startswith("-")]
    flags = set(arguments) - set(names)
    unknown = sorted(set(names) - {step.name for step in STEPS}) + sorted(flags - {"--fix"})
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. Steps: {', '.join(one.name for one in STEPS)}.")
        return 2
    steps = [step for step in STEPS if not names or step.name in names]
    if "--fix" in flags:
        for step in steps:
            if step.fix and (step.only_if is None or next(ROOT.glob(step.only_if), None)):
                _run(step.fix)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return int(report(pool.map(run, steps), lambda text: print(text, flush=True)) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
