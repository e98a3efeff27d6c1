"""From the settings to the service that sends alerts, for the worker."""

from __future__ import annotations

import asyncio

from app.mail.message import House, MailWriter
from app.mail.outcomes import Mailer
from app.mail.smtp import SmtpMailer, smtp_server
from app.notifications.channels.email import EmailChannel
from app.notifications.channels.push import PushChannel
from app.notifications.dispatch import Sender
from app.notifications.models import Channel
from app.notifications.push.setup import sender_of
from app.notifications.worker import make_lanes, send_alerts
from app.settings import Settings


async def run_alerts(stop: asyncio.Event, settings: Settings, mailer: Mailer | None = None) -> None:
    """Send what the outbox holds until ``stop`` is set.

    ``mailer``: another than the one of the settings, as the demo has. Without any, only push
    messages leave, and e-mails wait.
    """
    server = smtp_server(settings)
    mailer = mailer or (SmtpMailer(server) if server else None)
    push = sender_of(settings)
    senders: dict[Channel, Sender] = {Channel.PUSH: PushChannel(push, settings.base_url)}
    if mailer is not None:
        senders[Channel.EMAIL] = EmailChannel(MailWriter(House.of(settings)), mailer)
    try:
        await send_alerts(stop, settings.database_url, make_lanes(senders))
    finally:
        await push.close()
        if mailer is not None:
            await mailer.close()
