"""The feed's JSON Schema, put to work: it says what is wrong with a record in plain words.

The schema file is the contract itself: what is documented there is what is checked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any

import jsonschema_rs
import msgspec

TYPES = ("batch", "office", "dossier", "payment", "letter", "message", "withdrawal", "end")
LISTED_PER_LINE = 20
_LONGEST_NAME = 60

_TYPE_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "array": "a list",
    "object": "an object",
    "boolean": "true or false",
}

_LIMITS = {
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minItems": "must have at least {} items",
    "maxItems": "must have at most {} items",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "minProperties": "must have exactly {} of its fields",
    "maxProperties": "must have exactly {} of its fields",
}


@cache
def feed_schema() -> dict[str, Any]:
    """The schema document as shipped (JSON Schema, draft 2020-12)."""
    text = resources.files("app.backoffice").joinpath("feed.schema.json").read_bytes()
    schema: dict[str, Any] = msgspec.json.decode(text)
    return schema


@cache
def validators() -> dict[str, jsonschema_rs.Validator]:
    """A compiled validator for each type of record, all from the one document."""
    schema = feed_schema()
    return {
        name: jsonschema_rs.validator_for(
            {
                "$schema": schema["$schema"],
                "$ref": f"#/$defs/{name}",
                "$defs": schema["$defs"],
            },
            validate_formats=True,
        )
        for name in TYPES
    }


def problems(kind: str, record: dict[str, Any]) -> list[tuple[str, str]]:
    """Where (JSON Pointer) and why a record breaks the schema; values are never repeated."""
    validator = validators()[kind]
    if validator.is_valid(record):
        return []
    found = (problem for error in validator.iter_errors(record) for problem in _in_words(error))
    return list(islice(found, LISTED_PER_LINE))


def pointer(path: Iterable[str | int]) -> str:
    """A path into a record as a JSON Pointer (RFC 6901)."""
    return "".join(
        "/" + str(part)[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1") for part in path
    )


def _in_words(error: jsonschema_rs.ValidationError) -> Iterator[tuple[str, str]]:
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        yield pointer([*error.instance_path, kind.property]), "is missing"
    elif isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        for name in kind.unexpected:
            yield pointer([*error.instance_path, name]), "is not a field of this record"
    else:
        yield pointer(error.instance_path), _reason(error)


def _reason(error: jsonschema_rs.ValidationError) -> str:
    value = error.kind.as_dict()
    name = error.kind.name
    if name in _LIMITS:
        return _LIMITS[name].format(value["limit"])
    if name == "type":
        return "must be " + " or ".join(_TYPE_NAMES.get(t, t) for t in value["types"])
    if name == "enum":
        return "must be one of: " + ", ".join(str(option) for option in value["options"])
    if name == "const":
        return f"must be {value['expected_value']}"
    if name == "format" and value["format"] == "date":
        return "is not a date that exists"
    return _form(error)


def _form(error: jsonschema_rs.ValidationError) -> str:
    """The schema's own description of the place where a value has the wrong form."""
    node: Any = feed_schema()
    for part in error.schema_path[:-1]:
        node = node.get(part, {}) if isinstance(node, dict) else {}
    described = node.get("description") if isinstance(node, dict) else None
    return f"has the wrong form. {described}" if described else "has the wrong form"
