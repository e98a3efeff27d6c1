"""The eID cards: a PIN, and three tries before the card blocks itself.

The count lives on the card, as in reality: it does not matter who tries, or from which browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hmac import compare_digest

from app.demo.people import DemoPerson

TRIES = 3
_PIN = re.compile(r"[0-9]{4,12}")


class CardError(Exception):
    """A card did not let its holder in."""


class UnreadablePinError(CardError):
    """What was typed cannot be a PIN, so the card was not asked and no try is lost."""


class WrongPinError(CardError):
    """The PIN is wrong; ``left`` tries remain."""

    def __init__(self, left: int) -> None:
        """Keep the number of tries that remain."""
        super().__init__()
        self.left = left


class CardBlockedError(CardError):
    """The card takes no PIN any more until it gets a new one."""


class Cards:
    """All cards of the demo people who have one."""

    def __init__(self, people: Iterable[DemoPerson]) -> None:
        """Take the people; those without a PIN have no card."""
        self._holders = {person.key: person for person in people if person.pin}
        self._wrong: dict[str, int] = {}

    @property
    def holders(self) -> tuple[DemoPerson, ...]:
        """The people with a card."""
        return tuple(self._holders.values())

    def holder(self, key: str) -> DemoPerson | None:
        """The person whose card this is, if there is such a card."""
        return self._holders.get(key)

    def tries_left(self, key: str) -> int:
        """How many wrong PINs the card still bears."""
        return TRIES - self._wrong.get(key, 0)

    def blocked(self, key: str) -> bool:
        """Whether the card takes no PIN any more."""
        return self.tries_left(key) == 0

    def enter(self, key: str, pin: str) -> DemoPerson:
        """Offer a PIN to a card and get its holder; a right PIN wipes out earlier mistakes.

        Raises KeyError for a card that does not exist, UnreadablePinError, WrongPinError, and
        CardBlockedError (also for the third mistake itself).
        """
        person = self._holders[key]
        if self.blocked(key):
            raise CardBlockedError
        typed = "".join(pin.split())
        if not _PIN.fullmatch(typed):
            raise UnreadablePinError
        if not compare_digest(typed, person.pin or ""):
            self._wrong[key] = self._wrong.get(key, 0) + 1
            if self.blocked(key):
                raise CardBlockedError
            raise WrongPinError(self.tries_left(key))
        self._wrong.pop(key, None)
        return person

    def renew(self, key: str) -> None:
        """Give a card its tries back, as a new PIN does."""
        self._wrong.pop(key, None)
