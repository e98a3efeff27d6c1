"""Lines that are bad by what stands elsewhere, and how lines are read."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from app.backoffice import lines
from app.backoffice.lines import Line, Reader, content_digest
from tests.unit.backoffice.conftest import Import
from tests.unit.backoffice.feeds import DECISION, DOSSIER, LETTER, MESSAGE, PAYMENT, PDF, changed


async def test_the_same_reference_twice_in_a_batch_is_refused(load: Import) -> None:
    other = changed(PAYMENT, "state", "announced")
    report = await load(DOSSIER, DOSSIER, PAYMENT, other, LETTER, {**MESSAGE, "reference": "L-1"})
    assert [(issue.line, issue.field) for issue in report.errors.listed] == [
        (3, "/number"),
        (5, "/reference"),
        (7, "/reference"),
    ]


async def test_a_symbolic_link_out_of_the_folder_is_refused(load: Import, tmp_path: Path) -> None:
    (tmp_path / "feed").mkdir()
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (tmp_path / "feed" / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    record = changed(LETTER, "pdf", {"path": "link.pdf"})
    report = await load(DOSSIER, record, folder=tmp_path / "feed")
    assert [str(issue) for issue in report.errors.listed] == [
        "line 3: /pdf/path leaves the folder of the feed"
    ]


async def test_a_named_pipe_is_not_waited_for(load: Import, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    report = await load(DOSSIER, changed(LETTER, "pdf", {"path": "pipe.pdf"}))
    assert report.errors.listed[0].reason == "is not a file"


async def test_a_letter_that_was_sent_to_a_party_that_left_is_refused(load: Import) -> None:
    assert (await load(DOSSIER)).ok
    only_karim = changed(DOSSIER, "people", DOSSIER["people"][1:])
    report = await load(only_karim, DECISION)
    assert [str(issue) for issue in report.errors.listed] == [
        "line 3: /to this person is no party of the dossier"
    ]


async def test_no_value_of_a_person_stands_in_a_report(load: Import) -> None:
    number = DOSSIER["people"][0]["number"]
    broken = changed(DOSSIER, "people", 0, "number", number[:-1] + "x")
    broken = changed(broken, "account", "iban", "BE69539007547034")
    broken = changed(broken, "people", 1, "given_name", "Secret\n" * 40)
    text = (await load(broken)).as_json().decode()
    assert not any(value in text for value in (number[:-1], "5390", "Secret"))


def test_a_line_that_is_too_long_is_skipped_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    seen: list[int] = []
    reader = Reader(io.BytesIO(b"short\n" + b"x" * 600_000 + b"\nnext"), seen.append)
    assert [reader.next(), reader.next(), reader.next()] == [
        Line(1, b"short"),
        Line(2, None),
        Line(3, b"next"),
    ]
    assert reader.next() is None
    assert sum(seen) == 600_011


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert content_digest({"a": 1, "b": {"c": 2, "d": 3}}) == content_digest(
        {"b": {"d": 3, "c": 2}, "a": 1}
    )
