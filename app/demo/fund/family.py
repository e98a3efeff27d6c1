"""A family of the fund: who is in it, what its children are entitled to, what went wrong once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.demo.fund.months import DAY, first_day, month_of
from app.demo.fund.records import EntitlementKind, Role

ALWAYS = 10**6  # a month that never comes
STANDING = frozenset({"basic", "student", "school_leaver"})  # what a child is paid its amount by


@dataclass(frozen=True, slots=True)
class Window:
    """The months that are paid (the last one is announced), seen from a day."""

    first: int
    last: int
    today: date

    @classmethod
    def of(cls, months: int, today: date) -> Window:
        """The last ``months`` months up to and with the one of ``today``."""
        last = month_of(today)
        return cls(last - months + 1, last, today)


@dataclass(frozen=True, slots=True)
class Span:
    """A period of entitlement, in days and in the months that are paid for it."""

    kind: EntitlementKind
    since: date
    until: date | None
    first: int
    last: int


def span(kind: EntitlementKind, since: date, until: date | None = None) -> Span:
    """A period from a first until a last day (None: no end known)."""
    return Span(kind, since, until, month_of(since), month_of(until) if until else ALWAYS)


@dataclass(frozen=True, slots=True)
class Kid:
    """A child: ``childcare_days`` a month until it is three, when its place gives a supplement."""

    key: str
    given_name: str
    family_name: str
    birth: date
    spans: tuple[Span, ...]
    placed: bool = False
    left_on: date | None = None
    childcare_days: int = 0

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Adult:
    """A party of the dossier."""

    number: str
    given_name: str
    family_name: str
    role: Role

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where the money goes."""

    iban: str
    holder: str
    bank: str


@dataclass(frozen=True, slots=True)
class Returned:
    """The payment of a month came back from a closed account and was paid again."""

    period: int
    from_iban: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """The payment of a month lacked a component of a child, which was paid later."""

    period: int
    kid: str
    component: str
    what: str


@dataclass(frozen=True, slots=True)
class Late:
    """The payment of a month was late."""

    period: int
    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """Too much was paid: taken back in equal parts from a month on."""

    first: int
    instalments: int
    cents: int
    what: str


Event = Returned | Corrected | Late | Recovery


@dataclass(frozen=True, slots=True)
class Family:
    """A dossier. Children stand eldest first; ``paid_until`` is the last month paid, if any."""

    number: str
    serial: int
    office: str
    adults: tuple[Adult, ...]
    kids: tuple[Kid, ...]
    account: BankAccount
    address: tuple[str, str]
    low_income: bool = False
    apart: bool = False
    state: Literal["active", "suspended", "closed"] = "active"
    paid_until: int = ALWAYS
    language: str = "nl"
    events: tuple[Event, ...] = ()
    story: str = ""


def standing_spans(birth: date, today: date, *, studies: bool) -> tuple[Span, ...]:
    """The basic entitlement: from the month after birth until the August of the 18th year, and
    as a student after that. An end that is years away is not yet in the file.
    """
    since = first_day(month_of(birth) + 1)
    end = date(birth.year + 18, 8, 31)
    if end.year > today.year + 1:
        return (span("basic", since),)
    spans = [span("basic", since, end)]
    if studies and end < today:
        spans.append(span("student", end + DAY, date(today.year + (today.month > 9), 9, 30)))
    return tuple(spans)


def social_spans(years: int, today: date) -> tuple[Span, ...]:
    """The social supplement, decided each year from 1 October to 30 September."""
    current = today.year if today.month >= 10 else today.year - 1
    return tuple(
        span("social", date(year, 10, 1), date(year + 1, 9, 30))
        for year in range(current - years + 1, current + 1)
    )
