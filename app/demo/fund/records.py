"""The lines of the feed, version 1, as values: one class a record.

The contract is app/backoffice/feed.schema.json, and the tests hold every line to it. Fields that
have their default are left out of the line.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

Role = Literal["beneficiary", "other_parent", "guardian"]
EntitlementKind = Literal["basic", "social", "care", "orphan", "foster", "student", "school_leaver"]
PaymentKind = Literal["monthly", "correction", "start", "school_bonus", "childcare"]
PaymentState = Literal["announced", "paid", "returned", "corrected"]
LetterKind = Literal["decision", "request", "information", "statement"]


class Batch(Struct, tag_field="type", tag="batch"):
    """The first line."""

    batch: str
    fund: str
    created: str
    version: int = 1


class End(Struct, tag_field="type", tag="end"):
    """The last line, with the number of lines between."""

    records: int


class Office(Struct, tag_field="type", tag="office", omit_defaults=True):
    """An office of the fund."""

    code: str
    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""


class Party(Struct):
    """Somebody in a dossier."""

    number: str
    role: Role
    given_name: str
    family_name: str


class Entitlement(Struct, omit_defaults=True):
    """A period of entitlement."""

    kind: EntitlementKind
    since: str = field(name="from")
    until: str | None = None


class Child(Struct, omit_defaults=True):
    """A child of a dossier."""

    key: str
    given_name: str
    family_name: str
    birth_date: str
    rank: int
    entitlements: list[Entitlement]
    placed: bool = False
    left_on: str | None = None


class Account(Struct):
    """The bank account of a dossier."""

    iban: str
    holder: str
    bank: str


class Dossier(Struct, tag_field="type", tag="dossier", omit_defaults=True):
    """A whole dossier."""

    number: str
    state: Literal["active", "suspended", "closed"]
    office: str
    language: str
    people: list[Party]
    children: list[Child]
    account: Account | None = None


class Line(Struct, omit_defaults=True):
    """A part of a payment, in cents."""

    component: str
    amount: int
    child: str | None = None


class Payment(Struct, tag_field="type", tag="payment", omit_defaults=True):
    """A payment."""

    reference: str
    dossier: str
    kind: PaymentKind
    period: str
    pay_date: str
    state: PaymentState
    lines: list[Line]
    reason: str = ""
    account: str = ""
    communication: str = ""
    corrects: str = ""


class Pdf(Struct, omit_defaults=True):
    """The document of a letter: beside the feed, or in it."""

    path: str = ""
    base64: str = ""


class Appeal(Struct):
    """How to appeal against a decision."""

    term_days: int
    body: str


class Letter(Struct, tag_field="type", tag="letter", omit_defaults=True):
    """A letter."""

    reference: str
    dossier: str
    kind: LetterKind
    subject: str
    date: str
    pdf: Pdf
    to: str = ""
    answer_by: str = ""
    appeal: Appeal | None = None
    file_manager: str = ""
    references: str = ""


class Message(Struct, tag_field="type", tag="message", omit_defaults=True):
    """A message."""

    reference: str
    dossier: str
    subject: str
    date: str
    body: str
    to: str = ""


class Withdrawal(Struct, tag_field="type", tag="withdrawal"):
    """Takes back what was sent."""

    of: Literal["payment", "letter", "message"]
    reference: str


Record = Batch | End | Office | Dossier | Payment | Letter | Message | Withdrawal
