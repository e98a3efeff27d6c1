"""A post office, and a mailer that hands in there."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator

import pytest

from app.mail.smtp import SmtpMailer
from tests.unit.mail.post_office import QUICK, PostOffice, certificate, opened, server


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with opened() as post:
        yield post


@pytest.fixture
async def mailer(office: PostOffice) -> AsyncIterator[SmtpMailer]:
    made = SmtpMailer(server(office.port), patience=QUICK)
    yield made
    await made.close()
