"""Feeds to measure with: a fund of families with two children, and their payments by month."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from app.demo.people import national_number

DOSSIERS_PER_PAYMENT = 10  # ten months of payments for each dossier

Record = dict[str, Any]


def write_dossiers(path: Path, families: int) -> None:
    """A batch with the dossiers of a fund."""
    _write(path, "dossiers", families, (_dossier(number) for number in range(families)))


def write_payments(path: Path, families: int, payments: int) -> None:
    """A batch of payments: month after month, each dossier in turn, as a fund pays."""
    _write(path, f"payments-{payments}", payments, _payments(families, payments))


def _write(path: Path, batch: str, count: int, records: Iterable[Record]) -> None:
    header = {
        "type": "batch",
        "version": 1,
        "batch": batch,
        "fund": "De Vlier",
        "created": "2026-11-23T08:00:00+01:00",
    }
    with path.open("w", encoding="utf-8") as file:
        for record in chain([header], records, [{"type": "end", "records": count}]):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _dossier(number: int) -> Record:
    birth = date(1970, 1, 1) + timedelta(days=number // 900)
    return {
        "type": "dossier",
        "number": f"D-{number:07d}",
        "state": "active",
        "language": "nl",
        "people": [
            {
                "number": national_number(birth, number % 900 + 1),
                "role": "beneficiary",
                "given_name": "Renée",
                "family_name": f"Peeters {number}",
            }
        ],
        "children": [
            {
                "key": key,
                "given_name": "Jules",
                "family_name": "Peeters",
                "birth_date": f"201{rank}-03-14",
                "rank": rank,
                "entitlements": [{"kind": "basic", "from": "2019-01-01"}],
            }
            for rank, key in enumerate(("k1", "k2"), 1)
        ],
    }


def _payments(families: int, payments: int) -> Iterator[Record]:
    for number in range(payments):
        month, family = divmod(number, families)
        digits = f"{number:010d}"
        check = int(digits) % 97 or 97
        code = f"{digits}{check:02d}"
        yield {
            "type": "payment",
            "reference": f"P-{month:02d}-{family:07d}",
            "dossier": f"D-{family:07d}",
            "kind": "monthly",
            "period": f"2026-{month % 12 + 1:02d}",
            "pay_date": f"2026-{month % 12 + 1:02d}-08",
            "state": "paid",
            "account": "BE68 •••• •••• 7034",
            "communication": f"+++{code[:3]}/{code[3:7]}/{code[7:]}+++",
            "lines": [
                {"child": "k1", "component": "basic", "amount": 17666},
                {"child": "k2", "component": "basic", "amount": 17666},
                {"child": "k1", "component": "social", "amount": 5412},
            ],
        }
