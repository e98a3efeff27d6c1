"""The feed of the made-up fund: true to its contract, always the same, and of all shapes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

import app.backoffice
from app.demo.feed_command import demo_feed_command
from app.demo.fund import cast
from app.demo.fund.feed import Plan, write_folder, write_stream
from app.demo.people import ELS, JAN, KARIM, SOFIE

TODAY = date(2026, 11, 23)
PLAN = Plan(families=40, months=30, seed=1, today=TODAY)
Line = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo fund, written once."""
    folder = tmp_path_factory.mktemp("fund")
    write_folder(PLAN, folder)
    return folder


@pytest.fixture(scope="module")
def lines(folder: Path) -> list[Line]:
    """All lines of the demo fund."""
    text = (folder / "feed.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _of(lines: list[Line], kind: str, dossier: str | None = None) -> list[Line]:
    return [
        line
        for line in lines
        if line["type"] == kind and (dossier is None or line["dossier"] == dossier)
    ]


def _people(lines: list[Line]) -> Iterator[tuple[Line, Line]]:
    for dossier in _of(lines, "dossier"):
        for person in dossier["people"]:
            yield dossier, person


def test_every_line_keeps_to_the_contract(lines: list[Line]) -> None:
    schema = Path(app.backoffice.__path__[0]) / "feed.schema.json"
    validator = jsonschema_rs.validator_for(json.loads(schema.read_text()))

    for line in lines:
        validator.validate(line)


def test_the_batch_is_whole_and_no_reference_comes_twice(lines: list[Line]) -> None:
    references = [(line["type"], line["reference"]) for line in lines if "reference" in line]
    seen: set[str] = set()
    for line in lines:
        if line["type"] == "dossier":
            seen.add(line["number"])
        elif "dossier" in line:
            assert line["dossier"] in seen

    assert lines[0]["type"] == "batch"
    assert lines[-1] == {"type": "end", "records": len(lines) - 2}
    assert len(references) == len(set(references))


def test_the_same_plan_gives_the_same_bytes() -> None:
    plan = Plan(families=12, months=24, seed=7, today=TODAY)
    first, second, other = io.BytesIO(), io.BytesIO(), io.BytesIO()

    write_stream(plan, first)
    write_stream(plan, second)
    write_stream(Plan(families=12, months=24, seed=8, today=TODAY), other)

    assert first.getvalue() == second.getvalue()
    assert first.getvalue() != other.getvalue()


def test_pdfs_stand_beside_the_feed_and_name_who_they_are_for(
    folder: Path, lines: list[Line]
) -> None:
    names = {
        dossier["number"]: [person["family_name"] for person in dossier["people"]]
        for dossier in _of(lines, "dossier")
    }
    letters = _of(lines, "letter")
    for letter in letters[:: len(letters) // 25]:
        reader = PdfReader(folder / letter["pdf"]["path"])
        text = " ".join("".join(page.extract_text() for page in reader.pages).split())
        assert reader.metadata is not None
        assert reader.metadata.title == letter["subject"]
        assert letter["dossier"] in text
        assert any(name in text for name in names[letter["dossier"]])


def test_every_pdf_claims_to_be_accessible(folder: Path) -> None:
    assert all(b"pdfuaid" in path.read_bytes() for path in (folder / "letters").glob("*.pdf"))


def test_families_of_all_shapes_are_there(lines: list[Line]) -> None:
    dossiers = _of(lines, "dossier")
    children = [child for dossier in dossiers for child in dossier["children"]]
    kinds = {entitled["kind"] for child in children for entitled in child["entitlements"]}
    numbers = [person["number"] for _, person in _people(lines)]
    births = [[child["birth_date"] for child in dossier["children"]] for dossier in dossiers]

    assert len(dossiers) == 40
    assert kinds >= {"basic", "social", "care", "orphan", "foster", "student"}
    assert {person["role"] for _, person in _people(lines)} == {
        "beneficiary",
        "other_parent",
        "guardian",
    }
    assert any(child.get("placed") for child in children)
    assert any(len(days) != len(set(days)) for days in births), "twins"
    assert any(int(number[2:4]) > 40 for number in numbers), "bis numbers"
    assert len(set(numbers)) < len(numbers), "a parent in two dossiers"
    assert any(letter.get("to") for letter in _of(lines, "letter"))


def test_sofie_has_everything_that_the_pages_show(lines: list[Line]) -> None:
    paid = _of(lines, "payment", cast.SOFIE_DOSSIER)
    components = {line["component"] for payment in paid for line in payment["lines"]}
    kinds = {letter["kind"] for letter in _of(lines, "letter", cast.SOFIE_DOSSIER)}

    assert len([payment for payment in paid if payment["kind"] == "monthly"]) >= 24
    assert len({payment["pay_date"][:4] for payment in paid}) >= 3
    assert {payment["state"] for payment in paid} == {"announced", "paid", "returned", "corrected"}
    assert components >= {"rank", "age", "basic", "care", "school_bonus", "toddler", "correction"}
    assert kinds == {"decision", "request", "information", "statement"}
    assert len(_of(lines, "message", cast.SOFIE_DOSSIER)) >= 3


def test_a_letter_is_for_karim_alone_and_one_for_sofie_alone(lines: list[Line]) -> None:
    to = {letter.get("to") for letter in _of(lines, "letter", cast.SOFIE_DOSSIER)}

    assert to == {None, SOFIE.number, KARIM.number}


def test_a_yearly_statement_is_of_a_whole_year(lines: list[Line]) -> None:
    subjects = [
        letter["subject"]
        for letter in _of(lines, "letter", cast.SOFIE_DOSSIER)
        if letter["kind"] == "statement"
    ]

    assert subjects == ["Uw jaaroverzicht van 2025"]  # 2024 is known from July on only


def test_jan_and_els_are_in_no_dossier(lines: list[Line]) -> None:
    assert not {JAN.number, ELS.number} & {person["number"] for _, person in _people(lines)}


def test_decisions_carry_every_mandatory_mention(lines: list[Line]) -> None:
    for letter in _of(lines, "letter"):
        if letter["kind"] == "decision":
            assert letter["appeal"]["term_days"]
            assert letter["appeal"]["body"]
            assert letter["file_manager"]
            assert letter["references"]


def test_nothing_is_written_or_paid_after_today_except_announced(lines: list[Line]) -> None:
    day = TODAY.isoformat()

    assert all(line["date"] <= day for line in lines if line["type"] in ("letter", "message"))
    assert all(
        (payment["pay_date"] > day) == (payment["state"] == "announced")
        for payment in _of(lines, "payment")
    )


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2027, 8, 31), date(2028, 2, 29)])
def test_on_any_day_the_fund_is_whole(day: date) -> None:
    stream = io.BytesIO()

    write_stream(Plan(families=20, months=24, seed=3, today=day, letters="shared"), stream)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    paid = _of(lines, "payment", cast.SOFIE_DOSSIER)
    assert any(payment["state"] == "announced" for payment in paid)
    assert any(line["component"] == "toddler" for payment in paid for line in payment["lines"])


def test_batches_are_cut_between_families(tmp_path: Path) -> None:
    plan = Plan(families=30, months=6, seed=1, today=TODAY, letters="none", batch_size=60)

    made = write_folder(plan, tmp_path)

    files = sorted(tmp_path.glob("feed-*.jsonl"))
    batches = [[json.loads(line) for line in path.read_text().splitlines()] for path in files]
    assert made.files == len(files) > 2
    assert all(batch[-1]["records"] == len(batch) - 2 for batch in batches)
    assert len({batch[0]["batch"] for batch in batches}) == len(batches)
    assert sum(batch[-1]["records"] for batch in batches) == made.records


def test_the_command_writes_a_folder(tmp_path: Path) -> None:
    target = tmp_path / "fund"
    result = CliRunner().invoke(
        demo_feed_command,
        ["--families", "6", "--months", "3", "--until", "2026-11", "--output", str(target)],
    )

    assert result.exit_code == 0, result.output
    assert (target / "feed.jsonl").is_file()
    assert list((target / "letters").glob("*.pdf"))


def test_the_command_puts_pdfs_inside_on_standard_output() -> None:
    result = CliRunner().invoke(
        demo_feed_command, ["--families", "5", "--months", "3", "--until", "2026-11-23"]
    )

    assert result.exit_code == 0
    letters = [line for line in result.stdout.splitlines() if '"type":"letter"' in line]
    assert letters
    assert all("base64" in json.loads(line)["pdf"] for line in letters)


@pytest.mark.parametrize("until", ["2026-13", "november", "2026-11-31"])
def test_the_command_names_a_bad_day(until: str) -> None:
    result = CliRunner().invoke(demo_feed_command, ["--until", until])

    assert result.exit_code == 2
    assert until in result.output
