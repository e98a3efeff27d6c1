"""Mail travels encrypted, to a server that somebody vouches for, after signing in."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.mail.outcomes import SENT, Outcome, Reason, Verdict
from app.mail.smtp import SmtpMailer
from tests.unit.mail.post_office import (
    PASSWORD,
    QUICK,
    USER,
    PostOffice,
    certificate,
    mail,
    opened,
    server,
)


async def test_the_connection_is_encrypted_with_starttls(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    serving, trusting = tls
    async with opened(serving, require_starttls=True) as office:
        mailer = SmtpMailer(server(office.port, security="starttls"), tls=trusting, patience=QUICK)
        assert await mailer.send(mail()) == SENT
        assert office.over_tls == [True]
        await mailer.close()


async def test_the_connection_is_encrypted_from_the_start(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    serving, trusting = tls
    async with opened(serving, from_start=True) as office:
        mailer = SmtpMailer(server(office.port, security="tls"), tls=trusting, patience=QUICK)
        assert await mailer.send(mail()) == SENT
        await mailer.close()


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_that_nobody_vouches_for_gets_no_mail(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], security: str
) -> None:
    async with opened(tls[0], from_start=security == "tls") as office:
        mailer = SmtpMailer(server(office.port, security=security), patience=QUICK)
        assert await mailer.send(mail()) == Outcome(Verdict.REFUSED, Reason.TLS)
        assert office.taken == []
        await mailer.close()


async def test_a_server_of_another_name_gets_no_mail(tmp_path: Path) -> None:
    serving, trusting = certificate(tmp_path, "127.0.0.9")
    async with opened(serving) as office:
        mailer = SmtpMailer(server(office.port, security="starttls"), tls=trusting, patience=QUICK)
        assert await mailer.send(mail()) == Outcome(Verdict.REFUSED, Reason.TLS)
        await mailer.close()


async def test_a_server_without_starttls_gets_no_mail_and_no_password(office: PostOffice) -> None:
    wanted = server(office.port, security="starttls", user=USER, password=PASSWORD)
    mailer = SmtpMailer(wanted, patience=QUICK)
    assert await mailer.send(mail()) == Outcome(Verdict.REFUSED, Reason.UNSUPPORTED)
    assert (office.taken, office.logins) == ([], [])
    await mailer.close()


async def test_we_sign_in_once_a_connection(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    serving, trusting = tls
    async with opened(serving, auth_required=True) as office:
        wanted = server(office.port, security="starttls", user=USER, password=PASSWORD)
        mailer = SmtpMailer(wanted, tls=trusting, patience=QUICK)
        assert [await mailer.send(mail()), await mailer.send(mail(number=2))] == [SENT, SENT]
        assert office.logins == [USER]
        await mailer.close()


async def test_a_wrong_password_is_an_alarm_and_no_bounce(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    serving, trusting = tls
    async with opened(serving, auth_required=True) as office:
        wanted = server(office.port, security="starttls", user=USER, password="verkeerd")
        mailer = SmtpMailer(wanted, tls=trusting, patience=QUICK)
        with capture_logs() as logs:
            outcome = await mailer.send(mail())
        assert (outcome.verdict, outcome.reason) == (Verdict.REFUSED, Reason.AUTHENTICATION)
        assert outcome.code == 535
        assert [(line["event"], line["log_level"]) for line in logs] == [("mail_refused", "error")]
        await mailer.close()


async def test_a_failed_login_leaves_no_half_open_connection_behind(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    serving, trusting = tls
    async with opened(serving, auth_required=True) as office:
        office.answers["AUTH"] = ["no", "no"]  # to each way of signing in that it offers
        wanted = server(office.port, security="starttls", user=USER, password=PASSWORD)
        mailer = SmtpMailer(wanted, tls=trusting, patience=QUICK)
        assert (await mailer.send(mail())).reason == Reason.AUTHENTICATION
        assert await mailer.send(mail()) == SENT
        assert office.connections == 2
        await mailer.close()


async def test_a_server_that_wants_a_login_says_so(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    serving, trusting = tls
    async with opened(serving, auth_required=True) as office:
        mailer = SmtpMailer(server(office.port, security="starttls"), tls=trusting, patience=QUICK)
        outcome = await mailer.send(mail())
        assert (outcome.verdict, outcome.reason) == (Verdict.REFUSED, Reason.AUTHENTICATION)
        await mailer.close()
