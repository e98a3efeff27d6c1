"""One form for all browsers, one length, and a topic that a repeat shares."""

from __future__ import annotations

import json
import re

import pytest

from app.notifications.push.payload import (
    BRIDGED_LIMIT,
    DAY,
    HANDLING,
    LIMIT,
    Action,
    Kind,
    Notification,
    PayloadTooLarge,
    build,
    limit_at,
    topic,
)

PAID = Notification(
    title="Er is een nieuwe betaling",
    body="",
    lang="nl",
    tag="payment-1",
    navigate="https://portaal.example.be/betalingen/2026",
)


def with_body(length: int) -> Notification:
    return Notification("T", "b" * length, "nl", "t", "https://portaal.example.be/")


def test_it_has_the_form_that_safari_shows_by_itself() -> None:
    assert json.loads(build(PAID, badge=2)) == {
        "web_push": 8030,
        "notification": {
            "title": "Er is een nieuwe betaling",
            "body": "",
            "lang": "nl",
            "tag": "payment-1",
            "navigate": "https://portaal.example.be/betalingen/2026",
        },
        "app_badge": 2,
    }


def test_no_badge_is_something_else_than_a_badge_of_none() -> None:
    assert "app_badge" not in json.loads(build(PAID))
    assert json.loads(build(PAID, badge=0))["app_badge"] == 0


def test_a_time_and_buttons_travel_when_they_are_given() -> None:
    action = Action("read", "Lezen", "https://portaal.example.be/brieven/1")
    rich = Notification("T", "B", "nl", "t", "https://x.be/", 1_795_000_000_000, (action,))
    notification = json.loads(build(rich))["notification"]
    assert notification["timestamp"] == 1_795_000_000_000
    assert notification["actions"][0]["navigate"].endswith("/brieven/1")


def test_all_ordinary_messages_are_equally_long() -> None:
    lengths = {len(build(with_body(length))) for length in (0, 1, 100, 300)}
    assert lengths == {512}


def test_longer_messages_are_a_multiple_of_it_until_the_limit() -> None:
    assert len(build(with_body(600))) == 1024
    assert len(build(with_body(3600))) == LIMIT


def test_a_message_above_the_limit_of_its_service_is_refused() -> None:
    build(with_body(2500), limit=BRIDGED_LIMIT)
    with pytest.raises(PayloadTooLarge):
        build(with_body(2744), limit=BRIDGED_LIMIT)
    with pytest.raises(PayloadTooLarge):
        build(with_body(3993))


def test_letters_beyond_ascii_count_by_their_bytes() -> None:
    with pytest.raises(PayloadTooLarge):
        build(Notification("T", "é" * 1990, "nl", "t", "https://portaal.example.be/"))


def test_mozilla_hands_on_to_google_and_takes_less() -> None:
    assert limit_at("https://updates.push.services.mozilla.com") == BRIDGED_LIMIT
    assert limit_at("https://fcm.googleapis.com") == LIMIT


def test_a_repeat_has_the_same_topic_and_nothing_else_has() -> None:
    first = topic("payment-1", "BTBZMqHH6r4Tts7J_aSIgg")
    assert (
        first == topic("payment-1", "BTBZMqHH6r4Tts7J_aSIgg") == "nLN0GtwpeZmVdZmOpfECHXbkx-D1oKjl"
    )
    assert first != topic("payment-2", "BTBZMqHH6r4Tts7J_aSIgg")
    assert first != topic("payment-1", "AAAAMqHH6r4Tts7J_aSIgg")


@pytest.mark.parametrize("tag", ["", "x", "letter-123456789", "é" * 200])
def test_a_topic_fits_whatever_the_tag(tag: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", topic(tag, "BTBZMqHH6r4Tts7J_aSIgg"))


def test_every_kind_says_how_it_is_handled_within_what_services_keep() -> None:
    assert set(HANDLING) == set(Kind)
    assert all(0 < one.ttl <= 30 * DAY for one in HANDLING.values())
    assert {one.urgency for one in HANDLING.values()} <= {"very-low", "low", "normal", "high"}
