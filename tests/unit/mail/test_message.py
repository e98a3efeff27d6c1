"""What an e-mail says, to whom, and what it never carries."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import jinja2
import pytest

from app.mail.mailbox import bodies
from app.mail.message import ForeignLink, MailWriter, UnknownKind, kinds
from tests.unit.mail.house import CONTEXTS, ENVELOPE, HOUSE, UNSUBSCRIBE, Item
from tests.unit.mail.reading import Page, preheader, words, written

AMOUNT_TEXT = "412,30"


def test_every_kind_has_something_to_show_here() -> None:
    assert set(CONTEXTS) == kinds()


@pytest.mark.parametrize("kind", sorted(CONTEXTS))
@pytest.mark.parametrize("show_amounts", [False, True])
def test_every_kind_is_text_and_html_that_say_the_same(kind: str, show_amounts: bool) -> None:
    message = written(kind, replace(ENVELOPE, show_amounts=show_amounts))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    text, html = bodies(message)
    page = Page(html)
    for link in page.links():
        assert link in text
    in_text = words(re.sub(r"https://\S+", "", text))
    assert in_text <= words(page.seen())
    assert words(page.seen()) <= in_text | words(message["Subject"]) | words(preheader(html))
    assert "{" not in text
    assert "&amp;" not in text


@pytest.mark.parametrize("kind", sorted(CONTEXTS))
def test_html_is_well_formed_and_fetches_nothing(kind: str) -> None:
    page = Page(bodies(written(kind, replace(ENVELOPE, unsubscribe_url=UNSUBSCRIBE)))[1])
    assert page.open == []
    assert not {"img", "link", "script", "form", "input", "iframe", "object", "video"} & set(
        page.tags
    )
    assert not {"src", "srcset", "background", "action"} & {name for _, name, _ in page.attributes}
    assert not any(name.startswith("on") for _, name, _ in page.attributes)
    for text in (page.style, *(value for _, name, value in page.attributes if name == "style")):
        assert "url(" not in text
        assert "@import" not in text
        assert "@font-face" not in text


@pytest.mark.parametrize("kind", sorted(CONTEXTS))
def test_every_link_leads_to_a_page_of_the_portal(kind: str) -> None:
    page = Page(bodies(written(kind, replace(ENVELOPE, unsubscribe_url=UNSUBSCRIBE)))[1])
    assert page.links()
    for link in page.links():
        assert (urlsplit(link).scheme, urlsplit(link).hostname) == (
            "https",
            "portaal.devlier.example",
        )


@pytest.mark.parametrize(
    "url",
    [
        "https://elders.example/brieven/7",
        "https://portaal.devlier.example.elders.example/",
        "https://portaal.devlier.example@elders.example/",
        "javascript:alert(1)",
        "/brieven/7",
    ],
)
def test_a_link_that_leads_away_is_refused(url: str) -> None:
    with pytest.raises(ForeignLink):
        written("letter", url=url)
    with pytest.raises(ForeignLink):
        written("letter", replace(ENVELOPE, unsubscribe_url=url))


@pytest.mark.parametrize("kind", sorted(CONTEXTS))
def test_html_suits_dark_mode_and_says_its_language(kind: str) -> None:
    html = bodies(written(kind))[1]
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert '<html lang="nl">' in html


@pytest.mark.parametrize("kind", sorted(CONTEXTS))
def test_no_amount_is_told_to_who_did_not_ask_for_it(kind: str) -> None:
    message = written(kind)
    assert AMOUNT_TEXT not in "".join([message["Subject"], *bodies(message)])


@pytest.mark.parametrize("kind", ["payment", "summary"])
def test_the_amount_is_told_to_who_wants_to_see_it(kind: str) -> None:
    message = written(kind, replace(ENVELOPE, show_amounts=True))
    for body in bodies(message):
        assert AMOUNT_TEXT in body


def test_the_subject_of_a_payment_holds_the_amount_only_then() -> None:
    assert written("payment")["Subject"] == "Er is een nieuwe betaling"
    shown = written("payment", replace(ENVELOPE, show_amounts=True))
    assert shown["Subject"] == "U krijgt € 412,30 kinderbijslag"


@pytest.mark.parametrize("kind", sorted(set(CONTEXTS) - {"verification"}))
def test_the_recognition_phrase_stands_at_the_top_of_what_is_seen(kind: str) -> None:
    text, html = bodies(written(kind))
    assert text.startswith("Uw herkenningszin: De kat van oma heet Mozart\n")
    seen = Page(html).seen()
    assert seen.index("De kat van oma heet Mozart") < seen.index("Beste Sofie Peeters")


def test_without_a_phrase_nothing_is_said_of_one() -> None:
    assert "herkenningszin" not in "".join(bodies(written("letter", replace(ENVELOPE, phrase=""))))


def test_a_stranger_at_an_unproven_address_learns_neither_name_nor_phrase() -> None:
    message = written("verification")
    for body in bodies(message):
        assert "Mozart" not in body
        assert "Sofie" not in body
    assert "Sofie" not in message["To"]


def test_a_preview_on_a_lock_screen_does_not_show_the_phrase() -> None:
    shown = preheader(bodies(written("letter"))[1])
    assert "Mozart" not in shown
    assert len(shown) > 150


@pytest.mark.parametrize("kind", sorted(CONTEXTS))
def test_every_mail_says_who_wrote_it_and_how_to_check(kind: str) -> None:
    for body in bodies(written(kind)):
        assert "Kinderbijslagfonds De Vlier" in body
        assert "Vlierstraat 1, 9000 Gent" in body
        assert "Wij vragen nooit uw bankgegevens" in body
        assert re.search(r"16J-[0-9A-Z]{5}", body)


def test_a_letter_that_stays_unread_says_so_and_what_comes_next() -> None:
    message = written("letter", reminder=True, on_paper_from=date(2026, 12, 30))
    assert message["Subject"] == "U hebt een brief nog niet gelezen"
    for body in bodies(message):
        assert "30 december 2026 ook per post" in " ".join(body.split())


def test_letters_and_payments_say_what_they_are() -> None:
    assert written("letter")["Subject"] == "Er is een nieuwe beslissing"
    assert written("letter", decision=False)["Subject"] == "Er is een nieuwe brief"
    assert written("payment", returned=True)["Subject"] == "Een betaling is niet aangekomen"


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        ("new_device", "Er is aangemeld op een nieuw toestel"),
        ("bank_account", "Uw rekeningnummer is gewijzigd"),
        ("profile_deleted", "Uw online profiel is verwijderd"),
        ("something_new", "Er is iets gewijzigd in uw profiel"),
    ],
)
def test_a_security_alert_says_what_happened(event: str, subject: str) -> None:
    message = written("security", event=event, url="", device="")
    assert message["Subject"] == subject
    assert f"{subject}." in bodies(message)[0]


def test_a_summary_counts_in_good_dutch() -> None:
    text = bodies(written("summary", items=[Item("payment", 2), Item("letter", 1)]))[0]
    assert "* 2 betalingen\n* 1 brief\n" in text


def test_an_unknown_kind_and_a_gap_in_the_context_are_told() -> None:
    writer = MailWriter(HOUSE)
    for kind in ("nieuwsbrief", "../web", "_layout.html"):
        with pytest.raises(UnknownKind):
            writer.render(kind, {}, "nl", ENVELOPE)
    with pytest.raises(jinja2.UndefinedError):
        writer.render("letter", {}, "nl", ENVELOPE)


def test_a_language_that_we_lack_falls_back_to_dutch() -> None:
    message = MailWriter(HOUSE).render("message", CONTEXTS["message"], "xx", ENVELOPE)
    assert message["Content-Language"] == "nl"
