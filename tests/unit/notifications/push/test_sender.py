"""Messages arrive readable, each gets one outcome, and one bad one spoils nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.notifications.push import sender as module
from app.notifications.push.breaker import THRESHOLD
from app.notifications.push.encryption import encrypt
from app.notifications.push.endpoints import PushServices
from app.notifications.push.outcomes import Answer, Outcome, Result
from app.notifications.push.payload import Kind, Notification
from app.notifications.push.sender import AHEAD, AT_ONCE, Outgoing, Sender
from app.notifications.push.transport import Transport
from app.notifications.push.vapid import KeyPair, Vapid
from tests.push_service import GARBAGE, RESET, Device, PushService, Scripted

from .conftest import KEY, SUBJECT, write


async def test_a_message_arrives_and_is_read_by_its_device(
    sender: Sender, service: PushService
) -> None:
    device = service.subscribe(KEY.public)
    outcome = await sender.send(write(device, 7, badge=3))
    assert outcome == Outcome(7, Result.DELIVERED, 201)
    [received] = service.received
    assert received.json["notification"]["tag"] == "payment-7"
    assert received.json["app_badge"] == 3
    assert len(received.content) == 512
    assert received.headers["ttl"] == "604800"
    assert received.headers["urgency"] == "normal"
    assert received.token.subject == SUBJECT
    assert received.http == "2"


async def test_kinds_travel_with_their_own_ttl_and_urgency(
    sender: Sender, service: PushService
) -> None:
    device = service.subscribe(KEY.public)
    for kind in (Kind.SECURITY, Kind.TEST):
        await sender.send(write(device, kind=kind))
    headers = [(one.headers["ttl"], one.headers["urgency"]) for one in service.received]
    assert headers == [("604800", "high"), ("300", "high")]


async def test_a_repeat_takes_the_place_of_the_first_and_hides_its_content(
    sender: Sender, service: PushService
) -> None:
    device, other = service.subscribe(), service.subscribe()
    for message in (write(device, 1), write(device, 1), write(device, 2), write(other, 1)):
        await sender.send(message)
    topics = [one.headers["topic"] for one in service.received]
    assert topics[0] == topics[1]
    assert len(set(topics)) == 3
    assert len({one.length for one in service.received}) == 1


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Scripted(200), Outcome(1, Result.DELIVERED, 200)),
        (Scripted(202), Outcome(1, Result.DELIVERED, 202)),
        (Scripted(204), Outcome(1, Result.DELIVERED, 204)),
        (Scripted(404), Outcome(1, Result.GONE, 404)),
        (Scripted(410), Outcome(1, Result.GONE, 410)),
        (Scripted(413), Outcome(1, Result.TOO_LARGE, 413)),
        (Scripted(429, {"retry-after": "30"}), Outcome(1, Result.THROTTLED, 429, 30.0)),
        (Scripted(429), Outcome(1, Result.THROTTLED, 429)),
        (Scripted(400), Outcome(1, Result.REFUSED, 400)),
        (
            Scripted(403, body=b'{"reason":"BadJwtToken"}'),
            Outcome(1, Result.REFUSED, 403, reason="BadJwtToken"),
        ),
        (
            Scripted(401, body=b'{"code":401,"errno":109,"error":"Unauthorized"}'),
            Outcome(1, Result.REFUSED, 401, reason="401"),
        ),
        (
            Scripted(403, body=b"<html>https://fcm.googleapis.com/secret</html>"),
            Outcome(1, Result.REFUSED, 403),
        ),
        (Scripted(302, {"location": "https://localhost/"}), Outcome(1, Result.FAILED, 302)),
        (Scripted(408), Outcome(1, Result.FAILED, 408)),
        (Scripted(500), Outcome(1, Result.FAILED, 500)),
        (Scripted(503, {"retry-after": "60"}), Outcome(1, Result.FAILED, 503, 60.0)),
        (GARBAGE, Outcome(1, Result.FAILED, reason="connection_lost")),
        (RESET, Outcome(1, Result.FAILED, reason="connection_lost")),
    ],
    ids=lambda one: f"{one.status}{one.rude}" if isinstance(one, Scripted) else "",
)
async def test_each_answer_becomes_an_outcome(
    sender: Sender, service: PushService, order: Scripted, expected: Outcome
) -> None:
    device = service.subscribe()
    service.order(order)
    assert await sender.send(write(device)) == expected


async def test_an_address_that_is_no_push_service_is_never_called(
    sender: Sender, service: PushService
) -> None:
    device = service.subscribe()
    outcome = await sender.send(write(device, endpoint="https://evil.example/x"))
    assert outcome == Outcome(1, Result.UNSENDABLE, reason="not_a_push_service")


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": ""},
        {"p256dh": "AAAA"},
        {"p256dh": "B" * 87},
        {"p256dh": "é" * 87},
        {"auth": ""},
        {"auth": "!"},
    ],
    ids=str,
)
async def test_keys_that_are_none_are_an_outcome(
    sender: Sender, service: PushService, keys: dict[str, Any]
) -> None:
    outcome = await sender.send(write(service.subscribe(), **keys))
    assert outcome == Outcome(1, Result.UNSENDABLE, reason="keys_unusable")
    assert service.requests == []


async def test_a_subscription_of_a_key_that_we_lost_is_an_outcome(
    sender: Sender, service: PushService
) -> None:
    outcome = await sender.send(write(service.subscribe(), key_version="lost"))
    assert outcome == Outcome(1, Result.UNSENDABLE, reason="key_version_unknown")


async def test_a_text_that_does_not_fit_is_not_sent(sender: Sender, service: PushService) -> None:
    long = Notification("T", "b" * 4000, "nl", "t", "https://portaal.example.be/")
    outcome = await sender.send(write(service.subscribe(), notification=long))
    assert outcome == Outcome(1, Result.TOO_LARGE, reason="before_sending")
    assert service.requests == []


async def test_while_keys_rotate_each_subscription_is_reached_with_its_own(
    service: PushService,
) -> None:
    new = KeyPair.of(ec.generate_private_key(ec.SECP256R1()))
    services = PushServices([], allow_loopback=True)
    transport = Transport(services.may_connect, roots=service.certificate)
    sender = Sender(services, Vapid([new, KEY], SUBJECT), transport)
    old_device, new_device = service.subscribe(KEY.public), service.subscribe(new.public)
    messages = [write(old_device, 1), write(new_device, 2, key_version=new.version)]
    outcomes = [outcome async for outcome in sender.send_all(messages)]
    assert {outcome.result for outcome in outcomes} == {Result.DELIVERED}
    mixed = await sender.send(write(old_device, 3, key_version=new.version))
    assert mixed == Outcome(3, Result.REFUSED, 403, reason="VapidPkHashMismatch")
    await sender.close()


async def test_the_token_is_signed_once_for_many_messages(
    sender: Sender, service: PushService
) -> None:
    messages = [write(service.subscribe(KEY.public), number) for number in range(20)]
    assert len([one async for one in sender.send_all(messages)]) == 20
    assert len({one.headers["authorization"] for one in service.received}) == 1


async def test_every_body_is_encrypted_with_a_key_of_its_own(
    sender: Sender, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: list[bytes] = []

    def watched(payload: bytes, p256dh: str, auth: str) -> bytes:
        bodies.append(encrypt(payload, p256dh, auth))
        return bodies[-1]

    monkeypatch.setattr(module, "encrypt", watched)
    device = service.subscribe()
    for _ in range(3):
        await sender.send(write(device))
    assert len({body[:16] for body in bodies}) == 3
    assert len({body[21:86] for body in bodies}) == 3


async def test_one_bad_message_among_many_spoils_nothing(
    sender: Sender, service: PushService
) -> None:
    good, gone, unknown = service.subscribe(), service.subscribe(), service.subscribe()
    service.unsubscribe(gone)
    messages = []
    for number in range(0, 60, 3):
        messages.append(write(good, number))
        messages.append(write(gone, number + 1))
        messages.append(write(unknown, number + 2, auth=""))
    outcomes = [outcome async for outcome in sender.send_all(messages)]
    assert sorted(int(str(outcome.id)) for outcome in outcomes) == list(range(60))
    assert Counter(outcome.result for outcome in outcomes) == {
        Result.DELIVERED: 20,
        Result.GONE: 20,
        Result.UNSENDABLE: 20,
    }


class Held:
    """A transport that answers when told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, Callable[[Answer], None]]] = []
        self.most = 0

    def post(self, url: str, _headers: object, _body: bytes, done: object) -> None:
        assert callable(done)
        self.waiting.append((url, done))
        self.most = max(self.most, len(self.waiting))

    def answer(self, status: int = 201) -> None:
        waiting, self.waiting = self.waiting, []
        for _, done in waiting:
            done(Answer(status))

    async def close(self) -> None:
        self.answer(0)


def held_sender(transport: Held, now: list[float] | None = None, at_once: int = AT_ONCE) -> Sender:
    services = PushServices(["a.push.example", "b.push.example"])
    time = now or [0.0]
    return Sender(
        services,
        Vapid([KEY], SUBJECT),
        transport,  # type: ignore[arg-type]
        monotonic=lambda: time[0],
        at_once=at_once,
    )


async def settle() -> None:
    """Let everything that can go on go on."""
    for _ in range(300):
        await asyncio.sleep(0)


async def collect(sender: Sender, messages: list[Outgoing], into: list[Outcome]) -> None:
    async for outcome in sender.send_all(messages):
        into.append(outcome)


async def test_memory_is_bounded_however_many_messages_come() -> None:
    device = Device("https://a.push.example/1")
    taken = 0

    def endless() -> Iterator[Outgoing]:
        nonlocal taken
        while True:
            taken += 1
            yield write(device, taken)

    transport = Held()
    sender = held_sender(transport)
    listening = sender.send_all(endless())
    waiting = asyncio.ensure_future(anext(listening))
    await settle()
    assert taken == AHEAD
    assert len(transport.waiting) == AT_ONCE
    transport.answer()
    for _ in range(500):
        await waiting
        waiting = asyncio.ensure_future(anext(listening))
        await asyncio.sleep(0)
        transport.answer()
    assert taken <= 500 + AHEAD + 1
    assert transport.most == AT_ONCE
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await listening.aclose()


async def test_a_slow_service_does_not_hold_up_another() -> None:
    slow, quick = Device("https://a.push.example/1"), Device("https://b.push.example/1")
    transport = Held()
    sender = held_sender(transport, at_once=5)
    outcomes: list[Outcome] = []
    messages = [*(write(slow, n) for n in range(50)), *(write(quick, n) for n in range(50, 53))]
    task = asyncio.ensure_future(collect(sender, messages, outcomes))
    await settle()
    hosts = Counter(url.split("/")[2] for url, _ in transport.waiting)
    assert hosts == {"a.push.example": 5, "b.push.example": 3}
    while not task.done():
        transport.answer()
        await settle()
    assert len(outcomes) == 53


async def test_two_callers_share_the_places_of_a_service_and_both_finish() -> None:
    device = Device("https://a.push.example/1")
    transport = Held()
    sender = held_sender(transport, at_once=4)
    outcomes: list[Outcome] = []
    tasks = [
        asyncio.ensure_future(collect(sender, [write(device, n) for n in range(12)], outcomes))
        for _ in range(2)
    ]
    while not all(task.done() for task in tasks):
        await settle()
        transport.answer()
    assert len(outcomes) == 24
    assert transport.most == 4


async def test_a_service_that_is_down_is_left_alone_and_tried_again() -> None:
    device = Device("https://a.push.example/1")
    transport, now = Held(), [1000.0]
    sender = held_sender(transport, now)
    outcomes: list[Outcome] = []
    task = asyncio.ensure_future(
        collect(sender, [write(device, n) for n in range(THRESHOLD)], outcomes)
    )
    await settle()
    transport.answer(503)
    await task
    assert sender.paused() == {"https://a.push.example": 15.0}
    postponed = await sender.send(write(device, 99))
    assert postponed == Outcome(99, Result.POSTPONED, 0, 15.0, "service_paused")
    assert transport.waiting == []

    now[0] += 15
    outcomes.clear()
    task = asyncio.ensure_future(collect(sender, [write(device, n) for n in range(3)], outcomes))
    await settle()
    assert len(transport.waiting) == 1
    transport.answer(201)
    await task
    assert Counter(outcome.result for outcome in outcomes) == {
        Result.DELIVERED: 1,
        Result.POSTPONED: 2,
    }
    assert sender.paused() == {}


async def test_subscriptions_that_ended_do_not_make_a_service_look_down() -> None:
    device = Device("https://a.push.example/1")
    transport = Held()
    sender = held_sender(transport)
    for status in (404, 410, 413, 400, 401, 403):
        outcomes: list[Outcome] = []
        messages = [write(device, n) for n in range(2 * THRESHOLD)]
        task = asyncio.ensure_future(collect(sender, messages, outcomes))
        await settle()
        transport.answer(status)
        await task
    assert sender.paused() == {}


async def test_closing_gives_every_message_an_outcome(sender: Sender, service: PushService) -> None:
    device = service.subscribe()
    service.order(*[Scripted(rude="silence")] * 3)
    outcomes: list[Outcome] = []
    task = asyncio.ensure_future(collect(sender, [write(device, n) for n in range(3)], outcomes))
    await settle()
    await sender.close()
    await task
    assert [outcome.reason for outcome in outcomes] == ["broken_off"] * 3


async def test_nothing_to_send_is_no_problem(sender: Sender) -> None:
    assert [one async for one in sender.send_all([])] == []
