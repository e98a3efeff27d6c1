"""The provider stands for another organisation, so it leans on nothing of the portal."""

from __future__ import annotations

import ast
from pathlib import Path

import app.demo.provider as package

ALLOWED = {"app", "app.clock", "app.demo.people"}


def test_it_imports_only_itself_the_people_and_the_clock() -> None:
    own = package.__name__
    found = set()
    for file in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                found.add(node.module or "")
            elif isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
    ours = {name for name in found if name.split(".")[0] == "app" and not name.startswith(own)}
    assert ours <= ALLOWED
    assert not {name for name in found if name.split(".")[0] == "jose"}
