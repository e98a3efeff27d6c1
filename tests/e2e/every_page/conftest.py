"""A person of each sort at the portal, and the pages that they are shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import BrowserContext

from tests.e2e import people
from tests.e2e.conftest import NewContext
from tests.e2e.every_page.addresses import VISITORS, Visitor
from tests.e2e.portal import Portal

As = Callable[..., Any]


@pytest.fixture(params=VISITORS, ids=[visitor.name for visitor in VISITORS])
def visitor(request: pytest.FixtureRequest) -> Visitor:
    """Who looks."""
    found: Visitor = request.param
    return found


@pytest.fixture
def as_visitor(new_context: NewContext, portal: Portal) -> As:
    """Opens a browser in which a visitor is signed in: ``async with as_visitor(who) as …``."""

    @asynccontextmanager
    async def opened(visitor: Visitor, **options: Any) -> AsyncIterator[BrowserContext]:
        context = await new_context(**options)
        if visitor.person is not None:
            if not visitor.registered:
                portal.forget_profile(visitor.person)
            await people.let_in(context, portal, visitor.person, registered=visitor.registered)
        yield context

    return opened
