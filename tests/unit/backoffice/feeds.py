"""Records of a feed to build tests on: one family, ready to be changed."""

from __future__ import annotations

import base64
import copy
import json
from datetime import UTC, date, datetime
from typing import Any

from app.backoffice.report import Outcome, Report
from app.demo.people import AMINA, KARIM, LUKASZ, SOFIE

Record = dict[str, Any]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
IBAN = "BE68 5390 0754 7034"

OFFICE: Record = {"type": "office", "code": "GENT", "name": "Gent", "city": "Gent"}

DOSSIER: Record = {
    "type": "dossier",
    "number": "D-1",
    "state": "active",
    "language": "nl",
    "people": [
        {
            "number": SOFIE.number,
            "role": "beneficiary",
            "given_name": "Žofie",
            "family_name": "Šťastná",
        },
        {
            "number": KARIM.number,
            "role": "other_parent",
            "given_name": "Карим",
            "family_name": "Ben Saïd",
        },
    ],
    "children": [
        {
            "key": "k1",
            "given_name": "Noor",
            "family_name": "D’Hondt",
            "birth_date": "2015-02-28",
            "rank": 1,
            "entitlements": [
                {"kind": "basic", "from": "2019-01-01"},
                {"kind": "social", "from": "2019-01-01", "until": "2026-09-30"},
            ],
        },
        {
            "key": "k2",
            "given_name": "Bas",
            "family_name": "D’Hondt",
            "birth_date": "2018-05-01",
            "rank": 2,
            "placed": True,
            "entitlements": [],
        },
    ],
    "account": {"iban": IBAN, "holder": "Žofie Šťastná", "bank": "Argenta"},
}

PAYMENT: Record = {
    "type": "payment",
    "reference": "P-1",
    "dossier": "D-1",
    "kind": "monthly",
    "period": "2026-10",
    "pay_date": "2026-11-06",
    "state": "paid",
    "account": "BE68 •••• •••• 7034",
    "communication": "+++123/1234/12328+++",
    "lines": [
        {"child": "k1", "component": "basic", "amount": 17666},
        {"child": "k2", "component": "basic", "amount": 17666},
        {"component": "recovery", "amount": -5000},
    ],
}

LETTER: Record = {
    "type": "letter",
    "reference": "L-1",
    "dossier": "D-1",
    "kind": "information",
    "subject": "Uw jaarlijks overzicht",
    "date": "2026-11-02",
    "pdf": {"base64": base64.b64encode(PDF).decode()},
}

DECISION: Record = {
    **LETTER,
    "reference": "L-2",
    "kind": "decision",
    "to": SOFIE.number,
    "appeal": {"term_days": 90, "body": "Arbeidsrechtbank Gent"},
    "file_manager": "Griet Maes",
    "references": "D-1/2026/44",
}

MESSAGE: Record = {
    "type": "message",
    "reference": "M-1",
    "dossier": "D-1",
    "subject": "Wij zijn verhuisd",
    "date": "2026-11-03",
    "body": "U vindt ons **nu** hier.\n\nTot snel!",
}

FAMILY = (OFFICE, DOSSIER, PAYMENT, LETTER, DECISION, MESSAGE)
BIS_NUMBER = AMINA.number
OTHER_NUMBER = LUKASZ.number


def withdrawal(of: str, reference: str) -> Record:
    """A withdrawal of something sent before."""
    return {"type": "withdrawal", "of": of, "reference": reference}


def changed(record: Record, *path_and_value: Any) -> Record:
    """A copy of a record with the value at a path replaced: ``changed(R, "lines", 0, "x", 1)``."""
    copied = copy.deepcopy(record)
    *path, last, value = path_and_value
    place: Any = copied
    for part in path:
        place = place[part]
    place[last] = value
    return copied


def without(record: Record, *names: str) -> Record:
    """A copy of a record without some of its fields."""
    return {name: value for name, value in record.items() if name not in names}


def header(batch: str = "B1") -> Record:
    """The first line of a batch."""
    return {
        "type": "batch",
        "version": 1,
        "batch": batch,
        "fund": "De Vlier",
        "created": "2026-11-23T08:00:00+01:00",
    }


def line(record: Record) -> bytes:
    """A record as a line."""
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def feed(*records: Record, batch: str = "B1") -> bytes:
    """A whole batch of records."""
    end = {"type": "end", "records": len(records)}
    return b"".join(map(line, (header(batch), *records, end)))


def stored(report: Report) -> Report:
    """The report, when the last batch was stored."""
    assert report.ok, report.as_text()
    assert report.batches[-1].outcome is Outcome.STORED
    return report


def as_date(value: Any) -> date:
    """A date from a query: SQLite keeps it as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)
