from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from quart import Quart

from app.demo.people import KARIM, LUKASZ, NATHALIE, SOFIE
from app.documents.store import DocumentStore
from app.letters.models import LetterKind, Reading
from tests.unit.letters.room import (
    PDF,
    SAME_ORIGIN,
    add_dossier,
    add_letter,
    client_of,
)

READ = datetime(2026, 11, 1, tzinfo=UTC)


async def store_pdf(app: Quart) -> str:
    documents: DocumentStore = app.extensions["documents"]
    return await documents.put(PDF)


# The list


async def test_the_list_has_the_unread_first_and_says_so_in_words(app: Quart) -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    old = await add_letter(dossier, "Oud en ongelezen", date=date(2026, 1, 5))
    new = await add_letter(dossier, "Nieuw en gelezen", date=date(2026, 11, 5))
    sofie = await client_of(app, SOFIE)
    await sofie.post(f"/brieven/{new.id}/lezing", headers=SAME_ORIGIN)

    html = await (await sofie.get("/brieven")).get_data(as_text=True)

    assert html.index(f"/brieven/{old.id}") < html.index(f"/brieven/{new.id}")
    assert html.count('<span class="tag tag-new">Ongelezen</span>') == 1
    assert "U hebt 1 ongelezen brief of bericht." in html
    assert "<title>Brieven en berichten (1 ongelezen) – Proeffonds</title>" in html


async def test_the_list_without_letters_says_what_will_come_here(app: Quart) -> None:
    await add_dossier("A-1", beneficiary=SOFIE)

    html = await (await (await client_of(app, SOFIE)).get("/brieven")).get_data(as_text=True)

    assert "U hebt nog geen post" in html
    assert 'role="search"' not in html


async def test_a_search_without_results_keeps_what_was_typed(app: Quart) -> None:
    await add_letter(await add_dossier("A-1", beneficiary=SOFIE))
    sofie = await client_of(app, SOFIE)

    html = await (await sofie.get("/brieven?zoek=%3Cb%3Eonzin")).get_data(as_text=True)

    assert "Niets gevonden" in html
    assert 'value="&lt;b&gt;onzin"' in html
    assert "<b>onzin" not in html


async def test_the_list_by_kind(app: Quart) -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    await add_letter(dossier, "Stuur ons het attest", kind=LetterKind.REQUEST)
    await add_letter(dossier, "De nieuwe bedragen")
    sofie = await client_of(app, SOFIE)

    html = await (await sofie.get("/brieven?soort=vraag")).get_data(as_text=True)

    assert "Stuur ons het attest" in html
    assert "De nieuwe bedragen" not in html
    assert 'href="/brieven?soort=vraag" aria-current="page"' in html


async def test_older_letters_are_a_page_away_with_the_filter_kept(app: Quart) -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    for number in range(27):
        await add_letter(dossier, f"Bericht {number:02}", date=date(2026, 1, 1 + number))
    sofie = await client_of(app, SOFIE)

    first = await (await sofie.get("/brieven?zoek=bericht")).get_data(as_text=True)
    second = await (await sofie.get("/brieven?zoek=bericht&pagina=2")).get_data(as_text=True)

    assert len(re.findall(r'class="row-link', first)) == 25
    assert 'href="/brieven?zoek=bericht&amp;pagina=2"' in first
    assert len(re.findall(r'class="row-link', second)) == 2
    assert 'href="/brieven?zoek=bericht"' in second
    assert "Oudere brieven" not in second


async def test_a_date_to_answer_stands_in_the_list_until_it_has_passed(
    app: Quart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.letters.views.today", lambda: date(2026, 11, 23))
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    await add_letter(dossier, kind=LetterKind.REQUEST, answer_by=date(2026, 11, 28))
    await add_letter(dossier, kind=LetterKind.REQUEST, answer_by=date(2026, 11, 22))
    sofie = await client_of(app, SOFIE)

    html = await (await sofie.get("/brieven")).get_data(as_text=True)

    assert "Antwoord ten laatste op 28 november 2026" in html
    assert "22 november 2026" not in html


# Who sees it


@pytest.mark.parametrize("tail", ["", "/document.pdf", "/document.pdf?download=1"])
async def test_a_letter_of_another_family_does_not_exist(app: Quart, tail: str) -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    await add_dossier("B-1", beneficiary=LUKASZ)
    letter = await add_letter(dossier, "Geheim", document=await store_pdf(app))
    lukasz = await client_of(app, LUKASZ)

    response = await lukasz.get(f"/brieven/{letter.id}{tail}")

    assert response.status_code == 404
    assert "Geheim" not in await response.get_data(as_text=True)


@pytest.mark.parametrize("tail", ["", "/document.pdf"])
async def test_a_letter_to_one_parent_does_not_exist_for_the_other(app: Quart, tail: str) -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE, other_parent=KARIM)
    letter = await add_letter(dossier, "Voor Sofie", to=SOFIE, document=await store_pdf(app))
    sofie, karim = await client_of(app, SOFIE), await client_of(app, KARIM)

    assert (await sofie.get(f"/brieven/{letter.id}{tail}")).status_code == 200
    assert (await karim.get(f"/brieven/{letter.id}{tail}")).status_code == 404
    assert "Voor Sofie" not in await (await karim.get("/brieven")).get_data(as_text=True)


@pytest.mark.parametrize("tail", ["/lezing", "/lezing/verwijdering"])
async def test_a_stranger_marks_nothing(app: Quart, tail: str) -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    await add_dossier("B-1", beneficiary=LUKASZ)
    letter = await add_letter(dossier)
    sofie, lukasz = await client_of(app, SOFIE), await client_of(app, LUKASZ)
    await sofie.post(f"/brieven/{letter.id}/lezing", headers=SAME_ORIGIN)

    response = await lukasz.post(f"/brieven/{letter.id}{tail}", headers=SAME_ORIGIN)

    assert response.status_code == 404
    assert await Reading.all().count() == 1


async def test_whoever_is_not_signed_in_goes_to_the_beginning(app: Quart) -> None:
    letter = await add_letter(await add_dossier("A-1", beneficiary=SOFIE))

    for address in ("/brieven", f"/brieven/{letter.id}", f"/brieven/{letter.id}/document.pdf"):
        response = await app.test_client().get(address)
        assert response.status_code == 303
        assert response.headers["Location"].startswith("/?volgende=%2Fbrieven")


@pytest.mark.parametrize("number", ["0", "999999", "2147483648", "9" * 40, "-1", "x", "1%00"])
async def test_a_number_that_is_no_letter_is_not_found(app: Quart, number: str) -> None:
    await add_dossier("A-1", beneficiary=SOFIE)
    sofie = await client_of(app, SOFIE)

    assert (await sofie.get(f"/brieven/{number}")).status_code == 404


async def test_a_letter_of_a_dossier_that_is_not_open_is_there_for_its_guardian(app: Quart) -> None:
    await add_dossier("C-1", beneficiary=NATHALIE)
    letter = await add_letter(await add_dossier("C-2", guardian=NATHALIE), "Over uw pupil")
    nathalie = await client_of(app, NATHALIE)

    html = await (await nathalie.get(f"/brieven/{letter.id}")).get_data(as_text=True)

    assert "Over uw pupil" in html
    assert "<dd>C-2</dd>" in html


# Reading


async def test_looking_at_a_letter_marks_nothing(app: Quart) -> None:
    letter = await add_letter(await add_dossier("A-1", beneficiary=SOFIE))
    sofie = await client_of(app, SOFIE)

    html = await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)

    assert await Reading.all().count() == 0
    assert f'data-read-address="/brieven/{letter.id}/lezing"' in html
    assert "Ik heb dit gelezen" in html


async def test_read_and_unread_again(app: Quart) -> None:
    letter = await add_letter(await add_dossier("A-1", beneficiary=SOFIE))
    sofie = await client_of(app, SOFIE)

    for _ in range(2):
        response = await sofie.post(f"/brieven/{letter.id}/lezing", headers=SAME_ORIGIN)
        assert (response.status_code, response.headers["Location"]) == (
            303,
            f"/brieven/{letter.id}",
        )
    html = await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)
    assert "data-read-address" not in html
    assert await Reading.all().count() == 1

    response = await sofie.post(f"/brieven/{letter.id}/lezing/verwijdering", headers=SAME_ORIGIN)
    assert (response.status_code, response.headers["Location"]) == (303, "/brieven")
    assert await Reading.all().count() == 0


async def test_another_site_cannot_mark_a_letter(app: Quart) -> None:
    letter = await add_letter(await add_dossier("A-1", beneficiary=SOFIE))
    sofie = await client_of(app, SOFIE)

    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}, {}):
        response = await sofie.post(f"/brieven/{letter.id}/lezing", headers=headers)
        assert response.status_code == 403
    assert await Reading.all().count() == 0


async def test_the_read_mark_has_no_page_of_its_own(app: Quart) -> None:
    letter = await add_letter(await add_dossier("A-1", beneficiary=SOFIE))
    sofie = await client_of(app, SOFIE)

    for tail in ("lezing", "lezing/verwijdering"):
        assert (await sofie.get(f"/brieven/{letter.id}/{tail}")).status_code == 405


# What a letter says


async def test_a_message_is_shown_as_text_with_its_markdown_and_nothing_more(app: Quart) -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    body = "Dag Sofie,\n\n**Alles** is in orde.<script>alert(1)</script>"
    letter = await add_letter(dossier, kind=LetterKind.MESSAGE, body=body)
    sofie = await client_of(app, SOFIE)

    html = await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)

    assert "<strong>Alles</strong> is in orde.&lt;script&gt;" in html
    assert "iframe" not in html
    assert (await sofie.get(f"/brieven/{letter.id}/document.pdf")).status_code == 404


async def test_a_decision_says_until_when_and_where_to_appeal(app: Quart) -> None:
    letter = await add_letter(
        await add_dossier("A-1", beneficiary=SOFIE),
        kind=LetterKind.DECISION,
        date=date(2026, 11, 2),
        appeal_term_days=90,
        appeal_body="Arbeidsrechtbank Gent",
        appeal_address="Opgeëistenlaan 401, 9000 Gent",
        file_manager="Els Janssens",
        cited_references="A-1/B-2026-11",
    )
    sofie = await client_of(app, SOFIE)

    html = await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)

    assert "zondag 31 januari 2027" in html
    assert "Arbeidsrechtbank Gent" in html
    assert "Opgeëistenlaan 401, 9000 Gent" in html
    assert "Els Janssens" in html
    assert "A-1/B-2026-11" in html
    assert "ontbreekt:" not in html


async def test_a_decision_that_leaves_something_out_says_what_that_means(app: Quart) -> None:
    letter = await add_letter(
        await add_dossier("A-1", beneficiary=SOFIE),
        kind=LetterKind.DECISION,
        date=date(2026, 11, 2),
        appeal_term_days=90,
    )
    sofie = await client_of(app, SOFIE)

    html = await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)

    missing = "de instantie waar u in beroep kunt gaan, de naam van uw dossierbeheerder"
    assert f"{missing} en de referenties." in html
    assert "op 2 maart 2027" in html
    assert "maandag 31 mei 2027" in html


@pytest.mark.parametrize(
    ("answer_by", "said"),
    [
        (date(2026, 11, 23), "(dat is vandaag)"),
        (date(2026, 11, 24), "(dat is morgen)"),
        (date(2026, 11, 28), "(nog 5 dagen)"),
        (date(2027, 2, 28), "zondag 28 februari 2027"),
        (date(2026, 11, 1), "De datum om te antwoorden is voorbij"),
    ],
)
async def test_a_request_says_by_when_to_answer(
    app: Quart, monkeypatch: pytest.MonkeyPatch, answer_by: date, said: str
) -> None:
    monkeypatch.setattr("app.letters.views.today", lambda: date(2026, 11, 23))
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    letter = await add_letter(dossier, kind=LetterKind.REQUEST, answer_by=answer_by)
    sofie = await client_of(app, SOFIE)

    assert said in await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)


@pytest.mark.parametrize(("days", "tone"), [(7, "alert"), (8, "wait")])
async def test_the_list_and_the_page_agree_on_what_is_urgent(
    app: Quart, monkeypatch: pytest.MonkeyPatch, days: int, tone: str
) -> None:
    monkeypatch.setattr("app.letters.views.today", lambda: date(2026, 11, 1))
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    answer_by = date(2026, 11, 1 + days)
    letter = await add_letter(dossier, kind=LetterKind.REQUEST, answer_by=answer_by)
    sofie = await client_of(app, SOFIE)

    listed = await (await sofie.get("/brieven")).get_data(as_text=True)
    shown = await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)

    assert f'<span class="tag tag-{tone}">Antwoord ten laatste op' in listed
    assert f"notice-{'alert' if tone == 'alert' else 'info'}" in shown


async def test_a_reference_that_the_decision_cites_stands_there_once(app: Quart) -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    for number, (cited, times) in enumerate(
        [("BES-0", 1), ("A-1, BES-1", 1), ("BES-20", 2), ("", 1)]
    ):
        letter = await add_letter(
            dossier,
            reference=f"BES-{number}",
            kind=LetterKind.DECISION,
            cited_references=cited,
        )
        sofie = await client_of(app, SOFIE)

        html = await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)

        assert html.count(f"BES-{number}") == times, cited
        assert html.count(">Referentie") == times, cited


async def test_a_letter_of_ones_other_dossier_says_so_and_is_not_counted(app: Quart) -> None:
    own = await add_dossier("A-1", beneficiary=NATHALIE)
    ward = await add_dossier("B-1", guardian=NATHALIE)
    nathalie = await client_of(app, NATHALIE)

    async def page_of(letter_id: int) -> str:
        return await (await nathalie.get(f"/brieven/{letter_id}")).get_data(as_text=True)

    here = await page_of((await add_letter(own)).id)
    message = await page_of((await add_letter(ward)).id)
    letter = await page_of((await add_letter(ward, document=await store_pdf(app))).id)

    assert "andere dossier" not in here
    assert " data-counted>" in here
    for html, said in ((message, "Dit bericht hoort bij"), (letter, "Deze brief hoort bij")):
        assert f"{said} uw andere dossier" in html
        assert "data-read-address" in html
        assert "data-counted" not in html


# The PDF


async def test_the_pdf_is_shown_in_the_page_and_kept_under_a_clear_name(app: Quart) -> None:
    letter = await add_letter(
        await add_dossier("A-1", beneficiary=SOFIE),
        "Uw sociale toeslag",
        document=await store_pdf(app),
        document_size=84_000,
    )
    sofie = await client_of(app, SOFIE)

    html = await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)
    shown = await sofie.get(f"/brieven/{letter.id}/document.pdf")
    kept = await sofie.get(f"/brieven/{letter.id}/document.pdf?download=1")

    address = f"/brieven/{letter.id}/document.pdf"
    assert f'src="{address}#navpanes=0&amp;view=FitH" loading="lazy"' in html
    assert "(PDF, 84\N{NO-BREAK SPACE}kB)" in html
    assert await shown.get_data() == await kept.get_data() == PDF
    assert shown.content_type == "application/pdf"
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert shown.headers["Cache-Control"] == "no-store"
    name = 'filename="2026-10-01-uw-sociale-toeslag.pdf"'
    assert shown.headers["Content-Disposition"] == f"inline; {name}"
    assert kept.headers["Content-Disposition"] == f"attachment; {name}"


async def test_a_pdf_that_is_gone_is_told_on_the_page_and_at_its_address(app: Quart) -> None:
    dossier = await add_dossier("A-1", beneficiary=SOFIE)
    letter = await add_letter(dossier, document="a" * 64)
    sofie = await client_of(app, SOFIE)

    html = await (await sofie.get(f"/brieven/{letter.id}")).get_data(as_text=True)
    response = await sofie.get(f"/brieven/{letter.id}/document.pdf")

    assert "De brief is nu niet beschikbaar" in html
    assert "iframe" not in html
    assert response.status_code == 404
    assert "De brief is nu niet beschikbaar" in await response.get_data(as_text=True)
