"""What the portal itself needs for push messages: our key, what we accept, and trial messages."""

from __future__ import annotations

import asyncio
from datetime import datetime

from app.notifications import devices
from app.notifications.models import Subscription
from app.notifications.push.endpoints import PushServices
from app.notifications.push.outcomes import Outcome, Result
from app.notifications.push.payload import Kind, Notification
from app.notifications.push.sender import Outgoing, Sender
from app.notifications.push.setup import sender_of, services_of, vapid_of
from app.notifications.push.vapid import Vapid
from app.settings import Settings
from app.web.i18n import current_language
from app.web.i18n import gettext as _

PATIENCE_SECONDS = 10.0  # that a person waits for a push service
SETTINGS_ADDRESS = "/profiel/meldingen"
# The push service has no such device any more, or it was made with a key that we lost.
LOST = {Result.GONE, Result.UNSENDABLE}


class PushRoom:
    """The push side of one portal; the sender is there while the portal serves."""

    def __init__(self, services: PushServices, vapid: Vapid, base_url: str) -> None:
        self.services = services
        self.vapid = vapid
        self._base_url = base_url
        self._sender: Sender | None = None

    @classmethod
    def of(cls, settings: Settings) -> PushRoom:
        """As an operator set it up. Raises KeyUnusable, OSError."""
        return cls(services_of(settings), vapid_of(settings), settings.base_url)

    @property
    def key(self) -> str:
        """The ``applicationServerKey`` for browsers that subscribe now."""
        return self.vapid.current.public

    def open(self, settings: Settings) -> None:
        """Be ready to send, on the event loop that runs now."""
        self._sender = sender_of(settings)

    async def close(self) -> None:
        """Close the connections to push services."""
        if self._sender is not None:
            await self._sender.close()

    async def try_out(self, device: Subscription, now: datetime) -> Result:
        """Send a trial message to a device and remember how it went; a lost device is removed."""
        outcome = await self._send(self._trial(device))
        if outcome.result is Result.DELIVERED:
            await devices.note_delivery(device.id, now)
        elif outcome.result in LOST:
            await device.delete()
        return outcome.result

    async def _send(self, message: Outgoing) -> Outcome:
        assert self._sender is not None  # noqa: S101 (a request is answered while we serve)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._sender.send(message)
        except TimeoutError:
            return Outcome(message.id, Result.FAILED, reason="timeout")

    def _trial(self, device: Subscription) -> Outgoing:
        notification = Notification(
            title=_("Proefmelding"),
            body=_("Zo ziet een melding van ons eruit. Ze komen aan op dit toestel."),
            lang=current_language(),
            tag=f"trial-{device.id}",
            navigate=f"{self._base_url}/overzicht",
        )
        return Outgoing(
            id=device.id,
            endpoint=device.endpoint,
            p256dh=device.p256dh,
            auth=device.auth,
            key_version=device.key_version,
            kind=Kind.TEST,
            notification=notification,
        )
