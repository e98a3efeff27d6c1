"""The commands make their own environment, once, and say in a sentence what they cannot do."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from bin._environment import CannotStart, Environment
from tests.unit.bin.conftest import Tools


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
