"""Mail handed in at a real server: how messages travel, and what becomes of those that do not."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from app.mail import smtp
from app.mail.outcomes import SENT, Outcome, Reason, Verdict
from app.mail.smtp import SmtpMailer
from tests.unit.mail.house import HOUSE
from tests.unit.mail.post_office import (
    DROP,
    PASSWORD,
    QUICK,
    USER,
    PostOffice,
    mail,
    opened,
    server,
)


async def test_a_message_arrives_whole(mailer: SmtpMailer, office: PostOffice) -> None:
    sent = mail()
    assert await mailer.send(sent) == SENT
    ((sender, recipients, message),) = office.taken
    assert (sender, recipients) == (HOUSE.sender, ["sofie@voorbeeld.example"])
    assert message.as_bytes() == sent.as_bytes()
    assert message["Message-ID"] == "<outbox-1@portaal.devlier.example>"


async def test_many_messages_share_one_connection_and_take_turns(
    mailer: SmtpMailer, office: PostOffice
) -> None:
    outcomes = await asyncio.gather(*(mailer.send(mail(number=one)) for one in range(20)))
    assert set(outcomes) == {SENT}
    assert len(office.taken) == 20
    assert (office.connections, office.most_at_once) == (1, 1)


async def test_more_than_fit_in_the_queue_come_back_at_once(
    mailer: SmtpMailer, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "MOST_WAITING", 3)
    outcomes = await asyncio.gather(*(mailer.send(mail(number=one)) for one in range(5)))
    assert outcomes.count(SENT) == 3
    assert outcomes.count(Outcome(Verdict.RETRY, Reason.FULL)) == 2


@pytest.mark.parametrize(
    ("command", "answer", "verdict", "reason"),
    [
        ("RCPT", "550 5.1.1 Onbekend: sofie@voorbeeld.example", Verdict.BOUNCED, Reason.ADDRESS),
        ("RCPT", "550 No such user", Verdict.BOUNCED, Reason.ADDRESS),
        ("RCPT", "552 5.2.2 Mailbox full", Verdict.BOUNCED, Reason.ADDRESS),
        ("RCPT", "450 4.2.1 Later", Verdict.RETRY, Reason.LATER),
        ("RCPT", "554 5.7.1 Relay access denied", Verdict.REFUSED, Reason.POLICY),
        ("RCPT", "554 Relay access denied", Verdict.REFUSED, Reason.POLICY),
        ("MAIL", "550 5.7.1 Not from you", Verdict.REFUSED, Reason.SENDER),
        ("MAIL", "451 4.3.0 Later", Verdict.RETRY, Reason.LATER),
        ("DATA", "554 5.7.1 Looks like spam", Verdict.REFUSED, Reason.CONTENT),
        ("DATA", "550 5.1.1 Unknown after all", Verdict.BOUNCED, Reason.ADDRESS),
        ("DATA", "451 4.3.0 Later", Verdict.RETRY, Reason.LATER),
    ],
)
async def test_an_answer_decides_and_the_connection_goes_on(
    mailer: SmtpMailer,
    office: PostOffice,
    command: str,
    answer: str,
    verdict: Verdict,
    reason: Reason,
) -> None:
    office.answers[command] = [answer]
    outcome = await mailer.send(mail())
    assert (outcome.verdict, outcome.reason, outcome.code) == (verdict, reason, int(answer[:3]))
    assert await mailer.send(mail("an@voorbeeld.example", 2)) == SENT
    assert [recipients for _, recipients, _ in office.taken] == [["an@voorbeeld.example"]]
    assert office.connections == 1


async def test_a_connection_that_was_closed_while_idle_is_opened_anew(
    mailer: SmtpMailer, office: PostOffice
) -> None:
    await mailer.send(mail())
    office.hang_up()
    await asyncio.sleep(0.02)
    assert await mailer.send(mail(number=2)) == SENT
    assert (office.connections, len(office.taken)) == (2, 2)


@pytest.mark.parametrize("goodbye", ["421 4.4.2 Idle for too long", DROP])
async def test_a_kept_connection_that_is_gone_at_the_first_word_costs_no_retry(
    mailer: SmtpMailer, office: PostOffice, goodbye: str
) -> None:
    await mailer.send(mail())
    office.answers["MAIL"] = [goodbye]
    assert await mailer.send(mail(number=2)) == SENT
    assert (office.connections, len(office.taken)) == (2, 2)


async def test_a_server_that_keeps_saying_421_is_tried_later(
    mailer: SmtpMailer, office: PostOffice
) -> None:
    await mailer.send(mail())
    office.answers["MAIL"] = ["421 4.3.2 Shutting down"] * 2
    assert await mailer.send(mail(number=2)) == Outcome(Verdict.RETRY, Reason.LATER, 421, "4.3.2")
    assert await mailer.send(mail(number=2)) == SENT


async def test_a_message_cut_off_under_way_is_not_sent_again_by_itself(
    mailer: SmtpMailer, office: PostOffice
) -> None:
    await mailer.send(mail())
    office.answers["DATA"] = [DROP]
    assert await mailer.send(mail(number=2)) == Outcome(Verdict.RETRY, Reason.CONNECTION)
    assert len(office.taken) == 1
    assert await mailer.send(mail(number=2)) == SENT


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_slow_server_is_left(mailer: SmtpMailer, office: PostOffice, command: str) -> None:
    office.delay[command] = 0.6
    assert await mailer.send(mail()) == Outcome(Verdict.RETRY, Reason.TIMEOUT)
    office.delay.clear()
    assert await mailer.send(mail(number=2)) == SENT
    assert office.connections == 2


async def test_a_server_that_never_greets_is_left() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    mailer = SmtpMailer(server(listener.sockets[0].getsockname()[1]), patience=QUICK)
    assert await mailer.send(mail()) == Outcome(Verdict.RETRY, Reason.TIMEOUT)
    listener.close()
    await listener.wait_closed()


@pytest.mark.parametrize(
    ("greeting", "outcome"),
    [
        (b"554 5.3.2 Go away\r\n", Outcome(Verdict.REFUSED, Reason.SERVER, 554, "5.3.2")),
        (b"421 Busy\r\n", Outcome(Verdict.RETRY, Reason.LATER, 421)),
        (b"HTTP/1.1 200 OK\r\n", Outcome(Verdict.RETRY, Reason.GARBAGE)),
    ],
)
async def test_a_greeting_decides(greeting: bytes, outcome: Outcome) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await reader.read()
        writer.close()

    listener = await asyncio.start_server(greet, "127.0.0.1", 0)
    mailer = SmtpMailer(server(listener.sockets[0].getsockname()[1]), patience=QUICK)
    assert await mailer.send(mail()) == outcome
    listener.close()
    await listener.wait_closed()


async def test_no_server_is_a_reason_to_try_later(unused_port: int) -> None:
    mailer = SmtpMailer(server(unused_port), patience=QUICK)
    assert await mailer.send(mail()) == Outcome(Verdict.RETRY, Reason.CONNECTION)


@pytest.mark.parametrize("host", ["", "a" * 70 + ".localhost", "a..localhost"])
async def test_a_host_that_cannot_be_raises_nothing(unused_port: int, host: str) -> None:
    mailer = SmtpMailer(replace(server(unused_port), host=host), patience=QUICK)
    assert (await mailer.send(mail())).verdict in {Verdict.RETRY, Verdict.REFUSED}


@pytest.fixture
async def unused_port() -> int:
    async with opened() as office:
        return office.port


async def test_a_connection_that_lay_idle_is_left_politely() -> None:
    time = 0.0
    async with opened() as office:
        mailer = SmtpMailer(
            server(office.port), patience=replace(QUICK, idle=60), clock=lambda: time
        )
        await mailer.send(mail())
        time = 59
        await mailer.send(mail(number=2))
        assert office.connections == 1
        time = 120
        await mailer.send(mail(number=3))
        assert office.connections == 2
        await mailer.close()


async def test_a_cancelled_message_does_not_disturb_the_next(
    mailer: SmtpMailer, office: PostOffice
) -> None:
    office.delay["RCPT"] = 0.2
    task = asyncio.create_task(mailer.send(mail()))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    office.delay.clear()
    assert await mailer.send(mail("an@voorbeeld.example", 2)) == SENT
    assert [recipients for _, recipients, _ in office.taken] == [["an@voorbeeld.example"]]


async def test_an_address_that_smtp_cannot_carry_never_reaches_the_server(
    mailer: SmtpMailer, office: PostOffice
) -> None:
    message = mail()
    del message["To"]
    message["To"] = "josé@voorbeeld.example"
    assert await mailer.send(message) == Outcome(Verdict.BOUNCED, Reason.ADDRESS)
    assert office.connections == 0


async def test_logs_tell_numbers_and_no_address_or_text(
    mailer: SmtpMailer, office: PostOffice
) -> None:
    office.answers["RCPT"] = ["550 5.1.1 <sofie@voorbeeld.example> onbekend"]
    with capture_logs() as logs:
        outcome = await mailer.send(mail())
    assert logs == [
        {
            "event": "mail_bounced",
            "log_level": "warning",
            "reason": "address",
            "code": 550,
            "status": "5.1.1",
        }
    ]
    assert str(outcome) == "bounced: address 550 5.1.1"
    assert PASSWORD not in repr(server(25, user=USER, password=PASSWORD))
