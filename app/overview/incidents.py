"""The banner the fund sets when something is wrong: looked up once in half a minute."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from tortoise.exceptions import BaseORMException
from tortoise.expressions import Q

from app.database import transaction
from app.overview.models import Incident

LONGEST = 400  # characters
FRESH_FOR = timedelta(seconds=30)


async def set_incident(text: str, now: datetime, until: datetime | None = None) -> None:
    """Show ``text`` on every page, until a moment or until it is cleared."""
    async with transaction():
        await clear_incidents()
        await Incident.create(text=text, since=now, until=until)


async def clear_incidents() -> int:
    """Take the banner away; out: how many there were."""
    return await Incident.all().delete()


async def current_incident(now: datetime) -> str:
    """The text to show now, empty when all is well."""
    shown = Incident.filter(Q(until=None) | Q(until__gt=now), since__lte=now)
    found = await shown.order_by("-since").first()
    return found.text if found else ""


class IncidentBoard:
    """Remembers the banner for half a minute, so that pages need not ask each time."""

    def __init__(self) -> None:
        self._text = ""
        self._asked: datetime | None = None

    async def text(self, now: datetime) -> str:
        """The text to show now; at most half a minute old."""
        if self._asked is None or now - self._asked >= FRESH_FOR:
            with suppress(BaseORMException, OSError):  # a page without it is better than no page
                self._text = await current_incident(now)
            self._asked = now
        return self._text
