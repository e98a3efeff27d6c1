"""Reading letters: each query starts from a dossier and from who is looking.

Written by hand, because the number of unread letters stands on every page. A letter is shown when
it has not been withdrawn and is for everybody in the dossier or for this person alone; in SQL a
comparison with an unknown person is never true.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.database import as_date, fetch_all
from app.letters.models import LetterKind

_ITEM = """
SELECT l.id, l.kind, l.subject, l.date, l.reference, l.document_size, l.answer_by,
       r.id AS reading_id, CASE WHEN $4 THEN l.body ELSE '' END AS body
FROM letter l
LEFT JOIN reading r ON r.letter_id = l.id AND r.account_id = $3
WHERE l.dossier_id = $1 AND l.withdrawn_at IS NULL
  AND (l.addressee_id IS NULL OR l.addressee_id = $2)
"""
_NEWEST_FIRST = "ORDER BY l.date DESC, l.id DESC"
_ALL = _ITEM + _NEWEST_FIRST
_LATEST = _ITEM + _NEWEST_FIRST + " LIMIT $5"
_LATEST_UNREAD = _ITEM + "AND r.id IS NULL " + _NEWEST_FIRST + " LIMIT $5"

_COUNT_UNREAD = """
SELECT COUNT(*) AS unread
FROM letter l
WHERE l.dossier_id = $1 AND l.withdrawn_at IS NULL
  AND (l.addressee_id IS NULL OR l.addressee_id = $2)
  AND NOT EXISTS (SELECT 1 FROM reading r WHERE r.letter_id = l.id AND r.account_id = $3)
"""

# Who may see it is asked of the party table itself, not of a list of ids from elsewhere.
_ONE = """
SELECT l.id, l.kind, l.subject, l.date, l.reference, l.body, l.document, l.document_size,
       l.answer_by, l.appeal_term_days, l.appeal_body, l.appeal_address, l.file_manager,
       l.cited_references, l.addressee_id,
       d.id AS dossier_id, d.number AS dossier_number, r.id AS reading_id
FROM party y
JOIN dossier d ON d.id = y.dossier_id
JOIN letter l ON l.dossier_id = d.id
LEFT JOIN reading r ON r.letter_id = l.id AND r.account_id = $3
WHERE y.person_id = $2 AND l.id = $1 AND l.withdrawn_at IS NULL
  AND (l.addressee_id IS NULL OR l.addressee_id = $2)
"""

_VISIBLE = """
FROM letter l
WHERE l.dossier_id = $1 AND l.withdrawn_at IS NULL
  AND (l.addressee_id IS NULL OR l.addressee_id = $2)
"""
_THIS = "(SELECT x.date, x.id FROM letter x WHERE x.id = $3)"
_NEIGHBOUR = "SELECT l.id, l.subject " + _VISIBLE
_OLDER = _NEIGHBOUR + f"AND (l.date, l.id) < {_THIS} ORDER BY l.date DESC, l.id DESC LIMIT 1"
_NEWER = _NEIGHBOUR + f"AND (l.date, l.id) > {_THIS} ORDER BY l.date, l.id LIMIT 1"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is looking: the person letters are addressed to, and the account that reads them."""

    person_id: int | None
    account_id: int


@dataclass(frozen=True, slots=True)
class LetterItem:
    """A letter in a list. ``body`` is filled only when it was asked for, to search in."""

    id: int
    kind: LetterKind
    subject: str
    date: datetime.date
    reference: str
    document_size: int
    answer_by: datetime.date | None
    read: bool
    body: str = ""


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter with all that its page shows. ``personal``: for this person alone."""

    id: int
    dossier_id: int
    dossier_number: str
    kind: LetterKind
    subject: str
    date: datetime.date
    reference: str
    body: str
    document: str
    document_size: int
    answer_by: datetime.date | None
    appeal_term_days: int | None
    appeal_body: str
    appeal_address: str
    file_manager: str
    cited_references: str
    personal: bool
    read: bool

    @property
    def cites_itself(self) -> bool:
        """Whether its own reference is among those that it cites: once is enough to show it."""
        return self.reference in re.split(r"[\s,;]+", self.cited_references)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The letter before or after another one."""

    id: int
    subject: str


async def count_unread(dossier_id: int, reader: Reader) -> int:
    """How many letters of a dossier this person has yet to read."""
    rows = await fetch_all(_COUNT_UNREAD, [dossier_id, reader.person_id, reader.account_id])
    return int(rows[0]["unread"])


async def all_items(dossier_id: int, reader: Reader, *, bodies: bool = False) -> list[LetterItem]:
    """Every letter of a dossier that this person may see, newest first."""
    values = [dossier_id, reader.person_id, reader.account_id, bodies]
    return _items(await fetch_all(_ALL, values))


async def latest_items(
    dossier_id: int, reader: Reader, limit: int, *, unread_only: bool
) -> list[LetterItem]:
    """The newest letters, or the newest of those unread."""
    values = [dossier_id, reader.person_id, reader.account_id, False, limit]
    return _items(await fetch_all(_LATEST_UNREAD if unread_only else _LATEST, values))


async def find(letter_id: int, reader: Reader) -> OpenLetter | None:
    """One letter, of any dossier this person is a party of; None when there is none for them."""
    rows = await fetch_all(_ONE, [letter_id, reader.person_id, reader.account_id])
    return _open_letter(rows[0]) if rows else None


async def find_older(letter: OpenLetter, reader: Reader) -> Neighbour | None:
    """The letter of the same dossier just before this one."""
    return await _neighbour(_OLDER, letter, reader)


async def find_newer(letter: OpenLetter, reader: Reader) -> Neighbour | None:
    """The letter of the same dossier just after this one."""
    return await _neighbour(_NEWER, letter, reader)


async def _neighbour(sql: str, letter: OpenLetter, reader: Reader) -> Neighbour | None:
    rows = await fetch_all(sql, [letter.dossier_id, reader.person_id, letter.id])
    return Neighbour(rows[0]["id"], rows[0]["subject"]) if rows else None


def _items(rows: Sequence[Any]) -> list[LetterItem]:
    return [
        LetterItem(
            id=row["id"],
            kind=LetterKind(row["kind"]),
            subject=row["subject"],
            date=as_date(row["date"]),
            reference=row["reference"],
            document_size=row["document_size"],
            answer_by=_date_or_none(row["answer_by"]),
            read=row["reading_id"] is not None,
            body=row["body"],
        )
        for row in rows
    ]


def _open_letter(row: Any) -> OpenLetter:
    return OpenLetter(
        id=row["id"],
        dossier_id=row["dossier_id"],
        dossier_number=row["dossier_number"],
        kind=LetterKind(row["kind"]),
        subject=row["subject"],
        date=as_date(row["date"]),
        reference=row["reference"],
        body=row["body"],
        document=row["document"],
        document_size=row["document_size"],
        answer_by=_date_or_none(row["answer_by"]),
        appeal_term_days=row["appeal_term_days"],
        appeal_body=row["appeal_body"],
        appeal_address=row["appeal_address"],
        file_manager=row["file_manager"],
        cited_references=row["cited_references"],
        personal=row["addressee_id"] is not None,
        read=row["reading_id"] is not None,
    )


def _date_or_none(value: datetime.date | str | None) -> datetime.date | None:
    return None if value is None else as_date(value)
