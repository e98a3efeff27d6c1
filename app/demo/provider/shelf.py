"""A shelf: values under unguessable keys, for a while, in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Keep values for ``life``; the oldest go first when there are more than ``size``."""

    def __init__(
        self, life: timedelta, clock: Callable[[], datetime], *, size: int = 10_000
    ) -> None:
        """Start empty."""
        self._life = life
        self._clock = clock
        self._size = size
        self._items: dict[str, tuple[datetime, T]] = {}

    def add(self, value: T) -> str:
        """Put a value away under a new random key, and give that key."""
        key = token_urlsafe(32)
        self.put(key, value)
        return key

    def put(self, key: str, value: T) -> None:
        """Put a value away under a key of our choice; its life starts now."""
        self._items.pop(key, None)
        self._items[key] = (self._clock() + self._life, value)
        self._tidy()

    def get(self, key: str | None) -> T | None:
        """The value under the key, unless there is none or its time is over."""
        entry = self._items.get(key or "")
        return entry[1] if entry and entry[0] > self._clock() else None

    def take(self, key: str | None) -> T | None:
        """As ``get``, and the value is gone from the shelf: for what counts once."""
        value = self.get(key)
        self._items.pop(key or "", None)
        return value

    def drop_where(self, unwanted: Callable[[T], bool]) -> None:
        """Throw away every value for which ``unwanted`` holds."""
        for key in [key for key, (_, value) in self._items.items() if unwanted(value)]:
            del self._items[key]

    def _tidy(self) -> None:
        """Throw away what is over; all live equally long, so the oldest stand in front."""
        now = self._clock()
        for key in list(self._items):
            if len(self._items) <= self._size and self._items[key][0] > now:
                break
            del self._items[key]
