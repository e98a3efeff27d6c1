"""docs/backoffice.md says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from app.backoffice import schema
from app.backoffice.checks import is_communication, mask_iban, missing_mentions, person_number
from app.backoffice.report import Issue, Outcome, Report

DOCS = (Path(__file__).parents[3] / "docs" / "backoffice.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)


RECORDS = [json.loads(line) for block in blocks("jsonl") for line in block.splitlines()]
EXAMPLES = [json.loads(block) for block in blocks("json")]
RECORDS += [example for example in EXAMPLES if "type" in example]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["type"])
def test_every_example_keeps_to_the_schema(record: dict[str, Any]) -> None:
    assert list(schema.problems(record["type"], record)) == []
    jsonschema_rs.validate(schema.feed_schema(), record)


def test_there_is_an_example_of_each_type() -> None:
    assert {record["type"] for record in RECORDS} == set(schema.TYPES)


def test_the_numbers_in_the_examples_are_sound() -> None:
    by_type = {record["type"]: record for record in RECORDS}
    for person in by_type["dossier"]["people"]:
        person_number(person["number"])
        person_number(person.get("previous_number", person["number"]))
    assert mask_iban(by_type["dossier"]["account"]["iban"]) == by_type["payment"]["account"]
    assert is_communication(by_type["payment"]["communication"])
    assert missing_mentions(by_type["letter"]) == []


def test_the_report_has_the_fields_that_are_documented() -> None:
    (example,) = [one for one in EXAMPLES if "ok" in one]
    report = Report()
    assert list(report.as_dict()) == list(example)
    assert set(example["errors"][0]) == set(Issue.__dataclass_fields__)
    for outcome in Outcome:
        assert f"`{outcome}`" in DOCS


def test_every_value_of_the_schema_is_documented() -> None:
    definitions = schema.feed_schema()["$defs"]
    for name, definition in definitions.items():
        for field, rule in definition.get("properties", {}).items():
            assert f"`{field}`" in DOCS or f'"{field}"' in DOCS, (name, field)
            for value in rule.get("enum", ()):
                assert f"`{value}`" in DOCS, (name, field, value)


def test_every_field_of_the_schema_is_described() -> None:
    for name, definition in schema.feed_schema()["$defs"].items():
        assert definition.get("description"), name
        for field, rule in definition.get("properties", {}).items():
            assert rule.get("description") or "$ref" in rule, (name, field)
