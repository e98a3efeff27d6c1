"""The commands: each makes the environment fit and says what is then started in it.

Only the standard library, as in ``_environment``. A script finds what stands beside it, while the
tests import from the root: hence the line before the import.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
if not __package__:  # started as a script
    sys.path[0] = str(ROOT)

from bin._environment import CannotStart, Environment, say  # noqa: E402


def demo(environment: Environment, arguments: list[str]) -> list[str]:
    """The portal with its demo; needs no tools of a developer."""
    environment.ensure([])
    return [str(environment.folder / "bin" / "kinderbijslag"), "demo", *arguments]


def test(environment: Environment, arguments: list[str]) -> list[str]:
    """Everything that pytest takes; ``unit`` and ``e2e`` stand for their folders in tests."""
    environment.ensure(["dev"])
    if arguments and re.fullmatch(r"(unit|e2e)(/.*)?", arguments[0]):
        arguments = [f"tests/{arguments[0]}", *arguments[1:]]
    return [str(environment.python), "-m", "pytest", *arguments]


def check(environment: Environment, arguments: list[str]) -> list[str]:
    """The list of steps in bin/_check.py."""
    environment.ensure(["dev"])
    return [str(environment.python), "-m", "bin._check", *arguments]


def bench(environment: Environment, arguments: list[str]) -> list[str]:
    """One measurement: bench/NAME.py or bench/NAME/__main__.py."""
    names = sorted(
        path.stem if path.suffix else path.name
        for path in (environment.root / "bench").glob("*")
        if path.name[0].isalpha() and (path.suffix == ".py" or (path / "__main__.py").exists())
    )
    if not arguments or arguments[0] not in names:
        raise CannotStart(f"Name one measurement: {', '.join(names) or 'there is none yet'}.")
    environment.ensure(["dev", "bench"])
    return [str(environment.python), "-m", f"bench.{arguments[0]}", *arguments[1:]]


def translate(environment: Environment, _arguments: list[str]) -> list[str]:
    """Collect the texts and bring the catalogues up to date."""
    environment.ensure(["dev"])
    return [str(environment.python), str(environment.root / "bin" / "_translations.py"), "update"]


COMMANDS = {"demo": demo, "test": test, "check": check, "bench": bench, "translate": translate}


def main(arguments: list[str]) -> NoReturn:
    """Make the environment and become the command: signals then reach it without a parent."""
    try:
        command = COMMANDS[arguments[0]](Environment(), arguments[1:])
    except CannotStart as problem:
        say(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        say("Stopped; the next start goes on from here.")
        sys.exit(130)
    os.chdir(ROOT)
    os.execv(command[0], command)  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
