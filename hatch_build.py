"""Compiles the catalogues when the package is built, and puts what is no code within the code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BESIDE_THE_CODE = ("templates", "static", "migrations")
INSTALLED = "app/_files"  # app/beside.py looks for them there
LEFT_OUT = {"demo", "__pycache__"}


class CompileCatalogues(BuildHookInterface):
    """Makes a messages.mo beside each messages.po; they are not kept in the repository."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatch before it collects the files of a wheel."""
        root = Path(self.root)
        if version == "standard":  # an editable install must not see copies that grow old
            build_data["force_include"].update(_files(root))
        sys.path.insert(0, str(root / "bin"))
        import _translations

        _translations.compile_all(root)


def _files(root: Path) -> Iterator[tuple[str, str]]:
    """Each file beside the code with its place in the wheel, without those of the demo."""
    for name in BESIDE_THE_CODE:
        for path in sorted((root / name).rglob("*")):
            relative = path.relative_to(root)
            if path.is_file() and not LEFT_OUT & set(relative.parts):
                yield str(path), f"{INSTALLED}/{relative.as_posix()}"
