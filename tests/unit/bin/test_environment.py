"""The commands make their own environment, once, and say in a sentence what they cannot do."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bin import _environment as bootstrap
from bin._environment import CannotStart, Environment

ROOT = Path(__file__).parents[3]
PROJECT = """
[build-system]
requires = ["hatchling"]
[project]
name = "p"
dependencies = ["one"]
[project.optional-dependencies]
dev = ["two"]
bench = ["three"]
[tool.hatch]
[tool.ruff]
line-length = 100
"""


class Tools:
    """Stands in for python, pip and apt: remembers what was asked and answers as told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[list[str]] = []
        self.failures: dict[str, str] = {}

    def __call__(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.asked.append(list(command))
        words = " ".join(command)
        for part, output in self.failures.items():
            if part in words:
                return subprocess.CompletedProcess(command, 1, stdout=output)
        if "-m venv" in words:
            (self.folder / "bin").mkdir(parents=True, exist_ok=True)
            (self.folder / "bin" / "python").touch()
        return subprocess.CompletedProcess(command, 0, stdout="")

    def installs(self) -> list[str]:
        """What pip was asked to install, without the folder."""
        return [words[-1].rpartition("/")[2] for words in self.asked if "install" in words]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    root = tmp_path / "clone"
    root.mkdir()
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "constraints.txt").write_text("one==1\n")
    return root


@pytest.fixture
def tools(clone: Path) -> Tools:
    return Tools(clone / ".venv")


@pytest.fixture
def environment(clone: Path, tools: Tools) -> Environment:
    return Environment(clone, tools)


def test_the_first_start_makes_the_environment_and_installs(
    environment: Environment, tools: Tools
) -> None:
    environment.ensure([])
    assert tools.installs() == ["clone"]


def test_the_second_start_asks_nothing_of_any_tool(environment: Environment, tools: Tools) -> None:
    environment.ensure(["dev"])
    tools.asked.clear()
    environment.ensure(["dev"])
    assert tools.asked == []


def test_the_demo_is_content_with_the_environment_of_a_developer(
    environment: Environment, tools: Tools
) -> None:
    environment.ensure(["dev"])
    environment.ensure([])
    assert tools.installs() == ["clone[dev]"]


def test_the_tests_add_to_the_environment_of_the_demo(
    environment: Environment, tools: Tools
) -> None:
    environment.ensure([])
    environment.ensure(["dev"])
    assert tools.installs() == ["clone", "clone[dev]"]
    assert sum("venv" in words for words in tools.asked) == 1


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("pyproject.toml", '"one"', '"one>=2"'),
        ("pyproject.toml", '"two"', '"two>=2"'),
        ("constraints.txt", "one==1", "one==2"),
    ],
)
def test_other_dependencies_are_installed_at_the_next_start(
    environment: Environment, tools: Tools, name: str, old: str, new: str
) -> None:
    environment.ensure(["dev"])
    path = environment.root / name
    path.write_text(path.read_text().replace(old, new))
    environment.ensure(["dev"])
    assert tools.installs() == ["clone[dev]", "clone[dev]"]


def test_the_settings_of_a_linter_install_nothing(environment: Environment, tools: Tools) -> None:
    environment.ensure(["dev"])
    path = environment.root / "pyproject.toml"
    path.write_text(path.read_text().replace("100", "90"))
    environment.ensure(["dev"])
    assert tools.installs() == ["clone[dev]"]


def test_a_clone_that_was_moved_gets_a_new_environment(clone: Path, tools: Tools) -> None:
    Environment(clone, tools).ensure([])
    moved = clone.rename(clone.parent / "moved")
    tools.folder = moved / ".venv"
    Environment(moved, tools).ensure([])
    assert tools.installs() == ["clone", "moved"]


def test_an_install_that_broke_off_is_done_again(environment: Environment, tools: Tools) -> None:
    tools.failures = {"pip install": "ERROR: something odd"}
    with pytest.raises(CannotStart, match="something odd"):
        environment.ensure([])
    tools.failures = {}
    environment.ensure([])
    assert tools.installs() == ["clone", "clone"]


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: No matching distribution found (from versions: none)", "the internet"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: Could not install: [Errno 13] Permission denied: 'x'", "cannot be written"),
    ],
)
def test_what_pip_cannot_do_is_said_in_one_sentence(
    environment: Environment, tools: Tools, output: str, sentence: str
) -> None:
    tools.failures = {"pip install": f"Collecting one\n{output}\nmore\n"}
    with pytest.raises(CannotStart, match=sentence) as problem:
        environment.ensure([])
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EROFS, "cannot be written to"),
        (errno.EACCES, "cannot be written to"),
        (errno.ENOSPC, "disk is full"),
    ],
)
def test_what_the_system_refuses_is_said_in_one_sentence(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(CannotStart, match=sentence):
        environment.ensure([])


def test_a_python_without_ensurepip_is_completed_by_root(
    environment: Environment, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools.failures = {"import ensurepip": "No module named ensurepip"}
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    environment.ensure([])
    assert any(words[:2] == ["apt-get", "install"] for words in tools.asked)


def test_a_python_without_ensurepip_is_a_sentence_for_others(
    environment: Environment, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools.failures = {"import ensurepip": "No module named ensurepip"}
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(CannotStart, match="sudo apt install python3"):
        environment.ensure([])


def test_test_passes_everything_on_to_pytest(environment: Environment) -> None:
    command = bootstrap.test(environment, ["unit", "-k", "brieven"])
    assert command[1:] == ["-m", "pytest", "tests/unit", "-k", "brieven"]
    assert bootstrap.test(environment, ["-k", "unit"])[1:] == ["-m", "pytest", "-k", "unit"]
    assert bootstrap.test(environment, ["e2e/test_a.py"])[-1] == "tests/e2e/test_a.py"


def test_bench_names_the_measurements_that_there_are(environment: Environment) -> None:
    folder = environment.root / "bench"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "__main__.py").touch()
    (folder / "import.py").touch()
    (folder / "_tools.py").touch()
    with pytest.raises(CannotStart, match=r"Name one measurement: import, pages\."):
        bootstrap.bench(environment, ["nothing"])
    assert bootstrap.bench(environment, ["import", "-n", "3"])[1:] == [
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
    (tmp_path / "bin" / "_environment.py").write_text("import sys; print(sys.version_info[:2])")
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
    assert name in bootstrap.COMMANDS
