"""The shape of the project: what is documented, how long things are, who knows what."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from pathlib import Path

import click
import pytest
from quart import Quart

from app.__main__ import main
from app.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
CODE = sorted((ROOT / "app").rglob("*.py"))
LONGEST_VIEW = 25
LONGEST_FUNCTION = 50
LONGEST_FILE = 400


@cache
def _operations() -> str:
    return (ROOT / "docs/operations.md").read_text()


def _rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    section = _operations().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_every_setting_is_documented_with_its_default() -> None:
    documented = {row[0].strip("`"): row[1].strip("`") for row in _rows("Settings")}
    assert set(documented) == {PREFIX + name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = field.default
        listed = ", ".join(default) if isinstance(default, tuple) else default
        shown = "" if field.is_required() or listed in (None, "") else str(listed)
        assert documented[PREFIX + name.upper()] == shown, name


def _commands(group: click.Group, path: str = "kinderbijslag") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += _commands(command, f"{path} {name}")
        else:
            found.append((f"{path} {name}", command))
    return found


def test_every_command_is_documented() -> None:
    documented = [row[0].strip("`") for row in _rows("Commands")]
    for name, command in _commands(main):
        assert any(one == name or one.startswith(f"{name} ") for one in documented), name
        assert command.help
    assert len(documented) == len(_commands(main))


def test_a_view_is_short(app: Quart) -> None:
    for endpoint, view in app.view_functions.items():
        lines, _ = inspect.getsourcelines(inspect.unwrap(view))
        assert len(lines) <= LONGEST_VIEW, endpoint


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_functions_stay_small_and_say_what_they_are_for(path: Path) -> None:
    source = path.read_text()
    tree = ast.parse(source)
    assert len(source.splitlines()) <= LONGEST_FILE
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_the_clock_knows_what_time_it_is(path: Path) -> None:
    if path.name != "clock.py":
        assert not re.search(
            r"(datetime\.now|date\.today|datetime\.utcnow|time\.time)\(", path.read_text()
        )


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_printed(path: Path) -> None:
    tree = ast.parse(path.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not [
        call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]


def test_events_in_the_log_are_constants_in_one_style() -> None:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
            ):
                event = node.args[0]
                assert isinstance(event, ast.Constant), f"{path}:{node.lineno}"
                assert re.fullmatch(r"[a-z]+(_[a-z]+)*", str(event.value)), event.value


@pytest.mark.parametrize(
    "path", sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")]), ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        if anchor and found.suffix == ".md":
            titles = re.findall(r"^#+ (.+)$", found.read_text(), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
            assert anchor in slugs, target
