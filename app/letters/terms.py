"""Terms: until when one can appeal against a decision, and how long there is left to answer.

A decision must mention, among others, the appeal body, the term and the file manager. When one
of them misses, the term begins only four months after the notification (Groeipakket decree,
art. 89). We count from the date of the letter: the day of notification is not known here, and is
never earlier, so the last day given is one that a parent can rely on.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from app.web.i18n import lazy

LATE_START_MONTHS = 4  # Groeipakket decree, art. 89

TERM = lazy("de termijn om in beroep te gaan")
BODY = lazy("de instantie waar u in beroep kunt gaan")
FILE_MANAGER = lazy("de naam van uw dossierbeheerder")


@dataclass(frozen=True, slots=True)
class Appeal:
    """What a parent must know to appeal. ``missing`` names the mandatory mentions left out."""

    body: str
    term_days: int | None
    starts_on: date
    last_day: date | None
    missing: tuple[str, ...]
    over: bool

    @property
    def starts_late(self) -> bool:
        """Whether the term begins four months later, because a mention misses."""
        return bool(self.missing)


def appeal_against(
    decided_on: date, term_days: int | None, body: str, file_manager: str, today: date
) -> Appeal:
    """The appeal against a decision; ``last_day`` is None when the term is not known."""
    present = {TERM: term_days is not None, BODY: bool(body), FILE_MANAGER: bool(file_manager)}
    missing = tuple(mention for mention, there in present.items() if not there)
    starts_on = add_months(decided_on, LATE_START_MONTHS) if missing else decided_on
    last_day = None if term_days is None else starts_on + timedelta(days=term_days)
    over = last_day is not None and last_day < today
    return Appeal(body, term_days, starts_on, last_day, missing, over)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last of that month when it is shorter."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def days_left(last_day: date | None, today: date) -> int | None:
    """Days until the last day to answer: 0 on the day itself, negative when it has passed."""
    return None if last_day is None else (last_day - today).days
