"""The rules of the letter room: what somebody sees, in which order, and what counts as read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from app.auth.viewer import Viewer
from app.letters import queries
from app.letters.inputs import Filter
from app.letters.models import LetterKind, Reading
from app.letters.queries import LetterItem, Neighbour, OpenLetter, Reader
from app.letters.search import matching
from app.web.folding import fold

PAGE_SIZE = 25
MAX_SLUG = 60  # characters of a file name


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One page of the list, unread first; the counts are of all that may be seen."""

    unread: list[LetterItem]
    read: list[LetterItem]
    found: int
    total: int
    unread_total: int
    kinds: dict[LetterKind, int]
    page: int
    has_older: bool


def reader_of(viewer: Viewer) -> Reader:
    """Who reads: the person the fund knows, and the account that keeps the read marks."""
    return Reader(viewer.person_id, viewer.account_id)


async def unread_count(viewer: Viewer) -> int:
    """How many letters of the open dossier are unread; 0 when no dossier is open."""
    if viewer.dossier is None:
        return 0
    return await queries.count_unread(viewer.dossier.id, reader_of(viewer))


async def latest(viewer: Viewer, limit: int) -> list[LetterItem]:
    """The newest letters of the open dossier, read or not."""
    return await _latest(viewer, limit, unread_only=False)


async def latest_unread(viewer: Viewer, limit: int) -> list[LetterItem]:
    """The newest unread letters of the open dossier."""
    return await _latest(viewer, limit, unread_only=True)


async def _latest(viewer: Viewer, limit: int, *, unread_only: bool) -> list[LetterItem]:
    if viewer.dossier is None:
        return []
    return await queries.latest_items(
        viewer.dossier.id, reader_of(viewer), limit, unread_only=unread_only
    )


async def open_mailbox(dossier_id: int, reader: Reader, wanted: Filter, language: str) -> Mailbox:
    """The letters of a dossier that fit a filter, a page at a time.

    A family has some hundreds of letters at most, so they are sifted here, where the words are.
    """
    letters = await queries.all_items(dossier_id, reader, bodies=bool(wanted.search))
    return sift(letters, wanted, language)


def sift(letters: list[LetterItem], wanted: Filter, language: str) -> Mailbox:
    """One page of ``letters`` (newest first) by a filter: unread first, then newest."""
    found = [
        letter
        for letter in letters
        if wanted.kind in {None, letter.kind} and not (wanted.unread_only and letter.read)
    ]
    if wanted.search:
        found = matching(found, wanted.search, language)
    found.sort(key=lambda letter: letter.read)  # stable: newest first stays so within each
    start = (wanted.page - 1) * PAGE_SIZE
    shown = found[start : start + PAGE_SIZE]
    return Mailbox(
        unread=[letter for letter in shown if not letter.read],
        read=[letter for letter in shown if letter.read],
        found=len(found),
        total=len(letters),
        unread_total=sum(not letter.read for letter in letters),
        kinds=_count_kinds(letters),
        page=wanted.page,
        has_older=len(found) > start + PAGE_SIZE,
    )


def _count_kinds(letters: list[LetterItem]) -> dict[LetterKind, int]:
    """How many there are of each kind, in a fixed order, without the kinds that do not occur."""
    counted = Counter(letter.kind for letter in letters)
    return {kind: counted[kind] for kind in LetterKind if counted[kind]}


async def find_letter(viewer: Viewer, letter_id: int) -> OpenLetter | None:
    """A letter of any of the viewer's dossiers; None for one that is not theirs to see."""
    return await queries.find(letter_id, reader_of(viewer))


async def find_neighbours(
    viewer: Viewer, letter: OpenLetter
) -> tuple[Neighbour | None, Neighbour | None]:
    """The letters of the same dossier just before and just after one."""
    reader = reader_of(viewer)
    return await queries.find_older(letter, reader), await queries.find_newer(letter, reader)


async def mark_read(account_id: int, letter: OpenLetter, now: datetime) -> None:
    """Note that somebody read a letter; the first time counts, again changes nothing."""
    reading = Reading(letter_id=letter.id, account_id=account_id, read_at=now)
    await Reading.bulk_create([reading], ignore_conflicts=True)


async def mark_unread(account_id: int, letter: OpenLetter) -> None:
    """Forget that somebody read a letter; when they did not, nothing changes."""
    await Reading.filter(letter_id=letter.id, account_id=account_id).delete()


def file_name(letter: OpenLetter) -> str:
    """How the PDF is called when it is kept: its date and subject, in plain letters."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(letter.subject)).strip("-")[:MAX_SLUG].strip("-")
    return f"{letter.date.isoformat()}-{slug or 'brief'}.pdf"
