"""A clone with tools that only remember what was asked of them."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from bin._environment import Environment

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
