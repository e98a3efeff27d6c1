"""Each command starts the right thing, on whatever Python a machine has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bin import _commands as commands
from bin._environment import CannotStart, Environment

ROOT = Path(__file__).parents[3]


def test_test_passes_everything_on_to_pytest(environment: Environment) -> None:
    command = commands.test(environment, ["unit", "-k", "brieven"])
    assert command[1:] == ["-m", "pytest", "tests/unit", "-k", "brieven"]
    assert commands.test(environment, ["-k", "unit"])[1:] == ["-m", "pytest", "-k", "unit"]
    assert commands.test(environment, ["e2e/test_a.py"])[-1] == "tests/e2e/test_a.py"


def test_bench_names_the_measurements_that_there_are(environment: Environment) -> None:
    folder = environment.root / "bench"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "__main__.py").touch()
    (folder / "import.py").touch()
    (folder / "_tools.py").touch()
    with pytest.raises(CannotStart, match=r"Name one measurement: import, pages\."):
        commands.bench(environment, ["nothing"])
    assert commands.bench(environment, ["import", "-n", "3"])[1:] == [
        "-m",
        "bench.import",
        "-n",
        "3",
    ]


# The commands themselves


def run_with(path: Path, name: str = "test") -> subprocess.CompletedProcess[str]:
    """Run a command of the project on a machine whose PATH is only this folder."""
    return subprocess.run(  # noqa: S603 (our own command)
        ["/bin/sh", str(path / "bin" / name), "unit"],
        env={"PATH": str(path / "path")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A clone without environment, on a machine with hardly any program."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "path").mkdir()
    for name in ("test", "_python.sh"):
        (tmp_path / "bin" / name).write_text((ROOT / "bin" / name).read_text())
    (tmp_path / "bin" / "_commands.py").write_text("import sys; print(sys.version_info[:2])")
    (tmp_path / "path" / "dirname").symlink_to("/usr/bin/dirname")
    return tmp_path


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_an_old_python_is_one_clear_sentence(machine: Path) -> None:
    # It refuses the question whether it is new enough, and answers the one for its version.
    _program(machine / "path" / "python3", 'case "$2" in *platform*) echo 3.9.2;; *) exit 1;; esac')
    done = run_with(machine)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 or newer is needed, but this machine has 3.9.2: install it" in done.stderr


def test_no_python_at_all_is_one_clear_sentence(machine: Path) -> None:
    done = run_with(machine)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "this machine has none" in done.stderr


def test_a_newer_python_beside_an_old_one_is_found(machine: Path) -> None:
    _program(machine / "path" / "python3", "exit 1")
    _program(machine / "path" / "python3.12", f'exec {sys.executable} "$@"')
    done = run_with(machine)
    assert done.returncode == 0
    assert done.stdout.strip() == str(sys.version_info[:2])


@pytest.mark.parametrize("name", ["demo", "test", "check", "bench", "translate"])
def test_every_command_can_be_run_and_says_what_it_is_for(name: str) -> None:
    path = ROOT / "bin" / name
    assert os.access(path, os.X_OK)
    first, second, *_ = path.read_text().splitlines()
    assert first == "#!/bin/sh"
    assert second.startswith("# ")
    assert name in commands.COMMANDS


def test_a_command_finds_its_parts_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 (our own command)
        ["/bin/sh", str(ROOT / "bin" / "bench"), "no-such-measurement"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Name one measurement: ")
