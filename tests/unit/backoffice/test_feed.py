"""What an import stores, and that it stores all of a batch or nothing."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from app.backoffice.report import Outcome
from app.backoffice.service import NotTried, Target, run_import
from app.documents.store import DocumentStore
from tests.unit.backoffice import feeds
from tests.unit.backoffice.conftest import Import, Rows
from tests.unit.backoffice.feeds import (
    DECISION,
    DOSSIER,
    FAMILY,
    LETTER,
    MESSAGE,
    OFFICE,
    PAYMENT,
    PDF,
    as_date,
    changed,
    feed,
    header,
    line,
    stored,
    withdrawal,
    without,
)

VERSION = "SELECT version FROM dossier ORDER BY number"


async def test_a_family_is_stored_whole(load: Import, rows: Rows, target: Target) -> None:
    stored(await load(*[changed(r, "office", "GENT") if r is DOSSIER else r for r in FAMILY]))
    assert await rows("SELECT account_masked, account_holder FROM dossier") == [
        ("BE68 •••• •••• 7034", "Žofie Šťastná")
    ]
    assert await rows(
        "SELECT o.code, p.given_name, a.role FROM dossier d JOIN office o ON o.id = d.office_id "
        "JOIN party a ON a.dossier_id = d.id JOIN person p ON p.id = a.person_id ORDER BY a.role"
    ) == [("GENT", "Žofie", "beneficiary"), ("GENT", "Карим", "other_parent")]
    assert await rows(
        "SELECT c.key, l.component, l.amount_cents, p.total_cents FROM payment p "
        "JOIN payment_line l ON l.payment_id = p.id LEFT JOIN child c ON c.id = l.child_id "
        "ORDER BY l.id"
    ) == [
        ("k1", "basic", 17666, 30332),
        ("k2", "basic", 17666, 30332),
        (None, "recovery", -5000, 30332),
    ]
    ((period, pay_date),) = await rows("SELECT period, pay_date FROM payment")
    assert (as_date(period), as_date(pay_date)) == (date(2026, 10, 1), date(2026, 11, 6))
    letters = await rows("SELECT kind, document, body FROM letter ORDER BY reference")
    assert [row[0] for row in letters] == ["information", "decision", "message"]
    assert letters[2][2] == MESSAGE["body"]
    assert await DocumentStore.in_folder(target.documents_folder).get(letters[0][1]) == PDF


async def test_the_orm_reads_what_was_stored(
    load: Import, either_database: str, target: Target
) -> None:
    from app.dossiers.models import Child
    from app.payments.models import Payment, PaymentLine, PaymentState

    assert target.database_url == either_database
    stored(await load(*FAMILY, withdrawal("payment", "P-1")))
    payment = await Payment.get(reference="P-1")
    assert payment.state is PaymentState.PAID
    assert payment.withdrawn_at == feeds.NOW
    assert await PaymentLine.filter(payment=payment).count() == 3
    child = await Child.get(key="k2")
    assert (child.placed, child.left_on, child.birth_date) == (True, None, date(2018, 5, 1))


async def test_the_same_batch_again_changes_nothing(load: Import, rows: Rows) -> None:
    stored(await load(*FAMILY, batch="B1"))
    before = await rows(VERSION)
    report = await load(*FAMILY, batch="B1")
    assert report.ok
    assert report.batches[0].outcome is Outcome.UNCHANGED
    assert await rows(VERSION) == before
    assert await rows("SELECT count(*) FROM batch") == [(1,)]


async def test_the_same_records_in_another_batch_change_nothing(load: Import, rows: Rows) -> None:
    stored(await load(*FAMILY))
    before = await rows(VERSION)
    respelled = [dict(reversed(record.items())) for record in FAMILY]
    report = stored(await load(*respelled))
    assert report.batches[0].unchanged.total() == len(FAMILY)
    assert report.batches[0].new.total() == report.batches[0].changed.total() == 0
    assert await rows(VERSION) == before


async def test_a_known_batch_id_with_other_content_is_refused(load: Import, rows: Rows) -> None:
    stored(await load(DOSSIER, batch="B1"))
    report = await load(DOSSIER, PAYMENT, batch="B1")
    assert [str(issue) for issue in report.errors.listed] == [
        "line 1: /batch a batch with this id was stored before, with other content"
    ]
    assert await rows("SELECT count(*) FROM payment") == [(0,)]


async def test_one_bad_line_refuses_the_whole_batch(load: Import, rows: Rows) -> None:
    bad = changed(PAYMENT, "reference", "P-2")
    report = await load(*FAMILY, changed(bad, "state", "lost"))
    assert not report.ok
    assert report.batches[0].outcome is Outcome.REFUSED
    for table in ("office", "dossier", "person", "child", "payment", "letter", "batch"):
        assert await rows(f"SELECT count(*) FROM {table}") == [(0,)]


async def test_every_bad_line_is_told_and_what_follows_from_it_is_not(load: Import) -> None:
    report = await load(
        changed(DOSSIER, "people", 0, "number", "93051822362"),
        PAYMENT,
        LETTER,
        withdrawal("payment", "P-1"),
        changed(changed(PAYMENT, "dossier", "D-9"), "reference", "P-9"),
    )
    assert [(issue.line, issue.field) for issue in report.errors.listed] == [
        (2, "/people/0/number"),
        (6, "/dossier"),
    ]


async def test_a_correction_replaces_a_payment_and_its_lines(load: Import, rows: Rows) -> None:
    stored(await load(DOSSIER, PAYMENT))
    (before,) = await rows(VERSION)
    corrected = changed(PAYMENT, "lines", [{"child": "k2", "component": "basic", "amount": 1}])
    report = stored(await load(changed(corrected, "state", "corrected")))
    assert report.batches[0].changed == {"payment": 1}
    assert await rows("SELECT state, total_cents FROM payment") == [("corrected", 1)]
    assert await rows("SELECT amount_cents FROM payment_line") == [(1,)]
    assert await rows(VERSION) == [(before[0] + 1,)]


async def test_a_payment_moved_to_another_dossier_changes_both(load: Import, rows: Rows) -> None:
    other = changed(DOSSIER, "number", "D-2")
    stored(await load(DOSSIER, other, PAYMENT))
    before = await rows(VERSION)
    stored(await load(changed(PAYMENT, "dossier", "D-2")))
    assert await rows(VERSION) == [(version + 1,) for (version,) in before]


async def test_a_withdrawal_is_noted_once_and_undone_by_sending_again(
    load: Import, rows: Rows
) -> None:
    taken_back = [
        withdrawal("payment", "P-1"),
        withdrawal("letter", "L-1"),
        withdrawal("message", "M-1"),
    ]
    report = stored(await load(*FAMILY, *taken_back))
    assert report.batches[0].new["withdrawal"] == 3
    left = "SELECT reference FROM letter WHERE withdrawn_at IS NULL"
    assert await rows(left) == [("L-2",)]
    assert stored(await load(*taken_back)).batches[0].unchanged["withdrawal"] == 3
    stored(await load(PAYMENT))
    assert await rows("SELECT withdrawn_at FROM payment") == [(None,)]


async def test_several_batches_in_one_file_are_stored_one_by_one(load: Import, rows: Rows) -> None:
    good = feed(DOSSIER, batch="B1") + b"\n" + feed(PAYMENT, batch="B2")
    report = await load(raw=good + feed(changed(PAYMENT, "dossier", "D-9"), batch="B3"))
    assert [batch.outcome for batch in report.batches] == ["stored", "stored", "refused"]
    assert await rows("SELECT count(*) FROM batch") == [(2,)]


async def test_a_dry_run_stores_nothing(load: Import, rows: Rows, tmp_path: Path) -> None:
    report = await load(*FAMILY, dry_run=True)
    assert report.ok
    assert report.batches[0].outcome is Outcome.VALID
    assert await rows("SELECT count(*) FROM dossier") == [(0,)]
    assert not [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]


async def test_a_document_is_compared_by_content_wherever_it_comes_from(
    load: Import, rows: Rows, tmp_path: Path
) -> None:
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "één.pdf").write_bytes(PDF)
    by_path = changed(LETTER, "pdf", {"path": "pdf/één.pdf"})
    stored(await load(DOSSIER, by_path))
    assert stored(await load(LETTER)).batches[0].unchanged == {"letter": 1}
    (tmp_path / "pdf" / "één.pdf").write_bytes(PDF + b"more")
    assert stored(await load(by_path)).batches[0].changed == {"letter": 1}
    assert await rows("SELECT document_size FROM letter") == [(len(PDF) + 4,)]


async def test_a_decision_without_its_mentions_is_stored_with_a_warning(load: Import) -> None:
    report = stored(await load(DOSSIER, without(DECISION, "appeal", "references")))
    assert [(issue.line, issue.field) for issue in report.warnings.listed] == [
        (3, "/appeal/term_days"),
        (3, "/appeal/body"),
        (3, "/references"),
    ]


async def test_records_may_only_refer_to_what_stands_before_them(load: Import) -> None:
    other = changed(DOSSIER, "number", "D-2")
    report = await load(PAYMENT, other, DOSSIER, changed(DOSSIER, "office", "GENT"), OFFICE)
    assert [str(issue) for issue in report.errors.listed] == [
        "line 2: /dossier no dossier is known by this name",
        "line 5: /office no office is known by this name",
    ]


async def test_what_is_withdrawn_and_sent_again_in_one_batch_stands(
    load: Import, rows: Rows
) -> None:
    stored(await load(DOSSIER, PAYMENT))
    stored(await load(withdrawal("payment", "P-1"), PAYMENT))
    assert await rows("SELECT withdrawn_at FROM payment") == [(None,)]


async def test_families_one_after_another_are_stored_as_well(load: Import, rows: Rows) -> None:
    records = []
    for number in range(20):
        records.append(changed(DOSSIER, "number", f"D-{number}"))
        for kind in ("P", "Q"):
            payment = changed(PAYMENT, "reference", f"{kind}-{number}")
            records.append(changed(payment, "dossier", f"D-{number}"))
    stored(await load(*records))
    assert await rows("SELECT count(*) FROM payment_line") == [(120,)]


async def test_many_rounds_are_one_batch(
    load: Import, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.backoffice.feed._ROUND_RECORDS", 7)
    payments = [changed(PAYMENT, "reference", f"P-{n}") for n in range(50)]
    stored(await load(DOSSIER, *payments))
    assert await rows("SELECT count(*), count(DISTINCT id) FROM payment") == [(50, 50)]
    report = await load(*payments, payments[0])
    assert [str(issue) for issue in report.errors.listed] == [
        "line 52: /reference stands twice in this batch"
    ]


@pytest.mark.parametrize(
    ("raw", "line_number", "reason"),
    [
        pytest.param(b"", 1, "empty", id="empty"),
        pytest.param(b"\n\n", 1, "empty", id="only blank lines"),
        pytest.param(feed(DOSSIER).rsplit(b"\n", 2)[0], 2, "cut off", id="no end line"),
        pytest.param(feed(DOSSIER)[:-8], 3, "not JSON", id="end line cut off"),
        pytest.param(feed(DOSSIER)[:300], 2, "not JSON", id="cut off in a record"),
        pytest.param(line(header()), 1, "cut off", id="only a first line"),
        pytest.param(
            feed(DOSSIER, PAYMENT).replace(line(PAYMENT), b""), 3, "says 2, but 1", id="one lost"
        ),
        pytest.param(feed(DOSSIER) + line(PAYMENT), 4, "nothing may follow", id="more after end"),
        pytest.param(feed(DOSSIER) + b"?\n", 4, "nothing may follow", id="rubbish after end"),
        pytest.param(line(header()) * 2, 2, "a new batch begins", id="batch within a batch"),
        pytest.param(feed(DOSSIER)[len(line(header())) :], 1, "must begin with", id="no header"),
        pytest.param(
            feed(DOSSIER).replace(b'"version": 1', b'"version": 2'), 1, "must be 1", id="version"
        ),
        pytest.param(
            feed(DOSSIER).replace(b"+01:00", b""), 1, "wrong form", id="moment without offset"
        ),
    ],
)
async def test_a_broken_batch_is_refused(
    load: Import, rows: Rows, raw: bytes, line_number: int, reason: str
) -> None:
    report = await load(raw=raw)
    assert not report.ok
    first = report.errors.listed[0]
    assert first.line == line_number
    assert reason in first.reason
    assert await rows("SELECT count(*) FROM dossier") == [(0,)]
    assert await rows("SELECT count(*) FROM batch") == [(0,)]


async def test_a_byte_order_mark_blank_lines_and_windows_line_ends_do_no_harm(
    load: Import,
) -> None:
    raw = feed(DOSSIER, PAYMENT).replace(b"\n", b"\r\n\r\n")
    stored(await load(raw=b"\xef\xbb\xbf" + raw))


async def test_at_most_a_thousand_errors_are_listed_and_all_are_counted(load: Import) -> None:
    report = await load(*[{"type": "payment"}] * 150)
    assert report.errors.count == 1050
    assert len(report.errors.listed) == 1000


async def test_a_database_without_tables_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()
    for name in ("empty", "absent"):
        target = Target(f"sqlite:///{tmp_path}/{name}.sqlite3", tmp_path)
        with pytest.raises(NotTried, match="kinderbijslag migrate"):
            await run_import(target, io.BytesIO(feed(DOSSIER)), None, feeds.NOW)
