"""The pages of the letter room: the list, one letter, its PDF, and its read mark."""

from __future__ import annotations

import structlog
from quart import Blueprint, Response, current_app, request

from app.auth.access import open_dossier, party, viewer
from app.clock import now, today
from app.documents.store import DocumentMissing, DocumentStore
from app.letters import markdown, service
from app.letters.inputs import PATH, parse_filter
from app.letters.models import LetterKind
from app.letters.queries import OpenLetter
from app.letters.terms import Appeal, Mentions, answer_term, appeal_against
from app.letters.words import KIND_PLURALS, KIND_SLUGS, KIND_WORDS
from app.web.errors import Problem
from app.web.i18n import current_language
from app.web.page import page, pdf, see_other

log = structlog.get_logger()

MAX_ID = 2_147_483_647  # what an id can be in PostgreSQL; a larger number is no address of ours
ONE = f"{PATH}/<int(max={MAX_ID}):letter_id>"

blueprint = Blueprint("letters", __name__)


@blueprint.get(PATH)
@party
async def index() -> Response:
    """The letters of the open dossier: unread first, then newest; by kind or by words."""
    wanted = parse_filter(request.args)
    reader = service.reader_of(viewer())
    mailbox = await service.open_mailbox(open_dossier().id, reader, wanted, current_language())
    return await page(
        "letters/index.html",
        mailbox=mailbox,
        wanted=wanted,
        words=KIND_WORDS,
        plurals=KIND_PLURALS,
        slugs=KIND_SLUGS,
        answer_term=answer_term,
        today=today(),
    )


@blueprint.get(ONE)
@party
async def show(letter_id: int) -> Response:
    """One letter. Looking at it marks nothing: a page may be fetched before anybody reads it."""
    letter = await _letter(letter_id)
    older, newer = await service.find_neighbours(viewer(), letter)
    return await page(
        "letters/show.html",
        letter=letter,
        words=KIND_WORDS,
        body=markdown.render(letter.body),
        appeal=_appeal(letter),
        answer=answer_term(letter.answer_by, today()),
        has_document=await _documents().has(letter.document),
        older=older,
        newer=newer,
    )


@blueprint.post(f"{ONE}/lezing")
@party
async def read(letter_id: int) -> Response:
    """Mark a letter as read."""
    letter = await _letter(letter_id)
    await service.mark_read(viewer().account_id, letter, now())
    return see_other(f"{PATH}/{letter.id}")


@blueprint.post(f"{ONE}/lezing/verwijdering")
@party
async def unread(letter_id: int) -> Response:
    """Mark a letter as unread, and go back to the list, since opening it would read it again."""
    letter = await _letter(letter_id)
    await service.mark_unread(viewer().account_id, letter)
    return see_other(PATH)


@blueprint.get(f"{ONE}/document.pdf")
@party
async def document(letter_id: int) -> Response:
    """The PDF of a letter: shown in the page, or with ``?download=1`` to keep."""
    letter = await _letter(letter_id)
    if not letter.document:
        raise Problem.not_found()
    try:
        content = await _documents().get(letter.document)
    except DocumentMissing:
        log.error("document_missing", letter_id=letter.id)
        return await page("letters/missing.html", status=404, letter=letter)
    return pdf(content, service.file_name(letter), download="download" in request.args)


async def _letter(letter_id: int) -> OpenLetter:
    """The letter of an address. Raises Problem when there is none for this viewer."""
    letter = await service.find_letter(viewer(), letter_id)
    if letter is None:
        raise Problem.not_found()
    return letter


def _appeal(letter: OpenLetter) -> Appeal | None:
    if letter.kind is not LetterKind.DECISION:
        return None
    mentions = Mentions(
        letter.appeal_term_days, letter.appeal_body, letter.file_manager, letter.cited_references
    )
    return appeal_against(letter.date, mentions, today())


def _documents() -> DocumentStore:
    store: DocumentStore = current_app.extensions["documents"]
    return store
