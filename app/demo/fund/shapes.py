"""Families of all shapes, thrown with the dice of a seed.

The first ones take the shapes in turn, so that a small fund has every shape; after that each
comes as often as its weight says. One family may have two dossiers (a parent in both).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Literal

from app.demo.fund.amounts import GROEIPAKKET
from app.demo.fund.cast import FIRST_FREE, cast_families
from app.demo.fund.family import (
    Adult,
    BankAccount,
    Corrected,
    Event,
    Family,
    Kid,
    Late,
    Recovery,
    Returned,
    Span,
    Window,
    social_spans,
    span,
    standing_spans,
)
from app.demo.fund.months import first_day, month_of
from app.demo.fund.names import ORIGINS, PLACES, STREETS, Origin
from app.demo.fund.numbers import BANKS, chance, iban, parent_number
from app.demo.fund.records import Role

Shape = Literal[
    "couple", "single", "apart", "twins", "foster", "guardian", "care", "student", "bis", "blended"
]
SHAPES: tuple[Shape, ...] = (
    "couple",
    "single",
    "apart",
    "twins",
    "foster",
    "guardian",
    "care",
    "student",
    "bis",
    "blended",
)
_WEIGHTS = tuple(accumulate((44, 16, 14, 3, 2, 1, 5, 8, 4, 3)))
_ORIGIN_WEIGHTS = tuple(accumulate(origin.weight for origin in ORIGINS))
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class _Parent:
    adult: Adult
    birth: date
    origin: Origin


class _Maker:
    """Makes one family: holds its dice, its place in the row, and the window."""

    def __init__(self, seed: int, index: int, window: Window) -> None:
        self.dice = chance(seed, index)
        self.index = index
        self.window = window
        self.today = window.today
        self._parents = 0
        self._given: list[str] = []

    def families(self) -> tuple[Family, ...]:
        """The dossiers of this family: one, or two when a parent is in both."""
        shape: Shape = (
            SHAPES[self.index]
            if self.index < len(SHAPES)
            else self.dice.choices(SHAPES, cum_weights=_WEIGHTS)[0]
        )
        first = self._parent(bis=shape == "bis" or self.dice.random() < 0.03)
        if shape == "guardian":
            return (self._guardian(first),)
        if shape == "foster":
            return (self._foster(first),)
        family = self._with_parents(shape, first)
        if shape != "blended":
            return (family,)
        other = self._with_parents("apart", self._parent())
        shared = replace(first.adult, role="other_parent")
        return family, replace(other, adults=(other.adults[0], shared))

    # People

    def _parent(self, *, bis: bool = False, beside: _Parent | None = None) -> _Parent:
        dice = self.dice
        sex = "f" if beside is None or dice.random() < 0.04 else "m"
        if beside is None or dice.random() < 0.2:
            origin = dice.choices(ORIGINS, cum_weights=_ORIGIN_WEIGHTS)[0]
        else:
            origin = beside.origin
        birth, number = parent_number(4 * self.index + self._parents, sex, bis=bis)
        self._parents += 1
        given = dice.choice(origin.women if sex == "f" else origin.men)
        role: Role = "beneficiary" if beside is None else "other_parent"
        return _Parent(Adult(number, given, dice.choice(origin.family), role), birth, origin)

    def _births(self, parent: _Parent, count: int) -> list[date]:
        """Days of birth, eldest first, none in the future and none over 24 years ago."""
        age = (self.today - parent.birth).days
        oldest = int(min(21 * _YEAR, max(age - 21 * _YEAR, 90)))
        births = [self.today - timedelta(days=self.dice.randint(20 + oldest // 4, oldest + 20))]
        for _ in range(count - 1):
            following = births[-1] + timedelta(days=self.dice.randint(500, 1700))
            if following >= self.today - timedelta(days=20):
                break
            births.append(following)
        return births

    def _kid(self, place: int, birth: date, origin: Origin, family_name: str) -> Kid:
        dice = self.dice
        studies = dice.random() < 0.8
        spans = standing_spans(birth, self.today, studies=studies)
        grown = date(birth.year + 18, 8, 31)
        return Kid(
            key=f"k{place}",
            given_name=self._name_for_kid(origin),
            family_name=family_name,
            birth=birth,
            spans=spans,
            left_on=None if studies or grown >= self.today else grown,
            childcare_days=dice.choice((0, 0, 8, 12, 16)),
        )

    def _name_for_kid(self, origin: Origin) -> str:
        """A name that no brother or sister has."""
        free = [name for name in origin.women + origin.men if name not in self._given]
        self._given.append(self.dice.choice(free))
        return self._given[-1]

    def _kids(self, shape: Shape, parent: _Parent, family_name: str) -> tuple[Kid, ...]:
        births = self._births(parent, self.dice.choice((1, 1, 2, 2, 2, 3, 3, 4)))
        if shape == "twins":
            births = [births[0], *births]
        elif shape == "student":
            months = self.dice.randint(228, 239)  # nineteen years old
            births = [first_day(month_of(self.today) - months) + timedelta(days=9)]
        kids = [
            self._kid(place, birth, parent.origin, family_name)
            for place, birth in enumerate(births, start=1)
        ]
        if shape == "student":
            spans = standing_spans(births[0], self.today, studies=True)
            kids = [replace(kids[0], spans=spans, left_on=None)]
        if shape == "care":
            since = max(self.window.first, month_of(births[-1]) + 1)
            since = self.dice.randint(since, max(since, self.window.last))
            care = span("care", first_day(since))
            kids[-1] = replace(kids[-1], spans=(*kids[-1].spans, care))
        return tuple(kids)

    # Dossiers

    def _with_parents(self, shape: Shape, first: _Parent) -> Family:
        dice = self.dice
        adults = [first.adult]
        family_name = first.adult.family_name
        if shape not in ("single", "bis"):
            second = self._parent(beside=first)
            adults.append(second.adult)
            family_name = second.adult.family_name
        kids = self._kids(shape, first, family_name)
        social = dice.random() < (0.45 if len(adults) == 1 else 0.15)
        if social:
            years = social_spans(dice.randint(1, 4), self.today)
            if dice.random() < 0.3:
                years = years[:-1]  # it was not granted again last October
            kids = tuple(replace(kid, spans=(*kid.spans, *_during(kid, years))) for kid in kids)
        family = self._family(adults, kids, apart=shape in ("apart", "blended"))
        return replace(family, low_income=social and dice.random() < 0.8)

    def _foster(self, parent: _Parent) -> Family:
        """Foster parents with a placed child that came some months or years ago."""
        partner = replace(self._parent(beside=parent).adult, role="beneficiary")
        origin = self.dice.choices(ORIGINS, cum_weights=_ORIGIN_WEIGHTS)[0]
        birth = self.today - timedelta(days=self.dice.randint(800, 5500))
        kid = self._kid(1, birth, origin, self.dice.choice(origin.family))
        came = first_day(month_of(self.today) - self.dice.randint(4, 22))
        spans = (*standing_spans(birth, self.today, studies=True), span("foster", came))
        kid = replace(kid, spans=spans, placed=True, left_on=None)
        return self._family([parent.adult, partner], (kid,))

    def _guardian(self, guardian: _Parent) -> Family:
        """A guardian with an orphan of another name."""
        origin = guardian.origin
        birth = self.today - timedelta(days=self.dice.randint(1500, 5500))
        kid = self._kid(1, birth, origin, self.dice.choice(origin.family))
        since = first_day(month_of(birth) + self.dice.randint(12, 40))
        spans = (*standing_spans(birth, self.today, studies=True), span("orphan", since))
        kid = replace(kid, spans=spans, left_on=None)
        return self._family([replace(guardian.adult, role="guardian")], (kid,))

    def _family(self, adults: list[Adult], kids: tuple[Kid, ...], *, apart: bool = False) -> Family:
        dice = self.dice
        postal_code, town, office = dice.choice(PLACES)
        code, bank = dice.choice(BANKS)
        family = Family(
            number="",
            serial=0,
            office=office,
            adults=tuple(adults),
            kids=kids,
            account=BankAccount(iban(code, dice.randrange(10**7)), adults[0].name, bank),
            address=(f"{dice.choice(STREETS)} {dice.randint(1, 180)}", f"{postal_code} {town}"),
            apart=apart,
            language=dice.choice(("nl",) * 17 + ("fr", "fr", "en")),
            events=self._events(kids),
        )
        return _ending(family, dice, self.window)

    def _events(self, kids: tuple[Kid, ...]) -> tuple[Event, ...]:
        """What went wrong once, in a month of the window that is long enough ago."""
        dice, window = self.dice, self.window
        throw = dice.random()
        if throw >= 0.12 or window.last - window.first < 6:
            return ()
        month = dice.randint(window.first + 1, window.last - 4)
        if throw < 0.03:
            return (Returned(month, iban(dice.choice(BANKS)[0], dice.randrange(10**7))),)
        if throw < 0.07:
            kid = kids[-1]
            component = "rank" if month_of(kid.birth) < GROEIPAKKET else "basic"
            return (Corrected(month, kid.key, component, f"het bedrag voor {kid.given_name}"),)
        if throw < 0.09:
            return (Late(month, 8, "Later betaald: uw nieuwe rekening moest nagekeken worden."),)
        parts = dice.choice((1, 2, 3, 4))
        cents = parts * dice.choice((25_00, 40_00, 51_50))
        return (Recovery(month, parts, cents, "de sociale toeslag werd te lang betaald"),)


def _during(kid: Kid, years: tuple[Span, ...]) -> tuple[Span, ...]:
    """The years of a supplement that a child was there for; the first from its first month on."""
    since = kid.spans[0].since
    return tuple(
        year if year.since >= since else span(year.kind, since, year.until)
        for year in years
        if year.until is not None and year.until > since
    )


def _ending(family: Family, dice: Random, window: Window) -> Family:
    """Few dossiers are suspended or closed; without a child left they are always closed."""
    still = any(kid.left_on is None for kid in family.kids)
    throw = dice.random()
    if not still:
        return replace(family, state="closed")
    if throw < 0.02:
        return replace(family, state="closed", paid_until=window.last - dice.randint(2, 9))
    if throw < 0.03:
        return replace(family, state="suspended", paid_until=window.last - 2)
    return family


def families(count: int, seed: int, window: Window) -> Iterator[Family]:
    """The dossiers of the fund: the cast first, then others until there are ``count``.

    The cast is always whole, also when ``count`` is smaller.
    """
    cast = cast_families(window.today)
    yield from cast
    made, index = len(cast), 0
    while made < count:
        for family in _Maker(seed, index, window).families()[: count - made]:
            number = FIRST_FREE + made - len(cast)
            yield replace(family, number=f"DV-{number}", serial=made + 1)
            made += 1
        index += 1
