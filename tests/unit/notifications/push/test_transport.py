"""Every road that a request can take ends in an answer, and no road leads inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.notifications.push.endpoints import PushServices
from app.notifications.push.outcomes import Answer
from app.notifications.push.transport import MAX_BODY, Transport, trusted_roots
from tests.push_service import GARBAGE, RESET, SILENCE, PushService, Scripted

CLOSED = PushServices([])
OPEN = PushServices([], allow_loopback=True)


@pytest.fixture
async def transport(service: PushService) -> AsyncIterator[Transport]:
    one = Transport(OPEN.may_connect, roots=service.certificate)
    yield one
    await one.close()


async def ask(transport: Transport, url: str, body: bytes = b"x") -> Answer:
    answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    transport.post(url, ["TTL: 60"], body, answer.set_result)
    return await answer


async def test_a_status_is_an_answer(transport: Transport, service: PushService) -> None:
    for status in (200, 201, 301, 404, 500):
        service.order(Scripted(status))
        assert (await ask(transport, service.origin() + "/x")).status == status
    assert service.connections == 1


async def test_redirects_are_not_followed(transport: Transport, service: PushService) -> None:
    for status in (301, 302, 303, 307, 308):
        service.order(Scripted(status, {"location": service.origin("other.localhost") + "/y"}))
        assert (await ask(transport, service.origin() + "/x")).status == status
    assert service.requests == ["/x"] * 5


async def test_a_name_that_means_this_machine_is_not_connected_to(service: PushService) -> None:
    transport = Transport(CLOSED.may_connect, roots=service.certificate)
    for host in ("push.localhost", "127.0.0.1"):
        answer = await ask(transport, service.origin(host) + "/x")
        assert answer == Answer(0, trouble="private_address")
    assert service.connections == 0
    await transport.close()


async def test_only_https_is_spoken(transport: Transport, service: PushService) -> None:
    for url in (f"http://localhost:{service.port}/x", "file:///etc/passwd"):
        assert (await ask(transport, url)).status == 0
    assert service.connections == 0


async def test_a_proxy_of_the_environment_is_not_used(
    transport: Transport, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    service.order(Scripted(201))
    assert (await ask(transport, service.origin() + "/x")).status == 201


async def test_a_certificate_that_nobody_vouches_for_ends_it(service: PushService) -> None:
    transport = Transport(OPEN.may_connect, roots=trusted_roots())
    answer = await ask(transport, service.origin() + "/x")
    assert answer == Answer(0, trouble="certificate")
    assert service.requests == []
    await transport.close()


async def test_a_certificate_of_another_name_ends_it(
    transport: Transport, service: PushService
) -> None:
    answer = await ask(transport, service.origin("unknown.localhost") + "/x")
    assert answer == Answer(0, trouble="certificate")


@pytest.mark.parametrize("protocol", ["h2", "http/1.1"])
@pytest.mark.parametrize("rude", [RESET, GARBAGE], ids=lambda one: one.rude)
async def test_a_rude_end_is_an_answer_and_the_next_request_goes_well(
    tmp_path: Path, protocol: str, rude: Scripted
) -> None:
    async with PushService.running(tmp_path, (protocol,)) as service:
        transport = Transport(OPEN.may_connect, roots=service.certificate)
        service.order(rude)
        assert await ask(transport, service.origin() + "/x") == Answer(0, trouble="connection_lost")
        service.order(Scripted(201))
        assert (await ask(transport, service.origin() + "/x")).status == 201
        await transport.close()


async def test_silence_ends_at_the_timeout(service: PushService) -> None:
    transport = Transport(OPEN.may_connect, roots=service.certificate, timeout=0.3)
    service.order(SILENCE)
    assert await ask(transport, service.origin() + "/x") == Answer(0, trouble="timeout")
    await transport.close()


async def test_nobody_listening_is_an_answer(transport: Transport, tmp_path: Path) -> None:
    async with PushService.running(tmp_path) as other:
        url = other.origin() + "/x"
    assert await ask(transport, url) == Answer(0, trouble="no_connection")


async def test_a_long_answer_is_cut_off_and_its_status_kept(
    transport: Transport, service: PushService
) -> None:
    service.order(Scripted(400, body=b"x" * 15_000))
    answer = await ask(transport, service.origin() + "/x")
    assert (answer.status, len(answer.body)) == (400, MAX_BODY)


async def test_a_body_of_a_former_answer_does_not_stay(
    transport: Transport, service: PushService
) -> None:
    service.order(Scripted(400, body=b"first"), Scripted(400))
    assert (await ask(transport, service.origin() + "/x")).body == b"first"
    assert (await ask(transport, service.origin() + "/x")).body == b""


async def test_retry_after_is_read_as_seconds_and_as_a_date(
    transport: Transport, service: PushService
) -> None:
    dates = {"retry-after": "Fri, 31 Dec 2199 23:59:59 GMT"}
    orders = [{"retry-after": "7"}, dates, {"retry-after": "soon"}, {"retry-after": "-5"}, {}]
    service.order(*(Scripted(429, headers) for headers in orders))
    answers = [(await ask(transport, service.origin() + "/x")).retry_after for _ in orders]
    assert answers[0] == 7.0
    assert answers[1] is not None
    assert answers[1] >= 3600
    assert answers[2:] == [None, None, None]


async def test_many_requests_share_few_connections(
    transport: Transport, service: PushService
) -> None:
    service.order(*[Scripted(201, delay=0.05)] * 90)
    url = service.origin() + "/x"
    answers = await asyncio.gather(*(ask(transport, url) for _ in range(90)))
    assert {answer.status for answer in answers} == {201}
    assert service.connections == 1
    assert service.most_at_once > 30


async def test_closing_answers_what_is_under_way(service: PushService) -> None:
    transport = Transport(OPEN.may_connect, roots=service.certificate)
    service.order(SILENCE, SILENCE)
    answers: list[Answer] = []
    for _ in range(2):
        transport.post(service.origin() + "/x", [], b"x", answers.append)
    await asyncio.sleep(0)
    await transport.close()
    assert answers == [Answer(0, trouble="broken_off")] * 2
    await transport.close()


def test_the_roots_are_those_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "roots.pem"
    own.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    assert trusted_roots() == own
    monkeypatch.delenv("SSL_CERT_FILE")
    assert trusted_roots().is_file()
