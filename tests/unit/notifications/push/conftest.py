"""A push service on this machine, and a sender that trusts it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.notifications.push.endpoints import PushServices
from app.notifications.push.payload import Kind, Notification
from app.notifications.push.sender import Outgoing, Sender
from app.notifications.push.transport import Transport
from app.notifications.push.vapid import KeyPair, Vapid
from app.settings import PUSH_SERVICES
from tests.push_service import Device, PushService

KEY = KeyPair.of(ec.generate_private_key(ec.SECP256R1()))
SUBJECT = "mailto:push@devlier.example"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[PushService]:
    async with PushService.running(tmp_path) as running:
        yield running


@pytest.fixture
async def sender(service: PushService) -> AsyncIterator[Sender]:
    services = PushServices(PUSH_SERVICES, allow_loopback=True)
    transport = Transport(services.may_connect, roots=service.certificate, timeout=20)
    one = Sender(services, Vapid([KEY], SUBJECT), transport)
    yield one
    await one.close()


def write(device: Device, number: int = 1, **changes: Any) -> Outgoing:
    """A message for a device."""
    content = Notification(
        title="Er is een nieuwe betaling",
        body="Open Mijn Kinderbijslag om ze te bekijken.",
        lang="nl",
        tag=f"payment-{number}",
        navigate="https://portaal.example.be/betalingen",
    )
    values: dict[str, Any] = {
        "id": number,
        "endpoint": device.endpoint,
        "p256dh": device.p256dh,
        "auth": device.auth,
        "key_version": KEY.version,
        "kind": Kind.PAYMENT,
        "notification": content,
    }
    return Outgoing(**{**values, **changes})
