"""How sure the provider is of somebody: levels of assurance and the means of sign-in behind them.

The federal authentication service names a level as ``urn:be:fedict:iam:fas:Level500`` (citizens:
``…:fas:citizen:Level500``), in ``acr`` and sometimes only in ``amr``.
"""

from __future__ import annotations

import re
from typing import Final

EID: Final = 500
ITSME: Final = 450
APP: Final = 400
TOKEN: Final = 300
PASSWORD: Final = 200

MEANS: Final[dict[str, int]] = {
    "eid": EID,
    "itsme": ITSME,
    "app": APP,
    "token": TOKEN,
    "password": PASSWORD,
}
"""Means of sign-in, the surest first, with the level each gives."""

_LEVEL = re.compile(r"urn:be:fedict:iam:fas:(?:citizen:)?Level(\d{3})", re.ASCII)


def level_of(acr: str | None, amr: list[str]) -> int | None:
    """The level that the provider states: from ``acr``, else the highest one in ``amr``.

    None when neither names a level that we know how to read.
    """
    stated = _parse(acr) if acr is not None else None
    if stated is not None:
        return stated
    return max((level for level in map(_parse, amr) if level is not None), default=None)


def means_of(level: int) -> str | None:
    """The means of sign-in behind a level: the surest one that the level covers."""
    return next((means for means, needed in MEANS.items() if level >= needed), None)


def acr_value(level: int, *, citizen: bool = False) -> str:
    """How a level is asked for in ``acr_values``."""
    return f"urn:be:fedict:iam:fas:{'citizen:' if citizen else ''}Level{level:03d}"


def _parse(text: str) -> int | None:
    match = _LEVEL.fullmatch(text)
    return int(match[1]) if match else None
