"""Compiles the catalogues when the package is built, and adds the folders beside the code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BESIDE_THE_CODE = ("templates", "static", "migrations")


class CompileCatalogues(BuildHookInterface):
    """Makes a messages.mo beside each messages.po; they are not kept in the repository."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatch before it collects the files of a wheel."""
        if version == "standard":  # an editable install must not see copies that grow old
            build_data["force_include"].update({name: name for name in BESIDE_THE_CODE})
        root = Path(self.root)
        sys.path.insert(0, str(root / "bin"))
        import _translations

        _translations.compile_all(root)
