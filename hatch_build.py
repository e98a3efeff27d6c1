"""Compiles the catalogues when the package is built, also for an editable install."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):
    """Makes a messages.mo beside each messages.po; they are not kept in the repository."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatch before it collects the files of a wheel."""
        del version, build_data
        root = Path(self.root)
        sys.path.insert(0, str(root / "bin"))
        import _translations

        _translations.compile_all(root)
