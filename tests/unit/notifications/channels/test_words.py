from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.notifications.channels import email, push
from app.notifications.channels.words import words_of
from app.notifications.dispatch import Verdict
from app.notifications.facts import Device, Item, LetterFact, Message, PaymentFact, Recipient
from app.notifications.models import Channel, Kind
from app.notifications.push.outcomes import Outcome, Result

PAYMENT = PaymentFact("paid", "monthly", date(2026, 10, 1), date(2026, 11, 6), 78_376)
LETTER = LetterFact("decision", "Uw zorgtoeslag stopt", date(2026, 11, 20), None)
SOFIE = Recipient(7, "Sofie", "nl", "sofie@voorbeeld.be", False, "appelboom", None, None)
DEVICE = Device(3, "https://fcm.googleapis.com/fcm/send/x", "p", "a", "v1")


def item(kind: Kind = Kind.PAYMENT, number: int = 1, event: str = "new") -> Item:
    return Item(
        id=number,
        kind=kind,
        subject="payment" if kind is Kind.PAYMENT else "letter",
        subject_id=40 + number,
        event=event,
        attempts=0,
        created_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        dossier_id=1,
        dossier_number="DV-100001",
        payment=PAYMENT if kind is Kind.PAYMENT else None,
        letter=LETTER if kind is Kind.LETTER else None,
    )


def message(*items: Item, person: Recipient = SOFIE) -> Message:
    return Message(
        identity="i" * 32,
        channel=Channel.PUSH,
        recipient=person,
        device=DEVICE,
        address=person.email,
        is_former=False,
        is_new=True,
        items=items or (item(),),
    )


def test_by_default_a_push_message_tells_nothing_about_the_family() -> None:
    words = words_of(message())

    assert words.title == "Er is een nieuwe betaling"
    assert words.path == "/betaling/41"
    assert not set("0123456789€") & set(words.title + words.body)


def test_an_amount_is_told_only_to_who_chose_to_see_amounts() -> None:
    words = words_of(message(person=replace(SOFIE, show_amounts=True)))

    assert words.body == "€\N{NO-BREAK SPACE}783,76, 6 november 2026"


def test_what_a_letter_is_about_is_never_told() -> None:
    words = words_of(message(item(Kind.LETTER), person=replace(SOFIE, show_amounts=True)))

    assert "zorgtoeslag" not in (words.title + words.body).lower()
    assert words.path == "/brieven/41"


def test_a_letter_that_waits_is_told_in_other_words() -> None:
    assert words_of(message(item(Kind.LETTER, event="reminder-1"))).title == (
        "Er wacht een belangrijke brief op u"
    )


def test_a_payment_that_came_back_is_told_as_such() -> None:
    returned = replace(item(), payment=replace(PAYMENT, state="returned"))

    assert words_of(message(returned)).title == "Een betaling kwam terug"


def test_several_things_at_once_are_one_message_that_leads_home() -> None:
    words = words_of(message(item(), item(Kind.LETTER, 2)))

    assert (words.title, words.path) == ("Er is nieuws over uw kinderbijslag", "/overzicht")


def test_a_message_of_several_things_is_as_urgent_as_its_most_urgent() -> None:
    channel = push.PushChannel(None, "https://portaal.example.be")  # type: ignore[arg-type]

    sent = channel.outgoing(message(item(), item(Kind.LETTER, 2)))

    assert sent.kind.value == "letter"
    assert sent.notification.tag == sent.id == "i" * 32
    assert sent.notification.navigate == "https://portaal.example.be/overzicht"


@pytest.mark.parametrize(
    ("result", "status", "verdict", "maybe", "tried"),
    [
        (Result.DELIVERED, 201, Verdict.SENT, False, True),
        (Result.GONE, 410, Verdict.GONE, False, True),
        (Result.UNSENDABLE, 0, Verdict.HOPELESS, False, True),
        (Result.TOO_LARGE, 413, Verdict.HOPELESS, False, True),
        (Result.THROTTLED, 429, Verdict.AGAIN, False, True),
        (Result.REFUSED, 403, Verdict.AGAIN, False, True),
        (Result.FAILED, 500, Verdict.AGAIN, False, True),
        (Result.FAILED, 0, Verdict.AGAIN, True, True),
        (Result.POSTPONED, 0, Verdict.AGAIN, False, False),
    ],
)
def test_every_answer_of_a_push_service_is_acted_on(
    result: Result, status: int, verdict: Verdict, maybe: bool, tried: bool
) -> None:
    answer = push.answer_of(Outcome("x", result, status, retry_after=30))

    assert (answer.verdict, answer.maybe_arrived, answer.tried) == (verdict, maybe, tried)
    assert answer.after is not None
    assert answer.after.total_seconds() == 30


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_words(kind: Kind) -> None:
    assert words_of(message(item(kind))).title


def test_the_letters_of_an_email_answer_are_acted_on() -> None:
    from app.mail.outcomes import Outcome as MailOutcome
    from app.mail.outcomes import Reason
    from app.mail.outcomes import Verdict as MailVerdict

    bounced = email.answer_of(MailOutcome(MailVerdict.BOUNCED, Reason.ADDRESS, 550, "5.1.1"))
    broken = email.answer_of(MailOutcome(MailVerdict.RETRY, Reason.CONNECTION))
    refused = email.answer_of(MailOutcome(MailVerdict.REFUSED, Reason.AUTHENTICATION, 535))

    assert bounced.verdict is Verdict.GONE
    assert (broken.verdict, broken.maybe_arrived) == (Verdict.AGAIN, True)
    assert (refused.verdict, refused.maybe_arrived) == (Verdict.AGAIN, False)
