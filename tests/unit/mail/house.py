"""A fund that writes, a reader, and something to say for every kind of e-mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from app.mail.message import Envelope, House
from app.settings import Fund

BASE = "https://portaal.devlier.example"
NOW = datetime(2026, 11, 23, 19, 15, tzinfo=UTC)
HOUSE = House(
    fund=Fund(
        name="Kinderbijslagfonds De Vlier",
        phone="09 000 00 00",
        email="hallo@devlier.example",
        website="",
        address="Vlierstraat 1, 9000 Gent",
        token_name="persoonlijke code (token)",
    ),
    base_url=BASE,
    sender="meldingen@devlier.example",
    reply_to="hallo@devlier.example",
    keys=("k" * 40,),
)
ENVELOPE = Envelope(
    to="sofie@voorbeeld.example",
    number=1234,
    sent_at=NOW,
    name="Sofie Peeters",
    phrase="De kat van oma heet Mozart",
)
AMOUNT = 41230
UNSUBSCRIBE = f"{BASE}/meldingen/afmelden/{'abcDEF0123-_.' * 12}"


@dataclass(frozen=True)
class Item:
    """One line of a summary."""

    kind: str
    count: int
    amount: int | None = None


CONTEXTS: dict[str, dict[str, object]] = {
    "payment": {
        "url": f"{BASE}/betalingen/12",
        "amount": AMOUNT,
        "pay_date": date(2026, 12, 8),
        "returned": False,
    },
    "letter": {
        "url": f"{BASE}/brieven/7",
        "decision": True,
        "answer_by": date(2026, 12, 15),
        "reminder": False,
        "on_paper_from": None,
    },
    "message": {"url": f"{BASE}/brieven/8"},
    "form": {"url": f"{BASE}/formulieren/9"},
    "security": {
        "url": f"{BASE}/profiel",
        "event": "new_device",
        "at": NOW,
        "device": "Firefox op Windows",
    },
    "summary": {
        "url": f"{BASE}/overzicht",
        "items": [
            Item("payment", 1, AMOUNT),
            Item("letter", 2),
            Item("message", 1),
            Item("form", 3),
            Item("security", 1),
        ],
    },
    "verification": {"url": f"{BASE}/profiel/e-mail/abc", "expires_at": NOW},
    "address-changed": {
        "url": f"{BASE}/profiel",
        "at": NOW,
        "new_address": "s•••@elders.example",
    },
}


def to(address: str, number: int = 1234) -> Envelope:
    """An envelope to somebody else."""
    return replace(ENVELOPE, to=address, number=number)


__all__ = ["AMOUNT", "BASE", "CONTEXTS", "ENVELOPE", "HOUSE", "NOW", "UNSUBSCRIBE", "Item", "to"]
