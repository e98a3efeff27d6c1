"""A push service that is down is left alone for a while; pure, time is given."""

from __future__ import annotations

from dataclasses import dataclass

THRESHOLD = 10  # failures in a row
FIRST_PAUSE = 15.0  # seconds
LONGEST_PAUSE = 600.0
LONGEST_ASKED = 3600.0  # what a service may ask for with Retry-After


@dataclass
class Breaker:
    """Counts failures in a row; after too many it opens, then lets one message try.

    Each try that fails doubles the pause. Any answer that shows the service at work closes it.
    """

    failures: int = 0
    open_until: float = 0.0
    pause: float = 0.0
    asked: float = 0.0
    trying: bool = False

    def wait(self, now: float) -> float:
        """Seconds until a message may go: 0 is now. Changes nothing."""
        if not self.pause:
            return 0.0
        if now < self.open_until:
            return self.open_until - now
        return FIRST_PAUSE if self.trying else 0.0

    def take(self, now: float) -> float:
        """As ``wait``; and where it is 0 the caller sends, and says how that went."""
        seconds = self.wait(now)
        if self.pause and not seconds:
            self.trying = True
        return seconds

    def succeeded(self) -> None:
        """The service answered as a working service does."""
        self.failures, self.pause, self.asked, self.trying = 0, 0.0, 0.0, False

    def failed(self, now: float, asked: float | None = None) -> None:
        """The service failed, or answered that it is too busy (for ``asked`` seconds)."""
        self.asked = max(self.asked, min(asked or 0.0, LONGEST_ASKED))
        if self.pause:
            if self.trying and now >= self.open_until:
                self._open(now, min(self.pause * 2, LONGEST_PAUSE))
            return  # sent before it opened: known already
        self.failures += 1
        if self.failures >= THRESHOLD:
            self._open(now, FIRST_PAUSE)

    def _open(self, now: float, pause: float) -> None:
        self.pause, self.trying = pause, False
        self.open_until = now + max(pause, self.asked)
        self.asked = 0.0
