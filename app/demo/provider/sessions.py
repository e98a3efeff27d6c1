"""Who is signed in here (so that a second website needs no PIN), and who is busy signing in or out.

All in memory: stopping the provider signs everyone out of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import token_urlsafe

from app.demo.people import DemoPerson
from app.demo.provider.means import Means
from app.demo.provider.requests import AuthorizationRequest
from app.demo.provider.shelf import Shelf

SESSION_LIFE = timedelta(hours=8)
SIGN_IN_LIFE = timedelta(minutes=15)


@dataclass(frozen=True)
class Session:
    """A signed-in person: ``sid`` is public (it stands in the ID token), the cookie is not."""

    sid: str
    person: DemoPerson
    means: Means
    auth_time: datetime


class Sessions:
    """The sessions, found by the value of a cookie."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Start with nobody signed in."""
        self._clock = clock
        self._shelf: Shelf[Session] = Shelf(SESSION_LIFE, clock)

    def begin(self, person: DemoPerson, means: Means) -> tuple[str, Session]:
        """Sign a person in; gives a new cookie value and the session."""
        session = Session(token_urlsafe(16), person, means, self._clock())
        return self._shelf.add(session), session

    def of(self, cookie: str | None) -> Session | None:
        """The session of this cookie, if it still lives."""
        return self._shelf.get(cookie)

    def end(self, sid: str) -> None:
        """End a session by its public name."""
        self._shelf.drop_where(lambda session: session.sid == sid)


@dataclass
class SignIn:
    """Somebody on the way through our pages; ``username`` once the password was right."""

    browser: str
    request: AuthorizationRequest
    username: str | None = None


@dataclass(frozen=True)
class SignOut:
    """Somebody who is asked whether to sign out, and where they go then."""

    browser: str
    target: str | None


class Pending:
    """Sign-ins and sign-outs under way, each bound to the browser that began it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Start with nothing under way."""
        self._sign_ins: Shelf[SignIn] = Shelf(SIGN_IN_LIFE, clock)
        self._sign_outs: Shelf[SignOut] = Shelf(SIGN_IN_LIFE, clock)

    def begin(self, browser: str, request: AuthorizationRequest) -> str:
        """Remember a sign-in; gives the name it has in addresses."""
        return self._sign_ins.add(SignIn(browser, request))

    def sign_in(self, name: str, browser: str | None) -> SignIn | None:
        """The sign-in of that name, for the browser that began it alone."""
        found = self._sign_ins.get(name)
        return found if found and _same(found.browser, browser) else None

    def finish(self, name: str) -> None:
        """Forget a sign-in that came to its end."""
        self._sign_ins.take(name)

    def ask_sign_out(self, browser: str, target: str | None) -> str:
        """Remember a sign-out that must be confirmed; gives its name."""
        return self._sign_outs.add(SignOut(browser, target))

    def sign_out(self, name: str, browser: str | None) -> SignOut | None:
        """The sign-out of that name, once, for the browser that began it alone."""
        found = self._sign_outs.get(name)
        if found is None or not _same(found.browser, browser):
            return None
        return self._sign_outs.take(name)


def _same(one: str, other: str | None) -> bool:
    return compare_digest(one.encode(), (other or "").encode())
