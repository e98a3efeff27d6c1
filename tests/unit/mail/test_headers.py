"""The headers of an e-mail: complete, whole, and never what somebody else wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.mail.mailbox import bodies
from app.mail.message import House, MailWriter, UnfitAddress, one_line
from app.settings import load_settings
from tests.unit.mail.house import CONTEXTS, ENVELOPE, HOUSE, UNSUBSCRIBE
from tests.unit.mail.reading import Page, written


def test_headers_say_that_a_machine_wrote_and_which_row_it_is() -> None:
    message = written("letter")
    assert message["From"] == "Kinderbijslagfonds De Vlier <meldingen@devlier.example>"
    assert message["Reply-To"] == "Kinderbijslagfonds De Vlier <hallo@devlier.example>"
    assert message["To"] == "Sofie Peeters <sofie@voorbeeld.example>"
    assert message["Message-ID"] == "<outbox-1234@portaal.devlier.example>"
    assert message["Date"].datetime == ENVELOPE.sent_at
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "nl"
    assert message["List-Unsubscribe"] is None


def test_unsubscribing_takes_one_click_by_headers_that_stay_whole() -> None:
    raw = MailWriter(HOUSE).render(
        "letter", CONTEXTS["letter"], "nl", replace(ENVELOPE, unsubscribe_url=UNSUBSCRIBE)
    )
    assert f"\r\nList-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in raw.as_bytes()
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw.as_bytes()
    for body in bodies(written("letter", replace(ENVELOPE, unsubscribe_url=UNSUBSCRIBE))):
        assert UNSUBSCRIBE in body


@pytest.mark.parametrize("kind", ["verification", "address-changed"])
def test_what_must_arrive_cannot_be_unsubscribed_from(kind: str) -> None:
    message = written(kind, replace(ENVELOPE, unsubscribe_url=UNSUBSCRIBE))
    assert message["List-Unsubscribe"] is None
    assert UNSUBSCRIBE not in "".join(bodies(message))


@pytest.mark.parametrize("kind", sorted(CONTEXTS))
def test_what_travels_is_ascii_in_lines_that_smtp_allows(kind: str) -> None:
    raw = MailWriter(HOUSE).render(kind, CONTEXTS[kind], "nl", ENVELOPE).as_bytes()
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "name",
    [
        "Sofie\r\nBcc: dief@elders.example",
        "Sofie\nSubject: geld",
        "Sofie\r\n\r\n<b>Stuur uw pincode</b>",
        "Sofie\u2028Bcc: dief@elders.example",
        "Sofie\x00\x0bPeeters",
        "Sofie <dief@elders.example>, x",
        '"Sofie" (commentaar) [x]',
        "Ünal Çelik, «Zoë» Nguyễn",
        "=?utf-8?q?Bcc=3A?= x",
        "陳大文" * 60,
        "",
    ],
)
def test_a_name_never_becomes_a_header_or_another_reader(name: str) -> None:
    envelope = replace(ENVELOPE, name=name, phrase=name)
    message = written("security", envelope, device=name)
    plain = written("security")
    assert message.keys() == plain.keys()
    assert message["Bcc"] is None
    assert [one.addr_spec for one in message["To"].addresses] == ["sofie@voorbeeld.example"]
    assert message["Subject"] == plain["Subject"]
    assert set(Page(bodies(message)[1]).tags) <= set(Page(bodies(plain)[1]).tags)


def test_names_outside_ascii_arrive_as_they_are() -> None:
    name = "Ünal Çelik-O'Brien, «Zoë» Nguyễn"
    message = written("letter", replace(ENVELOPE, name=name))
    assert message["To"].addresses[0].display_name == name
    text, html = bodies(message)
    assert f"Beste {name}," in text
    assert f"Beste {name}," in Page(html).seen()


def test_a_fund_may_be_called_anything() -> None:
    fund = replace(HOUSE.fund, name='Fonds "Élan"\r\nX-Evil: 1', phone="", address="")
    message = MailWriter(replace(HOUSE, fund=fund)).render(
        "letter", CONTEXTS["letter"], "nl", ENVELOPE
    )
    assert message["X-Evil"] is None
    assert b"\r\nX-Evil" not in message.as_bytes().partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "to", ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "josé@b.example", ""]
)
def test_an_address_that_is_more_than_one_address_is_refused(to: str) -> None:
    with pytest.raises(UnfitAddress):
        written("letter", replace(ENVELOPE, to=to))


def test_one_line_keeps_only_what_can_be_seen() -> None:
    assert one_line(" a\r\n b\t\u202ec\x00 d ") == "a b c d"


def test_the_house_comes_from_the_settings() -> None:
    settings = load_settings(
        {},
        secret_key="s" * 40,
        secret_key_fallbacks=("o" * 40,),
        oidc_issuer="https://idp.example",
        oidc_client_id="portaal",
        oidc_client_auth="client_secret_basic",
        oidc_client_secret="geheim",
        base_url="https://portaal.devlier.example",
        fund_email="hallo@devlier.example",
    )
    house = House.of(settings)
    assert house.sender == "meldingen@portaal.devlier.example"
    assert house.reply_to == "hallo@devlier.example"
    assert house.keys == ("s" * 40, "o" * 40)
