"""Puts the parts together as the operator set them."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.settings import Settings

from .endpoints import PushServices
from .sender import Sender
from .vapid import Vapid, make_key, read_key


def services_of(settings: Settings) -> PushServices:
    """Which endpoints are accepted when a browser subscribes, and called when we send."""
    return PushServices(settings.push_services, allow_loopback=settings.push_allow_loopback)


def vapid_of(settings: Settings) -> Vapid:
    """Our keys: those that were set, else one of our own in the data folder, made when missing.

    Raises KeyUnusable. Portals on several machines must be given the same keys.
    """
    keys = [read_key(path) for path in settings.push_keys]
    if not keys:
        keys = [make_key(settings.data_dir / "push.pem")]
    return Vapid(keys, settings.push_subject or _subject(settings))


def sender_of(settings: Settings) -> Sender:
    """What sends; belongs to the event loop that first uses it, and must be closed there."""
    return Sender(services_of(settings), vapid_of(settings))


def _subject(settings: Settings) -> str:
    """Who to turn to when no subject was set: the fund, else the portal's own address."""
    if settings.fund_email:
        return f"mailto:{settings.fund_email}"
    host = urlsplit(settings.base_url).hostname or "localhost"
    return f"https://{host}"
