"""Where the files are that are no code: beside the code in a clone, within it in a wheel.

A wheel holds them in ``app/_files`` (hatch_build.py), so that nothing of ours stands at the top of
site-packages, where another package may have a folder of the same name.
"""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_files"
_CLONE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """The folder ``templates``, ``static`` or ``migrations``."""
    return (_INSTALLED if _INSTALLED.is_dir() else _CLONE) / name


def package(name: str) -> str:
    """The same as a name to import: ``migrations``, or what a wheel calls it."""
    return f"app._files.{name}" if _INSTALLED.is_dir() else name
