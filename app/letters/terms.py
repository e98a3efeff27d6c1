"""Terms: until when one can appeal against a decision, and how long there is left to answer.

A decision must mention, among others, the appeal body, the term, the file manager and the
references. When one of them misses, the term begins only four months after the notification
(Groeipakket decree, art. 89). We count from the date of the letter: the day of notification is
not known here, and is never earlier, so the last day given is one that a parent can rely on.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from app.web.i18n import lazy

URGENT_DAYS = 7
LATE_START_MONTHS = 4  # Groeipakket decree, art. 89

TERM = lazy("de termijn om in beroep te gaan")
BODY = lazy("de instantie waar u in beroep kunt gaan")
FILE_MANAGER = lazy("de naam van uw dossierbeheerder")
REFERENCES = lazy("de referenties")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a decision says of itself; what is empty or None was left out."""

    term_days: int | None
    body: str
    file_manager: str
    references: str

    def missing(self) -> tuple[str, ...]:
        """The words for the mandatory mentions that were left out."""
        there = (
            (TERM, self.term_days is not None),
            (BODY, bool(self.body)),
            (FILE_MANAGER, bool(self.file_manager)),
            (REFERENCES, bool(self.references)),
        )
        return tuple(words for words, present in there if not present)


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


def appeal_against(decided_on: date, mentions: Mentions, today: date) -> Appeal:
    """The appeal against a decision; ``last_day`` is None when the term is not known."""
    missing = mentions.missing()
    term_days = mentions.term_days
    starts_on = add_months(decided_on, LATE_START_MONTHS) if missing else decided_on
    last_day = None if term_days is None else starts_on + timedelta(days=term_days)
    over = last_day is not None and last_day < today
    return Appeal(mentions.body, term_days, starts_on, last_day, missing, over)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last of that month when it is shorter."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class AnswerTerm:
    """Until when a parent can answer. ``days``: 0 on the last day, negative after it."""

    last_day: date
    days: int

    @property
    def over(self) -> bool:
        """Whether the last day has gone by."""
        return self.days < 0

    @property
    def urgent(self) -> bool:
        """Whether there is a week left at most."""
        return 0 <= self.days <= URGENT_DAYS


def answer_term(last_day: date | None, today: date) -> AnswerTerm | None:
    """How long there is left to answer; None when no answer is asked."""
    return None if last_day is None else AnswerTerm(last_day, (last_day - today).days)
