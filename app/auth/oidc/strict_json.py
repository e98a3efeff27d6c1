"""JSON objects from outside, read without surprises."""

from __future__ import annotations

import json


def parse_object(data: bytes) -> dict[str, object]:
    """The JSON object in ``data``.

    Raises ValueError for anything else, also for a member that occurs twice (two readers could
    each see another one; RFC 7515, section 4) and for numbers that JSON does not know.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_members_once,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _members_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member occurs twice")
    return members


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
