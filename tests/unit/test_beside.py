"""Templates, static files and migrations are found in a clone and in an installed wheel."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app import beside

ROOT = Path(__file__).parents[2]


def test_in_a_clone_they_stand_beside_the_code() -> None:
    assert beside.folder("templates") == ROOT / "templates"
    assert beside.package("migrations") == "migrations"


def test_in_a_wheel_they_stand_within_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_INSTALLED", tmp_path)
    assert beside.folder("templates") == tmp_path / "templates"
    assert beside.package("migrations") == "app._files.migrations"


def test_a_wheel_holds_nothing_of_the_demo() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"] == ["app/demo"]
    assert 'LEFT_OUT = {"demo"' in (ROOT / "hatch_build.py").read_text()
