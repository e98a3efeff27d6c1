"""The token: a user name and a password, then one code from a card of 24.

Mistakes are counted by the user name that was typed, whether it exists or not, so that nobody can
find out from our answers which names exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import randbelow

from app.demo.people import CARD_CODES, DemoPerson
from app.demo.provider.shelf import Shelf

TRIES = 3
BLOCKED_FOR = timedelta(minutes=15)


class TokenUseError(Exception):
    """The token did not let someone in."""


class NothingTypedError(TokenUseError):
    """A field was left empty; no try is lost."""


class WrongEntryError(TokenUseError):
    """User name, password or code is wrong; ``left`` tries remain."""

    def __init__(self, left: int) -> None:
        """Keep the number of tries that remain."""
        super().__init__()
        self.left = left


class TokenBlockedError(TokenUseError):
    """Too many mistakes; the token works again at ``until``."""

    def __init__(self, until: datetime) -> None:
        """Keep the moment at which the token works again."""
        super().__init__()
        self.until = until


@dataclass
class _Mistakes:
    count: int = 0
    until: datetime | None = None


class CodeCards:
    """All tokens of the demo people who have one."""

    def __init__(self, people: Iterable[DemoPerson], clock: Callable[[], datetime]) -> None:
        """Take the people; those without a token cannot sign in here."""
        self._holders = {person.token.username: person for person in people if person.token}
        self._clock = clock
        self._mistakes: Shelf[_Mistakes] = Shelf(BLOCKED_FOR, clock, size=1000)
        self._asked: dict[str, int] = {}

    def password(self, username: str, password: str) -> str:
        """Check the first step, and give the user name in its canonical form.

        Raises NothingTypedError, WrongEntryError or TokenBlockedError; an unknown name and a
        wrong password are one and the same.
        """
        name = username.strip().lower()
        if not name or not password:
            raise NothingTypedError
        self.check_open(name)
        person = self._holders.get(name)
        right = person.token.password if person and person.token else ""
        if not _same(password, right) or person is None:
            self._mistake(name)
        return name

    def number(self, username: str) -> int:
        """Which code (1 to 24) is asked now.

        It stays the same until it is answered well: starting over must not let anyone fish for a
        number that they happen to know.
        """
        return self._asked.setdefault(username, randbelow(CARD_CODES) + 1)

    def code(self, username: str, code: str) -> DemoPerson:
        """Check the second step and give the person; spaces, hyphens and case do not matter.

        Raises NothingTypedError, WrongEntryError, TokenBlockedError, or KeyError for a name that
        did not pass the first step.
        """
        person = self._holders[username]
        assert person.token is not None  # noqa: S101 (only people with a token are kept)
        self.check_open(username)
        typed = "".join(code.split()).replace("-", "").upper()
        if not typed:
            raise NothingTypedError
        if not _same(typed, person.token.codes[self.number(username) - 1]):
            self._mistake(username)
        self._asked.pop(username, None)
        self._mistakes.take(username)
        return person

    def check_open(self, username: str) -> None:
        """Raise TokenBlockedError when the name must wait."""
        mistakes = self._mistakes.get(username)
        if mistakes and mistakes.until and mistakes.until > self._clock():
            raise TokenBlockedError(mistakes.until)

    def renew(self) -> None:
        """Forget all mistakes (a button of the demo)."""
        self._mistakes.drop_where(lambda _: True)

    def _mistake(self, username: str) -> None:
        mistakes = self._mistakes.get(username) or _Mistakes()
        mistakes.count += 1
        if mistakes.count >= TRIES:
            mistakes.until = self._clock() + BLOCKED_FOR
        self._mistakes.put(username, mistakes)
        self.check_open(username)
        raise WrongEntryError(TRIES - mistakes.count)


def _same(typed: str, right: str) -> bool:
    """Compare in constant time, whatever the lengths; nothing equals the empty secret."""
    pair = [sha256(value.encode()).digest() for value in (typed, right)]
    return compare_digest(*pair) and bool(right)
