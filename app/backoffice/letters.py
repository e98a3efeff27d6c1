"""Letters and messages of a batch, and their documents."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.backoffice.bulk import Row
from app.backoffice.checks import CheckError, load_pdf, missing_mentions, person_number
from app.backoffice.intake import Intake
from app.backoffice.lines import Record, content_digest
from app.backoffice.people import newest

_LETTER = (
    "id, reference, kind, subject, date, body, document, document_size, answer_by, "
    "appeal_term_days, appeal_body, appeal_address, file_manager, cited_references, withdrawn_at, "
    "digest, addressee_id, dossier_id"
)
_CHANGES = _LETTER.removeprefix("id, reference, ")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows of what a round of letters refers to."""

    dossiers: dict[str, int]
    persons: dict[str, int]
    parties: set[tuple[int, int]]
    letters: dict[str, Row]


async def store_letters(intake: Intake, records: list[Record]) -> None:
    """Store letters and messages; documents are put in their store one by one."""
    known = await _look_up(intake, records)
    ids = await intake.bulk.ids("letter", len(records))
    new: list[Row] = []
    changed: list[Row] = []
    since = intake.news.since
    for record in records:
        _warn(intake, record)
        if (checked := _check(intake, record, known)) is None:
            continue
        dossier_id, addressee_id, content = checked
        kind, reference = record.data["type"], record.data["reference"]
        digest = _digest(record, content)
        row = known.letters.get(reference)
        letter_id = next(ids) if row is None else row[1]
        if not intake.first_sight("letter", letter_id, record, "/reference"):
            continue
        if row is not None and row[2] == digest and row[3] is None:
            intake.batch.unchanged[kind] += 1
            continue
        document = await _keep(intake, content)
        values = _values(intake, record.data, digest, document, len(content))
        intake.touched.add(dossier_id)
        if _is_news(row, addressee_id) and intake.bulk.date(record.data["date"]) >= since:
            intake.news.letter(letter_id)
        if row is None:
            known.letters[reference] = (
                reference,
                letter_id,
                digest,
                None,
                dossier_id,
                addressee_id,
            )
            new.append((letter_id, reference, *values, addressee_id, dossier_id))
            intake.batch.new[kind] += 1
        else:
            changed.append((*values, addressee_id, dossier_id, letter_id))
            intake.touched.add(row[4])
            intake.batch.changed[kind] += 1
    await intake.bulk.insert("letter", _LETTER, new)
    await intake.bulk.update("letter", _CHANGES, changed)


def _is_news(row: Row | None, addressee_id: int | None) -> bool:
    """Whether a letter is new to somebody: new, sent again after all, or to somebody else."""
    return row is None or row[3] is not None or row[5] != addressee_id


async def _look_up(intake: Intake, records: list[Record]) -> _Known:
    bulk = intake.bulk
    dossiers = await intake.dossier_ids(record.data["dossier"] for record in records)
    numbers = {_number(intake, record) for record in records if "to" in record.data}
    persons = await bulk.select("person", "number, id", "number", numbers)
    parties = await bulk.select(
        "party", "dossier_id, person_id", "dossier_id", set(dossiers.values())
    )
    letters = await bulk.select(
        "letter",
        "reference, id, digest, withdrawn_at, dossier_id, addressee_id",
        "reference",
        {record.data["reference"] for record in records},
    )
    return _Known(
        dossiers,
        {row[0]: row[1] for row in persons},
        {(row[0], row[1]) for row in parties},
        {row[0]: row for row in letters},
    )


def _number(intake: Intake, record: Record) -> str:
    """The number of the addressee; empty when it is none (which is told later)."""
    try:
        return newest(intake, person_number(record.data["to"]))
    except CheckError:
        return ""


def _check(intake: Intake, record: Record, known: _Known) -> tuple[int, int | None, bytes] | None:
    """The ids of the dossier and the addressee and the PDF; None when it was refused."""
    data = record.data
    dossier_id = known.dossiers.get(data["dossier"])
    if dossier_id is None:
        intake.unknown(record, "/dossier", "dossier", data["dossier"])
        return None
    addressee_id = None
    content = b""
    at = "/to"
    try:
        if "to" in data:
            addressee_id = known.persons.get(newest(intake, person_number(data["to"])))
            if addressee_id is None or (dossier_id, addressee_id) not in known.parties:
                raise CheckError("this person is no party of the dossier")
        if "pdf" in data:
            at = f"/pdf/{next(iter(data['pdf']))}"
            content = load_pdf(data["pdf"], intake.place.folder)
    except CheckError as error:
        intake.error(record, at, str(error))
        return None
    return dossier_id, addressee_id, content


def _digest(record: Record, content: bytes) -> str:
    """The digest with the document by its content, wherever it came from."""
    if not content:
        return record.digest
    return content_digest({**record.data, "pdf": sha256(content).hexdigest()})


async def _keep(intake: Intake, content: bytes) -> str:
    """Put a document in the store; one that is left behind by a refused batch harms nobody."""
    if not content or intake.place.dry_run or not intake.report.ok:
        return ""
    return await intake.place.documents.put(content)


def _values(
    intake: Intake, data: dict[str, Any], digest: str, document: str, size: int
) -> tuple[Any, ...]:
    appeal = data.get("appeal", {})
    answer_by = data.get("answer_by")
    return (
        data.get("kind", "message"),
        data["subject"],
        intake.bulk.date(data["date"]),
        data.get("body", ""),
        document,
        size,
        None if answer_by is None else intake.bulk.date(answer_by),
        appeal.get("term_days"),
        appeal.get("body", ""),
        appeal.get("address", ""),
        data.get("file_manager", ""),
        data.get("references", ""),
        None,  # who sends it again takes the withdrawal back
        digest,
    )


def _warn(intake: Intake, record: Record) -> None:
    if record.data.get("kind") == "decision":
        for pointer, reason in missing_mentions(record.data):
            intake.report.warnings.add(record.line, pointer, reason)
