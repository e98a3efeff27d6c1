"""Payments in plain Dutch: names, explanations and reasons, ready to be translated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.lists import format_list

from app.payments.difference import AGE_STEPS, Cause, Reason
from app.payments.lateness import is_overdue
from app.payments.models import Component, PaymentKind, PaymentState
from app.payments.queries import PaidChild, PaymentRow
from app.web.formats import LOCALES, long_date, month
from app.web.i18n import catalogue, lazy

STATE_WORDS = {
    PaymentState.ANNOUNCED: lazy("Aangekondigd"),
    PaymentState.PAID: lazy("Betaald"),
    PaymentState.RETURNED: lazy("Teruggekeerd"),
    PaymentState.CORRECTED: lazy("Gecorrigeerd"),
}
_LATE_WORD = lazy("Te laat")
STATE_TONES = {
    PaymentState.ANNOUNCED: "new",
    PaymentState.PAID: "ok",
    PaymentState.RETURNED: "alert",
    PaymentState.CORRECTED: "wait",
}

KINDS = {
    PaymentKind.MONTHLY: lazy("Kinderbijslag"),
    PaymentKind.CORRECTION: lazy("Correctie"),
    PaymentKind.START: lazy("Startbedrag"),
    PaymentKind.SCHOOL_BONUS: lazy("Schoolbonus"),
    PaymentKind.CHILDCARE: lazy("Kinderopvangtoeslag"),
}

_TITLES = {
    PaymentKind.MONTHLY: lazy("Kinderbijslag %(month)s"),
    PaymentKind.CORRECTION: lazy("Correctie voor %(month)s"),
    PaymentKind.START: lazy("Startbedrag %(month)s"),
    PaymentKind.SCHOOL_BONUS: lazy("Schoolbonus %(year)s"),
    PaymentKind.CHILDCARE: lazy("Kinderopvangtoeslag %(month)s"),
}

COMPONENT_WORDS = {
    Component.BASIC: lazy("Basisbedrag"),
    Component.RANK: lazy("Basisbedrag volgens rang"),
    Component.AGE: lazy("Leeftijdstoeslag"),
    Component.SOCIAL: lazy("Sociale toeslag"),
    Component.CARE: lazy("Zorgtoeslag"),
    Component.ORPHAN: lazy("Wezentoeslag"),
    Component.FOSTER: lazy("Pleegzorgtoeslag"),
    Component.START: lazy("Startbedrag"),
    Component.SCHOOL_BONUS: lazy("Schoolbonus"),
    Component.TODDLER: lazy("Kleutertoeslag"),
    Component.CHILDCARE: lazy("Kinderopvangtoeslag"),
    Component.CORRECTION: lazy("Correctie"),
    Component.RECOVERY: lazy("Terugvordering"),
}

COMPONENT_HELP = {
    Component.BASIC: lazy(
        "Het vaste bedrag dat u elke maand voor een kind krijgt. Voor elk kind dat vanaf 2019 "
        "geboren is, is het even hoog."
    ),
    Component.RANK: lazy(
        "Voor een kind dat vóór 2019 geboren is, hangt het basisbedrag af van zijn plaats in het "
        "gezin: het eerste, het tweede, of een volgend kind."
    ),
    Component.AGE: lazy(
        "Een toeslag voor kinderen die vóór 2019 geboren zijn. Hij stijgt als het kind 6, 12 en "
        "18 jaar wordt."
    ),
    Component.SOCIAL: lazy(
        "Een toeslag voor gezinnen met een lager inkomen. Het bedrag hangt af van uw inkomen en "
        "van het aantal kinderen. De toeslag loopt telkens van 1 oktober tot 30 september."
    ),
    Component.CARE: lazy("Een toeslag voor een kind dat extra zorg nodig heeft."),
    Component.ORPHAN: lazy(
        "Een toeslag voor een kind van wie een ouder of beide ouders overleden."
    ),
    Component.FOSTER: lazy("Een toeslag voor een kind dat bij een pleeggezin woont."),
    Component.START: lazy("Een bedrag dat u één keer krijgt, bij de geboorte of de adoptie."),
    Component.SCHOOL_BONUS: lazy(
        "Een bedrag dat u één keer per jaar krijgt. Het hangt af van de leeftijd van het kind."
    ),
    Component.TODDLER: lazy("Een toeslag voor kinderen van 3 en 4 jaar."),
    Component.CHILDCARE: lazy("Een toeslag voor elke dag dat uw kind naar de kinderopvang ging."),
    Component.CORRECTION: lazy(
        "Wij rekenden een vroegere betaling opnieuw uit. Dit is het verschil: het komt erbij, of "
        "het gaat eraf als er een minteken voor staat."
    ),
    Component.RECOVERY: lazy(
        "U kreeg vroeger te veel. Dat houden wij in op uw betaling. In de brief daarover staan het "
        "bedrag, de berekening en wat u kunt doen als het te zwaar is."
    ),
}

_REASONS = {
    Cause.INDEX: lazy("Alle bedragen stegen met de index: ongeveer %(percent)s%%."),
    Cause.BIRTHDAY: lazy("%(names)s werd %(age)s jaar: de leeftijdstoeslag is nu hoger."),
    Cause.BEGAN: lazy("%(what)s kwam erbij."),
    Cause.ENDED: lazy("%(what)s viel weg."),
    Cause.CHANGED: lazy("%(what)s veranderde."),
    Cause.RANK: lazy("De plaats in het gezin veranderde voor %(names)s."),
    Cause.JOINED: lazy("%(names)s telt voor het eerst mee in deze betaling."),
    Cause.LEFT: lazy("%(names)s telt niet meer mee in deze betaling."),
    Cause.ONCE: lazy("%(what)s zit in deze betaling."),
    Cause.ONCE_BEFORE: lazy("%(what)s zat alleen in de vorige betaling."),
    Cause.ONCE_CHANGED: lazy("%(what)s is een ander bedrag dan vorige keer."),
    Cause.OTHER: lazy("Een andere wijziging."),
}
_BIRTHDAY_OF_MANY = lazy("%(names)s werden %(age)s jaar: de leeftijdstoeslag is nu hoger.")
_TODDLER_BEGAN = lazy("%(names)s werd %(age)s jaar en krijgt kleutertoeslag.")
_TODDLERS_BEGAN = lazy("%(names)s werden %(age)s jaar en krijgen kleutertoeslag.")
_TODDLER_ENDED = lazy("%(names)s werd %(age)s jaar: de kleutertoeslag stopte.")
_TODDLERS_ENDED = lazy("%(names)s werden %(age)s jaar: de kleutertoeslag stopte.")
_LEFT_ON = lazy("%(names)s verliet het dossier op %(day)s.")
_LEFT_ADULT = lazy(
    "%(names)s telt niet meer mee in deze betaling. Vanaf 18 jaar betalen wij alleen voor wie "
    "studeert of werk zoekt."
)
_BECAUSE_OF_FAMILY = lazy("Dat komt doordat het aantal kinderen in het dossier veranderde.")
_FOR_WHOM = lazy("%(component)s voor %(names)s")


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A reason as a sentence, and the cents it explains."""

    text: str
    cents: int


@lru_cache(maxsize=2_048)
def payment_title(kind: PaymentKind, period: date, language: str = "nl") -> str:
    """What a payment is for: ``Kinderbijslag oktober 2026``."""
    text = catalogue(language).gettext(_TITLES[kind])
    return text % {"month": month(period, language), "year": period.year}


@lru_cache(maxsize=64)
def state_tag(state: PaymentState, overdue: bool, language: str = "nl") -> tuple[str, str]:
    """How far a payment has come, in a word with its tone; ``overdue``: it is late."""
    if overdue:
        return catalogue(language).gettext(_LATE_WORD), "alert"
    return catalogue(language).gettext(STATE_WORDS[state]), STATE_TONES[state]


def tag_of(payment: PaymentRow, today: date, language: str = "nl") -> tuple[str, str]:
    """How far this payment has come today, in a word with its tone."""
    return state_tag(payment.state, is_overdue(payment, today), language)


@lru_cache(maxsize=64)
def component_word(component: Component, language: str = "nl") -> str:
    """The name of a component."""
    return catalogue(language).gettext(COMPONENT_WORDS[component])


def component_help(component: Component, language: str = "nl") -> str:
    """What a component is, in a sentence or two."""
    return catalogue(language).gettext(COMPONENT_HELP[component])


def names_of(children: Sequence[PaidChild], language: str = "nl") -> str:
    """``Emma, Noah en Lina``."""
    return format_list([child.name for child in children], locale=LOCALES[language])


def reason_text(reason: Reason, period: date, language: str = "nl") -> ReasonText:
    """A reason as a parent reads it; ``period`` is the month of the newer payment."""
    gettext = catalogue(language).gettext
    names = names_of(reason.children, language)
    what = component_word(reason.component, language) if reason.component else ""
    if names:
        what = gettext(_FOR_WHOM) % {"component": what, "names": names}
    text = gettext(_sentence(reason, period)) % {
        "names": names,
        "what": what,
        "age": reason.age,
        "percent": _tenths(reason.tenths or 0, language),
        "day": _left_on(reason, language),
    }
    if reason.with_family:
        text = f"{text} {gettext(_BECAUSE_OF_FAMILY)}"
    return ReasonText(text, reason.cents)


def _sentence(reason: Reason, period: date) -> str:
    many = len(reason.children) > 1
    if reason.component is Component.TODDLER and reason.age is not None:
        if reason.cause is Cause.BEGAN:
            return _TODDLERS_BEGAN if many else _TODDLER_BEGAN
        return _TODDLERS_ENDED if many else _TODDLER_ENDED
    if reason.cause is Cause.BIRTHDAY and many:
        return _BIRTHDAY_OF_MANY
    if reason.cause is Cause.LEFT:
        child = reason.children[0]
        if child.left_on is not None:
            return _LEFT_ON
        if period.year - child.birth_date.year >= AGE_STEPS[-1]:
            return _LEFT_ADULT
    return _REASONS[reason.cause]


def _left_on(reason: Reason, language: str) -> str:
    day = reason.children[0].left_on if len(reason.children) == 1 else None
    return long_date(day, language) if day else ""


def _tenths(tenths: int, language: str) -> str:
    separator = "." if language == "en" else ","
    return f"{tenths // 10}{separator}{tenths % 10}"
