"""What an alert says: little by default, because a lock screen is read by everybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.notifications.facts import Item, Message
from app.notifications.models import Kind
from app.web.formats import LOCALES, long_date, money
from app.web.i18n import DEFAULT_LANGUAGE, catalogue, lazy

RETURNED = "returned"
NEW = "new"

_TITLES: dict[Kind, str] = {
    Kind.PAYMENT: lazy("Er is een nieuwe betaling"),
    Kind.LETTER: lazy("Er is een nieuwe brief"),
    Kind.MESSAGE: lazy("Er is een nieuw bericht"),
    Kind.FORM: lazy("Er is nieuws over uw formulier"),
    Kind.SECURITY: lazy("Er is iets gewijzigd in uw profiel"),
}
_RETURNED = lazy("Een betaling kwam terug")
_REMINDER = lazy("Er wacht een belangrijke brief op u")
_SEVERAL = lazy("Er is nieuws over uw kinderbijslag")
_OPEN = lazy("Open het portaal om dit te bekijken.")


@dataclass(frozen=True, slots=True)
class Words:
    """Title, text and the path that a tap leads to."""

    title: str
    body: str
    path: str


def path_of(item: Item) -> str:
    """Where the portal shows what an item is about."""
    if item.kind is Kind.PAYMENT:
        return f"/betaling/{item.subject_id}"
    if item.kind in {Kind.LETTER, Kind.MESSAGE}:
        return f"/brieven/{item.subject_id}"
    return "/profiel"


def is_returned(item: Item) -> bool:
    """Whether a payment came back."""
    return item.payment is not None and item.payment.state == RETURNED


def is_reminder(item: Item) -> bool:
    """Whether a letter was announced before and is still unread."""
    return item.kind is Kind.LETTER and item.event != NEW


def leading(message: Message) -> Item:
    """The item that says how urgent a message is: security first, then letters."""
    order = (Kind.SECURITY, Kind.LETTER, Kind.MESSAGE, Kind.FORM, Kind.PAYMENT)
    return min(message.items, key=lambda item: order.index(item.kind))


def counts(message: Message) -> list[tuple[Kind, int, int]]:
    """Of each kind how many, and the cents of the payments among them."""
    number = Counter(item.kind for item in message.items)
    cents = sum(item.payment.total_cents for item in message.items if item.payment)
    return [(kind, many, cents if kind is Kind.PAYMENT else 0) for kind, many in number.items()]


def words_of(message: Message) -> Words:
    """What a push message says, in the language of who gets it."""
    language = message.recipient.language
    gettext = catalogue(language).gettext
    if len(message.items) > 1:
        return Words(gettext(_SEVERAL), gettext(_OPEN), "/overzicht")
    item = message.items[0]
    if is_returned(item):
        return Words(gettext(_RETURNED), gettext(_OPEN), path_of(item))
    if is_reminder(item):
        return Words(gettext(_REMINDER), gettext(_OPEN), path_of(item))
    body = gettext(_OPEN)
    if item.payment is not None and message.recipient.show_amounts:
        spoken = language if language in LOCALES else DEFAULT_LANGUAGE
        amount = money(item.payment.total_cents, spoken)
        body = f"{amount}, {long_date(item.payment.pay_date, spoken)}"
    return Words(gettext(_TITLES[item.kind]), body, path_of(item))
