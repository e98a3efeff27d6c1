from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.auth.models import Account
from app.database import fetch_all
from app.demo.people import JAN, KARIM, LUKASZ, NATHALIE, SOFIE
from app.letters import queries, service
from app.letters.inputs import Filter
from app.letters.models import LetterKind, Reading
from app.letters.queries import LetterItem, OpenLetter
from tests.unit.letters.room import add_dossier, add_letter, viewer_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def item(
    number: int, *, read: bool = False, kind: LetterKind = LetterKind.INFORMATION
) -> LetterItem:
    day = date(2026, 1, 1) + timedelta(days=number)
    return LetterItem(number, kind, f"Brief {number}", day, f"BR-{number}", 0, None, read)


def newest_first(*letters: LetterItem) -> list[LetterItem]:
    return sorted(letters, key=lambda letter: letter.date, reverse=True)


# The list, without a database


def test_unread_comes_first_and_then_the_newest() -> None:
    letters = newest_first(item(1), item(2, read=True), item(3), item(4, read=True))

    mailbox = service.sift(letters, Filter(), "nl")

    assert [letter.id for letter in mailbox.unread] == [3, 1]
    assert [letter.id for letter in mailbox.read] == [4, 2]
    assert (mailbox.total, mailbox.unread_total, mailbox.found) == (4, 2, 4)


def test_a_filter_leaves_the_counts_as_they_are() -> None:
    letters = newest_first(item(1, kind=LetterKind.REQUEST), item(2, read=True), item(3))

    mailbox = service.sift(letters, Filter(kind=LetterKind.REQUEST), "nl")

    assert [letter.id for letter in mailbox.unread] == [1]
    assert mailbox.kinds == {LetterKind.REQUEST: 1, LetterKind.INFORMATION: 2}
    assert (mailbox.total, mailbox.unread_total, mailbox.found) == (3, 2, 1)


def test_only_the_unread_when_asked() -> None:
    mailbox = service.sift(
        newest_first(item(1), item(2, read=True)), Filter(unread_only=True), "nl"
    )

    assert [letter.id for letter in mailbox.unread] == [1]
    assert mailbox.read == []


def test_a_search_is_among_the_filtered() -> None:
    letters = newest_first(item(1, kind=LetterKind.REQUEST), item(2), item(3))

    assert service.sift(letters, Filter(search="br-3"), "nl").found == 1
    assert service.sift(letters, Filter(LetterKind.REQUEST, search="br-3"), "nl").found == 0


def test_a_page_holds_25_and_the_rest_is_older() -> None:
    letters = newest_first(*(item(number, read=number < 20) for number in range(1, 61)))

    pages = [service.sift(letters, Filter(page=page), "nl") for page in (1, 2, 3, 4)]

    shown = [[letter.id for letter in page.unread + page.read] for page in pages]
    assert [len(ids) for ids in shown] == [25, 25, 10, 0]
    assert sum(shown, []) == list(range(60, 0, -1))  # noqa: RUF017 (sixty numbers)
    assert [page.has_older for page in pages] == [True, True, False, False]


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Uw sociale toeslag", "2026-09-14-uw-sociale-toeslag.pdf"),
        ("Zoë & Łukasz: één «brief»/…", "2026-09-14-zoe-lukasz-een-brief.pdf"),
        ('x"; filename="virus.exe', "2026-09-14-x-filename-virus-exe.pdf"),
        ("../../etc/passwd", "2026-09-14-etc-passwd.pdf"),
        ("日本", "2026-09-14-brief.pdf"),
        ("a" * 200, f"2026-09-14-{'a' * 60}.pdf"),
    ],
)
def test_a_file_is_named_by_date_and_subject_in_plain_letters(subject: str, name: str) -> None:
    letter = OpenLetter(
        id=1,
        dossier_id=1,
        dossier_number="A-1",
        kind=LetterKind.INFORMATION,
        subject=subject,
        date=date(2026, 9, 14),
        reference="",
        body="",
        document="",
        document_size=0,
        answer_by=None,
        appeal_term_days=None,
        appeal_body="",
        appeal_address="",
        file_manager="",
        cited_references="",
        personal=False,
        read=False,
    )

    assert service.file_name(letter) == name


# On both databases

either = pytest.mark.usefixtures("either_database")


@either
async def test_a_letter_to_one_party_is_seen_by_that_one_alone() -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE, other_parent=KARIM)
    shared = await add_letter(dossier, "Voor allebei")
    personal = await add_letter(dossier, "Voor Sofie", to=SOFIE)
    sofie, karim = await viewer_of(SOFIE), await viewer_of(KARIM)

    assert {letter.id for letter in await service.latest(sofie, 9)} == {shared.id, personal.id}
    assert [letter.id for letter in await service.latest(karim, 9)] == [shared.id]
    assert (await service.unread_count(sofie), await service.unread_count(karim)) == (2, 1)
    assert await service.find_letter(karim, personal.id) is None
    found = await service.find_letter(sofie, personal.id)
    assert found is not None
    assert found.personal


@either
async def test_a_stranger_sees_nothing_of_another_dossier() -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    await add_dossier("B-1", beneficiary=LUKASZ)
    letter = await add_letter(dossier)
    lukasz, jan = await viewer_of(LUKASZ), await viewer_of(JAN)

    for stranger in (lukasz, jan):
        assert await service.find_letter(stranger, letter.id) is None
        assert await service.latest(stranger, 9) == []
        assert await service.latest_unread(stranger, 9) == []
        assert await service.unread_count(stranger) == 0
    assert jan.person_id is None


@either
async def test_a_withdrawn_letter_is_gone_everywhere() -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    older = await add_letter(dossier, date=date(2026, 1, 1))
    withdrawn = await add_letter(dossier, date=date(2026, 2, 1), withdrawn_at=NOW)
    newer = await add_letter(dossier, date=date(2026, 3, 1))
    sofie = await viewer_of(SOFIE)

    assert await service.find_letter(sofie, withdrawn.id) is None
    assert [letter.id for letter in await service.latest(sofie, 9)] == [newer.id, older.id]
    assert await service.unread_count(sofie) == 2
    shown = await service.find_letter(sofie, newer.id)
    assert shown is not None
    before, after = await service.find_neighbours(sofie, shown)
    assert before is not None
    assert (before.id, after) == (older.id, None)


@either
async def test_reading_is_of_one_person_and_twice_is_once() -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE, other_parent=KARIM)
    letter = await add_letter(dossier)
    sofie, karim = await viewer_of(SOFIE), await viewer_of(KARIM)
    opened = await service.find_letter(sofie, letter.id)
    assert opened is not None

    await service.mark_read(sofie.account_id, opened, NOW)
    await service.mark_read(sofie.account_id, opened, NOW + timedelta(days=1))

    assert (await service.unread_count(sofie), await service.unread_count(karim)) == (0, 1)
    assert (await Reading.get()).read_at == NOW
    assert await service.latest_unread(sofie, 9) == []
    assert [one.id for one in await service.latest_unread(karim, 9)] == [letter.id]


@either
async def test_unread_again_and_again() -> None:
    letter = await add_letter(await add_dossier("A-1", beneficiary=SOFIE))
    sofie = await viewer_of(SOFIE)
    opened = await service.find_letter(sofie, letter.id)
    assert opened is not None
    await service.mark_read(sofie.account_id, opened, NOW)

    await service.mark_unread(sofie.account_id, opened)
    await service.mark_unread(sofie.account_id, opened)

    assert await service.unread_count(sofie) == 1


@either
async def test_the_list_is_of_the_open_dossier_and_a_letter_of_any() -> None:
    first = await add_dossier("C-1", beneficiary=NATHALIE)
    second = await add_dossier("C-2", guardian=NATHALIE)
    here, there = await add_letter(first), await add_letter(second)
    nathalie = await viewer_of(NATHALIE)

    assert [letter.id for letter in await service.latest(nathalie, 9)] == [here.id]
    found = await service.find_letter(nathalie, there.id)
    assert found is not None
    assert found.dossier_number == "C-2"
    assert await service.find_neighbours(nathalie, found) == (None, None)


@either
async def test_neighbours_go_by_date_and_pass_over_what_is_not_yours() -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE, other_parent=KARIM)
    third = await add_letter(dossier, date=date(2026, 3, 1))
    first = await add_letter(dossier, date=date(2026, 1, 1))
    await add_letter(dossier, date=date(2026, 1, 15), to=KARIM)
    second = await add_letter(dossier, date=date(2026, 1, 1))  # of the same day
    sofie = await viewer_of(SOFIE)

    chain = []
    for letter_id in (first.id, second.id, third.id):
        letter = await service.find_letter(sofie, letter_id)
        assert letter is not None
        before, after = await service.find_neighbours(sofie, letter)
        chain.append((before and before.id, after and after.id))

    assert chain == [(None, second.id), (first.id, third.id), (second.id, None)]


@either
async def test_bodies_come_along_only_to_be_searched() -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    await add_letter(dossier, kind=LetterKind.MESSAGE, body="Breng een **attest** mee.")
    sofie = await viewer_of(SOFIE)
    reader = service.reader_of(sofie)

    plain = await service.open_mailbox(dossier.id, reader, Filter(), "nl")
    found = await service.open_mailbox(dossier.id, reader, Filter(search="attest"), "nl")

    assert plain.unread[0].body == ""
    assert found.found == 1


@either
async def test_read_marks_go_with_the_online_profile() -> None:
    letter = await add_letter(await add_dossier("A-1", beneficiary=SOFIE))
    sofie = await viewer_of(SOFIE)
    opened = await service.find_letter(sofie, letter.id)
    assert opened is not None
    await service.mark_read(sofie.account_id, opened, NOW)

    await Account.filter(id=sofie.account_id).delete()

    assert await Reading.all().count() == 0


@pytest.mark.usefixtures("sqlite")
async def test_the_count_on_every_page_uses_indexes() -> None:
    plan = await fetch_all("EXPLAIN QUERY PLAN " + queries._COUNT_UNREAD, [1, 1, 1])

    steps = " / ".join(str(row["detail"]) for row in plan)
    assert "SCAN" not in steps
