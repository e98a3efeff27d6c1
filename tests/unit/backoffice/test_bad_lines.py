"""Every kind of bad line is refused with its line, its field and the reason."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.unit.backoffice.conftest import Import, Rows
from tests.unit.backoffice.feeds import (
    DECISION,
    DOSSIER,
    LETTER,
    MESSAGE,
    PAYMENT,
    changed,
    header,
    line,
    withdrawal,
    without,
)

NOT_PDF = base64.b64encode(b"MZ this is a program").decode()

WHOLE = ("/lines/0/amount", "must be a whole number")


def bad(name: str, record: Any, field: str, reason: str) -> Any:
    return pytest.param(record, field, reason, id=name)


@pytest.mark.parametrize(
    ("record", "field", "reason"),
    [
        bad("not JSON", b"{'type': 'payment'}", "", "not JSON"),
        bad("two objects on a line", line(PAYMENT).strip() * 2, "", "not JSON"),
        bad("a list", b'["payment"]', "", "must be one JSON object"),
        bad("not UTF-8", line(MESSAGE).replace(b"nu", b"\xff\xfe"), "", "not UTF-8"),
        bad("half a surrogate", b'{"type": "message", "body": "\\ud800"}', "", "not JSON"),
        bad("NaN", b'{"type": "payment", "lines": NaN}', "", "not JSON"),
        bad("nested too deeply", b"[" * 100_000, "", "nested too deeply"),
        bad(
            "a number without end",
            b'{"type": "end", "records": 1e999}',
            "/records",
            "must be a whole number",
        ),
        bad("no type", b"{}", "/type", "must be one of"),
        bad("unknown type", {"type": "refund"}, "/type", "must be one of"),
        bad("type is a list", {"type": ["payment"]}, "/type", "must be one of"),
        bad("unknown field", {**PAYMENT, "iban": "x"}, "/iban", "is not a field"),
        bad("missing field", without(PAYMENT, "pay_date"), "/pay_date", "is missing"),
        bad("number as text", changed(PAYMENT, "lines", 0, "amount", "1"), *WHOLE),
        bad("half a cent", changed(PAYMENT, "lines", 0, "amount", 1.5), *WHOLE),
        bad("whole but a float", changed(PAYMENT, "lines", 0, "amount", 1.0), *WHOLE),
        bad("true for a number", changed(PAYMENT, "lines", 0, "amount", True), *WHOLE),
        bad("null", changed(PAYMENT, "reason", None), "/reason", "must be text"),
        bad(
            "beyond 32 bits",
            changed(PAYMENT, "lines", 0, "amount", 2**31),
            "/lines/0/amount",
            "at most",
        ),
        bad(
            "beyond 64 bits",
            changed(PAYMENT, "lines", 0, "amount", 10**30),
            "/lines/0/amount",
            "at most",
        ),
        bad("no lines", changed(PAYMENT, "lines", []), "/lines", "at least 1 item"),
        bad(
            "a day that is not there",
            changed(PAYMENT, "pay_date", "2026-02-30"),
            "/pay_date",
            "not a date that exists",
        ),
        bad(
            "a month that is not there", changed(PAYMENT, "period", "2026-13"), "/period", "YYYY-MM"
        ),
        bad(
            "a moment for a date",
            changed(PAYMENT, "pay_date", "2026-02-03T00:00:00Z"),
            "/pay_date",
            "date",
        ),
        bad(
            "a full IBAN in a payment",
            changed(PAYMENT, "account", "BE68539007547034"),
            "/account",
            "full IBAN is refused",
        ),
        bad(
            "a spaced IBAN in a payment",
            changed(PAYMENT, "account", "BE68 5390 0754 7034"),
            "/account",
            "full IBAN is refused",
        ),
        bad(
            "communication",
            changed(PAYMENT, "communication", "+++123/1234/12329+++"),
            "/communication",
            "check digits",
        ),
        bad(
            "unknown dossier", changed(PAYMENT, "dossier", "D-9"), "/dossier", "no dossier is known"
        ),
        bad(
            "unknown child",
            changed(PAYMENT, "lines", 1, "child", "k9"),
            "/lines/1/child",
            "no child with this key",
        ),
        bad(
            "a reference with a blank",
            changed(PAYMENT, "reference", "P 1"),
            "/reference",
            "wrong form",
        ),
        bad(
            "a NUL in a reference", changed(PAYMENT, "reference", "P\0"), "/reference", "wrong form"
        ),
        bad("a NUL in a text", changed(PAYMENT, "reason", "a\0b"), "/reason", "wrong form"),
        bad("a NUL in a message", changed(MESSAGE, "body", "a\0b"), "/body", "No NUL character"),
        bad("too long", changed(PAYMENT, "reason", "x" * 301), "/reason", "at most 300 characters"),
        bad(
            "a repeated key",
            line(PAYMENT).replace(b'"state"', b'"state": "returned", "state"'),
            "/state",
            "stands twice",
        ),
        bad(
            "a repeated key, escaped",
            line(PAYMENT).replace(b'"state"', b'"st\\u0061te" : "returned", "state"'),
            "/state",
            "stands twice",
        ),
        bad("unknown office", changed(DOSSIER, "office", "GENT"), "/office", "no office is known"),
        bad(
            "check digits of a number",
            changed(DOSSIER, "people", 0, "number", "93051822362"),
            "/people/0/number",
            "check digits",
        ),
        bad(
            "letters in a number",
            changed(DOSSIER, "people", 0, "number", "930518223 AB"),
            "/people/0/number",
            "national or bis number",
        ),
        bad(
            "previous number",
            changed(DOSSIER, "people", 0, "previous_number", "93051822362"),
            "/people/0/previous_number",
            "check digits",
        ),
        bad("nobody", changed(DOSSIER, "people", []), "/people", "at least 1 item"),
        bad(
            "somebody twice",
            changed(DOSSIER, "people", [DOSSIER["people"][0]] * 2),
            "/people/1/number",
            "twice",
        ),
        bad(
            "previous number of the other",
            changed(DOSSIER, "people", 0, "previous_number", DOSSIER["people"][1]["number"]),
            "/people/0/previous_number",
            "somebody else",
        ),
        bad(
            "a child twice",
            changed(DOSSIER, "children", 1, "key", "k1"),
            "/children/1/key",
            "twice",
        ),
        bad("rank 0", changed(DOSSIER, "children", 0, "rank", 0), "/children/0/rank", "at least 1"),
        bad(
            "a period that ends first",
            changed(DOSSIER, "children", 0, "entitlements", 1, "until", "2018-01-01"),
            "/children/0/entitlements/1/until",
            "before the first day",
        ),
        bad(
            "IBAN: length",
            changed(DOSSIER, "account", "iban", "BE6853900754703"),
            "/account/iban",
            "16 characters, this has 15",
        ),
        bad(
            "IBAN: ISO 13616",
            changed(DOSSIER, "account", "iban", "BE69539007547034"),
            "/account/iban",
            "ISO 13616",
        ),
        bad(
            "IBAN: Belgian check",
            changed(DOSSIER, "account", "iban", "BE41539007547035"),
            "/account/iban",
            "national check digits",
        ),
        bad(
            "IBAN: no such country",
            changed(DOSSIER, "account", "iban", "ZZ82539007547034"),
            "/account/iban",
            "is no IBAN",
        ),
        bad("letter to a stranger", changed(LETTER, "to", "85073003328"), "/to", "no"),
        bad(
            "path that climbs",
            changed(LETTER, "pdf", {"path": "../secret.pdf"}),
            "/pdf/path",
            "below the folder",
        ),
        bad(
            "path that climbs inside",
            changed(LETTER, "pdf", {"path": "a/../../secret.pdf"}),
            "/pdf/path",
            "below the folder",
        ),
        bad(
            "absolute path",
            changed(LETTER, "pdf", {"path": "/etc/passwd"}),
            "/pdf/path",
            "below the folder",
        ),
        bad(
            "Windows path",
            changed(LETTER, "pdf", {"path": "..\\secret.pdf"}),
            "/pdf/path",
            "below the folder",
        ),
        bad(
            "absent file",
            changed(LETTER, "pdf", {"path": "absent.pdf"}),
            "/pdf/path",
            "no such file",
        ),
        bad("a folder", changed(LETTER, "pdf", {"path": "."}), "/pdf/path", "no"),
        bad("no PDF", changed(LETTER, "pdf", {"base64": NOT_PDF}), "/pdf/base64", "is not a PDF"),
        bad("no base64", changed(LETTER, "pdf", {"base64": "JVBERi0x!"}), "/pdf/base64", "base64"),
        bad(
            "base64 cut off",
            changed(LETTER, "pdf", {"base64": "JVBERi0xL"}),
            "/pdf/base64",
            "base64",
        ),
        bad(
            "both path and base64",
            changed(LETTER, "pdf", {"path": "a.pdf", "base64": "JVBERi0x"}),
            "/pdf",
            "exactly 1",
        ),
        bad("neither path nor base64", changed(LETTER, "pdf", {}), "/pdf", "exactly 1"),
        bad("a message with a PDF", {**MESSAGE, "pdf": LETTER["pdf"]}, "/pdf", "not a field"),
        bad(
            "withdrawal of nothing",
            withdrawal("payment", "P-9"),
            "/reference",
            "no payment is known",
        ),
        bad(
            "withdrawal of a letter as message",
            withdrawal("message", "L-2"),
            "/reference",
            "no message is known",
        ),
        bad("withdrawal of a dossier", withdrawal("dossier", "D-1"), "/of", "must be one of"),
    ],
)
async def test_a_bad_line_is_told(
    load: Import, rows: Rows, record: Any, field: str, reason: str
) -> None:
    raw = record if isinstance(record, bytes) else line(record)
    good = line(DOSSIER | {"number": "D-1"}) + line(DECISION)
    if isinstance(record, dict) and record.get("number") == "D-1":
        good = line({**DOSSIER, "number": "D-8"}) + line({**DECISION, "dossier": "D-8"})
    report = await load(
        raw=line(header()) + good + raw.strip() + b"\n" + line({"type": "end", "records": 3})
    )
    found = [issue for issue in report.errors.listed if issue.line == 4]
    assert found, report.as_text()
    assert (found[0].field, reason in found[0].reason) == (field, True), str(found[0])
    assert await rows("SELECT count(*) FROM dossier") == [(0,)]
