"""Mijn Kinderbijslag: the portal in which parents follow their child benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quart import Quart

    from app.settings import Settings


def create_app(settings: Settings) -> Quart:
    """The portal, ready to be served; connects to the database when serving begins.

    Raises UndeclaredRouteError when a route does not say for whom it is.
    """
    # Imported here, so that using one room does not load them all.
    from app import portal

    return portal.create_app(settings)
